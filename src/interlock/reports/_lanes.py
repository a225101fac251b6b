"""Lanes: what a replay showed, laid out along time: what was held, what was due, what was shown, what was done.

Values only; how they look is for the picture to say. Each bar and mark has its words, which say all that it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Final

from interlock.engine import Breach, DutyStanding, DutyState
from interlock.record import Event, History, Subject
from interlock.reports._replayed import Replayed
from interlock.reports._words import breach_words, decided_words, event_words, lateness_words, reading_words, time_words
from interlock.terms import LEAF_ACTIONS

ACTS: Final = {
    "training.started": "train",
    "training.continued": "train",
    "weights.stored": "store",
    "weights.shared": "share-weights",
    "weights.released": "release-weights",
}


class Look(Enum):
    """What a bar or a mark stands for; the value is the word that the legend has for it."""

    IN_FORCE = "version in force"
    HELD_BY_EVIDENCE = "action held, decided by evidence"
    HELD_BY_BURDEN = "action held, decided by the burden of proof"
    WAITING = "period of a recurring duty, running"
    OPEN = "duty open"
    LATE = "duty past its due time"
    DUE = "due"
    DONE = "duty done in time"
    DONE_LATE = "duty done late"
    EXCUSED = "duty excused"
    SUPERSEDED = "duty superseded with its version"
    PLANNED = "evaluation planned or started"
    EVALUATED = "evaluation completed"
    WITHDRAWN = "evaluation withdrawn"
    ACT = "action that took place"
    DEPARTURE = "departure under this encoding, by its number in the table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stretch of time; `end` is None where it goes on at the end."""

    look: Look
    start: datetime
    end: datetime | None
    words: str
    label: str | None = None
    """What is written on it, where there is room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An instant; `number` is that of a departure in the table."""

    look: Look
    at: datetime
    words: str
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One row of the picture."""

    label: str
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def looks(self) -> Iterator[Look]:
        """What its bars and marks stand for."""
        yield from (bar.look for bar in self.bars)
        yield from (mark.look for mark in self.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The rows about one model, developer or other instance, under its name."""

    title: str
    lanes: tuple[Lane, ...]


@dataclass(slots=True)
class _Drawn:
    """What is drawn about one subject, before it is put into rows."""

    held: dict[str, list[Bar]] = field(default_factory=dict)
    duties: dict[str, tuple[list[Bar], list[Mark]]] = field(default_factory=dict)
    evidence: list[Mark] = field(default_factory=list)
    acts: list[Mark] = field(default_factory=list)
    departures: list[Mark] = field(default_factory=list)

    def lanes(self) -> Iterator[Lane]:
        for action in sorted(self.held, key=_rank):
            yield Lane(label=f"{action} held", bars=tuple(self.held[action]))
        for label, (bars, marks) in self.duties.items():
            yield Lane(label=label, bars=tuple(bars), marks=tuple(marks))
        for label, found in (("evaluations", self.evidence), ("acts", self.acts), ("departures", self.departures)):
            if found:
                yield Lane(label=label, marks=tuple(found))


def _rank(action: str) -> tuple[int, str]:
    return (LEAF_ACTIONS.index(action) if action in LEAF_ACTIONS else len(LEAF_ACTIONS), action)


def groups_of(replayed: Replayed) -> tuple[Group, ...]:
    """Return the rows of the picture, those of policies first, then by subject in the order of their first events."""
    replay = replayed.replay
    known = replayed.known
    drawn: dict[str, _Drawn] = {}
    for event in known.events:
        if event.occurred <= replay.as_of and event.subject.model is not None:
            drawn.setdefault(event.subject.model, _Drawn())
    for hold in replay.holds:
        bars = drawn.setdefault(hold.model, _Drawn()).held.setdefault(hold.action, [])
        look = Look.HELD_BY_BURDEN if hold.by_default else Look.HELD_BY_EVIDENCE
        by = ", ".join(hold.restrictions)
        words = f"{hold.action} of {hold.model} held by {by}, {decided_words(by_default=hold.by_default)}"
        bars.append(Bar(look=look, start=hold.start, end=hold.end, words=f"{words}, {_stretch(hold.start, hold.end)}"))
    _draw_duties(replay.duties.duties, replay.as_of, drawn)
    _draw_events(known, replay.as_of, drawn)
    _draw_departures(replay.breaches, replay.duties.duties, drawn)
    amended = drawn.pop(_POLICY, _Drawn())
    first = Group(title=_POLICY, lanes=(*_versions(replayed), *amended.lanes()))
    groups = [Group(title=title, lanes=tuple(one.lanes())) for title, one in drawn.items()]
    return tuple(group for group in (first, *groups) if group.lanes)


_POLICY: Final = "policies"


def _stretch(start: datetime, end: datetime | None) -> str:
    return f"from {time_words(start)}{' on' if end is None else f' to {time_words(end)}'}"


# Versions


def _versions(replayed: Replayed) -> Iterator[Lane]:
    replay = replayed.replay
    if replay.under is not None:
        start = min([event.occurred for event in replayed.events] or [replay.as_of])
        words = f"{replay.under.id} {replay.under.version}, taken as in force throughout"
        bar = Bar(look=Look.IN_FORCE, start=start, end=None, words=words, label=replay.under.version)
        yield Lane(label=f"{replay.under.id} (as if)", bars=(bar,))
    starts: dict[str, list[tuple[datetime, str]]] = {}
    for moment in replay.history:
        for change in moment.changes:
            if change.item == "version" and change.now is not None:
                starts.setdefault(change.policy, []).append((moment.at, change.now))
    for policy, found in sorted(starts.items()):
        if replay.under is not None and policy == replay.under.id:
            continue
        ends = [*(start for start, _ in found[1:]), None]
        bars = tuple(
            Bar(
                look=Look.IN_FORCE,
                start=start,
                end=end,
                words=f"{policy} {version}, {_stretch(start, end)}",
                label=version,
            )
            for (start, version), end in zip(found, ends, strict=True)
        )
        yield Lane(label=policy, bars=bars)


