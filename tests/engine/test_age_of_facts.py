"""`fresh` and `within-last` on each kind of leaf: too old, a sign-off is unknown, an event is gone (LANGUAGE 2)."""

from __future__ import annotations

import pytest

from interlock.engine import Decision
from tests.engine.cases import PLAN, Given, compute, decided, evaluated, event, judged, policy, registered, value, when

POLICY = """
measures:
  run: {{statistic: proportion, suite: acme/run}}
thresholds:
  strong: {{reached-when: {{measure: run, at-least: 50%, confidence: 95%}}}}
  judged-so: {{reached-when: {{judged: risky, by: rso}}}}
standards:
  safe: {{controls: {{lock: {{attested-by: rso}}}}}}
documents: {{plan: {{}}}}
claims: {{sound: {{title: it is sound, argued-to: [rso, reviewer]}}}}
terms:
  meant: {{means: {{judged: risky, by: rso}}}}
restrictions:
  hold: {{forbids: [train], when: {leaf}}}
"""
APPROVED = [
    event("document.submitted", "2025-02-01", document="plan", digest=PLAN),
    event("document.approved", "2025-03-01", by="rso", actor="r", document="plan", digest=PLAN),
]
LEAVES: dict[str, tuple[str, list[Given]]] = {
    "reached": ("reached: strong", [evaluated("2025-03-01", 2)]),
    "ruled-out": ("ruled-out: strong", [evaluated("2025-03-01", 38)]),
    "reached-by-judgement": ("reached: judged-so", [judged("2025-03-01", "risky")]),
    "measure": ("measure: run, at-least: 50%, confidence: 95%", [evaluated("2025-03-01", 38)]),
    "quantity": (
        "quantity: spend, more-than: 1e6 USD",
        [event("quantity.measured", "2025-03-01", quantity="spend", value="2e6 USD")],
    ),
    "meets": ("meets: safe", [event("control.attested", "2025-03-01", by="rso", control="lock", value=True)]),
    "attested": ("attested: lock", [event("control.attested", "2025-03-01", by="rso", control="lock", value=True)]),
    "judged": ("judged: risky, by: rso", [judged("2025-03-01", "risky")]),
    "argued": ("argued: sound", [event("claim.assessed", "2025-03-01", by="rso", claim="sound", state="supported")]),
    "approved": ("approved: plan, by: rso", APPROVED),
    "published": ("published: plan", [event("document.published", "2025-03-01", document="plan", digest=PLAN)]),
    "notified": ("notified: board, of: plan", [event("party.notified", "2025-03-01", party="board", document="plan")]),
    "event": (
        "event: model.deployed, class-at-least: deploy.external",
        [event("model.deployed", "2025-03-01", class_="release-weights")],
    ),
    "term": ("term: meant", [judged("2025-03-01", "risky")]),
}
SILENT_WHEN_OLD = {"published", "notified", "event"}
# six months after March 1 at noon
LAST_YOUNG, FIRST_OLD = "2025-09-01T11:59:59.999999Z", "2025-09-01T12:00:00Z"


def leaf(name: str, limit: str, as_of: str, *given: Given, at_compute: str | None = None) -> Decision:
    condition, facts = LEAVES[name]
    rules = policy(POLICY.format(leaf=f"{{{condition}, {limit}}}"))
    return decided(rules, [*given, *facts], as_of, at_compute=at_compute)


@pytest.mark.parametrize("limit", ["fresh: 6 months", "within-last: 6 months", "fresh: 1 year, within-last: 6 months"])
@pytest.mark.parametrize("name", list(LEAVES))
def test_a_fact_counts_up_to_its_last_instant_and_at_the_end_no_more(name: str, limit: str) -> None:
    young, old = value(when(leaf(name, limit, LAST_YOUNG))), value(when(leaf(name, limit, FIRST_OLD)))
    if name == "reached":
        assert (young, old) == ("false", "unknown: stale")
    elif name == "ruled-out":
        # reached stays reached, however old
        assert (young, old) == ("false", "false")
    elif name in SILENT_WHEN_OLD:
        assert (young, old) == ("true", "false")
    else:
        assert (young, old) == ("true", "unknown: stale")


@pytest.mark.parametrize("name", list(LEAVES))
def test_growth_makes_a_fact_old_as_time_does(name: str) -> None:
    measured = compute("2025-01-10", "1e24 FLOP")
    young = value(when(leaf(name, "fresh: {growth: 4x}", "2025-06-01", measured, at_compute="3.9e24 FLOP")))
    old = value(when(leaf(name, "fresh: {growth: 4x}", "2025-06-01", measured, at_compute="4e24 FLOP")))
    unknown = value(when(leaf(name, "fresh: {growth: 4x}", "2025-06-01")))
    if name in {"reached", "ruled-out"}:
        assert (young, old) == ("false", "unknown: stale" if name == "reached" else "false")
    else:
        assert (young, old) == ("true", "false" if name in SILENT_WHEN_OLD else "unknown: stale")
    assert unknown == old


