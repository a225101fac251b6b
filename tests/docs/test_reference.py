"""The language reference is complete: every key, leaf, kind of event, finding, reason and field of a result is in it.

Tables that are written from declarations hold what would be written now; `python -m tests.docs.tables` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from interlock.engine import (
    DutyState,
    Question,
    decide,
    decision_to_json,
    duties,
    duties_to_json,
    replay,
    replay_to_json,
    terms,
    terms_to_json,
)
from interlock.engine import _terms as terms_
from interlock.policy._condition_forms import FORMS
from interlock.policy._forms import BINDINGS, MODALITIES, Form
from interlock.policy._leaf_forms import FRESH, LEAF_FORMS, OF, WITHIN_LAST
from interlock.policy._model import Burden, Carries, Presumption
from interlock.record import EVENT_KINDS
from interlock.terms import ACTIONS, HAZARDS, PeriodUnit, parse_instant
from interlock.terms._quantities import _WORDS
from tests.docs.answers import events_of, events_stated
from tests.docs.fences import fences_of
from tests.docs.frame import REPOSITORY, completed
from tests.docs.pages import DOCS, PAGES, conditions_in
from tests.docs.tables import TABLES, forms, marked, written

REFERENCE = DOCS / "reference" / "language"
SOURCE = REPOSITORY / "src" / "interlock"


@cache
def text_of(name: str) -> str:
    """Return a page of the reference."""
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def lacking(words: Iterable[str], text: str) -> list[str]:
    """Return the words that do not stand in the text as code: in backticks, alone or with others."""
    code = set(re.findall(r"[\w.%-]+", " ".join(re.findall(r"`([^`\n]+)`", text))))
    return sorted(set(words) - code)


def sources(*folders: str) -> str:
    """Return the program text of some packages."""
    return "\n".join(
        path.read_text(encoding="utf-8") for name in folders for path in sorted((SOURCE / name).glob("*.py"))
    )


# Tables


@pytest.mark.parametrize(
    "page", [page for page in PAGES if marked(page.read_text(encoding="utf-8"))], ids=lambda p: p.stem
)
def test_a_generated_table_is_up_to_date(page: Path) -> None:
    """If this fails run `.venv/bin/python -m tests.docs.tables`."""
    text = page.read_text(encoding="utf-8")
    assert written(text) == text


def test_every_table_stands_on_some_page() -> None:
    tables = [name for page in PAGES for name in marked(page.read_text(encoding="utf-8"))]
    assert sorted(tables) == sorted(TABLES)
    assert len(tables) > 25


# Policy files


def test_every_key_of_a_policy_file_stands_in_an_example_that_is_decoded() -> None:
    """A key table alone shows no use: each key is also written in some part of a policy that decodes."""
    examples = "\n".join(fence.text for page in PAGES for fence in fences_of(page) if fence.kind == "yaml policy")
    examples += (REFERENCE / "frame.yaml").read_text(encoding="utf-8")
    used = set(re.findall(r"([a-z][a-z-]*):", examples))
    keys = {key.name for keys in forms().values() for key in keys}
    assert len(keys) > 70
    assert sorted(keys - used - _WITHOUT_EXAMPLE) == []


_WITHOUT_EXAMPLE = {"sha256", "mark", "sequential"}


def test_every_closed_word_of_a_policy_file_is_named() -> None:
    closed = {*ACTIONS, *HAZARDS, *MODALITIES, *BINDINGS}
    closed |= {member.value for enum in (Burden, Presumption, Carries) for member in enum}
    told = "".join(text_of(name) for name in ("policy-file", "decisions", "evidence"))
    named = set(re.findall(r"[\w.%-]+", told))
    assert sorted(closed - named) == []


def test_every_unit_is_named() -> None:
    plurals = {f"{word}s" for word in _WORDS}
    assert lacking([word for word in _WORDS if word not in plurals], text_of("policy-file")) == []
    units = {word for unit in PeriodUnit for word in f"{unit.value}s".split()}
    assert lacking(units, text_of("policy-file")) == []


# Conditions


def test_every_condition_has_an_example_that_is_decoded() -> None:
    fences = [fence for page in REFERENCE.glob("*.md") for fence in fences_of(page)]
    texts = [c for fence in fences if fence.kind == "yaml condition" for c in conditions_in(fence.text)]
    texts += [fence.text for fence in fences if fence.kind == "yaml policy"]
    used = {word for text in texts for word in re.findall(r"\{([a-z-]+):", text)}
    assert len(FORMS) > 24
    assert sorted(FORMS.keys() - used) == []


def test_every_key_beside_a_leaf_is_named() -> None:
    keys = {name for form in LEAF_FORMS.values() if isinstance(form, Form) for name in form.declared}
    keys |= {key.name for key in (OF, FRESH, WITHIN_LAST)}
    named = set(re.findall(r"[\w-]+", text_of("conditions")))
    assert len(keys) > 30
    assert sorted(keys - named) == []


def test_every_reason_is_named() -> None:
    """Reasons are found in the engine's own text, where they are written out."""
    text = sources("engine")
    reasons = set(re.findall(r'(?:reason|trouble|reason, value)[ ]?=[ ]?"([a-z-]+)"', text))
    reasons |= set(re.findall(r'(?:return|else|Truth\.[A-Z]+,) "([a-z-]+)"(?: if .*)?$', text, re.MULTILINE))
    assert {"missing", "stale", "under-elicited", "asserted", "displaced", "does-not-reach", "wrong-role"} <= reasons
    told = "".join(text_of(name) for name in ("conditions", "evidence", "decisions", "clocks-and-duties"))
    assert lacking(reasons - STEPS_OF_GOALS, told) == []


