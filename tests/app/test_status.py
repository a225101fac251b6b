"""The status: numbers with denominators, every clock in its place, who must sign, what ends, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from interlock.app._given import Given, given_by_files
from interlock.app.errors import OptionRefused
from interlock.app.recording import record_files
from interlock.app.status import Picture, Share, Status, status_of
from interlock.app.survey import TypedSpan, models_bound, status_in_workspace, status_on_files, survey
from interlock.app.workspaces import open_workspace
from interlock.engine import DutyReport, DutyStanding, DutyState, Refused
from interlock.record import Event
from interlock.terms import LEAF_ACTIONS, format_instant, parse_instant
from tests.app.builders import clock_at, write
from tests.app.standings import AS_OF, growth, measurements, overdue, pledge, report, standing

POLICY = """\
interlock: 1
policy: acme
version: "1"
issuer: Acme AI
title: Acme Policy
effective: 2026-01-01
roles:
  ceo: {title: Chief Executive Officer, side: developer}
  rso: {title: Responsible Scaling Officer, side: developer}
documents: {interim-plan: {submitted-by: rso}, report: {submitted-by: rso}}
standards: {safe: {controls: {fence: {attested-by: rso, fresh: 2 months}}}}
restrictions:
  hold-external: {forbids: [deploy.external], when: {event: training.started}, until: {meets: safe}}
  hold-training: {forbids: [train], when: {judged: dangerous, by: [ceo]}}
permissions:
  interim: {lifts: [hold-external], when: {approved: interim-plan, by: [ceo, rso]}, for-at-most: 30 days}
duties:
  publish-report:
    must: publish the report
    when: {event: model.deployed}
    within: 10 days
    done-when: {published: report}
"""
PLAN = "sha256:" + "7" * 64
EVENTS = f"""\
- {{event: model.registered, occurred: 2026-11-01T00:00:00Z, subject: {{model: m-1}}}}
- {{event: training.started, occurred: 2026-11-02T00:00:00Z, subject: {{model: m-1}}}}
- event: document.submitted
  occurred: 2026-11-10T00:00:00Z
  role: rso
  actor: ann
  subject: {{model: m-1}}
  data: {{document: interim-plan, digest: "{PLAN}"}}
- event: document.approved
  occurred: 2026-11-11T00:00:00Z
  role: rso
  actor: ann
  subject: {{model: m-1}}
  data: {{document: interim-plan, digest: "{PLAN}"}}
- event: model.deployed
  occurred: 2026-11-15T12:00:00Z
  subject: {{model: m-1}}
  data: {{class: deploy.internal.wide}}
"""
ATTESTED = """\
- event: control.attested
  occurred: 2026-11-20T00:00:00Z
  role: rso
  actor: ann
  subject: {developer: Acme AI}
  data: {control: fence, value: true}
