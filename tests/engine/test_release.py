"""What would flip an answer: the smallest sets of changes, who can make each, and how (LANGUAGE 4.4)."""

from __future__ import annotations

import pytest

from interlock.engine._release import MOST_SETS
from interlock.policy import Policy
from tests.engine.cases import (
    LATER_PLAN,
    PLAN,
    W1,
    W2,
    answer,
    decided,
    evaluated,
    event,
    judged,
    policy,
    registered,
    sets,
)
from tests.engine.changes import AS_OF, NEXT_DAY, after, brought_about, check_every_set, hold, no, q, yes

# A hold


def test_a_hold_is_released_by_whatever_makes_its_when_false_its_until_true_or_lifts_it() -> None:
    rules = hold(q("risky"), f", until: {q('fixed')}") + f"permissions: {{p: {{lifts: [hold], when: {q('fine')}}}}}\n"
    given = [judged("2025-02-01", "risky")]
    assert sets(decided(rules, given, AS_OF)) == [yes("fine"), yes("fixed"), no("risky")]
    assert check_every_set(rules, given) == 3


def test_a_hold_by_default_is_released_in_the_same_ways() -> None:
    assert sets(decided(hold(q("risky")), [], AS_OF)) == [no("risky")]
    assert check_every_set(hold(q("risky")), []) == 1


def test_all_holds_must_be_released_together() -> None:
    rules = (
        "restrictions:\n"
        f"  one: {{forbids: [train], when: {q('a')}, until: {q('x')}}}\n"
        f"  two: {{forbids: [train], when: {q('b')}}}\n"
        f"  not-on: {{forbids: [train], when: {q('c')}}}\n"
    )
    given = [judged("2025-02-01", "a"), judged("2025-02-01", "c", value=False)]
    assert sets(decided(rules, given, AS_OF)) == [no("a", "b"), no("b") | yes("x")]
    assert check_every_set(rules, given) == 2


def test_one_change_may_serve_several_holds() -> None:
    rules = (
        "restrictions:\n"
        f"  one: {{forbids: [train], when: {{any: [{q('a')}, {q('b')}]}}}}\n"
        f"  two: {{forbids: [train], when: {q('b')}}}\n"
    )
    given = [judged("2025-02-01", "b"), judged("2025-02-01", "a", value=False)]
    assert sets(decided(rules, given, AS_OF)) == [no("b")]


def test_a_set_never_asks_for_a_leaf_both_ways() -> None:
    rules = (
        "restrictions:\n"
        f"  one: {{forbids: [train], when: {q('a')}}}\n"
        f"  two: {{forbids: [train], when: {{not: {q('a')}}}}}\n"
    )
    # with nothing known both hold, and no answer to the question releases both
    assert sets(decided(rules, [], AS_OF)) == []


def test_a_non_binding_restriction_need_not_be_released() -> None:
    rules = (
        "restrictions:\n"
        f"  one: {{forbids: [train], when: {q('a')}}}\n"
        f"  wish: {{forbids: [train], when: {q('b')}, modality: aim}}\n"
    )
    given = [judged("2025-02-01", "a"), judged("2025-02-01", "b")]
    assert sets(decided(rules, given, AS_OF)) == [no("a")]


def test_a_change_that_makes_another_restriction_active_releases_nothing() -> None:
    rules = (
        "restrictions:\n"
        f"  one: {{forbids: [train], when: {q('a')}}}\n"
        f"  two: {{forbids: [train], when: {{not: {q('a')}}}}}\n"
    )
    assert sets(decided(rules, [judged("2025-02-01", "a")], AS_OF)) == []


def test_under_the_developers_burden_it_is_enough_that_a_when_is_no_longer_false() -> None:
    given = [judged("2025-02-01", "a", value=False)]
    assert sets(decided(hold(f"{{all: [{q('a')}, {q('b')}]}}"), given, AS_OF)) == [yes("a")]


