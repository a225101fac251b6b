"""`valid_until`: when the answer could first change, by which leaf, and who can renew it (LANGUAGE 4.4)."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import _validity
from interlock.policy import Policy
from interlock.terms import format_instant
from tests.engine.cases import (
    PLAN,
    Given,
    answer,
    decided,
    evaluated,
    event,
    judged,
    policy,
    registered,
)

HEADER = """
measures:
  run: {statistic: proportion, suite: acme/run, fresh: FRESH}
thresholds:
  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}
standards:
  safe: {controls: {lock: {attested-by: rso, fresh: 6 months}}}
documents: {plan: {}}
"""
RUN = "{measure: run, at-least: 50%, confidence: 95%}"
LOCKED = event("control.attested", "2025-02-01", by="rso", control="lock", value=True)
EXPIRING = event("control.attested", "2025-02-10", by="rso", control="lock", value=True, expires="2025-08-01T12:00:00Z")
DEPLOYED = event("model.deployed", "2025-02-01", class_="release-weights")
PUBLISHED = event("document.published", "2025-02-01", document="plan", digest=PLAN)
NOTIFIED = event("party.notified", "2025-02-01", party="board", document="plan")
SPENT = event("quantity.measured", "2025-02-01", quantity="spend", value="2 USD")


def rules(restrictions: str, fresh: str = "6 months", permissions: str = "") -> Policy:
    more = f"permissions: {permissions}\n" if permissions else ""
    return policy(f"{HEADER.replace('FRESH', fresh)}restrictions: {restrictions}\n{more}")


def hold(when: str, more: str = "") -> str:
    return f"{{hold: {{forbids: [train], when: {when}{more}}}}}"


def ends(policies: Policy | list[Policy], given: list[Given], as_of: str = "2025-03-01", **question: Any) -> Any:
    """Return when and at which compute the answer ends, by which leaf, and who can renew it; None if nothing does."""
    validity = decided(policies, given, as_of, **question).valid_until
    if validity is None:
        return None
    time = None if validity.time is None else format_instant(validity.time)
    level = None if validity.effective_compute is None else validity.effective_compute.text
    return time, level, validity.leaf, validity.who


# Nothing ends it


def test_an_answer_that_only_events_can_change_has_no_end() -> None:
    assert ends(rules(hold("{judged: risky, by: rso}")), [judged("2025-02-01", "risky")]) is None
    assert ends(rules(hold("{judged: risky, by: rso}")), []) is None


def test_what_ends_without_a_change_of_the_answer_is_no_end() -> None:
    # held by evidence without the leaf that goes stale
    both = hold("{any: [{judged: risky, by: rso}, {reached: strong}]}")
    assert ends(rules(both), [judged("2025-02-01", "risky"), evaluated("2025-02-01", 2)]) is None
    # stale already
    assert ends(rules(hold("{reached: strong}")), [evaluated("2024-01-01", 2)]) is None
    # what is reached stays so, however old
    assert ends(rules(hold("{reached: strong}")), [evaluated("2025-02-01", 38)]) is None


# Time


@pytest.mark.parametrize(
    ("leaf", "turned", "fact", "who"),
    [
        ("{measure: run, below: 50%, confidence: 95%}", "not", evaluated("2025-02-01", 2), "evaluator"),
        ("{judged: safe, by: [rso], fresh: 6 months}", "not", judged("2025-02-01"), "rso"),
        ("{attested: lock}", "not", LOCKED, "rso"),
        ("{attested: lock}", "not", EXPIRING, "rso"),
        ("{event: model.deployed, within-last: 6 months}", "", DEPLOYED, None),
        ("{published: plan, within-last: 6 months}", "not", PUBLISHED, "developer"),
        ("{published: plan, for-at-least: 6 months}", "", PUBLISHED, "developer"),
        ("{notified: board, of: plan, within-last: 6 months}", "not", NOTIFIED, "developer"),
        ("{quantity: spend, more-than: 1 USD, fresh: 6 months}", "", SPENT, "developer"),
    ],
    ids=["measure", "judged", "attested", "expires", "event", "published", "for-at-least", "notified", "quantity"],
)
def test_each_leaf_that_ages_names_when_and_who_can_renew_it(
    leaf: str, turned: str, fact: Given, who: str | None
) -> None:
    when = f"{{not: {leaf}}}" if turned else leaf
    # six months after February 1 at noon
    assert ends(rules(hold(when)), [fact]) == ("2025-08-01T12:00:00Z", None, leaf, () if who is None else (who,))


def test_a_leaf_over_a_condition_names_what_in_it_ages() -> None:
    ruled_out = [evaluated("2025-02-01", 2)]
    assert ends(rules(hold("{reached: strong}")), ruled_out) == ("2025-08-01T12:00:00Z", None, RUN, ("evaluator",))
    assert ends(rules(hold("{not: {meets: safe}}")), [LOCKED]) == (
        "2025-08-01T12:00:00Z",
        None,
        "lock attested by rso",
        ("rso",),
    )


def test_of_several_runs_the_last_to_go_stale_ends_it() -> None:
    given = [evaluated("2025-02-01", 2), evaluated("2025-02-20", 3), evaluated("2025-02-10", 2)]
    assert ends(rules(hold("{reached: strong}")), given) == ("2025-08-20T12:00:00Z", None, RUN, ("evaluator",))


def test_of_several_events_the_last_to_be_too_old_ends_it() -> None:
    deployed = [{**DEPLOYED, "occurred": f"2025-02-{day}T12:00:00Z"} for day in ("01", "20", "10")]
    leaf = "{event: model.deployed, within-last: 6 months}"
    assert ends(rules(hold(leaf)), deployed) == ("2025-08-20T12:00:00Z", None, leaf, ())
    lasting = [*deployed, event("training.paused", "2025-02-01")]
    either = "{any: [{event: training.paused}, {event: model.deployed, within-last: 6 months}]}"
    assert ends(rules(hold(either)), lasting) is None


@pytest.mark.parametrize(("fresh", "leafs_own"), [("6 months", "2 months"), ("2 months", "6 months")])
def test_of_several_limits_the_first_ends_it(fresh: str, leafs_own: str) -> None:
    body = rules(hold(f"{{reached: strong, fresh: {leafs_own}}}"), fresh)
    assert ends(body, [evaluated("2025-02-01", 2)])[0] == "2025-04-01T12:00:00Z"


def test_a_hold_of_evidence_that_becomes_one_by_default_has_ended() -> None:
    decision = decided(
        rules(hold("{not: {judged: safe, by: rso, fresh: 6 months}}")),
        [judged("2025-02-01", value=False)],
        "2025-03-01",
    )
    assert answer(decision) == "held"
    assert decision.valid_until is not None
    assert decision.valid_until.time is not None
    later = format_instant(decision.valid_until.time)
    given = [judged("2025-02-01", value=False)]
    assert (
        answer(decided(rules(hold("{not: {judged: safe, by: rso, fresh: 6 months}}")), given, later))
        == "held by default"
    )


def test_until_and_permissions_end_too() -> None:
    releasing = hold("{event: model.registered}", ", until: {judged: safe, by: rso, fresh: 1 month}")
    assert ends(rules(releasing), [judged("2025-02-10")]) == (
        "2025-03-10T12:00:00Z",
        None,
        "{judged: safe, by: [rso], fresh: 1 month}",
        ("rso",),
    )
    lifted = rules(
        hold("{event: model.registered}"),
        permissions="{p: {lifts: [hold], when: {judged: ok, by: board, fresh: 1 month}}}",
    )
    assert ends(lifted, [judged("2025-02-10", "ok", by="board")])[:1] == ("2025-03-10T12:00:00Z",)


def test_the_end_of_a_window_names_the_permission_and_who_can_renew_it() -> None:
    both = "{all: [{judged: ok, by: board}, {judged: fine, by: ceo}]}"
    windowed = rules(
        hold("{event: model.registered}"), permissions=f"{{p: {{lifts: [hold], when: {both}, for-at-most: 30 days}}}}"
    )
    given = [judged("2025-02-10", "ok", by="board"), judged("2025-02-12", "fine", by="ceo")]
    assert ends(windowed, given) == ("2025-03-14T12:00:00Z", None, "{in-force: p}", ("board", "ceo"))


def test_a_window_that_opens_by_itself_ends_a_hold() -> None:
    opening = rules(
        hold("{event: model.registered}"),
        permissions="{p: {lifts: [hold], when: {published: plan, for-at-least: 60 days}, for-at-most: 30 days}}",
    )
    given = [PUBLISHED]
    assert ends(opening, given) == (
        "2025-04-02T12:00:00Z",
        None,
        "{published: plan, for-at-least: 60 days}",
        ("developer",),
    )
    assert ends(opening, given, "2025-04-10")[0] == "2025-05-02T12:00:00Z"
    assert ends(opening, given, "2025-05-10") is None


def test_a_condition_may_lapse_and_come_back_within_a_window_without_a_change() -> None:
    # lifted throughout: as one alternative goes stale the other still stands
    when = "{any: [{judged: ok, by: board, fresh: 10 days}, {judged: fine, by: ceo}]}"
    either = rules(
        hold("{event: model.registered}"), permissions=f"{{p: {{lifts: [hold], when: {when}, for-at-most: 60 days}}}}"
    )
    given = [judged("2025-02-20", "ok", by="board"), judged("2025-02-20", "fine", by="ceo")]
    assert ends(either, given)[0] == "2025-04-21T12:00:00Z"


def test_the_state_of_another_restriction_ends_it() -> None:
    body = (
        "{hold: {forbids: [train], when: {active: other}}, "
        "other: {forbids: [store], when: {event: model.registered}, until: {judged: safe, by: rso, fresh: 1 month}}}"
    )
    time, _, leaf, _ = ends(rules(body), [judged("2025-02-10")])
    assert (time, leaf) == ("2025-03-10T12:00:00Z", "{judged: safe, by: [rso], fresh: 1 month}")


def test_the_force_of_a_permission_ends_it() -> None:
    other = "other: {forbids: [store], when: {event: model.registered}}"
    body = f"{{hold: {{forbids: [train], when: {{not: {{in-force: p}}}}}}, {other}}}"
    windowed = rules(body, permissions="{p: {lifts: [other], when: {judged: ok, by: board}, for-at-most: 30 days}}")
    time, _, leaf, _ = ends(windowed, [judged("2025-02-10", "ok", by="board")])
    assert (time, leaf) == ("2025-03-12T12:00:00Z", "{in-force: p}")


def test_the_force_of_a_permission_can_be_renewed_by_those_behind_it() -> None:
    other = "other: {forbids: [store], when: {event: model.registered}}"
    body = f"{{hold: {{forbids: [train], when: {{not: {{in-force: p}}}}}}, {other}}}"
    windowed = rules(body, permissions="{p: {lifts: [other], when: {judged: ok, by: board}, for-at-most: 30 days}}")
    assert ends(windowed, [judged("2025-02-10", "ok", by="board")])[3] == ("board",)


REPLACING = """
standards:
  safe: {controls: {c0: {attested-by: rso}}}
  first: {controls: {c1: {attested-by: rso}}}
  second: {controls: {c2: {attested-by: rso}}}
