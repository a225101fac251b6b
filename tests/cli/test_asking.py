"""`decide` and `explain`: what a person sees, and what a program gets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import FILES, HALCYON, QUESTION, Ran, run

POLICY = """\
interlock: 1
policy: small
version: "1"
issuer: Acme
title: Small Policy
effective: 2026-01-01
burden-of-proof: BURDEN
roles: {rso: {title: Safety Officer, side: developer}, board: {title: Board, side: oversight}}
measures:
  speed: {statistic: time-horizon, at: 50%, unit: task, suite: acme/speed}
  harm: {statistic: proportion, unit: task, suite: acme/harm}
thresholds:
  fast: {reached-when: {measure: speed, at-least: 8 hours, confidence: 95%}}
documents: {report: {submitted-by: rso}}
standards: {safe: {controls: {fence: {attested-by: rso}}}}
restrictions:
  hold-training: {forbids: [train], when: {reached: fast}}
  hold-storage: {forbids: [store], when: {judged: dangerous, by: [rso, board]}}
  hold-sharing: {forbids: [share-weights], when: {quantity: effective-compute, more-than: 1e26 FLOP}}
  hold-release: {forbids: [release-weights], when: {undefined: {owed: "a test to come"}}, presume: active}
  hold-research:
    {forbids: [deploy.internal.research], when: {all: [{not: {measure: harm, at-most: 5%}}, {event: training.started}]}}
  hold-trusted-use:
    forbids: [deploy.external.trusted]
    when:
      any:
        - {at-least: {n: 2, of: [{event: training.started}, {event: weights.stored}, {judged: dangerous, by: [rso]}]}}
        - {not: {meets: safe}}
    until: {published: report}
  watch-wide-use: {forbids: [deploy.internal.wide], when: {event: training.started}, modality: aim}
"""
EVENTS = """\
{"event": "model.registered", "occurred": "2026-02-01T00:00:00Z", "subject": {"model": "m"}}
{"event": "training.started", "occurred": "2026-02-02T00:00:00Z", "subject": {"model": "m"}}
"""
TIME_HORIZON = {
    "event": "evaluation.completed",
    "occurred": "2026-02-03T00:00:00Z",
    "subject": {"model": "m"},
    "data": {
        "measure": "speed",
        "suite": "acme/speed",
        "estimate": "3 hours",
        "lower": "100 minutes",
        "upper": "5 hours",
        "confidence": "95%",
        "method": "logistic",
        "log": f"sha256:{'1' * 64}",
    },
}


@pytest.fixture(params=["developer"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    (tmp_path / "p.yaml").write_text(POLICY.replace("BURDEN", request.param), encoding="utf-8")
    (tmp_path / "e.jsonl").write_text(EVENTS, encoding="utf-8")
    return tmp_path


def ask(folder: Path, verb: str, action: str, *events: object) -> Ran:
    with (folder / "e.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)
    files = ("--policy", str(folder / "p.yaml"), "--events", str(folder / "e.jsonl"))
    return run(verb, *files, "--model", "m", "--action", action, "--as-of", "2026-03-01")


def words(text: str) -> str:
    """Return a page's words as one line."""
    return " ".join(text.split())


def test_the_short_answer() -> None:
    done = run("decide", *FILES, *QUESTION)
    assert done.err == ""
    answer, command = done.out.split("  why in full\n")
    assert answer == (
        "✗ HELD by the burden of proof: train of halcyon-4\n"
        "  asked        as of 2026-11-25T00:00:00Z, checkpoint sha256:be8157b3a660…\n"
        "  by           halcyon-scaling-policy 1.0\n"
        "  because      hold-training is active: it is open whether `autonomy-3` is\n"
        "               reached (missing: nothing that counts is recorded), which counts\n"
        "               as active, since the burden of proof is on the developer\n"
        "  released by  an evaluator: an evaluation of halcyon/autonomy with\n"
        "               chain-of-thought, tools, with an upper bound below 50%\n"
        "               (`autonomy.task-success` is below 50% at 95% confidence)\n"
        "  good until   2027-06-21T00:00:00Z: then duty `assess-capabilities` is overdue,\n"
        "               unless it is performed before\n"
    )
    assert command.startswith("    interlock explain ")


