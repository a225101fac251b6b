"""Readings that are assumed: what is refused, since a mistyped one would change nothing and pass for an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.app.assumptions import assumptions_of, with_assumptions
from interlock.app.decisions import TypedQuestion, decide_on_files
from interlock.app.duties import TypedTimes, duties_on_files
from interlock.app.errors import OptionRefused
from interlock.app.replays import TypedReplay, replay_on_files
from interlock.app.survey import TypedSpan, status_on_files
from interlock.policy import Policy, decode
from tests.app.disputes import EVENTS as RECORD
from tests.app.disputes import POLICY, RULINGS, TRAINED, files_in

ID = "acme-scaling-policy"


def policy(*changes: tuple[str, str]) -> Policy:
    text = POLICY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return decode(text.encode(), file="p.yaml")


OTHER = policy((ID, "other-policy"))
SECOND = policy(('version: "1"', 'version: "2"'), ("effective: 2026-01-01", "effective: 2026-06-01"),
                ("by-judgement:", "by-vote:"))  # fmt: skip


def test_a_text_is_named_by_itself_or_with_its_policy() -> None:
    expected = {(ID, "frontier-model"): "by-compute", (ID, "deployment"): "narrow"}
    assert assumptions_of(["frontier-model=by-compute", f"{ID}:deployment=narrow"], [policy()]) == expected
    assert assumptions_of([f"{ID}:frontier-model=by-compute"], [policy(), OTHER]) == {
        (ID, "frontier-model"): "by-compute"
    }
    assert assumptions_of([], [policy()]) == {}


def test_a_reading_of_any_version_may_be_assumed() -> None:
    for reading in ("by-judgement", "by-vote", "by-compute"):
        assert assumptions_of([f"frontier-model={reading}"], [policy(), SECOND]) == {(ID, "frontier-model"): reading}


@pytest.mark.parametrize(
    ("stated", "said", "advice"),
    [
        (["frontier-model"], "`frontier-model` is not of the form TERM=READING", "for instance"),
        (["=by-compute"], "is not of the form TERM=READING", "for instance"),
        (["frontier-model="], "is not of the form TERM=READING", "for instance"),
        (["frontier-modle=by-compute"], "no policy given has readings of `frontier-modle`", "mean `frontier-model`?"),
        (["zzz=by-compute"], "no policy given has readings of `zzz`", "there are `frontier-model`, `deployment`"),
        (["frontier-model=by-compute-"], "has no reading `by-compute-`", "did you mean `by-compute`?"),
        (["frontier-model=zzz"], "has no reading `zzz`", "there are `by-compute`, `by-judgement`"),
        (["external-use=wide"], "`external-use` is in no dispute", "interlock terms"),
        ([f"{ID}s:deployment=wide"], f"no policy given is `{ID}s`", f"did you mean `{ID}`?"),
        (["deployment=wide", "deployment=narrow"], "both `wide` and `narrow` are assumed of `deployment`", "one at a"),
    ],
    ids=str,
)
def test_what_names_no_reading_is_refused_with_the_nearest(stated: list[str], said: str, advice: str) -> None:
    with pytest.raises(OptionRefused) as refused:
        assumptions_of(stated, [policy()])
    assert said in refused.value.message
    assert refused.value.message.startswith("--reading: ")
    assert advice in (refused.value.advice or "")


def test_where_several_policies_have_the_text_one_must_be_named() -> None:
    with pytest.raises(OptionRefused, match="several policies given have `deployment`") as refused:
        assumptions_of(["deployment=wide"], [policy(), OTHER])
    assert refused.value.advice is not None
    assert f"--reading {ID}:deployment=…" in refused.value.advice
    assert "--reading other-policy:deployment=…" in refused.value.advice


def test_data_that_assumes_something_says_so_and_other_data_is_as_it_was() -> None:
    value = {"shape": "s", "engine": "e", "outcome": "held"}
    assert with_assumptions(value, {}) == value
    shown = with_assumptions(value, {(ID, "deployment"): "wide"})
    assert list(shown) == ["shape", "engine", "assumed_readings", "outcome"]
    assert shown["assumed_readings"] == [{"policy": ID, "term": "deployment", "reading": "wide"}]


# Every question


def decided(folder: Path, *readings: str) -> str:
    typed = TypedQuestion(model="m-1", action="train", as_of="2026-03-10", readings=readings)
    found = decide_on_files(*files_in(folder), typed)
    return f"{found.result.outcome}{' by default' if found.result.by_default else ''}"


def test_a_decision_is_as_if_the_reading_had_been_ruled_from_the_beginning(tmp_path: Path) -> None:
    """2e26 FLOP were measured, and the officer judged that it exceeds nothing; unruled, the burden of proof holds."""
    assert decided(tmp_path) == "held by default"
    assert decided(tmp_path, "frontier-model=by-compute") == "held"
    assert decided(tmp_path, "frontier-model=by-judgement") == "permitted"


def test_an_assumption_takes_the_place_of_a_ruling(tmp_path: Path) -> None:
    typed = TypedQuestion(model="m-1", action="train", as_of="2026-06-01", readings=("frontier-model=by-judgement",))
    assert decide_on_files(*files_in(tmp_path, RECORD + RULINGS), typed).result.outcome == "permitted"


def states(folder: Path, *readings: str) -> list[str]:
    found = duties_on_files(*files_in(folder), TypedTimes(as_of="2026-06-01", readings=readings))
    return [one.state.value for one in found.result.duties]


def test_duties_are_as_if_the_reading_had_been_ruled_from_the_beginning(tmp_path: Path) -> None:
    """Deployed inside on 1 March: widely 30 days after that are long over, narrowly nothing was deployed."""
    assert states(tmp_path) == ["open"]
    assert states(tmp_path, "deployment=wide") == ["overdue"]
    assert states(tmp_path, "deployment=narrow") == ["not-triggered"]


def departures(folder: Path, *readings: str) -> list[str]:
    typed = TypedReplay(as_of="2026-06-01", readings=readings)
    return [one.kind for one in replay_on_files(*files_in(folder, RECORD + TRAINED), typed).replay.breaches]


def test_a_replay_is_as_if_the_reading_had_been_ruled_from_the_beginning(tmp_path: Path) -> None:
    assert departures(tmp_path) == ["held-action"]
    assert departures(tmp_path, "deployment=wide") == ["duty-overdue", "held-action"]
    assert departures(tmp_path, "frontier-model=by-judgement") == []


def test_a_status_is_as_if_the_reading_had_been_ruled_from_the_beginning(tmp_path: Path) -> None:
    files = files_in(tmp_path)
    found = status_on_files(*files, TypedSpan(as_of="2026-06-01", readings=("deployment=wide",)))
    assert [one.state.value for one in found.overdue] == ["overdue"]
    assert [one.id for one in found.open_terms] == ["frontier-model"]  # what is assumed is not open
    assert found.duty_changes == ()  # a week before it was assumed as well
