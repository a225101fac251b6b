"""About whom a leaf speaks: `of: this`, `lineage`, `any-model`, `developer`, `world` (LANGUAGE 2 and 3.1)."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Refused
from tests.engine.cases import (
    PLAN,
    W1,
    W2,
    Given,
    answer,
    decided,
    evaluated,
    event,
    judged,
    policy,
    registered,
    value,
    when,
)

RULES = """
measures:
  run: {{statistic: proportion, suite: acme/run}}
thresholds:
  strong: {{reached-when: {{measure: run, at-least: 50%, confidence: 95%}}}}
standards:
  safe: {{controls: {{lock: {{attested-by: rso}}}}}}
documents: {{plan: {{}}}}
claims: {{sound: {{title: it is sound, argued-to: [rso]}}}}
restrictions:
  hold: {{forbids: [train], when: {leaf}, presume: active}}
"""
# m descends from p, c from m; o is unrelated, f another developer's
FAMILY = [
    registered("p"),
    registered("m", on="2025-01-03", parent="p"),
    registered("c", on="2025-01-04", parent="m"),
    registered("o"),
    registered("f", developer="Borg"),
]
SUBJECTS = {
    "itself": {"model": "m"},
    "parent": {"model": "p"},
    "child": {"model": "c"},
    "unrelated": {"model": "o"},
    "foreign-model": {"model": "f"},
    "developer": {"developer": "Acme"},
    "foreign-developer": {"developer": "Borg"},
    "world": {"world": True},
}
SEEN_BY = {
    "this": {"itself", "developer", "world"},
    "lineage": {"itself", "parent", "child", "developer", "world"},
    "any-model": {"itself", "parent", "child", "unrelated", "developer", "world"},
    "developer": {"developer"},
    "world": {"world"},
}
LEAVES: dict[str, tuple[str, list[Given]]] = {
    "judged": ("judged: risky, by: rso", [judged("2025-02-01", "risky")]),
    "argued": ("argued: sound", [event("claim.assessed", "2025-02-01", by="rso", claim="sound", state="supported")]),
    "approved": (
        "approved: plan, by: rso",
        [
            event("document.submitted", "2025-02-01", document="plan", digest=PLAN),
            event("document.approved", "2025-02-02", by="rso", document="plan", digest=PLAN),
        ],
    ),
    "quantity": (
        "quantity: spend, more-than: 1e6 USD",
        [event("quantity.measured", "2025-02-01", quantity="spend", value="2e6 USD")],
    ),
    "published": ("published: plan", [event("document.published", "2025-02-01", document="plan", digest=PLAN)]),
    "event": (
        "event: incident.determined, severity: high",
        [event("incident.determined", "2025-02-01", id="i", kind="k", severity="high")],
    ),
}
ABSENT = {"judged": "unknown: awaiting rso", "published": "false", "event": "false"}


def shown(condition: str, given: list[Given], **question: Any) -> str:
    decision = decided(
        policy(RULES.format(leaf=condition)), [*FAMILY, *given], "2025-06-01", registers=False, **question
    )
    return value(when(decision))


def about(subject: str, given: list[Given]) -> list[Given]:
    return [{**one, "subject": SUBJECTS[subject]} for one in given]


@pytest.mark.parametrize("scope", list(SEEN_BY))
@pytest.mark.parametrize("name", list(LEAVES))
def test_a_leaf_counts_the_facts_of_its_scope_and_no_others(name: str, scope: str) -> None:
    leaf, facts = LEAVES[name]
    seen = {subject for subject in SUBJECTS if shown(f"{{{leaf}, of: {scope}}}", about(subject, facts)) == "true"}
    assert seen == SEEN_BY[scope]


@pytest.mark.parametrize("name", list(LEAVES))
def test_where_nothing_of_its_scope_is_recorded_a_leaf_is_as_if_nothing_were(name: str) -> None:
    leaf, facts = LEAVES[name]
    expected = ABSENT.get(name, "unknown: missing")
    assert shown(f"{{{leaf}}}", about("foreign-model", facts)) == expected
    assert shown(f"{{{leaf}, of: world}}", about("itself", facts)) == expected


@pytest.mark.parametrize("scope", list(SEEN_BY))
def test_attestations_are_of_models_and_developers(scope: str) -> None:
    attested = [event("control.attested", "2025-02-01", by="rso", control="lock", value=True)]
    for leaf in (f"{{attested: lock, of: {scope}}}", f"{{meets: safe, of: {scope}}}"):
        seen = {one for one in SUBJECTS if one != "world" and shown(leaf, about(one, attested)) == "true"}
        assert seen == SEEN_BY[scope] - {"world"}


@pytest.mark.parametrize("leaf", ["reached: strong", "measure: run, at-least: 50%, confidence: 95%"])
def test_evaluations_are_of_models_so_of_a_developer_or_the_world_there_are_none(leaf: str) -> None:
    for scope in ("developer", "world"):
        assert shown(f"{{{leaf}, of: {scope}}}", [evaluated("2025-02-01", 38)]) == "unknown: missing"
        assert shown(f"{{not: {{{leaf}, of: {scope}}}}}", [evaluated("2025-02-01", 2)]) == "unknown: missing"


def test_a_notification_may_be_of_the_model_its_developer_or_the_world() -> None:
    notified = [event("party.notified", "2025-02-01", party="board", document="plan")]
    seen = {one for one in SUBJECTS if shown("{notified: board, of: plan}", about(one, notified)) == "true"}
    assert seen == SEEN_BY["this"]


@pytest.mark.parametrize("name", ["judged", "event"])
def test_an_ancestor_that_no_event_registers_is_of_the_lineage(name: str) -> None:
    leaf, facts = LEAVES[name]
    rules = policy(RULES.format(leaf=f"{{{leaf}, of: lineage}}"))
    given = [registered("m", parent="ghost"), *({**one, "subject": {"model": "ghost"}} for one in facts)]
    assert value(when(decided(rules, given, "2025-06-01", registers=False))) == "true"


def test_several_leaves_may_span_the_same_models() -> None:
    both = "{all: [{judged: risky, by: rso, of: any-model}, {judged: odd, by: rso, of: any-model}]}"
    given = [judged("2025-02-01", "risky", model="o"), judged("2025-02-01", "odd", model="c")]
    assert shown(both, given[:1]) == "unknown: awaiting rso"
    assert shown(both, given) == "true"


# Thresholds over several models


def test_reached_of_a_lineage_is_reached_of_any_of_its_models() -> None:
    leaf = "{reached: strong, of: lineage}"
    low = [evaluated("2025-02-01", 2, model=name) for name in ("p", "m", "c")]
    assert shown(leaf, low) == "false"
    assert shown(leaf, low[:2]) == "unknown: missing"
    assert shown(leaf, [*low[:2], evaluated("2025-02-01", 38, model="c")]) == "true"
    # what an unrelated model shows is no matter
    assert shown(leaf, [*low, evaluated("2025-02-01", 38, model="o")]) == "false"
    assert shown("{reached: strong, of: any-model}", [*low, evaluated("2025-02-01", 38, model="o")]) == "true"


def test_ruled_out_of_a_lineage_is_ruled_out_of_each_of_its_models() -> None:
    leaf = "{ruled-out: strong, of: lineage}"
    low = [evaluated("2025-02-01", 2, model=name) for name in ("p", "m", "c")]
    assert shown(leaf, low) == "true"
    assert shown(leaf, low[:2]) == "unknown: missing"
    assert shown(leaf, [*low[:2], evaluated("2025-02-01", 38, model="c")]) == "false"


def test_a_measured_leaf_over_several_models_is_true_if_it_is_for_any() -> None:
    leaf = "{measure: run, below: 50%, confidence: 95%, of: any-model}"
    assert shown(leaf, [evaluated("2025-02-01", 2, model="o")]) == "true"
    assert shown(leaf, [evaluated("2025-02-01", 2, model="f")]) == "unknown: missing"
    all_high = [evaluated("2025-02-01", 38, model=name) for name in ("p", "m", "c", "o")]
    assert shown(leaf, all_high) == "false"


def test_each_model_is_asked_at_its_own_newest_checkpoint() -> None:
    rules = policy(RULES.format(leaf="{reached: strong, of: any-model}").replace("[train]", "[train, deploy]"))
    given = [
        registered("m", weights=W1),
        event("training.continued", "2025-01-05", weights=W2),
        registered("o", weights=W1),
        event("training.continued", "2025-01-05", model="o", weights=W2),
        evaluated("2025-02-01", 2, weights=W1),
        evaluated("2025-02-01", 2, model="o", weights=W1),
    ]
    # for the model asked about the checkpoint asked about counts, for the other its newest, where W1 does not ship
    decision = decided(rules, given, "2025-06-01", action="deploy", weights=W1, registers=False)
    assert [value(child) for child in when(decision).children] == ["false", "unknown: missing"]
    at_the_newest = [*given, evaluated("2025-02-02", 2, model="o", weights=W2)]
    assert (
        answer(decided(rules, at_the_newest, "2025-06-01", action="deploy", weights=W1, registers=False)) == "permitted"
    )


def test_a_model_that_is_not_registered_is_none_of_the_developers() -> None:
    ghost = judged("2025-02-01", "risky", model="ghost")
    assert shown("{judged: risky, by: rso, of: any-model}", [ghost]) == "unknown: awaiting rso"


def test_a_model_without_a_developer_counts_as_the_issuers() -> None:
    given = [registered("n", developer=None), judged("2025-02-01", "risky", model="n")]
    assert shown("{judged: risky, by: rso, of: any-model}", given) == "true"


def test_no_fact_reaches_another_developers_model() -> None:
    law = policy(
        "applies-to: {event: model.registered}\n" + RULES.format(leaf="{judged: risky, by: rso}"), issuer="State"
    )
    given = [*FAMILY, judged("2025-02-01", "risky", model=None, developer="Acme", value=False)]
    assert answer(decided(law, given, "2025-06-01", registers=False)) == "permitted"
    assert answer(decided(law, given, "2025-06-01", model="f", registers=False)) == "held by default"


# Scopes and ages that no evaluation can honour


@pytest.mark.parametrize(
    "leaf",
    [
        "{term: bad, of: developer}",
        "{term: bad, of: world}",
        "{active: other, of: lineage}",
        "{in-force: allow, of: world}",
        "{active: other, within-last: 6 months}",
        "{in-force: allow, fresh: 6 months}",
    ],
)
def test_a_scope_or_an_age_that_would_be_ignored_is_refused(leaf: str) -> None:
    rules = policy(f"""
terms:
  bad: {{means: {{judged: bad, by: rso}}}}
restrictions:
  hold: {{forbids: [train], when: {leaf}}}
  other: {{forbids: [store], when: {{judged: bad, by: rso}}}}
permissions:
  allow: {{lifts: [other], when: {{judged: fine, by: rso}}}}
""")
    with pytest.raises(Refused, match="is not evaluated by this version of interlock"):
        decided(rules, [], "2025-06-01")
    assert answer(decided(rules, [], "2025-06-01", action="store")) == "held by default"
