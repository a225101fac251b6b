"""What attestations of controls come to: requirements, roles, ages, replaced standards (LANGUAGE 2 and 9)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.cases import Given, decided, event, policy, until, value, when

RULES = """
standards:
  safe:
    controls:
      lock: {attested-by: rso, fresh: 6 months}
      drill: {attested-by: reviewer, effort: {at-least: 500000 USD}, outcome: no-exfiltration}
restrictions:
  hold: {forbids: [train], when: {event: model.registered}, until: LEAF}
"""


def attests(
    control: str = "lock", *, by: str | None = "rso", value: bool = True, on: str = "2025-02-01", **more: Any
) -> Given:
    return event("control.attested", on, by=by, control=control, value=value, **more)


def shown(leaf: str, *given: Given, as_of: str = "2025-06-01", rules: str = RULES) -> str:
    return value(until(decided(policy(rules.replace("LEAF", leaf)), given, as_of)))


def drill(**more: Any) -> Given:
    return attests("drill", by="reviewer", **{"effort": "500000 USD", "outcome": "no-exfiltration", **more})


# A standard


def test_a_standard_is_met_when_each_of_its_controls_is() -> None:
    assert shown("{meets: safe}") == "unknown: missing"
    assert shown("{meets: safe}", attests()) == "unknown: missing"
    assert shown("{meets: safe}", attests(), drill()) == "true"
    assert shown("{meets: safe}", attests(value=False)) == "false"
    assert shown("{meets: safe}", attests(), drill(outcome="exfiltration")) == "false"


def test_an_undefined_standard_is_never_met() -> None:
    rules = """
standards:
  safe: {undefined: {owed: to be defined, before: {first: train}}}
restrictions:
  hold: {forbids: [train], when: {event: model.registered}, until: LEAF}
"""
    assert shown("{meets: safe}", rules=rules) == "unknown: undefined"
    assert shown("{not: {meets: safe}}", rules=rules) == "unknown: undefined"


# What a control asks


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "true"),
        ({"effort": "600000 USD"}, "true"),
        ({"effort": "499999.99 USD"}, "false"),
        ({"outcome": "exfiltration"}, "false"),
        ({"effort": "1 USD", "outcome": "exfiltration"}, "false"),
        ({"effort": "500000 EUR"}, "unknown: missing"),
        ({"effort": "3 weeks"}, "unknown: missing"),
        ({"effort": "3 weeks", "outcome": "exfiltration"}, "false"),
        ({"value": False, "effort": "3 weeks"}, "false"),
    ],
)
@pytest.mark.parametrize("leaf", ["{attested: drill}", "{attested: drill, by: reviewer}"])
def test_effort_and_outcome_are_held_to_what_is_asked(leaf: str, more: dict[str, Any], expected: str) -> None:
    assert shown(leaf, drill(**more)) == expected


def test_a_word_that_is_short_of_what_is_asked_says_so() -> None:
    rules = policy(RULES.replace("LEAF", "{attested: drill}"))
    (word,) = until(decided(rules, [drill(effort="1 USD")], "2025-06-01")).children
    assert value(word) == "false: short-of-what-is-asked"


@pytest.mark.parametrize("missing", ["effort", "outcome"])
def test_an_effort_or_an_outcome_that_is_not_stated_leaves_it_open(missing: str) -> None:
    given = drill()
    del given["data"][missing]
    assert shown("{attested: drill}", given) == "unknown: missing"
    given["data"]["value"] = False
    assert shown("{attested: drill}", given) == "false"


@pytest.mark.parametrize(
    ("asked", "effort", "expected"),
    [
        ("at-least: 10 people", "10 people", "true"),
        ("more-than: 10 people", "10 people", "false"),
        ("at-most: 10 people", "10 people", "true"),
        ("below: 10 people", "10 people", "false"),
        ("below: 10 people", "9 people", "true"),
        ("at-least: 2 weeks", "14 days", "true"),
    ],
)
def test_effort_is_compared_as_the_policy_says(asked: str, effort: str, expected: str) -> None:
    rules = f"""
standards:
  safe: {{controls: {{drill: {{attested-by: reviewer, effort: {{{asked}}}}}}}}}
restrictions:
  hold: {{forbids: [train], when: {{event: model.registered}}, until: LEAF}}