"""
PUBLIC = ("deploy.external.trusted", "deploy.external.limited", "deploy.external.public")


def files(folder: Path, *, policy: str = POLICY, events: str = EVENTS) -> tuple[list[Path], list[Path]]:
    return [write(folder, "p.yaml", policy)], [write(folder, "e.yaml", events)]


def asked(folder: Path, as_of: str, since: str | None = None, *, policy: str = POLICY, events: str = EVENTS) -> Status:
    return status_on_files(*files(folder, policy=policy, events=events), TypedSpan(as_of=as_of, since=since))


def of_duties(*duties: DutyStanding, before: DutyReport | None = None, events: Sequence[Event] = ()) -> Status:
    """Return the status of duties alone; `before` is as they were (else: as they are)."""
    now = report(*duties)
    then = before or now
    pictures = [Picture(as_of=one.as_of, decisions={}, refused={}, report=one) for one in (now, then)]
    return status_of(pictures[0], pictures[1], now, events)


def listed(status: Status) -> list[tuple[str, str | None]]:
    """Return the clocks by model, with the first instant at which each may be due."""
    return [(one.standing.instance, None if one.first is None else format_instant(one.first)) for one in status.clocks]


# Duties


def test_overdue_is_out_of_what_is_still_to_be_done() -> None:
    status = of_duties(
        overdue("assess", "2026-11-22"),
        standing("assess", DutyState.OPEN, due="2026-12-25"),
        standing("assess", DutyState.UNKNOWN),
        standing("assess", DutyState.EXCUSED, due="2026-11-01"),
        standing("assess", DutyState.DONE, due="2026-11-01", done="2026-10-25"),
        standing("assess", DutyState.DONE_LATE, due="2026-11-01", done="2026-11-02"),
        standing("assess", DutyState.SUPERSEDED, due="2026-12-01"),
        standing("assess", DutyState.NOT_TRIGGERED),
    )
    assert status.overdue_share == Share(count=1, out_of=4)


def test_what_binds_comes_first_and_the_longest_overdue_first() -> None:
    status = of_duties(
        overdue("tell-the-public", "2026-01-01", model="aim"),
        overdue("assess", "2026-11-22", model="late"),
        overdue("assess", "2026-11-01", model="later"),
    )
    assert [one.instance for one in status.overdue] == ["later", "late", "aim"]


@pytest.mark.parametrize(
    ("due", "soon"),
    [
        ("2026-11-26T00:00:00Z", True),
        ("2026-12-09T09:00:00Z", True),  # 14 days after 25 November 09:00
        ("2026-12-09T09:00:01Z", False),
        ("2026-12-10T00:00:00Z", False),
    ],
)
def test_a_clock_is_listed_up_to_14_days_before_it_is_due(due: str, *, soon: bool) -> None:
    status = of_duties(standing("assess", DutyState.OPEN, due=due))
    assert (status.due_share.count == 1) is soon
    assert status.due_share.out_of == 1


def test_an_overdue_duty_is_no_clock_that_runs() -> None:
    assert of_duties(overdue("assess", "2026-11-22")).due_share == Share(count=0, out_of=0)


def test_time_and_compute_clocks_are_in_one_list_by_their_first_instant() -> None:
    """4x is 2x squared: after 2x in 100 days up to 24 July it takes 200 days, to 1 November; 4x its upper bound."""
    events = measurements(("2026-04-15", "1e25", "1e25", "1e25"), ("2026-07-24", "2e25", "2e25", "2e25"))
    clock = growth("2", "2", "2", evidence=(0, 1))
    status = of_duties(
        standing("assess", DutyState.OPEN, model="time", due="2026-12-02"),
        standing("assess", DutyState.NOT_TRIGGERED, model="compute", period_ends="2027-04-15", growth=clock),
        events=events,
    )
    assert listed(status) == [("compute", "2026-11-01T00:00:00Z"), ("time", "2026-12-02T00:00:00Z")]


def test_a_running_period_is_listed_before_it_ends() -> None:
    """Without `within` it is due the instant it opens: listed only once open, it would be overdue unannounced."""
    status = of_duties(standing("review", DutyState.NOT_TRIGGERED, period_ends="2026-12-01"))
    assert listed(status) == [("m-1", "2026-12-01T00:00:00Z")]


def test_a_duty_that_is_not_triggered_and_has_no_period_has_no_clock() -> None:
    assert of_duties(standing("publish-report", DutyState.NOT_TRIGGERED)).due_share == Share(count=0, out_of=0)


@pytest.mark.parametrize(
    "clock",
    [
        standing(
            "assess", DutyState.OPEN, reason="growth-unknown", period_ends="2027-05-01", growth=growth(None, "", "")
        ),
        standing("assess", DutyState.UNKNOWN, reason="trigger-unknown"),
        standing("assess", DutyState.NOT_TRIGGERED, period_ends="2027-05-01", growth=growth("1", "0.9", "1.1")),
        standing("assess", DutyState.OPEN),
    ],
    ids=["growth-unknown", "trigger-unknown", "no-trend", "no-time-stated"],
)
def test_a_clock_of_which_nothing_is_known_is_listed_and_counted_apart(clock: DutyStanding) -> None:
    status = of_duties(clock)
    assert listed(status) == [("m-1", None)]
    assert (status.due_share, status.undated) == (Share(count=0, out_of=1), 1)


def test_where_compute_stands_still_time_alone_counts() -> None:
    events = measurements(("2026-04-15", "1e25", "1e25", "1e25"), ("2026-07-24", "1e25", "1e25", "1e25"))
    still = growth("1", "1", "1", evidence=(0, 1))
    far = standing("assess", DutyState.NOT_TRIGGERED, period_ends="2027-04-15", growth=still)
    assert of_duties(far, events=events).clocks == ()
    near = standing("assess", DutyState.NOT_TRIGGERED, period_ends="2026-11-01", growth=still)
    assert listed(of_duties(near, events=events)) == [("m-1", "2026-12-01T00:00:00Z")]  # within 30 days


def test_a_pledge_is_listed_unless_it_is_kept_and_need_not_be_measured_soon() -> None:
    pledges = [
        pledge("kept", measure_by="2026-12-09T09:00:01Z"),
        pledge("kept", measure_by="2026-12-09T09:00:00Z"),
        pledge("lapsed"),
        pledge("unmeasured"),
    ]
    now = report(pledges=pledges)
    picture = Picture(as_of=now.as_of, decisions={}, refused={}, report=now)
    assert status_of(picture, picture, now, ()).pledges == tuple(pledges[1:])


# Decisions


def test_every_action_with_every_model_is_asked_about(tmp_path: Path) -> None:
    status = asked(tmp_path, "2026-11-25")
    assert set(status.now.decisions) == {("m-1", action) for action in LEAF_ACTIONS}
    assert status.held_share == Share(count=4, out_of=len(LEAF_ACTIONS))  # train, and three of deploy.external
    assert {one.question.action: one.by_default for one in status.held} == {
        "train": True, **dict.fromkeys(PUBLIC, False)
    }  # fmt: skip


def test_a_model_of_another_developer_is_not_asked_about(tmp_path: Path) -> None:
    other = (
        "- {event: model.registered, occurred: 2026-11-01T00:00:00Z, subject: {model: x}, data: {developer: Other}}\n"
    )
    status = asked(tmp_path, "2026-11-25", events=EVENTS + other)
    assert {model for model, _ in status.now.decisions} == {"m-1"}
    assert not status.now.refused


def test_a_law_may_bind_models_of_any_developer(tmp_path: Path) -> None:
    law = POLICY.replace("roles:", "applies-to: {event: training.started}\nroles:", 1)
    other = (
        "- {event: model.registered, occurred: 2026-11-01T00:00:00Z, subject: {model: x}, data: {developer: Other}}\n"
    )
    given = given_by_files(*files(tmp_path, policy=law, events=EVENTS + other))
    assert models_bound(given.policies, given.events, parse_instant("2026-11-25")) == ("m-1", "x")
    assert models_bound(given.policies, given.events, parse_instant("2026-10-31")) == ()


def test_a_question_that_is_refused_is_kept_with_its_reason(tmp_path: Path) -> None:
    """Two parents make the model's history unreadable; it is neither permitted nor left out."""
    twice = (
        EVENTS
        + "- {event: model.registered, occurred: 2026-11-03T00:00:00Z, subject: {model: m-1}, data: {parent: p}}\n"
    )
    given: Given = given_by_files(*files(tmp_path, events=twice))
    at = parse_instant("2026-11-25")
    picture = survey(given, at, None)
    assert picture.decisions == {}
    assert len(picture.refused) == len(LEAF_ACTIONS)
    assert all("different parents" in why for why in picture.refused.values())


