"""A replay as a timeline: moment by moment what changed, departures and findings set apart, and what it doesn't show.

The words of a departure are fixed: it is one *under this encoding*, decided by evidence or by the burden of proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from interlock.cli._page import BLANK, Line, Mark, Span, faint, line, strong, unbroken
from interlock.engine import Breach, ReplayChange, ReplayCut
from interlock.record import Event
from interlock.reports import (
    Replayed,
    assumption_words,
    breach_words,
    change_words,
    clause_words,
    contested_words,
    cut_words,
    day_words,
    decided_words,
    differs,
    duty_change_words,
    encoding_words,
    kind_words,
    limits,
    loosening_words,
    only_words,
    otherwise_under,
    reading_words,
    supposed_words,
    time_words,
)

_DATE: Final = 12
_LABEL: Final = 12
_FEW: Final = 4


def timeline(replayed: Replayed) -> Iterator[Line]:
    """Yield the whole replay."""
    yield from _head(replayed)
    yield BLANK
    yield from _moments(replayed)
    yield from _departures(replayed.replay.breaches)
    yield from _under_readings(replayed.replay.readings)
    yield from _findings(replayed)
    yield from _replies(replayed)
    yield BLANK
    yield from _counts(replayed)
    yield BLANK
    yield line(strong("What this does not show"))
    for limit in limits(replayed):
        yield line(f"- {limit}", indent=2)
    if replayed.about is not None:
        yield BLANK
        yield from _sources(replayed)


def _labelled(label: str, *words: str | Span) -> Line:
    return line(faint(unbroken(f"{label:<{_LABEL}}")), *words, indent=2, hang=_LABEL)


# What it is


def _head(replayed: Replayed) -> Iterator[Line]:
    replay, about = replayed.replay, replayed.about
    supposed = supposed_words(replayed)
    if supposed is not None:
        yield line(Span(f"! {supposed}", Mark.OPEN))
    for words in assumption_words(replayed.assumed):
        yield line(Span(f"! {words}", Mark.OPEN))
    yield line(strong(replayed.title))
    if about is not None:
        yield _labelled("status", Span(contested_words(about), Mark.OPEN if about.contested else Mark.STRONG))
    yield _labelled("kind", kind_words(replay))
    for policy in replayed.judging:
        yield _labelled("policy", f"{policy.id} {policy.version} of {policy.issuer}; ", strong(encoding_words(policy)))
    if replay.only is not None:
        yield _labelled("looked at", Span(only_words(replay.only), Mark.OPEN))
    yield _labelled("events", f"{len(replay.events)}, as of {time_words(replay.as_of)}")
    if about is not None and about.reconstructed:
        yield _labelled("times", Span("reconstructed: they were not published", Mark.OPEN))
        if about.anchor is not None:
            anchor = about.anchor
            yield _labelled("", f"relative to an assumed anchor, {time_words(anchor.at)}: {anchor.what}. {anchor.why}")
    for one in replayed.renamed:
        yield _labelled("translated", f"{one.sort} {one.old} in the events, read as {one.new}")
    if about is not None:
        for note in about.notes:
            yield line(note, indent=2, hang=0)


# Moment by moment


def _moments(replayed: Replayed) -> Iterator[Line]:
    """Yield the moments in order, each with the departures that fall on it."""
    replay = replayed.replay
    departures: dict[datetime, list[tuple[int, Breach]]] = {}
    for number, breach in enumerate(replay.breaches, start=1):
        departures.setdefault(breach.at, []).append((number, breach))
    causes: dict[datetime, list[tuple[str, Sequence[ReplayChange]]]] = {}
    for moment in replay.history:
        causes.setdefault(moment.at, []).append((moment.cause, moment.changes))
    events = {event.index: event for event in replayed.events}
    for at in sorted({*causes, *departures}):
        there = departures.get(at, [])
        yield from _moment(at, causes.get(at) or [(_cause([breach for _, breach in there], events), ())])
        for number, breach in there:
            yield line(
                Span(f"✗ {number}", Mark.BAD),
                f" departure under this encoding: {breach_words(breach)}, ",
                strong(decided_words(by_default=breach.by_default)),
                indent=_DATE,
            )


def _cause(breaches: Sequence[Breach], events: Mapping[int, Event]) -> str:
    """Return what happened at departures that changed nothing else: acts, or that time passed."""
    named = dict.fromkeys(index for breach in breaches for index in breach.evidence)
    then = [events[index] for index in named if index in events and events[index].occurred == breaches[0].at]
    return ", ".join(f"{event.kind} (event {event.index})" for event in then) or "time passed"


def _moment(at: datetime, causes: Sequence[tuple[str, Sequence[ReplayChange]]]) -> Iterator[Line]:
    date = time_words(at)
    fits = len(date) < _DATE
    if not fits:
        yield line(strong(date))
    for place, (cause, changes) in enumerate(causes):
        label = date if fits and place == 0 else ""
        yield line(Span(unbroken(f"{label:<{_DATE}}"), Mark.STRONG), cause, hang=_DATE)
        for change in changes:
            yield line(f"· {change_words(change)}", indent=_DATE)


def _events(indices: Sequence[int]) -> str:
    if not indices:
        return ""
    named = f"(event {indices[0]})" if len(indices) == 1 else f"(events {', '.join(map(str, indices))})"
    return f" {unbroken(named) if len(indices) < _FEW else named}"


# Set apart


def _departures(breaches: Sequence[Breach]) -> Iterator[Line]:
    yield BLANK
    if not breaches:
        yield line(strong("No departure was found under this encoding"))
        return
    yield line(strong(f"Departures under this encoding: {len(breaches)}"))
    for number, breach in enumerate(breaches, start=1):
        yield line(Span(f"✗ {number}", Mark.BAD), f" {breach_words(breach)}", indent=2, hang=4)
        decided = f", {decided_words(by_default=breach.by_default)}"
        reading = "" if breach.reading is None else f", {reading_words(breach.reading)}"
        yield line(f"{breach.kind}, {time_words(breach.at)}{decided}{reading}", indent=6)
        yield line(breach.detail, indent=6)
        where = clause_words(breach.clause)
        text = f"{breach.policy} {breach.version}{f', {where}' if where else ''}"
        yield line(faint(f"the policy's text: {text}{_events(breach.evidence)}"), indent=6)


def _under_readings(cuts: Sequence[ReplayCut]) -> Iterator[Line]:
    """Yield what would be otherwise under another reading of the text: departures, and how duties stand."""
    differing = [cut for cut in cuts if differs(cut)]
    if not differing:
        return
    yield BLANK
    yield line(strong("Under other readings of the text"), " (each by itself, as if ruled from the beginning)")
    for cut in differing:
        yield line(Span("? ", Mark.OPEN), cut_words(cut), indent=2)
        for breach in cut.only_here:
            yield line(f"{breach.kind}, {time_words(breach.at)}: {breach_words(breach)}", indent=6)
            yield line(faint(f"{breach.detail}{_events(breach.evidence)}"), indent=8)
        for change in otherwise_under(cut):
            yield line(duty_change_words(change), indent=6)


def _findings(replayed: Replayed) -> Iterator[Line]:
    replay = replayed.replay
    if replay.loosenings:
        yield BLANK
        yield line(strong(f"Retroactive loosenings: {len(replay.loosenings)}"))
        for loosening in replay.loosenings:
            words = f" {time_words(loosening.at)}: {loosening_words(loosening)}"
            yield line(Span("!", Mark.OPEN), words, indent=2)
    if replay.findings:
        yield BLANK
        yield line(strong(f"Findings, which are no departures: {len(replay.findings)}"))
        for finding in replay.findings:
            words = f" {finding.detail}"
            yield line(Span(f"! {finding.id}", Mark.OPEN), words, faint(_events(finding.evidence)), indent=2, hang=2)


def _replies(replayed: Replayed) -> Iterator[Line]:
    reply = None if replayed.about is None else replayed.about.reply
    if reply is None and not replayed.replies:
        return
    yield BLANK
    yield line(strong("Replies"))
    if reply is not None:
        yield line(f"{reply.by}, {day_words(reply.on)}, in our words: {reply.text}", indent=2)
    for said in replayed.replies:
        yield line(f"{said.by} to {said.to}: {said.text}", faint(_events([said.event])), indent=2)


# Counts and sources


def _counts(replayed: Replayed) -> Iterator[Line]:
    replay = replayed.replay
    by_burden = sum(1 for hold in replay.holds if hold.by_default)
    counted = [
        (len(replay.breaches), "departure", "departures"),
        (len(replay.findings), "finding", "findings"),
        (len(replay.loosenings), "retroactive loosening", "retroactive loosenings"),
        (len(replay.history), "moment", "moments"),
    ]
    words = ", ".join(f"{number} {one if number == 1 else many}" for number, one, many in counted)
    holds = "1 stretch" if len(replay.holds) == 1 else f"{len(replay.holds)} stretches"
    yield line(f"{words}; {holds} in which an action was held, {by_burden} of them by the burden of proof")


def _sources(replayed: Replayed) -> Iterator[Line]:
    about = replayed.about
    if about is None:
        return
    yield line(strong("Sources"))
    for source in about.sources:
        yield line(strong(source.id), f": {source.publisher}, {source.title}, {day_words(source.published)}", indent=2)
        yield line(faint(f"{source.read} ({source.mark})"), indent=4, hang=0)
