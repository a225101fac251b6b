"""What this version does not evaluate is refused where it bears on the action asked, and only there."""

from __future__ import annotations

import pytest

from interlock.engine import Refused
from tests.engine.cases import answer, decided, policy

HEADER = """
measures: {watched: {statistic: proportion, suite: acme/run, sequential: true}}
thresholds:
  unclearly: {reached-when: {term: unclear}}
standards: {safe: {controls: {lock: {attested-by: rso}}}, other-safe: {controls: {key: {attested-by: rso}}}}
terms:
  unclear: {means: {measure: watched, at-least: 50%, confidence: 95%}}
  disputed: {readings: {one: {judged: one, by: rso}, two: {term: unclear}}}
duties:
  assess: {must: assess, every: {time: 6 months}}
  unclear: {must: assess, when: {term: unclear}, done-when: {term: unclear}}
"""
LEAVES = {
    "sequential": "{measure: watched, at-least: 50%, confidence: 95%}",
    "term": "{term: unclear}",
    "readings": "{readings: {id: big, one: {judged: one, by: rso}, two: {term: unclear}}}",
    "term-with-readings": "{term: disputed}",
    "threshold": "{reached: unclearly}",
    "corrected": "{event: event.corrected, reason: typo}",
    "done": "{done: unclear}",
    "overdue": "{overdue: unclear}",
    "elapsed": "{elapsed: 6 months, since: unclear}",
    "aged": "{overdue: assess, within-last: 3 months}",
    "nested": "{not: {all: [{judged: risky, by: rso}, {at-least: {n: 1, of: [{term: unclear}]}}]}}",
}
SOUND = "{judged: risky, by: rso}"
FREE = f"free: {{forbids: [store], when: {SOUND}}}"
PLACES = {
    "when": "restrictions: {{hold: {{forbids: [train], when: {leaf}}}, {free}}}",
    "until": ("restrictions: {{hold: {{forbids: [train], when: {sound}, until: {leaf}}}, {free}}}"),
    "lifting": (
        "restrictions: {{hold: {{forbids: [train], when: {sound}}}, {free}}}\n"
        "permissions: {{p: {{lifts: [hold], when: {leaf}}}}}"
    ),
    "active": (
        "restrictions: {{hold: {{forbids: [train], when: {{active: far}}}}, "
        "far: {{forbids: [share-weights], when: {leaf}}}, {free}}}"
    ),
    "in-force": (
        "restrictions: {{hold: {{forbids: [train], when: {{in-force: p}}}}, "
        "far: {{forbids: [share-weights], when: {sound}}}, {free}}}\n"
        "permissions: {{p: {{lifts: [far], when: {leaf}}}}}"
    ),
    "replacing": (
        "restrictions: {{hold: {{forbids: [train], when: {{meets: safe}}}}, {free}}}\n"
        "permissions: {{p: {{replaces: {{safe: other-safe}}, when: {leaf}}}}}"
    ),
}


@pytest.mark.parametrize("place", list(PLACES))
@pytest.mark.parametrize("leaf", list(LEAVES))
def test_it_is_refused_wherever_the_answer_could_depend_on_it_and_nowhere_else(leaf: str, place: str) -> None:
    rules = policy(HEADER + PLACES[place].format(leaf=LEAVES[leaf], sound=SOUND, free=FREE))
    with pytest.raises(Refused, match="of `acme` 1 is not evaluated by this version of interlock") as refusal:
        decided(rules, [], "2025-06-01")
    assert refusal.value.advice == "an answer that left it out could permit what the policy holds, so none is given"
    assert answer(decided(rules, [], "2025-06-01", action="store")) == "held by default"


def test_a_term_asked_of_several_models_that_looks_at_several_itself_is_refused() -> None:
    """What is supposed of the model asked about would be lost on the way round."""
    rules = policy("""
terms: {large: {means: {not: {quantity: spend, more-than: 5 USD, of: lineage}}}}
restrictions: {hold: {forbids: [train], when: {term: large, of: lineage}}}
""")
    with pytest.raises(Refused, match="whose meaning looks at several models itself, of `acme` 1 is not evaluated"):
        decided(rules, [], "2025-06-01")


def test_the_refusal_names_the_condition() -> None:
    rules = policy(HEADER + PLACES["when"].format(leaf=LEAVES["corrected"], sound=SOUND, free=FREE))
    with pytest.raises(Refused, match=r"^`\{event: event.corrected, reason: typo\}` of `acme` 1"):
        decided(rules, [], "2025-06-01")
    rules = policy(HEADER + PLACES["when"].format(leaf=LEAVES["readings"], sound=SOUND, free=FREE))
    with pytest.raises(
        Refused, match=r"^measure `watched`, whose bounds are to hold at all looks at once, of `acme` 1"
    ):
        decided(rules, [], "2025-06-01")


def test_whom_a_law_applies_to_bears_on_every_restricted_action() -> None:
    law = policy(
        f"applies-to: {LEAVES['readings']}\n{HEADER}restrictions: {{hold: {{forbids: [train], when: {SOUND}}}}}"
    )
    with pytest.raises(Refused, match="is not evaluated"):
        decided(law, [], "2025-06-01")


def test_a_duty_that_forbids_the_action_is_refused_where_it_reads_what_is_not_evaluated() -> None:
    rules = policy(
        f"{HEADER}  forbidding: {{must: assess, when: {{term: unclear}}, otherwise: {{forbids: [deploy.external]}}}}\n"
        f"restrictions: {{hold: {{forbids: [train], when: {SOUND}}}}}"
    )
    for action in ("deploy", "deploy.external", "deploy.external.public"):
        with pytest.raises(Refused, match=r"measure `watched`, .* of `acme` 1"):
            decided(rules, [], "2025-06-01", action=action)
    assert answer(decided(rules, [], "2025-06-01", action="train")) == "held by default"
    assert answer(decided(rules, [], "2025-06-01", action="deploy.internal")) == "permitted"


def test_duties_pledges_and_goals_elsewhere_in_the_policy_refuse_nothing() -> None:
    rules = policy(
        HEADER
        + f"restrictions: {{hold: {{forbids: [train], when: {SOUND}}}}}\n"
        + "pledges: {share: {maintain: {growth: effective-compute, since: assess, below: 2x}}}\n"
    )
    assert answer(decided(rules, [], "2025-06-01")) == "held by default"


def test_one_policy_that_can_not_be_evaluated_leaves_no_answer_beside_another_that_can() -> None:
    sound = policy(f"restrictions: {{hold: {{forbids: [train], when: {SOUND}}}}}", name="sound")
    unsound = policy(HEADER + PLACES["when"].format(leaf=LEAVES["done"], sound=SOUND, free=FREE))
    with pytest.raises(Refused, match="is not evaluated"):
        decided([sound, unsound], [], "2025-06-01")


def test_a_measure_whose_bounds_are_to_hold_at_all_looks_is_refused_where_it_is_read() -> None:
    rules = policy("""
measures: {run: {statistic: proportion, suite: acme/run, sequential: true}}
thresholds: {strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}
restrictions:
  hold: {forbids: [train], when: {reached: strong}}
  free: {forbids: [store], when: {judged: risky, by: rso}}
""")
    with pytest.raises(Refused, match=r"^measure `run`, whose bounds are to hold at all looks at once, of `acme` 1"):
        decided(rules, [], "2025-06-01")
    assert answer(decided(rules, [], "2025-06-01", action="store")) == "held by default"
