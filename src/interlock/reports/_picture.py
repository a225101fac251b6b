"""The picture of a replay: time from left to right, a row for each thing that was held, due, shown or done, in SVG.

Forms tell what colours tell: an action held by evidence is hatched, one held by the burden of proof is dotted, a duty
past its due time is filled. Each form has its words as a title; the tables beneath say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from interlock.reports._axis import Axis, decimal
from interlock.reports._lanes import Bar, Group, Lane, Look, Mark, groups_of
from interlock.reports._markup import Element, element
from interlock.reports._replayed import Replayed
from interlock.reports._words import time_words

_WIDTH: Final = 1000
_LABELS: Final = 250
_RIGHT: Final = 20
_TOP: Final = 34
_ROW: Final = 26
_BAR: Final = 14
_LONGEST_LABEL: Final = 38
_MOST_ROWS: Final = 120
"""A picture with more rows than this is no picture; the tables have them all."""
_HATCH, _DOTS = "held-by-evidence", "held-by-burden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The picture, what it stands for, and the titles of the groups that it leaves out."""

    drawn: Element
    looks: tuple[Look, ...]
    left_out: tuple[str, ...]


def picture_of(replayed: Replayed, *, title: str, description: str) -> Picture | None:
    """Return the picture, or None where there is nothing to draw."""
    groups, left_out = _within_limit(groups_of(replayed))
    if not groups:
        return None
    axis = Axis.over(_instants(groups, replayed.replay.as_of), left=_LABELS + 10, width=_WIDTH - _LABELS - 10 - _RIGHT)
    rows = list(_rows(groups))
    height = _TOP + _ROW * len(rows) + 20
    drawn = element(
        "svg",
        element("title", title, id="picture-title"),
        element("desc", description, id="picture-description"),
        element("defs", *_patterns()),
        element("g", *_ticks(axis, height), class_="axis"),
        _anchor(replayed, axis, height),
        [_row(row, _TOP + _ROW * place, axis, replayed.replay.as_of) for place, row in enumerate(rows)],
        viewBox=f"0 0 {_WIDTH} {height}",
        width=_WIDTH,
        height=height,
        role="img",
        aria_labelledby="picture-title picture-description",
    )
    looks = {look for group in groups for lane in group.lanes for look in lane.looks}
    return Picture(drawn=drawn, looks=tuple(look for look in Look if look in looks), left_out=left_out)


def _within_limit(groups: Sequence[Group]) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    """Return the groups that fit, those with departures before others, in the order given; and what is left out."""
    departing = [group for group in groups if any(_departs(lane) for lane in group.lanes)]
    kept: set[str] = set()
    room = _MOST_ROWS
    for group in (*departing, *(group for group in groups if group not in departing)):
        if len(group.lanes) + 1 <= room:
            kept.add(group.title)
            room -= len(group.lanes) + 1
    return (
        tuple(group for group in groups if group.title in kept),
        tuple(group.title for group in groups if group.title not in kept),
    )


def _departs(lane: Lane) -> bool:
    return any(mark.look is Look.DEPARTURE for mark in lane.marks)


def _instants(groups: Iterable[Group], as_of: datetime) -> list[datetime]:
    """Return the instants that the axis must span: how long a version was in force before counts for nothing."""
    found = [as_of]
    for group in groups:
        for lane in group.lanes:
            found += [mark.at for mark in lane.marks]
            bars = [bar for bar in lane.bars if bar.look is not Look.IN_FORCE]
            found += [at for bar in bars for at in (bar.start, bar.end) if at is not None]
    if len(found) == 1:
        found += [bar.start for group in groups for lane in group.lanes for bar in lane.bars]
    return found


def _rows(groups: Iterable[Group]) -> Iterator[str | Lane]:
    for group in groups:
        yield group.title
        yield from group.lanes


def _patterns() -> Iterator[Element]:
    hatch = element("path", d="M0 8 L8 0 M-2 2 L2 -2 M6 10 L10 6", class_="hatch")
    yield element("pattern", hatch, id=_HATCH, width=8, height=8, patternUnits="userSpaceOnUse")
    dot = element("circle", cx=4, cy=4, r="1.4", class_="dot")
    yield element("pattern", dot, id=_DOTS, width=8, height=8, patternUnits="userSpaceOnUse")


def _ticks(axis: Axis, height: int) -> Iterator[Element]:
    for tick in axis.ticks():
        place = axis.place(tick.at)
        yield element("line", x1=place, x2=place, y1=_TOP - 8, y2=height - 6, class_="grid")
        yield element("text", tick.label, x=place, y=_TOP - 14, text_anchor="middle")


def _anchor(replayed: Replayed, axis: Axis, height: int) -> Element | None:
    """Return the line at the assumed anchor of reconstructed times."""
    anchor = None if replayed.about is None else replayed.about.anchor
    if anchor is None or not axis.start <= anchor.at <= axis.end:
        return None
    place = axis.place(anchor.at)
    return element(
        "g",
        element("title", f"assumed anchor, {time_words(anchor.at)}: {anchor.what}"),
        element("line", x1=place, x2=place, y1=_TOP - 8, y2=height - 14, class_="anchor"),
        element("text", "assumed anchor", x=place, y=height - 2, text_anchor="middle"),
    )


