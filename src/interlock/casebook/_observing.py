"""What an answer saw of a policy: the states of its items, read off the traces beside the conditions they trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from interlock.casebook._deciding import BY_DEFAULT, BY_EVIDENCE, DUTY_PREFIX, plain_name, state_of
from interlock.casebook._model import PolicyCase
from interlock.casebook._points import THRESHOLD_STATES, Point, branch_label, parts_of
from interlock.engine import Case, Decision, DutyReport, DutyState, Node, PermissionStanding, Replay
from interlock.policy import Condition, Leaf, Meets, Policy, Reached, Readings, RuledOut, TermHolds
from interlock.record import Event, TermRuled
from interlock.terms import Truth

_STANDARD = {Truth.TRUE: "met", Truth.FALSE: "not met", Truth.UNKNOWN: "open"}


def observed(answer: Decision | DutyReport | Replay, case: PolicyCase, policy: Policy) -> set[Point]:
    """Return the points of the policy that the answer saw."""
    match answer:
        case Decision():
            rulings = _rulings(case.events)
            return {point for one in answer.policies if one.policy == policy for point in _of_case(one.case, rulings)}
        case DutyReport():
            return set(_of_duties(answer, policy, _rulings(case.events)))
        case Replay():
            return set(_of_replay(answer, policy, _rulings(case.events)))


def _rulings(events: Iterable[Event]) -> dict[str, str]:
    """Return the reading that was ruled last of each term."""
    ruled: dict[str, str] = {}
    for event in sorted(events, key=lambda one: (one.occurred, one.recorded)):
        if isinstance(event.payload, TermRuled):
            ruled[event.payload.term] = event.payload.reading
    return ruled


def _of_case(case: Case, rulings: dict[str, str]) -> Iterator[Point]:
    """Yield what a decision looked at: only what was evaluated to decide, nothing that merely could be."""
    policy = case.policy
    trace = _Trace(policy, rulings, dict(case.permissions))
    for standing in list(case.restrictions.values()):
        if standing.id.startswith(DUTY_PREFIX):
            if standing.when.value is Truth.TRUE:
                yield Point("duty", plain_name(standing), "", DutyState.OVERDUE.value)
            continue
        yield Point("restriction", standing.id, "", state_of(standing))
        when = standing.when
        if policy.applies_to is not None:
            trace.take(when.parts[0], policy.applies_to, "policy", policy.id, "applies-to")
            when = when.parts[1]
        trace.take(when, standing.restriction.when, "restriction", standing.id, "when")
        if standing.until is not None and standing.restriction.until is not None:
            trace.take(standing.until, standing.restriction.until, "restriction", standing.id, "until")
    for lifting in list(case.permissions.values()):
        name = lifting.permission.id
        yield Point("permission", name, "", "in force" if lifting.in_force else "not in force")
        trace.take(lifting.when, lifting.permission.when, "permission", name, "when")
    yield from trace.points


def _of_duties(report: DutyReport, policy: Policy, rulings: dict[str, str]) -> Iterator[Point]:
    for standing in report.duties:
        if standing.policy == policy:
            yield Point("duty", standing.duty.id, "", standing.state.value)
    for pledge in report.pledges:
        if pledge.policy == policy:
            yield Point("pledge", pledge.pledge.id, "", pledge.state)
            trace = _Trace(policy, rulings, {})
            trace.take(pledge.maintain, pledge.pledge.maintain, "pledge", pledge.pledge.id, "maintain")
            yield from trace.points


def _of_replay(answer: Replay, policy: Policy, rulings: dict[str, str]) -> Iterator[Point]:
    yield from _of_duties(answer.duties, policy, rulings)
    for moment in answer.history:
        for change in moment.changes:
            if change.policy != policy.id or change.now is None:
                continue
            if change.item == "duty":
                yield Point("duty", change.id, "", change.now)
            elif change.item == "restriction":
                by = BY_DEFAULT if change.by_default else BY_EVIDENCE
                # By what one is inactive the replay does not say.
                yield Point("restriction", change.id, "", f"active{by}" if change.now == "active" else change.now)


@dataclass(slots=True)
class _Trace:
    """Walks a trace beside the condition that it traces: nodes stand for parts one to one."""

    policy: Policy
    rulings: dict[str, str]
    permissions: dict[str, PermissionStanding]
    points: set[Point] = field(default_factory=set)

    def take(self, node: Node, condition: Condition, kind: str, name: str, label: str) -> None:
        """Take the points of a node, whose condition is that of the item."""
        if isinstance(condition, Leaf):
            self._leaf(node, condition)
            return
        if isinstance(condition, Readings):
            self._readings(node, condition, kind, name, label)
            return
        for place, (below, part) in enumerate(zip(node.parts, parts_of(condition), strict=True)):
            at = branch_label(label, condition, place, part)
            self.points.add(Point("part", f"{kind} {name}", at, below.value.value))
            self.take(below, part, kind, name, at)

    def _readings(self, node: Node, readings: Readings, kind: str, name: str, label: str) -> None:
        ruled = self.rulings.get(readings.id) if len(node.parts) == 1 else None
        if ruled is not None:
            self.points.add(Point("term", readings.id, "", f"ruled {ruled}"))
        elif node.reason == "contested":
            self.points.add(Point("term", readings.id, "", "contested"))
        read = [(place, part) for place, (one, part) in enumerate(readings.readings) if ruled in {None, one}]
        for below, (place, part) in zip(node.parts, read, strict=False):
            at = branch_label(label, readings, place, part)
            self.points.add(Point("part", f"{kind} {name}", at, below.value.value))
            self.take(below, part, kind, name, at)

    def _leaf(self, node: Node, leaf: Leaf) -> None:
        spanning = [part for part in node.parts if part.about == leaf] if not isinstance(leaf, Meets) else []
        if spanning:
            # About several models, each asked about by itself.
            for part in spanning:
                self._leaf(part, leaf)
            return
        match leaf:
            case Reached(threshold=name):
                self._threshold(node, name, node.value)
            case RuledOut(threshold=name, ahead=None):
                self._threshold(node, name, ~node.value)
            case Meets(standard=name):
                self._standard(node, name)
            case TermHolds(term=name):
                self._term(node, name)
            case _:
                return

    def _threshold(self, node: Node, name: str, value: Truth) -> None:
        self.points.add(Point("threshold", name, "", THRESHOLD_STATES[value]))
        condition = self.policy.thresholds[name].reached_when
        for part in node.parts:
            self.take(part, condition, "threshold", name, "reached-when")

    def _standard(self, node: Node, name: str) -> None:
        self.points.add(Point("standard", name, "", _STANDARD[node.value]))
        replacement = self._replacement(name)
        if replacement is not None and node.parts:
            self._standard(node.parts[0], replacement)
            return
        for part, control in zip(node.parts, self.policy.standards[name].controls, strict=False):
            self.points.add(Point("standard", name, f"control {control}", part.value.value))

    def _replacement(self, name: str) -> str | None:
        for standing in self.permissions.values():
            if standing.in_force and name in standing.permission.replaces:
                return standing.permission.replaces[name]
        return None

    def _term(self, node: Node, name: str) -> None:
        term = self.policy.terms[name]
        if term.means is not None:
            self.points.add(Point("term", name, "", node.value.value))
        for part in node.parts:
            if term.means is not None:
                self.take(part, term.means, "term", name, "means")
            elif term.readings is not None:
                self.take(part, term.readings, "term", name, "readings")