"""
    assert shown("{attested: drill}", attests("drill", by="reviewer", effort=effort), rules=rules) == expected


def test_a_bare_leaf_is_under_the_requirements_of_every_control_of_that_name() -> None:
    rules = """
standards:
  one: {controls: {drill: {attested-by: reviewer, effort: {at-least: 10 USD}}}}
  two: {controls: {drill: {attested-by: reviewer, outcome: clean, fresh: 3 months}}}
restrictions:
  hold: {forbids: [train], when: {event: model.registered}, until: LEAF}
"""

    def both(leaf: str, as_of: str = "2025-03-01", **more: Any) -> str:
        return shown(leaf, attests("drill", by="reviewer", **more), rules=rules, as_of=as_of)

    assert both("{attested: drill}", effort="10 USD", outcome="clean") == "true"
    assert both("{attested: drill}", effort="10 USD") == "unknown: missing"
    assert both("{attested: drill}", outcome="clean") == "unknown: missing"
    assert both("{attested: drill}", as_of="2025-06-01", effort="10 USD", outcome="clean") == "unknown: stale"
    # while each standard asks only what its own control does
    assert both("{meets: one}", as_of="2025-06-01", effort="10 USD") == "true"
    assert both("{meets: two}", outcome="clean") == "true"


def test_a_leafs_own_roles_stand_in_the_place_of_the_controls() -> None:
    assert shown("{attested: lock, by: board}", attests(by="board")) == "true"
    assert shown("{attested: lock, by: board}", attests()) == "false: wrong-role"
    assert shown("{attested: lock, by: [rso, board]}", attests(actor="ann"), attests(by="board", actor="bob")) == "true"


# Roles


def test_words_of_other_roles_are_set_aside_and_if_there_are_only_such_it_is_false() -> None:
    assert shown("{attested: lock}", attests(by="ceo")) == "false: wrong-role"
    assert shown("{attested: lock}", attests(by=None)) == "false: wrong-role"
    assert shown("{attested: lock}", attests(by="ceo", value=False), attests()) == "true"
    assert shown("{attested: lock}", attests(), attests(by="ceo", on="2025-03-01", value=False)) == "true"


def test_where_some_of_the_roles_have_spoken_the_others_are_awaited() -> None:
    leaf = "{attested: lock, by: [rso, board]}"
    assert shown(leaf) == "unknown: missing"
    assert shown(leaf, attests()) == "unknown: awaiting board"
    assert shown(leaf, attests(), attests(by="ceo")) == "unknown: awaiting board"
    assert shown(leaf, attests(actor="ann"), attests(by="board", actor="ann")) == "unknown: awaiting rso, board"


def test_two_attestations_at_one_place_that_differ_contradict_each_other() -> None:
    assert shown("{attested: lock}", attests(), attests(value=False)) == "unknown: contradicted"
    assert shown("{attested: drill}", drill(), drill(effort="1 USD")) == "unknown: contradicted"


# Age


def test_age_comes_before_what_is_said() -> None:
    # six months after February 1 at noon
    assert shown("{attested: lock}", attests(), as_of="2025-08-01T11:59:59Z") == "true"
    assert shown("{attested: lock}", attests(), as_of="2025-08-01T12:00:00Z") == "unknown: stale"
    assert shown("{attested: lock}", attests(value=False), as_of="2025-08-01T11:59:59Z") == "false"
    assert shown("{attested: lock}", attests(value=False), as_of="2025-08-01T12:00:00Z") == "unknown: stale"


def test_an_attestation_is_good_until_the_instant_at_which_it_expires() -> None:
    given = attests(expires="2025-03-01T00:00:00Z")
    assert shown("{attested: lock}", given, as_of="2025-02-28T23:59:59Z") == "true"
    assert shown("{attested: lock}", given, as_of="2025-03-01T00:00:00Z") == "unknown: stale"
    refused = attests(expires="2025-03-01T00:00:00Z", value=False)
    assert shown("{attested: lock}", refused, as_of="2025-02-28T23:59:59Z") == "false"
    assert shown("{attested: lock}", refused, as_of="2025-03-01T00:00:00Z") == "unknown: stale"


def test_an_expired_latest_word_is_not_replaced_by_an_earlier_one() -> None:
    given = [attests(on="2025-01-20"), attests(expires="2025-03-01T00:00:00Z")]
    assert shown("{attested: lock}", *given, as_of="2025-04-01") == "unknown: stale"


def test_one_of_two_words_at_one_place_that_has_expired_leaves_it_open() -> None:
    given = [attests(), attests(expires="2025-03-01T00:00:00Z")]
    assert shown("{attested: lock}", *given, as_of="2025-02-15") == "true"
    assert shown("{attested: lock}", *given, as_of="2025-04-01") == "unknown: contradicted"


# Replaced standards


REPLACED = """
standards:
  safe: {controls: {lock: {attested-by: rso}}}
  interim: {controls: {guard: {attested-by: rso}}}
  last: {controls: {watch: {attested-by: rso}}}