def test_a_change_is_followed_through_the_state_of_other_restrictions() -> None:
    """Without `a` the first no longer holds, but then nothing releases the third, and the second hangs on it."""
    rules = (
        "restrictions:\n"
        f"  one: {{forbids: [train], when: {q('a')}}}\n"
        "  two: {forbids: [train], when: {active: three}}\n"
        f"  three: {{forbids: [store], when: {q('z')}, until: {q('a')}}}\n"
    )
    given = [judged("2025-02-01", "a"), judged("2025-02-01", "z")]
    assert sets(decided(rules, given, AS_OF)) == []
    lifting = (
        "restrictions:\n"
        f"  one: {{forbids: [train], when: {q('a')}}}\n"
        "  two: {forbids: [train], when: {active: three}}\n"
        f"  three: {{forbids: [store], when: {q('z')}}}\n"
        f"permissions: {{lift: {{lifts: [three], when: {q('a')}}}}}\n"
    )
    assert sets(decided(lifting, given, AS_OF)) == []


# Connectives


TWO_OF_THREE = f"{{at-least: {{n: 2, of: [{q('a')}, {q('b')}, {q('c')}]}}}}"


@pytest.mark.parametrize(
    ("when", "said", "expected"),
    [
        (f"{{all: [{q('a')}, {q('b')}]}}", "TT", [no("a"), no("b")]),
        (f"{{all: [{q('a')}, {q('b')}]}}", "T?", [no("a"), no("b")]),
        (f"{{any: [{q('a')}, {q('b')}]}}", "TT", [no("a", "b")]),
        (f"{{any: [{q('a')}, {q('b')}]}}", "TF", [no("a")]),
        (f"{{not: {q('a')}}}", "F?", [yes("a")]),
        (f"{{not: {{all: [{q('a')}, {q('b')}]}}}}", "F?", [yes("a", "b")]),
        (f"{{not: {{any: [{q('a')}, {q('b')}]}}}}", "FF", [yes("a"), yes("b")]),
        (TWO_OF_THREE, "TTT", [no("a", "b"), no("a", "c"), no("b", "c")]),
        (TWO_OF_THREE, "TTF", [no("a"), no("b")]),
        (f"{{not: {TWO_OF_THREE}}}", "TFF", [yes("b"), yes("c")]),
        (f"{{not: {TWO_OF_THREE}}}", "FFF", [yes("a", "b"), yes("a", "c"), yes("b", "c")]),
    ],
)  # fmt: skip
def test_connectives_are_turned_by_the_fewest_parts_that_turn_them(
    when: str, said: str, expected: list[set[tuple[str, str]]]
) -> None:
    given = [
        judged("2025-02-01", name, value=word == "T") for name, word in zip("abc", said, strict=False) if word != "?"
    ]
    assert sets(decided(hold(when), given, AS_OF)) == expected
    assert check_every_set(hold(when), given) == len(expected)


def test_what_no_set_can_do_without_is_in_each_and_none_holds_another() -> None:
    rules = hold(f"{{any: [{{all: [{q('a')}, {q('b')}]}}, {{all: [{q('a')}, {q('c')}]}}]}}")
    given = [judged("2025-02-01", name) for name in "abc"]
    assert sets(decided(rules, given, AS_OF)) == [no("a"), no("b", "c")]
    assert check_every_set(rules, given) == 2


# Evidence that a further run can't undo


STRONG = """
measures:
  run: {statistic: proportion, suite: acme/run, fresh: 3 months}
thresholds:
  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}
"""


def test_a_threshold_reached_on_this_checkpoint_is_not_ruled_out_by_another_run_of_it() -> None:
    rules = STRONG + hold("{reached: strong}", f", until: {q('fixed')}")
    given = [evaluated("2025-05-01", 38)]
    assert sets(decided(rules, given, AS_OF)) == [yes("fixed")]
    assert check_every_set(rules, given) == 1


def test_one_reached_on_an_earlier_checkpoint_is() -> None:
    rules = STRONG + hold("{reached: strong}")
    given = [
        registered(weights=W1),
        evaluated("2025-05-01", 38, weights=W1),
        event("training.continued", "2025-05-02", weights=W2),
    ]
    assert check_every_set(rules, given, registers=False, weights=W2) == 1


