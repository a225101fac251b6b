"""What a replay knows at each time: what is recorded late or out of order, corrected, withdrawn (LANGUAGE 3.2)."""

from __future__ import annotations

from typing import Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import PLAN, W1, W2, Given, evaluated, event, judged, policy, registered
from tests.engine.changes import hold
from tests.engine.replay_cases import (
    DANGER,
    IF_DANGER,
    adopted,
    changes,
    continued,
    corrected,
    departed_at,
    departures,
    finding_ids,
    held,
    replayed,
    said_nothing,
    started,
)

MONTHLY: Final = [started(f"2025-{month:02}-15") for month in range(1, 9)]
"""Training starts on the 15th of January to August: which of them depart says when it was held."""

MEASURED: Final = """\
measures: {run: {statistic: proportion, suite: acme/run}}
thresholds: {danger: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}
"""
REACHED: Final = MEASURED + hold("{reached: danger}")
"""Under the developer's burden: held but where it is ruled out, as 0 of 40 does."""


def months(rules: Policy | str | list[Policy], given: list[Given]) -> list[int]:
    """Return in which months training departed. `given` begin at index 1, after the registration of `m`."""
    shown = replayed(rules, [*given, *MONTHLY], "2025-09-01")
    assert {kind for kind, _, _ in departures(shown)} <= {"held-action", "amendment"}
    return [int(at[5:7]) for at in departed_at(shown)]


# Recorded late


def test_what_is_recorded_late_holds_acts_from_its_recording_on() -> None:
    late = judged("2025-02-01", "danger", recorded="2025-04-01")
    assert months(IF_DANGER, [late]) == [4, 5, 6, 7, 8]
    shown = replayed(IF_DANGER, [late])
    assert held(shown) == [("2025-04-01T12:00:00Z", None, "evidence")]
    assert changes(shown, "restriction") == [("2025-04-01T12:00:00Z", "inactive", "active")]


def test_what_is_recorded_late_releases_acts_from_its_recording_on() -> None:
    late = judged("2025-02-01", "danger", value=False, recorded="2025-04-01")
    assert months(DANGER, [late]) == [1, 2, 3]


def test_what_is_recorded_late_is_older_than_what_was_recorded_before() -> None:
    later = judged("2025-03-01", "danger", value=False)
    earlier = judged("2025-02-01", "danger", recorded="2025-05-01")
    # The word of March is the latest, whatever is learned of February in May.
    assert months(IF_DANGER, [later, earlier]) == []


def test_what_is_recorded_late_ages_from_when_it_occurred() -> None:
    rules = hold("{not: {judged: safe, by: rso, fresh: 60 days}}")
    # Recorded on 1 March, and good until 2 April (60 days from 1 February: 28 are left in February, 31 in March).
    assert months(rules, [judged("2025-02-01", recorded="2025-03-01")]) == [1, 2, 4, 5, 6, 7, 8]
    # Recorded once it is too old, it never counts.
    assert months(rules, [judged("2025-02-01", recorded="2025-05-01")]) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_what_is_recorded_before_it_occurs_counts_once_it_has() -> None:
    assert months(IF_DANGER, [judged("2025-04-01", "danger", recorded="2025-02-01")]) == [4, 5, 6, 7, 8]


def test_a_window_that_late_evidence_opened_ends_as_if_it_had_been_known() -> None:
    rules = "permissions: {p: {lifts: [hold], when: {judged: safe, by: rso}, for-at-most: 90 days}}\n" + hold(
        "{event: model.registered}"
    )
    # The window runs from 1 February; 90 days later it is 2 May. Known from 1 April on, it lifts April alone.
    assert months(rules, [judged("2025-02-01", recorded="2025-04-01")]) == [1, 2, 3, 5, 6, 7, 8]


def test_a_registration_that_is_recorded_late_makes_its_acts_askable_from_then_on() -> None:
    given = [registered() | {"recorded": "2025-03-01T00:00:00Z"}, *MONTHLY]
    shown = replayed(DANGER, given, "2025-09-01", registers=False)
    assert [int(at[5:7]) for at in departed_at(shown)] == [3, 4, 5, 6, 7, 8]
    assert finding_ids(shown).count("act-not-judged") == 2
    assert held(shown) == [("2025-03-01T00:00:00Z", None, "default")]


def test_a_parent_that_becomes_known_late_makes_its_evidence_reach_the_child_from_then_on() -> None:
    given = [
        registered("base"),
        evaluated("2025-01-10", 40, model="base"),
        registered("m", on="2025-01-11"),
        evaluated("2025-01-12", 0),
        registered("m", on="2025-01-13", parent="base") | {"recorded": "2025-05-01T12:00:00Z"},
    ]
    # Ruled out on itself, it is not inherited: a later fresh run on the child displaces what its parent reached.
    shown = replayed(REACHED, [*given, *MONTHLY], "2025-09-01", registers=False)
    # From May on the two registrations disagree on the parent, so that no question can be asked about `m`.
    assert departed_at(shown) == []
    assert finding_ids(shown).count("act-not-judged") == 4
    assert held(shown) == [
        ("2025-01-11T12:00:00Z", "2025-01-12T12:00:00Z", "default"),
        ("2025-05-01T12:00:00Z", None, "default"),
    ]


