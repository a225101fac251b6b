"""Every kind of event in the table of LANGUAGE 3.1, its fields, its subjects, and nothing beside them."""

from __future__ import annotations

import re
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from interlock.record import (
    EVENT_KINDS,
    AheadBound,
    Cluster,
    Clusters,
    Counts,
    DocumentActed,
    DutyPerformed,
    Estimate,
    EvaluationCompleted,
    EvaluationPlan,
    Event,
    ExcuseClaimed,
    GoalRevised,
    IncidentReported,
    OtherPayload,
    QuantityMeasured,
    read_event,
)
from interlock.terms import Quantity, parse_instant, parse_quantity
from tests.record.samples import ABOUT_DEVELOPER, DIGEST, MARCH, OPTIONAL, REQUIRED, Object, changed, event, faults_of

ADDITIONS = {
    "document.submitted": {"evidence", "schedule"},
    "evaluation.planned": {"ahead"},
    "duty.performed": {"instance"},
    "excuse.claimed": {"instance"},
}
"""Fields that the language's table does not have, by kind."""


def one(kind: str, /, **data: Any) -> Event:
    return read_event(changed(kind, **data), index=7)


def test_the_samples_cover_every_kind() -> None:
    assert REQUIRED.keys() == EVENT_KINDS.keys()


def test_the_kinds_and_their_fields_are_those_of_the_language(shared: Path) -> None:
    """Each row names its kinds before the first bar and its fields in backticks after it."""
    text = (shared / "design" / "LANGUAGE.md").read_text(encoding="utf-8")
    table = text.split("| event | `data`")[1].split("\n\n")[0].splitlines()[2:]
    assert len(table) == 26
    for row in table:
        _, kinds, data, _ = row.split("|")
        names = re.findall(r"`([a-z.]+)`", kinds)
        prefix = names[0].split(".")[0]
        # a digest or index, the states of a claim and the answers of a review stand after a colon or in parentheses
        fields = re.findall(r"`([a-z-]+)`", re.sub(r"\([^)]*\)|: \[\{[^}]*\}\]|: yes, no, not-asked", "", data))
        for name in names:
            kind = name if not name.startswith(".") else f"{prefix}{name}"
            wanted = set(fields) | ADDITIONS.get(kind, set())
            if kind.startswith("goal."):
                wanted -= {"by"} if kind == "goal.graded" else {"grade"}
            assert EVENT_KINDS[kind] == wanted, kind


@pytest.mark.parametrize("kind", sorted(REQUIRED))
def test_an_event_with_its_required_fields_alone_is_sound(kind: str) -> None:
    read = read_event(event(kind), index=3)
    assert (read.index, read.kind, read.source) == (3, kind, event(kind))


@pytest.mark.parametrize("kind", sorted(OPTIONAL))
def test_an_event_with_all_its_optional_fields_is_sound(kind: str) -> None:
    data = REQUIRED[kind] | OPTIONAL[kind]
    assert read_event(event(kind, data), index=0).kind == kind
    declared = EVENT_KINDS[kind] - {"clusters", "estimate", "lower", "upper", "confidence", "method"}
    assert declared <= data.keys() or kind == "quantity.measured"


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind in sorted(REQUIRED) for field in REQUIRED[kind] if EVENT_KINDS[kind]]
)
def test_a_required_field_that_is_missing_is_a_fault(kind: str, field: str) -> None:
    data = {name: value for name, value in REQUIRED[kind].items() if name != field}
    found = faults_of(event(kind, data))
    assert any(f"has no `{field}`" in fault for fault in found), found


_FIELDS = [(k, f) for k in sorted(REQUIRED) if EVENT_KINDS[k] for f in (REQUIRED[k] | OPTIONAL.get(k, {}))]
_NUMBERS = {"effort", "lower", "upper", "effective-compute", "grade", "severity"}
_WRONG: dict[str, object] = {"null": None, "object": {}, "list": [[]], "float": 1e300, "empty": ""}


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        pytest.param(kind, field, value, id=f"{kind} {field} {name}")
        for kind, field in _FIELDS
        for name, value in _WRONG.items()
        if name != "float" or not (field in _NUMBERS or (kind, field) == ("quantity.measured", "value"))
    ],
)
def test_a_field_of_the_wrong_sort_is_a_fault(kind: str, field: str, value: object) -> None:
    data = REQUIRED[kind] | OPTIONAL.get(kind, {}) | {field: value}
    found = faults_of(event(kind, data))
    assert any(
        f"`{field}" in fault or f".{field}" in fault or (field == "by" and "has no" in fault) for fault in found
    ), found


