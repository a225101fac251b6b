"""What this version does not evaluate is refused where it bears on the action asked, and only there."""

from __future__ import annotations

import pytest

from interlock.engine import Refused
from tests.engine.cases import answer, decided, policy

HEADER = """
measures: {run: {statistic: proportion, suite: acme/run}}
thresholds:
  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}
  grown: {reached-when: {growth: effective-compute, since: assess, at-least: 4x}}
standards: {safe: {controls: {lock: {attested-by: rso}}}, other-safe: {controls: {key: {attested-by: rso}}}}
terms:
  unclear: {readings: {one: {judged: one, by: rso}, two: {judged: two, by: rso}}}
duties: {assess: {must: assess, every: {time: 6 months}}}
"""
LEAVES = {
    "growth": "{growth: effective-compute, since: assess, at-least: 4x}",
    "elapsed": "{elapsed: 6 months, since: assess}",
    "done": "{done: assess}",
    "overdue": "{overdue: assess}",
    "readings": "{readings: {id: big, one: {judged: one, by: rso}, two: {judged: two, by: rso}}}",
    "term-with-readings": "{term: unclear}",
    "ruled-out-ahead": "{ruled-out: strong, ahead: 6x}",
    "threshold": "{reached: grown}",
    "corrected": "{event: event.corrected, reason: typo}",
    "nested": "{not: {all: [{judged: risky, by: rso}, {at-least: {n: 1, of: [{done: assess}]}}]}}",
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


def test_the_refusal_names_the_condition() -> None:
    rules = policy(HEADER + PLACES["when"].format(leaf=LEAVES["elapsed"], sound=SOUND, free=FREE))
    with pytest.raises(Refused, match=r"^`\{elapsed: 6 months, since: assess\}` of `acme` 1"):
        decided(rules, [], "2025-06-01")
    rules = policy(HEADER + PLACES["when"].format(leaf=LEAVES["readings"], sound=SOUND, free=FREE))
    with pytest.raises(Refused, match=r"^the reading of `big` of `acme` 1"):
        decided(rules, [], "2025-06-01")


def test_whom_a_law_applies_to_bears_on_every_restricted_action() -> None:
    law = policy(
        f"applies-to: {LEAVES['readings']}\n{HEADER}restrictions: {{hold: {{forbids: [train], when: {SOUND}}}}}"
    )
    with pytest.raises(Refused, match="is not evaluated"):
        decided(law, [], "2025-06-01")


def test_a_duty_that_forbids_the_action_while_it_is_overdue_is_refused() -> None:
    rules = policy(f"""
restrictions: {{hold: {{forbids: [train, store], when: {SOUND}}}}}
duties:
  assess: {{must: assess, every: {{time: 6 months}}, otherwise: {{forbids: [deploy.external]}}}}
  wish: {{must: assess, every: {{time: 6 months}}, otherwise: {{forbids: [store]}}, modality: aim}}
""")
    for action in ("deploy", "deploy.external", "deploy.external.public"):
        with pytest.raises(Refused, match=f"duty `assess`, which forbids `{action}` while it is overdue, of `acme` 1"):
            decided(rules, [], "2025-06-01", action=action)
    assert answer(decided(rules, [], "2025-06-01", action="train")) == "held by default"
    assert answer(decided(rules, [], "2025-06-01", action="deploy.internal")) == "permitted"
    # what is only aimed at forbids nothing
    assert answer(decided(rules, [], "2025-06-01", action="store")) == "held by default"


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