STEPS_OF_GOALS = {"amended", "graded", "revised"}
"""Written as reasons are, and none: `test_every_field…` asks for them."""


# Events


def test_every_kind_of_event_has_an_example_that_is_read() -> None:
    shown = {event.kind for fence in fences_of(REFERENCE / "events.md") if fence.kind == "yaml events"
             for event in events_of(fence.text)}  # fmt: skip
    assert sorted(EVENT_KINDS.keys() - shown) == []


def test_every_field_of_an_event_is_named() -> None:
    assert lacking({field for fields in EVENT_KINDS.values() for field in fields}, text_of("events")) == []


# Decisions and results


def test_every_finding_of_the_engine_is_in_the_table_and_no_other() -> None:
    text = sources("engine")
    found = set(re.findall(r'Finding\(\s*"([a-z-]+)"', text))
    found |= set(re.findall(r'"(unit-mismatch|wrong-statistic)"', sources("assessment")))
    found |= set(re.findall(r'"(goal-revised(?:-after-its-day)?)"', text))  # chosen before they are built
    table = text_of("decisions").partition("## Findings")[2]
    assert len(found) > 12
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == sorted(found)


def test_every_field_of_a_decision_is_named() -> None:
    policy = completed("").decode()
    text = fences_of(REFERENCE / "decisions.md")
    events = events_of(next(fence.text for fence in text if "document.approved" in fence.text))
    shown = []
    for day in ("2026-03-01", "2026-06-01"):
        decision = decide([policy], events, Question(model="halcyon-1", action="train", as_of=parse_instant(day)))
        shown.append(decision_to_json(decision, engine="docs"))
    fields = set(_keys(shown)) | {
        "margin",
        "observed",
        "lower",
        "upper",
        "confidence",
        "comparator",
        "bound",
        "policies",
    }
    assert len(fields) > 40
    named = set(re.findall(r"\w+", text_of("results")))
    assert sorted(fields - named) == []


DUE = """\
restrictions:
  hold-training: {forbids: [train], when: {judged: capable, by: rso}}
duties:
  assess: {must: assess dangerous capabilities, for: each model, every: {growth: 4x, time: 1 month}}
pledges:
  two-keys: {maintain: {attested: two-party-control}}
"""
GOALS_AND_WORDS = """\
goals:
  security-level-4: {by: 2026-03-01, graded-by: rso}
terms:
  word: {readings: {one: {event: training.started}, other: {judged: capable, by: rso}}}
duties:
  report: {must: report, for: each model, when: {term: word}, within: 1 day}
restrictions:
  hold-storing: {forbids: [store], when: {term: word}}
"""
RULED = """\
- {event: term.ruled, occurred: 2026-02-11T00:00:00Z, subject: {model: halcyon-1},
   data: {term: word, reading: one, reason: minute 1}}
"""
LOOSER = 'version: "2"\neffective: 2026-03-01\n'
STARTED = "- {event: training.started, occurred: 2026-02-10T00:00:00Z, subject: {model: halcyon-1}}\n"


def test_every_field_of_duties_and_of_a_replay_is_named() -> None:
    policies, events, day = [completed(DUE).decode()], events_of(STARTED), parse_instant("2026-04-01")
    shown = duties_to_json(duties(policies, events, day), engine="docs")
    replayed = replay_to_json(replay([*policies, completed(LOOSER).decode()], events, day), engine="docs")
    lists = [shown["duties"], shown["pledges"], *(replayed[name] for name in ("history", "holds", "breaches"))]
    assert all(lists), "a list without entries shows no fields"
    fields = {*_keys(shown), *_keys(replayed)}
    assert len(fields) > 50
    assert sorted(fields - set(re.findall(r"\w+", text_of("results")))) == []


