"""Random histories, as the JSON objects of an events file: few models, digests and instants, so that events meet.

Used by `interlock.testing.strategies`. The instants are a month or a named period apart, so that periods end at the
very instants at which other things happen and questions are asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st

from interlock.testing._drawn_policies import (
    CLAIMS,
    COMPUTES,
    CONTROLS,
    DOCUMENTS,
    INCIDENT_KINDS,
    ISSUER,
    OUTCOMES,
    QUANTITIES,
    QUESTIONS,
    ROLES,
    STRANGER,
    SUITES,
)

Given = dict[str, Any]
"""An event as it is given: a JSON object."""

MODELS: Final = ("m1", "m2", "m3")
STRANGE_MODEL: Final = "x1"
DIGESTS: Final = tuple(f"sha256:{character * 64}" for character in "abc")
PLANS: Final = ("p1", "p2")
INSTANTS: Final = (
    "2025-01-05T12:00:00Z",
    "2025-01-15T12:00:00Z",
    "2025-01-31T12:00:00Z",
    "2025-02-01T12:00:00Z",
    "2025-02-15T12:00:00Z",
    "2025-02-28T12:00:00Z",
    "2025-03-01T12:00:00Z",
    "2025-03-03T12:00:00Z",
    "2025-03-31T12:00:00Z",
    "2025-04-15T12:00:00Z",
    "2025-05-01T12:00:00Z",
    "2025-06-01T12:00:00Z",
    "2025-07-15T12:00:00Z",
    "2025-08-01T12:00:00Z",
    "2025-11-01T12:00:00Z",
)
_DOCUMENT_DIGESTS: Final = tuple(f"sha256:{character * 64}" for character in "12")
_LOG: Final = f"sha256:{'9' * 64}"
_ACTORS: Final = ("rolf", "cara", "bea", None)


def _stated(**entries: Any) -> Given:
    return {key.replace("_", "-"): value for key, value in entries.items() if value is not None}


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


@st.composite
def _subject(draw: st.DrawFn) -> Given:
    """Return mostly a model, mostly the first; now and then the developer, the world or a stranger's model."""
    kind = draw(st.sampled_from(["model"] * 7 + ["developer", "world", "stranger"]))
    if kind == "developer":
        return {"developer": draw(st.sampled_from([ISSUER, ISSUER, STRANGER]))}
    if kind == "world":
        return {"world": True}
    if kind == "stranger":
        return {"model": STRANGE_MODEL}
    return draw(_model())


@st.composite
def _model(draw: st.DrawFn) -> Given:
    model = draw(st.sampled_from(["m1", "m1", "m1", "m2", "m2", "m3"]))
    return {"model": model} | _stated(weights=draw(st.sampled_from([None, None, *DIGESTS])))


@st.composite
def _times(draw: st.DrawFn) -> Given:
    """Return when an event occurred and, now and then, another time at which it was recorded, mostly a later one."""
    at = draw(st.integers(0, len(INSTANTS) - 1))
    late = draw(st.sampled_from([0, 0, 0, 0, 0, 0, 1, 1, 3, -1]))
    recorded = INSTANTS[min(max(at + late, 0), len(INSTANTS) - 1)] if late else None
    return {"occurred": INSTANTS[at]} | _stated(recorded=recorded)


@st.composite
def _counts(draw: st.DrawFn) -> Given:
    trials = draw(st.sampled_from([5, 8, 20, 40]))
    return {"successes": draw(st.integers(0, trials)), "trials": trials}


@st.composite
def _clusters(draw: st.DrawFn) -> Given:
    sizes = draw(st.sampled_from([[1] * 5, [1] * 8, [2, 3], [4]]))
    clusters = [{"id": f"c{n}", "successes": draw(st.integers(0, size)), "trials": size} for n, size in enumerate(sizes)]
    return {"clusters": clusters}


@st.composite
def _estimate(draw: st.DrawFn) -> Given:
    low, middle, high = draw(
        st.sampled_from(
            [
                ("60%", "70%", "80%"),
                ("10%", "20%", "25%"),
                ("50%", "60%", "70%"),
                ("30%", "40%", "50%"),
                ("0.6", "0.7", "0.8"),
                ("0.01", "0.02", "0.05"),
                ("1", "2", "3"),
            ]
        )
    )
    return _stated(
        estimate=middle,
        lower=draw(st.sampled_from([low, low, None])),
        upper=draw(st.sampled_from([high, high, None])),
        confidence=draw(st.sampled_from(["95%", "90%", None])),
        method=draw(st.sampled_from(["bootstrap", "bootstrap", None])),
        log=draw(st.sampled_from([_LOG, _LOG, None])),
    )


