"""Amendments in a replay: each version is judged by the rule of the one before it (LANGUAGE 1 `amendments`, 4.8)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.engine import Breach
from interlock.policy import Policy
from interlock.terms import format_instant
from tests.engine.cases import PLAN, Given, event, policy
from tests.engine.duty_cases import just_before
from tests.engine.replay_cases import IF_DANGER, adopted, corrected, departures, finding_ids, replayed, said_nothing

START: Final = "2025-03-01T00:00:00Z"
LATER: Final = said_nothing("2025-06-01")


def ruled(rule: str, version: str = "1", effective: str = "2025-01-01", **header: str) -> Policy:
    amendments = f"amendments: {{{rule}}}\n" if rule else ""
    return policy(amendments + IF_DANGER, version=version, effective=effective, **header)


SECOND: Final = ruled("", "2", "2025-03-01")


def amended(rule: str, given: list[Given], second: Policy = SECOND) -> list[str]:
    """Return what the amendment on 1 March lacks."""
    breaches = replayed([ruled(rule), second], [*given, LATER]).breaches
    assert {one.kind for one in breaches} <= {"amendment"}
    assert len(breaches) <= 1
    return [part for one in breaches for part in one.detail.partition("asks of an amendment: ")[2].split("; ")]


def about(kind: str, occurred: str, **data: Any) -> Given:
    """An act on the document that has the policy's name, about the developer."""
    stated = {"developer": "Acme", "document": "acme", "digest": PLAN} | data
    return event(kind, occurred, **stated)


def approved(occurred: str, by: str = "board", actor: str | None = None, **data: Any) -> Given:
    return about("document.approved", occurred, by=by, actor=actor or by, **data)


def rejected(occurred: str, by: str = "board", **data: Any) -> Given:
    return about("document.rejected", occurred, by=by, actor=by, **data)


def published(occurred: str, version: str = "2", **data: Any) -> Given:
    return event("policy.published", occurred, **({"developer": "Acme", "policy": "acme", "version": version} | data))


# Approval


BOARD: Final = "approved-by: [board]"
NOT_BY_BOARD: Final = ["no event shows the approval of board"]


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ([], NOT_BY_BOARD),
        ([approved("2025-02-01")], []),
        ([approved(just_before(START))], []),
        ([approved(START)], NOT_BY_BOARD),
        ([approved("2025-03-02")], NOT_BY_BOARD),
        ([approved("2025-02-01", by="ceo")], NOT_BY_BOARD),
        ([approved("2025-02-01", developer="Other")], NOT_BY_BOARD),
        ([approved("2025-02-01", developer=None, world=True)], []),
        ([approved("2025-02-01", developer=None, model="m")], NOT_BY_BOARD),
        ([approved("2025-02-01", document="another")], NOT_BY_BOARD),
        ([rejected("2025-02-01")], NOT_BY_BOARD),
        ([approved("2025-02-01"), rejected("2025-02-02")], NOT_BY_BOARD),
        ([rejected("2025-02-01"), approved("2025-02-02")], []),
        ([approved("2025-02-01"), rejected("2025-03-02")], []),
        ([approved("2025-02-01"), rejected("2025-02-01")], NOT_BY_BOARD),
        ([approved("2025-02-01", recorded="2025-05-01")], []),
    ],
    ids=[
        "none",
        "before",
        "just before",
        "at the start",
        "after",
        "another role",
        "another developer",
        "about the world",
        "about a model",
        "another document",
        "rejected",
        "rejected later",
        "rejected before",
        "rejected after the start",
        "both at once",
        "recorded late",
    ],
)
def test_each_role_must_have_approved_before_the_start(given: list[Given], lacks: list[str]) -> None:
    assert amended(BOARD, given) == lacks


def test_several_roles_approve_by_distinct_actors() -> None:
    both = "approved-by: [board, ceo]"
    assert amended(both, [approved("2025-02-01"), approved("2025-02-02", by="ceo")]) == []
    assert amended(both, [approved("2025-02-01")]) == ["no event shows the approval of board, ceo"]
    one_person = [approved("2025-02-01", actor="pat"), approved("2025-02-02", by="ceo", actor="pat")]
    assert amended(both, one_person) == ["no event shows the approval of board, ceo"]


def test_any_of_the_roles_or_n_of_them() -> None:
    assert amended("approved-by: {any-of: [board, ceo]}", [approved("2025-02-01", by="ceo")]) == []
    two = "approved-by: {n: 2, of: [board, ceo, rso]}"
    assert amended(two, [approved("2025-02-01"), approved("2025-02-01", by="rso")]) == []
    assert amended(two, [approved("2025-02-01")]) == ["no event shows the approval of 2 of board, ceo, rso"]


