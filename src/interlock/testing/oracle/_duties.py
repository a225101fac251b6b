"""Duties and pledges at a time: every instance with its state, and when anything about them could change (4.5, 4.6).

`DutyBook` answers what conditions ask about duties, for the decision as for the conditions of other duties. It reads
every instance anew from the facts for each instant that is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from interlock.policy import Done, Duty, Elapsed, Leaf, Overdue, Policy, leaves
from interlock.record import Event
from interlock.terms import parse_instant
from interlock.testing.oracle._due import Instance, due
from interlock.testing.oracle._ground import Ground, Known
from interlock.testing.oracle._once import instances
from interlock.testing.oracle._periods import Chain, walk
from interlock.testing.oracle._policy_conditions import commitments_of, conditions_of, duty_conditions_of
from interlock.testing.oracle._scopes import DutyScope, scopes_of
from interlock.testing.oracle._standing import Standing, Whose
from interlock.testing.oracle._turning import asks_how_duties_stand, turning_points
from interlock.testing.oracle._versions import Span, spans_of


class DutyBook:
    """The duties of every version of every policy, on what is known."""

    def __init__(self, policies: Sequence[Policy], known: Known, spans: dict[str, list[Span]] | None = None) -> None:
        """Take the versions of the policies, what is known of the facts, and other spans than are known by then."""
        self.known = known
        ids = dict.fromkeys(policy.id for policy in policies)
        versions = {name: [policy for policy in policies if policy.id == name] for name in ids}
        self._versions = versions
        self._spans = spans or {name: spans_of(versions[name], known.knowledge.events) for name in ids}
        self._moments: dict[str, list[datetime]] = {}
        self._changing: set[str] = set()
        self._all_changes: dict[tuple[str, bool], list[datetime]] = {}
        self._grounds: dict[tuple[str, datetime, str], Ground] = {}
        self._scopes: dict[tuple[str, datetime, str], list[DutyScope]] = {}
        self._standings: dict[object, list[Standing]] = {}

    # What conditions ask

    def standings(
        self, policy: Policy, duty: str, model: str | None, developer: str, now: datetime
    ) -> Sequence[Standing]:
        """Return every instance, of any version, of the duty that concerns the model (None: only the developer).

        What the issuer owes concerns everyone.
        """
        return [
            standing
            for span in self._spans[policy.id]
            if span.start <= now and duty in span.version.duties
            for standing in self.of_duty(span, span.version.duties[duty], now)
            if span.version.duties[duty].instances == "issuer" or self._concerns(span, standing.whose, model, developer)
        ]

    def _concerns(self, span: Span, whose: Whose, model: str | None, developer: str) -> bool:
        match whose.kind:
            case "model":
                return whose.name == model
            case "lineage":
                return model is not None and self.known.case(span, self, model=model).path(model)[0] == whose.name
            case _:
                return whose.name == developer

    def moments(self, policy: Policy, until: datetime, *, states: bool) -> Sequence[datetime]:
        """Return every instant up to then at which an answer about a duty could change; `states`: of its states too."""
        if policy.id in self._changing:
            found = self._moments[policy.id]
        else:
            found = self.all_changes(policy.id, asked=True) if states else self.all_moments(policy.id)
        return [moment for moment in found if moment <= until]

    def all_changes(self, policy: str, *, asked: bool = False) -> list[datetime]:
        """Return every instant at which a duty of the policy could change, with those at which it does.

        With `asked` only of the duties that some condition asks after.
        """
        if (policy, asked) not in self._all_changes:
            found, new = set(self.all_moments(policy)), self.all_moments(policy)
            duties = self._asked(policy) if asked else self._names(policy)
            self._changing.add(policy)
            while new:
                new = sorted(self._after(policy, set(self._changes(policy, duties, new))) - found)
                found |= set(new)
            self._changing.remove(policy)
            self._all_changes[policy, asked] = sorted(found)
        return self._all_changes[policy, asked]

    def _after(self, policy: str, instants: set[datetime]) -> set[datetime]:
        """Return instants with those at which so much has passed since them as some condition or window lasts.

        A duty is completed also when its `done-when` comes true, and a window opens when its `when` does: that may be
        at any of them.
        """
        found = set(instants)
        for version in self._versions[policy]:
            elapsed = [leaf for leaf in _leaves_of(version) if isinstance(leaf, Elapsed)]
            lengths = [leaf.period for leaf in elapsed if version.duties[leaf.since].done_when is not None]
            windows = [one.for_at_most for one in version.permissions.values() if one.for_at_most is not None]
            for length in (*lengths, *windows):
                ends = {version.calendar.anniversary(instant, length) for instant in found}
                found |= {end for end in ends if end <= self.known.as_of}
        return found

    def _names(self, policy: str) -> set[str]:
        return {duty for version in self._versions[policy] for duty in version.duties}

    def _asked(self, policy: str) -> set[str]:
        """Return the duties whose state some condition asks for."""
        found = [leaf for version in self._versions[policy] for leaf in _leaves_of(version)]
        return {leaf.duty for leaf in found if isinstance(leaf, Done | Overdue)}

    # Duties at a time

    def spans(self, policy: str) -> list[Span]:
        """Return the spans of a policy that have begun."""
        return [span for span in self._spans[policy] if span.start <= self.known.as_of]

    def of_duty(self, span: Span, duty: Duty, now: datetime) -> list[Standing]:
        """Return every instance of a duty of a span as of now, and its running periods."""
        key = (span.version.id, span.start, duty.id, now)
        if key not in self._standings:
            self._standings[key] = list(self._of_duty(span, duty, now))
        return self._standings[key]

    def _of_duty(self, span: Span, duty: Duty, now: datetime) -> Iterator[Standing]:
        ground = self.ground(span, duty)
        scopes = [scope for scope in self.scopes(span, duty) if scope.begins <= now]
        for whose in dict.fromkeys(scope.whose for scope in scopes):
            mine = [scope for scope in scopes if scope.whose == whose]
            models = {model for scope in mine for model in scope.models}
            performances = [
                event
                for event in self.known.knowledge.events
                if event.kind == "duty.performed"
                and event.text_of("duty") == duty.id
                and _is_about(event, whose, models)
                and span.start <= event.occurred <= now
            ]
            if duty.every is None:
                found = instances(ground, mine, performances, now)
                yield from (standing(ground, one, now) for one in found)
            else:
                for chain in walk(ground, mine, performances, now):
                    yield from _of_chain(ground, chain, now)

    def ground(self, span: Span, duty: Duty) -> Ground:
        """Return the ground on which a duty of a span is decided."""
        key = self._key(span, duty)
        if key not in self._grounds:
            moments = self.all_moments(span.version.id)
            self._grounds[key] = Ground(known=self.known, span=span, duty=duty, moments=moments, book=self)
            self._scopes[key] = scopes_of(duty, span, self.known.case(span, self))
        return self._grounds[key]

    def scopes(self, span: Span, duty: Duty) -> list[DutyScope]:
        """Return all that a duty of a span is for, by the time asked about."""
        self.ground(span, duty)
        return self._scopes[self._key(span, duty)]

    @staticmethod
    def _key(span: Span, duty: Duty) -> tuple[str, datetime, str]:
        return (span.version.id, span.start, duty.id)

    # Instants

    def all_moments(self, policy: str) -> list[datetime]:
        """Return every instant up to the time asked about at which the condition of a duty could change.

        What such a condition asks of other duties changes when they open, are due or are done: those instants are
        added, and the duties are looked at again on them, until there are no new ones.
        """
        if policy in self._moments:
            return self._moments[policy]
        found = self._after(policy, set(self._facts(policy)))
        self._moments[policy] = sorted(found)
        self._changing.add(policy)
        while any(asks_how_duties_stand(version, duty_conditions_of(version)) for version in self._versions[policy]):
            self._forget(policy)
            changes = (
                self._after(policy, set(self._changes(policy, self._asked(policy), self._moments[policy]))) - found
            )
            if not changes:
                break
            found |= changes
            self._moments[policy] = sorted(found)
        self._changing.remove(policy)
        self._forget(policy)
        return self._moments[policy]

    def _facts(self, policy: str) -> Iterator[datetime]:
        known, as_of = self.known.knowledge.events, self.known.as_of
        found = {moment for version in self._versions[policy] for moment in turning_points(version, known, as_of)}
        found |= {moment for span in self._spans[policy] for moment in (span.start, span.end) if moment is not None}
        found |= {
            parse_instant(until)
            for event in known
            if event.kind == "excuse.claimed" and (until := event.text_of("until")) is not None
        }
        return (moment for moment in found if moment <= as_of)

    def _changes(self, policy: str, duties: set[str], moments: Sequence[datetime]) -> Iterator[datetime]:
        """Yield the instants at which the duties open, are due or are done, as seen at each of the moments."""
        for span in self.spans(policy):
            for duty in (duty for duty in span.version.duties.values() if duty.id in duties):
                for moment in (moment for moment in moments if moment >= span.start):
                    for one in self.of_duty(span, duty, moment):
                        named = (one.triggered, one.opening, one.first_due, one.due, one.done, one.period_ends)
                        yield from (instant for instant in named if instant is not None and instant <= self.known.as_of)

    def _forget(self, policy: str) -> None:
        """Forget what was evaluated on fewer instants."""
        self._grounds = {key: one for key, one in self._grounds.items() if key[0] != policy}
        self._standings.clear()


def _is_about(event: Event, whose: Whose, models: set[str]) -> bool:
    """4.5: the subject is the scope's; for a lineage, any of its models."""
    if whose.kind == "developer":
        return event.subject.model is None and event.subject.developer == whose.name
    return event.subject.model in models


