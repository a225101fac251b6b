"""Terms: the words on which a policy's meaning hangs, the rulings on them, and whom each ruling favours (LANGUAGE 2).

A ruling favours the developer where, at its instant, it permits what another reading would hold, or asks for less; it
favours restriction where it is the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from interlock.engine._applied import AppliedPolicy, applied_line
from interlock.engine._disputes import Rulings, assumed_for
from interlock.engine._duties import by_policy, states_of
from interlock.engine._duty_results import DutyState
from interlock.engine._errors import Refused
from interlock.engine._reading import DUTY_PREFIX, readings_of
from interlock.engine._replay_readers import forbidden_actions
from interlock.engine._rulings import Ruling, ruling_on
from interlock.engine._state import State, View, fold
from interlock.engine._support import check_duties_supported, check_supported
from interlock.engine._versions import check_digests
from interlock.policy import Condition, Disputant, Policy, Readings, Term
from interlock.record import Event, History, Subject, TermRuled, history
from interlock.terms import ACTIONS, format_instant, ships

BINDS, SUPERSEDED, SET_ASIDE, UNKNOWN_READING, WITHOUT_EFFECT = (
    "binds",
    "superseded",
    "set-aside",
    "unknown-reading",
    "without-effect",
)
DEVELOPER, RESTRICTION, BOTH, NOTHING = "the developer", "restriction", "either in part", "nobody, on this record"
Outcomes = Mapping[tuple[str, str], bool]
"""Whether each action of each model is held, by model and action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCut:
    """An action of a model whose answer hangs on the reading: `held` by reading, by what is known now."""

    model: str
    action: str
    held: Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingStanding:
    """A ruling: of which reading, about whom, by whom (`side` is the role's), whether it binds, and whom it favours."""

    event: Event
    reading: str
    reason: str
    side: str | None
    state: str
    favours: str

    @property
    def about(self) -> Subject:
        """About whom it was ruled."""
        return self.event.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class TermStanding:
    """A term of the version in force, or readings that stand in a condition.

    `means` is what it stands for where nothing is in dispute. `open_for` are the models (or, without any, the
    developer) for which no ruling binds; `cuts` the actions whose answer hangs on the reading; `asked` by reading how
    many instances of duties there would be.
    """

    policy: Policy
    id: str
    term: Term | None
    means: Condition | None
    readings: Readings | None
    rulings: tuple[RulingStanding, ...] = ()
    open_for: tuple[str, ...] = ()
    cuts: tuple[ActionCut, ...] = ()
    asked: Mapping[str, int] = field(default_factory=dict)

    @property
    def disputed(self) -> tuple[Disputant, ...]:
        """Who disputes it, as the policy file says; nobody is named for readings that stand in a condition."""
        return () if self.term is None else self.term.disputed

    @property
    def is_open(self) -> bool:
        """Whether the text is in dispute and no ruling settles it for some model."""
        return bool(self.open_for)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermReport:
    """The terms of the versions in force as of a time, by what was known."""

    as_of: datetime
    known_at: datetime
    events: tuple[str, ...]
    versions: tuple[Policy, ...]
    terms: tuple[TermStanding, ...]


def terms_in(policy: Policy) -> Iterator[tuple[str, Term | None, Condition | None, Readings | None]]:
    """Yield the policy's terms, then the readings that stand in its conditions under a name of their own."""
    for term in policy.terms.values():
        yield term.id, term, term.means, term.readings
    for name, readings in readings_of(policy).items():
        if name not in policy.terms:
            yield name, None, None, readings


def terms(
    policies: Sequence[Policy], events: Sequence[Event], as_of: datetime, *, known_at: datetime | None = None
) -> TermReport:
    """Return the terms of the versions in force, the rulings on them, and what hangs on each reading.

    Raises Refused where no version is in force, or where a policy needs what this engine does not evaluate;
    DigestMismatch where an event names another policy file. The cost is that of deciding every forbidden action of
    every model once for each reading, now and at each ruling.
    """
    known = history(events, as_of if known_at is None else known_at)
    check_digests(policies, known.events)
    state = fold(known, as_of)
    found: list[TermStanding] = []
    versions: list[Policy] = []
    for line in by_policy(policies):
        lines = _Lines(line, known, state, as_of)
        spans = lines.under({})
        if spans:
            policy = spans[-1].policy
            versions.append(policy)
            _check(policy)
            found += [_standing(lines, *term) for term in terms_in(policy)]
    if not versions:
        msg = f"no version of a policy given is in force at {format_instant(as_of)}"
        raise Refused(msg, advice="ask about a later time, or give the version that was in force then")
    return TermReport(
        as_of=as_of,
        known_at=known.known_at,
        events=tuple(event.digest for event in known.given),
        versions=tuple(versions),
        terms=tuple(found),
    )


def _check(policy: Policy) -> None:
    check_duties_supported(policy)
    for action in ACTIONS:
        check_supported(policy, action)