def test_approvals_of_the_digest_that_was_submitted_count_alone() -> None:
    submitted = about("document.submitted", "2025-02-01", digest=SECOND.digest)
    assert amended(BOARD, [submitted, approved("2025-02-02")]) == NOT_BY_BOARD
    assert amended(BOARD, [submitted, approved("2025-02-02", digest=SECOND.digest)]) == []
    # A rejection of another draft takes nothing back.
    given = [submitted, approved("2025-02-02", digest=SECOND.digest), rejected("2025-02-03")]
    assert amended(BOARD, given) == []
    # Of other files alone a submission says nothing of this one.
    assert amended(BOARD, [about("document.submitted", "2025-02-01"), approved("2025-02-02")]) == []


# Consultation


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([], False),
        ([about("review.requested", "2025-02-01", by="ceo")], True),
        ([about("review.received", "2025-02-01", by="ceo")], True),
        ([event("party.notified", "2025-02-01", developer="Acme", party="ceo", document="acme")], True),
        ([event("party.notified", "2025-02-01", developer="Acme", party="board", document="acme", by="ceo")], False),
        ([event("party.notified", "2025-02-01", developer="Acme", party="ceo", document="plan")], False),
        ([about("review.received", "2025-02-01", by="board")], False),
        ([about("review.received", START, by="ceo")], False),
        ([about("review.received", just_before(START), by="ceo")], True),
    ],
    ids=[
        "none",
        "asked",
        "answered",
        "told",
        "told another",
        "told of another",
        "another",
        "at the start",
        "just before",
    ],
)
def test_each_role_must_have_been_consulted_before_the_start(given: list[Given], shown: bool) -> None:  # noqa: FBT001 - a column
    assert amended("consulted: [ceo]", given) == ([] if shown else ["no event shows that ceo was consulted"])


# Publication and notice


NOT_PUBLISHED: Final = ["no event shows that it was published"]


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ([], NOT_PUBLISHED),
        ([published("2025-02-01")], []),
        ([published(START)], []),
        ([published("2025-03-01T00:00:00.000001Z")], NOT_PUBLISHED),
        ([published("2025-02-01", version="1")], NOT_PUBLISHED),
        ([published("2025-02-01", policy="other")], NOT_PUBLISHED),
        ([published("2025-02-01", developer="Other")], NOT_PUBLISHED),
        ([about("document.published", "2025-02-01", digest=SECOND.digest)], []),
        ([about("document.published", "2025-02-01")], NOT_PUBLISHED),
    ],
    ids=[
        "never",
        "before",
        "at the start",
        "just after",
        "another version",
        "another policy",
        "another developer",
        "the file",
        "another file",
    ],
)
def test_it_must_have_been_published_by_its_start(given: list[Given], lacks: list[str]) -> None:
    assert amended("published: true", given) == lacks


@pytest.mark.parametrize(
    ("occurred", "short"),
    [
        # 14 days from 14 February are over with 28 February, the very instant of the start.
        ("2025-02-14T00:00:00Z", False),
        ("2025-02-14T23:59:59.999999Z", False),
        ("2025-02-15T00:00:00Z", True),
        ("2025-02-27", True),
    ],
)
def test_notice_must_have_run_out_by_the_very_instant_of_the_start(occurred: str, short: bool) -> None:  # noqa: FBT001 - a column
    lacks = amended("notice: 14 days", [published(occurred)])
    assert [part.startswith("it was published 2025-02-") for part in lacks] == [True] * short
    assert all(part.endswith(", less than 14 days before") for part in lacks)


def test_notice_asks_for_a_publication_and_counts_from_the_first() -> None:
    assert amended("notice: 14 days", []) == NOT_PUBLISHED
    assert amended("notice: 14 days", [published("2025-02-01"), published("2025-02-27")]) == []
    assert amended("published: true, notice: 14 days", []) == NOT_PUBLISHED


def test_notice_counts_in_the_time_zone_of_the_version_before() -> None:
    old = policy("calendar: {time-zone: America/New_York}\namendments: {notice: 24 hours}\n" + IF_DANGER)
    new = policy(IF_DANGER, version="2", effective="2025-03-01")
    assert departures(replayed([old, new], [published("2025-02-28T00:00:00Z"), LATER])) == []
    assert len(departures(replayed([old, new], [published("2025-02-28T00:00:01Z"), LATER]))) == 1
    days = policy("calendar: {time-zone: America/New_York}\namendments: {notice: 1 day}\n" + IF_DANGER)
    # In New York it is still 26 February at 04:59 UTC of the 27th: one day from then ends with the 27th there, at 05:00
    # UTC of the 28th; one minute later it is the 27th, and the day ends five hours after the start.
    assert departures(replayed([days, new], [published("2025-02-27T04:59:00Z"), LATER])) == []
    assert len(departures(replayed([days, new], [published("2025-02-27T05:00:00Z"), LATER]))) == 1


