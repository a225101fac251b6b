"""Words for what a replay holds: departures, changes, lateness, encodings, times; shared by pages and terminals.

A departure is always one *under this encoding*, and each says whether evidence or the burden of proof decided it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from interlock.engine import Breach, DutyChange, Loosening, Replay, ReplayChange, ReplayCut, Rulings
from interlock.policy import Clause, Policy
from interlock.record import Event
from interlock.reports._about import About
from interlock.reports._replayed import Replayed

_NO_READING: Final = "none"
_NOT_ASKED: Final = "not triggered"
ADHERENCE: Final = "adherence"
_DAY: Final = timedelta(days=1)


def time_words(instant: datetime) -> str:
    """Return an instant as a day, with its time of day in UTC where that is not midnight.

    >>> time_words(datetime(2024, 9, 5, tzinfo=UTC))
    '2024-09-05'
    >>> time_words(datetime(2024, 9, 5, 12, 30, tzinfo=UTC))
    '2024-09-05 12:30 UTC'
    """
    utc = instant.astimezone(UTC)
    day = f"{utc.year:04d}-{utc.month:02d}-{utc.day:02d}"
    if utc.hour == utc.minute == utc.second == utc.microsecond == 0:
        return day
    seconds = f":{utc.second:02d}" if utc.second or utc.microsecond else ""
    fraction = f".{utc.microsecond:06d}" if utc.microsecond else ""
    return f"{day} {utc.hour:02d}:{utc.minute:02d}{seconds}{fraction} UTC"


def lateness_words(late_by: timedelta) -> str:
    """Return a length of time in days, hours, minutes and seconds, without those that are none.

    >>> lateness_words(timedelta(days=3))
    '3 days'
    >>> lateness_words(timedelta(days=1, hours=2))
    '1 day 2 hours'
    """
    parts = [(number, unit) for number, unit in _parts(late_by) if number]
    return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts) or "no time at all"


def _parts(length: timedelta) -> list[tuple[int, str]]:
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return [
        (length.days, "day"),
        (hours, "hour"),
        (minutes, "minute"),
        (seconds, "second"),
        (length.microseconds, "microsecond"),
    ]


def decided_words(*, by_default: bool) -> str:
    """Return what decided: evidence, or the burden of proof where the evidence left it open."""
    return "decided by the burden of proof" if by_default else "decided by evidence"


def breach_words(breach: Breach) -> str:
    """Return a departure in a sentence without its time: what was done or left undone, by or about whom."""
    about = "" if breach.about is None else f" of {breach.about}"
    match breach.kind:
        case "held-action":
            return f"{breach.action or 'an action'}{about} took place while `{breach.id}` held it"
        case "past-cease-within":
            return f"{breach.action or 'an action'}{about} went on past the time that `{breach.id}` gives to cease"
        case "duty-late":
            return f"duty `{breach.id}`{about} was done late{_by(breach)}"
        case "duty-overdue":
            return f"duty `{breach.id}`{about} was overdue{_by(breach)}"
        case "amendment":
            return f"policy `{breach.id}` was amended against what its version {breach.version} asks of amendments"
        case kind:
            return f"{kind}: `{breach.id}`{about}"


def reading_words(reading: str | None) -> str:
    """Return that a departure hangs on how a text is read; empty where it stands under every reading.

    >>> reading_words("frontier-model: by-compute; deployment: none")
    'a departure only read as `by-compute` (frontier-model), and as under no one reading of deployment'
    """
    if reading is None:
        return ""
    return f"a departure only read as {', and as '.join(_one_text(text) for text in reading.split('; '))}"


def _one_text(text: str) -> str:
    term, _, readings = text.partition(": ")
    if readings == _NO_READING:
        return f"under no one reading of {term}"
    return f"{' or '.join(f'`{name}`' for name in readings.split(', '))} ({term})"


def cut_words(cut: ReplayCut) -> str:
    """Return which departures there would be, and would not, had a reading been ruled from the beginning.

    Also how many duties would stand otherwise at the end.
    """
    more, fewer = len(cut.only_here), cut.not_here
    words = [f"{more} more"] if more else []
    words += [f"{fewer} of those above would be none"] if fewer else []
    otherwise = len(otherwise_under(cut))
    words += [f"{otherwise} {'duty' if otherwise == 1 else 'duties'} would stand otherwise"] if otherwise else []
    return f"`{cut.term}` of {cut.policy} read as `{cut.reading}`: {', and '.join(words)}"


def otherwise_under(cut: ReplayCut) -> tuple[DutyChange, ...]:
    """Return the duties that would stand otherwise at the end, but for those told of as departures of that reading."""
    departed = {(breach.id, breach.about) for breach in cut.only_here}
    return tuple(change for change in cut.duties if (change.duty, change.instance) not in departed)


def differs(cut: ReplayCut) -> bool:
    """Return whether anything would be otherwise under a reading."""
    return bool(cut.only_here or cut.not_here or otherwise_under(cut))


def duty_change_words(change: DutyChange) -> str:
    """Return how a duty would stand under another reading, and how it stands."""
    would_be, is_now = ", ".join(change.would_be) or _NOT_ASKED, ", ".join(change.states) or _NOT_ASKED
    return f"duty `{change.duty}` of {change.instance} would be {would_be}; it is {is_now}"


def _by(breach: Breach) -> str:
    return "" if breach.late_by is None else f", by {lateness_words(breach.late_by)}"


def loosening_words(loosening: Loosening) -> str:
    """Return a retroactive loosening in a sentence."""
    by = ", ".join(f"`{name}`" for name in loosening.restrictions)
    return (
        f"{loosening.action} of {loosening.model}, which {loosening.was} of `{loosening.policy}` held"
        f"{f' by {by}' if by else ''}, is permitted under {loosening.now} on the evidence known at its adoption"
    )


def change_words(change: ReplayChange) -> str:
    """Return what changed, from what to what; of a restriction that became active also what decided."""
    about = "" if change.about is None else f" of {change.about}"
    ships = " (actions that ship it)" if change.ships else ""
    match change.item:
        case "version":
            named = f"policy `{change.policy}`: version"
        case "hold-of-duty":
            named = f"what duty `{change.id}` forbids while overdue{about}{ships}:"
        case item:
            named = f"{item} `{change.id}`{about}{ships}:"
    was, now = change.was or "none", change.now or "none"
    decided = f", {decided_words(by_default=change.by_default)}" if change.now == "active" else ""
    if change.was is None:
        return f"{named} {now}{decided}"
    return f"{named} {was} → {now}{decided}"


def clause_words(clause: Clause) -> str:
    """Return where the policy's text has an item, and how far that was verified; empty where neither is stated."""
    place = [f"section {clause.section}"] if clause.section else []
    place += [f"page {clause.page}"] if clause.page else []
    if clause.source_note:
        place.append(clause.source_note)
    if clause.mark:
        place.append(f"mark: {clause.mark}")
    return ", ".join(place)


