"""The case: what was known at a time about what was so at another, and who and what an event is about (3.1 to 3.3).

Every question is answered by reading all known events again; nothing is kept from one instant to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from interlock.policy import Freshness, Policy, Scope
from interlock.record import EvaluationWithdrawn, Event, ModelRegistered
from interlock.terms import Quantity, Truth
from interlock.testing.oracle._knowledge import Knowledge
from interlock.testing.oracle._standing import Book

Supports = frozenset[frozenset[int]]
"""The sets of events, by index, on any one of which a value rests."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A measured quantity, known to lie between two magnitudes; None is an open side. `value` is the greatest."""

    lower: Fraction | None
    upper: Fraction | None
    stated: Fraction
    dimension: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a question fixes for every instant that is looked at; `weights` is None where no event names a digest."""

    model: str
    action: str
    as_of: datetime
    known_at: datetime
    weights: str | None
    at_compute: Quantity | None


@dataclass(frozen=True, kw_only=True)
class Focus:
    """The one deployment, incident or document digest that a duty is for: all that its conditions see of the like.

    `named` is the index of the deployment's event, the incident's id or the document's digest.
    """

    kind: str
    named: int | str
    document: str = ""

    def shows(self, event: Event) -> bool:
        """Return whether leaves about deployments, incidents or the document see the event."""
        if self.kind == "deployment":
            return event.kind != "model.deployed" or event.index == self.named
        if self.kind == "incident":
            return not event.kind.startswith("incident.") or event.text_of("id") == self.named
        return event.text_of("document") != self.document or event.text_of("digest") == self.named


@dataclass(frozen=True, kw_only=True)
class Case:
    """The known events up to `now`, looked at for one policy and one model.

    `reversed_whens` names the restrictions whose unknown `when` is read the other way (4.4, by_default).
    `about` is the `of:` that encloses a condition; a leaf's own comes first. `supposed` are values of leaves, by their
    texts, to take at the instant asked about in place of what the events show; `supposed_rulings` are readings of
    terms to take there as ruled, `forced` those to take at every instant as ruled.
    For conditions of duties: `alone` is the developer whose own case it is, with no model; `focus` what the duty is
    for; `each_alone` lets leaves about events rest on each of their events alone. `book` answers what leaves ask about
    duties.
    """

    policy: Policy
    knowledge: Knowledge
    asked: Asked
    model: str
    weights: str | None
    now: datetime
    about: Scope = Scope.THIS
    reversed_whens: frozenset[str] = frozenset()
    supposed: Mapping[str, Truth] = field(default_factory=dict)
    supposed_rulings: Mapping[str, str] = field(default_factory=dict)
    forced: Mapping[str, str] = field(default_factory=dict)
    alone: str | None = None
    focus: Focus | None = None
    each_alone: bool = False
    book: Book | None = field(default=None, compare=False, repr=False)
    memo: dict[object, object] = field(default_factory=dict, compare=False, repr=False)

    @property
    def known(self) -> tuple[Event, ...]:
        """Every event that is known, also of what occurs after now."""
        return self.knowledge.events

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """3.2: the case at an instant is what is known of what occurred by then."""
        return tuple(event for event in self.known if event.occurred <= self.now)

    def at(self, instant: datetime) -> Case:
        """Return the case at another instant, on the same knowledge."""
        return replace(self, now=instant)

    def supposes(self, text: str) -> Truth | None:
        """Return the value that is supposed of a leaf."""
        return self.supposed.get(text) if self.now == self.asked.as_of else None

    def of_model(self, model: str) -> Case:
        """Return the case for a model: the one asked about at the digest asked, another at its newest checkpoint."""
        if model == self.asked.model:
            return replace(self, model=model, weights=self.asked.weights, about=Scope.THIS, alone=None)
        return replace(self, model=model, weights=self.newest_checkpoint(model), about=Scope.THIS, alone=None)

    def newest_checkpoint(self, model: str) -> str | None:
        """Return the digest of `model` that was named last for the first time."""
        digests = self.checkpoints(model)
        return digests[-1] if digests else None

    # Models and their lineage: who a model is does not change; it is what is known of it at the instant asked about

    @cached_property
    def named_models(self) -> tuple[Event, ...]:
        """Return the registrations."""
        return tuple(
            event
            for event in self.known
            if event.occurred <= self.asked.as_of and isinstance(event.payload, ModelRegistered)
        )

    def registrations(self, model: str) -> list[ModelRegistered]:
        """Return what the registrations of `model` say."""
        return [
            event.payload
            for event in self.named_models
            if isinstance(event.payload, ModelRegistered) and event.subject.model == model
        ]

    def registered_at(self, model: str) -> datetime | None:
        """Return when `model` was first registered."""
        return min((event.occurred for event in self.named_models if event.subject.model == model), default=None)

    def parent(self, model: str) -> str | None:
        """Return the parent that a registration of `model` names, once it is registered."""
        if not self._is_registered(model):
            return None
        return next((said.parent for said in self.registrations(model) if said.parent is not None), None)

    def developer(self, model: str) -> str:
        """Return the developer that a registration of `model` names, else the issuer of the policy that decides."""
        if self.alone is not None and not model:
            return self.alone
        named = (said.developer for said in self.registrations(model) if said.developer is not None)
        return next(named, self.policy.issuer)

    def path(self, model: str) -> list[str]:
        """Return the ancestors of `model`, the oldest first, and `model` itself; stops where a parent comes again."""
        path = [model]
        while (parent := self.parent(path[0])) is not None and parent not in path:
            path.insert(0, parent)
        return path

    def registered_models(self) -> list[str]:
        """Return every registered model."""
        return sorted({event.subject.model for event in self.named_models if event.subject.model is not None})

    def named_by_events(self) -> list[str]:
        """Return every model that an event is about, registered or not."""
        return sorted({event.subject.model for event in self.events if event.subject.model is not None})

    def models_of(self, scope: Scope) -> list[str]:
        """Return the models that `of: lineage` and `of: any-model` speak about; a developer has no lineage.

        Beside the model itself these are the ones registered by now.
        """
        known = [model for model in self.registered_models() if self._is_registered(model)]
        if self.alone is not None:
            return [m for m in known if scope is Scope.ANY_MODEL and self.developer(m) == self.alone]
        if scope is Scope.LINEAGE:
            return sorted({*self.path(self.model), *(model for model in known if self.model in self.path(model))})
        own = self.developer(self.model)
        return sorted({self.model, *(model for model in known if self.developer(model) == own)})

    def _is_registered(self, model: str) -> bool:
        registered = self.registered_at(model)
        return registered is not None and registered <= self.now

    # Checkpoints

    def checkpoints(self, model: str) -> list[str]:
        """3.3: the digests of `model` in the order in which events about it first name them."""
        return _first_named(self.events, model)

    def position(self, model: str, weights: str | None) -> int:
        """Return the place of a digest among the checkpoints; no digest is the earliest one.

        The places are those at the instant asked about, so that the digest asked has one at every earlier instant.
        Where no event names the digest asked (an act that a replay judges does so first) it is the newest one.
        """
        digests = _first_named(self.at(self.asked.as_of).events, model)
        if model == self.asked.model and self.asked.weights is not None and self.asked.weights not in digests:
            digests.append(self.asked.weights)
        return digests.index(weights) if weights in digests else 0

    def first_named(self, model: str, position: int) -> datetime:
        """Return when an event about `model` first named its checkpoint at `position`.

        A model of which no event names a digest has one checkpoint, named by the first event about it.
        """
        digests = self.checkpoints(model)
        return min(
            event.occurred
            for event in self.events
            if event.subject.model == model and (not digests or event.subject.weights == digests[position])
        )

    # Whom a fact is about

    def visible(self, scope: Scope, *, happenings: bool = False) -> Iterator[Event]:
        """3.1: facts of a model, of its developer (for each of its models) and of the world (for all).

        In a developer's own case `happenings` (events, publications and notices) of its models are seen too, and in
        that of an incident all reports of it about any of them.
        """
        scope = self.about if scope is Scope.THIS else scope
        models = [self.model] if scope is Scope.THIS else self.models_of(scope)
        if self.alone is not None and scope is Scope.THIS and happenings:
            models = [model for model in self.named_by_events() if self.developer(model) == self.alone]
        developers = {self.developer(model) for model in models} | ({self.alone} - {None})
        for event in self.events:
            subject = event.subject
            if self.focus is not None and not self.focus.shows(event):
                continue
            if happenings and scope is Scope.THIS and self._is_report(event):
                seen = True
            elif subject.model is not None:
                seen = scope not in (Scope.DEVELOPER, Scope.WORLD) and subject.model in models
            elif subject.developer is not None:
                seen = scope is not Scope.WORLD and subject.developer in developers
            else:
                seen = scope is not Scope.DEVELOPER
            if seen:
                yield event

    def _is_report(self, event: Event) -> bool:
        """Return whether the event reports the incident that a duty is for, about whom its developer answers for."""
        if self.focus is None or self.focus.kind != "incident" or not event.kind.startswith("incident."):
            return False
        developer = self.alone or self.developer(self.model)
        if event.subject.model is not None:
            return self.developer(event.subject.model) == developer
        return event.subject.developer in (None, developer)

    def facts(self) -> list[Event]:
        """Return the facts about the model, its developer and the world, whatever a duty is for."""
        return list(replace(self, about=Scope.THIS, focus=None).visible(Scope.THIS))

    def withdrawn(self, event: Event) -> bool:
        """3.3: an evaluation leaves the set by `evaluation.withdrawn`, from when that occurred."""
        return any(
            isinstance(other.payload, EvaluationWithdrawn) and self.knowledge.names(other.payload.evaluation, event)
            for other in self.events
        )

    # Age

    def young(self, event: Event, limits: Sequence[Freshness]) -> bool:
        """1 and 9: younger than every period, grown by less than every factor; at exactly the end it is over."""
        return all(self._young(event, limit) for limit in limits)

    def _young(self, event: Event, limit: Freshness) -> bool:
        if limit.period is not None and self.now >= self.policy.calendar.anniversary(event.occurred, limit.period):
            return False
        if limit.growth is not None:
            grown = self.growth_since(event)
            if grown is None or grown >= limit.growth:
                return False
        return True

    def growth_since(self, event: Event) -> Fraction | None:
        """9: upper now over lower then; None where either isn't known.

        Now is the model asked about; then is the model that the event is about, where it is about one.
        """
        now = self.compute_now(self.model)
        then = self.compute(event.subject.model or self.model, event.occurred)
        if now is None or then is None or now.upper is None or then.lower is None:
            return None
        if now.dimension != then.dimension or then.lower <= 0:
            return None
        return now.upper / then.lower

    def compute_now(self, model: str) -> Interval | None:
        """Return the effective compute of `model`, or the compute that the question supposes."""
        supposed = self.asked.at_compute
        if supposed is not None and self.now == self.asked.as_of and model == self.asked.model:
            number = supposed.magnitude
            return Interval(lower=number, upper=number, stated=number, dimension=supposed.dimension)
        return self.compute(model, self.now)

    def compute(self, model: str, until: datetime) -> Interval | None:
        """9: the latest effective compute of `model` by then."""
        return self.amount("effective-compute", model, until)

    def amount(self, quantity: str, model: str, until: datetime) -> Interval | None:
        """Return the latest value of a quantity of `model` by then."""
        measured = self.latest_measured(quantity, model, until)
        return hull(measured) if measured else None

    def latest_measured(self, quantity: str, model: str, until: datetime) -> list[Event]:
        """9: the latest measurements; a model without a measurement of its own has its parent's."""
        for ancestor in reversed(self.path(model)):
            measured = latest(
                event
                for event in replace(self, model=ancestor, about=Scope.THIS).visible(Scope.THIS)
                if event.measured is not None and event.measured.quantity == quantity and event.occurred <= until
            )
            if measured:
                return measured
        return []


