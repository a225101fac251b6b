"""What the fields of an event take and what they refuse: nothing is converted that was not stated."""

from __future__ import annotations

import math
from typing import Any

import pytest

from interlock.notation import ExactFloat, FaultsError
from interlock.record import read_event
from interlock.terms import DEPLOYMENT_CLASSES, parse_instant
from tests.record.samples import DIGEST, MARCH, Object, changed, event, faults_of


def refused(stated: Object) -> list[str]:
    with pytest.raises(FaultsError) as caught:
        read_event(stated, index=0)
    return [f"{fault.message}; expected {fault.expected}" for fault in caught.value.faults]


def result(**fields: Any) -> Object:
    return event("evaluation.completed", {"measure": "run", "suite": "acme/run", **fields})


@pytest.mark.parametrize(
    "name", ["halcyon-4", "GPT-4o", "meta/llama_3:70b", "0day", "a" * 128, "inspect_evals/gpqa.diamond"]
)
def test_a_name_is_of_letters_digits_and_a_few_marks(name: str) -> None:
    assert read_event(event("training.started", subject={"model": name}), index=0).subject.model == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " m",
        "m ",
        "claude 3",
        "-m",
        ".",
        "a" * 129,
        "m\u202e4",
        "m\n",
        "m\x00",
        "h\u0430lcyon",  # a Cyrillic letter that looks like `a`
        "m\u200b",
        4,
        True,
        ["m"],
    ],
)
def test_a_name_that_could_be_taken_for_another_is_refused(name: object) -> None:
    assert any("`model` is" in fault for fault in refused(event("training.started", subject={"model": name})))


@pytest.mark.parametrize("actor", ["Zoë Ng", "evals-team", "李雷", "O'Neill (red team)"])
def test_an_actor_is_one_line_in_any_script(actor: str) -> None:
    assert read_event(event("control.attested", actor=actor), index=0).actor == actor


@pytest.mark.parametrize(
    "actor", ["", " ", "Zoe\u0308", "a  b", "a ", "a\nb", "a\u200db", "a\u202eb", "a\u00a0b", "a" * 201, 7]
)
def test_an_actor_that_looks_like_another_is_refused(actor: object) -> None:
    """`Zoë` in its decomposed form, or with a space that can't be seen, would count as a second, distinct person."""
    assert any("`actor` is" in fault for fault in refused(event("control.attested", actor=actor)))


@pytest.mark.parametrize("reason", ["", "  \n", "a\x1b[31m", "a\u202eb", "a\rb", "x" * 20_001, 3, ["a"]])
def test_prose_without_words_or_with_control_characters_is_refused(reason: object) -> None:
    assert any("`reason`" in fault for fault in refused(changed("permission.invoked", reason=reason)))


def test_prose_may_have_several_lines_and_any_script() -> None:
    read = read_event(changed("permission.invoked", reason="erste Zeile\n\tжил, 部分"), index=0)
    assert read.text_of("reason") == "erste Zeile\n\tжил, 部分"


@pytest.mark.parametrize("digest", ["a" * 64, f"sha256:{'A' * 64}", f"sha256:{'a' * 63}", f"sha512:{'a' * 64}", 1])
def test_a_digest_of_another_form_is_refused(digest: object) -> None:
    assert any("a digest: `sha256:`" in fault for fault in refused(changed("evaluation.completed", log=digest)))
    assert any("`weights`" in f for f in refused(event("training.started", subject={"model": "m", "weights": digest})))


@pytest.mark.parametrize(
    "instant",
    ["2025-03-01", "2025-03-01T12:00:00", "2025-02-30T12:00:00Z", "01.03.2025", "2025-03-01 12:00:00Z", 1740830400, ""],
)
@pytest.mark.parametrize("field", ["occurred", "recorded"])
def test_an_instant_without_its_zone_or_off_the_calendar_is_refused(field: str, instant: object) -> None:
    assert any(f"`{field}`" in fault for fault in refused(event("training.started", **{field: instant})))


