"""Several policies at once, and policies that say whom they bind (LANGUAGE 1, 4.7 and 9)."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Refused
from interlock.policy import Policy
from tests.engine.cases import Given, answer, compute, decided, event, judged, policy, registered, value


def company(question: str = "risky", **header: str) -> Policy:
    return policy(f"restrictions: {{hold: {{forbids: [train], when: {{judged: {question}, by: rso}}}}}}", **header)


LAW = """
applies-to: {quantity: training-compute, more-than: 1e26 FLOP}
restrictions:
  law-hold: {forbids: [train], when: {judged: unsafe, by: regulator}}
roles: {regulator: {title: State office, side: government}}
"""


def law(body: str = LAW) -> Policy:
    return policy(body, name="law", issuer="State")


def trained_with(flop: str | None, **more: Any) -> list[Given]:
    if flop is None:
        return []
    return [event("quantity.measured", "2025-02-01", quantity="training-compute", value=flop, **more)]


def said(question: str, *, value: bool = True, by: str = "rso") -> Given:
    return judged("2025-02-01", question, value=value, by=by)


# Any of them holds


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (True, False, "held"),
        (False, True, "held"),
        (False, False, "permitted"),
        (None, True, "held"),
        (True, None, "held"),
        (None, False, "held by default"),
        (None, None, "held by default"),
    ],
)
def test_an_action_is_held_if_any_policy_holds_it(one: bool | None, other: bool | None, expected: str) -> None:  # noqa: FBT001 - cases
    given = [said(name, value=word) for name, word in (("risky", one), ("hasty", other)) if word is not None]
    policies = [company("risky"), company("hasty", name="second")]
    assert answer(decided(policies, given, "2025-06-01")) == expected


def test_each_decides_by_itself_under_its_own_burden() -> None:
    lenient = policy(
        "burden-of-proof: challenger\nrestrictions: {hold: {forbids: [train], when: {judged: risky, by: rso}}}",
        name="lenient",
    )
    assert answer(decided([lenient], [], "2025-06-01")) == "permitted by default"
    assert answer(decided([lenient, company()], [], "2025-06-01")) == "held by default"
    assert answer(decided([lenient, company()], [said("risky", value=False)], "2025-06-01")) == "permitted"


def test_a_permission_of_one_policy_lifts_nothing_of_another() -> None:
    lifting = policy(
        """
restrictions: {hold: {forbids: [train], when: {judged: risky, by: rso}}}
permissions: {allow: {lifts: [hold], when: {judged: fine, by: rso}}}
""",
        name="lifting",
    )
    decision = decided([company(), lifting], [said("risky"), said("fine")], "2025-06-01")
    assert [(one.policy.id, one.state) for one in decision.restrictions] == [("acme", "active"), ("lifting", "lifted")]
    assert answer(decision) == "held"


def test_an_action_is_unrestricted_only_if_it_is_so_in_each() -> None:
    stores = policy("restrictions: {hold: {forbids: [store], when: {judged: risky, by: rso}}}", name="stores")
    assert decided([stores], [], "2025-06-01").unrestricted
    assert not decided([stores, company()], [], "2025-06-01").unrestricted


def test_policies_that_do_not_bind_the_developer_are_left_out() -> None:
    foreign = company(name="foreign", issuer="Borg")
    decision = decided([foreign, company()], [said("risky", value=False)], "2025-06-01")
    assert [one.policy.id for one in decision.policies] == ["acme"]


def test_each_policys_unknowns_are_read_by_themselves_also_where_its_restrictions_hang_together() -> None:
    tangled = policy(
        """
restrictions:
  hold: {forbids: [train], when: {active: other}}
  other: {forbids: [store], when: {judged: odd, by: rso}, presume: inactive}
