"""Random histories, as the JSON objects of an events file: few models, digests and instants, so that events meet.

Used by `interlock.testing.strategies`; every history drawn here is read without a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from interlock.testing._drawn_choices import (
    COMPUTE,
    COMPUTES,
    DIGESTS,
    DOCUMENTS,
    INSTANTS,
    ISSUER,
    MODELS,
    QUANTITIES,
    ROLES,
    STRANGE_MODEL,
    STRANGER,
    SUITES,
    Chooser,
    Theme,
    stated,
)
from interlock.testing._drawn_speech import ACTORS, DOCUMENT_DIGESTS, Given, Speaker, indices
from interlock.testing._drawn_topics import Topic, disputed, topics

_PLANS: Final = ("p1", "p2")
_LOG: Final = f"sha256:{'9' * 64}"
_ESTIMATES: Final = (
    ("60%", "70%", "80%"),
    ("10%", "20%", "25%"),
    ("50%", "60%", "70%"),
    ("30%", "40%", "50%"),
)
_PLAIN_ESTIMATES: Final = (("0.6", "0.7", "0.8"), ("0.01", "0.02", "0.05"), ("1", "2", "3"), ("3", "4", "5"))
_ON_DIGESTS: Final = ("approved", "reviewed", "endorsed")
"""What roles say of a document that was submitted."""


@dataclass(frozen=True, kw_only=True)
class Chronicler(Speaker):
    """Draws events about one theme, and about what the policies ask."""

    theme: Theme
    topics: Sequence[Topic]

    # Evaluations

    def result(self, measure: str) -> Given:
        """Return what a run showed."""
        kind = self.choose.number(0, 5) if measure != "grade" else 5
        if kind == 5:  # noqa: PLR2004 - one in six
            return self.estimate(measure)
        if kind == 4:  # noqa: PLR2004 - one in six
            sizes = self.choose.pick(([1] * 5, [1] * 8, [2, 3], [4]))
            listed = [
                {"id": f"c{n}", "successes": self.choose.number(0, size), "trials": size}
                for n, size in enumerate(sizes)
            ]
            return {"clusters": listed}
        trials = self.choose.pick((5, 8, 20, 40))
        few = trials // 8
        least, most = self.choose.pick(
            ((0, few), (trials - few, trials), (0, few), (trials - few, trials), (0, trials))
        )
        return {"successes": self.choose.number(least, most), "trials": trials}

    def estimate(self, measure: str) -> Given:
        """Return an estimate with some of what belongs to it."""
        same, other = (_ESTIMATES, _PLAIN_ESTIMATES) if measure == "score" else (_PLAIN_ESTIMATES, _ESTIMATES)
        low, middle, high = self.choose.pick(other if self.choose.one_in(8) else same)
        return stated(
            estimate=middle,
            lower=None if self.choose.one_in(5) else low,
            upper=None if self.choose.one_in(5) else high,
            confidence=self.choose.pick(("95%", "95%", "90%", None)),
            method=None if self.choose.one_in(5) else "bootstrap",
            log=None if self.choose.one_in(5) else _LOG,
        )

    def evaluation(self) -> Given:
        """Return an evaluation."""
        measure = self.choose.pick(("score",) * 6 + ("faults", "grade"))
        data = stated(
            measure=measure,
            suite="lab/other" if self.choose.one_in(15) else SUITES[measure],
            plan=self.choose.pick((None, *_PLANS)),
            elicitation=self.choose.pick((["tools"],) * 5 + (["tools", "search"], ["search"], None)),
        )
        return {"event": "evaluation.completed", "subject": self.model(), "data": data | self.result(measure)}

    def planned(self) -> Given:
        """Return a plan."""
        measure = self.choose.pick(("score",) * 3 + ("faults", "grade"))
        data = {"id": self.choose.pick(_PLANS), "measure": measure, "suite": SUITES[measure]}
        return {"event": "evaluation.planned", "subject": self.model(), "data": data | self.margins(measure)}

    def margins(self, measure: str) -> Given:
        """Return perhaps which bounds a plan states for which margins of effective compute."""
        if not self.choose.one_in(2):
            return {}
        bounds = ("50%", "30%", "10%") if measure == "score" else ("0.5", "0.1", "0.01")
        margins = self.choose.some(("2x", "4x", "6x"), 1, 2)
        return {"ahead": [{"margin": margin, "bound": self.choose.pick(bounds)} for margin in margins]}

    def registered_run(self) -> list[Given]:
        """Return a plan and the run that it announces, or nearly: of another model, too late, or entered too late."""
        run, at = self.evaluation(), self.choose.number(0, len(INSTANTS) - 3)
        data = {"id": _PLANS[0]} | {name: run["data"][name] for name in ("measure", "suite")}
        data |= self.margins(data["measure"])
        model = run["subject"]["model"] if not self.choose.one_in(5) else "m1"
        later = max(at + self.choose.pick((1, 1, 2, 0, -1)), 0)
        entered = self.choose.pick((None, None, None, INSTANTS[later], INSTANTS[-1], INSTANTS[0]))
        plan = {"event": "evaluation.planned", "subject": {"model": model}, "data": data, "occurred": INSTANTS[at]}
        run["data"]["plan"] = _PLANS[0]
        return [plan | stated(recorded=entered), run | {"occurred": INSTANTS[later]}]

    def growth(self) -> list[Given]:
        """Return measurements of effective compute before and after an evaluation, by one or both of its bounds."""
        run, at = self.evaluation(), self.choose.number(0, len(INSTANTS) - 5)
        model = self.choose.pick((run["subject"]["model"], "m1"))
        subject = self.choose.pick(({"model": model}, {"model": model}, {"developer": ISSUER}))
        measured = [self.quantity() for _ in range(2)]
        for event, step in zip(measured, (0, self.choose.number(1, 4)), strict=True):
            event["data"]["quantity"] = COMPUTE
            event |= {"subject": dict(subject), "occurred": INSTANTS[at + step]}
        return [*measured, run | {"occurred": INSTANTS[at + self.choose.number(0, 2)]}]

    # What roles say together

    def said(self, topic: Topic, role: str, *, yes: bool) -> Given:
        """Return that a role says yes or no to what a condition asks: mostly by its own actor, and with all it asks."""
        kind, data = {
            "judged": ("determination.made", {"judged": topic.name, "value": yes}),
            "approved": (
                "document.approved" if yes else "document.rejected",
                {"document": topic.name, "digest": DOCUMENT_DIGESTS[0]},
            ),
            "reviewed": ("review.received", {"document": topic.name, "digest": DOCUMENT_DIGESTS[0]}),
            "endorsed": (
                "review.received",
                {"document": topic.name, "digest": DOCUMENT_DIGESTS[0], "endorses": "yes" if yes else "no"},
            ),
            "attested": (
                "control.attested",
                {"control": topic.name, "value": yes, "effort": "1000 USD", "outcome": "no-exfiltration"}
                | self.reservation(),
            ),
        }[topic.leaf]
        actor = self.choose.pick((ACTORS[role],) * 8 + ("rolf", None))
        return {"event": kind, "role": role, "data": data} | stated(actor=actor)

    def reservation(self) -> Given:
        """Return what, now and then, an attestation has that it should not have."""
        reservations = (
            {"effort": "999 USD"},
            {"outcome": "exfiltration"},
            {"expires": self.choose.pick(INSTANTS[4:])},
            {"expires": self.choose.pick(INSTANTS[4:])},
        )
        return dict(self.choose.pick(reservations)) if self.choose.one_in(5) else {}

    def ceremony(self, so_far: Sequence[Given]) -> list[Given]:
        """Return what the roles say of what some condition asks, at one instant or one after another.

        Where it is a document it is submitted first. Seldom does a role say no.
        """
        topic, subject = self.choose.pick(self.topics), self.choose.pick(({"model": "m1"}, {"developer": ISSUER}))
        at = self.choose.number(0, len(INSTANTS) - 3)
        events = self.submitted(topic, INSTANTS[at], so_far)
        for role in topic.roles:
            at = min(at + self.choose.pick((0, 0, 1)), len(INSTANTS) - 1)
            events.append(self.said(topic, role, yes=not self.choose.one_in(8)) | {"occurred": INSTANTS[at]})
        spoilt = self.spoiling(events, so_far) if topic.leaf in _ON_DIGESTS and self.choose.one_in(2) else []
        return [event | {"subject": dict(subject)} for event in events] + spoilt

    def spoiling(self, events: Sequence[Given], so_far: Sequence[Given]) -> list[Given]:
        """Return what spoils the approvals of a submission that lists evidence: withdrawal or the opposite result."""
        listed = events[0]["data"].get("evidence")
        if listed is None:
            return []
        (index,), at = listed, self.choose.pick(INSTANTS[2:])
        subject = so_far[index]["subject"]
        if self.choose.one_in(2):
            data = {"evaluation": index, "reason": "a fault"}
            withdrawn = {"event": "evaluation.withdrawn", "subject": {"model": subject["model"]}, "data": data}
            return [withdrawn | {"occurred": at}]
        successes = self.choose.pick((0, 8))
        again = so_far[index]["data"] | {"suite": SUITES[so_far[index]["data"]["measure"]]}
        data = {key: again[key] for key in ("measure", "suite")} | {"successes": successes, "trials": 8}
        return [{"event": "evaluation.completed", "subject": dict(subject), "data": data, "occurred": at}]

    def submitted(self, topic: Topic, occurred: str, so_far: Sequence[Given]) -> list[Given]:
        """Return the submission of a document that a condition asks to be approved."""
        if topic.leaf not in _ON_DIGESTS:
            return []
        data = {"document": topic.name, "digest": DOCUMENT_DIGESTS[0]} | self.sections() | self.listed(so_far)
        submitted = {"event": "document.submitted", "occurred": occurred, "data": data} | self.submitter()
        if self.choose.one_in(10):
            return [submitted, submitted | {"data": data | {"digest": DOCUMENT_DIGESTS[-1]}}]
        return [submitted]

    def changes_of_mind(self, so_far: Sequence[Given]) -> list[Given]:
        """Return what the roles say of what some condition asks, again and again, now yes and now no."""
        topic, subject = self.choose.pick(self.topics), self.choose.pick(({"model": "m1"}, {"developer": ISSUER}))
        first, step = self.choose.number(0, 3), self.choose.number(1, 3)
        events = self.submitted(topic, INSTANTS[first], so_far)
        yes = True
        for at in range(first, len(INSTANTS), step):
            # one of them, or all anew
            roles = topic.roles if yes or self.choose.one_in(2) else topic.roles[:1]
            events += [self.said(topic, role, yes=yes) | {"occurred": INSTANTS[at]} for role in roles]
            yes = not yes
        return [event | {"subject": dict(subject)} for event in events]

    # Other facts

    def publication(self) -> Given:
        """Return a publication or a notification."""
        if self.choose.one_in(3):
            data = {"party": self.choose.pick(ROLES), "document": self.choose.pick((*DOCUMENTS[:1], *DOCUMENTS))}
            return {"event": "party.notified", "subject": self.subject(), "data": data}
        data = self.document() | self.sections() | self.coverage()
        return {"event": "document.published", "subject": self.subject(), "data": data}

    def quantity(self) -> Given:
        """Return a measurement, perhaps with the interval that it is known to lie in."""
        low, value, high = sorted(self.choose.number(0, len(COMPUTES) - 1) for _ in range(3))
        name = COMPUTE if self.theme is Theme.EVIDENCE else self.choose.pick(QUANTITIES)
        data = stated(
            quantity=name,
            value=COMPUTES[value],
            lower=COMPUTES[low] if self.choose.one_in(3) else None,
            upper=COMPUTES[high] if self.choose.one_in(3) else None,
        )
        return {"event": "quantity.measured", "subject": self.subject(), "data": data}

    def incident(self) -> Given:
        """Return an incident, a deployment or a report about a competitor."""
        kind = self.choose.number(0, 3)
        if kind == 3:  # noqa: PLR2004 - one in four
            return {"event": "competitor.reported", "subject": self.subject(), "data": {"what": "a larger model"}}
        if kind == 2:  # noqa: PLR2004 - one in four
            data = {"class": self.choose.pick(("deploy.external.public", "deploy.internal.wide"))}
            return {"event": "model.deployed", "subject": self.model(), "data": data}
        data = stated(id="i1", kind=self.choose.pick(("theft", "outage")), severity=self.choose.pick((None, "high")))
        return {"event": "incident.discovered", "subject": self.subject(), "data": data}

    # The record itself

    def withdrawal(self, events: Sequence[Given]) -> Given:
        """Return the withdrawal of an evaluation so far, or an evaluation where there is none yet."""
        evaluations = indices(events)
        if not evaluations:
            return self.evaluation()
        index = self.choose.pick(evaluations)
        data = {"evaluation": index, "reason": "a fault"}
        return {"event": "evaluation.withdrawn", "subject": {"model": events[index]["subject"]["model"]}, "data": data}

    def correction(self, events: Sequence[Given]) -> Given:
        """Return a correction of an event so far, by another so far or by one that it writes out.

        Only an evaluation stands in the place of an evaluation. A registration is seldom corrected: that mostly ends in
        a refusal.
        """
        least = 0 if self.choose.one_in(10) else min(len(MODELS) + 1, len(events) - 1)
        corrections = indices(events, "event.corrected")
        index = self.choose.number(least, len(events) - 1)
        if corrections and self.choose.one_in(2):
            index = self.choose.pick(corrections)
        corrected = events[index]
        evaluations = corrected["event"] == "evaluation.completed"
        others = [n for n in range(len(events)) if n != index and (not evaluations or n in indices(events))]
        if index in corrections and self.choose.one_in(2):
            # what the correction superseded: it is undone
            others = [events[index]["data"]["event"]]
        if others and self.choose.one_in(2):
            by: Any = self.choose.pick(others)
        else:
            by = self.evaluation() if evaluations else self.one(events, record=False)
            by |= {"occurred": corrected["occurred"] if self.choose.one_in(2) else self.choose.pick(INSTANTS)}
            if evaluations:
                by["subject"]["model"] = corrected["subject"]["model"]
        data = {"event": index, "reason": "a slip", "by": by}
        return {"event": "event.corrected", "subject": {"model": "m1"}, "data": data}

    def one(self, events: Sequence[Given], *, record: bool = True) -> Given:
        """Return an event of the theme, or now and then, with `record`, one about the record itself."""
        if record and self.choose.one_in(2 if self.theme is Theme.RECORD else 8):
            return self.correction(events) if self.choose.one_in(2) else self.withdrawal(events)

        def submission() -> Given:
            return self.submission(events)

        kinds: dict[Theme, Sequence[Callable[[], Given]]] = {
            Theme.EVIDENCE: (self.evaluation, self.evaluation, self.evaluation, self.planned, self.quantity),
            Theme.ROLES: (
                self.determination,
                self.attestation,
                self.approval,
                self.approval,
                submission,
                self.assessment,
                self.evaluation,
                self.evaluation,
            ),
            Theme.RECORD: (self.determination, self.evaluation, self.evaluation, self.approval, submission),
            Theme.FACTS: (self.quantity, self.quantity, self.publication, self.incident, self.determination),
            Theme.WINDOWS: (
                self.determination,
                self.attestation,
                self.approval,
                submission,
                self.publication,
                self.incident,
            ),
            Theme.WORDS: (self.ruling, self.determination, self.determination, self.quantity, self.incident),
        }
        every = [kind for listed in kinds.values() for kind in listed]
        return self.choose.pick(kinds.get(self.theme, every))()

    def some(self, events: Sequence[Given]) -> list[Given]:
        """Return one event, or several that belong together."""
        if self.disputed and self.choose.one_in(3 if self.theme is Theme.WORDS else 6):
            return self.rulings() if self.choose.one_in(2) else [self.ruling() | self.times()]
        if self.theme is Theme.EVIDENCE and self.choose.one_in(4):
            return self.growth() if self.choose.one_in(2) else self.registered_run()
        spoken = self.theme in (Theme.ROLES, Theme.WINDOWS, Theme.RECORD, Theme.WORDS, Theme.ALL)
        if spoken and self.choose.one_in(3 if self.theme is Theme.WINDOWS else 4):
            return self.changes_of_mind(events) if self.choose.one_in(3) else self.ceremony(events)
        return [self.one(events) | self.times()]

    # The whole

    def registrations(self) -> list[Given]:
        """Return the registrations of three models of one developer, perhaps of one line, and of a stranger's."""
        parents = {"m1": None, "m2": self.choose.pick(("m1", "m1", None)), "m3": self.choose.pick((None, "m1", "m2"))}
        weights = self.choose.pick((None, DIGESTS[0]))
        events: list[Given] = [
            {
                "event": "model.registered",
                "occurred": self.choose.pick((INSTANTS[0], *(INSTANTS[4:12:2] if model != "m1" else ()))),
                "subject": {"model": model} | stated(weights=weights if model == "m1" else None),
                "data": stated(developer=ISSUER if model != "m2" else None, parent=parents[model]),
            }
            for model in MODELS
        ]
        subject = {"model": STRANGE_MODEL}
        stranger = {"event": "model.registered", "occurred": INSTANTS[0], "subject": subject}
        return [*events, {**stranger, "data": {"developer": STRANGER}}]

    def adoptions(self, versions: Sequence[str]) -> list[Given]:
        """Return perhaps the adoption of each version."""
        return [
            {
                "event": "policy.adopted",
                "occurred": self.choose.pick(("2025-01-01T05:00:00Z", *INSTANTS[4:9])),
                "subject": {"developer": ISSUER},
                "data": {"policy": "scaling", "version": version},
            }
            for version in versions
            if self.choose.one_in(3)
        ]


def event_objects(choose: Chooser, theme: Theme, documents: Sequence[Mapping[str, Any]], *, most: int) -> list[Given]:
    """Return a history: four models, the first three of one developer, and some `most` events that befell them."""
    asked = [topic for document in documents for topic in topics(document)]
    # what permissions ask comes more often: windows open and close by it
    asked = [topic for document in documents for topic in topics(document.get("permissions"))] * 3 + asked
    chronicler = Chronicler(choose=choose, theme=theme, topics=asked, disputed=disputed(documents))
    versions = [document["version"] for document in documents if document["issuer"] == ISSUER]
    events = chronicler.registrations() + chronicler.adoptions(versions)
    if theme is Theme.WINDOWS:
        events += chronicler.changes_of_mind(events)
    for _ in range(choose.number(0, most) if choose.one_in(10) else choose.number(most // 3, most)):
        events += chronicler.some(events)
        if len(events) >= most + 6:
            break
    return events