def test_a_direct_leaf_that_opposite_runs_would_contradict_is_not_released_by_another() -> None:
    rules = STRONG + hold("{measure: run, at-least: 50%, confidence: 95%}")
    assert sets(decided(rules, [evaluated("2025-05-01", 38)], AS_OF)) == []
    # once the run is stale, a new one stands alone
    assert check_every_set(rules, [evaluated("2025-01-10", 38)]) == 1


# Standards and permissions


def test_a_standard_may_be_met_through_its_replacement() -> None:
    rules = """
standards:
  safe: {controls: {lock: {attested-by: rso}}}
  interim: {controls: {guard: {attested-by: rso}}}
permissions: {p: {replaces: {safe: interim}, when: {judged: fine, by: board}}}
""" + hold("{event: model.registered}", ", until: {meets: safe}")
    fine = judged("2025-02-01", "fine", by="board")
    assert sets(decided(rules, [fine], AS_OF)) == [{("guard attested by rso", "true")}]
    assert check_every_set(rules, [fine]) == 1
    assert check_every_set(rules, []) == 1


def test_an_active_restriction_of_which_another_hangs_is_released_for_it() -> None:
    rules = (
        "restrictions:\n"
        "  hold: {forbids: [train], when: {active: other}}\n"
        f"  other: {{forbids: [store], when: {q('a')}, until: {q('x')}}}\n"
    )
    given = [judged("2025-02-01", "a")]
    assert sets(decided(rules, given, AS_OF)) == [no("a"), yes("x")]
    assert check_every_set(rules, given) == 2


def test_a_permission_is_granted_or_taken_for_what_hangs_on_its_force() -> None:
    rules = (
        "restrictions:\n"
        "  hold: {forbids: [train], when: {not: {in-force: p}}}\n"
        "  other: {forbids: [store], when: {event: model.registered}}\n"
        f"permissions: {{p: {{lifts: [other], when: {q('fine')}}}}}\n"
    )
    assert sets(decided(rules, [], AS_OF)) == [yes("fine")]
    assert check_every_set(rules, []) == 1
    assert check_every_set(rules, [judged("2025-02-01", "fine")]) == 1


WINDOWED = f"""
documents: {{plan: {{}}}}
{hold("{event: model.registered}")}
permissions: {{p: {{lifts: [hold], when: WHEN, for-at-most: 30 days, renewals: {{at-most: 1}}}}}}
"""


def test_a_permission_whose_window_runs_needs_its_condition_again() -> None:
    rules = WINDOWED.replace("WHEN", q("fine"))
    given = [judged("2025-05-20", "fine"), judged("2025-05-25", "fine", value=False)]
    assert sets(decided(rules, given, AS_OF)) == [yes("fine")]
    assert check_every_set(rules, given) == 1


def test_one_whose_window_is_over_needs_a_renewal_and_none_is_named_where_none_is_left() -> None:
    rules = WINDOWED.replace("WHEN", q("fine"))
    once = [judged("2025-02-01", "fine"), judged("2025-03-20", "fine", value=False)]
    assert sets(decided(rules, once, AS_OF)) == [yes("fine")]
    assert check_every_set(rules, once) == 1
    twice = [*once, judged("2025-04-01", "fine"), judged("2025-05-20", "fine", value=False)]
    assert sets(decided(rules, twice, AS_OF)) == []


def test_a_new_submission_with_its_approvals_renews_what_was_approved() -> None:
    rules = WINDOWED.replace("WHEN", "{approved: plan, by: board}")
    given = [
        event("document.submitted", "2025-02-01", document="plan", digest=PLAN),
        event("document.approved", "2025-02-02", by="board", actor="b", document="plan", digest=PLAN),
    ]
    (changes,) = decided(rules, given, AS_OF).release
    submitted, *approved = brought_about(changes, f"{AS_OF}T18:00:00Z")
    # the submission turns the condition, and the approvals that follow it turn it back
    submitted = {**submitted, "occurred": f"{AS_OF}T17:00:00Z"}
    assert submitted["data"]["digest"] == LATER_PLAN
    assert answer(decided(rules, [*given, submitted, *approved], NEXT_DAY)) == "permitted"


