"""Replays of records at their limits: empty, huge, contradictory, circular; and what is refused (LANGUAGE 4.4)."""

from __future__ import annotations

from typing import Final

import pytest

from interlock.engine import DigestMismatch, Refused, replay
from interlock.policy import Policy
from interlock.terms import format_instant, parse_instant
from tests.engine.cases import PLAN, Given, event, judged, policy, read, registered
from tests.engine.changes import hold
from tests.engine.duty_cases import deployed, incident, performed
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
    lateness,
    paused,
    replayed,
    said_nothing,
    started,
)

ALWAYS: Final = "{event: model.registered}"


SEQUENTIAL: Final = (
    "measures: {m: {statistic: proportion, suite: s, sequential: true}}\n"
    "terms: {t: {means: {measure: m, at-least: 50%}}}\n"
)


# Refused


def test_an_empty_record_is_refused_unless_an_end_is_given() -> None:
    with pytest.raises(Refused, match="there is no event to replay"):
        replay([policy(DANGER)], [])
    shown = replay([policy(DANGER)], [], parse_instant("2025-06-01T00:00:00Z"))
    assert (shown.breaches, shown.holds, shown.loosenings, shown.evaluations) == ((), (), (), 0)
    assert changes(shown, "version") == [("2025-01-01T00:00:00Z", None, "1")]


def test_no_policy_and_no_version_in_force_by_the_end_are_refused() -> None:
    with pytest.raises(Refused, match="no version of a policy given is in force by 2025-03-01"):
        replayed(policy(DANGER, effective="2025-03-02"), [said_nothing("2025-03-01")])
    with pytest.raises(Refused, match="no version of a policy given is in force"):
        replayed([], [said_nothing("2025-03-01")])


@pytest.mark.parametrize(
    "body",
    [
        hold("{readings: {id: r, a: {judged: a, by: rso}, b: {term: t}}}") + SEQUENTIAL,
        hold("{term: t}") + SEQUENTIAL,
        "duties: {d: {must: do it, when: {term: t}, within: 3 days}}\n" + SEQUENTIAL,
    ],
    ids=["a reading of a condition", "of a term", "of a term in a duty"],
)
def test_what_this_engine_does_not_evaluate_is_refused_wherever_it_stands(body: str) -> None:
    given = [said_nothing("2025-06-01")]
    with pytest.raises(Refused, match="is not evaluated by this version of interlock"):
        replayed(body, given)
    # Also in a version that is no longer in force, in one that never is, and in one to replay under.
    sound = policy(DANGER, version="2", effective="2025-02-01")
    with pytest.raises(Refused, match="is not evaluated by this version of interlock"):
        replayed([policy(body), sound], given)
    with pytest.raises(Refused, match="is not evaluated by this version of interlock"):
        replayed([sound, policy(body, version="3", effective="2099-01-01")], given)
    with pytest.raises(Refused, match="is not evaluated by this version of interlock"):
        replayed(sound, given, under=policy(body, version="3"))


def test_two_versions_that_finally_come_into_force_at_once_are_refused() -> None:
    rules = [policy(DANGER), policy(IF_DANGER, version="2")]
    with pytest.raises(Refused, match="come into force at the same instant, 2025-01-01T00:00:00Z"):
        replayed(rules, [said_nothing("2025-03-01")])


@pytest.mark.parametrize("kind", ["policy.adopted", "policy.published"])
def test_a_record_that_names_another_policy_file_is_refused(kind: str) -> None:
    named = event(kind, "2025-02-01", developer="Acme", policy="acme", version="1", digest=PLAN)
    with pytest.raises(DigestMismatch, match="names `acme` 1 with digest sha256:aaaa"):
        replayed(DANGER, [named])
    right = event(kind, "2025-02-01", developer="Acme", policy="acme", version="1", digest=policy(DANGER).digest)
    assert departures(replayed(DANGER, [right])) == []


def test_the_file_of_the_version_replayed_under_is_held_to_the_record_too() -> None:
    other = policy(IF_DANGER, version="2")
    named = event("policy.published", "2025-02-01", developer="Acme", policy="acme", version="2", digest=PLAN)
    with pytest.raises(DigestMismatch, match="names `acme` 2 with digest sha256:aaaa"):
        replayed(DANGER, [named], under=other)


@pytest.mark.parametrize("under", [False, True])
def test_a_policy_that_commits_to_nothing_is_refused(under: bool) -> None:  # noqa: FBT001 - a parameter
    empty = policy("", version="2", effective="2030-01-01")
    given = [policy(DANGER)] if under else [policy(DANGER), empty]
    with pytest.raises(Refused, match="`acme` 2 commits to nothing"):
        replayed(given, [], under=empty if under else None)


# Little and much


