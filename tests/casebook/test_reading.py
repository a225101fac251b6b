from __future__ import annotations

import time

import pytest

from interlock.casebook import read_casebook
from interlock.engine import Question
from interlock.notation import FaultsError
from interlock.terms import digest_of_bytes
from tests.casebook.books import BACKGROUND, faults_of, run

CASE = "  - {says: it, ask: {decide: {action: train}}, expect: {outcome: held}}\n"


def book(**changed: str) -> str:
    """Return a file with one case, some of its keys changed."""
    keys = {"says": "it", "ask": "{decide: {action: train}}", "expect": "{outcome: held}"} | changed
    return f"{BACKGROUND}cases:\n  - {{{', '.join(f'{key}: {value}' for key, value in keys.items())}}}\n"


@pytest.mark.parametrize(
    ("text", "message", "nearest"),
    [
        ("casse: []", "a file of cases has no `casse`", "cases"),
        (book(sayz="x"), "a case has no `sayz`", "says"),
        (book(ask="{decides: {action: train}}"), "`ask` has no `decides`", "decide"),
        (book(ask="{decide: {acton: train}}"), "`decide` has no `acton`", "action"),
        (book(ask="{duties: {as-off: 2025-03-01}}"), "`duties` has no `as-off`", "as-of"),
        (book(ask="{replay: {undr: x}}"), "`replay` has no `undr`", "under"),
        (book(expect="{outcom: held}"), "`expect` has no `outcom`", "outcome"),
        (book(expect="{outcome: helt}"), "`helt` is not an outcome", "held"),
        (book(expect="{restrictions: {hold: lifteb}}"), "`lifteb` is not a state of a restriction", "lifted"),
        (
            book(ask="{duties: {}}", expect="{duties: {assess: overdu}}"),
            "`overdu` is not a state of a duty",
            "overdue",
        ),
        (book(ask="{replay: {}}", expect="{departures: [{kind: held-act}]}"), "`held-act` is not", "held-action"),
        (book(events="[{training.statred: {}, occurred: 2025-02-02}]"), "no `training.statred`", "training.started"),
        (book(events="[{training.started: {}, occurrd: 2025-02-02}]"), "no `occurrd`", "occurred"),
        (
            book(events="[{duty.performed: {dutty: assess}, occurred: 2025-02-02}]"),
            "`duty.performed` has no field `dutty`",
            "duty",
        ),
        ("defaults: {modl: m}\ncases:\n" + CASE, "`defaults` has no `modl`", "model"),
    ],
)
def test_what_is_misspelled_is_a_fault_at_its_place_with_the_nearest_name(
    text: str, message: str, nearest: str
) -> None:
    fault = next(one for one in faults_of(text) if message in one.message)
    assert fault.nearest == nearest
    drawn = text.splitlines()[fault.span.line - 1]
    assert fault.line_text == drawn
    assert drawn[fault.span.column - 1 :].startswith(message.split("`")[-2])


@pytest.mark.parametrize(
    ("expect", "ask", "message", "nearest"),
    [
        (
            "{because: hodl}",
            "{decide: {action: train}}",
            "no policy of these cases has the deciding item `hodl`",
            "hold",
        ),
        ("{because: {only: [graze]}}", "{decide: {action: train}}", "deciding item `graze`", "grace"),
        ("{restrictions: {hodl: active}}", "{decide: {action: train}}", "the restriction `hodl`", "hold"),
        ("{duties: {assesz: open}}", "{duties: {}}", "the duty `assesz`", "assess"),
        ("{pledges: {effrt: kept}}", "{duties: {}}", "the pledge `effrt`", "effort"),
        ("{departures: [{kind: duty-late, id: assesz}]}", "{replay: {}}", "the departing item `assesz`", "assess"),
        ("{departures: {only: []}}", "{replay: {under: acme@2}}", "the version `acme@2`", "acme@1"),
    ],
)
def test_an_item_that_the_policy_does_not_have_is_a_fault(expect: str, ask: str, message: str, nearest: str) -> None:
    [fault] = faults_of(book(ask=ask, expect=expect), run_too=True)
    assert message in fault.message
    assert fault.nearest == nearest


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cases: []", "there is no case here"),
        ("cases: 3", "`cases` is `3`"),
        ("[]", "a file of cases is a list"),
        ("cases: [3]", "a case is `3`"),
        ("cases: [{}]", "a case has no `says`"),
        (book() + CASE, "another case says the same"),
        (book(says="null"), "this is `null`"),
        (book(says="true"), "this is `true`"),
        (book(says='""'), "this is nothing"),
        (book(expect="{}"), "nothing is expected here"),
        (book(expect="{because: []}"), "this list is empty, so that nothing is expected"),
        (book(expect="{outcome: held, refused: true}"), "a question that is refused has no answer"),
        (book(expect="{refused: false}"), "every other expectation says that it is not refused"),
        (book(expect="{by-default: maybe}"), "`maybe` is no truth value"),
        (book(ask="{}"), "`ask` states nothing"),
        (book(ask="{decide: {action: train}, duties: {}}"), "`ask` states `decide` and `duties`"),
        (book(ask="{decide: {action: train, as-of: soon}}"), "`soon` is not an instant"),
        (book(ask="{decide: {action: train, weights: sha256:UPPER}}"), "is not a digest"),
        (book(ask="{decide: {action: train, at-compute: much}}"), "`much` is not a quantity"),
        (
            book(ask="{duties: {}}", expect="{duties: {assess: {late-by: soon}}}"),
            "`soon` is no length of time",
        ),
        (book(events="{}"), "`events` is an empty mapping"),
        (book(events="[3]"), "an event is `3`"),
        (
            book(events="[{training.started: {}, weights.stored: {}, occurred: 2025-02-02}]"),
            "an event is of two kinds",
        ),
        (
            book(events="[{training.started: {}, model: m, subject: {model: m}, occurred: 2025-02-02}]"),
            "the event states its subject twice",
        ),
        (book(events="[{training.started: {}, name: 0, occurred: 2025-02-02}]"), "by its index or digest"),
        (
            book(
                events="[{training.started: {}, name: a, occurred: 2025-02-02}, "
                "{training.paused: {}, name: a, occurred: 2025-02-03}]"
            ),
            "`a` names another event already",
        ),
        (
            book(events="[{evaluation.withdrawn: {evaluation: gone, reason: x}, occurred: 2025-02-02}]"),
            "no event of this case is named `gone`",
        ),
        ("defaults: {model: m}\ncases:\n" + CASE, "the question has no `as-of`, nor have the defaults"),
        ("defaults: {as-of: 2025-03-01}\ncases:\n" + CASE, "the question has no `model`, nor have the defaults"),
        ("cases:\n" + CASE.replace("says", "says: a, says"), "`says`"),
        (b"cases: \xff", "is not UTF-8"),
        ("", "the file says nothing"),
        ("cases: !!python/object:os.system {}", "tag"),
        ("cases: " + "[" * 100 + "]" * 100, "nest"),
        ("cases: &a [*a]", "alias"),
        ("says: \u202e", "is not allowed"),
    ],
)
def test_what_is_malformed_is_a_fault_and_never_ignored(text: str | bytes, message: str) -> None:
    found = faults_of(text)
    assert any(message in fault.message for fault in found), [fault.message for fault in found]


