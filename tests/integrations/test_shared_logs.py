"""Every real log at hand, from 2024 to 2026, is read, and is evidence or refused with a reason and an advice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from interlock.evidence import (
    CountingRule,
    EvaluationProtocol,
    EvidenceRefusedError,
    RunStatus,
    UnitPasses,
    summarise,
)
from interlock.integrations import read_inspect_log

RULE = CountingRule(measure="m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a log is to be read as; `passes` and `tries` of its rows, `refused` where it is no evidence."""

    task: str
    rows: int
    status: str = "success"
    passes: int = 0
    refused: tuple[str, ...] = ()


# Read off the files by hand: scores per sample from the records, numbers of samples from the headers.
EXPECTED = {
    "2025-02-11T15-17-00-05-00_popularity_dPiJifoWeEQBrfWsAopzWr.eval": Expected(
        task="popularity", rows=10, refused=("subset", "no-scores")
    ),
    "2025-05-12T20-27-36-04-00_browser.json": Expected(task="browser", rows=1, passes=1),
    "2025-05-12T20-28-13-04-00_no-samples.json": Expected(
        task="testtaskname", rows=0, status="cancelled", refused=("not-finished", "subset", "no-records")
    ),
    "2026-11-22T03-11-12-00-00_tiny_UyXkBpU4BrspouSwAYAS3a.eval": Expected(task="tiny", rows=40, passes=26),
    "2026-11-22T03-33-36-00-00_task_kg5jVqNQBCnXqZ8JbJg4kh.eval": Expected(task="task", rows=12, passes=7),
    "custom.eval": Expected(task="input_task", rows=1, passes=1),
    "data_arc_sonnet.json": Expected(task="inspect_evals/arc_easy", rows=5, passes=5, refused=("subset",)),
    "data_pubmedqa_gpt4o_mini.json": Expected(task="inspect_evals/pubmedqa", rows=2, passes=2, refused=("subset",)),
    "data_with_llm_scoring.json": Expected(task="simpleqa_verified", rows=0, refused=("no-records",)),
    "log_formats.eval": Expected(task="popularity", rows=1, refused=("subset",)),
    "log_formats.json": Expected(task="popularity", rows=1, refused=("subset",)),
    "log_images_tc.json": Expected(task="images", rows=1),
    "log_message_deduplication.eval": Expected(task="inspect_test_utils/guess_number", rows=1),
    "log_streaming.eval": Expected(task="popularity", rows=4, passes=3, refused=("subset",)),
}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "inspect"


def test_every_log_of_the_folder_is_expected(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_log_is_read_and_is_evidence_or_refused_with_advice(folder: Path, name: str) -> None:
    expected = EXPECTED[name]
    log = read_inspect_log(folder / name)
    assert (log.task, len(log.rows), log.status) == (expected.task, expected.rows, RunStatus(expected.status))
    assert log.findings == ()
    protocol = EvaluationProtocol(task=log.task, suite="s", elicitation=())
    if expected.refused:
        with pytest.raises(EvidenceRefusedError) as caught:
            summarise(log, protocol=protocol, rule=RULE)
        assert caught.value.reason_ids == expected.refused
        assert caught.value.advice
    else:
        assert counted(summarise(log, protocol=protocol, rule=RULE).data) == (expected.passes, expected.rows)


@pytest.mark.parametrize("name", [name for name, log in EXPECTED.items() if log.refused == ("subset",)])
def test_a_run_over_a_part_counts_once_the_protocol_allows_it(folder: Path, name: str) -> None:
    log = read_inspect_log(folder / name)
    protocol = EvaluationProtocol(task=log.task, suite="s", elicitation=(), subset_allowed=True)
    assert counted(summarise(log, protocol=protocol, rule=RULE).data) == (EXPECTED[name].passes, EXPECTED[name].rows)


def counted(data: object) -> tuple[int, int]:
    """Return successes and trials of an event's data, over all clusters where there are some."""
    assert isinstance(data, dict)
    clusters = data.get("clusters", [data])
    return sum(one["successes"] for one in clusters), sum(one["trials"] for one in clusters)


def test_families_and_units_of_a_real_log(folder: Path) -> None:
    """`tiny`: 20 tasks in 20 families, twice each; counted by hand from its 40 records."""
    log = read_inspect_log(folder / "2026-11-22T03-11-12-00-00_tiny_UyXkBpU4BrspouSwAYAS3a.eval")
    protocol = EvaluationProtocol(task="tiny", suite="s", elicitation=())
    families = summarise(log, protocol=protocol, rule=CountingRule(measure="m", cluster_key="task_family")).data
    assert isinstance(families["clusters"], list)
    assert [one["id"] for one in families["clusters"]] == [f"fam{number:02d}" for number in range(20)]
    both = CountingRule(measure="m", unit_passes=UnitPasses(at_least=2, of=2))
    either = CountingRule(measure="m", unit_passes=UnitPasses(at_least=1, of=2))
    # of the 20 samples 9 passed twice, 8 once and 3 never: 2 * 9 + 8 = 26 passes
    assert counted(summarise(log, protocol=protocol, rule=both).data) == (9, 20)
    assert counted(summarise(log, protocol=protocol, rule=either).data) == (17, 20)
