"""Short ways to ask about duties: a policy with one duty `d`, what its instances come to, and when that flips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from interlock.engine import DutyReport, DutyStanding, DutyState, PledgeStanding, duties
from interlock.policy import Policy
from interlock.terms import format_duration, format_instant, parse_instant
from tests.engine.cases import Given, event, instant, policy, read, registered

SECOND: Final = timedelta(seconds=1)
MICROSECOND: Final = timedelta(microseconds=1)
WIDE: Final = "deploy.internal.wide"
PUBLIC: Final = "deploy.external.public"
COMMON: Final = """\
documents: {report: {}, schedule: {}}
"""


def duty(*lines: str, more: str = "", **header: Any) -> Policy:
    """Return a policy with the duty `d` of these lines, and the documents `report` and `schedule`."""
    body = "".join(f"    {line}\n" for line in ("must: do it", *lines))
    return policy(f"duties:\n  d:\n{body}{COMMON if 'documents:' not in more else ''}{more}", **header)


def deployed(occurred: str, class_: str = WIDE, **about: Any) -> Given:
    """Return a deployment."""
    return event("model.deployed", occurred, class_=class_, **about)


def performed(occurred: str, duty: str = "d", **about: Any) -> Given:
    """Return a performance of a duty."""
    return event("duty.performed", occurred, duty=duty, **about)


def incident(known: str, occurred: str, name: str = "i1", **about: Any) -> Given:
    """Return what became known of an incident: `suspected`, `discovered` or `determined`."""
    return event(f"incident.{known}", occurred, id=name, kind="misuse", **about)


def report(
    policies: Policy | Iterable[Policy],
    given: Iterable[Given],
    as_of: str | datetime,
    *,
    known_at: str | None = None,
    registers: bool = True,
) -> DutyReport:
    """Return the report; with `registers` (the default) the model `m` is registered on 2025-01-02 before all else."""
    listed = [policies] if isinstance(policies, Policy) else list(policies)
    at = as_of if isinstance(as_of, datetime) else parse_instant(instant(as_of))
    known = None if known_at is None else parse_instant(instant(known_at))
    return duties(listed, read([registered(), *given] if registers else given), at, known_at=known)


def instances(*asked: Any, duty: str = "d", **more: Any) -> list[DutyStanding]:
    """Return the instances of a duty, without the entries of what is not triggered."""
    found = report(*asked, **more).duties
    return [one for one in found if one.duty.id == duty and one.state is not DutyState.NOT_TRIGGERED]


def only(*asked: Any, **more: Any) -> DutyStanding:
    """Return the one instance of a duty that there is."""
    found = instances(*asked, **more)
    assert len(found) == 1, [(one.instance, one.state.value) for one in found]
    return found[0]


def states(*asked: Any, duty: str = "d", **more: Any) -> list[tuple[str, str]]:
    """Return for whom each instance of a duty is and its state, entries of what is not triggered included."""
    return [(one.instance, one.state.value) for one in report(*asked, **more).duties if one.duty.id == duty]


def shown(standing: DutyStanding) -> tuple[str, str | None, str | None]:
    """Return the state with the due instant and the lateness, as texts."""
    late_by = None if standing.late_by is None else format_duration(standing.late_by)
    return standing.state.value, _text(standing.due), late_by


def due(*asked: Any, **more: Any) -> str | None:
    """Return the due instant of the only instance."""
    return _text(only(*asked, **more).due)


def triggered(*asked: Any, **more: Any) -> str | None:
    """Return the instant at which the only instance opened."""
    return _text(only(*asked, **more).triggered)


def running(*asked: Any, duty: str = "d", **more: Any) -> str | None:
    """Return when the only running period of a duty ends."""
    found = [one for one in report(*asked, **more).duties if one.duty.id == duty]
    periods = [one for one in found if one.state is DutyState.NOT_TRIGGERED]
    assert len(periods) == 1, [(one.instance, one.state.value) for one in found]
    return _text(periods[0].period_ends)


def findings(*asked: Any, **more: Any) -> list[str]:
    """Return the ids of the findings but for `adoption-not-recorded`."""
    return [one.id for one in report(*asked, **more).findings if one.id != "adoption-not-recorded"]


def pledges(*asked: Any, **more: Any) -> list[PledgeStanding]:
    """Return what the pledges come to."""
    return list(report(*asked, **more).pledges)


def check_flip(*asked: Any, at: str, becomes: tuple[str | None, str | None], duty: str = "d", **more: Any) -> None:
    """Assert that at this very instant exactly one state changes, from the first of `becomes` to the second.

    None stands for an instance that was not there before, or is not any more. It is looked at one second and one
    microsecond before, at the instant, and one of each after.
    """
    instant = parse_instant(at)
    before, just_before, then, just_after, after = (
        Counter(states(*asked, instant + step, duty=duty, **more))
        for step in (-SECOND, -MICROSECOND, timedelta(0), MICROSECOND, SECOND)
    )
    assert before == just_before
    assert then == just_after == after
    old, new = becomes
    assert [state for _, state in (before - then).elements()] == ([] if old is None else [old])
    assert [state for _, state in (then - before).elements()] == ([] if new is None else [new])


def just_before(text: str) -> str:
    """Return the last instant before another."""
    return format_instant(parse_instant(text) - MICROSECOND)


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)
