"""Replay: what was so over time under the versions in force, or under another, and where it departed (LANGUAGE 4.8).

Holds are walked on what was recorded by then, since an act is judged by what could be known; duties, amendments and
the versions that come into force are read off the final record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from interlock.engine._applied import AppliedPolicy, applied_line
from interlock.engine._disputes import Rulings, assumed_for
from interlock.engine._duties import by_policy, report_of
from interlock.engine._duty_results import DutyReport
from interlock.engine._errors import Refused
from interlock.engine._excerpt import Asked, ask
from interlock.engine._findings import Finding, in_order
from interlock.engine._holds import VERSION, Holds
from interlock.engine._names import findings_about_names
from interlock.engine._replay_amendments import amendment_breaches, loosenings
from interlock.engine._replay_disputes import under_each_reading
from interlock.engine._replay_duties import duty_breaches, duty_changes
from interlock.engine._replay_findings import findings_of
from interlock.engine._replay_results import Breach, Change, Loosening, Moment, Replay
from interlock.engine._replay_runs import runs_of
from interlock.engine._replay_walk import Walk
from interlock.engine._state import State, fold
from interlock.engine._support import check_duties_supported, check_supported
from interlock.engine._versions import adoption_findings, check_commits, check_digests
from interlock.policy import Policy
from interlock.record import Event, History, history
from interlock.terms import ACTIONS, format_instant

ADHERENCE, COUNTERFACTUAL = "adherence", "counterfactual"
_AMENDMENT = "amendment"
_MOST_NAMED = 3
"""So many events are named as the cause of a change; further ones are counted."""


def replay(
    policies: Sequence[Policy],
    events: Sequence[Event],
    as_of: datetime | None = None,
    *,
    under: Policy | None = None,
    rulings: Rulings | None = None,
    only: Sequence[str] = (),
) -> Replay:
    """Return the replay of a record up to `as_of` (default: the last instant on it), by what was recorded by then.

    With `under` that version is taken as in force throughout, in place of the versions of the same policy; `rulings`
    are readings to be assumed ruled from the beginning. Where texts are in dispute the record is replayed once more for
    each reading. With names in `only` nothing but these items is looked at, with the permissions that bear on them; a
    policy that has none of them does not judge.

    Raises Refused where no version is in force by `as_of`, where a policy commits to nothing, where one needs what
    this engine does not evaluate, and where no policy that judges has an item of `only`; DigestMismatch where an event
    names another policy file. The cost grows linearly with
    the events, with exceptions: where a threshold was reached all evaluations of the model are weighed at each look,
    each deployment, incident or document that a duty is for has the others of that duty stepped again, and an instant
    at which corrections are recorded costs one pass over what was known by then.
    """
    if as_of is None:
        as_of = max((instant for event in events for instant in (event.occurred, event.recorded)), default=None)
    if as_of is None:
        msg = "there is no event to replay"
        raise Refused(msg, advice="give a record with events")
    known = history(events, as_of)
    given = (*policies, *(() if under is None else (under,)))
    check_digests(given, known.events)
    for policy in given:
        check_commits(policy)
        check_duties_supported(policy)
        for action in ACTIONS:
            check_supported(policy, action)
    record = [event for event in events if event.recorded <= as_of]
    asked = ask(policies, under, only)

    def again(assumed: Rulings) -> Replay:
        return _replayed(asked, record, known, as_of, {**(rulings or {}), **assumed})

    once = again({})
    breaches, cuts = under_each_reading(asked.given, once, again)
    return replace(once, breaches=breaches, readings=cuts)


def _replayed(asked: Asked, events: Sequence[Event], known: History, as_of: datetime, rulings: Rulings) -> Replay:
    """Return the replay with readings assumed to be ruled, without what other readings would make of it."""
    under = asked.under
    lines = _lines(asked.policies, under)
    state = fold(known, as_of)
    applied = [_applied(line, known, state, as_of, under, assumed_for(line[0].id, rulings)) for line in lines]
    if not any(applied):
        msg = f"no version of a policy given is in force by {format_instant(as_of)}"
        raise Refused(msg, advice="ask about a later time, or give the version that was in force then")
    runs = runs_of(event for event in known.events if event.occurred <= as_of)
    holds = Holds(as_of=as_of, runs=runs)
    loosened: list[Loosening] = []

    def passed(moment: datetime, then: State) -> None:
        for spans in applied:
            loosened.extend(loosenings(spans, moment, then))

    walk = Walk(
        lines=lines,
        known=known,
        events=events,
        first=_first(known, as_of),
        as_of=as_of,
        under=under,
        runs=runs,
        turned=holds.turned,
        judged=holds.judge,
        succeeded=holds.succeeded,
        passed=passed,
        rulings=rulings,
    )
    walk.run()
    every = [one for spans in applied for one in spans]
    report = report_of(applied, known, as_of)
    breaches = [*holds.breaches(), *duty_breaches(every, as_of)]
    for spans in applied:
        breaches += amendment_breaches(spans, known)
    shown = Replay(
        kind=ADHERENCE if under is None else COUNTERFACTUAL,
        only=asked.only,
        policies=asked.whole,
        under=asked.whole_under,
        as_of=as_of,
        events=tuple(event.digest for event in known.given),
        history=_moments([*holds.changes(), *duty_changes(every, as_of)], known),
        holds=holds.stretches(),
        breaches=tuple(sorted(breaches, key=_order)),
        readings=(),
        loosenings=tuple(loosened),
        duties=report,
        findings=in_order((*_stated(report, under), *holds.findings(), *findings_of(every, known, as_of))),
        evaluations=walk.evaluations,
    )
    return shown if asked.only is None else _restricted(shown, asked, every, known)


def _restricted(shown: Replay, asked: Asked, applied: Sequence[AppliedPolicy], known: History) -> Replay:
    """Return the replay of excerpts without what was kept in them only because an item that is looked at refers to it.

    Events may name what was left out: which names there are is told by the policies as they are.
    """
    moments = [
        replace(moment, changes=tuple(one for one in moment.changes if one.item == VERSION or asked.looks_at(one)))
        for moment in shown.history
    ]
    report = shown.duties
    so_far = [event for event in known.events if event.occurred <= shown.as_of]
    unknown = set(findings_about_names([one.policy for one in applied], so_far))
    return replace(
        shown,
        history=tuple(moment for moment in moments if moment.changes),
        breaches=tuple(one for one in shown.breaches if one.kind == _AMENDMENT or asked.looks_at(one)),
        duties=replace(report, duties=tuple(one for one in report.duties if asked.named(one.policy.id, one.duty.id))),
        findings=in_order({*shown.findings} - unknown | {*findings_about_names(asked.every, so_far)}),
    )


def _lines(policies: Sequence[Policy], under: Policy | None) -> list[list[Policy]]:
    lines = by_policy(policies)
    if under is not None and all(line[0].id != under.id for line in lines):
        lines.append([under])
    return lines


def _applied(
    line: Sequence[Policy],
    known: History,
    state: State,
    as_of: datetime,
    under: Policy | None,
    rulings: Mapping[str, str],
) -> list[AppliedPolicy]:
    if under is None or line[0].id != under.id:
        return applied_line(line, known, state, as_of, rulings=rulings)
    return [AppliedPolicy(policy=under, state=state, since=_first(known, as_of), rulings=rulings)]


def _first(known: History, as_of: datetime) -> datetime:
    return min((event.occurred for event in known.events), default=as_of)


def _stated(report: DutyReport, under: Policy | None) -> Iterator[Finding]:
    """Yield the report's findings, without that on the adoption of a version that is in force by supposition."""
    supposed = () if under is None else adoption_findings(under, ())
    return (finding for finding in report.findings if finding not in supposed)


def _order(breach: Breach) -> tuple[object, ...]:
    return (breach.at, breach.kind, breach.policy, breach.id, breach.about or "", breach.evidence)


def _moments(changes: Iterable[tuple[datetime, Change]], known: History) -> tuple[Moment, ...]:
    """Return the changes put together by instant, each instant with the events that were taken in then."""
    at: dict[datetime, list[Change]] = {}
    for instant, change in changes:
        at.setdefault(instant, []).append(change)
    joined: dict[datetime, list[Event]] = {}
    for event in known.given:
        for instant in {event.occurred, max(event.occurred, event.recorded)}:
            if instant in at:
                joined.setdefault(instant, []).append(event)
    return tuple(
        Moment(
            at=instant,
            cause=_cause(joined.get(instant, ())),
            events=tuple(event.index for event in joined.get(instant, ())),
            changes=tuple(at[instant]),
        )
        for instant in sorted(at)
    )


def _cause(events: Sequence[Event]) -> str:
    if not events:
        return "time passed"
    named = ", ".join(f"{event.kind} (event {event.index})" for event in events[:_MOST_NAMED])
    more = len(events) - _MOST_NAMED
    return named if more <= 0 else f"{named} and {more} more"