@pytest.mark.parametrize("folder", ["developer", "challenger"], indirect=True)
def test_the_exit_code_is_the_outcome_and_the_page_says_the_same(folder: Path) -> None:
    """By burden of proof an open `when` holds (3) or not (6); evidence decides otherwise (1, 0)."""
    by_developer = "burden-of-proof: developer" in (folder / "p.yaml").read_text(encoding="utf-8")
    done = ask(folder, "decide", "train")
    assert done.exit == (3 if by_developer else 6)
    assert done.out.startswith(
        "✗ HELD by the burden of proof" if by_developer else "✓ PERMITTED by the burden of proof"
    )
    bears = "the developer" if by_developer else "whoever wants it held"
    assert f"since the burden of proof is on {bears}" in words(done.out)
    done = ask(folder, "decide", "train", TIME_HORIZON)
    assert done.exit == 0
    assert done.out.startswith("✓ PERMITTED by evidence: train of m\n")
    done = ask(folder, "decide", "share-weights", measured("2e26 FLOP"))
    assert done.exit == 1
    assert done.out.startswith("✗ HELD by evidence: share-weights of m\n")


def measured(value: str, **bounds: str) -> dict[str, object]:
    data = {"quantity": "effective-compute", "value": value, "estimator": "ours", **bounds}
    subject = {"model": "m"}
    return {"event": "quantity.measured", "occurred": "2026-02-04T00:00:00Z", "subject": subject, "data": data}


@pytest.mark.parametrize("action", ["train", "store", "share-weights", "release-weights", "deploy.internal", "deploy"])
@pytest.mark.parametrize("verb", ["decide", "explain"])
def test_text_and_json_come_to_the_same(folder: Path, verb: str, action: str) -> None:
    text = ask(folder, verb, action)
    files = ("--policy", str(folder / "p.yaml"), "--events", str(folder / "e.jsonl"))
    asked = ("--model", "m", "--action", action, "--as-of", "2026-03-01", "--json")
    decision = run(verb, *files, *asked)
    value = json.loads(decision.out)
    assert (decision.exit, decision.err) == (text.exit, "")
    assert value["shape"] == "interlock.decision/1"
    assert value["engine"].startswith("interlock ")
    assert text.out.split()[1].lower() == value["outcome"]


def test_an_action_that_nothing_binding_forbids_says_so(folder: Path) -> None:
    done = ask(folder, "decide", "deploy.external.public")
    assert done.exit == 0
    assert done.out.startswith("✓ PERMITTED as nothing restricts it: deploy.external.public of m\n")
    assert "no binding restriction of the policy could ever forbid it" in done.out
    assert "No restriction of the policy is about this action." in ask(folder, "explain", "deploy.external.public").out


def test_a_weaker_item_is_shown_as_tracked_and_holds_nothing(folder: Path) -> None:
    done = ask(folder, "explain", "deploy.internal.wide")
    assert done.exit == 0
    assert "· active watch-wide-use" in done.out
    assert "It is tracked and never holds anything: aim." in done.out


def test_what_no_one_can_change_has_no_way_out(folder: Path) -> None:
    done = ask(folder, "explain", "release-weights")
    assert done.exit == 3
    assert "Nothing that somebody could do or record would make it PERMITTED" in done.out
    assert "the policy's text does not say yet what this is" in words(done.out)
    assert "as the restriction presumes" in words(done.out)


def test_roles_that_have_not_spoken_are_named(folder: Path) -> None:
    said = {
        "event": "determination.made",
        "occurred": "2026-02-03T00:00:00Z",
        "actor": "ann",
        "role": "rso",
        "subject": {"model": "m"},
        "data": {"judged": "dangerous", "value": True},
    }
    done = ask(folder, "explain", "store", said)
    assert "✓ true    rso: event 2 by ann, 2026-02-03" in done.out
    assert "? unknown board has not spoken (awaiting board)" in done.out
    assert "Board (`board`): a determination that dangerous is false" in words(done.out)


def test_an_estimate_is_shown_in_the_unit_that_is_asked_for(folder: Path) -> None:
    """100 minutes are 5/3 hours, rounded down to 1.66; 8 hours are asked for."""
    shown = words(ask(folder, "explain", "train", TIME_HORIZON).out)
    assert "3 hours observed, bounds 1.66 hours to 5 hours (each one-sided at 95%); asked: at least 8 hours" in shown