""",
        name="tangled",
    )
    # the one holds by evidence: whether the other would is no matter; permitted, the other's unknown is
    assert answer(decided([company(), tangled], [said("risky")], "2025-06-01")) == "held"
    assert answer(decided([company(), tangled], [said("risky", value=False)], "2025-06-01")) == "permitted by default"
    assert answer(decided([company(), tangled], [], "2025-06-01")) == "held by default"
    both = [said("risky", value=False), said("odd", value=False)]
    assert answer(decided([company(), tangled], both, "2025-06-01")) == "permitted"


# Laws


@pytest.mark.parametrize(
    ("flop", "unsafe", "expected"),
    [
        ("2e26 FLOP", True, "held"),
        ("2e26 FLOP", False, "permitted"),
        ("2e26 FLOP", None, "held by default"),
        ("1e26 FLOP", True, "permitted"),
        ("1e26 FLOP", None, "permitted"),
        # nobody measured it: whether the law applies is as unknown as anything else
        (None, True, "held by default"),
        (None, None, "held by default"),
        (None, False, "permitted"),
    ],
)
def test_a_law_restricts_whom_it_applies_to_and_an_unknown_application_counts_by_the_burden(
    flop: str | None,
    unsafe: bool | None,  # noqa: FBT001 - cases
    expected: str,
) -> None:
    given = trained_with(flop) + ([] if unsafe is None else [said("unsafe", value=unsafe, by="regulator")])
    assert answer(decided(law(), given, "2025-06-01")) == expected


def test_under_the_challengers_burden_an_unknown_application_does_not_count() -> None:
    challenged = law(f"burden-of-proof: challenger\n{LAW}")
    assert answer(decided(challenged, [said("unsafe", by="regulator")], "2025-06-01")) == "permitted by default"


def test_a_law_binds_every_developer_and_reads_the_facts_of_its_model() -> None:
    given = [registered(developer="Borg"), *trained_with("2e26 FLOP"), said("unsafe", by="regulator")]
    assert answer(decided([company(), law()], given, "2025-06-01", registers=False)) == "held"
    assert [one.policy.id for one in decided([company(), law()], given, "2025-06-01", registers=False).policies] == [
        "law"
    ]


def test_a_law_may_apply_by_any_model_of_the_developer() -> None:
    wide = law(LAW.replace("training-compute,", "training-compute, of: any-model,"))
    given = [registered("big"), *trained_with("2e26 FLOP", model="big"), said("unsafe", by="regulator")]
    assert answer(decided(wide, [*given, *trained_with("1 FLOP")], "2025-06-01")) == "held"
    assert answer(decided(law(), [*given, *trained_with("1 FLOP")], "2025-06-01")) == "permitted"


def test_a_law_that_does_not_apply_still_has_been_asked() -> None:
    decision = decided(law(), [*trained_with("1 FLOP"), said("unsafe", by="regulator")], "2025-06-01")
    (one,) = decision.restrictions
    assert (one.when.condition, one.state) == ("applies-to and when", "inactive")
    assert [value(child) for child in one.when.children] == ["false", "true"]
    assert not decision.unrestricted


def test_a_contradiction_in_applies_to_counts_as_in_a_when() -> None:
    body = """
measures: {run: {statistic: proportion, suite: acme/run}}
applies-to: {measure: run, at-least: 50%, confidence: 95%}
restrictions: {hold: {forbids: [train], when: {event: model.registered}}}
"""
    both = [
        event("evaluation.completed", "2025-02-01", measure="run", suite="acme/run", successes=k, trials=40)
        for k in (2, 38)
    ]
    assert answer(decided(law(body), both, "2025-06-01")) == "held"


def test_no_policy_that_binds_is_no_answer() -> None:
    with pytest.raises(Refused, match="no policy given binds `Borg`"):
        decided(company(), [registered(developer="Borg")], "2025-06-01", registers=False)


def test_growth_and_age_are_each_policys_own() -> None:
    def fresh(period: str, name: str) -> Policy:
        return policy(
            f"restrictions: {{hold: {{forbids: [train], when: {{not: {{judged: safe, by: rso, fresh: {period}}}}}}}}}",
            name=name,
        )

    given = [judged("2025-02-01"), compute("2025-02-01", "1e24 FLOP")]
    assert answer(decided([fresh("1 year", "long")], given, "2025-06-01")) == "permitted"
    assert (
        answer(decided([fresh("1 year", "long"), fresh("1 month", "short")], given, "2025-06-01")) == "held by default"
    )