def test_sign_offs_are_awaited_by_role_and_named_once(tmp_path: Path) -> None:
    """The rso has approved the plan; the ceo has not. Or the rso may attest the fence, and the ceo judge."""
    status = asked(tmp_path, "2026-11-25")
    assert [(one.role, one.condition, one.actions) for one in status.sign_offs] == [
        ("ceo", "{approved: interim-plan, by: [ceo, rso]}", PUBLIC),
        ("ceo", "{judged: dangerous, by: [ceo]}", ("train",)),
        ("rso", "fence attested by rso", PUBLIC),
    ]
    assert status.sign_off_share == Share(count=3, out_of=4)  # two words on the plan, the fence, the judgement


def test_a_sign_off_that_was_given_is_awaited_no_more(tmp_path: Path) -> None:
    status = asked(tmp_path, "2026-11-25", events=EVENTS + ATTESTED)
    assert [one.role for one in status.sign_offs] == ["ceo"]
    assert [one.condition for one in status.sign_offs] == ["{judged: dangerous, by: [ceo]}"]


def test_what_ends_first_comes_first_with_who_can_renew_it(tmp_path: Path) -> None:
    """The attestation of 20 November is fresh for two months, to the second."""
    status = asked(tmp_path, "2026-11-25", events=EVENTS + ATTESTED)
    [expiry] = status.expiries
    assert expiry.actions == PUBLIC
    assert expiry.validity.time == parse_instant("2027-01-20")
    assert expiry.validity.who == ("rso",)


def test_what_is_permitted_comes_before_what_is_held(tmp_path: Path) -> None:
    """A hold that ends needs nobody to renew it. The version that follows ends every answer on 1 December."""
    (tmp_path / "q.yaml").write_text(
        POLICY.replace('version: "1"', 'version: "2"').replace("2026-01-01", "2026-12-01"), encoding="utf-8"
    )
    policies, events = files(tmp_path)
    status = status_on_files([*policies, tmp_path / "q.yaml"], events, TypedSpan(as_of="2026-11-25"))
    assert {expiry.validity.time for expiry in status.expiries} == {parse_instant("2026-12-01")}
    held = [expiry.decision.held for expiry in status.expiries]
    assert held == sorted(held)
    assert set(held) == {False, True}


# Changes


