"""Whether an answer is what a case expects: each thing in which it is not, with what was expected and what was got."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from interlock.casebook._deciding import breach_words, deciding_items, plain_name, reasons, standing_words, state_of
from interlock.casebook._model import (
    ExpectedDecision,
    ExpectedDeparture,
    ExpectedDuties,
    ExpectedInstance,
    ExpectedInstances,
    ExpectedReplay,
    Listed,
)
from interlock.engine import Breach, Decision, DutyReport, DutyStanding, DutyState, Finding, Replay
from interlock.terms import format_duration, format_instant

A = TypeVar("A")
B = TypeVar("B")
SPEAKS_TO_NOTHING = "speaks-to-nothing"
"""The finding on an event of a name that the policy does not have: in a case it is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One thing that is not as expected."""

    what: str
    expected: str
    got: str


def check_decision(expect: ExpectedDecision, decision: Decision) -> Iterator[Mismatch]:
    """Yield in what the decision is not as expected."""
    yield from _same("outcome", expect.outcome, decision.outcome)
    yield from _same("by-default", _word(expect.by_default), _word(decision.by_default))
    yield from _among("because", expect.because, deciding_items(decision))
    yield from _among("reasons", expect.reasons, reasons(decision))
    states = {plain_name(standing): state_of(standing) for standing in decision.restrictions}
    for name, state in expect.restrictions.items():
        got = states.get(name.removeprefix("duty:"), "not about this action")
        if got != state and got.split(" by ")[0] != state:
            yield Mismatch(what=f"restriction {name}", expected=state, got=got)
    yield from _findings(expect.findings, decision.findings)


def check_duties(expect: ExpectedDuties, report: DutyReport) -> Iterator[Mismatch]:
    """Yield in what the report on duties is not as expected."""
    for name, expected in expect.duties.items():
        yield from _instances(name, expected, [one for one in report.duties if one.duty.id == name])
    for name, state in expect.pledges.items():
        found = [one.state for one in report.pledges if one.pledge.id == name]
        if set(found) != {state}:
            yield Mismatch(what=f"pledge {name}", expected=state, got=", ".join(found) or "no such pledge in force")
    yield from _findings(expect.findings, report.findings)


def check_replay(expect: ExpectedReplay, replay: Replay) -> Iterator[Mismatch]:
    """Yield in what the replay is not as expected."""
    if expect.departures is not None:
        missing = _unmatched(expect.departures, replay.breaches, _is_departure)
        surplus = expect.only and len(replay.breaches) > len(expect.departures)
        if missing or surplus:
            wanted = "; ".join(_departure_words(one) for one in expect.departures) or "no departure"
            got = "; ".join(breach_words(breach) for breach in replay.breaches) or "no departure"
            yield Mismatch(what="departures", expected=f"{'only ' if expect.only else ''}{wanted}", got=got)
    yield from _findings(expect.findings, replay.findings)


def _same(what: str, expected: str | None, got: str | None) -> Iterator[Mismatch]:
    if expected is not None and expected != got:
        yield Mismatch(what=what, expected=expected, got=got or "nothing")


def _word(value: bool | None) -> str | None:  # noqa: FBT001 - shown as it is
    return None if value is None else str(value).lower()


def _among(what: str, expected: Listed | None, got: Sequence[str]) -> Iterator[Mismatch]:
    if expected is None:
        return
    names = {name.removeprefix("duty:") for name in expected.names}
    if names - set(got) or (expected.only and set(got) - names):
        only = "only " if expected.only else ""
        wanted = ", ".join(expected.names) or "nothing"
        yield Mismatch(what=what, expected=f"{only}{wanted}", got=", ".join(got) or "nothing")


def _findings(expected: Listed | None, found: Iterable[Finding]) -> Iterator[Mismatch]:
    """Yield findings that lack or are too many; an event about no item of the policy is always to be expected."""
    findings = tuple(found)
    yield from _among("findings", expected, tuple(dict.fromkeys(finding.id for finding in findings)))
    if expected is None or SPEAKS_TO_NOTHING not in expected.names:
        for finding in findings:
            if finding.id == SPEAKS_TO_NOTHING:
                yield Mismatch(what="events", expected="names that the policy has", got=finding.detail)


# Instances of duties


def _instances(name: str, expected: ExpectedInstances, found: Sequence[DutyStanding]) -> Iterator[Mismatch]:
    if expected.listed:
        missing = _unmatched(expected.instances, found, _is_instance)
        fits = not missing and not (expected.only and len(found) > len(expected.instances))
    else:
        [one] = expected.instances
        looked_at = [s for s in _started(found) if one.instance in {None, s.instance}]
        fits = bool(looked_at) and all(_is_instance(one, standing) for standing in looked_at)
    if not fits:
        wanted = "; ".join(_instance_words(one) for one in expected.instances) or "no instance"
        got = "; ".join(f"{standing_words(standing)}{_late(standing)}" for standing in found)
        yield Mismatch(
            what=f"duty {name}",
            expected=f"{'only ' if expected.only else ''}{wanted}",
            got=got or "no version in force has it",
        )


def _started(found: Sequence[DutyStanding]) -> Sequence[DutyStanding]:
    """Return the instances without those of which only the period runs, where there are others."""
    return [standing for standing in found if standing.state is not DutyState.NOT_TRIGGERED] or found


def _is_instance(one: ExpectedInstance, standing: DutyStanding) -> bool:
    return (
        one.state in {None, standing.state.value}
        and one.instance in {None, standing.instance}
        and one.due in {None, standing.due}
        and one.reason in {None, standing.reason}
        and (one.late_by is None or one.late_by in _lateness(standing))
    )


def _lateness(standing: DutyStanding) -> Iterator[str]:
    if standing.late_by is not None:
        yield format_duration(standing.late_by)
    if standing.days_late is not None:
        yield f"{standing.days_late} days"
        yield f"{standing.days_late} day"


def _late(standing: DutyStanding) -> str:
    return "" if standing.late_by is None else f", late by {format_duration(standing.late_by)}"


def _instance_words(one: ExpectedInstance) -> str:
    parts = [one.state or "any state"]
    parts += [] if one.instance is None else [f"of {one.instance}"]
    parts += [] if one.due is None else [f"due {format_instant(one.due)}"]
    parts += [] if one.late_by is None else [f"late by {one.late_by}"]
    parts += [] if one.reason is None else [f"({one.reason})"]
    return " ".join(parts)


# Departures


def _is_departure(one: ExpectedDeparture, breach: Breach) -> bool:
    return (
        one.kind == breach.kind
        and one.id in {None, breach.id, breach.id.removeprefix("duty:")}
        and one.at in {None, breach.at}
        and one.by_default in {None, breach.by_default}
    )


def _departure_words(one: ExpectedDeparture) -> str:
    name = "" if one.id is None else f" `{one.id}`"
    at = "" if one.at is None else f", {format_instant(one.at)}"
    return f"{one.kind}{name}{at}"


def _unmatched(expected: Sequence[A], found: Sequence[B], fits: Callable[[A, B], bool]) -> int:
    """Return how many of what is expected have no match of their own among what is found."""
    taken: dict[int, int] = {}

    def place(one: int, tried: set[int]) -> bool:
        for other, thing in enumerate(found):
            if other in tried or not fits(expected[one], thing):
                continue
            tried.add(other)
            if other not in taken or place(taken[other], tried):
                taken[other] = one
                return True
        return False

    return sum(not place(one, set()) for one in range(len(expected)))