restrictions:
  hold: {forbids: [train], when: {event: model.registered}, until: LEAF}
permissions:
  first: {replaces: {safe: interim}, when: {judged: fine, by: board}}
"""


def test_a_permission_in_force_puts_another_standard_in_the_place_of_one() -> None:
    rules = REPLACED
    fine = event("determination.made", "2025-02-01", by="board", judged="fine", value=True)
    assert shown("{meets: safe}", attests("guard"), rules=rules) == "unknown: missing"
    assert shown("{meets: safe}", attests("guard"), fine, rules=rules) == "true"
    # and then what the first standard asks is no matter
    assert shown("{meets: safe}", attests("lock", value=False), attests("guard"), fine, rules=rules) == "true"
    assert shown("{meets: safe}", attests("lock"), attests("guard", value=False), fine, rules=rules) == "false"
    # the replacement itself is asked for as it is
    assert shown("{meets: interim}", attests("guard"), fine, rules=rules) == "true"


def test_replacements_follow_one_another() -> None:
    rules = REPLACED + ("  second: {replaces: {interim: last}, when: {judged: finer, by: board}}\n")
    fine = [
        event("determination.made", "2025-02-01", by="board", judged=name, value=True) for name in ("fine", "finer")
    ]
    assert shown("{meets: safe}", attests("watch"), *fine, rules=rules) == "true"
    assert shown("{meets: safe}", attests("guard"), *fine, rules=rules) == "unknown: missing"
    assert shown("{meets: safe}", attests("guard"), fine[0], rules=rules) == "true"
    assert shown("{meets: safe}", attests("lock"), fine[1], rules=rules) == "true"


def test_of_two_permissions_for_one_standard_the_first_in_force_counts() -> None:
    rules = REPLACED + ("  other: {replaces: {safe: last}, when: {judged: finer, by: board}}\n")
    fine, finer = (
        event("determination.made", "2025-02-01", by="board", judged=name, value=True) for name in ("fine", "finer")
    )
    assert shown("{meets: safe}", attests("watch"), finer, rules=rules) == "true"
    assert shown("{meets: safe}", attests("watch"), fine, finer, rules=rules) == "unknown: missing"


def test_an_undefined_standard_can_be_replaced() -> None:
    rules = """
standards:
  safe: {undefined: {owed: to be defined}}
  interim: {controls: {guard: {attested-by: rso}}}
restrictions:
  hold: {forbids: [train], when: {event: model.registered}, until: LEAF}
permissions:
  first: {replaces: {safe: interim}, when: {judged: fine, by: board}}
"""
    fine = event("determination.made", "2025-02-01", by="board", judged="fine", value=True)
    assert shown("{meets: safe}", attests("guard"), rules=rules) == "unknown: undefined"
    assert shown("{meets: safe}", attests("guard"), fine, rules=rules) == "true"


def test_a_leafs_limit_on_age_holds_for_every_control() -> None:
    assert shown("{meets: safe, fresh: 1 month}", attests(), drill(), as_of="2025-02-28") == "true"
    assert shown("{meets: safe, fresh: 1 month}", attests(), drill(), as_of="2025-03-02") == "unknown: stale"


def test_a_trace_names_each_control_and_each_role_that_spoke() -> None:
    rules = policy(RULES.replace("LEAF", "{meets: safe}"))
    node = until(decided(rules, [attests(actor="ann")], "2025-06-01"))
    assert [child.condition for child in node.children] == ["lock attested by rso", "drill attested by reviewer"]
    assert [child.condition for child in node.children[0].children] == ["rso: event 1 by ann"]
    assert [child.condition for child in node.children[1].children] == ["reviewer has not spoken"]
    assert value(when(decided(rules, [], "2025-06-01"))) == "true"
