"""The mutation summary counts every mutant once, and a mutant that nobody noticed never as killed."""

from __future__ import annotations

import pytest

from mutation_summary import read_results, score, survivors, table

LINES = """\
    interlock.engine._fold.x_fold__mutmut_1: killed
    interlock.engine._fold.x_fold__mutmut_2: survived
    interlock.engine._fold.xǁStateǁadvance__mutmut_1: timeout
    interlock.engine._state.x_step__mutmut_1: no tests
    interlock.engine._state.x_step__mutmut_2: skipped
""".splitlines()


def test_results_are_read_by_module_and_the_skipped_are_left_out() -> None:
    results = read_results(LINES)
    assert {module: len(mutants) for module, mutants in results.items()} == {
        "interlock.engine._fold": 3,
        "interlock.engine._state": 1,
    }


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [(["killed"], 100), (["killed", "timeout", "survived", "no tests"], 50), (["suspicious"], 0)],
    ids=["all", "half", "none"],
)
def test_the_score_is_what_tests_noticed_over_all(statuses: list[str], expected: float) -> None:
    assert score(statuses) == expected


def test_the_table_has_a_row_for_each_module_and_one_for_all() -> None:
    # 4 mutants in all: killed and timeout were noticed, one survived, one was never reached
    assert table(read_results(LINES)).splitlines()[2:] == [
        "| interlock.engine._fold | 3 | 2 | 1 | 0 | 66.7 % |",
        "| interlock.engine._state | 1 | 0 | 0 | 1 | 0.0 % |",
        "| **all** | 4 | 2 | 1 | 1 | 50.0 % |",
    ]


def test_survivors_are_those_that_no_test_noticed() -> None:
    listed = [line for line in survivors(read_results(LINES)).splitlines() if line.startswith("- ")]
    assert listed == [
        "- `interlock.engine._fold.x_fold__mutmut_2`: survived",
        "- `interlock.engine._state.x_step__mutmut_1`: no tests",
    ]