def test_an_observed_value_without_confidence_comes_with_its_bounds(folder: Path) -> None:
    """2 of 30 is 6.66…% observed, above 5 %. The bounds, 1.1976 % and 19.5326 % by bisection, leave it open."""
    event = {
        "event": "evaluation.completed",
        "occurred": "2026-02-03T00:00:00Z",
        "subject": {"model": "m"},
        "data": {"measure": "harm", "suite": "acme/harm", "successes": 2, "trials": 30},
    }
    done = ask(folder, "explain", "deploy.internal.research", event)
    shown = words(done.out)
    assert done.exit == 1
    assert "≈6.67% observed, bounds 1.19% to 19.54% (each one-sided at 95%); asked: at most 5%" in shown
    assert "point-estimate" in shown
    assert "✓ true all of these: ✓ true not this: ✗ false the observed `harm` is at most 5%" in shown


def test_a_quantity_is_shown_with_its_interval_and_its_event(folder: Path) -> None:
    shown = words(
        ask(folder, "explain", "share-weights", measured("9e25 FLOP", lower="8e25 FLOP", upper="2e26 FLOP")).out
    )
    assert "9e25 FLOP [8e25 FLOP to 2e26 FLOP] by ours: event 2, 2026-02-04" in shown
    assert "imprecise: the bounds leave it open" in shown


def test_an_event_that_happened_is_named(folder: Path) -> None:
    shown = words(ask(folder, "explain", "deploy.internal.wide").out)
    assert "by event 1 (training.started, 2026-02-02)" in shown


def test_why_an_evaluation_does_not_count_is_said(folder: Path) -> None:
    """An asserted estimate can show that a threshold is reached, never rule it out."""
    data = {"measure": "speed", "suite": "acme/speed", "estimate": "3 hours", "upper": "5 hours", "confidence": "95%"}
    asserted = TIME_HORIZON | {"data": data}
    done = ask(folder, "explain", "train", asserted)
    assert done.exit == 3
    assert "does not count: an estimate without its method or its log (asserted)" in words(done.out)


def test_an_explanation_fits_eighty_columns() -> None:
    for action in ("train", "deploy", "deploy.external.public", "release-weights"):
        done = run("explain", *FILES, "--model", "halcyon-4", "--action", action, "--as-of", "2026-11-25")
        too_wide = [row for row in done.out.splitlines() if len(row) > 80 and "sha256:" not in row and "/" not in row]
        assert not too_wide


def test_another_time_of_knowledge_is_shown() -> None:
    done = run("decide", *FILES, *QUESTION, "--known-at", "2026-11-24T12:00:00Z")
    assert "as of 2026-11-25T00:00:00Z, by what was known at 2026-11-24T12:00:00Z" in words(done.out)


def test_in_a_workspace_the_record_is_read_and_the_commands_stay_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("demo", "--into", str(tmp_path / "ws"))
    monkeypatch.chdir(tmp_path / "ws")
    inside = run("decide", *QUESTION)
    monkeypatch.chdir(tmp_path)
    outside = run("decide", *QUESTION, "--workspace", "ws")
    assert inside.exit == outside.exit == 0
    assert inside.out.splitlines()[-1] == "    interlock explain --model halcyon-4 --action train --as-of 2026-11-25"
    assert words(outside.out).endswith("--as-of 2026-11-25 \\ --workspace ws") or "--workspace ws" in outside.out
    explained = run("explain", *QUESTION, "--workspace", "ws")
    assert "interlock record FILE --workspace ws" in explained.out


def test_a_workspace_beside_files_is_refused(tmp_path: Path) -> None:
    done = run("decide", *FILES, *QUESTION, "--workspace", str(tmp_path))
    assert (done.exit, done.out) == (2, "")


def test_two_policies_are_both_named(tmp_path: Path) -> None:
    text = (HALCYON / "policy.yaml").read_text(encoding="utf-8")
    (tmp_path / "law.yaml").write_text(
        text.replace("policy: halcyon-scaling-policy", "policy: other-promise", 1), encoding="utf-8"
    )
    done = run("decide", *FILES, "--policy", str(tmp_path / "law.yaml"), *QUESTION)
    assert "halcyon-scaling-policy 1.0, other-promise 1.0" in words(done.out)


