"""Calendar feeds: due dates as an iCalendar file (RFC 5545), for any calendar that subscribes to one or imports it.

A pure function of a duty report, so the same report gives the same bytes. An entry keeps its UID while its due time
moves. Its SEQUENCE is the number of events known, one more once the duty is superseded: whatever is recorded that moves
a due time makes it rise, and so do events that move nothing, which RFC 5545 (3.8.7.4) allows. Where time alone has
moved one, DTSTAMP, which is the report's `as_of`, is the later (RFC 5546, 2.1.5). No METHOD is stated, as nobody is
invited.

Calendars are shared and shown on locked screens. So a summary holds names from the policy alone; which model, incident
or document it is about stands in the description, and every entry is private.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from interlock.engine import DutyReport, DutyStanding, DutyState, PledgeStanding
from interlock.integrations._errors import LibraryMissingError
from interlock.notation import shown
from interlock.policy import Clause, Policy
from interlock.terms import Calendar, digest_of_json, format_instant

if TYPE_CHECKING:
    import icalendar

ALARMS: Final = tuple(timedelta(days=-days) for days in (14, 3, 1))
"""How long before an entry it is announced, while something is still to be done."""
_LONGEST: Final = 500
_SUMMARIES: Final = {
    DutyState.OPEN: "Due",
    DutyState.OVERDUE: "Overdue",
    DutyState.DONE: "Done",
    DutyState.DONE_LATE: "Done late",
    DutyState.EXCUSED: "Excused",
    DutyState.SUPERSEDED: "Superseded",
    DutyState.UNKNOWN: "Due, if it applies",
}
_TO_DO: Final = {DutyState.OPEN, DutyState.OVERDUE, DutyState.EXCUSED, DutyState.UNKNOWN}
_COMPLETED: Final = {DutyState.DONE, DutyState.DONE_LATE}


def calendar_feed(report: DutyReport, *, product: str) -> bytes:
    """Return the feed of a report; `product` names the version of interlock that makes it.

    An instance with a due time is an event, and a task for calendars that keep tasks; one without is a task alone. A
    running period is an event at its end, and so is the instant by which a pledge must be measured again. What ends
    with a day is an all-day entry on that day of the policy's time zone, anything else a point in time.
    LibraryMissingError where the library `icalendar` is not installed.
    """
    library = _library()
    feed = library.Calendar()
    feed.add("prodid", f"-//interlock//{product}//EN")
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    names = ", ".join(dict.fromkeys(version.id for version in report.versions))
    for name in ("name", "x-wr-calname"):
        feed.add(name, library.vText(_clean(f"interlock: {names}")))
    made = _Entries(report, library)
    for component in made.all():
        feed.add_component(component)
    content: bytes = feed.to_ical()
    return content


def _library() -> Any:
    try:
        import icalendar
    except ImportError:
        msg = "a calendar feed needs the library `icalendar`, which is not installed"
        advice = "install interlock with its extra `calendar`, for instance `pip install 'interlock[calendar]'`"
        raise LibraryMissingError(msg, advice=advice) from None
    return icalendar


class _Entries:
    """The entries of one feed, each UID once."""

    def __init__(self, report: DutyReport, library: Any) -> None:
        self._report = report
        self._library = library
        self._given: Counter[str] = Counter()

    def all(self) -> Iterator[icalendar.Component]:
        """Yield the events and tasks, in the order of the report."""
        for standing in self._report.duties:
            yield from self._duty(standing)
        for pledge in self._report.pledges:
            if pledge.measure_by is not None:
                yield self._measurement(pledge, pledge.measure_by)

    def _duty(self, standing: DutyStanding) -> Iterator[icalendar.Component]:
        state, due = standing.state, standing.due
        if state is not DutyState.NOT_TRIGGERED and not (due is None and state in _COMPLETED):
            yield from self._instance(standing, due)
        if due is None and standing.period_ends is not None:
            yield self._period(standing, standing.period_ends)

    def _instance(self, standing: DutyStanding, due: datetime | None) -> Iterator[icalendar.Component]:
        opened = "" if standing.triggered is None else format_instant(standing.triggered)
        identity = self._identity(standing.policy, standing.duty.id, standing.instance, opened)
        summary = _summary(_SUMMARIES[standing.state], standing.duty.clause, standing.duty.id, standing.policy)
        sequence = len(self._report.events) + (standing.state is DutyState.SUPERSEDED)
        if due is not None:
            entry = self._component("Event", f"{identity}-event", sequence, summary)
            self._set(entry, due, standing.policy, alarmed=standing.state in _TO_DO, summary=summary)
            entry.add("description", _clean_lines(_particulars(standing, due)))
            entry.add("status", _event_status(standing.state))
            yield entry
        yield self._task(standing, self._component("Todo", f"{identity}-task", sequence, summary))

    def _task(self, standing: DutyStanding, task: icalendar.Component) -> icalendar.Component:
        if standing.due is not None:
            task.add("due", _time(standing.due, standing.policy.calendar))
        task.add("description", _clean_lines(_particulars(standing, standing.due)))
        if standing.state in _COMPLETED and standing.done is not None:
            task.add("status", "COMPLETED")
            task.add("completed", _seconds(standing.done))
            task.add("percent-complete", 100)
        else:
            task.add("status", "CANCELLED" if standing.state is DutyState.SUPERSEDED else "NEEDS-ACTION")
        return task

    def _period(self, standing: DutyStanding, ends: datetime) -> icalendar.Component:
        """Return the end of the running period of a recurring duty; it is the same entry when another period runs."""
        duty, policy = standing.duty, standing.policy
        summary = _summary("Period ends", duty.clause, duty.id, policy)
        identity = self._identity(policy, duty.id, standing.instance, "period")
        entry = self._component("Event", f"{identity}-event", len(self._report.events), summary)
        self._set(entry, ends, policy, alarmed=True, summary=summary)
        then = "due then" if duty.within is None else f"due within {duty.within} from then"
        about = [f"What: {duty.must}, {then}", f"About: {standing.instance}"]
        entry.add("description", _clean_lines([*about, *_origin(duty.clause, policy)]))
        entry.add("status", "CONFIRMED")
        return entry

    def _set(self, entry: icalendar.Component, when: datetime, policy: Policy, *, alarmed: bool, summary: str) -> None:
        """Set the time of an event, and announce it beforehand if it lies ahead."""
        _add_time(entry, when, policy.calendar)
        if alarmed and when > self._report.as_of:
            self._add_alarms(entry, summary)

    def _measurement(self, standing: PledgeStanding, by: datetime) -> icalendar.Component:
        pledge, policy = standing.pledge, standing.policy
        identity = self._identity(policy, pledge.id, standing.instance, "measurement")
        summary = _summary("Measure again", pledge.clause, pledge.id, policy)
        entry = self._component("Event", f"{identity}-event", len(self._report.events), summary)
        self._set(entry, by, policy, alarmed=True, summary=summary)
        about = [f"About: {standing.instance}", f"Measured every: {pledge.measured_every}"]
        entry.add("description", _clean_lines([*about, *_origin(pledge.clause, policy)]))
        entry.add("status", "CONFIRMED")
        return entry

    def _identity(self, policy: Policy, item: str, instance: str, opened: str) -> str:
        """Return the entry's identity; two of the same name that opened at the same instant are numbered."""
        identity = digest_of_json([policy.id, item, instance, opened]).removeprefix("sha256:")[:32]
        self._given[identity] += 1
        number = self._given[identity]
        return identity if number == 1 else f"{identity}-{number}"

    def _component(self, kind: str, uid: str, sequence: int, summary: str) -> icalendar.Component:
        component: icalendar.Component = getattr(self._library, kind)()
        component.add("uid", f"{uid}@interlock")
        component.add("dtstamp", _seconds(self._report.as_of))
        component.add("sequence", sequence)
        component.add("summary", summary)
        component.add("class", "PRIVATE")
        component.add("categories", ["interlock"])
        return component

    def _add_alarms(self, entry: icalendar.Component, summary: str) -> None:
        for before in ALARMS:
            alarm = self._library.Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", summary)
            alarm.add("trigger", before)
            entry.add_component(alarm)