def _leaves_of(policy: Policy) -> list[Leaf]:
    every = [*conditions_of(policy), *commitments_of(policy)]
    return [leaf for condition in every for leaf in leaves(condition)]


# States


def standing(ground: Ground, instance: Instance, now: datetime) -> Standing:
    """4.5: the state of an instance, the first of those that apply."""
    seen_at = ground.last(now) if instance.superseded else now
    first, held = due(ground, instance, seen_at)
    done = instance.done
    late = None
    if done is not None and (held is None or done < held):
        state = "done"
    elif instance.superseded:
        state = "superseded"
    elif ground.excused(instance.scope, now) and not _excuse_ended(ground, instance, now):
        state = "excused"
    elif done is not None and held is not None:
        state, late = "done-late", done - held
    elif instance.provisional:
        state = ground.unknown_state
    elif held is not None and held <= now:
        state, late = "overdue", now - held
    else:
        state = "open"
    return Standing(
        policy=ground.span.version.id,
        version=ground.span.version.version,
        span=ground.span.start,
        duty=ground.duty.id,
        instance=instance.scope.name,
        whose=instance.scope.whose,
        state=state,
        triggered=None if instance.early else instance.triggered,
        opening=instance.opening,
        event=instance.event.index if instance.event is not None else None,
        first_due=first,
        due=held,
        done=done,
        late_by=late,
    )


