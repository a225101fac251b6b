"""Every kind of event in the table of LANGUAGE 3.1, its fields, its subjects, and nothing beside them."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from interlock.record import (
    EVENT_KINDS,
    Cluster,
    Clusters,
    Counts,
    DocumentActed,
    Estimate,
    EvaluationCompleted,
    EvaluationPlan,
    Event,
    OtherPayload,
    QuantityMeasured,
    read_event,
)
from interlock.terms import Quantity, parse_instant, parse_quantity
from tests.record.samples import ABOUT_DEVELOPER, DIGEST, MARCH, OPTIONAL, REQUIRED, Object, changed, event, faults_of


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
            extension = {"evidence"} if kind == "document.submitted" else set()
            wanted = set(fields) | extension
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


def test_other_kinds_keep_their_checked_fields_by_name() -> None:
    assert one("training.started", effective_compute="1e25 FLOP").payload == OtherPayload(
        fields={"effective-compute": parse_quantity("1e25 FLOP")}
    )
    assert one("goal.revised").payload == OtherPayload(
        fields={"goal": "security", "by": parse_instant("2027-06-30T00:00:00Z"), "reason": "supplier late"}
    )


def test_data_fields_are_given_as_texts() -> None:
    read = one("control.attested", effort=300000.5)
    assert [read.text_of(name) for name in ("control", "value", "effort", "outcome")] == [
        "split-keys",
        "false",
        "300000.5",
        None,
    ]
