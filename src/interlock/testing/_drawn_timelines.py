"""Random histories of duties, as the JSON objects of an events file: much happens at the very ends of their periods.

Used by `interlock.testing.strategies` for its timelines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from interlock.terms import WEEKDAYS, Calendar, format_instant, parse_instant, parse_period
from interlock.testing._drawn_choices import (
    COMPUTE,
    COMPUTES,
    DOCUMENTS,
    INSTANTS,
    ISSUER,
    ROLES,
    STRANGE_MODEL,
    STRANGER,
    Chooser,
    Theme,
    stated,
)
from interlock.testing._drawn_events import Chronicler
from interlock.testing._drawn_speech import Given
from interlock.testing._drawn_topics import disputed, topics
from interlock.testing.oracle import end_of_period

INCIDENTS: Final = ("i1", "i2")
TRAINING: Final = ("training.started", "training.continued", "training.paused")
WEIGHTS: Final = ("weights.stored", "weights.shared", "weights.deleted", "weights.released")
CLASSES: Final = ("deploy.external.public", "deploy.external.limited", "deploy.internal.wide")
DOCUMENT_DIGESTS: Final = tuple(f"sha256:{character * 64}" for character in "12")
LENGTHS: Final = ("within", "time", "by", "cease-within", "elapsed", "within-last", "for-at-least", "notice")
_STEPS: Final = (timedelta(), timedelta(), timedelta(seconds=-1), timedelta(hours=1), timedelta(days=1))


def lengths(node: Any) -> list[str]:
    """Return the periods that a policy's duties and holds last."""
    found: list[str] = []
    if isinstance(node, Mapping):
        found += [node[name] for name in LENGTHS if isinstance(node.get(name), str)]
        found += [period for part in node.values() for period in lengths(part)]
    elif isinstance(node, list):
        found += [period for part in node for period in lengths(part)]
    return [period for period in found if period[:1].isdigit()]


def calendar_of(document: Mapping[str, Any]) -> Calendar:
    """Return the calendar that a policy file states."""
    stated_calendar = document.get("calendar", {})
    week = stated_calendar.get("business-week", WEEKDAYS[:5])
    return Calendar(
        time_zone=stated_calendar.get("time-zone", "UTC"),
        holidays=frozenset(date.fromisoformat(day) for day in stated_calendar.get("holidays", ())),
        business_week=frozenset(WEEKDAYS.index(day) for day in week),
    )


def deadline(choose: Chooser, documents: Sequence[Mapping[str, Any]], occurred: Sequence[str]) -> datetime:
    """Return the end of some period of some policy that begins with some event, or an instant close to it."""
    document = choose.pick(documents)
    periods = lengths(document) or ["30 days"]
    start = parse_instant(choose.pick(occurred))
    for _ in range(choose.pick((1, 1, 2))):
        start = end_of_period(calendar_of(document), start, parse_period(choose.pick(periods)))
    return start + choose.pick(_STEPS)


