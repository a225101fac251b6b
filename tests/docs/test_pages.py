"""Every block of every page is run: parts of policies, events, answers, commands with their output, programs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.docs.answers import events_of
from tests.docs.fences import fences_of
from tests.docs.frame import completed
from tests.docs.pages import PAGES, Reading
from tests.docs.reports import check_duties
from tests.docs.terminal import commands_of, matches


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_what_a_page_shows_is_so(page: Path, tmp_path: Path) -> None:
    Reading(tmp_path).read(page)


def test_there_are_examples_to_run() -> None:
    kinds = Counter(fence.kind for page in PAGES for fence in fences_of(page))
    least = {
        "yaml policy": 20,
        "yaml condition": 15,
        "yaml rejected policy": 4,
        "yaml events": 20,
        "yaml answer": 50,
        "yaml duties": 30,
        "yaml replay": 5,
        "console": 12,
        "python": 2,
    }
    assert {kind: number for kind, number in least.items() if kinds[kind] < number} == {}


def test_a_report_must_list_every_instance_and_what_it_says_must_be_so() -> None:
    policies = [completed("duties:\n  assess: {must: assess, every: {time: 3 months}}\n").decode()]

    def check(entries: str) -> None:
        check_duties(f"as-of: 2026-03-01\nduties: {entries}\n", policies, events_of(""))

    check("[{id: assess, state: not-triggered}]")
    for wrong in ("[]", "[{}]", "[{id: assess, state: open}]", "[{id: assess}, {id: assess}]"):
        with pytest.raises(AssertionError, match="the page says"):
            check(wrong)


def test_a_line_left_out_must_be_marked() -> None:
    printed = "held\nbecause\nuntil\n"
    assert matches("held\n…\nuntil\n", printed)
    assert matches("held\n…\n", printed)
    assert not matches("held\nuntil\n", printed)
    assert not matches("held\nbecause\n", printed)
    assert not matches("he…\n…\n", printed)


def test_a_console_block_begins_with_a_command() -> None:
    with pytest.raises(AssertionError, match="begins with"):
        commands_of("held\n")
