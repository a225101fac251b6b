"""Sign-off by roles: all, any or some of them, their latest words, by distinct actors (LANGUAGE 2 and 9)."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from interlock.engine._signoff import Word, by_roles, latest
from interlock.policy import Roles
from interlock.terms import Truth
from tests.engine.cases import Given, decided, event, judged, policy, read, value, when

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def shown(roles: str, *given: Given, as_of: str = "2025-06-01", known_at: str | None = None) -> str:
    rules = policy(f"restrictions: {{hold: {{forbids: [train], when: {{judged: safe, by: {roles}}}}}}}")
    return value(when(decided(rules, given, as_of, known_at=known_at)))


def said(role: str, *, value: bool = True, actor: str | None = None, on: str = "2025-02-01", **more: str) -> Given:
    return judged(on, "safe", value=value, by=role, actor=actor, **more)  # type: ignore[arg-type]


# One role


def test_a_role_that_has_not_spoken_is_awaited() -> None:
    assert shown("rso") == "unknown: awaiting rso"
    assert shown("rso", said("board")) == "unknown: awaiting rso"


def test_a_word_without_a_role_is_nobodys() -> None:
    nobody = event("determination.made", "2025-02-01", actor="ann", judged="safe", value=True)
    assert shown("rso", nobody) == "unknown: awaiting rso"


def test_the_latest_word_counts_by_occurrence_then_by_recording() -> None:
    yes, no = said("rso", on="2025-02-01"), said("rso", on="2025-02-02", value=False)
    assert shown("rso", yes, no) == "false"
    assert shown("rso", no, yes) == "false"
    first = said("rso", recorded="2025-02-03")
    second = said("rso", value=False, recorded="2025-02-04")
    assert shown("rso", second, first) == "false"
    assert shown("rso", said("rso", recorded="2025-02-05"), second) == "true"


def test_words_at_one_place_that_disagree_are_no_word_and_those_that_agree_are_one() -> None:
    assert shown("rso", said("rso"), said("rso", value=False)) == "unknown: contradicted"
    assert shown("rso", said("rso"), said("rso")) == "true"
    assert shown("rso", said("rso", value=False), said("rso", value=False)) == "false"


def test_a_later_word_settles_a_contradiction() -> None:
    assert shown("rso", said("rso"), said("rso", value=False), said("rso", on="2025-02-02")) == "true"


# Several


@pytest.mark.parametrize(
    ("board", "expected"),
    [(None, "unknown: awaiting board"), (True, "true"), (False, "false")],
)
def test_a_list_needs_all_of_its_roles(board: bool | None, expected: str) -> None:  # noqa: FBT001 - a case
    words = [said("rso")] + ([] if board is None else [said("board", value=board)])
    assert shown("[rso, board]", *words) == expected


def test_one_refusal_of_a_list_is_enough_however_many_are_silent() -> None:
    assert shown("[rso, board, ceo]", said("board", value=False)) == "false"


def test_silent_roles_are_awaited_in_the_order_of_the_policy() -> None:
    assert shown("[rso, board, ceo]") == "unknown: awaiting rso, board, ceo"
    assert shown("[rso, board, ceo]", said("board")) == "unknown: awaiting rso, ceo"


def test_any_of_needs_one_and_is_false_only_when_all_refuse() -> None:
    assert shown("{any-of: [rso, board]}", said("rso", value=False)) == "unknown: awaiting board"
    assert shown("{any-of: [rso, board]}", said("rso", value=False), said("board")) == "true"
    assert shown("{any-of: [rso, board]}", said("rso", value=False), said("board", value=False)) == "false"


def test_n_of_is_false_when_too_few_are_left() -> None:
    two_of_three = "{n: 2, of: [rso, board, ceo]}"
    assert shown(two_of_three, said("rso"), said("board")) == "true"
    assert shown(two_of_three, said("rso"), said("board", value=False)) == "unknown: awaiting ceo"
    assert shown(two_of_three, said("rso", value=False), said("board", value=False)) == "false"
    assert shown(two_of_three, said("rso"), said("board", value=False), said("ceo")) == "true"


def test_where_all_have_spoken_the_reason_is_that_of_the_open_word() -> None:
    assert shown("[rso, board]", said("rso"), said("rso", value=False), said("board")) == "unknown: contradicted"


# Distinct actors


def test_one_actor_in_two_roles_counts_once_and_either_is_awaited() -> None:
    assert shown("[rso, board]", said("rso", actor="ann"), said("board", actor="ann")) == "unknown: awaiting rso, board"
    assert shown("[rso, board]", said("rso", actor="ann"), said("board", actor="bob")) == "true"


def test_an_unnamed_actor_is_distinct_from_nobody() -> None:
    unnamed = event("determination.made", "2025-02-01", by="board", judged="safe", value=True)
    assert shown("[rso, board]", said("rso", actor="ann"), unnamed) == "unknown: awaiting rso, board"
    also_unnamed = event("determination.made", "2025-02-01", by="rso", judged="safe", value=True)
    assert shown("[rso, board]", also_unnamed, unnamed) == "unknown: awaiting rso, board"


def test_where_one_word_is_enough_its_actor_need_not_be_named() -> None:
    unnamed = event("determination.made", "2025-02-01", by="board", judged="safe", value=True)
    assert shown("board", unnamed) == "true"
    assert shown("{any-of: [rso, board]}", unnamed) == "true"


def test_of_more_words_than_are_needed_some_distinct_ones_are_enough() -> None:
    words = [said("rso", actor="ann"), said("board", actor="ann"), said("ceo", actor="bob")]
    assert shown("{n: 2, of: [rso, board, ceo]}", *words) == "true"
    assert shown("{n: 3, of: [rso, board, ceo]}", *words) == "unknown: awaiting rso, board, ceo"


def test_one_actor_in_two_roles_refuses_all_the_same() -> None:
    assert (
        shown("[rso, board]", said("rso", actor="ann", value=False), said("board", actor="ann", value=False)) == "false"
    )


def test_an_earlier_word_by_another_actor_does_not_make_the_latest_distinct() -> None:
    words = [said("rso", actor="bob", on="2025-01-20"), said("rso", actor="ann"), said("board", actor="ann")]
    assert shown("[rso, board]", *words) == "unknown: awaiting rso, board"


def test_words_at_one_place_by_two_actors_give_a_choice_of_either() -> None:
    assert (
        shown("[rso, board]", said("rso", actor="ann"), said("rso", actor="bob"), said("board", actor="ann")) == "true"
    )


def test_distinct_actors_are_found_whatever_the_order_of_choice() -> None:
    """Ann can only stand for the first role, though the search may first give her another: roles are matched."""
    actors = {"rso": ("ann",), "board": ("ann", "bob"), "ceo": ("bob", "cid"), "reviewer": ("cid", "dan")}
    for order in permutations(actors):
        words = [said(role, actor=actor) for role in order for actor in actors[role]]
        assert shown(f"[{', '.join(order)}]", *words) == "true"
    short = {"rso": ("ann",), "board": ("ann", "bob"), "ceo": ("bob",), "reviewer": ("bob",)}
    words = [said(role, actor=actor) for role in short for actor in short[role]]
    assert shown("[rso, board, ceo, reviewer]", *words).startswith("unknown: awaiting")
    assert shown("{n: 2, of: [rso, board, ceo, reviewer]}", *words) == "true"


# The whole table


@pytest.mark.parametrize("needed", [1, 2, 3])
def test_distinct_roles_come_to_what_n_of_the_words_come_to(needed: int) -> None:
    """Held to the definition over every combination of three words, by three actors."""
    names = ("a", "b", "c")
    events = read([judged("2025-02-01", by="rso", actor=name) for name in names])
    for values in product((T, F, U, None), repeat=3):
        words = [
            None if said is None else Word(role=name, value=said, reason="stale" if said is U else None, events=(one,))
            for name, said, one in zip(names, values, events, strict=True)
        ]
        node = by_roles("sign-off", Roles(names=names, needed=needed), words)
        sure = sum(one is T for one in values)
        possible = sum(one is not F for one in values)
        assert node.value is (T if sure >= needed else F if possible < needed else U)
        if node.value is U and None in values:
            waiting = [name for name, one in zip(names, values, strict=True) if one is None or one is U]
            assert node.reason == f"awaiting {', '.join(waiting)}"
        elif node.value is U:
            assert node.reason == "stale"
        else:
            assert node.reason is None
        # a known value rests on the words that say it
        assert node.value is U or {e.index for e in node.evidence} == {
            i for i, one in enumerate(values) if one is node.value
        }


def test_a_node_says_who_can_still_change_it() -> None:
    events = read([judged("2025-02-01", by="rso", actor="ann")])
    roles = Roles(names=("rso", "board"), needed=2)
    spoken = Word(role="rso", value=T, events=events)
    assert by_roles("sign-off", roles, [spoken, None]).who == ("board",)
    both = [spoken, Word(role="board", value=T, events=read([judged("2025-02-01", by="board", actor="bob")]))]
    assert by_roles("sign-off", roles, both).who == ("rso", "board")


def test_the_reason_for_nothing_said_at_all_may_be_the_leafs_own() -> None:
    roles = Roles(names=("rso", "board"), needed=2)
    assert by_roles("sign-off", roles, [None, None], nothing="missing").reason == "missing"
    assert by_roles("sign-off", roles, [None, None]).reason == "awaiting rso, board"
    word = Word(role="rso", value=T, events=read([judged("2025-02-01")]))
    assert by_roles("sign-off", roles, [word, None], nothing="missing").reason == "awaiting board"


def test_the_latest_facts_are_all_of_those_at_the_latest_place() -> None:
    events = read(
        [
            judged("2025-02-02", recorded="2025-02-03"),
            judged("2025-02-02", recorded="2025-02-04"),
            judged("2025-02-01", recorded="2025-02-05"),
            judged("2025-02-02", recorded="2025-02-04"),
        ]
    )
    for order in permutations(events):
        assert {one.index for one in latest(order)} == {1, 3}
    assert latest([]) == ()