def test_instants_are_read_with_their_offset() -> None:
    read = read_event(event("training.started", occurred="2025-03-01T01:30:00+02:00"), index=0)
    assert read.occurred == parse_instant("2025-02-28T23:30:00Z")


def test_recorded_is_when_it_occurred_unless_stated_even_earlier() -> None:
    """LANGUAGE 3.1 gives the default; LANGUAGE 9 has adoptions known before they occur."""
    assert read_event(event("training.started"), index=0).recorded == parse_instant(MARCH)
    planned = event("policy.adopted", occurred="2026-01-01T00:00:00Z", recorded="2025-12-01T00:00:00Z")
    assert read_event(planned, index=0).recorded == parse_instant("2025-12-01T00:00:00Z")


@pytest.mark.parametrize("value", ["1e26FLOPS", "many", "1e26 FLOPs", "", "50 %%", "NaN", "inf", None, True, {}, []])
def test_a_value_that_is_no_quantity_is_refused(value: object) -> None:
    assert any("`value`" in fault for fault in refused(changed("quantity.measured", value=value)))


@pytest.mark.parametrize("value", ["-1 FLOP", "-1e-3 FLOP", "-2 hours", "-1 token"])
def test_a_quantity_that_cannot_be_negative_is_refused_if_it_is(value: str) -> None:
    assert any(
        "expected a quantity that is not negative" in fault
        for fault in refused(changed("quantity.measured", value=value))
    )


@pytest.mark.parametrize("value", [-3, -0.5, "-2%", "-100 USD"])
def test_plain_numbers_shares_and_money_may_be_negative(value: object) -> None:
    assert read_event(changed("quantity.measured", value=value), index=0).text_of("value") == str(value)


def test_an_effort_is_never_negative() -> None:
    assert any("not negative" in fault for fault in refused(changed("control.attested", effort="-1 USD")))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused_anywhere(value: float) -> None:
    for stated in (
        changed("quantity.measured", value=value),
        result(estimate=value),
        event("decision.recorded", {"depth": [{"x": value}]}),
        event("training.started", **{"x-note": value}),
    ):
        assert any("a finite number" in fault for fault in refused(stated))


@pytest.mark.parametrize("value", [2**53, -(2**53), 10**26])
def test_an_integer_without_a_canonical_form_is_refused_anywhere(value: int) -> None:
    for stated in (changed("quantity.measured", value=value), event("training.started", **{"x-note": [value]})):
        assert any("2^53 - 1" in fault for fault in refused(stated))


def test_a_number_that_its_canonical_form_would_change_is_refused() -> None:
    """The digest binds the nearest double: two events of one digest must not say different things."""
    assert any(
        "exactly" in f for f in refused(changed("quantity.measured", value=ExactFloat("0.50000000000000000001")))
    )
    read = read_event(changed("quantity.measured", value=ExactFloat("0.10")), index=0)
    assert read.text_of("value") == "0.10"


@pytest.mark.parametrize("value", [object(), (1, 2), b"x", {1, 2}])
def test_what_json_does_not_have_is_refused_anywhere(value: object) -> None:
    assert any("which JSON does not have" in fault for fault in refused(event("training.started", **{"x-a": [value]})))


def test_keys_that_are_no_text_or_invisible_are_refused() -> None:
    assert any("is not text" in fault for fault in refused(event("decision.recorded", {"a": {1: 2}})))
    assert any("invisible" in fault for fault in refused(event("decision.recorded", {"a\u202e": 1})))