@st.composite
def _evaluation(draw: st.DrawFn) -> Given:
    measure = draw(st.sampled_from(["score", "score", "score", "faults", "grade"]))
    result = draw(_estimate() if measure == "grade" else st.one_of(_counts(), _counts(), _clusters(), _estimate()))
    data = _stated(
        measure=measure,
        suite=draw(st.sampled_from([SUITES[measure]] * 9 + ["lab/other"])),
        plan=draw(st.sampled_from([None, *PLANS])),
        elicitation=draw(st.sampled_from([["tools"], ["tools"], ["tools", "search"], None])),
    )
    return {"event": "evaluation.completed", "subject": draw(_model()), "data": data | result}


@st.composite
def _planned(draw: st.DrawFn) -> Given:
    measure = draw(st.sampled_from(list(SUITES)))
    data = {"id": draw(st.sampled_from(PLANS)), "measure": measure, "suite": SUITES[measure]}
    return {"event": "evaluation.planned", "subject": draw(_model()), "data": data}


@st.composite
def _said(draw: st.DrawFn) -> Given:
    """Return what a role says: a determination, an attestation, an approval, a rejection or an assessment."""
    kind = draw(
        st.sampled_from(
            ["determination.made"] * 3
            + ["control.attested"] * 3
            + ["document.approved"] * 3
            + ["document.rejected", "claim.assessed"]
        )
    )
    document = {"document": draw(st.sampled_from(DOCUMENTS)), "digest": draw(st.sampled_from(_DOCUMENT_DIGESTS))}
    value = draw(st.sampled_from([True, True, False]))
    data = {
        "determination.made": {"judged": draw(st.sampled_from(QUESTIONS)), "value": value},
        "control.attested": _stated(
            control=draw(st.sampled_from(CONTROLS)),
            value=value,
            effort=draw(st.sampled_from([None, "1000 USD", "999 USD", "5000 EUR"])),
            outcome=draw(st.sampled_from([None, *OUTCOMES])),
            expires=draw(st.sampled_from([None, None, *INSTANTS[4:10]])),
        ),
        "document.approved": document,
        "document.rejected": document,
        "claim.assessed": {
            "claim": draw(st.sampled_from(CLAIMS)),
            "state": draw(st.sampled_from(["supported", "unsupported", "defeated"])),
        },
    }[kind]
    who = _stated(role=draw(st.sampled_from([*ROLES, *ROLES, None])), actor=draw(st.sampled_from(_ACTORS)))
    subject = draw(_model() if kind == "control.attested" and draw(st.booleans()) else _subject())
    if kind == "control.attested" and "world" in subject:
        subject = {"developer": ISSUER}
    return {"event": kind, "subject": subject, **who, "data": data}


@st.composite
def _document(draw: st.DrawFn, events: Sequence[Given]) -> Given:
    """Return a submission, perhaps listing an evaluation so far, or a publication."""
    kind = draw(st.sampled_from(["document.submitted", "document.submitted", "document.published"]))
    evaluations = [index for index, event in enumerate(events) if event["event"] == "evaluation.completed"]
    listed = kind == "document.submitted" and evaluations and draw(st.booleans())
    evidence = [draw(st.sampled_from(evaluations))] if listed else None
    data = _stated(
        document=draw(st.sampled_from(DOCUMENTS)),
        digest=draw(st.sampled_from(_DOCUMENT_DIGESTS)),
        evidence=evidence,
    )
    return {"event": kind, "subject": draw(_subject()), "data": data}


@st.composite
def _quantity(draw: st.DrawFn) -> Given:
    low, value, high = sorted(draw(st.lists(st.sampled_from(range(4)), min_size=3, max_size=3)))
    data = _stated(
        quantity=draw(st.sampled_from(QUANTITIES)),
        value=COMPUTES[value],
        lower=draw(st.sampled_from([None, None, COMPUTES[low]])),
        upper=draw(st.sampled_from([None, None, COMPUTES[high]])),
    )
    return {"event": "quantity.measured", "subject": draw(_subject()), "data": data}