@pytest.mark.parametrize("kind", sorted(REQUIRED.keys() - {"decision.recorded"}))
def test_an_unknown_field_is_a_fault_and_one_beginning_with_x_is_carried(kind: str) -> None:
    unknown = event(kind, REQUIRED[kind] | {"flops": "1e25 FLOP"})
    assert any(f"`{kind}` has no field `flops`" in fault for fault in faults_of(unknown))
    carried = event(kind, REQUIRED[kind] | {"x-lab": {"any": [1, None]}}, **{"x-lab": None})
    assert read_event(carried, index=0).source == carried


@pytest.mark.parametrize("kind", sorted(REQUIRED))
@pytest.mark.parametrize("who", ["model", "developer", "world"])
def test_a_kind_is_about_those_it_makes_sense_for(kind: str, who: str) -> None:
    """By the words of the table: policies, roles and goals are never of a model; runs, training and weights always."""
    subjects: dict[str, Object] = {
        "model": {"model": "m"},
        "developer": {"developer": "D"},
        "world": {"world": True},
    }
    model_only = kind.split(".", maxsplit=1)[0] in {"evaluation", "training", "weights", "model"}
    goal = kind.startswith("goal.")
    refused = (
        (model_only and who != "model")
        or (kind in ABOUT_DEVELOPER and who == "model")
        or (goal and who == "world")
        or (kind in {"control.attested", "permission.invoked"} and who == "world")
    )
    stated = event(kind, subject=subjects[who])
    if refused:
        assert any(f"`{kind}` can't be about" in fault for fault in faults_of(stated))
    else:
        named = read_event(stated, index=0).subject
        assert (named.model, named.developer) == (subjects[who].get("model"), subjects[who].get("developer"))


def test_no_data_is_needed_where_no_field_is_required() -> None:
    stated = event("training.started")
    del stated["data"]
    assert read_event(stated, index=0).payload == OtherPayload(fields={})
    assert read_event(stated, index=0).text_of("effective-compute") is None


def test_an_unknown_kind_is_a_fault_that_names_the_nearest() -> None:
    stated = event("evaluation.completed")
    stated["event"] = "evaluation.complete"
    assert faults_of(stated) == ["1: there is no kind of event `evaluation.complete`"]


def test_counts_are_read() -> None:
    payload = one("evaluation.completed", plan="p1", elicitation=["a", "b"], log=DIGEST).payload
    assert payload == EvaluationCompleted(
        measure="run",
        suite="acme/run",
        plan="p1",
        elicitation=("a", "b"),
        log=DIGEST,
        result=Counts(successes=3, trials=5),
    )


def test_clusters_are_read() -> None:
    data = {"measure": "run", "suite": "acme/run", "clusters": [{"id": "t1", "successes": 0, "trials": 4, "x-a": 1}]}
    payload = read_event(event("evaluation.completed", data), index=0).payload
    assert isinstance(payload, EvaluationCompleted)
    assert payload.result == Clusters(clusters=(Cluster(id="t1", successes=0, trials=4),))


def test_estimates_are_read_exactly() -> None:
    data = {"measure": "run", "suite": "acme/run", "estimate": 0.2, "lower": 0.1, "confidence": "97.5%", "method": "m"}
    payload = read_event(event("evaluation.completed", data), index=0).payload
    assert isinstance(payload, EvaluationCompleted)
    assert payload.result == Estimate(
        estimate=Quantity(Fraction(1, 5), "number", "0.2"),
        lower=Quantity(Fraction(1, 10), "number", "0.1"),
        confidence=Fraction(39, 40),
        method="m",
    )