def test_what_holds_of_other_items_need_not_be_renewed_with_it() -> None:
    when = "{all: [{approved: plan, by: board}, {in-force: aside}, {active: other}]}"
    rules = f"""
documents: {{plan: {{}}}}
restrictions:
  hold: {{forbids: [train], when: {{event: model.registered}}}}
  other: {{forbids: [store], when: {{event: model.registered}}}}
  third: {{forbids: [share-weights], when: {{event: model.registered}}}}
permissions:
  p: {{lifts: [hold], when: {when}, for-at-most: 30 days}}
  aside: {{lifts: [third], when: {q("fine")}}}
"""
    given = [
        judged("2025-02-01", "fine"),
        event("document.submitted", "2025-02-01", document="plan", digest=PLAN),
        event("document.approved", "2025-02-02", by="board", actor="b", document="plan", digest=PLAN),
    ]
    assert sets(decided(rules, given, AS_OF)) == [{("{approved: plan, by: [board]}", "true")}]


def test_a_word_that_still_stands_renews_nothing_by_being_repeated() -> None:
    rules = WINDOWED.replace("WHEN", q("fine"))
    given = [judged("2025-02-01", "fine")]
    decision = decided(rules, given, AS_OF)
    assert answer(decision) == "held"
    for number in range(len(decision.release)):
        assert after(rules, given, number).outcome == "permitted"


# A permit


def test_a_permitted_action_would_be_held_by_any_restriction() -> None:
    rules = (
        "restrictions:\n"
        f"  one: {{forbids: [train], when: {q('a')}}}\n"
        f"  two: {{forbids: [train], when: {{all: [{q('b')}, {q('c')}]}}}}\n"
        f"  wish: {{forbids: [train], when: {q('d')}, modality: aim}}\n"
    )
    given = [judged("2025-02-01", name, value=False) for name in "abcd"]
    assert sets(decided(rules, given, AS_OF)) == [yes("a"), yes("b", "c")]
    assert check_every_set(rules, given) == 2


def test_what_releases_it_must_be_undone_as_well() -> None:
    rules = hold(q("a"), f", until: {q('x')}") + f"permissions: {{p: {{lifts: [hold], when: {q('fine')}}}}}\n"
    given = [judged("2025-02-01", name) for name in ("a", "x", "fine")]
    assert sets(decided(rules, given, AS_OF)) == [no("fine", "x")]
    inactive = [judged("2025-02-01", "a", value=False), judged("2025-02-01", "x")]
    assert sets(decided(rules, inactive, AS_OF)) == [no("x") | yes("a")]
    assert check_every_set(rules, given) == 1
    assert check_every_set(rules, inactive) == 1


def test_a_restriction_that_hangs_on_another_is_made_active_through_it() -> None:
    rules = (
        "restrictions:\n"
        "  hold: {forbids: [train], when: {active: other}}\n"
        f"  other: {{forbids: [store], when: {q('a')}}}\n"
    )
    given = [judged("2025-02-01", "a", value=False)]
    assert sets(decided(rules, given, AS_OF)) == [yes("a")]
    assert check_every_set(rules, given) == 1


def test_an_unrestricted_action_can_not_be_held() -> None:
    decision = decided("restrictions: {hold: {forbids: [store], when: {judged: a, by: rso}}}", [], AS_OF)
    assert (sets(decision), decision.release_truncated) == ([], False)


def test_a_law_that_does_not_apply_would_hold_once_it_does() -> None:
    law = policy(f"applies-to: {q('large')}\n" + hold(q("a")), issuer="State")
    given = [judged("2025-02-01", "large", value=False), judged("2025-02-01", "a")]
    assert sets(decided(law, given, AS_OF)) == [yes("large")]
    assert check_every_set(law, given) == 1
    assert sets(decided(law, [judged("2025-02-01", "large"), given[1]], AS_OF)) == [no("a"), no("large")]