def test_an_answer_that_turned_is_a_change_its_actions_together(tmp_path: Path) -> None:
    status = asked(tmp_path, "2026-11-25", "2026-11-19", events=EVENTS + ATTESTED)
    [change] = status.decision_changes
    assert (change.model, change.actions) == ("m-1", PUBLIC)
    assert change.was is not None
    assert (change.was.outcome, change.now.outcome) == ("held", "permitted")


def test_changes_are_looked_for_over_a_week_by_default(tmp_path: Path) -> None:
    assert asked(tmp_path, "2026-11-27", events=EVENTS + ATTESTED).decision_changes == ()  # since the 20th
    assert len(asked(tmp_path, "2026-11-26", events=EVENTS + ATTESTED).decision_changes) == 1  # since the 19th


def test_the_earlier_time_knows_only_what_was_known_then(tmp_path: Path) -> None:
    """Attested on the 20th and recorded on the 23rd: on the 21st nobody knew."""
    late = ATTESTED.replace("  role: rso", "  recorded: 2026-11-23T00:00:00Z\n  role: rso")
    status = asked(tmp_path, "2026-11-25", "2026-11-21", events=EVENTS + late)
    assert [change.actions for change in status.decision_changes] == [PUBLIC]


def test_a_model_that_is_new_was_not_asked_about_before(tmp_path: Path) -> None:
    new = "- {event: model.registered, occurred: 2026-11-24T00:00:00Z, subject: {model: m-2}}\n"
    status = asked(tmp_path, "2026-11-25", events=EVENTS + new)
    changes = [change for change in status.decision_changes if change.model == "m-2"]
    assert {action for change in changes for action in change.actions} == set(LEAF_ACTIONS)
    assert all(change.was is None for change in changes)


def test_a_duty_that_opened_or_became_overdue_is_a_change(tmp_path: Path) -> None:
    """Deployed on 15 November; ten days after that day is the 25th, over at the 26th."""
    opened = asked(tmp_path, "2026-11-16", "2026-11-15").duty_changes
    assert [(one.was, one.now.state if one.now else None) for one in opened] == [(None, DutyState.OPEN)]
    late = asked(tmp_path, "2026-11-26", "2026-11-25").duty_changes
    assert [(one.was.state if one.was else None, one.now.state if one.now else None) for one in late] == [
        (DutyState.OPEN, DutyState.OVERDUE)
    ]


def test_a_due_time_that_moved_is_a_change_and_a_running_period_is_none() -> None:
    before = report(
        standing("assess", DutyState.OPEN, due="2026-12-01", triggered="2026-11-01"),
        standing("review", DutyState.NOT_TRIGGERED, period_ends="2026-11-20"),
        as_of="2026-11-18T09:00:00Z",
    )
    moved = standing("assess", DutyState.OPEN, due="2026-12-16", triggered="2026-11-01")
    period = standing("review", DutyState.NOT_TRIGGERED, period_ends="2027-11-20")
    [change] = of_duties(moved, period, before=before).duty_changes
    assert change.now == moved
    assert change.was is not None


def test_an_instance_that_is_no_more_is_a_change() -> None:
    doubtful = standing("assess", DutyState.UNKNOWN, triggered="2026-11-01")
    [change] = of_duties(before=report(doubtful)).duty_changes
    assert (change.was, change.now) == (doubtful, None)


def test_before_any_version_was_in_force_nothing_is_compared_and_it_is_said(tmp_path: Path) -> None:
    status = asked(tmp_path, "2026-11-25", "2025-12-01")
    assert status.before.report is None
    assert "in force" in (status.before.no_report or "")
    assert status.duty_changes == ()


# Times


def test_a_time_since_later_than_the_status_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionRefused, match="`--since` is later"):
        asked(tmp_path, "2026-11-25", "2026-11-26")
    assert asked(tmp_path, "2026-11-25", "2026-11-25").decision_changes == ()


def test_files_need_a_time_and_a_version_in_force(tmp_path: Path) -> None:
    with pytest.raises(OptionRefused, match="needs `--as-of`"):
        status_on_files(*files(tmp_path), TypedSpan())
    with pytest.raises(Refused, match="in force"):
        asked(tmp_path, "2025-12-01")


def test_in_a_workspace_the_time_is_now_by_default(tmp_path: Path) -> None:
    policies, events = files(tmp_path)
    (tmp_path / "interlock.yaml").write_text(f"policies: [{policies[0].name}]\n", encoding="utf-8")
    workspace = open_workspace(tmp_path)
    record_files(workspace, events, clock_at("2026-11-16T00:00:00Z"))
    status = status_in_workspace(workspace, TypedSpan(), clock_at(AS_OF))
    assert (format_instant(status.now.as_of), format_instant(status.before.as_of)) == (AS_OF, "2026-11-18T09:00:00Z")
