"""Which version of a policy decides, and when none can (LANGUAGE 4.7 and 9)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from interlock.engine import DigestMismatch, Refused, decide
from interlock.policy import Policy
from interlock.terms import format_instant
from tests.engine.cases import Given, answer, asked, decided, event, finding_ids, judged, policy, read, registered

HOLDS = "restrictions: {hold: {forbids: [train], when: {judged: risky, by: rso}}}"
PERMITS = "restrictions: {hold: {forbids: [store], when: {judged: risky, by: rso}}}"
OTHER_DIGEST = "sha256:" + "f" * 64


def first(**header: str) -> Policy:
    """The version that holds what is judged risky."""
    return policy(HOLDS, version="1", **header)


def second(effective: str = "2025-03-01", **header: str) -> Policy:
    """The version under which training is unrestricted."""
    return policy(PERMITS, version="2", effective=effective, **header)


def adopted(version: str, on: str, developer: str | None = "Acme", **data: str) -> Given:
    return event(
        "policy.adopted",
        on,
        developer=developer,
        world=developer is None,
        policy="acme",
        version=version,
        **data,
    )


def in_force(versions: list[Policy], given: list[Given], as_of: str, known_at: str | None = None) -> str:
    """Return the version that decides."""
    decision = decided(versions, [judged("2025-01-03", "risky"), *given], as_of, known_at=known_at)
    return decision.policies[0].policy.version


def test_a_version_is_in_force_from_the_start_of_its_effective_day() -> None:
    versions = [first(), second()]
    assert in_force(versions, [], "2025-02-28T23:59:59.999999Z") == "1"
    assert in_force(versions, [], "2025-03-01T00:00:00Z") == "2"


def test_the_effective_day_begins_in_the_policys_time_zone() -> None:
    auckland = policy(f"calendar: {{time-zone: Pacific/Auckland}}\n{PERMITS}", version="2", effective="2025-03-01")
    # midnight of March 1 in Auckland, thirteen hours ahead of UTC
    assert in_force([first(), auckland], [], "2025-02-28T10:59:59Z") == "1"
    assert in_force([first(), auckland], [], "2025-02-28T11:00:00Z") == "2"


def test_an_adoption_before_the_effective_day_waits_for_it() -> None:
    versions, events = [first(), second()], [adopted("1", "2025-01-01"), adopted("2", "2025-02-01")]
    assert in_force(versions, events, "2025-02-28") == "1"
    assert in_force(versions, events, "2025-03-01") == "2"


def test_an_adoption_after_the_effective_day_is_when_it_begins() -> None:
    versions, events = [first(), second()], [adopted("1", "2025-01-01"), adopted("2", "2025-03-20T08:00:00Z")]
    assert in_force(versions, events, "2025-03-20T07:59:59Z", known_at="2025-04-01") == "1"
    assert in_force(versions, events, "2025-03-20T08:00:00Z", known_at="2025-04-01") == "2"


def test_an_adoption_that_is_known_to_come_keeps_the_version_out_until_then() -> None:
    """LANGUAGE 9: every adoption known by known-at counts, also one that occurs after as-of."""
    versions = [first(), second()]
    future = [adopted("2", "2025-05-01", recorded="2025-03-02")]
    assert in_force(versions, future, "2025-03-03") == "1"
    # before it was recorded nothing was known of it, and the effective day counted
    assert in_force(versions, future, "2025-03-03", known_at="2025-03-01") == "2"


def test_a_version_adopted_again_returns() -> None:
    versions = [first(), second()]
    events = [adopted("1", "2025-01-01"), adopted("2", "2025-03-01"), adopted("1", "2025-04-01")]
    assert [in_force(versions, events, day) for day in ("2025-02-01", "2025-03-15", "2025-04-15")] == ["1", "2", "1"]


def test_an_adoption_counts_if_it_is_about_the_issuer_or_the_world() -> None:
    versions = [first(), second("2025-01-01")]
    assert in_force(versions, [adopted("1", "2025-02-01"), adopted("2", "2025-03-01")], "2025-03-02") == "2"
    assert in_force(versions, [adopted("1", "2025-02-01"), adopted("2", "2025-03-01", None)], "2025-03-02") == "2"
    # another developer's adoption of it says nothing of the issuer's: version 2 began on its effective day
    assert in_force(versions, [adopted("1", "2025-02-01"), adopted("2", "2025-03-01", "Borg")], "2025-03-02") == "1"


def test_versions_are_never_ordered_by_their_label() -> None:
    ninth, tenth = policy(HOLDS, version="9"), policy(PERMITS, version="10", effective="2025-03-01")
    assert in_force([ninth, tenth], [], "2025-03-02") == "10"
    newer_by_label_only = policy(PERMITS, version="99", effective="2024-01-01")
    assert in_force([ninth, newer_by_label_only], [], "2025-03-02") == "9"


def test_an_adoption_of_another_version_or_another_policy_says_nothing() -> None:
    decision = decided(first(), [adopted("2", "2025-02-01")], "2025-03-01")
    assert [finding.id for finding in decision.findings] == ["adoption-not-recorded"]


def test_a_version_without_a_recorded_adoption_is_in_force_with_a_finding() -> None:
    without, with_adoption = (
        decided(first(), [], "2025-02-01"),
        decided(first(), [adopted("1", "2025-01-01")], "2025-02-01"),
    )
    assert [finding.id for finding in without.findings] == ["adoption-not-recorded"]
    assert with_adoption.findings == ()


def test_two_versions_from_the_same_instant_are_refused() -> None:
    with pytest.raises(Refused, match="versions `1` and `2` of `acme` come into force at the same instant") as refusal:
        decided([first(), second("2025-01-01")], [], "2025-02-01")
    assert refusal.value.advice is not None


def test_a_tie_that_a_later_version_has_ended_is_no_matter() -> None:
    third = policy(HOLDS, version="3", effective="2025-04-01")
    assert in_force([first(), second("2025-01-01"), third], [], "2025-04-02") == "3"


def test_two_files_of_one_version_are_refused_like_any_tie() -> None:
    with pytest.raises(Refused):
        decided([first(), policy(PERMITS, version="1")], [], "2025-02-01")


def test_before_the_first_version_there_is_no_answer() -> None:
    with pytest.raises(Refused, match=r"no version of a policy given \(`acme`\) is in force at 2024-12-31T12:00:00Z"):
        decided(first(), [registered(on="2024-06-01")], "2024-12-31", registers=False)


def test_a_policy_that_is_not_in_force_yet_is_left_out_beside_one_that_is() -> None:
    later = policy(HOLDS, name="law", effective="2025-06-01")
    decision = decided([first(), later], [judged("2025-01-03", "risky")], "2025-02-01")
    assert [one.policy.id for one in decision.policies] == ["acme"]


# Digests


@pytest.mark.parametrize("kind", ["policy.adopted", "policy.published"])
def test_an_event_that_names_another_file_refuses_the_command(kind: str) -> None:
    named = event(kind, "2025-01-01", developer="Acme", policy="acme", version="1", digest=OTHER_DIGEST)
    with pytest.raises(DigestMismatch, match=f"event 1 names `acme` 1 with digest {OTHER_DIGEST}, but acme-1.yaml has"):
        decided(first(), [named], "2025-02-01")


def test_an_event_that_names_this_file_is_sound() -> None:
    decision = decided(first(), [adopted("1", "2025-01-01", digest=first().digest)], "2025-02-01")
    assert decision.findings == ()


def test_a_digest_counts_once_it_is_known_and_not_before() -> None:
    late = adopted("1", "2025-01-01", digest=OTHER_DIGEST, recorded="2025-03-01")
    assert answer(decided(first(), [late], "2025-02-01")) == "held by default"
    with pytest.raises(DigestMismatch):
        decided(first(), [late], "2025-02-01", known_at="2025-03-01")


def test_a_digest_of_a_version_that_was_not_given_is_no_matter() -> None:
    decision = decided(first(), [adopted("2", "2025-01-01", digest=OTHER_DIGEST)], "2025-02-01")
    assert finding_ids(decision) == []


def test_a_digest_of_a_version_given_that_is_not_in_force_refuses_as_well() -> None:
    with pytest.raises(DigestMismatch):
        decided(
            [first(), second()], [adopted("2", "2025-03-01", digest=OTHER_DIGEST)], "2025-02-01", known_at="2025-06-01"
        )


# The next version


def test_an_answer_is_good_until_another_version_comes_into_force() -> None:
    decision = decided([first(), second()], [judged("2025-01-03", "risky")], "2025-02-01")
    assert decision.valid_until is not None
    assert decision.valid_until.time is not None
    assert format_instant(decision.valid_until.time) == "2025-03-01T00:00:00Z"
    assert decision.valid_until.leaf == "acme 2 comes into force"


def test_a_late_adoption_moves_the_end_of_the_answer() -> None:
    given = [adopted("2", "2025-05-01", recorded="2025-01-15")]
    decision = decide([first(), second()], read([registered(), *given]), asked("2025-02-01"))
    assert decision.valid_until is not None
    assert decision.valid_until.time is not None
    # no decision is a day longer good than the law it rests on
    assert format_instant(decision.valid_until.time) == "2025-05-01T12:00:00Z"
    just_before = decision.valid_until.time - timedelta(microseconds=1)
    again = asked(format_instant(just_before), known_at="2025-02-01")
    assert decide([first(), second()], read([registered(), *given]), again).policies[0].policy.version == "1"