def test_an_older_fact_that_is_followed_by_a_younger_one_does_not_make_it_old() -> None:
    rules = policy(POLICY.format(leaf="{judged: risky, by: rso, within-last: 1 month}"))
    given = [judged("2025-03-01", "risky", value=False), judged("2025-05-20", "risky")]
    assert value(when(decided(rules, given, "2025-06-01"))) == "true"


def test_the_latest_word_counts_also_where_only_an_older_one_would_say_otherwise() -> None:
    rules = policy(POLICY.format(leaf="{judged: risky, by: rso, within-last: 1 year}"))
    given = [judged("2025-05-20", "risky", value=False), judged("2025-03-01", "risky")]
    assert value(when(decided(rules, given, "2025-06-01"))) == "false"


@pytest.mark.parametrize("name", ["event", "notified", "published"])
def test_of_several_events_one_that_is_young_enough_is_enough(name: str) -> None:
    condition, facts = LEAVES[name]
    later = {**facts[0], "occurred": "2025-05-20T12:00:00Z"}
    rules = policy(POLICY.format(leaf=f"{{{condition}, within-last: 1 month}}"))
    assert value(when(decided(rules, [*facts, later], "2025-06-01"))) == "true"
    assert value(when(decided(rules, facts, "2025-06-01"))) == "false"


def test_the_age_of_an_approval_is_that_of_the_word_not_of_the_submission() -> None:
    rules = policy(POLICY.format(leaf="{approved: plan, by: rso, fresh: 3 months}"))
    # submitted February 1, approved March 1
    assert value(when(decided(rules, APPROVED, "2025-05-15"))) == "true"


def test_a_leafs_limit_does_not_lengthen_that_of_the_measure() -> None:
    rules = policy("""
measures:
  run: {statistic: proportion, suite: acme/run, fresh: 1 month}
thresholds:
  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%, fresh: 1 year}}
restrictions:
  hold: {forbids: [train], when: {reached: strong, fresh: 1 year}}
""")
    assert value(when(decided(rules, [evaluated("2025-03-01", 2)], "2025-04-02"))) == "unknown: stale"
    assert value(when(decided(rules, [evaluated("2025-03-01", 2)], "2025-03-30"))) == "false"


@pytest.mark.parametrize("place", ["leaf", "threshold"])
def test_a_limit_may_stand_on_the_leaf_of_a_threshold_or_on_the_leaf_that_names_it(place: str) -> None:
    inner, outer = (", fresh: 1 month", "") if place == "threshold" else ("", ", fresh: 1 month")
    rules = policy(f"""
measures:
  run: {{statistic: proportion, suite: acme/run}}
thresholds:
  strong: {{reached-when: {{measure: run, at-least: 50%, confidence: 95%{inner}}}}}
restrictions:
  hold: {{forbids: [train], when: {{reached: strong{outer}}}}}
""")
    assert value(when(decided(rules, [evaluated("2025-03-01", 2)], "2025-03-31"))) == "false"
    assert value(when(decided(rules, [evaluated("2025-03-01", 2)], "2025-04-02"))) == "unknown: stale"


def test_months_are_those_of_the_policys_time_zone() -> None:
    rules = policy(
        "calendar: {time-zone: America/New_York}\n"
        + POLICY.format(leaf="{event: model.deployed, within-last: 1 month}")
    )
    # 20:00Z of March 1 is 15:00 in New York; clocks go forward on March 9, so that 15:00 of April 1 is 19:00Z
    given = [event("model.deployed", "2025-03-01T20:00:00Z", class_="release-weights")]
    assert value(when(decided(rules, given, "2025-04-01T18:59:59Z"))) == "true"
    assert value(when(decided(rules, given, "2025-04-01T19:00:00Z"))) == "false"


def test_business_days_are_those_of_the_policy() -> None:
    rules = policy(
        "calendar: {holidays: [2025-03-04]}\n"
        + POLICY.format(leaf="{event: model.deployed, within-last: 2 business days}")
    )
    # Friday February 28; Monday March 3 is one, Tuesday a holiday, Wednesday the second
    given = [event("model.deployed", "2025-02-28", class_="release-weights")]
    assert value(when(decided(rules, given, "2025-03-05T11:59:59Z"))) == "true"
    assert value(when(decided(rules, given, "2025-03-05T12:00:00Z"))) == "false"


def test_growth_of_a_childs_fact_is_measured_from_its_parents_compute() -> None:
    rules = policy(POLICY.format(leaf="{judged: risky, by: rso, fresh: {growth: 4x}}"))
    given = [
        registered("p"),
        compute("2025-01-03", "1e24 FLOP", model="p"),
        registered("m", on="2025-01-04", parent="p"),
        judged("2025-01-05", "risky"),
    ]
    grown = compute("2025-02-01", "4e24 FLOP")
    assert value(when(decided(rules, given, "2025-06-01", registers=False))) == "true"
    assert value(when(decided(rules, [*given, grown], "2025-06-01", registers=False))) == "unknown: stale"