def test_every_field_of_goals_readings_and_terms_is_named() -> None:
    policies, events, day = [completed(GOALS_AND_WORDS).decode()], events_of(STARTED), parse_instant("2026-04-01")
    question = Question(model="halcyon-1", action="store", as_of=day)
    ruled = (*events, *events_stated(RULED))
    decided = decision_to_json(decide(policies, ruled, question), engine="docs")
    listed = terms_to_json(terms(policies, ruled, day), engine="docs")
    report = duties_to_json(duties(policies, events, day), engine="docs")
    replayed = replay_to_json(replay(policies, events, day), engine="docs")
    (word,) = [term for term in listed["terms"] if term["readings"]]
    lists = [decided["readings"], report["goals"], report["readings"], replayed["readings"], word["rulings"]]
    assert all(lists), "a list without entries shows no fields"
    fields = {field for shown in (decided, listed, report, replayed) for field in _keys(shown)}
    assert {"cuts", "ruling", "history", "would_be", "only_here", "favours"} <= fields
    assert sorted(fields - set(re.findall(r"\w+", text_of("results")))) == []
    assert lacking({*STEPS_OF_GOALS, "set", "ungraded"}, text_of("results") + text_of("words")) == []


def test_every_state_of_a_ruling_and_whom_it_favours_is_named() -> None:
    told = text_of("results").partition("## Terms")[2]
    states = {terms_.BINDS, terms_.SUPERSEDED, terms_.SET_ASIDE, terms_.UNKNOWN_READING, terms_.WITHOUT_EFFECT}
    favoured = {terms_.DEVELOPER, terms_.RESTRICTION, terms_.BOTH, terms_.NOTHING}
    assert [word for word in states | favoured if f"`{word}`" not in told] == []


def test_every_state_of_a_duty_and_every_kind_of_departure_is_in_its_table() -> None:
    def rows(page: str, heading: str) -> list[str]:
        table = re.search(rf"^## {heading}\n.*?\n((?:\|[^\n]*\n)+)", text_of(page), re.MULTILINE | re.DOTALL)
        assert table is not None
        return re.findall(r"^\| `([a-z-]+)` \|", table[1], re.MULTILINE)

    assert sorted(rows("clocks-and-duties", "States")) == sorted(state.value for state in DutyState)
    departures = set(re.findall(r'kind="([a-z-]+)"|_breach\("([a-z-]+)"', sources("engine")))
    assert sorted(rows("replays", "Departures")) == sorted(one or other for one, other in departures)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from _keys(part)
    elif isinstance(value, list):
        for part in value:
            yield from _keys(part)


def test_every_exit_code_is_told() -> None:
    """The codes are those of the command line's table of exits, and of decisions."""
    from interlock.cli import _exits  # noqa: PLC0415 - the only test of this file that needs the command line

    codes = {value for name, value in vars(_exits).items() if name.isupper() and isinstance(value, int)} | {0, 1, 3, 6}
    table = text_of("results").partition("## Exit codes")[2].partition("\n## ")[0]
    told = {int(number) for row in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE) for number in row.split(",")}
    assert told == codes


# Intake of logs


def test_every_reason_to_refuse_a_log_is_in_the_table_and_no_other() -> None:
    text = sources("evidence", "integrations", "app")
    ids = set(re.findall(r'Finding\(\s*"([a-z-]+)"', text))
    page = (DOCS / "how-to" / "take-in-an-inspect-log.md").read_text(encoding="utf-8")
    refusals = page.partition("## When a log is refused")[2].partition("\n## ")[0]
    findings = page.partition("## What is worth knowing")[2]
    told = {word for row in re.findall(r"^\| (`[^|]+) \|", refusals + findings, re.MULTILINE)
            for word in re.findall(r"`([a-z-]+)`", row)}  # fmt: skip
    assert len(ids) > 25
    assert sorted(told - {"asserted-not-finished", "asserted-unscored"}) == sorted(ids)


# Words


def test_no_page_says_what_the_software_never_says() -> None:
    """Findings are reported; nobody is said to comply. Texts that are encoded speak of it, and so do their items."""
    for page in PAGES:
        is_of_a_text = page.parent in {DOCS / "encodings", DOCS / "quality" / "rereading"}
        said = r"complian(?!ce)|complies" if is_of_a_text else r"complian|complies"
        assert re.search(said, page.read_text(encoding="utf-8"), re.IGNORECASE) is None, page
