"""`for`: for what a duty has instances, and whose facts each of them reads (LANGUAGE 1 and 4.5)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import LATER_PLAN, PLAN, W1, W2, Given, compute, evaluated, event, judged, read, registered
from tests.engine.duty_cases import (
    PUBLIC,
    WIDE,
    check_flip,
    deployed,
    due,
    duty,
    incident,
    instances,
    just_before,
    only,
    performed,
    shown,
    states,
    triggered,
)

OPENS: Final = ("not-triggered", "open")
OVERDUE: Final = ("open", "overdue")
RISKY: Final = "when: {judged: risky, by: rso}"
TWO: Final = [registered("m2")]
NOT_RISKY: Final = [judged("2025-01-02T12:00:00Z", "risky", model=name, value=False) for name in ("m", "m2")]


def risky(on: str, *, value: bool = True, **about: Any) -> Given:
    return judged(on, "risky", value=value, **about)


def each(scope: str, *lines: str, **more: Any) -> Policy:
    return duty(f"for: {scope}", *lines, "within: 3 days", **more)


# Each model


def test_a_fact_of_one_model_never_reaches_another_of_the_same_developer() -> None:
    given = [*TWO, *NOT_RISKY, risky("2025-03-01")]
    assert states(each("each model", RISKY), given, "2025-03-02") == [("m", "open"), ("m2", "not-triggered")]


@pytest.mark.parametrize("about", [{"developer": "Acme"}, {"world": True}])
def test_a_fact_of_the_developer_or_the_world_reaches_each_model(about: dict[str, Any]) -> None:
    # `model` is not the subject where another is given
    given = [*TWO, judged("2025-03-01", "risky", **{"model": None, **about})]
    rules = each("each model", RISKY)
    assert [shown(one)[1] for one in instances(rules, given, "2025-03-02")] == ["2025-03-05T00:00:00Z"] * 2


def test_a_fact_of_another_developer_reaches_none() -> None:
    given = [
        *NOT_RISKY[:1],
        registered("theirs", developer="Other"),
        risky("2025-03-01", model="theirs"),
        risky("2025-03-01", model=None, developer="Other"),
    ]
    assert states(each("each model", RISKY), given, "2025-03-02") == [("m", "not-triggered")]


def test_one_models_performance_excuse_claim_and_evidence_are_not_the_others() -> None:
    rules = each(
        "each model",
        "when: {event: model.deployed}",
        "done-when: {judged: reviewed, by: rso}",
        "excused-when: {judged: minor, by: rso}",
        "extended: {by: 15 days, when: {judged: complicated, by: rso}}",
    )
    both = [*TWO, deployed("2025-03-01"), deployed("2025-03-01", model="m2")]
    for word in ("reviewed", "minor"):
        changed = states(rules, [*both, judged("2025-03-02", word, model="m2")], "2025-03-02")
        assert changed[0] == ("m", "open")
        assert changed[1] != ("m2", "open")
    extended = instances(rules, [*both, judged("2025-03-02", "complicated", model="m2")], "2025-03-02")
    assert [shown(one)[1] for one in extended] == ["2025-03-05T00:00:00Z", "2025-03-20T00:00:00Z"]
    assert states(rules, [*both, performed("2025-03-02", model="m2")], "2025-03-02") == [("m", "open"), ("m2", "done")]


def test_a_model_that_no_event_registers_has_the_duty_from_its_first_event_on() -> None:
    rules = each("each model", "when: {not: {published: report}}")
    given = [event("training.started", "2025-03-01")]
    assert triggered(rules, given, "2025-03-02", registers=False) == "2025-03-01T12:00:00Z"
    check_flip(rules, given, at="2025-03-05T00:00:00Z", becomes=OVERDUE, registers=False)


def test_a_model_registered_later_was_there_from_its_first_event_on() -> None:
    rules = each("each model", "when: {not: {published: report}}")
    given = [event("training.started", "2025-03-01"), registered(on="2025-06-01")]
    assert due(rules, given, "2025-06-02", registers=False) == "2025-03-05T00:00:00Z"


def test_conditions_are_read_at_the_newest_checkpoint_of_the_time() -> None:
    more = (
        "measures:\n  run: {statistic: proportion, suite: acme/run}\n"
        "thresholds:\n  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}\n"
    )
    rules = each("each model", "when: {reached: strong}", more=more)
    # 39 of 40 show it, 1 of 40 rules it out; for training a ruling-out reaches later checkpoints of the same model
    low = evaluated("2025-02-01", 1, weights=W1)
    high = evaluated("2025-03-01", 39, weights=W2)
    assert states(rules, [low], "2025-02-02") == [("m", "not-triggered")]
    later = [low, event("training.continued", "2025-02-10", weights=W2)]
    assert states(rules, later, "2025-02-11") == [("m", "not-triggered")]
    assert due(rules, [*later, high], "2025-03-01") == "2025-03-05T00:00:00Z"


# Each lineage

CHILD: Final = registered("child", on="2025-01-03", parent="m")
GRANDCHILD: Final = registered("grandchild", on="2025-01-04", parent="child")
NEITHER: Final = [risky("2025-01-04T18:00:00Z", model=name, value=False) for name in ("m", "child", "grandchild")]


def test_each_lineage_has_one_instance_named_by_its_root() -> None:
    given = [CHILD, GRANDCHILD, registered("m2"), risky("2025-03-01", model="grandchild"), *NEITHER]
    rules = each("each lineage", RISKY)
    assert dict(states(rules, given, "2025-03-01")) == {"m": "open", "m2": "open"}
    found = {one.instance: shown(one)[1] for one in instances(rules, given, "2025-03-01")}
    # of m2 nothing is known: in doubt
    assert found == {"m": "2025-03-05T00:00:00Z", "m2": None}


def test_a_trigger_is_true_of_a_lineage_if_it_is_true_of_any_of_its_models() -> None:
    given = [CHILD, *NEITHER[:2], risky("2025-03-01", model="child")]
    check_flip(each("each lineage", RISKY), given, at="2025-03-01T12:00:00Z", becomes=OPENS)


def test_a_second_model_of_which_it_becomes_true_opens_nothing_more() -> None:
    given = [CHILD, *NEITHER[:2], risky("2025-03-01", model="child"), risky("2025-03-02")]
    assert triggered(each("each lineage", RISKY), given, "2025-03-03") == "2025-03-01T12:00:00Z"


@pytest.mark.parametrize("model", ["m", "child", "grandchild"])
def test_a_performance_about_any_model_of_the_lineage_counts(model: str) -> None:
    given = [CHILD, GRANDCHILD, *NEITHER, risky("2025-03-01"), performed("2025-03-02", model=model)]
    assert states(each("each lineage", RISKY), given, "2025-03-02") == [("m", "done")]


def test_evidence_about_any_model_of_the_lineage_completes_or_excuses() -> None:
    for line, state in (("done-when", "done"), ("excused-when", "excused")):
        rules = each("each lineage", RISKY, f"{line}: {{judged: minor, by: rso}}")
        given = [CHILD, *NEITHER[:2], risky("2025-03-01"), judged("2025-03-02", "minor", model="child")]
        assert states(rules, given, "2025-03-02") == [("m", state)]


def test_a_lineage_exists_from_the_first_event_of_any_of_its_models() -> None:
    rules = each("each lineage", "when: {not: {published: report}}")
    given = [event("training.started", "2025-02-01", model="child"), registered("child", on="2025-03-01", parent="m")]
    assert triggered(rules, given, "2025-03-02", registers=False) == "2025-02-01T12:00:00Z"


def test_a_trigger_about_a_descendant_before_its_registration_counts_from_then() -> None:
    """Registered late, it was of the lineage all the same; its time runs from what happened."""
    rules = each("each lineage", RISKY)
    given = [NEITHER[0], risky("2025-03-01", model="child"), registered("child", on="2025-04-01", parent="m")]
    assert due(rules, given, "2025-04-02") == "2025-03-05T00:00:00Z"


def test_each_event_about_a_model_of_the_lineage_opens_an_instance() -> None:
    given = [CHILD, deployed("2025-03-01"), deployed("2025-03-02", model="child")]
    rules = each("each lineage", "when: {event: model.deployed}")
    assert [shown(one)[1] for one in instances(rules, given, "2025-03-03")] == [
        "2025-03-05T00:00:00Z",
        "2025-03-06T00:00:00Z",
    ]


def test_a_recurring_duty_of_a_lineage_is_completed_by_new_evidence_about_one_of_its_models() -> None:
    """Old words about the others are no reason to wait for new ones about them too."""
    rules = duty(
        "for: each lineage", "every: {time: 1 month}", "within: 3 days", "done-when: {judged: assessed, by: rso}"
    )
    given = [
        CHILD,
        judged("2025-01-02T12:00:00Z", "assessed", model="m", value=False),
        judged("2025-02-04", "assessed", model="child"),
    ]
    assert states(rules, given, "2025-02-04") == [("m", "done"), ("m", "not-triggered")]


# The developer


def test_the_duty_of_a_developer_reads_the_developers_and_the_worlds_facts_alone() -> None:
    rules = each("developer", RISKY)
    denied = risky("2025-01-02", model=None, developer="Acme", value=False)
    assert states(rules, [denied, risky("2025-03-01")], "2025-03-02") == [("Acme", "not-triggered")]
    ours = [denied, risky("2025-03-01", model=None, developer="Acme")]
    assert states(rules, ours, "2025-03-02") == [("Acme", "open")]
    theirs = [denied, risky("2025-03-01", model=None, developer="Other")]
    assert states(rules, theirs, "2025-03-02") == [("Acme", "not-triggered")]


def test_the_duty_of_a_developer_sees_the_events_of_its_models() -> None:
    for when in ("when: {event: model.deployed}", "when: {any: [{event: model.deployed}, {published: report}]}"):
        rules = each("developer", when)
        assert due(rules, [deployed("2025-03-01")], "2025-03-02") == "2025-03-05T00:00:00Z"
        theirs = [registered("theirs", developer="Other"), deployed("2025-03-01", model="theirs")]
        assert states(rules, theirs, "2025-03-02") == [("Acme", "not-triggered")]


def test_with_any_model_the_developer_reads_the_facts_of_its_models() -> None:
    rules = each("developer", "when: {judged: risky, by: rso, of: any-model}")
    given = [*TWO, *NOT_RISKY, risky("2025-03-01", model="m2")]
    check_flip(rules, given, at="2025-03-01T12:00:00Z", becomes=OPENS)
    theirs = [*TWO, *NOT_RISKY, registered("theirs", developer="Other"), risky("2025-03-01", model="theirs")]
    assert states(rules, theirs, "2025-03-02") == [("Acme", "not-triggered")]


def test_without_a_model_what_is_asked_of_any_model_is_unknown() -> None:
    rules = each("developer", "when: {judged: risky, by: rso, of: any-model}")
    assert shown(only(rules, [], "2025-03-02", registers=False)) == ("open", None, None)


# Each deployment


def deployments() -> Policy:
    return each("each deployment", "when: {event: model.deployed, class-at-least: deploy.external.limited}")


def digests(given: list[Given]) -> list[str]:
    """Return the digests of the events, the registration before them left out."""
    return [one.digest for one in read([registered(), *given])][1:]


def test_each_deployment_is_an_instance_of_its_own_named_by_the_events_digest() -> None:
    given = [deployed("2025-03-01", PUBLIC), deployed("2025-03-02", WIDE), deployed("2025-03-03", PUBLIC)]
    first, second, third = digests(given)
    assert dict(states(deployments(), given, "2025-03-05T00:00:00Z")) == {
        first: "overdue",
        second: "not-triggered",
        third: "open",
    }


def test_the_deployments_of_a_model_form_one_queue() -> None:
    given = [deployed("2025-03-01", PUBLIC), deployed("2025-03-03", PUBLIC), performed("2025-03-04")]
    assert [state for _, state in states(deployments(), given, "2025-03-04")] == ["done", "open"]


def test_a_performance_may_name_the_deployment() -> None:
    given = [deployed("2025-03-01", PUBLIC), deployed("2025-03-03", PUBLIC)]
    named = [*given, performed("2025-03-04", instance=digests(given)[1])]
    assert [state for _, state in states(deployments(), named, "2025-03-04")] == ["open", "done"]


def test_the_condition_of_a_deployment_is_about_the_digest_that_it_states() -> None:
    rules = each("each deployment", "when: {not: {approved: report, by: [board]}}", "done-when: {published: report}")
    approved = [
        event("document.submitted", "2025-02-01", document="report", digest=PLAN, weights=W1),
        event("document.approved", "2025-02-02", by="board", document="report", digest=PLAN, weights=W1),
        event("training.continued", "2025-02-10", weights=W2),
        event("document.submitted", "2025-02-11", document="report", digest=LATER_PLAN, weights=W2),
        event("document.rejected", "2025-02-12", by="board", document="report", digest=LATER_PLAN, weights=W2),
    ]
    given = [*approved, deployed("2025-03-01", weights=W1), deployed("2025-03-01", weights=W2)]
    first, second = digests(given)[-2:]
    assert dict(states(rules, given, "2025-03-02")) == {first: "not-triggered", second: "open"}


def test_a_deployment_of_another_developers_model_is_none() -> None:
    given = [registered("theirs", developer="Other"), deployed("2025-03-01", PUBLIC, model="theirs")]
    assert states(deployments(), given, "2025-03-02") == [("Acme", "not-triggered")]


# Each incident

INCIDENTS: Final = each("each incident", "when: {event: incident.determined}")


def test_each_incident_is_an_instance_of_its_own_named_by_its_id() -> None:
    given = [
        incident("suspected", "2025-03-01", "i1"),
        incident("suspected", "2025-03-01", "i2"),
        incident("determined", "2025-03-02", "i2"),
    ]
    assert dict(states(INCIDENTS, given, "2025-03-03")) == {"i1": "not-triggered", "i2": "open"}
    check_flip(INCIDENTS, given, at="2025-03-06T00:00:00Z", becomes=OVERDUE)


def test_an_incident_is_one_however_often_it_is_reported() -> None:
    given = [
        incident("determined", "2025-03-01"),
        incident("determined", "2025-03-02"),
        incident("suspected", "2025-03-03"),
    ]
    assert due(INCIDENTS, given, "2025-03-04") == "2025-03-05T00:00:00Z"


@pytest.mark.parametrize("about", [{"model": "other"}, {"developer": "Acme"}, {"world": True}])
def test_a_report_of_an_incident_counts_whichever_model_it_names(about: dict[str, Any]) -> None:
    """Suspected of one model and determined of another, it is one incident: what its determination asks is not lost."""
    given = [
        registered("other"),
        incident("suspected", "2025-03-01"),
        incident("determined", "2025-03-02", **about),
    ]
    assert [one.instance for one in instances(INCIDENTS, given, "2025-03-03")] == ["i1"]
    assert due(INCIDENTS, given, "2025-03-03") == "2025-03-06T00:00:00Z"


def test_what_else_happens_to_another_model_is_none_of_an_incidents() -> None:
    rules = each("each incident", "when: {all: [{event: incident.suspected}, {event: model.deployed}]}")
    given = [registered("other"), incident("suspected", "2025-03-01"), deployed("2025-03-02", PUBLIC, model="other")]
    assert dict(states(rules, given, "2025-03-03")) == {"i1": "not-triggered"}
    theirs = [registered("theirs", developer="Other"), incident("determined", "2025-03-02", model="theirs")]
    assert (
        dict(states(INCIDENTS, [*theirs, incident("suspected", "2025-03-01")], "2025-03-03"))["i1"] == "not-triggered"
    )


@pytest.mark.parametrize(
    ("about", "performer"),
    [
        ({"model": "m"}, {"model": "m"}),
        ({"developer": "Acme"}, {"developer": "Acme"}),
        ({"world": True}, {"developer": "Acme"}),
    ],
)
def test_an_incident_is_its_subjects_and_one_about_the_world_the_developers(
    about: dict[str, Any], performer: dict[str, Any]
) -> None:
    given = [incident("determined", "2025-03-01", **about)]
    assert only(INCIDENTS, given, "2025-03-02").state.value == "open"
    assert only(INCIDENTS, [*given, performed("2025-03-02", **performer)], "2025-03-02").state.value == "done"


def test_an_incident_of_another_developer_is_none_of_ours() -> None:
    theirs = [
        registered("theirs", developer="Other"),
        incident("determined", "2025-02-01", model="theirs"),
        incident("determined", "2025-02-01", developer="Other"),
    ]
    assert states(INCIDENTS, theirs, "2025-03-02") == [("Acme", "not-triggered")]
    # and one of ours with the same id is ours
    assert due(INCIDENTS, [*theirs, incident("determined", "2025-03-01")], "2025-03-02") == "2025-03-05T00:00:00Z"


# Each document

REPORTS: Final = each("each document report", "when: {event: document.submitted, document: report}")


def submission(on: str, digest: str = PLAN, **about: Any) -> Given:
    return event("document.submitted", on, document="report", digest=digest, **about)


def test_each_digest_of_a_document_is_an_instance_of_its_own() -> None:
    given = [submission("2025-03-01"), submission("2025-03-02", LATER_PLAN), submission("2025-03-03")]
    assert states(REPORTS, given, "2025-03-05T00:00:00Z") == [(PLAN, "overdue"), (LATER_PLAN, "open")]


def test_a_leaf_about_the_document_sees_only_that_digest() -> None:
    rules = each(
        "each document report",
        "when: {event: document.submitted, document: report}",
        "done-when: {published: report}",
    )
    published = event("document.published", "2025-03-04", document="report", digest=LATER_PLAN)
    given = [submission("2025-03-01"), submission("2025-03-01", LATER_PLAN), published]
    assert states(rules, given, "2025-03-04") == [(PLAN, "open"), (LATER_PLAN, "done")]


def test_another_document_opens_nothing() -> None:
    other = event("document.submitted", "2025-03-01", document="schedule", digest=PLAN)
    assert states(REPORTS, [other], "2025-03-02") == [("Acme", "not-triggered")]


# By default


def test_by_default_an_event_opens_an_instance_for_its_subject() -> None:
    rules = duty("when: {event: model.deployed}", "within: 3 days")
    given = [*TWO, deployed("2025-03-01", model="m2")]
    assert states(rules, given, "2025-03-02") == [("m2", "open")]
    by_developer = duty("when: {event: incident.discovered}", "within: 3 days")
    assert states(by_developer, [*TWO, incident("discovered", "2025-03-01", developer="Acme")], "2025-03-02") == [
        ("Acme", "open")
    ]
    assert states(by_developer, [*TWO, incident("discovered", "2025-03-01", world=True)], "2025-03-02") == [
        ("Acme", "open")
    ]


def test_by_default_nothing_happened_yet_is_one_entry_for_the_developer() -> None:
    rules = duty("when: {event: model.deployed}", "within: 3 days")
    assert states(rules, TWO, "2025-03-02") == [("Acme", "not-triggered")]


def test_an_event_about_the_developer_opens_one_for_each_model_that_exists_where_the_policy_says_each_model() -> None:
    rules = each("each model", "when: {event: incident.discovered}")
    later = registered("m3", on="2025-03-02")
    given = [*TWO, later, incident("discovered", "2025-03-01", developer="Acme")]
    assert states(rules, given, "2025-03-03") == [("m", "open"), ("m2", "open"), ("m3", "not-triggered")]


def test_an_event_about_one_model_opens_one_for_each_where_the_policy_says_any_model() -> None:
    rules = each("each model", "when: {event: incident.discovered, of: any-model}")
    given = [*TWO, incident("discovered", "2025-03-01", model="m2")]
    assert states(rules, given, "2025-03-03") == [("m", "open"), ("m2", "open")]
    theirs = [*TWO, registered("theirs", developer="Other"), incident("discovered", "2025-03-01", model="theirs")]
    assert states(rules, theirs, "2025-03-03") == [("m", "not-triggered"), ("m2", "not-triggered")]


def test_an_event_about_a_relative_opens_one_where_the_policy_says_lineage_and_about_a_stranger_none() -> None:
    rules = each("each model", "when: {event: incident.discovered, of: lineage}")
    given = [
        CHILD,
        registered("sibling", on="2025-01-03", parent="m"),
        *TWO,
        incident("discovered", "2025-03-01", model="child"),
    ]
    # the lineage of a model are its ancestors and descendants, not its siblings
    assert dict(states(rules, given, "2025-03-03")) == {
        "m": "open",
        "child": "open",
        "sibling": "not-triggered",
        "m2": "not-triggered",
    }


def test_by_default_a_condition_is_read_for_each_model() -> None:
    rules = duty(RISKY, "within: 3 days")
    given = [*TWO, *NOT_RISKY, risky("2025-03-01")]
    assert states(rules, given, "2025-03-02") == [("m", "open"), ("m2", "not-triggered")]


def test_by_default_a_condition_is_read_for_the_developer_while_it_has_no_model() -> None:
    rules = duty(RISKY, "within: 3 days")
    ours = [risky("2025-03-01", model=None, developer="Acme")]
    assert states(rules, ours, "2025-03-02", registers=False) == [("Acme", "open")]


def test_a_duty_of_the_developer_does_not_vanish_when_a_model_comes() -> None:
    rules = duty(RISKY, "within: 3 days")
    ours = [risky("2025-03-01", model=None, developer="Acme"), registered(on="2025-04-01")]
    found = instances(rules, ours, "2025-04-02", registers=False)
    assert {one.instance: shown(one)[:2] for one in found} == {
        "Acme": ("overdue", "2025-03-05T00:00:00Z"),
        "m": ("open", "2025-04-05T00:00:00Z"),
    }
    done = [*ours, performed("2025-04-02", developer="Acme")]
    assert dict(states(rules, done, "2025-04-03", registers=False)) == {"Acme": "done-late", "m": "open"}


def test_an_open_period_of_the_developer_is_completed_by_evidence_after_a_model_came() -> None:
    rules = duty(
        "when: {not: {published: report}}",
        "every: {time: 1 month}",
        "within: 3 days",
        "done-when: {judged: done, by: rso}",
    )
    # open since 1 February, overdue since the 5th
    given = [registered(on="2025-03-01"), judged("2025-03-10", "done", model=None, developer="Acme")]
    assert dict(states(rules, given, "2025-03-09", registers=False)) == {"Acme": "overdue", "m": "not-triggered"}
    assert ("Acme", "done-late") in states(rules, given, "2025-03-10", registers=False)


def test_what_was_in_doubt_for_the_developer_is_asked_of_the_model_once_there_is_one() -> None:
    rules = duty(RISKY, "within: 3 days")
    assert states(rules, [registered(on="2025-04-01")], "2025-03-31", registers=False) == [("Acme", "open")]
    assert states(rules, [registered(on="2025-04-01")], "2025-04-02", registers=False) == [("m", "open")]


def test_by_default_periods_of_time_alone_are_the_developers() -> None:
    rules = duty("every: {time: 6 months}", "within: 30 days")
    assert states(rules, TWO, "2025-03-01") == [("Acme", "not-triggered")]
    both = duty("every: {time: 6 months, growth: 4x}", "within: 30 days")
    at_start = [compute("2025-01-02", "1e24 FLOP", model=name) for name in ("m", "m2")]
    assert states(both, [*TWO, *at_start], "2025-03-01") == [("m", "not-triggered"), ("m2", "not-triggered")]


def test_before_its_first_event_a_model_has_no_entry() -> None:
    rules = each("each model", RISKY)
    start = "2025-01-02T12:00:00Z"
    assert states(rules, [], just_before(start), known_at="2025-06-01") == [("Acme", "not-triggered")]
    assert states(rules, [], start) == [("m", "open")]