def _first_named(events: Sequence[Event], model: str) -> list[str]:
    named: list[str] = []
    for event in events:
        weights = event.subject.weights
        if event.subject.model == model and weights is not None and weights not in named:
            named.append(weights)
    return named


def latest(events: Iterable[Event]) -> list[Event]:
    """Return the latest events by (occurred, recorded): all of those that share that place."""
    listed = list(events)
    place = max(((event.occurred, event.recorded) for event in listed), default=None)
    return [event for event in listed if (event.occurred, event.recorded) == place]


def hull(measured: Sequence[Event]) -> Interval | None:
    """Return the least interval that holds every measurement given; None where their dimensions differ."""
    said = [event.measured for event in measured if event.measured is not None]
    lowers, uppers = [], []
    for payload in said:
        bounded = payload.lower is not None or payload.upper is not None
        lowers.append(payload.lower if bounded else payload.value)
        uppers.append(payload.upper if bounded else payload.value)
    if len({payload.value.dimension for payload in said}) != 1:
        return None
    lower = None if None in lowers else min(quantity.magnitude for quantity in lowers if quantity is not None)
    upper = None if None in uppers else max(quantity.magnitude for quantity in uppers if quantity is not None)
    stated = max((payload.upper or payload.value).magnitude for payload in said)
    return Interval(lower=lower, upper=upper, stated=stated, dimension=said[0].value.dimension)