documents: {plan: {}}
restrictions:
  hold: {forbids: [train], when: {not: {meets: safe}}}
permissions:
"""
C2 = event("control.attested", "2025-01-05", by="rso", control="c2", value=True)


def test_the_end_of_a_replacement_ends_it() -> None:
    body = REPLACING + "  p2: {replaces: {safe: second}, when: {judged: ok, by: board}, for-at-most: 30 days}\n"
    given = [C2, judged("2025-02-10", "ok", by="board")]
    assert ends(policy(body), given)[0] == "2025-03-12T12:00:00Z"


def test_a_replacement_that_comes_before_the_one_in_force_ends_it() -> None:
    body = (
        REPLACING
        + "  p1: {replaces: {safe: first}, when: {published: plan, for-at-least: 60 days}}\n"
        + "  p2: {replaces: {safe: second}, when: {judged: ok, by: board}}\n"
    )
    given = [C2, judged("2025-02-10", "ok", by="board"), PUBLISHED]
    assert ends(policy(body), given)[0] == "2025-04-02T12:00:00Z"


# What is on the record for later


def test_an_event_that_is_known_to_come_ends_it() -> None:
    given = [judged("2025-02-01", "risky", value=False), judged("2025-05-01", "risky")]
    known = {"known_at": "2025-06-01"}
    assert ends(rules(hold("{judged: risky, by: rso}")), given, **known) == (
        "2025-05-01T12:00:00Z",
        None,
        "an event on the record that occurs then",
        (),
    )
    assert ends(rules(hold("{judged: risky, by: rso}")), given) is None


def test_events_to_come_that_change_nothing_are_passed_over() -> None:
    given = [
        judged("2025-02-01", "risky", value=False),
        judged("2025-04-01", "risky", value=False),
        judged("2025-04-02", "nice"),
        judged("2025-05-01", "risky"),
    ]
    assert ends(rules(hold("{judged: risky, by: rso}")), given, known_at="2025-06-01")[0] == "2025-05-01T12:00:00Z"


def test_a_renewal_to_come_puts_the_end_off() -> None:
    given = [evaluated("2025-02-01", 2), evaluated("2025-05-01", 2)]
    assert ends(rules(hold("{reached: strong}")), given, known_at="2025-06-01")[0] == "2025-11-01T12:00:00Z"
    withdrawn = event("evaluation.withdrawn", "2025-05-10", evaluation=2, reason="broken")
    with_withdrawal = [*given, withdrawn]
    assert ends(rules(hold("{reached: strong}")), with_withdrawal, known_at="2025-06-01")[0] == "2025-08-01T12:00:00Z"


def test_a_window_that_an_event_to_come_opens_is_followed() -> None:
    windowed = rules(
        hold("{event: model.registered}"),
        permissions="{p: {lifts: [hold], when: {judged: ok, by: board}, for-at-most: 30 days, renewals: {at-most: 1}}}",
    )
    given = [
        judged("2025-02-20", "ok", by="board"),
        judged("2025-03-10", "ok", by="board", value=False),
        judged("2025-03-11", "ok", by="board"),
    ]
    assert ends(windowed, given[:1])[0] == "2025-03-22T12:00:00Z"
    assert ends(windowed, given, known_at="2025-06-01")[0] == "2025-03-10T12:00:00Z"
    assert ends(windowed, given, "2025-03-12")[0] == "2025-04-10T12:00:00Z"


def test_a_contradictory_registration_to_come_ends_it() -> None:
    given = [registered(), registered("p"), registered("m", on="2025-05-01", parent="p")]
    found = ends(rules(hold("{judged: risky, by: rso}")), given, known_at="2025-06-01", registers=False)
    assert found is not None


# The next version


def test_a_version_to_come_ends_the_search_whatever_it_would_say() -> None:
    versions = [rules(hold("{reached: strong}")), later("1 year", version="2", effective="2025-06-01")]
    end = ("2025-06-01T00:00:00Z", None, "acme 2 comes into force", ())
    assert ends(versions, [evaluated("2025-02-01", 2)]) == end
    # and what ends before that ends it first
    assert ends(versions, [evaluated("2024-10-01", 2)])[0] == "2025-04-01T12:00:00Z"


def test_a_version_that_comes_at_the_very_instant_of_another_end_is_named_first() -> None:
    stale_at_midnight = evaluated("2024-12-01T00:00:00Z", 2)
    versions = [rules(hold("{reached: strong}")), later("1 year", version="2", effective="2025-06-01")]
    assert ends(versions[:1], [stale_at_midnight])[0] == "2025-06-01T00:00:00Z"
    assert ends(versions, [stale_at_midnight])[2] == "acme 2 comes into force"


def later(fresh: str, **header: str) -> Policy:
    return policy(f"{HEADER.replace('FRESH', fresh)}restrictions: {hold('{reached: strong}')}", **header)


def test_of_several_policies_the_first_end_counts() -> None:
    both = [rules(hold("{reached: strong}")), later("2 months", name="other")]
    assert ends(both, [evaluated("2025-02-01", 2)])[0] == "2025-04-01T12:00:00Z"


def test_too_many_instants_without_a_change_give_the_last_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_validity, "MOST_INSTANTS", 2)
    given = [evaluated(f"2025-02-0{day}", 2) for day in (1, 2, 3, 4)]
    assert ends(rules(hold("{reached: strong}")), given) == (
        "2025-08-02T12:00:00Z",
        None,
        "too many changes to look further",
        (),
    )