def test_a_checkpoint_that_is_named_earlier_by_what_is_recorded_late_is_no_longer_the_newest() -> None:
    rules = MEASURED + hold("{reached: danger}").replace("[train]", "[deploy]")
    given = [
        evaluated("2025-01-10", 0, weights=W1),
        continued("2025-01-11", weights=W2),
        # What is learned on 1 April: W2 was there before W1 was.
        continued("2025-01-05", weights=W2, recorded="2025-04-01"),
    ]
    shown = replayed(rules, given, "2025-09-01")
    assert held(shown, "deploy.internal.wide") == [
        ("2025-01-02T12:00:00Z", "2025-01-10T12:00:00Z", "default"),
        ("2025-01-11T12:00:00Z", "2025-04-01T12:00:00Z", "default"),
    ]


# Corrections


def test_a_correction_changes_what_is_known_from_its_recording_on() -> None:
    said = judged("2025-02-01", "danger")
    unsaid = corrected("2025-04-01", 1, judged("2025-02-01", "danger", value=False))
    assert months(IF_DANGER, [said, unsaid]) == [2, 3]
    shown = replayed(IF_DANGER, [said, unsaid])
    assert held(shown) == [("2025-02-01T12:00:00Z", "2025-04-01T12:00:00Z", "evidence")]
    assert "event-corrected" in finding_ids(shown)


def test_a_correction_that_makes_things_worse_is_no_reproach_to_what_was_done_before() -> None:
    said = judged("2025-01-10", "danger", value=False)
    assert months(DANGER, [said, corrected("2025-04-01", 1, judged("2025-01-10", "danger"))]) == [4, 5, 6, 7, 8]


def test_a_correction_of_a_correction_undoes_it() -> None:
    given = [
        judged("2025-01-10", "danger"),
        corrected("2025-03-01", 1, judged("2025-01-10", "danger", value=False)),
        event("event.corrected", "2025-06-01", event=2, reason="it was right", by_=1),
    ]
    assert months(IF_DANGER, given) == [1, 2, 6, 7, 8]


def test_a_chain_of_corrections_is_known_link_by_link() -> None:
    given = [judged("2025-01-10", "danger")]
    for place, month in enumerate(("02", "04", "06"), start=1):
        stands = judged("2025-01-10", "danger", value=place % 2 == 0)
        given.append(corrected(f"2025-{month}-01", place, stands))
    # Said in January, unsaid in February, said again in April, unsaid in June.
    assert months(IF_DANGER, given) == [1, 4, 5]


def test_a_correction_that_is_recorded_before_its_event_supersedes_it_when_it_comes() -> None:
    early = corrected("2025-02-01", 2, said_nothing("2025-03-01"))
    assert months(IF_DANGER, [early, judged("2025-03-01", "danger")]) == []


def test_what_a_correction_puts_in_the_place_counts_once_it_is_so() -> None:
    given = [judged("2025-01-10", "danger"), corrected("2025-02-01", 1, judged("2025-05-01", "danger"))]
    assert months(IF_DANGER, given) == [1, 5, 6, 7, 8]


def test_an_act_that_is_corrected_is_judged_where_it_stands_by_the_final_record() -> None:
    danger = judged("2025-03-01", "danger")
    act = started("2025-04-15")
    assert departed_at(replayed(IF_DANGER, [danger, act])) == ["2025-04-15T12:00:00Z"]
    # It took place before the word was spoken, at another model, or not at all.
    before = corrected("2025-05-01", 2, started("2025-02-15"))
    assert departures(replayed(IF_DANGER, [danger, act, before])) == []
    elsewhere = corrected("2025-05-01", 2, started("2025-04-15", model="n"))
    assert departures(replayed(IF_DANGER, [danger, act, elsewhere, registered("n")])) == []
    never = corrected("2025-05-01", 2, said_nothing("2025-04-15"))
    assert departures(replayed(IF_DANGER, [danger, act, never])) == []
    # Or what was no act was one: it is judged at its own time, and is the correction's by its index.
    given = [danger, said_nothing("2025-04-15"), corrected("2025-05-01", 2, act)]
    shown = replayed(IF_DANGER, given)
    assert departed_at(shown) == ["2025-04-15T12:00:00Z"]
    assert [one.evidence for one in shown.breaches] == [(3,)]


def test_a_registration_that_is_corrected_away_leaves_its_model_unregistered() -> None:
    given = [registered(), corrected("2025-04-01", 0, said_nothing("2025-01-02")), *MONTHLY]
    shown = replayed(DANGER, given, "2025-09-01", registers=False)
    assert [int(at[5:7]) for at in departed_at(shown)] == [1, 2, 3]
    assert finding_ids(shown).count("act-not-judged") == 5
    assert held(shown) == [("2025-01-02T12:00:00Z", "2025-04-01T12:00:00Z", "default")]