@pytest.mark.parametrize(("stated", "confidence"), [("95%", Fraction(19, 20)), (0.95, Fraction(19, 20))])
def test_a_confidence_is_a_share_or_a_plain_number(stated: object, confidence: Fraction) -> None:
    data = {"measure": "run", "suite": "acme/run", "estimate": "20%", "confidence": stated}
    payload = read_event(event("evaluation.completed", data), index=0).payload
    assert isinstance(payload, EvaluationCompleted)
    assert isinstance(payload.result, Estimate)
    assert payload.result.confidence == confidence


def test_quantities_plans_and_documents_are_read() -> None:
    assert one("quantity.measured", lower="9e25 FLOP", estimator="logbook").payload == QuantityMeasured(
        quantity="training-compute",
        value=parse_quantity("1e26 FLOP"),
        lower=parse_quantity("9e25 FLOP"),
        estimator="logbook",
    )
    assert one("evaluation.planned", suite_digest=DIGEST, due=MARCH).payload == EvaluationPlan(
        id="p1", measure="run", suite="acme/run", suite_digest=DIGEST, due=parse_instant(MARCH)
    )
    assert one("document.submitted", redacted=["annex"], evidence=[0, DIGEST]).payload == DocumentActed(
        document="plan", digest=DIGEST, redacted=("annex",), evidence=(0, DIGEST)
    )


def test_duties_excuses_and_incidents_are_read() -> None:
    assert one("duty.performed").payload == DutyPerformed(duty="report")
    assert one("duty.performed", instance=DIGEST).payload == DutyPerformed(duty="report", instance=DIGEST)
    assert one("excuse.claimed", until=MARCH, instance="Halcyon AI").payload == ExcuseClaimed(
        duty="report", reason="no change", until=parse_instant(MARCH), instance="Halcyon AI"
    )
    for kind in ("incident.suspected", "incident.discovered", "incident.determined"):
        assert one(kind).payload == IncidentReported(id="i-1", kind="weight-theft")
    assert one("incident.discovered", severity=3).payload == IncidentReported(id="i-1", kind="weight-theft", severity=3)


@pytest.mark.parametrize(
    ("kind", "topic"),
    [
        ("duty.performed", ("performed", "report")),
        ("excuse.claimed", ("excused", "report")),
        ("incident.suspected", ("incident", "i-1")),
        ("incident.discovered", ("incident", "i-1")),
        ("incident.determined", ("incident", "i-1")),
    ],
)
def test_duties_excuses_and_incidents_are_facts_on_their_names(kind: str, topic: tuple[str, str]) -> None:
    assert one(kind).topics == (("kind", kind), topic)


def test_a_schedule_keeps_a_day_a_day_and_an_instant_an_instant() -> None:
    """Where a day ends is for the time zone of a policy to say, and an event knows none."""
    payload = one(
        "document.submitted", schedule={"report": "2025-06-30", "assess": "2025-06-30T00:00:00+02:00"}
    ).payload
    assert isinstance(payload, DocumentActed)
    assert payload.schedule == {"report": date(2025, 6, 30), "assess": parse_instant("2025-06-29T22:00:00Z")}
    assert [type(due) for due in payload.schedule.values()] == [date, datetime]
    assert one("document.submitted").payload == DocumentActed(document="plan", digest=DIGEST, schedule={})


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ({}, "`schedule` is an empty object"),
        (["report"], "`schedule` is a list"),
        ("2025-06-30", "`schedule` is the text `2025-06-30`"),
        ({"report": "2025-06-31"}, "`schedule.report`: `2025-06-31` is not a day of the calendar"),
        ({"report": "30 June"}, "`schedule.report`: `30 June` is not an instant"),
        ({"report": "2025-06-30T12:00:00"}, "`schedule.report`: `2025-06-30T12:00:00` is not an instant"),
        ({"report": 20250630}, "`schedule.report` is the number `20250630`"),
        ({"report": None}, "`schedule.report` is null"),
        ({"our report": "2025-06-30"}, "`schedule.our report` is the text `our report`"),
        ({"": "2025-06-30"}, "is an empty text"),
    ],
)
def test_a_schedule_that_names_no_duty_or_no_time_is_refused(schedule: object, said: str) -> None:
    found = faults_of(changed("document.submitted", schedule=schedule))
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize("kind", ["document.approved", "document.rejected", "document.published"])
def test_only_a_submission_states_a_schedule(kind: str) -> None:
    assert any("has no field `schedule`" in f for f in faults_of(changed(kind, schedule={"report": "2025-06-30"})))