# Duties


def _draw_duties(standings: Iterable[DutyStanding], as_of: datetime, drawn: dict[str, _Drawn]) -> None:
    rows: dict[tuple[str, str, str, str], list[DutyStanding]] = {}
    for one in standings:
        key = (_name(one.subject), one.policy.id, one.duty.id, one.instance)
        rows.setdefault(key, []).append(one)
    for (subject, _, duty, instance), found in rows.items():
        label = duty if instance == subject else f"{duty} ({instance})"
        bars, marks = _duty_row(label, found, as_of)
        if bars or marks:
            drawn.setdefault(subject, _Drawn()).duties[label] = (bars, marks)


def _duty_row(label: str, found: Sequence[DutyStanding], as_of: datetime) -> tuple[list[Bar], list[Mark]]:
    bars: list[Bar] = []
    marks: list[Mark] = []
    begun: datetime | None = None
    for one in sorted(found, key=_order):
        if one.duty.every is not None and begun is not None:
            ends = one.triggered or one.done or one.period_ends or as_of
            if begun < ends:
                words = f"{label}: the period from {time_words(begun)} to {time_words(ends)}"
                bars.append(Bar(look=Look.WAITING, start=begun, end=min(ends, as_of), words=words))
        _draw_instance(label, one, as_of, bars, marks)
        begun = one.done or begun
    return bars, marks


def _order(one: DutyStanding) -> tuple[bool, datetime]:
    at = one.triggered or one.done
    return (True, _LAST) if at is None else (False, at)


_LAST: Final = datetime.max.replace(tzinfo=UTC)


def _draw_instance(label: str, one: DutyStanding, as_of: datetime, bars: list[Bar], marks: list[Mark]) -> None:
    words = f"{label}: {one.state.value}"
    end = one.done or as_of
    if one.triggered is not None:
        turns = end if one.due is None else min(max(one.due, one.triggered), end)
        if one.triggered < turns:
            open_words = f"{label}: open from {time_words(one.triggered)} to {time_words(turns)}"
            bars.append(Bar(look=Look.OPEN, start=one.triggered, end=turns, words=open_words))
    if one.due is not None and one.state in {DutyState.OVERDUE, DutyState.DONE_LATE} and one.due < end:
        late = "" if one.late_by is None else f" by {lateness_words(one.late_by)}"
        bars.append(Bar(look=Look.LATE, start=one.due, end=end, words=f"{words}{late}, due {time_words(one.due)}"))
    if one.due is not None and one.due <= as_of:
        marks.append(Mark(look=Look.DUE, at=one.due, words=f"{label}: due {time_words(one.due)}"))
    if one.done is not None:
        look = Look.DONE_LATE if one.state is DutyState.DONE_LATE else Look.DONE
        marks.append(Mark(look=look, at=one.done, words=f"{words} {time_words(one.done)}"))
    elif one.state in _ENDED and one.triggered is not None:
        marks.append(Mark(look=_ENDED[one.state], at=end, words=words))


_ENDED: Final = {DutyState.EXCUSED: Look.EXCUSED, DutyState.SUPERSEDED: Look.SUPERSEDED}


def _name(subject: Subject) -> str:
    return subject.model or subject.developer or "the world"


# Events and departures


def _draw_events(known: History, as_of: datetime, drawn: dict[str, _Drawn]) -> None:
    for event in known.events:
        model = event.subject.model
        if model is None or event.occurred > as_of:
            continue
        look = _EVIDENCE.get(event.kind)
        if look is not None:
            drawn[model].evidence.append(_mark(look, event, event.text_of("measure") or event.text_of("reason")))
        elif event.kind in ACTS or event.kind == "model.deployed":
            drawn[model].acts.append(_mark(Look.ACT, event, ACTS.get(event.kind) or event.text_of("class")))


_EVIDENCE: Final = {
    "evaluation.planned": Look.PLANNED,
    "evaluation.started": Look.PLANNED,
    "evaluation.completed": Look.EVALUATED,
    "evaluation.withdrawn": Look.WITHDRAWN,
}


def _mark(look: Look, event: Event, what: str | None) -> Mark:
    return Mark(look=look, at=event.occurred, words=event_words(event) + ("" if what is None else f": {what}"))


def _draw_departures(breaches: Iterable[Breach], standings: Iterable[DutyStanding], drawn: dict[str, _Drawn]) -> None:
    subjects = {(one.policy.id, one.duty.id, one.instance): _name(one.subject) for one in standings}
    for number, breach in enumerate(breaches, start=1):
        about = breach.about or _POLICY
        subject = subjects.get((breach.policy, breach.id, about), about)
        words = f"departure {number} under this encoding: {breach_words(breach)}, {time_words(breach.at)}"
        words += f", {reading_words(breach.reading)}" if breach.reading is not None else ""
        mark = Mark(look=Look.DEPARTURE, at=breach.at, words=words, number=number)
        drawn.setdefault(subject, _Drawn()).departures.append(mark)
