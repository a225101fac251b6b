"""The tables of a page: departures, findings, what was held and due, the timeline, and the events that these rest on.

Every departure of the replay stands in the first of them, whatever the picture could show. On a narrow screen a row
becomes a block in which each cell names its column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from interlock.engine import Breach, DutyStanding, Moment, ReplayCut
from interlock.record import Event
from interlock.reports._markup import Content, Element, element, lines
from interlock.reports._replayed import Replayed, Said
from interlock.reports._words import (
    breach_words,
    change_words,
    clause_words,
    cut_words,
    decided_words,
    differs,
    duty_change_words,
    lateness_words,
    loosening_words,
    otherwise_under,
    reading_words,
    time_words,
)
from interlock.terms import format_duration

Cell = Content | list[Element | str]
NONE: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: its head, its cells, and the name that links lead to, if any."""

    head: Cell
    cells: Sequence[Cell]
    id: str | None = None


def table(caption: str, columns: Sequence[str], rows: Iterable[Row]) -> Element:
    """Return a table; the roles stand there since a row that is laid out as a block would lose them."""
    heads = [element("th", column, scope="col", role="columnheader") for column in columns]
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", heads, role="row"), role="rowgroup"),
        element("tbody", [_row(columns, row) for row in rows], role="rowgroup"),
        role="table",
    )


def _row(columns: Sequence[str], row: Row) -> Element:
    cells = [
        element("td", cell, role="cell", data_label=column) for column, cell in zip(columns[1:], row.cells, strict=True)
    ]
    return element("tr", element("th", row.head, scope="row", role="rowheader"), cells, role="row", id=row.id)


def bad(words: str) -> Element:
    """Return words set off as a departure, with their mark."""
    return element("span", f"✗ {words}", class_="bad")


def event_links(indices: Iterable[int]) -> Cell:
    """Return links to the rows of events; `none` where there are none."""
    found = list(dict.fromkeys(indices))
    linked: list[Element | str] = []
    for place, index in enumerate(found):
        if place:
            linked.append(", ")
        linked.append(element("a", f"event {index}", href=f"#event-{index}"))
    return linked or NONE


# What was found


def departures_table(replayed: Replayed) -> Element:
    """Return the departures, numbered as in the picture."""
    columns = ("No.", "Departure under this encoding", "When", "Decided", "Why", "The policy's text", "Rests on")
    rows = (_departure(number, breach) for number, breach in enumerate(replayed.replay.breaches, start=1))
    return table("Departures under this encoding, each with what decided it", columns, rows)


def _departure(number: int, breach: Breach) -> Row:
    when: list[Element | str] = [time_words(breach.at)]
    if breach.late_by is not None:
        when += [element("br"), f"late by {lateness_words(breach.late_by)} ({format_duration(breach.late_by)})"]
    why: list[Element | str] = [breach.detail]
    if breach.reading is not None:
        why += [element("br"), element("strong", f"{reading_words(breach.reading)}.")]
    return Row(
        head=str(number),
        cells=(
            [bad(f"{breach.kind}: "), breach_words(breach)],
            when,
            decided_words(by_default=breach.by_default),
            why,
            _text_words(breach),
            event_links(breach.evidence),
        ),
        id=f"departure-{number}",
    )


def _text_words(breach: Breach) -> str:
    where = clause_words(breach.clause)
    return f"{breach.policy} {breach.version}{f', {where}' if where else ''}"


def readings_table(replayed: Replayed) -> Element:
    """Return the departures that there would be under one reading of a disputed text alone: none of them is one."""
    columns = ("Read as", "What would be a departure", "When", "Decided", "Why", "The policy's text", "Rests on")
    rows = [_only_here(cut, breach) for cut in replayed.replay.readings for breach in cut.only_here]
    return table("What would be a departure under another reading, and is none as it stands", columns, rows)


def _only_here(cut: ReplayCut, breach: Breach) -> Row:
    return Row(
        head=f"{cut.reading} ({cut.term} of {cut.policy})",
        cells=(
            [f"{breach.kind}: ", breach_words(breach)],
            time_words(breach.at),
            decided_words(by_default=breach.by_default),
            breach.detail,
            _text_words(breach),
            event_links(breach.evidence),
        ),
    )


def readings_list(replayed: Replayed) -> Element:
    """Return for each reading how many departures there would be more or fewer, and which duties stand otherwise."""
    return element("ul", [element("li", _cut_text(cut)) for cut in differing_cuts(replayed)])


def _cut_text(cut: ReplayCut) -> str:
    duties = "; ".join(duty_change_words(change) for change in otherwise_under(cut))
    return f"{cut_words(cut)}{f': {duties}' if duties else ''}."


def differing_cuts(replayed: Replayed) -> tuple[ReplayCut, ...]:
    """Return the readings under which the departures would be others, or a duty would stand otherwise."""
    return tuple(cut for cut in replayed.replay.readings if differs(cut))


def findings_table(replayed: Replayed) -> Element:
    """Return the findings."""
    rows = (
        Row(
            head=element("span", f"! {finding.id}", class_="open"),
            cells=(finding.detail, event_links(finding.evidence)),
        )
        for finding in replayed.replay.findings
    )
    return table("Findings: worth knowing, and no departure", ("Finding", "What", "Rests on"), rows)