def test_half_characters_are_refused() -> None:
    assert any("surrogate" in fault for fault in refused(event("decision.recorded", {"a": "\ud800"})))
    assert read_event(event("decision.recorded", {"a": "\u0301 tab\t"}), index=0).kind == "decision.recorded"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"successes": 6, "trials": 5}, "6 of 5 trials"),
        ({"successes": 0, "trials": 0}, "`trials` is the number `0`"),
        ({"successes": -1, "trials": 5}, "`successes` is the number `-1`"),
        ({"successes": 3.0, "trials": 5}, "`successes` is the number `3.0`"),
        ({"successes": "3", "trials": 5}, "`successes` is the text `3`"),
        ({"successes": True, "trials": 5}, "`successes` is `true`"),
        ({"successes": None, "trials": 5}, "`successes` is null"),
        ({"successes": 3}, "the evaluation has no `trials`"),
        ({"trials": 5}, "the evaluation has no `successes`"),
        ({}, "the evaluation states no result"),
        ({"method": "m", "lower": "1%"}, "the evaluation states no result"),
        ({"successes": 3, "trials": 5, "estimate": "60%"}, "states counts and an estimate"),
        ({"successes": 3, "clusters": [{"id": "a", "successes": 1, "trials": 1}]}, "states counts and clusters"),
        ({"successes": 3, "trials": 5, "lower": "40%"}, "`lower` goes with an estimate"),
        ({"successes": 3, "trials": 5, "confidence": "95%"}, "`confidence` goes with an estimate"),
        ({"successes": 3, "trials": 5, "method": "exact"}, "`method` goes with an estimate"),
        ({"clusters": []}, "`clusters` is an empty list"),
        ({"clusters": {}}, "`clusters` is an empty object"),
        ({"clusters": [{"id": "a", "successes": 2, "trials": 1}]}, "`successes` is 2 of 1 trials"),
        ({"clusters": [{"id": "a", "successes": 1, "trials": 1}] * 2}, "the cluster `a` stands here twice"),
        ({"clusters": [{"successes": 1, "trials": 1}]}, "a cluster has no `id`"),
        ({"clusters": [{"id": "a", "successes": 1, "trials": 1, "mean": 1}]}, "a cluster has no field `mean`"),
        ({"clusters": [3]}, "`clusters[0]` is the number `3`"),
        ({"clusters": [{"id": "a", "successes": "1", "trials": 1}]}, "`clusters[0].successes` is the text `1`"),
        ({"estimate": "lots", "lower": "70%"}, "`estimate`: `lots` is not a quantity"),
        ({"estimate": "60%", "lower": "70%"}, "`lower` is `70%` and `estimate` is `60%`"),
        ({"estimate": "60%", "upper": "50%"}, "`estimate` is `60%` and `upper` is `50%`"),
        ({"estimate": "60%", "lower": "8 hours"}, "their units do not fit"),
        ({"estimate": 0.6, "upper": "70%"}, "their units do not fit"),
        ({"estimate": "60%", "confidence": "100%"}, "`confidence` is the text `100%`"),
        ({"estimate": "60%", "confidence": 1}, "`confidence` is the number `1`"),
        ({"estimate": "60%", "confidence": 0}, "`confidence` is the number `0`"),
        ({"estimate": "60%", "confidence": 95}, "`confidence` is the number `95`"),
        ({"estimate": "60%", "confidence": "2x"}, "`confidence` is the text `2x`"),
        ({"estimate": "60%", "confidence": "high"}, "`confidence`: `high` is not a quantity"),
        ({"estimate": "60%", "elicitation": "best-of-n"}, "`elicitation` is the text `best-of-n`"),
        ({"estimate": "60%", "elicitation": ["a", None]}, "`elicitation[1]` is null"),
    ],
)
def test_a_result_that_does_not_hold_together_is_refused(fields: Object, said: str) -> None:
    assert any(said in fault for fault in refused(result(**fields))), refused(result(**fields))


def test_an_interval_of_a_quantity_must_hold_its_value() -> None:
    assert any("`lower` is `2e26 FLOP`" in fault for fault in refused(changed("quantity.measured", lower="2e26 FLOP")))
    bounds = {"lower": "3x", "upper": "5x"}
    assert any("units do not fit" in fault for fault in refused(changed("quantity.measured", **bounds)))
    exact = changed("quantity.measured", lower="1e26 FLOP", upper="100000000000000000000000000 FLOP")
    assert read_event(exact, index=0).text_of("lower") == "1e26 FLOP"


@pytest.mark.parametrize("value", DEPLOYMENT_CLASSES)
def test_every_deployment_class_can_be_recorded(value: str) -> None:
    assert read_event(changed("model.deployed", class_=value), index=0).text_of("class") == value