def test_all_faults_of_a_file_are_reported_at_once() -> None:
    text = book(expect="{outcom: held}") + "  - {says: other, ask: {decide: {acton: train}}, expect: {refused: true}}\n"
    assert [fault.span.line for fault in faults_of(text)] == [6, 7, 7]


def test_a_fault_in_the_background_is_reported_once_however_many_cases_there_are() -> None:
    background = BACKGROUND + "  - {training.started: {wat: 1}, occurred: 2025-02-02}\n"
    cases = "".join(CASE.replace("it", f"it {number}") for number in range(20))
    [fault] = faults_of(f"{background}cases:\n{cases}")
    assert fault.span.line == 5


@pytest.mark.slow
def test_an_alias_bomb_is_refused() -> None:
    lines = ["a: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"b{n}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]" for n in range(8)]
    started = time.monotonic()
    assert faults_of("\n".join([*lines, "cases: *a8"]))
    assert time.monotonic() - started < 5


@pytest.mark.slow
def test_five_thousand_cases_are_read_in_seconds() -> None:
    cases = "".join(CASE.replace("it", f"it {number}") for number in range(5000))
    started = time.monotonic()
    assert len(read_casebook(f"{BACKGROUND}cases:\n{cases}", file="big.cases.yaml").cases) == 5000
    assert time.monotonic() - started < 30


def test_a_file_of_ten_megabytes_is_refused_quickly() -> None:
    started = time.monotonic()
    with pytest.raises(FaultsError, match="larger than"):
        read_casebook(b"cases: [" + b"x" * 10_000_001, file="big.cases.yaml")
    assert time.monotonic() - started < 2


def test_short_forms_stand_for_events_as_the_record_reads_them() -> None:
    text = """\
defaults: {model: m, as-of: 2025-03-01, actors: {ceo: clara}, actor: someone}
events: [{model.registered: {}, occurred: 2025-02-01}]
cases:
  - says: it
    events:
      - {evaluation.completed: {measure: run, suite: s, successes: 1, trials: 2}, occurred: 2025-02-02, name: first}
      - {evaluation.withdrawn: {evaluation: first, reason: wrong}, occurred: 2025-02-03}
      - {document.submitted: {document: plan, digest: sha256:plan, evidence: [first]}, role: ceo, occurred: 2025-02-04}
      - {quantity.measured: {quantity: share, value: 20%}, developer: Acme, occurred: 2025-02-05T12:00:00Z}
      - event: training.started
        occurred: 2025-02-06
        subject: {model: other, weights: sha256:first}
        actor: tomas
    ask: {decide: {action: train, weights: sha256:first}}
    expect: {refused: true}
"""
    [case] = read_casebook(text, file="acme.cases.yaml").cases
    registered, run_event, withdrawn, submitted, measured, started = case.events
    assert [event.index for event in case.events] == [0, 1, 2, 3, 4, 5]
    assert registered.subject.model == "m"
    assert registered.actor == "someone"
    assert withdrawn.source["data"]["evaluation"] == 1 == run_event.index
    plan = digest_of_bytes(b"plan")
    assert (submitted.source["data"]["digest"], submitted.source["data"]["evidence"]) == (plan, [1])
    assert (submitted.role, submitted.actor) == ("ceo", "clara")
    assert measured.subject.developer == "Acme"
    assert submitted.source["occurred"] == "2025-02-04T00:00:00Z"
    assert (started.subject.model, started.subject.weights) == ("other", digest_of_bytes(b"first"))
    assert started.actor == "tomas"
    assert isinstance(case.ask, Question)
    assert case.ask.weights == digest_of_bytes(b"first")


def test_an_event_whose_name_the_policy_does_not_have_fails_its_case() -> None:
    events = "[{determination.made: {judged: safe-for-nwo, value: true}, role: board, occurred: 2025-02-20}]"
    one = run("{decide: {action: train}}", "{outcome: held}", events)
    assert [mismatch.what for mismatch in one.mismatches] == ["events"]
    assert "safe-for-now" in one.mismatches[0].got
    assert run("{decide: {action: train}}", "{outcome: held, findings: speaks-to-nothing}", events).passed