@st.composite
def _occurrence(draw: st.DrawFn) -> Given:
    kind = draw(
        st.sampled_from(
            ["incident.discovered", "model.deployed", "competitor.reported", "training.started", "party.notified"]
        )
    )
    data = {
        "incident.discovered": _stated(
            id="i1",
            kind=draw(st.sampled_from(INCIDENT_KINDS)),
            severity=draw(st.sampled_from([None, "high", "low"])),
        ),
        "model.deployed": {"class": draw(st.sampled_from(["deploy.internal.wide", "deploy.external.public"]))},
        "competitor.reported": {"what": "a larger model"},
        "training.started": {},
        "party.notified": {"party": draw(st.sampled_from(ROLES)), "document": draw(st.sampled_from(DOCUMENTS))},
    }[kind]
    subject = draw(_model() if kind in ("model.deployed", "training.started") else _subject())
    return {"event": kind, "subject": subject, "data": data}


@st.composite
def _withdrawal(draw: st.DrawFn, events: Sequence[Given]) -> Given:
    """Return the withdrawal of an evaluation so far, or an evaluation where there is none yet."""
    evaluations = [
        (index, event["subject"]) for index, event in enumerate(events) if event["event"] == "evaluation.completed"
    ]
    if not evaluations:
        return draw(_evaluation())
    index, subject = draw(st.sampled_from(evaluations))
    data = {"evaluation": index, "reason": "a fault"}
    return {"event": "evaluation.withdrawn", "subject": {"model": subject["model"]}, "data": data}


@st.composite
def _correction(draw: st.DrawFn, events: Sequence[Given]) -> Given:
    """Return a correction of an event so far, by another so far or by one that it writes out."""
    # registrations come first, and two that disagree are refused: seldom worth an example
    first = draw(st.sampled_from([len(MODELS) + 1] * 5 + [0]))
    index = draw(st.integers(min(first, len(events) - 1), len(events) - 1))
    by: Any = draw(st.sampled_from([other for other in range(len(events)) if other != index]))
    if draw(st.booleans()):
        # what is corrected happened when it happened, or at another time
        occurred = draw(st.sampled_from([events[index]["occurred"], draw(st.sampled_from(INSTANTS))]))
        by = {**draw(st.one_of(_evaluation(), _said(), _quantity())), "occurred": occurred}
    data = {"event": index, "reason": "a slip", "by": by}
    return {"event": "event.corrected", "subject": {"model": "m1"}, "data": data}


def _registrations(parents: Mapping[str, str | None], times: Mapping[str, str], weights: str | None) -> list[Given]:
    events: list[Given] = [
        {
            "event": "model.registered",
            "occurred": times[model],
            "subject": {"model": model} | _stated(weights=weights if model == "m1" else None),
            "data": _stated(developer=ISSUER if model != "m2" else None, parent=parents[model]),
        }
        for model in MODELS
    ]
    stranger = {"event": "model.registered", "occurred": INSTANTS[0], "subject": {"model": STRANGE_MODEL}}
    return [*events, {**stranger, "data": {"developer": STRANGER}}]


@st.composite
def event_objects(draw: st.DrawFn, *, most: int = 14) -> list[Given]:
    """Return a history: four models, the first three of one developer and perhaps of one line, and what befell them."""
    parents = {
        "m1": None,
        "m2": draw(st.sampled_from(["m1", "m1", None])),
        "m3": draw(st.sampled_from([None, "m1", "m2"])),
    }
    early = st.sampled_from([INSTANTS[0], INSTANTS[0], INSTANTS[4], INSTANTS[7]])
    times = {"m1": draw(st.sampled_from([INSTANTS[0], INSTANTS[0], INSTANTS[1]])), "m2": draw(early), "m3": draw(early)}
    events = _registrations(parents, times, draw(st.sampled_from([None, DIGESTS[0]])))
    if draw(st.booleans()):
        events.append(_adoption("1", "2025-01-01T05:00:00Z"))
    if draw(st.booleans()):
        events.append(_adoption("2", draw(st.sampled_from(INSTANTS))))
    for _ in range(draw(st.integers(0, most))):
        events.append(draw(_one_event(events)))
    return events


def _adoption(version: str, occurred: str) -> Given:
    data = {"policy": "scaling", "version": version}
    return {"event": "policy.adopted", "occurred": occurred, "subject": {"developer": ISSUER}, "data": data}


@st.composite
def _one_event(draw: st.DrawFn, events: Sequence[Given]) -> Given:
    event = draw(
        st.one_of(
            _evaluation(),
            _evaluation(),
            _said(),
            _said(),
            _said(),
            _document(events),
            _quantity(),
            _occurrence(),
            _planned(),
            _withdrawal(events),
            _correction(events),
        )
    )
    return {**event, **draw(_times())}