def loosenings_table(replayed: Replayed) -> Element:
    """Return the retroactive loosenings."""
    rows = (
        Row(head=time_words(one.at), cells=(one.policy, loosening_words(one))) for one in replayed.replay.loosenings
    )
    return table("Retroactive loosenings", ("Adopted", "Policy", "What"), rows)


# What was so


def holds_table(replayed: Replayed) -> Element:
    """Return what was held, from when to when, and what decided it."""
    rows = (
        Row(
            head=f"{hold.action} of {hold.model}",
            cells=(
                time_words(hold.start),
                "still held at the end" if hold.end is None else time_words(hold.end),
                decided_words(by_default=hold.by_default),
                ", ".join(hold.restrictions),
            ),
        )
        for hold in replayed.replay.holds
    )
    return table("Actions that were held", ("Action", "From", "To", "Decided", "By restriction"), rows)


def duties_table(replayed: Replayed) -> Element:
    """Return every instance of every duty as it stood at the end."""
    columns = ("Duty", "For", "State at the end", "Opened", "Due", "Done", "Late by", "How firm", "Rests on")
    rows = (_duty(one) for one in replayed.replay.duties.duties)
    return table("Duties as they stood at the end", columns, rows)


def _duty(one: DutyStanding) -> Row:
    ends = None if one.period_ends is None else f"its period ends {time_words(one.period_ends)}"
    state = one.state.value
    shown: list[Element | str] = [element("span", f"{_STATES[state]} {state}", class_=_CLASSES.get(state))]
    for more in (ends, one.reason):
        if more:
            shown += [element("br"), more]
    clause = one.duty.clause
    return Row(
        head=f"{one.policy.id}: {one.duty.id}",
        cells=(
            one.instance,
            shown,
            *(NONE if at is None else time_words(at) for at in (one.triggered, one.due, one.done)),
            NONE if one.late_by is None else f"{lateness_words(one.late_by)} ({format_duration(one.late_by)})",
            clause.modality if clause.binding == "unilateral" else f"{clause.modality}, {clause.binding}",
            event_links(one.evidence),
        ),
    )


_STATES: Final = {
    "not-triggered": "·",
    "open": "○",
    "done": "✓",
    "done-late": "✗",
    "overdue": "✗",
    "excused": "~",
    "superseded": "»",
    "unknown": "?",
}
_CLASSES: Final = {"done": "good", "done-late": "bad", "overdue": "bad", "open": "open", "unknown": "open"}


def timeline_table(replayed: Replayed) -> Element:
    """Return every moment at which something changed."""
    rows = (_moment(moment) for moment in replayed.replay.history)
    return table("What changed, and why", ("When", "Cause", "Changes", "Events"), rows)


def _moment(moment: Moment) -> Row:
    changes = element("ul", [element("li", change_words(change)) for change in moment.changes])
    return Row(
        head=time_words(moment.at),
        cells=(moment.cause, changes if moment.changes else NONE, event_links(moment.events)),
    )


# What it rests on


def events_table(events: Sequence[Event]) -> Element:
    """Return events with what they state beyond the language: their sources, as far as they name any."""
    rows = (_event(event) for event in events)
    columns = ("Event", "What", "Occurred", "About", "By", "What it states", "Carried with it")
    return table("The events that are named above", columns, rows)


def _event(event: Event) -> Row:
    data = {name: value for name, value in event.source.get("data", {}).items() if not name.startswith(_CARRIED)}
    inner = {name: value for name, value in event.source.get("data", {}).items() if name.startswith(_CARRIED)}
    carried = {name: value for name, value in event.source.items() if name.startswith(_CARRIED)}
    return Row(
        head=str(event.index),
        cells=(
            event.kind,
            time_words(event.occurred),
            event.subject.model or event.subject.developer or "the world",
            event.actor or event.role or NONE,
            _stated(data),
            _stated({**carried, **inner}),
        ),
        id=f"event-{event.index}",
    )


_CARRIED: Final = "x-"


def _stated(fields: dict[str, Any]) -> Cell:
    items = [element("li", f"{name}: {value_words(value)}") for name, value in fields.items()]
    return element("ul", items) if items else NONE


def value_words(value: Any) -> str:
    """Return a JSON value in words: lists with commas, objects as `name value`."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {value_words(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(value_words(inner) for inner in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def replies_table(replies: Sequence[Said]) -> Element:
    """Return what was replied."""
    rows = (
        Row(head=said.to, cells=(lines(said.text), said.by, time_words(said.at), event_links([said.event])))
        for said in replies
    )
    return table("Replies on record", ("To", "Reply", "By", "When", "Event"), rows)


def cited(replayed: Replayed) -> Iterator[Event]:
    """Yield the events that some table names, by index."""
    replay = replayed.replay
    named = {index for moment in replay.history for index in moment.events}
    named |= {index for breach in replay.breaches for index in breach.evidence}
    named |= {index for cut in replay.readings for breach in cut.only_here for index in breach.evidence}
    named |= {index for finding in replay.findings for index in finding.evidence}
    named |= {index for standing in replay.duties.duties for index in standing.evidence}
    named |= {said.event for said in replayed.replies}
    yield from (event for event in replayed.events if event.index in named)