def event_words(event: Event) -> str:
    """Return what names an event: its place, its kind, its day."""
    return f"event {event.index} ({event.kind}, {time_words(event.occurred)})"


def encoding_words(policy: Policy) -> str:
    """Return with what standing a policy was encoded, and by whom; one that does not say is unofficial."""
    status = policy.encoding.get("status", "unofficial")
    by, reviewed = policy.encoding.get("by"), policy.encoding.get("reviewed-by")
    words = [f"{status} encoding"]
    if by:
        words.append(f"by {by}")
    reviewers = [str(one) for one in reviewed] if isinstance(reviewed, list | tuple) else []
    words.append(f"reviewed by {', '.join(reviewers)}" if reviewers else "reviewed by nobody named")
    return ", ".join(words)


def kind_words(replay: Replay) -> str:
    """Return how the replay judged: by the versions in force at each time, or by another throughout."""
    if replay.under is None:
        return "adherence: each time is judged by the policy version in force then"
    return f"counterfactual: judged as if {replay.under.id} {replay.under.version} had been in force throughout"


def day_words(day: date | None) -> str:
    """Return a day, or that it was not learned."""
    return "day unknown" if day is None else day.isoformat()


def supposed_words(replayed: Replayed) -> str | None:
    """Return that the text that judges was not in force then, where a replay says so of itself."""
    if replayed.not_in_force is None:
        return None
    return f"Counterfactual: the text was not in force then. {replayed.not_in_force}"


def only_words(only: Sequence[str]) -> str:
    """Return which items were looked at, and that this says nothing of the rest.

    >>> only_words(["hold-training", "assess"])
    'only `hold-training` and `assess`; nothing is said of the rest of the policy'
    """
    *others, last = [f"`{name}`" for name in only]
    listed = f"{', '.join(others)} and {last}" if others else last
    return f"only {listed}; nothing is said of the rest of the policy"


def contested_words(about: About) -> str:
    """Return who holds what of an episode, and whether it is contested that it departs from the text."""
    return f"{about.status}{'; contested' if about.contested else ''}"


def assumption_words(assumed: Rulings) -> tuple[str, ...]:
    """Return a sentence for each reading that is taken as ruled from the beginning."""
    return tuple(
        f"Hypothetical: as if `{term}` of {policy} had been ruled to be read as `{reading}` from the beginning."
        for (policy, term), reading in assumed.items()
    )


def limits(replayed: Replayed) -> tuple[str, ...]:
    """Return what the replay does not show, a sentence each."""
    about = replayed.about
    found = [
        "Silence is not innocence: what no event states can't depart, and what is not recorded counts for nothing.",
        "A departure is one under this encoding of the text. Another reading of the text may judge otherwise.",
        "An act is judged by what was recorded before it, a duty by all that was recorded by the end.",
    ]
    if replayed.replay.only is not None:
        found.append(
            "Items of the policy that it is not restricted to were not looked at: that no departure from them is shown "
            "says nothing of whether there was one."
        )
    if replayed.replay.under is not None:
        found.append(
            "A counterfactual is no forecast: under another policy people would have acted and measured otherwise."
        )
    if replayed.assumed:
        found.append("Readings are taken as ruled from the beginning, so it is no account of what was so.")
    if replayed.renamed:
        names = ", ".join(f"{one.sort} `{one.old}` as `{one.new}`" for one in replayed.renamed)
        found.append(f"Names in the events were translated, so they are not the record as it stands: {names}.")
    if about is not None and about.reconstructed:
        found.append("Times are reconstructed: what they show of one another counts, not the days themselves.")
    return (*found, *(() if about is None else about.limits))