def test_connectives_are_said_in_words_with_what_each_part_comes_to(folder: Path) -> None:
    shown = words(ask(folder, "explain", "deploy.external.trusted", measured("1e26 FLOP")).out)
    assert (
        "? unknown at least one of these: ? unknown at least 2 of these: ✓ true an event"
        " `training.started` is recorded by event 1 (training.started, 2026-02-02)"
    ) in shown
    assert "✗ false an event `weights.stored` is recorded ? unknown" in shown
    assert "? unknown standard `safe` is met" in shown
    assert "until ✗ false document `report` is published" in shown


def test_more_ways_than_are_listed_are_said_to_exist(folder: Path) -> None:
    """Each way needs two of six words and a seventh, and only sixteen are given."""
    judged = ", ".join(f"{{judged: q-{n}, by: [rso]}}" for n in range(7))
    text = (folder / "p.yaml").read_text(encoding="utf-8")
    restriction = f"  hold-it: {{forbids: [deploy.external.limited], when: {{at-least: {{n: 4, of: [{judged}]}}}}}}\n"
    (folder / "p.yaml").write_text(text + restriction, encoding="utf-8")
    done = ask(folder, "explain", "deploy.external.limited")
    assert "There are further ways" in done.out
    assert "or more other ways" in words(ask(folder, "decide", "deploy.external.limited").out)


@pytest.mark.parametrize(("judged", "tail"), [(True, "which hold it as well"), (False, "which do not hold it either")])
def test_the_short_answer_stays_short_where_many_restrictions_bear(folder: Path, *, judged: bool, tail: str) -> None:
    text = (folder / "p.yaml").read_text(encoding="utf-8")
    many = "".join(
        f"  hold-{n}: {{forbids: [deploy.external.limited], when: {{event: training.started}}}}\n"
        if judged
        else f"  hold-{n}: {{forbids: [deploy.external.limited], when: {{event: weights.stored}}}}\n"
        for n in range(60)
    )
    (folder / "p.yaml").write_text(text + many, encoding="utf-8")
    done = ask(folder, "decide", "deploy.external.limited")
    assert f"and 57 more, {tail}" in done.out
    assert len(done.out.split("  why in full\n")[0].splitlines()) <= 15


def test_a_compute_that_is_asked_for_is_shown() -> None:
    done = run("explain", *FILES, *QUESTION, "--at-compute", "9e25 FLOP")
    assert "compute at an effective compute of 9e25 FLOP" in words(done.out)


def test_a_permission_whose_time_is_over_is_told_apart(tmp_path: Path) -> None:
    """90 days after the approval of 24 November are over on 22 February."""
    run("demo", "--into", str(tmp_path / "ws"))
    assert run("record", str(HALCYON / "approval.yaml"), "--workspace", str(tmp_path / "ws")).exit == 0
    asked = ("--model", "halcyon-4", "--action", "deploy.external.public", "--workspace", str(tmp_path / "ws"))
    within = run("explain", *asked, "--as-of", "2027-02-22")
    assert within.exit == 0
    assert "lifted by permission interim-safeguards, in force until 2027-02-22T09:40:00Z" in words(within.out)
    after = run("explain", *asked, "--as-of", "2027-02-23")
    assert after.exit == 1
    assert "interim-safeguards, not in force: its condition holds, and its time is over" in words(after.out)


LAW = """\
interlock: 1
policy: law
version: "1"
issuer: State
title: A Law
effective: 2026-01-01
applies-to: {quantity: training-compute, more-than: 1e26 FLOP}
restrictions:
  hold-training: {forbids: [train], when: {event: training.started}}
"""


def test_a_law_that_does_not_bind_says_so_and_not_that_its_condition_is_false(folder: Path) -> None:
    (folder / "p.yaml").write_text(LAW, encoding="utf-8")
    small = measured("1e25 FLOP") | {"data": {"quantity": "training-compute", "value": "1e25 FLOP"}}
    done = ask(folder, "explain", "train", small)
    shown = words(done.out)
    assert done.exit == 0
    assert "Here training compute is at most 1e26 FLOP or no event `training.started` is recorded" in shown
    assert "✗ false the policy binds this developer and `when` holds:" in shown


def test_text_of_files_cannot_steer_the_terminal(folder: Path) -> None:
    sneaky = {
        "event": "determination.made",
        "occurred": "2026-02-03T00:00:00Z",
        "actor": "ann\u001b[2J",
        "role": "rso",
        "subject": {"model": "m"},
        "data": {"judged": "dangerous", "value": True},
    }
    done = ask(folder, "explain", "store", sneaky)
    assert "\x1b" not in done.out + done.err