def test_a_parent_class_is_refused_with_the_classes_under_it() -> None:
    assert refused(changed("model.deployed", class_="deploy.internal")) == [
        (
            "`class` is `deploy.internal`, which stands for several classes; "
            "expected `deploy.internal.research` or `deploy.internal.wide`"
        )
    ]
    assert len(refused(changed("model.deployed", class_="deploy"))[0].split("`deploy.")) == 6  # 5 leaves


@pytest.mark.parametrize("value", ["train", "store", "share-weights", "deploy.external.pubic", "Deploy", "", 3])
def test_what_is_no_deployment_class_is_refused(value: object) -> None:
    assert any("`class` is" in fault for fault in refused(changed("model.deployed", class_=value)))


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("claim.assessed", "state", "support"),
        ("review.received", "endorses", True),
        ("competitor.reported", "hazard", "cyber"),
        ("control.attested", "value", "true"),
        ("control.attested", "value", 1),
        ("determination.made", "value", "yes"),
        ("document.submitted", "redacted", "annex"),
        ("document.submitted", "sections", "measures"),
        ("document.submitted", "evidence", 0),
        ("document.submitted", "evidence", ["3"]),
        ("evaluation.withdrawn", "evaluation", "3"),
        ("evaluation.withdrawn", "evaluation", -1),
        ("evaluation.withdrawn", "evaluation", 1.0),
        ("evaluation.withdrawn", "evaluation", True),
        ("policy.adopted", "version", 2.0),
        ("goal.revised", "by", "summer"),
        ("evaluation.planned", "trials", 0),
    ],
)
def test_a_value_outside_what_the_field_takes_is_refused(kind: str, field: str, value: object) -> None:
    assert any(f"`{field}" in fault for fault in refused(changed(kind, **{field: value})))


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (None, "`subject` is null"),
        ("m1", "`subject` is the text `m1`"),
        ({}, "the event is about nobody"),
        ({"model": "m", "developer": "D"}, "the event is about a model and a developer"),
        ({"model": "m", "world": True}, "the event is about a model and the world"),
        ({"world": False}, "`world` is `false`"),
        ({"world": 1}, "`world` is the number `1`"),
        ({"weights": DIGEST}, "the event is about nobody"),
        ({"developer": "D", "weights": DIGEST}, "weights are of a model"),
        ({"model": "m", "checkpoint": 3}, "a subject has no field `checkpoint`"),
        ({"model": None}, "`model` is null"),
    ],
)
def test_a_subject_is_exactly_one_of_model_developer_and_world(subject: object, said: str) -> None:
    assert any(said in fault for fault in refused(event("incident.suspected", subject=subject)))


@pytest.mark.parametrize("field", ["event", "occurred", "subject"])
def test_the_head_of_an_event_is_required(field: str) -> None:
    stated = event("training.started")
    del stated[field]
    (fault,) = refused(stated)
    assert fault.startswith(f"the event has no `{field}`; expected `{field}`: ")


@pytest.mark.parametrize("data", [None, [], "x", 3])
def test_data_is_an_object(data: object) -> None:
    for kind in ("training.started", "decision.recorded"):
        assert any("`data` is" in fault for fault in refused(event(kind, data=data)))


def test_a_recorded_decision_may_be_any_object_but_an_empty_one() -> None:
    assert refused(event("decision.recorded", {})) == ["`data` is an empty object; expected the decision, as an object"]


@pytest.mark.parametrize("stated", [3, [], ["event"], None, True])
def test_an_event_is_an_object_and_its_kind_a_text(stated: object) -> None:
    assert any("the event" in fault for fault in faults_of(stated))
    assert any("`event` is" in fault for fault in refused(event("training.started", event=stated)))


def test_all_faults_of_an_event_are_reported_at_once() -> None:
    stated = event("evaluation.completed", {"measure": "", "successes": 9, "trials": 5}, actor="", when="now")
    assert sorted(fault.split(";")[0] for fault in refused(stated)) == [
        "`actor` is an empty text",
        "`evaluation.completed` has no `suite`",
        "`measure` is an empty text",
        "`successes` is 9 of 5 trials",
        "the event has no field `when`",
    ]