def test_several_policies_are_released_together_and_held_by_any() -> None:
    both = [policy(hold(q("a"))), policy(hold(q("b")), name="other")]
    held = [judged("2025-02-01", name) for name in "ab"]
    assert [{(c.leaf, c.to) for c in found} for found in decided(both, held, AS_OF).release] == [no("a", "b")]
    free = [judged("2025-02-01", name, value=False) for name in "ab"]
    assert [{(c.leaf, c.to) for c in found} for found in decided(both, free, AS_OF).release] == [yes("a"), yes("b")]


def test_a_leaf_of_one_policy_is_not_that_of_another_with_the_same_words() -> None:
    def measured(suite: str, name: str) -> Policy:
        return policy(
            f"measures: {{run: {{statistic: proportion, suite: {suite}}}}}\n"
            + hold("{not: {measure: run, below: 50%, confidence: 95%}}"),
            name=name,
        )

    (changes,) = decided([measured("acme/run", "acme"), measured("other/run", "other")], [], AS_OF).release
    assert len(changes) == 2


# How many


def test_no_set_has_more_than_four_changes_and_that_some_were_left_out_is_said() -> None:
    four = [q(name) for name in "abcd"]
    given = [judged("2025-02-01", name) for name in "abcde"]
    decision = decided(hold(f"{{any: [{', '.join(four)}]}}"), given, AS_OF)
    assert (sets(decision), decision.release_truncated) == ([no(*"abcd")], False)
    decision = decided(hold(f"{{any: [{', '.join([*four, q('e')])}]}}"), given, AS_OF)
    assert (sets(decision), decision.release_truncated) == ([], True)


@pytest.mark.parametrize(("number", "truncated"), [(MOST_SETS, False), (MOST_SETS + 1, True)])
def test_no_more_than_sixteen_sets_are_given(number: int, truncated: bool) -> None:  # noqa: FBT001 - a case
    names = [f"q-{n:02d}" for n in range(number)]
    given = [judged("2025-02-01", name) for name in names]
    decision = decided(hold(f"{{all: [{', '.join(q(name) for name in names)}]}}"), given, AS_OF)
    assert sets(decision) == [no(name) for name in names[:MOST_SETS]]
    assert decision.release_truncated is truncated


def test_a_search_that_grows_too_large_is_cut_and_says_so() -> None:
    # two of 24: 276 pairs, of which 256 are carried along
    names = [f"q-{n:02d}" for n in range(24)]
    rules = hold(f"{{not: {{at-least: {{n: 2, of: [{', '.join(q(name) for name in names)}]}}}}}}")
    given = [judged("2025-02-01", name, value=False) for name in names]
    decision = decided(rules, given, AS_OF)
    assert (len(decision.release), decision.release_truncated) == (MOST_SETS, True)
    assert after(rules, given, MOST_SETS - 1).outcome == "permitted"


def test_a_set_of_more_than_four_changes_is_not_searched_for() -> None:
    names = [f"q-{n:02d}" for n in range(30)]
    rules = hold(f"{{not: {{at-least: {{n: 15, of: [{', '.join(q(name) for name in names)}]}}}}}}")
    given = [judged("2025-02-01", name, value=False) for name in names]
    decision = decided(rules, given, AS_OF)
    assert (sets(decision), decision.release_truncated) == ([], True)


def test_sets_come_smallest_first_and_then_in_the_order_of_their_words() -> None:
    rules = hold(f"{{any: [{q('b')}, {{all: [{q('c')}, {q('a')}]}}]}}")
    given = [judged("2025-02-01", name) for name in "bc"]
    assert sets(decided(rules, given, AS_OF)) == [no("a", "b"), no("b", "c")]
    for changes in decided(rules, given, AS_OF).release:
        assert [change.leaf for change in changes] == sorted(change.leaf for change in changes)