@dataclass(slots=True)
class _Lines:
    """The versions of one policy applied to the record, under whatever readings are assumed; each worked out once."""

    line: Sequence[Policy]
    known: History
    state: State
    as_of: datetime
    applied: dict[tuple[tuple[tuple[str, str], str], ...], list[AppliedPolicy]] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """The version in force."""
        return self.under({})[-1].policy

    def under(self, rulings: Rulings) -> list[AppliedPolicy]:
        """Return the stretches in which versions were in force."""
        key = tuple(sorted(rulings.items()))
        if key not in self.applied:
            assumed = assumed_for(self.line[0].id, rulings)
            self.applied[key] = applied_line(self.line, self.known, self.state, self.as_of, rulings=assumed)
        return self.applied[key]

    def outcomes(self, rulings: Rulings, at: datetime) -> Outcomes:
        """Return what was held at an instant, of all that the policy forbids of the models registered by then."""
        spans = [span for span in self.under(rulings) if span.since <= at]
        if not spans:
            return {}
        applied = spans[-1]
        view = View(self.state, at)
        found = {}
        for model in (model.id for model in view.registered() if applied.binds(model.id)):
            for action, names in forbidden_actions(applied.policy).items():
                held = _held(applied, model, action, names, at)
                if held is not None:
                    found[model, action] = held
        return found

    def asked(self, rulings: Rulings) -> int:
        """Return how many instances of duties have come about."""
        none_yet = {DutyState.NOT_TRIGGERED, DutyState.UNKNOWN}
        return sum(state not in none_yet for span in self.under(rulings) for state in states_of(span, self.as_of))


def _held(applied: AppliedPolicy, model: str, action: str, names: Iterable[str], at: datetime) -> bool | None:
    try:
        case = applied.newest(model, ships=ships(action)).case(at)
        return any(case.restriction(name).state == "active" for name in names)
    except Refused:
        return None


def _standing(
    lines: _Lines, name: str, term: Term | None, means: Condition | None, readings: Readings | None
) -> TermStanding:
    policy = lines.policy
    if readings is None:
        return TermStanding(policy=policy, id=name, term=term, means=means, readings=None)
    each = {reading: {(policy.id, name): reading} for reading, _ in readings.readings}
    now = {reading: lines.outcomes(assumed, lines.as_of) for reading, assumed in each.items()}
    binding, open_for = _binding(lines, readings)
    return TermStanding(
        policy=policy,
        id=name,
        term=term,
        means=None,
        readings=readings,
        rulings=tuple(_rulings(lines, readings, binding, each)),
        open_for=tuple(open_for),
        cuts=tuple(_cuts(now)),
        asked={reading: lines.asked(assumed) for reading, assumed in each.items()},
    )


def _cuts(now: Mapping[str, Outcomes]) -> Iterator[ActionCut]:
    for model, action in dict.fromkeys(key for outcomes in now.values() for key in outcomes):
        held = {reading: outcomes.get((model, action), False) for reading, outcomes in now.items()}
        if len(set(held.values())) > 1:
            yield ActionCut(model=model, action=action.removeprefix(DUTY_PREFIX), held=held)


def _binding(lines: _Lines, readings: Readings) -> tuple[set[int], list[str]]:
    """Return the events whose rulings bind someone now, and those for whom none does."""
    applied = lines.under({})[-1]
    models = [model for model in applied.models() if applied.begins(model) <= lines.as_of]
    timelines = [(model, applied.newest(model, ships=False)) for model in models]
    timelines = timelines or [(developer, applied.of_developer(developer)) for developer in applied.developers()]
    bound: set[int] = set()
    open_for: list[str] = []
    for name, timeline in timelines:
        ruling: Ruling = ruling_on(timeline.case(lines.as_of), readings)
        bound |= {event.index for event in ruling.events}
        if ruling.reading is None:
            open_for.append(name)
    return bound, open_for


def _rulings(
    lines: _Lines, readings: Readings, binding: set[int], each: Mapping[str, Rulings]
) -> Iterator[RulingStanding]:
    policy, names = lines.policy, {name for name, _ in readings.readings}
    for event in lines.known.events:
        said = event.payload
        if not isinstance(said, TermRuled) or said.term != readings.id or event.occurred > lines.as_of:
            continue
        role = policy.roles.get(event.role or "")
        yield RulingStanding(
            event=event,
            reading=said.reading,
            reason=said.reason,
            side=None if role is None else role.side,
            state=_state(event, said, readings, names, binding),
            favours=_favours(lines, said.reading, event.occurred, each),
        )


def _state(event: Event, said: TermRuled, readings: Readings, names: set[str], binding: set[int]) -> str:
    if said.reading not in names:
        return UNKNOWN_READING
    if readings.ruled_by is not None and event.role not in readings.ruled_by.names:
        return SET_ASIDE
    if event.index in binding:
        return BINDS
    return SUPERSEDED if binding else WITHOUT_EFFECT


def _favours(lines: _Lines, reading: str, at: datetime, each: Mapping[str, Rulings]) -> str:
    """Return whom a ruling favours: by what it permits or holds at its instant, and by the duties it makes."""
    if reading not in each:
        return NOTHING
    ruled = lines.outcomes(each[reading], at)
    others = {name: lines.outcomes(assumed, at) for name, assumed in each.items() if name != reading}
    looser = any(held and not ruled.get(key, False) for other in others.values() for key, held in other.items())
    tighter = any(held and not other.get(key, False) for other in others.values() for key, held in ruled.items())
    asked = lines.asked(each[reading])
    looser = looser or any(lines.asked(each[name]) > asked for name in others)
    tighter = tighter or any(lines.asked(each[name]) < asked for name in others)
    return {(True, False): DEVELOPER, (False, True): RESTRICTION, (True, True): BOTH}.get((looser, tighter), NOTHING)
