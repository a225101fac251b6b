"""Which suite and elicitation a log's task stands for, and the line that is missing where none is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from interlock.evidence import (
    EvaluationLog,
    EvaluationProtocol,
    EvidenceRefusedError,
    ProtocolError,
    line_to_add,
    protocol_for,
    read_protocols,
)
from tests.evidence.builders import log_of

LOG = replace(log_of({"a": ["C"]}), task_args={"tools": True, "attempts": 5})
ENTRY = {"task": "acme/autonomy", "suite": "acme/autonomy", "elicitation": ["tools"]}


def entry(**changes: object) -> dict[str, object]:
    """Return an entry of the mapping with some keys changed; underscores stand for hyphens."""
    return {**ENTRY, **{key.replace("_", "-"): value for key, value in changes.items()}}


def chosen(log: EvaluationLog, *entries: dict[str, object]) -> EvaluationProtocol:
    """Return the entry that speaks for the log."""
    return protocol_for(log, read_protocols(list(entries)))


def refusal(log: EvaluationLog, *entries: dict[str, object]) -> EvidenceRefusedError:
    """Return the refusal to choose an entry."""
    with pytest.raises(EvidenceRefusedError) as caught:
        chosen(log, *entries)
    return caught.value


def test_an_entry_is_read_with_every_key() -> None:
    full = entry(
        args={"tools": True},
        solver="acme/agent",
        solver_args={"attempts": 3},
        scorer="match",
        subset="allowed",
        no_answer="failed",
    )
    expected = EvaluationProtocol(
        task="acme/autonomy",
        suite="acme/autonomy",
        elicitation=("tools",),
        args={"tools": True},
        solver="acme/agent",
        solver_args={"attempts": 3},
        scorer="match",
        subset_allowed=True,
        no_answer_fails=True,
    )
    assert read_protocols([full]) == (expected,)


def test_a_workspace_without_protocols_has_none() -> None:
    assert read_protocols(None) == ()
    assert read_protocols([]) == ()


def test_every_fault_of_the_mapping_is_told_with_its_place() -> None:
    entries = ["text", {"taks": "x", "suite": ""}, entry(args=["tools"], subset="yes", elicitation="tools", scorer=1)]
    with pytest.raises(ProtocolError) as caught:
        read_protocols(entries)
    assert caught.value.faults == (
        "`protocols[0]` is `text`; expected a mapping with `task`, `suite` and `elicitation`",
        "`protocols[1]` has the unknown key `taks`; did you mean `task`",
        "`protocols[1]` has no `task`",
        "`protocols[1].suite` is ``; expected a text of 1 to 1000 printable characters",
        "`protocols[1].elicitation` is missing; expected a list of techniques, `[]` where none was used",
        "`protocols[2].elicitation` is `tools`; expected a list of techniques, `[]` where none was used",
        "`protocols[2].args` is a list; expected a mapping from argument names to values",
        "`protocols[2].scorer` is `1`; expected a text of 1 to 1000 printable characters",
        "`protocols[2].subset` is `yes`; expected `allowed`, or no such key",
    )


@pytest.mark.parametrize("value", ["text", {"task": "x"}, 3, True, date(2025, 3, 1)], ids=str)
def test_protocols_that_are_no_list_are_refused(value: object) -> None:
    with pytest.raises(ProtocolError, match="expected a list of entries"):
        read_protocols(value)


@pytest.mark.parametrize("technique", ["", None, 3, "with\x1b[31m", "x" * 1001])
def test_a_technique_that_can_not_be_shown_is_refused(technique: object) -> None:
    with pytest.raises(ProtocolError, match=r"protocols\[0\].elicitation\[0\]"):
        read_protocols([entry(elicitation=[technique])])


def test_arguments_must_be_the_logs_own() -> None:
    assert chosen(LOG, entry(args={"tools": True})).suite == "acme/autonomy"
    assert chosen(LOG, entry()).suite == "acme/autonomy"
    for args in ({"tools": False}, {"tools": 1}, {"tools": "true"}, {"attempts": 6}, {"memory": True}, {"tools": None}):
        assert refusal(LOG, entry(args=args)).reason_ids == ("no-protocol",)


def test_nested_arguments_are_compared_whole() -> None:
    log = replace(LOG, task_args={"limits": {"tokens": 1000, "turns": [1, 2]}})
    assert chosen(log, entry(args={"limits": {"turns": [1, 2.0], "tokens": 1000}})).suite == "acme/autonomy"
    for limits in ({"tokens": 1000}, {"tokens": 1000, "turns": [1]}, {"tokens": True, "turns": [1, 2]}):
        refusal(log, entry(args={"limits": limits}))


def test_the_entry_that_states_more_is_used_whatever_the_order() -> None:
    general, special = entry(suite="general"), entry(suite="special", args={"tools": True})
    assert chosen(LOG, general, special).suite == "special"
    assert chosen(LOG, special, general).suite == "special"


@pytest.mark.parametrize(
    "entries",
    [
        (entry(suite="one"), entry(suite="two")),
        (entry(suite="one", args={"tools": True}), entry(suite="two", args={"attempts": 5})),
        (entry(), entry()),
    ],
    ids=["equal", "neither states the other's", "the same twice"],
)
def test_entries_of_which_none_states_more_are_ambiguous(entries: tuple[dict[str, object], ...]) -> None:
    error = refusal(LOG, *entries)
    assert error.reason_ids == ("ambiguous-protocol",)
    assert error.advice


def test_a_third_entry_that_states_all_decides_between_two() -> None:
    both = entry(suite="both", args={"tools": True, "attempts": 5})
    assert chosen(LOG, entry(args={"tools": True}), entry(args={"attempts": 5}), both).suite == "both"


def test_a_run_with_another_solver_matches_only_an_entry_that_names_it() -> None:
    """A replaced solver may elicit less than the task's own."""
    log = replace(LOG, solver="acme/plain", solver_args={"attempts": 1})
    error = refusal(log, entry())
    assert "with the solver `acme/plain`" in str(error)
    assert "solver: acme/plain, solver-args: {attempts: 1}" in (error.advice or "")
    assert chosen(log, entry(solver="acme/plain")).solver == "acme/plain"
    refusal(log, entry(solver="acme/plain", solver_args={"attempts": 2}))
    refusal(LOG, entry(solver="acme/plain"))


def test_a_log_that_no_entry_names_is_refused_with_the_line_to_add() -> None:
    error = refusal(LOG, entry(task="acme/autonomi"))
    expected = "- {task: acme/autonomy, args: {tools: true, attempts: 5}, suite: SUITE, elicitation: [TECHNIQUE]}"
    assert error.advice == f"add to `protocols`: {expected}"
    assert "`acme/autonomi`" in str(error)


ARGUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc-#:", max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    task=st.text(st.characters(categories=("L", "N", "P")), min_size=1), args=st.dictionaries(st.text("ab_"), ARGUMENTS)
)
def test_the_line_to_add_names_the_log_once_it_is_filled_in(task: str, args: dict[str, object]) -> None:
    log = replace(LOG, task=task, task_args=args, solver="no", solver_args=args)
    protocols = read_protocols(yaml.safe_load(line_to_add(log)))
    assert protocol_for(log, protocols) == protocols[0]