def _row(row: str | Lane, top: int, axis: Axis, as_of: datetime) -> Element:
    if isinstance(row, str):
        return element("text", _cut(row), x=0, y=top + 18, class_="group")
    return element(
        "g",
        element("text", _cut(row.label), x=_LABELS, y=top + 17, text_anchor="end"),
        element("line", x1=axis.left, x2=axis.left + axis.width, y1=top + 13, y2=top + 13, class_="grid"),
        [_bar(bar, top, axis, as_of) for bar in row.bars],
        [_mark(mark, top + 13, axis) for mark in row.marks],
    )


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


# Bars


def _bar(bar: Bar, top: int, axis: Axis, as_of: datetime) -> Element:
    start, end = axis.tenths(bar.start), axis.tenths(bar.end or as_of)
    place = {"x": decimal(start), "y": top + 6, "width": decimal(max(end - start, 15)), "height": _BAR}
    # Room by the length of the text: a letter takes at most eight units.
    fits = bar.label is not None and 80 * len(bar.label) + 80 <= end - start
    label = element("text", bar.label, x=decimal(start + 50), y=top + 17) if fits else None
    return element("g", element("title", bar.words), *_filling(bar.look, place), label)


def _filling(look: Look, place: dict[str, object]) -> Iterator[Element]:
    yield element("rect", **place, rx=2, class_=_BARS[look])
    pattern = {Look.HELD_BY_EVIDENCE: _HATCH, Look.HELD_BY_BURDEN: _DOTS}.get(look)
    if pattern is not None:
        yield element("rect", **place, rx=2, fill=f"url(#{pattern})")


_BARS: Final = {
    Look.IN_FORCE: "in-force",
    Look.HELD_BY_EVIDENCE: "held",
    Look.HELD_BY_BURDEN: "held burden",
    Look.WAITING: "waiting",
    Look.OPEN: "open",
    Look.LATE: "late",
}


# Marks


def _mark(mark: Mark, middle: int, axis: Axis) -> Element:
    x = axis.tenths(mark.at)
    return element("g", element("title", mark.words), *_shape(mark.look, x, middle, mark.number))


def _shape(look: Look, x: int, y: int, number: int | None = None) -> Iterator[Element]:
    """Yield the form of a mark around a place; `x` is in tenths."""
    at = decimal(x)
    match look:
        case Look.DEPARTURE:
            label = "✗" if number is None else str(number)
            half = 80 + 25 * (len(label) - 1)
            yield element(
                "rect", x=decimal(x - half), y=y - 9, width=decimal(2 * half), height=18, rx=3, class_="departure"
            )
            yield element("text", label, x=at, y=y + 4, text_anchor="middle", class_="number")
        case Look.EVALUATED | Look.PLANNED | Look.WITHDRAWN:
            diamond = f"M{at} {y - 7} L{decimal(x + 70)} {y} L{at} {y + 7} L{decimal(x - 70)} {y} Z"
            yield element("path", d=diamond, class_="diamond" if look is Look.EVALUATED else "diamond hollow")
            if look is Look.WITHDRAWN:
                yield element("path", d=_cross(x, y, 40), class_="stroke")
        case Look.DUE:
            yield element("line", x1=at, x2=at, y1=y - 11, y2=y + 11, class_="due")
        case Look.DONE:
            yield element("path", d=_tick(x, y), class_="stroke done")
        case Look.DONE_LATE:
            yield element("path", d=_tick(x, y), class_="stroke late-mark")
            yield element("circle", cx=at, cy=y, r=9, class_="ring")
        case Look.ACT:
            triangle = f"M{decimal(x - 50)} {y - 6} L{decimal(x + 60)} {y} L{decimal(x - 50)} {y + 6} Z"
            yield element("path", d=triangle, class_="act")
        case _:
            yield element("circle", cx=at, cy=y, r=5, class_="ring")


def _tick(x: int, y: int) -> str:
    return f"M{decimal(x - 50)} {y} L{decimal(x - 15)} {y + 5} L{decimal(x + 55)} {y - 5}"


def _cross(x: int, y: int, half: int) -> str:
    left, right, up = decimal(x - half), decimal(x + half), half // 10
    return f"M{left} {y - up} L{right} {y + up} M{left} {y + up} L{right} {y - up}"


def legend_of(looks: Iterable[Look]) -> Element:
    """Return what the forms of a picture stand for, as a list."""
    return element("ul", [_entry(look) for look in looks], class_="legend")


def _entry(look: Look) -> Element:
    if look in _BARS:
        forms = list(_filling(look, {"x": 2, "y": 4, "width": 32, "height": _BAR}))
    else:
        forms = list(_shape(look, 180, 11))
    icon = element("svg", forms, viewBox="0 0 36 22", width=36, height=22, aria_hidden="true", focusable="false")
    return element("li", icon, element("span", look.value))
