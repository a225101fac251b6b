"""References: which events an event names, by index or digest, and what is wrong with the names it gives.

A reference that resolves to nothing is a fault and never ignored: an ignored withdrawal would leave a ruling-out
standing. An index names the event given at that place; a digest names every event that has it, since identical
events say the same. An event that is written out in a correction has no name of its own: its correction's serves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from interlock.record._events import Event
from interlock.record._payloads import (
    DocumentActed,
    EvaluationCompleted,
    EvaluationWithdrawn,
    EventCorrected,
    Reference,
)
from interlock.record._problems import At


@dataclass(slots=True)
class Resolver:
    """Finds events by reference among some that are known; digests are taken only once one is asked for."""

    events: Sequence[Event]
    _by_index: dict[int, Event] = field(default_factory=dict)
    _by_digest: dict[str, list[Event]] | None = None

    def __post_init__(self) -> None:
        """Arrange the events by index."""
        self._by_index = {event.index: event for event in self.events}

    def find(self, reference: Reference) -> Sequence[Event]:
        """Return the events that `reference` names, by index; none where it names none."""
        if isinstance(reference, int):
            event = self._by_index.get(reference)
            return () if event is None else (event,)
        if self._by_digest is None:
            self._by_digest = {}
            for event in self.events:
                self._by_digest.setdefault(event.digest, []).append(event)
        return self._by_digest.get(reference, ())


def written_out(event: Event) -> Event:
    """Return what stands in an event's place: the event that a correction has written out in it, else itself."""
    while isinstance(event.payload, EventCorrected) and isinstance(event.payload.by, Event):
        event = event.payload.by
    return event


def layers(event: Event) -> Iterator[tuple[Event, EventCorrected]]:
    """Yield a correction and those that are written out in it, outermost first; nothing for any other event."""
    while isinstance(event.payload, EventCorrected):
        yield event, event.payload
        if not isinstance(event.payload.by, Event):
            return
        event = event.payload.by


@dataclass(frozen=True, slots=True)
class Given:
    """An event as given, or None for one that could not be read, and where its problems are collected."""

    event: Event | None
    at: At


def check_references(given: Sequence[Given]) -> None:
    """Report every reference that names nothing, or nothing that its place allows; corrections are checked apart.

    Where some event could not be read, a name that resolves to nothing is let pass, since it may be that event's.
    """
    sound = [one.event for one in given if one.event is not None]
    checks = _Checks(Resolver(sound), frozenset(i for i, one in enumerate(given) if one.event is None))
    for one in given:
        if one.event is None:
            continue
        at = one.at
        for _, corrected in layers(one.event):
            checks.correction(corrected, at.under("data"))
            at = at.under("data").under("by")
        checks.check(written_out(one.event), at.under("data"))


@dataclass(frozen=True, slots=True)
class _Checks:
    resolver: Resolver
    unread: frozenset[int]

    def check(self, event: Event, at: At) -> None:
        match event.payload:
            case EvaluationWithdrawn() as withdrawn:
                self._evaluations(event, withdrawn.evaluation, at.under("evaluation"))
                if withdrawn.replaced_by is not None:
                    self._replacement(withdrawn, at.under("replaced-by"))
            case DocumentActed(evidence=references):
                for place, reference in enumerate(references):
                    self._named_evaluations(reference, at.under("evidence").under(place))
            case _:
                return

    def correction(self, corrected: EventCorrected, at: At) -> None:
        self.named(corrected.event, at.under("event"))
        if not isinstance(corrected.by, Event):
            self.named(corrected.by, at.under("by"))

    def named(self, reference: Reference, at: At) -> Sequence[Event]:
        found = self.resolver.find(reference)
        unknown = self.unread if isinstance(reference, str) else self.unread & {reference}
        if not found and not unknown:
            expected = "the index of an event as given, from 0, or the digest of one"
            at.report(f"{at.label}: there is no event `{reference}`", expected=expected)
        return found

    def _named_evaluations(self, reference: Reference, at: At) -> Iterable[Event]:
        # Events of one digest say the same, so that the first of them tells what all are.
        found = [written_out(event) for event in self.named(reference, at)[:1]]
        for event in found:
            if not isinstance(event.payload, EvaluationCompleted):
                message = f"{at.label}: event `{reference}` is `{event.kind}`"
                at.report(message, expected="an `evaluation.completed`")
        return found

    def _evaluations(self, withdrawal: Event, reference: Reference, at: At) -> None:
        for event in self._named_evaluations(reference, at):
            model = event.subject.model
            if isinstance(event.payload, EvaluationCompleted) and model != withdrawal.subject.model:
                message = f"event `{reference}` is an evaluation of `{model}`"
                at.report(message, expected=f"one of `{withdrawal.subject.model}`, which this withdrawal is about")

    def _replacement(self, withdrawn: EvaluationWithdrawn, at: At) -> None:
        assert withdrawn.replaced_by is not None  # noqa: S101 - asked only where there is one
        indices = {event.index for event in self._named_evaluations(withdrawn.replaced_by, at)}
        if indices & {event.index for event in self.resolver.find(withdrawn.evaluation)}:
            at.report(f"{at.label} names the evaluation that is withdrawn", expected="another evaluation")