def test_one_event_is_a_record() -> None:
    shown = replayed(DANGER, [], registers=True)
    assert held(shown) == [("2025-01-02T12:00:00Z", None, "default")]
    assert format_instant(shown.as_of) == "2025-01-02T12:00:00Z"
    act = replayed(DANGER, [started("2025-03-01")], registers=False)
    assert (departures(act), finding_ids(act)) == ([], ["act-not-judged"])


def test_thousands_of_events_of_one_instant_are_one_moment() -> None:
    at = "2025-03-01T12:00:00Z"
    acts = [started(at) for _ in range(1500)]
    words = [judged(at, "danger", value=False) for _ in range(1500)]
    shown = replayed(DANGER, [*acts, *words, continued("2025-03-02")])
    # Each act is judged before all words of the instant.
    assert len(departures(shown)) == 1500
    assert {place for _, _, place in departures(shown)} == {at}
    assert held(shown) == [("2025-01-02T12:00:00Z", at, "default")]
    (moment,) = [one for one in shown.history if format_instant(one.at) == at]
    assert len(moment.events) == 3000


def test_words_that_disagree_at_one_instant_say_nothing() -> None:
    at = "2025-03-01T12:00:00Z"
    both = [judged(at, "danger", value=value) for value in (True, False)]
    for given in (both, list(reversed(both))):
        shown = replayed(DANGER, [*given, started("2025-03-02")])
        assert [one.by_default for one in shown.breaches] == [True]


def test_huge_gaps_are_crossed() -> None:
    given = [
        registered(on="0001-01-02"),
        judged("0002-01-01", "danger"),
        started("1999-01-01"),
        judged("2025-01-01", "danger", value=False),
        started("9999-12-31T23:59:59Z"),
    ]
    rules = policy(IF_DANGER, effective="0001-01-01")
    shown = replayed(rules, given, registers=False)
    assert departed_at(shown) == ["1999-01-01T12:00:00Z"]
    assert held(shown) == [("0002-01-01T12:00:00Z", "2025-01-01T12:00:00Z", "evidence")]


def test_what_would_end_after_the_last_year_never_ends() -> None:
    rules = policy(
        "permissions: {p: {lifts: [hold], when: {judged: safe, by: rso}, for-at-most: 5000 years}}\n"
        + hold(ALWAYS, ", cease-within: 9000 years")
        + "duties:\n"
        "  d: {must: do it, when: {event: incident.discovered}, within: 9000 years, otherwise: {forbids: [store]}}\n"
        "  e: {must: do that, for: each model, every: {time: 8000 years}, otherwise: {forbids: [share-weights]}}\n"
    )
    given = [
        started("2025-02-01", model="n"),
        registered("n", on="2025-01-03"),
        incident("discovered", "2025-03-01"),
        judged("2025-04-01"),
        said_nothing("9999-12-31T23:59:59Z"),
    ]
    shown = replayed(rules, given)
    assert [one.kind for one in shown.breaches] == ["held-action"]
    # The window of 5000 years ends in 7025, on the calendar's own terms.
    assert held(shown)[-1] == ("7025-04-01T12:00:00Z", None, "evidence")
    assert held(shown, "store") == held(shown, "share-weights") == []


def test_a_replay_may_end_at_the_last_instant_of_the_calendar() -> None:
    end = "9999-12-31T23:59:59.999999Z"
    shown = replayed(hold("{not: {judged: safe, by: rso, fresh: 30 days}}"), [judged("2025-03-01"), started(end)], end)
    assert held(shown)[-1] == ("2025-03-31T12:00:00Z", None, "default")
    assert departed_at(shown) == [end]


def test_events_of_one_model_about_nothing_else_end_quietly() -> None:
    shown = replayed(
        DANGER, [paused("2025-02-01"), event("model.withdrawn", "2025-02-02", class_="deploy.internal.wide")]
    )
    assert departures(shown) == []
    assert finding_ids(shown) == []


# Contradictions


TWICE: Final = [registered("n", parent="m"), registered("n", on="2025-02-01", parent="o")]


def test_a_model_registered_in_two_ways_is_held_by_default_and_its_acts_are_not_judged() -> None:
    given = [*TWICE, started("2025-01-15", model="n"), started("2025-03-01", model="n"), started("2025-03-01")]
    shown = replayed(hold(ALWAYS), given)
    # Until the second registration it could be asked about.
    assert [(one.about, format_instant(one.at)) for one in shown.breaches] == [
        ("n", "2025-01-15T12:00:00Z"),
        ("m", "2025-03-01T12:00:00Z"),
    ]
    assert held(shown, model="n") == [
        ("2025-01-02T12:00:00Z", "2025-02-01T12:00:00Z", "evidence"),
        ("2025-02-01T12:00:00Z", None, "default"),
    ]
    (finding,) = [one for one in shown.findings if one.id == "act-not-judged"]
    assert "register model `n` with different parents" in finding.detail
    # A correction settles it.
    settled = [*given, corrected("2025-04-01", 2, said_nothing("2025-02-01")), started("2025-05-01", model="n")]
    assert held(replayed(hold(ALWAYS), settled), model="n")[1:] == [
        ("2025-02-01T12:00:00Z", "2025-04-01T12:00:00Z", "default"),
        ("2025-04-01T12:00:00Z", None, "evidence"),
    ]