def _summary(words: str, clause: Clause, item: str, policy: Policy) -> str:
    weaker = _weaker_words(clause)
    return f"{words}{f' ({weaker})' if weaker else ''}: {item} ({policy.id})"


def _weaker_words(clause: Clause) -> str:
    """Return how a clause is weaker than one that binds, empty for one that does."""
    return ", ".join(word for word in (clause.modality, clause.binding) if word not in {"must", "unilateral"})


def _event_status(state: DutyState) -> str:
    if state is DutyState.SUPERSEDED:
        return "CANCELLED"
    return "TENTATIVE" if state in {DutyState.EXCUSED, DutyState.UNKNOWN} else "CONFIRMED"


def _add_time(entry: icalendar.Component, instant: datetime, calendar: Calendar) -> None:
    when = _time(instant, calendar)
    entry.add("dtstart", when)
    if not isinstance(when, datetime) and when < date.max:
        entry.add("dtend", when + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")


def _time(instant: datetime, calendar: Calendar) -> date | datetime:
    """Return the day with which the time is over, or else the instant at which it is, to the second."""
    day = calendar.day_of(instant - timedelta(microseconds=1))
    return day if calendar.end_of_day(day) == instant else _seconds(instant)


def _seconds(instant: datetime) -> datetime:
    """Return the instant as iCalendar can say it: in UTC, without a fraction of a second."""
    return instant.astimezone(UTC).replace(microsecond=0)


def _particulars(standing: DutyStanding, due: datetime | None) -> list[str]:
    duty, calendar = standing.duty, standing.policy.calendar
    lines = [f"What: {duty.must}", f"About: {standing.instance}"]
    if due is not None:
        when = _time(due, calendar)
        by = format_instant(when) if isinstance(when, datetime) else f"the end of {when}, {calendar.time_zone}"
        lines.append(f"Due: {by}")
    lines += [] if standing.triggered is None else [f"Opened: {format_instant(standing.triggered)}"]
    return [*lines, *_origin(duty.clause, standing.policy)]


def _origin(clause: Clause, policy: Policy) -> list[str]:
    place = [f"{name} {text}" for name, text in (("section", clause.section), ("page", clause.page)) if text]
    return [f"Policy: {', '.join([f'{policy.title} ({policy.id} {policy.version})', *place])}"]


def _clean_lines(lines: list[str]) -> str:
    return "\n".join(_clean(line) for line in lines)


def _clean(text: str) -> str:
    """Return a text on one line, without the characters that RFC 5545 keeps out of texts."""
    return shown(text, length=_LONGEST)