def _excuse_ended(ground: Ground, instance: Instance, now: datetime) -> bool:
    """9: `excuse.claimed` is a note; with `until` it ends the excuse then, unless a later one was claimed."""
    claims = [
        event
        for event in ground.known.knowledge.events
        if event.kind == "excuse.claimed"
        and event.occurred <= now
        and event.text_of("duty") == ground.duty.id
        and _is_about(event, instance.scope.whose, set(instance.scope.models))
        and event.text_of("instance") in (None, instance.scope.name)
    ]
    place = max(((event.occurred, event.recorded) for event in claims), default=None)
    last = [event for event in claims if (event.occurred, event.recorded) == place]
    ends = [until for event in last if (until := event.text_of("until")) is not None]
    return any(parse_instant(until) <= now for until in ends)


def _of_chain(ground: Ground, chain: Chain, now: datetime) -> Iterator[Standing]:
    """Yield what was done and what is open, and the running period unless it was done or opened already."""
    last = [*chain.closed, *chain.open]
    unknown = chain.unknown_growth(now)
    if unknown is not None:
        last.append(unknown)
    yield from (standing(ground, one, now) for one in last)
    if unknown is None and chain.running is not None and not chain.running.settled:
        yield _not_triggered(ground, chain.scope.name, chain.scope.whose, chain.end())


def _not_triggered(ground: Ground, name: str, whose: Whose, ends: datetime | None) -> Standing:
    return Standing(
        policy=ground.span.version.id,
        version=ground.span.version.version,
        span=ground.span.start,
        duty=ground.duty.id,
        instance=name,
        whose=whose,
        state="not-triggered",
        period_ends=ends,
    )


# The answer


def all_standings(book: DutyBook, policy: str, as_of: datetime) -> Iterator[Standing]:
    """Yield every instance of every duty of a policy, and an entry for what has none under the version in force."""
    for span in book.spans(policy):
        for duty in span.version.duties.values():
            found = book.of_duty(span, duty, as_of)
            yield from found
            if span.holds_at(as_of):
                yield from _without_instance(book, span, duty, found, as_of)


def _without_instance(
    book: DutyBook, span: Span, duty: Duty, found: Sequence[Standing], as_of: datetime
) -> Iterator[Standing]:
    ground = book.ground(span, duty)
    scopes = [scope for scope in book.scopes(span, duty) if scope.begins <= as_of]
    by_event = duty.instances is None and ground.by_event is not None
    for scope in scopes:
        gone = scope.closes is not None and scope.closes <= as_of
        if not by_event and not gone and all(not _is_of(one, scope) for one in found):
            yield _not_triggered(ground, scope.name, scope.whose, None)
    if not found and (not scopes or by_event):
        whose = Whose(kind="developer", name=span.version.issuer)
        yield _not_triggered(ground, whose.name, whose, None)


def _is_of(standing: Standing, scope: DutyScope) -> bool:
    return (standing.instance, standing.whose) == (scope.name, scope.whose)