def test_a_plan_says_how_its_bound_scales_by_margins() -> None:
    ahead = [{"margin": "6x", "bound": "10%"}, {"margin": "2.5x", "bound": "25%", "x-why": "fit"}]
    payload = one("evaluation.planned", ahead=ahead).payload
    assert isinstance(payload, EvaluationPlan)
    assert payload.ahead == (
        AheadBound(margin=Fraction(6), bound=parse_quantity("10%")),
        AheadBound(margin=Fraction(5, 2), bound=parse_quantity("25%")),
    )
    assert any("has no field `ahead`" in fault for fault in faults_of(changed("evaluation.started", ahead=ahead)))


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        ([], "`ahead` is an empty list"),
        ({"margin": "6x", "bound": "10%"}, "`ahead` is an object"),
        (["6x"], "`ahead[0]` is the text `6x`"),
        ([{"margin": "6x"}], "a margin has no `bound`"),
        ([{"bound": "10%"}], "a margin has no `margin`"),
        ([{"margin": "6x", "bound": "10%", "at": "95%"}], "a margin has no field `at`"),
        ([{"margin": "1x", "bound": "10%"}], "`ahead[0].margin` is the text `1x`"),
        ([{"margin": "0.5x", "bound": "10%"}], "`ahead[0].margin` is the text `0.5x`"),
        ([{"margin": 6, "bound": "10%"}], "`ahead[0].margin` is the number `6`"),
        ([{"margin": "6", "bound": "10%"}], "`ahead[0].margin` is the text `6`"),
        ([{"margin": "600%", "bound": "10%"}], "`ahead[0].margin` is the text `600%`"),
        ([{"margin": "six", "bound": "10%"}], "`ahead[0].margin`: `six` is not a quantity"),
        ([{"margin": "6x", "bound": "few"}], "`ahead[0].bound`: `few` is not a quantity"),
        ([{"margin": "6x", "bound": None}], "`ahead[0].bound` is null"),
        ([{"margin": "6x", "bound": "10%"}, {"margin": "6.0x", "bound": "20%"}], "the margin stands here twice"),
        ([{"margin": "6x", "bound": "10%"}, {"margin": "8x", "bound": "8 hours"}], "their units do not fit"),
    ],
)
def test_margins_that_do_not_hold_together_are_refused(ahead: object, said: str) -> None:
    found = faults_of(changed("evaluation.planned", ahead=ahead))
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize("kind", ["duty.performed", "excuse.claimed"])
@pytest.mark.parametrize("instance", ["", " halcyon", 4, True, ["halcyon-4"], {}, "a\u202eb"])
def test_an_instance_is_a_text_of_one_line(kind: str, instance: object) -> None:
    assert any("`instance`" in fault for fault in faults_of(changed(kind, instance=instance)))


def test_other_kinds_keep_their_checked_fields_by_name() -> None:
    assert one("training.started", effective_compute="1e25 FLOP").payload == OtherPayload(
        fields={"effective-compute": parse_quantity("1e25 FLOP")}
    )


def test_a_goal_is_revised_to_a_day_as_stated_or_to_an_instant() -> None:
    day = one("goal.revised").payload
    assert day == GoalRevised(goal="security", by=date(2027, 6, 30), reason="supplier late")
    instant = read_event(changed("goal.revised", by="2027-06-30T12:00:00Z"), index=0).payload
    assert instant == GoalRevised(goal="security", by=parse_instant("2027-06-30T12:00:00Z"), reason="supplier late")


def test_data_fields_are_given_as_texts() -> None:
    read = one("control.attested", effort=300000.5)
    assert [read.text_of(name) for name in ("control", "value", "effort", "outcome")] == [
        "split-keys",
        "false",
        "300000.5",
        None,
    ]