def test_an_adoption_that_is_corrected_was_in_force_as_long_as_it_was_believed() -> None:
    old, new = policy(hold("{event: model.registered}")), policy(IF_DANGER, version="2")
    adoption = adopted("2025-03-01", "2")
    given = [adopted("2025-01-01", "1"), adoption]
    assert months([old, new], given) == [1, 2]
    # On 1 May it is known that it came into force on 1 July, in June that it did on 1 February.
    later = corrected("2025-05-01", 2, adopted("2025-07-01", "2"))
    assert months([old, new], [*given, later]) == [1, 2, 5, 6]
    earlier = corrected("2025-06-01", 2, adopted("2025-02-01", "2"))
    assert months([old, new], [*given, earlier]) == [1, 2]


def test_an_adoption_that_is_recorded_late_is_in_force_from_its_recording_on() -> None:
    old, new = policy(hold("{event: model.registered}")), policy(IF_DANGER, version="2", effective="2025-03-01")
    given = [adopted("2025-01-01", "1")]
    assert months([old, new], given) == [1, 2]
    # As long as no adoption of it is known it is in force from its effective day; then from its adoption.
    given.append(adopted("2025-05-01", "2", recorded="2025-04-01"))
    assert months([old, new], given) == [1, 2, 4]


# Withdrawals


def test_a_withdrawal_counts_once_it_is_known() -> None:
    given = [
        evaluated("2025-01-10", 0),
        event("evaluation.withdrawn", "2025-02-01", recorded="2025-04-01", evaluation=1, reason="a bug"),
    ]
    assert months(REACHED, given) == [4, 5, 6, 7, 8]


def test_a_withdrawal_that_is_recorded_before_its_evaluation_leaves_nothing_of_it() -> None:
    given = [
        event("evaluation.withdrawn", "2025-01-11", evaluation=2, reason="a bug"),
        evaluated("2025-01-10", 0, recorded="2025-03-01"),
    ]
    assert months(REACHED, given) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_withdrawal_that_is_corrected_counted_until_then() -> None:
    given = [
        evaluated("2025-01-10", 0),
        event("evaluation.withdrawn", "2025-03-01", evaluation=1, reason="a bug"),
        corrected("2025-05-01", 2, said_nothing("2025-03-01")),
    ]
    shown = replayed(REACHED, given, "2025-09-01")
    assert held(shown) == [
        ("2025-01-02T12:00:00Z", "2025-01-10T12:00:00Z", "default"),
        ("2025-03-01T12:00:00Z", "2025-05-01T12:00:00Z", "default"),
    ]
    assert months(REACHED, given) == [3, 4]


def test_a_withdrawal_of_a_corrected_evaluation_is_one_of_what_stands_in_its_place() -> None:
    given = [
        evaluated("2025-01-10", 1),
        corrected("2025-02-01", 1, evaluated("2025-01-10", 0)),
        event("evaluation.withdrawn", "2025-03-01", evaluation=1, reason="a bug"),
    ]
    assert months(REACHED, given) == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("correction", [False, True], ids=["plainly", "in a record with corrections"])
def test_an_approval_goes_stale_once_its_evidence_is_withdrawn(correction: bool) -> None:  # noqa: FBT001 - a case
    rules = (
        MEASURED
        + "documents: {plan: {}}\npermissions: {p: {lifts: [hold], when: {approved: plan, by: board}}}\n"
        + hold("{event: model.registered}")
    )
    given = [
        evaluated("2025-01-10", 0),
        event("document.submitted", "2025-02-01", document="plan", digest=PLAN, evidence=[1]),
        event("document.approved", "2025-02-02", by="board", actor="bo", document="plan", digest=PLAN),
        event("evaluation.withdrawn", "2025-04-01", evaluation=1, reason="a bug"),
    ]
    if correction:
        given += [said_nothing("2025-01-03"), corrected("2025-01-04", 5, said_nothing("2025-01-03"))]
    assert months(rules, given) == [1, 4, 5, 6, 7, 8]
    given += [corrected("2025-06-01", 4, said_nothing("2025-04-01"))]
    assert months(rules, given) == [1, 4, 5]


# The order of the file


def test_the_order_of_the_file_plays_no_part() -> None:
    given = [
        registered(),
        judged("2025-03-01", "danger", recorded="2025-04-01"),
        judged("2025-02-01", "danger", value=False),
        *MONTHLY,
    ]
    expected = departures(replayed(DANGER, given, registers=False))
    assert [at for _, _, at in expected][:1] == ["2025-01-15T12:00:00Z"]
    for start in range(1, len(given)):
        turned = given[start:] + given[:start]
        assert departures(replayed(DANGER, turned, registers=False)) == expected
        assert departures(replayed(DANGER, list(reversed(turned)), registers=False)) == expected