# All together


def test_one_departure_names_every_part_that_is_not_shown() -> None:
    rule = "approved-by: [board], consulted: [ceo, reviewer], published: true, notice: 14 days"
    assert amended(rule, []) == [
        "no event shows the approval of board",
        "no event shows that ceo was consulted",
        "no event shows that reviewer was consulted",
        "no event shows that it was published",
    ]
    given = [approved("2025-02-20"), about("review.received", "2025-02-20", by="ceo"), published("2025-02-20")]
    assert amended(rule, given) == [
        "no event shows that reviewer was consulted",
        "it was published 2025-02-20T12:00:00Z, less than 14 days before",
    ]
    told = event("party.notified", "2025-02-20", developer="Acme", party="reviewer", document="acme")
    assert amended(rule, [*given, told, published("2025-02-01")]) == []


def test_the_departure_says_which_version_and_where_its_rule_stands() -> None:
    rule = "approved-by: [board], source: {section: '9', page: 40}"
    (one,) = replayed([ruled(rule), SECOND], [rejected("2025-02-10"), LATER]).breaches
    assert isinstance(one, Breach)
    assert (one.kind, one.id, one.version, format_instant(one.at)) == ("amendment", "acme", "1", START)
    assert (one.about, one.action, one.late_by, one.by_default, one.reading) == (None, None, None, False, None)
    # The word that speaks against it is its evidence.
    assert one.evidence == (1,)
    assert (one.clause.section, one.clause.page) == ("9", "40")


# Which versions are amendments


def test_the_first_version_is_none_and_neither_is_one_adopted_again() -> None:
    rule = "approved-by: [board]"
    assert departures(replayed(ruled(rule), [LATER])) == []
    again = [adopted("2025-01-01", "1"), adopted("2025-04-01", "1"), LATER]
    assert departures(replayed(ruled(rule), again)) == []


def test_a_version_that_comes_back_is_an_amendment_of_the_one_between() -> None:
    first, second = ruled("approved-by: [board]"), ruled("approved-by: [ceo]", "2")
    given = [adopted("2025-01-01", "1"), adopted("2025-03-01", "2"), adopted("2025-05-01", "1"), LATER]
    assert departures(replayed([first, second], given)) == [
        ("amendment", "acme", "2025-03-01T12:00:00Z"),
        ("amendment", "acme", "2025-05-01T12:00:00Z"),
    ]
    assert [one.version for one in replayed([first, second], given).breaches] == ["1", "2"]


def test_a_version_after_one_without_a_rule_is_judged_by_none() -> None:
    third = ruled("", "3", "2025-05-01")
    shown = replayed([ruled(""), ruled("approved-by: [board]", "2", "2025-03-01"), third], [LATER])
    assert departures(shown) == [("amendment", "acme", "2025-05-01T00:00:00Z")]


def test_a_rule_that_does_not_bind_makes_no_departure() -> None:
    assert amended("approved-by: [board], modality: aim", []) == []
    assert amended("approved-by: [board], binding: conditional", []) == []


def test_the_instant_of_an_adoption_is_that_of_the_amendment_as_the_final_record_has_it() -> None:
    rules = [ruled(BOARD), ruled("", "2")]
    given = [
        adopted("2025-01-01", "1"),
        adopted("2025-03-01", "2", recorded="2025-04-01"),
        approved("2025-03-01T11:00:00Z"),
    ]
    assert departures(replayed(rules, [*given, LATER])) == []
    moved = corrected("2025-05-01", 2, adopted("2025-02-01", "2"))
    assert departures(replayed(rules, [*given, moved, LATER])) == [("amendment", "acme", "2025-02-01T12:00:00Z")]


def test_another_policy_is_no_amendment() -> None:
    assert departures(replayed([ruled(BOARD), ruled("", "2", "2025-03-01", name="other")], [LATER])) == []


def test_an_amendment_after_the_end_is_none_yet() -> None:
    rules = [ruled(BOARD), SECOND]
    assert departures(replayed(rules, [LATER], just_before(START))) == []
    assert departures(replayed(rules, [LATER], START)) == [("amendment", "acme", START)]


def test_words_on_the_policy_itself_do_not_speak_to_nothing() -> None:
    given = [approved("2025-02-01"), published("2025-02-01"), LATER]
    assert "speaks-to-nothing" not in finding_ids(replayed([ruled(BOARD), SECOND], given))