@dataclass(frozen=True, kw_only=True)
class TimelineChronicler(Chronicler):
    """Draws what befalls the duties of some policies."""

    documents: Sequence[Mapping[str, Any]]
    """The policies."""

    def duty(self) -> str:
        """Return the name of a duty."""
        named: list[str] = [name for document in self.documents for name in document.get("duties", {})]
        return self.choose.pick(named or ["d-1"])

    def whose(self) -> Given:
        """Return whose duty is done: a model's or the developer's."""
        own: tuple[Given, ...] = ({"model": "m1"}, {"developer": ISSUER}, {"model": "m2"}, {"model": "m3"})
        others: tuple[Given, ...] = ({"world": True}, {"model": STRANGE_MODEL}, {"developer": STRANGER})
        return self.choose.pick((*own[:2], *own, *others))

    def performed(self) -> Given:
        """Return that a duty was done, now and then of which instance."""
        instance = self.choose.pick(("m1", "m2", *INCIDENTS, DOCUMENT_DIGESTS[0], ISSUER))
        data = {"duty": self.duty()} | stated(instance=instance if self.choose.one_in(8) else None)
        return {"event": "duty.performed", "subject": self.whose(), "data": data}

    def performances(self) -> list[Given]:
        """Return that a duty was done again and again."""
        step, subject, duty = self.choose.number(1, 4), self.whose(), self.duty()
        return [
            {"event": "duty.performed", "subject": subject, "data": {"duty": duty}, "occurred": INSTANTS[at]}
            for at in range(self.choose.number(2, 6), len(INSTANTS), step)
        ]

    def excused(self) -> Given:
        """Return that an excuse was claimed, mostly with its end."""
        until = self.choose.pick(INSTANTS[4:]) if not self.choose.one_in(4) else None
        instance = "m1" if self.choose.one_in(5) else None
        data = {"duty": self.duty(), "reason": "no change"} | stated(until=until, instance=instance)
        return {"event": "excuse.claimed", "subject": self.whose(), "data": data}

    def reported(self) -> Given:
        """Return what becomes known of an incident."""
        kind = self.choose.pick(("suspected", "discovered", "determined", "discovered"))
        data = {"id": self.choose.pick(INCIDENTS), "kind": self.choose.pick(("theft", "outage"))}
        severity = self.choose.pick((None, "high", "low"))
        return {"event": f"incident.{kind}", "subject": self.subject(), "data": data | stated(severity=severity)}

    def deployed(self) -> Given:
        """Return a deployment, or its end."""
        kind = "model.withdrawn" if self.choose.one_in(4) else "model.deployed"
        return {"event": kind, "subject": self.model(), "data": {"class": self.choose.pick(CLASSES)}}

    def trained(self) -> Given:
        """Return that training or weights change, perhaps with the compute that training came to."""
        kind = self.choose.pick((*TRAINING, *TRAINING[:2], *WEIGHTS))
        states = kind.startswith("training") and self.choose.one_in(3)
        data = stated(effective_compute=self.choose.pick(COMPUTES) if states else None)
        return {"event": kind, "subject": self.model(), "data": data}

    def computed(self) -> Given:
        """Return a measurement of effective compute, mostly of a model."""
        subject = {"developer": ISSUER} if self.choose.one_in(5) else self.model()
        measured = self.quantity()
        return measured | {"subject": subject, "data": measured["data"] | {"quantity": COMPUTE}}

    def scheduled(self, events: Sequence[Given]) -> list[Given]:
        """Return a schedule that is submitted and, mostly, approved by the role that agrees; now and then rejected."""
        at, subject = self.choose.number(0, len(INSTANTS) - 3), self.whose()
        date_of_duty = format_instant(deadline(self.choose, self.documents, [event["occurred"] for event in events]))
        stated_date = date_of_duty[:10] if self.choose.one_in(2) else date_of_duty
        digest = self.choose.pick(DOCUMENT_DIGESTS)
        act = {"document": DOCUMENTS[1], "digest": digest}
        data = act | {"schedule": {self.duty(): stated_date}}
        acts = [{"event": "document.submitted", "subject": subject, "data": data, "occurred": INSTANTS[at]}]
        if not self.choose.one_in(5):
            kind = "document.rejected" if self.choose.one_in(6) else "document.approved"
            role = ROLES[1] if self.choose.one_in(8) else ROLES[0]
            word = {"event": kind, "subject": subject, "data": dict(act), "role": role, "actor": "rolf"}
            acts.append(word | {"occurred": INSTANTS[at + self.choose.pick((0, 1, 2))]})
        if self.choose.one_in(2):
            party = ROLES[1] if self.choose.one_in(8) else ROLES[0]
            stated_digest = {} if self.choose.one_in(2) else {"digest": self.choose.pick((digest, *DOCUMENT_DIGESTS))}
            notice = {"party": party, "document": DOCUMENTS[1]} | stated_digest
            told = {"event": "party.notified", "subject": subject, "data": notice}
            acts.append(told | {"occurred": INSTANTS[at + self.choose.pick((0, 1, 2))]})
        return [dict(act_given) for act_given in acts]

    def amended(self) -> list[Given]:
        """Return what the amendment of a policy asks for: publication, approval and consultation."""
        document = self.choose.pick(self.documents)
        at = self.choose.pick(INSTANTS[:9])
        subject = self.choose.pick(({"developer": ISSUER}, {"developer": ISSUER}, {"world": True}))
        about = {"document": document["policy"], "digest": DOCUMENT_DIGESTS[0]}
        role = self.choose.pick(ROLES)
        kinds: tuple[Given, ...] = (
            {"event": "policy.published", "data": {"policy": document["policy"], "version": document["version"]}},
            {"event": "document.approved", "role": role, "actor": role, "data": about},
            {"event": "document.rejected", "role": role, "actor": role, "data": about},
            {"event": "review.requested", "role": role, "data": about},
            {"event": "review.received", "role": role, "data": about},
            {"event": "party.notified", "data": {"party": role, "document": document["policy"]}},
            {"event": "document.published", "data": about},
        )
        some = self.choose.some(kinds, 1, 3)
        return [dict(one) | {"subject": subject, "occurred": at} for one in some]

    def befalls(self, events: Sequence[Given]) -> list[Given]:
        """Return what happens next."""
        several: tuple[Callable[[], list[Given]], ...] = (
            self.performances,
            self.performances,
            lambda: self.scheduled(events),
            lambda: self.scheduled(events),
            self.amended,
            self.rulings,
        )
        kinds: tuple[Callable[[], Given], ...] = (
            *(self.performed,) * 7,
            *(self.deployed,) * 3,
            *(self.reported,) * 3,
            *(self.trained,) * 3,
            *(self.computed,) * 2,
            self.publication,
            self.excused,
        )
        others = 5
        kind = self.choose.number(0, len(kinds) + len(several) + others - 1)
        if kind < len(kinds):
            return [self.timed(kinds[kind](), events)]
        return several[kind - len(kinds)]() if kind < len(kinds) + len(several) else self.some(events)

    def timed(self, event: Given, events: Sequence[Given]) -> Given:
        """Return an event with its time: mostly one of the usual ones, else close to the end of a period."""
        times = self.times()
        if self.choose.one_in(3):
            occurred = [one["occurred"] for one in events]
            times = {"occurred": format_instant(deadline(self.choose, self.documents, occurred))}
        return event | times


def timeline_objects(choose: Chooser, documents: Sequence[Mapping[str, Any]], *, most: int) -> list[Given]:
    """Return a history: four models, the first three of one developer, and some `most` events that befell them."""
    asked = [topic for document in documents for topic in topics(document)]
    themes = (Theme.FACTS, Theme.WINDOWS, Theme.ROLES, Theme.EVIDENCE, Theme.WORDS)
    chronicler = TimelineChronicler(
        choose=choose,
        theme=choose.pick(themes),
        topics=asked,
        documents=documents,
        disputed=disputed(documents),
    )
    versions = [document["version"] for document in documents if document["issuer"] == ISSUER]
    events = chronicler.registrations() + chronicler.adoptions(versions)
    for _ in range(choose.number(most // 3, most)):
        events += chronicler.befalls(events)
        if len(events) >= most + 6:
            break
    return [_registered_first(event, events) for event in events]


def _registered_first(event: Given, events: Sequence[Given]) -> Given:
    """Return a registration as of the first event about the model: who it is, is known from then on."""
    if event["event"] != "model.registered":
        return event
    model = event["subject"]["model"]
    about = [parse_instant(one["occurred"]) for one in events if one["subject"].get("model") == model]
    return event | {"occurred": format_instant(min(about))}
