"""What each bundled replay shows, worked out by hand from the text; and that each event weighs what it should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from interlock.engine import Replay
from interlock.library import replay_names
from interlock.terms import format_duration, parse_instant
from tests.library.bundled import events_of, read, replayed, without

OPUS: Final = "anthropic-opus-4-2025"
INSIDERS: Final = "anthropic-insider-scope-2025"
ASL_4: Final = "anthropic-asl-4-2025"
MYTHOS: Final = "anthropic-mythos-2026"
CODEX: Final = "openai-gpt-5-3-codex-2026"
GPT_4_1: Final = "openai-gpt-4-1-2025"
RESEARCH: Final = "openai-deep-research-2025"

Shown = set[tuple[str, str, str | None]]
"""Departures by kind, id and the readings under which they stand; findings by `finding`, id and nothing."""


def shown_by(shown: Replay) -> Shown:
    """Return what a replay shows, without the places of events."""
    found: Shown = {(one.kind, one.id, one.reading) for one in shown.breaches}
    return found | {("finding", one.id, None) for one in shown.findings}


EXPECTED: Final[dict[str, Shown]] = {
    # Due at the end of the interval, done three days after; three findings on evaluations, which bind nothing.
    "anthropic-2024": {
        ("duty-late", "evaluate-every-three-months", None),
        ("finding", "buffer-not-designed", None),
        ("finding", "protocol-changed-after-registration", None),
        ("finding", "under-elicited", None),
    },
    # Held from the start by default, released by the Standard the day before; Sonnet 4 by what was ruled out.
    OPUS: set(),
    # The Standard is in place but for what two of the three readings of its scope ask for beside it.
    INSIDERS: {("held-action", "asl-3-security-before-deploying", "insiders-covered: body, hosts-are-outsiders")},
    # Version 1.0 owes the definitions itself; training goes on after an evaluation has triggered.
    ASL_4: {("finding", "owed-before-act", None)},
    # No number of days for the one, and for the other 30 from a determination that is on record since the same day.
    MYTHOS: set(),
    # High in cyber is found, the safeguards are not shown, long-range autonomy is denied.
    CODEX: {
        ("held-action", "cyber-misalignment-safeguards", "cyber-misalignment-answered: any-high-cyber"),
    },
    # Nobody says that it is a major deployment, and the text gives no time.
    GPT_4_1: set(),
    # Launched on 2 February without the summaries; launched more widely on the 25th, after them.
    RESEARCH: {("held-action", "summaries-before-offering-or-releasing", None)},
}


def test_every_bundled_replay_is_expected_here() -> None:
    assert set(EXPECTED) == set(replay_names())


@pytest.mark.parametrize("name", EXPECTED)
def test_each_shows_what_the_text_gives_by_hand(name: str) -> None:
    shown = replayed(name)
    assert shown_by(shown) == EXPECTED[name]
    assert len(shown.breaches) == sum(kind != "finding" for kind, _, _ in EXPECTED[name])
    assert shown.loosenings == ()


# Cannot rule out: Claude Opus 4


def test_what_is_not_ruled_out_is_held_by_the_burden_of_proof_until_the_standard_is_in_place() -> None:
    """From 14 May to the notices at 15:00 on the 21st; of Sonnet 4 until it is ruled out at noon of that day."""
    held = {
        (one.model, one.end)
        for one in replayed(OPUS).holds
        if one.action == "deploy.external.public" and one.by_default and one.restrictions
    }
    assert max(end for model, end in held if model == "claude-opus-4" and end) == parse_instant("2025-05-21T15:00:00Z")
    assert max(end for model, end in held if model == "claude-sonnet-4" and end) == parse_instant(
        "2025-05-21T12:00:00Z"
    )


def test_the_launch_hangs_on_every_control_of_the_standard() -> None:
    controls = [event.index for event in events_of(OPUS) if event.kind == "control.attested"]
    assert len(controls) == 10
    for index in controls:
        shown = replayed(OPUS, events=without(OPUS, index))
        assert shown_by(shown) == {("held-action", "asl-3-deployment-before-deploying", None)}
        [breach] = shown.breaches
        assert (breach.about, breach.by_default) == ("claude-opus-4", True)


def test_without_the_ruling_out_the_smaller_model_would_have_been_held_too() -> None:
    ruled_out = [event.index for event in events_of(OPUS) if event.text_of("judged") == "far-from-cbrn-3"]
    shown = replayed(OPUS, events=without(OPUS, *ruled_out))
    assert [(breach.id, breach.about) for breach in shown.breaches] == [
        ("asl-3-deployment-before-deploying", "claude-sonnet-4")
    ]


# Both readings


@pytest.mark.parametrize(
    ("name", "policy", "term", "departs"),
    [
        (INSIDERS, "anthropic-rsp", "insiders-covered", {"footnote": 0, "body": 1, "hosts-are-outsiders": 1}),
        (
            CODEX,
            "openai-preparedness",
            "cyber-misalignment-answered",
            {"any-high-cyber": 1, "only-with-long-range-autonomy": 0},
        ),
    ],
)
def test_a_disputed_departure_stands_under_some_readings_alone(
    name: str, policy: str, term: str, departs: dict[str, int]
) -> None:
    for reading, number in departs.items():
        assert len(replayed(name, rulings={(policy, term): reading}).breaches) == number, reading
    cuts = {cut.reading: (len(cut.only_here), cut.not_here) for cut in replayed(name).readings if cut.term == term}
    assert cuts == {reading: (0, 1 - number) for reading, number in departs.items()}


def test_the_departure_of_gpt_5_3_codex_is_decided_by_evidence_and_that_on_insiders_by_default() -> None:
    """High in cyber was found; that CBRN-3 is reached was not, and is only not ruled out."""
    [codex], [insiders] = replayed(CODEX).breaches, replayed(INSIDERS).breaches
    assert (codex.by_default, insiders.by_default) == (False, True)
    assert (codex.action, codex.at) == ("deploy.internal.wide", parse_instant("2026-02-05T12:00:00Z"))


@pytest.mark.parametrize(
    ("reading", "states"),
    [
        (None, ["unknown", "done"]),
        ("any-outsider", ["open", "done"]),
        ("general-public", []),
    ],
)
def test_the_account_of_mythos_is_open_for_three_weeks_under_one_reading(
    reading: str | None, states: list[str]
) -> None:
    """From the first use by partners, 17 March, to 7 April; no model was made generally available."""
    rulings = {} if reading is None else {("anthropic-rsp", "publicly-deployed"): reading}
    told = [
        (moment.at, change.now)
        for moment in replayed(MYTHOS, rulings=rulings).history
        for change in moment.changes
        if change.id == "analyse-publicly-deployed-model"
    ]
    days = [datetime(2026, 3, 17, 12, tzinfo=UTC), datetime(2026, 4, 7, 12, tzinfo=UTC)]
    assert told == list(zip(days, states, strict=False))


def test_what_another_reading_would_make_of_a_duty_is_told_where_no_departure_hangs_on_it() -> None:
    """As it stands the account is given; read as `any-outsider` likewise; as `general-public` it is not asked for."""
    told = {
        cut.reading: [(one.duty, one.instance, one.states, one.would_be) for one in cut.duties]
        for cut in replayed(MYTHOS).readings
        if cut.term == "publicly-deployed"
    }
    assert told == {
        "any-outsider": [],
        "general-public": [("analyse-publicly-deployed-model", "claude-mythos-preview", ("done",), ())],
    }


# Clocks


def determined_on(day: str) -> Replay:
    """Return the replay of Mythos as if Anthropic had determined on that day that the risk goes beyond the known."""
    stated = [dict(event.source) for event in events_of(MYTHOS)]
    for one in stated:
        if one["data"].get("judged") == "internal-risk-beyond-analysed":
            one["occurred"] = f"{day}T00:00:00Z"
    return replayed(MYTHOS, events=read(stated))


def test_thirty_days_before_the_account_of_mythos_lie_between_one_day_and_the_next() -> None:
    """30 days from 8 March end with 7 April, on which it came out at noon; those from 7 March end with the 6th."""
    assert shown_by(determined_on("2026-03-08")) == set()
    late = determined_on("2026-03-07")
    assert shown_by(late) == {("duty-late", "analyse-internally-deployed-model", None)}
    [breach] = late.breaches
    assert breach.late_by is not None
    assert format_duration(breach.late_by) == "PT12H"


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        ("2024-09-01T23:59:59Z", []),
        ("2024-09-02T00:00:00Z", [("duty-overdue", "PT0S")]),
        ("2024-09-04T23:59:59Z", [("duty-overdue", "P2DT23H59M59S")]),
        ("2024-09-05T00:00:00Z", [("duty-late", "P3D")]),
    ],
)
def test_the_interval_of_anthropic_2024_is_over_with_its_last_day(as_of: str, found: list[tuple[str, str]]) -> None:
    """Three months from 1 June end with 1 September: due at the midnight after, done three days later."""
    shown = replayed("anthropic-2024", as_of=parse_instant(as_of))
    assert [(one.kind, format_duration(one.late_by or timedelta(0))) for one in shown.breaches] == found


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_sooner_or_later_changes_the_lateness_of_anthropic_2024_and_nothing_else(days: int) -> None:
    stated = [dict(event.source) for event in events_of("anthropic-2024")]
    moved = parse_instant("2024-09-05T00:00:00Z") + timedelta(days=days)
    stated[9]["occurred"] = moved.strftime("%Y-%m-%dT%H:%M:%SZ")
    shown = replayed("anthropic-2024", events=read(stated))
    assert shown_by(shown) == EXPECTED["anthropic-2024"]
    assert [one.late_by for one in shown.breaches] == [timedelta(days=3 + days)]


def test_the_card_of_deep_research_parts_the_two_launches() -> None:
    """Published at midnight of 25 February: the launch 23 days before departs, that of the same day does not."""
    [breach] = replayed(RESEARCH).breaches
    assert (breach.at, breach.by_default) == (parse_instant("2025-02-02T12:00:00Z"), True)
    card = next(event.index for event in events_of(RESEARCH) if event.kind == "document.published")
    shown = replayed(RESEARCH, events=without(RESEARCH, card))
    assert [one.at.day for one in shown.breaches] == [2, 25]


# Any one event left out

NOTHING: Final[Shown] = set()


def without_each(name: str) -> dict[int, tuple[Shown, Shown]]:
    """Return for each event without which something else is shown what goes, and what comes in its place."""
    found: dict[int, tuple[Shown, Shown]] = {}
    for event in events_of(name):
        other = shown_by(replayed(name, events=without(name, event.index)))
        if other != EXPECTED[name]:
            found[event.index] = (EXPECTED[name] - other, other - EXPECTED[name])
    return found


def finding(name: str) -> Shown:
    return {("finding", name, None)}


def test_each_event_of_anthropic_2024_bears_on_what_it_is_about_and_on_nothing_else() -> None:
    """Registration and the first round change nothing here: the interval then counts from the first event on record.

    Without the last round the duty is overdue at the end; a round without its plan was not registered before it ran.
    """
    late: Shown = {("duty-late", "evaluate-every-three-months", None)}
    overdue: Shown = {("duty-overdue", "evaluate-every-three-months", None)}
    assert without_each("anthropic-2024") == {
        0: (NOTHING, finding("adoption-not-recorded")),
        2: (finding("protocol-changed-after-registration"), NOTHING),
        4: (NOTHING, finding("not-pre-registered")),
        5: (NOTHING, finding("not-pre-registered")),
        6: (finding("protocol-changed-after-registration"), NOTHING),
        7: (finding("under-elicited"), NOTHING),
        8: (finding("buffer-not-designed"), NOTHING),
        9: (late, overdue),
    }


def test_each_event_of_gpt_5_3_codex_bears_on_the_one_departure() -> None:
    """Without registration the act can't be judged; without High, or without the act, nothing departs.

    Without the word on long-range autonomy the departure stands under both readings, since nothing denies it.
    """
    departs, stands = EXPECTED[CODEX], {("held-action", "cyber-misalignment-safeguards", None)}
    assert without_each(CODEX) == {
        0: (NOTHING, finding("adoption-not-recorded")),
        1: (departs, finding("act-not-judged")),
        2: (departs, NOTHING),
        3: (departs, stands),
        4: (departs, NOTHING),
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_no_reply_changes_what_is_shown(name: str) -> None:
    """A reply is shown beside a departure; it neither makes one nor takes one away."""
    replies = [event.index for event in events_of(name) if event.kind == "reply.made"]
    assert (
        shown_by(replayed(name, events=without(name, *replies), as_of=events_of(name)[-1].occurred)) == EXPECTED[name]
    )


def test_the_same_events_show_the_same_again() -> None:
    def told(shown: Replay) -> Any:
        return (shown.breaches, shown.findings, shown.history, shown.holds, shown.readings)

    for name in EXPECTED:
        assert told(replayed(name)) == told(replayed(name))
