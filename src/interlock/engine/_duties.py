"""Duties and pledges as of a time: every instance of every version that is or was in force (LANGUAGE 4.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from interlock.engine._applied import AppliedPolicy, applied_line
from interlock.engine._combination import Use
from interlock.engine._disputes import Rulings, assumed_for
from interlock.engine._docket import Docket, DutyTrack
from interlock.engine._documents import ABOUT_DOCUMENTS
from interlock.engine._due import INSTANT_BEFORE, incident_of, reports_of_incident
from interlock.engine._duty_results import (
    DutyChange,
    DutyCut,
    DutyDispute,
    DutyReport,
    DutyStanding,
    DutyState,
    GoalStanding,
    PledgeStanding,
)
from interlock.engine._errors import Refused
from interlock.engine._findings import Finding, in_order
from interlock.engine._goals import dropped_goals, goals_of
from interlock.engine._names import findings_about_corrections, findings_about_holders, findings_about_names
from interlock.engine._owed import owed_by
from interlock.engine._places import path_to
from interlock.engine._reading import (
    INCIDENT_CLOCKS,
    INCIDENT_KINDS,
    ISSUER,
    conditions_of_duty,
    readings_of,
    readings_read,
)
from interlock.engine._rulings import ruling_on
from interlock.engine._sheet import GROWTH_UNKNOWN, Instance
from interlock.engine._standing import concerning, standings_at
from interlock.engine._state import View, fold
from interlock.engine._support import check_duties_supported, is_supported
from interlock.engine._trace import Node
from interlock.engine._versions import adoption_findings, check_commits, check_digests
from interlock.policy import Duty, Freshness, Pledge, Policy
from interlock.record import Event, History, ModelRegistered, Subject, TermRuled, history
from interlock.terms import Truth, format_instant

_TO_DO = {DutyState.OPEN, DutyState.OVERDUE, DutyState.UNKNOWN, DutyState.EXCUSED}
_PLEDGE_STATES = {Truth.TRUE: "kept", Truth.FALSE: "lapsed", Truth.UNKNOWN: "unmeasured"}


def duties(
    policies: Sequence[Policy],
    events: Sequence[Event],
    as_of: datetime,
    *,
    known_at: datetime | None = None,
    rulings: Rulings | None = None,
) -> DutyReport:
    """Return every instance of every duty, and every pledge, as of a time by what was known at `known_at`.

    `rulings` are readings to be assumed ruled from the beginning. Disputed texts are worked out for each reading anew.
    Raises Refused where no version is in force, and where a duty needs what this engine does not evaluate;
    DigestMismatch where an event names another policy file. The cost grows linearly with the events that the duties'
    conditions read.
    """
    knowledge = as_of if known_at is None else known_at
    known = history(events, knowledge)
    check_digests(policies, known.events)
    state = fold(known, as_of)

    def report_under(assumed: Rulings) -> DutyReport | None:
        lines = [
            applied_line(line, known, state, as_of, rulings=assumed_for(line[0].id, assumed))
            for line in by_policy(policies)
        ]
        for applied in lines:
            if applied:
                check_commits(applied[-1].policy)
        return report_of(lines, known, as_of) if any(lines) else None

    report = report_under(rulings or {})
    if report is None:
        names = ", ".join(dict.fromkeys(f"`{policy.id}`" for policy in policies)) or "none"
        msg = f"no version of a policy given ({names}) is in force at {format_instant(as_of)}"
        raise Refused(msg, advice="ask about a later time, or give the version that was in force then")
    disputes = _disputes(report, lambda assumed: report_under({**(rulings or {}), **assumed}), known)
    return replace(report, disputes=tuple(disputes))


def _disputes(
    report: DutyReport, again: Callable[[Rulings], DutyReport | None], known: History
) -> Iterator[DutyDispute]:
    """Yield the texts in dispute on which duties of the versions in force may depend, with what each reading cuts."""
    for policy in report.versions:
        conditions = [condition for duty in policy.duties.values() for condition in conditions_of_duty(duty)]
        conditions += [] if policy.applies_to is None else [policy.applies_to]
        for readings in readings_read(policy, *conditions):
            cuts = []
            for name, _ in readings.readings:
                other = again({(policy.id, readings.id): name})
                changes = () if other is None else tuple(changes_between(policy.id, report, other))
                cuts.append(DutyCut(reading=name, changes=changes))
            ruled = tuple(
                event.index
                for event in known.events
                if isinstance(event.payload, TermRuled)
                and event.payload.term == readings.id
                and event.occurred <= report.as_of
            )
            yield DutyDispute(policy=policy.id, term=readings.id, rulings=ruled, cuts=tuple(cuts))


def changes_between(policy: str, report: DutyReport, other: DutyReport) -> Iterator[DutyChange]:
    """Yield the duties of a policy, named by its id, whose instances differ between two reports."""
    was, would_be = _states(policy, report), _states(policy, other)
    for key in dict.fromkeys((*was, *would_be)):
        if was.get(key, ()) != would_be.get(key, ()):
            duty, instance = key
            yield DutyChange(duty=duty, instance=instance, states=was.get(key, ()), would_be=would_be.get(key, ()))


def _states(policy: str, report: DutyReport) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in report.duties:
        if one.policy.id == policy and one.state is not DutyState.NOT_TRIGGERED:
            key = (one.duty.id, one.instance)
            found[key] = (*found.get(key, ()), one.state.value)
    return found


def report_of(lines: Sequence[Sequence[AppliedPolicy]], known: History, as_of: datetime) -> DutyReport:
    """Return the report on policies, each given as its versions applied in the order in which they were in force."""
    found: list[DutyStanding] = []
    pledges: list[PledgeStanding] = []
    findings: list[Finding] = []
    versions: list[Policy] = []
    goals: list[GoalStanding] = []
    for applied in lines:
        for one in applied:
            check_duties_supported(one.policy)
            _check_models(one, as_of)
            found += _standings(one, as_of)
            findings += _findings_of(one, as_of)
            findings += owed_by(one, as_of, known.events)
        findings += _restarted(applied)
        goals += goals_of(applied, as_of)
        findings += dropped_goals(applied)
        if applied:
            versions.append(applied[-1].policy)
            findings += adoption_findings(applied[-1].policy, known.events)
            pledges += pledges_of(applied[-1], as_of)
            findings += findings_about_rulings(applied[-1], as_of)
    so_far = [event for event in known.events if event.occurred <= as_of]
    findings += [finding for goal in goals for finding in goal.findings]
    findings += _without_effect([one for applied in lines for one in applied], as_of)
    findings += findings_about_names([one.policy for applied in lines for one in applied], so_far)
    findings += findings_about_holders(so_far)
    findings += findings_about_corrections(known.superseded)
    return DutyReport(
        as_of=as_of,
        known_at=known.known_at,
        events=tuple(event.digest for event in known.given),
        versions=tuple(versions),
        duties=tuple(found),
        pledges=tuple(pledges),
        goals=tuple(goals),
        findings=in_order(findings),
    )


def _check_models(applied: AppliedPolicy, as_of: datetime) -> None:
    """Raise Refused where it can't be told whether a model is bound, or whose descendant it is.

    A model that is registered with several developers may be the policy's issuer's by any of them.
    """
    policy, view = applied.policy, View(applied.state, as_of)
    if not (policy.duties or policy.pledges):
        return
    for model in view.registered():
        said = {event.payload.developer for event in model.registrations if isinstance(event.payload, ModelRegistered)}
        if policy.applies_to is not None or not said.isdisjoint({None, policy.issuer}):
            path_to(view, model, None)


def by_policy(policies: Iterable[Policy]) -> list[list[Policy]]:
    """Return the policies as lines of versions, each line one policy."""
    lines: dict[str, list[Policy]] = {}
    for policy in policies:
        lines.setdefault(policy.id, []).append(policy)
    return list(lines.values())


def _standings(applied: AppliedPolicy, as_of: datetime) -> Iterator[DutyStanding]:
    """Yield the instances of one span; of a version no longer in force only what it left behind."""
    is_over = applied.until is not None and applied.until <= as_of
    for duty in applied.policy.duties.values():
        standings = [one for docket in applied.duty(duty.id).dockets for one in standings_at(docket, as_of)]
        if is_over:
            yield from (one for one in standings if one.state is not DutyState.NOT_TRIGGERED)
        else:
            yield from standings or [_nothing_yet(applied, duty)]


def states_of(applied: AppliedPolicy, at: datetime) -> Iterator[DutyState]:
    """Yield the state of every instance of every duty of one version."""
    return (standing.state for standing in _standings(applied, at))


def open_duties(applied: AppliedPolicy, model: str, developer: str, at: datetime) -> Iterator[DutyStanding]:
    """Yield the instances that concern a model and are still to be done, of the duties that can be evaluated.

    What an earlier version left overdue comes first.
    """
    for version in (*applied.earlier, applied):
        for duty in version.policy.duties.values():
            if not is_supported(version.policy, duty):
                continue
            for docket in concerning(version.duty(duty.id), model, developer):
                yield from (one for one in standings_at(docket, at) if one.state in _TO_DO)


def _nothing_yet(applied: AppliedPolicy, duty: Duty) -> DutyStanding:
    developer = next(iter(applied.developers()), applied.policy.issuer)
    return DutyStanding(
        policy=applied.policy,
        duty=duty,
        instance=developer,
        subject=Subject(developer=developer),
        state=DutyState.NOT_TRIGGERED,
    )


def pledges_of(applied: AppliedPolicy, as_of: datetime) -> Iterator[PledgeStanding]:
    """Yield what the pledges of a version come to, for those whom it binds, or may bind."""
    for pledge in applied.policy.pledges.values():
        if pledge.instances == "each model":
            models = [model for model in applied.models() if applied.begins(model) <= as_of]
            timelines = [(model, applied.newest(model, ships=False)) for model in models]
        else:
            developers = [applied.policy.issuer] if pledge.instances == ISSUER else applied.developers()
            timelines = [(developer, applied.of_developer(developer)) for developer in developers]
        for name, timeline in timelines:
            case = timeline.case(as_of)
            limits = () if pledge.measured_every is None else (_limit(pledge),)
            node = case.condition(pledge.maintain, Use.RELEASING, limits=limits)
            applies = None
            if applied.policy.applies_to is not None and pledge.instances != ISSUER:
                applies = case.condition(applied.policy.applies_to, Use.RESTRICTING)
                if applies.value is Truth.FALSE:
                    continue
            yield PledgeStanding(
                policy=applied.policy,
                pledge=pledge,
                instance=name,
                state=_PLEDGE_STATES[_of_pledge(node, applies)],
                maintain=node,
                applies=applies,
                measure_by=None if pledge.measured_every is None else node.changes_at,
            )


def _of_pledge(maintain: Node, applies: Node | None) -> Truth:
    """Return what a pledge comes to: of whom it is not known whether the policy binds them nothing has lapsed."""
    doubtful = applies is not None and applies.value is not Truth.TRUE
    return Truth.UNKNOWN if doubtful and maintain.value is Truth.FALSE else maintain.value


def _limit(pledge: Pledge) -> Freshness:
    # Made once for each pledge: leaves are remembered by the limits that they are read under.
    return Freshness(period=pledge.measured_every)


# Findings


def _findings_of(applied: AppliedPolicy, as_of: datetime) -> Iterator[Finding]:
    for duty in applied.policy.duties.values():
        track = applied.duty(duty.id)
        yield from _superseded(track, as_of)
        yield from _without_start(track, as_of)
        if applied.is_in_span(as_of):
            yield from _about_documents(track, as_of)


def _about_documents(track: DutyTrack, as_of: datetime) -> Iterator[Finding]:
    """Yield what is to be known of the documents that the conditions of a duty read."""
    courses = (course for docket in track.dockets for one in docket.courses for course in one.all())
    nodes = (node for course in courses if (node := course.at(as_of)) is not None)
    for part in (part for node in nodes for part in node.walk()):
        yield from (finding for finding in part.findings if finding.id in ABOUT_DOCUMENTS)


def findings_about_rulings(applied: AppliedPolicy, as_of: datetime) -> Iterator[Finding]:
    """Yield what is to be known of the rulings on the texts in dispute, for every model and developer."""
    disputed = readings_of(applied.policy)
    if not disputed:
        return
    models = (model for model in applied.models() if applied.begins(model) <= as_of)
    timelines = [applied.newest(model, ships=False) for model in models]
    timelines += [applied.of_developer(developer) for developer in applied.developers()]
    for timeline in timelines:
        with suppress(Refused):  # a model of which nothing can be asked has no rulings to tell of
            case = timeline.case(as_of)
            for readings in disputed.values():
                yield from ruling_on(case, readings).findings


def _superseded(track: DutyTrack, as_of: datetime) -> Iterator[Finding]:
    for docket in track.dockets:
        for instance in docket.at(as_of).instances.values():
            if instance.superseded is not None and instance.superseded <= as_of:
                name = docket.subject.scopes[instance.scope].name
                policy = track.applied.policy
                detail = (
                    f"duty `{track.duty.id}` of {name} was open when `{policy.id}` {policy.version} was superseded, "
                    f"{format_instant(instance.superseded)}"
                )
                yield Finding("duty-superseded", detail, instance.evidence)


def _without_effect(applied: Sequence[AppliedPolicy], as_of: datetime) -> Iterator[Finding]:
    """Yield a finding for each performance that completed nothing under any version of any policy."""
    tracks = [one.duty(name) for one in applied for name in one.policy.duties]
    used = {
        index
        for track in tracks
        for docket in track.dockets
        for instance in docket.at(as_of).instances.values()
        for index in instance.evidence
    }
    for track in tracks:
        for event in track.applied.facts(("performed", track.duty.id)):
            if event.occurred <= as_of and track.applied.is_in_span(event.occurred) and event.index not in used:
                detail = (
                    f"event {event.index} performs duty `{track.duty.id}`, of which nothing was open for its subject"
                )
                yield Finding("performance-of-nothing", detail, (event.index,))


def _without_start(track: DutyTrack, as_of: datetime) -> Iterator[Finding]:
    if track.duty.clock not in INCIDENT_CLOCKS:
        return
    for docket in track.dockets:
        for instance in docket.at(as_of).instances.values():
            if incident_of(docket, instance) is None and instance.triggered is not None:
                detail = (
                    f"duty `{track.duty.id}` counts from an incident and was opened by none; it counts from its trigger"
                )
                yield Finding("clock-without-start", detail, instance.evidence)
            else:
                yield from _not_started(docket, instance, as_of)


def _not_started(docket: Docket, instance: Instance, as_of: datetime) -> Iterator[Finding]:
    """Yield a finding where an incident is recorded at a later stage than a clock counts from, and not at that one."""
    stage = INCIDENT_CLOCKS[docket.duty.clock]
    farther = INCIDENT_KINDS[INCIDENT_KINDS.index(stage) + 1 :]
    later = reports_of_incident(docket, instance, farther, as_of)
    if later and not reports_of_incident(docket, instance, (stage,), as_of):
        detail = (
            f"duty `{docket.duty.id}` counts from `{stage}`, which is not recorded of incident "
            f"{incident_of(docket, instance)}, though `{later[0].kind}` is; so it has no due instant"
        )
        yield Finding("clock-not-started", detail, (later[0].index,))


def _restarted(applied: Sequence[AppliedPolicy]) -> Iterator[Finding]:
    """Yield a finding for each recurring duty whose running period a new version of the policy began anew."""
    for before, after in pairwise(applied):
        for duty in before.policy.duties.values():
            same = after.policy.duties.get(duty.id)
            if duty.every is None or same is None or same.every is None:
                continue
            for docket in before.duty(duty.id).dockets:
                sheet = docket.at(after.since - INSTANT_BEFORE)
                for place, cycle in sheet.cycles.items():
                    current = sheet.instances.get(cycle.current) if cycle.current is not None else None
                    is_over = current is not None and current.doubt != GROWTH_UNKNOWN
                    if cycle.running and not is_over and cycle.start is not None and cycle.start < after.since:
                        name = docket.subject.scopes[place].name
                        detail = (
                            f"the period of `{duty.id}` of {name} that ran since {format_instant(cycle.start)} began "
                            f"anew with `{after.policy.id}` {after.policy.version}, {format_instant(after.since)}"
                        )
                        yield Finding("clock-restarted", detail)