def test_parents_in_a_circle_are_held_by_default_and_their_acts_are_not_judged() -> None:
    given = [
        registered("a", parent="b"),
        registered("b", on="2025-01-03", parent="c"),
        registered("c", on="2025-01-04", parent="a"),
        started("2025-03-01", model="b"),
        registered("own", on="2025-01-03", parent="own"),
        started("2025-03-02", model="own"),
    ]
    shown = replayed(hold(f"{{not: {ALWAYS}}}"), given)
    assert departures(shown) == []
    assert finding_ids(shown).count("act-not-judged") == 2
    assert [held(shown, model=model) for model in ("a", "b", "c", "own")] == [
        [("2025-01-04T12:00:00Z", None, "default")],
        [("2025-01-04T12:00:00Z", None, "default")],
        [("2025-01-04T12:00:00Z", None, "default")],
        [("2025-01-03T12:00:00Z", None, "default")],
    ]


def test_a_duty_over_contradictory_models_is_refused() -> None:
    rules = "duties: {d: {must: do it, for: each model, every: {time: 30 days}}}\n"
    with pytest.raises(Refused, match="register model `n` with different parents"):
        replayed(rules, [*TWICE, said_nothing("2025-03-01")])


def test_a_new_version_over_contradictory_models_is_no_stumbling_block() -> None:
    rules = [policy(hold(ALWAYS)), policy(hold(f"{{not: {ALWAYS}}}"), version="2", effective="2025-06-01")]
    shown = replayed(rules, [*TWICE, said_nothing("2025-07-01")])
    assert [one.model for one in shown.loosenings] == ["m"]
    # Still held by default, since nothing can be asked.
    assert held(shown, model="n")[-1] == ("2025-02-01T12:00:00Z", None, "default")


# Long chains


def test_a_long_chain_of_corrections_is_followed() -> None:
    given: list[Given] = [judged("2025-02-01", "danger")]
    for place in range(1, 101):
        day = f"2025-{3 + place // 30:02}-{1 + place % 28:02}T{place % 24:02}:{place % 60:02}:00Z"
        given.append(corrected(day, place, judged("2025-02-01", "danger", value=place % 2 == 0)))
    shown = replayed(IF_DANGER, [*given, started("2025-12-01")])
    # The hundredth says that there was danger; each superseded the one before as it was recorded.
    assert departed_at(shown) == ["2025-12-01T12:00:00Z"]
    assert held(shown)[-1][1:] == (None, "evidence")


def test_many_versions_in_turn_are_no_burden() -> None:
    first, second = policy(hold(ALWAYS)), policy(IF_DANGER, version="2")
    adoptions = [
        adopted(f"20{25 + year}-{month:02}-01", str(1 + month % 2)) for year in range(3) for month in range(1, 13)
    ]
    shown = replayed([first, second], [*adoptions, said_nothing("2028-06-01")])
    # Odd months have the second version, even months the first, whose hold is always on.
    assert len(changes(shown, "version")) == 36
    assert len(held(shown)) == 18
    assert held(shown)[0] == ("2025-02-01T12:00:00Z", "2025-03-01T12:00:00Z", "evidence")


def test_many_instances_depart_each_once() -> None:
    rules = "duties: {d: {must: do it, when: {event: incident.discovered}, within: 1 hour}}\n"
    given = [incident("discovered", f"2025-03-01T{i // 60:02}:{i % 60:02}:00Z", f"i{i}") for i in range(600)]
    done = [performed("2025-03-02") for _ in range(300)]
    shown = replayed(rules, [*given, *done], "2025-03-03")
    assert [kind for kind, _, _, _ in lateness(shown)].count("duty-late") == 300
    assert [kind for kind, _, _, _ in lateness(shown)].count("duty-overdue") == 300


def test_the_machines_clock_plays_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    rules: Policy = policy(DANGER)
    events = read([registered(), started("2999-03-01"), deployed("1999-03-01")])
    before = replay([rules], events)
    for name in ("time", "time_ns", "monotonic", "perf_counter"):
        monkeypatch.setattr(f"time.{name}", lambda: pytest.fail("asked what time it is"))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert replay([rules], events) == before
