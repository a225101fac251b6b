"""What is fuzzed: functions that take bytes, and fail only where interlock does.

A target reads its bytes as a file that anyone may send. The refusals that are declared count as an answer; everything
else that is raised is a finding, and so is a promise that does not hold: that what is sound reads back from its
canonical form, and that whatever is said of it goes to a terminal without harm. Nothing here needs atheris, so that
the tests run every file of the corpus through the same functions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, get_args

from interlock.engine import (
    EngineError,
    Question,
    decide,
    decision_to_json,
    duties,
    duties_to_json,
    exit_code,
    replay,
    replay_to_json,
)
from interlock.notation import FaultsError
from interlock.policy import Condition, Policy, condition_text, decode, decode_all, describe, formatted, in_words
from interlock.record import Event, read_events
from interlock.terms import ACTIONS, Quantity, canonical_json

SEPARATOR: Final = b"\n=====\n"
"""Stands between a policy and the record that a question is asked of."""
_WIDTH: Final = 80
_INSTANTS: Final = (datetime(2025, 3, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
_ASKED: Final = ("train", "deploy", "store")
_CONDITIONS: Final = get_args(Condition)

CONTEXT: Final = """\
interlock: 1
policy: fuzzed
version: "1"
issuer: Brook
title: Names for a condition
effective: 2025-01-01
roles:
  rso: {title: Officer, side: developer}
  board: {title: Board, side: oversight}
measures:
  run: {statistic: proportion, suite: brook/run}
thresholds:
  t-run: {reached-when: {measure: run, at-least: 50%}}
standards:
  security: {controls: {vault: {attested-by: rso}}}
restrictions:
  hold: {forbids: [train], when: {reached: t-run}}
permissions:
  interim: {lifts: [hold], when: {approved: plan, by: rso}}
duties:
  assess: {must: assess, every: {time: 6 months}}
documents:
  plan: {submitted-by: rso}
claims:
  safe: {title: it is safe}
terms:
  large: {means: {quantity: training-compute, more-than: 1e26 FLOP}}
pledges:
  kept:
    maintain: """


class Broken(AssertionError):  # noqa: N818 - a promise is broken
    """A promise of interlock does not hold."""


def hold(kept: object, promise: str) -> None:
    """Raise Broken where a promise is not kept."""
    if not kept:
        raise Broken(promise)


def policy(content: bytes) -> None:
    """Read a policy in YAML."""
    _policy(content, "policy.yaml")


def markdown(content: bytes) -> None:
    """Read a policy in Markdown."""
    _policy(content, "policy.md")


def _policy(content: bytes, file: str) -> None:
    try:
        read = decode(content, file=file)
    except FaultsError as error:
        _check_faults(error)
        return
    for condition in _conditions_of(read):
        in_words(condition, read)
        hold(condition_text(condition).isprintable(), "a condition is written on one line of printable characters")
    describe(read)
    written = formatted(content, file=file)
    again = decode(written, file=file)
    hold(replace(again, digest=read.digest) == read, "the canonical form reads as the same policy")
    hold(formatted(written, file=file) == written, "the canonical form is its own")


def condition(content: bytes) -> None:
    """Read a condition on one line, and its canonical text."""
    text = content.decode("utf-8", errors="replace")
    try:
        read = _maintained(text)
    except FaultsError as error:
        _check_faults(error)
        return
    written = condition_text(read)
    again = _maintained(f"{written}\n")
    hold(again == read, "a condition reads back from its text")
    hold(condition_text(again) == written, "the text of a condition is canonical")


def _maintained(text: str) -> Condition:
    return decode(CONTEXT + text, file="policy.yaml").pledges["kept"].maintain


def lines(content: bytes) -> None:
    """Read a record of JSON Lines."""
    _record(content, "events.jsonl")


def events(content: bytes) -> None:
    """Read a record in YAML."""
    _record(content, "events.yaml")


def _record(content: bytes, file: str) -> None:
    try:
        read = read_events([(file, content)])
    except FaultsError as error:
        _check_faults(error)
        return
    stored = b"".join(canonical_json(dict(event.source)) + b"\n" for event in read)
    again = read_events([("stored.jsonl", stored)])
    hold([one.digest for one in again] == [one.digest for one in read], "what is stored reads back")
    said = [_without_spelling(one.payload) for one in read]
    hold([_without_spelling(one.payload) for one in again] == said, "what is stored says the same")


def _without_spelling(value: object) -> object:
    """Return a payload without the words that its numbers were stated in: `1.5e3` is stored as `1500`."""
    if isinstance(value, Quantity):
        return value.magnitude, value.dimension
    if is_dataclass(value):
        return type(value), [_without_spelling(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return {key: _without_spelling(one) for key, one in value.items()}
    return [_without_spelling(one) for one in value] if isinstance(value, list | tuple) else value


def decisions(content: bytes) -> None:
    """Ask everything of a policy and a record."""
    stated, _, happened = content.partition(SEPARATOR)
    try:
        policies = decode_all([("policy.yaml", stated)])
        hold(len(policies) == 1, "a file that has no fault is a policy")
        record = read_events([("events.yaml", happened)])
    except FaultsError as error:
        _check_faults(error)
        return
    for as_of in _INSTANTS:
        for model in _models(record):
            for action in _ASKED:
                _answer(partial(_decided, policies, record, Question(model=model, action=action, as_of=as_of)))
        _answer(partial(_owed, policies, record, as_of))
    _answer(partial(_replayed, policies, record, _INSTANTS[-1]))


def _decided(policies: Sequence[Policy], record: Sequence[Event], question: Question) -> dict[str, Any]:
    decision = decide(policies, record, question)
    hold(exit_code(decision) in {0, 1, 3, 6}, "an answer has the exit code of one")
    hold(question.action in ACTIONS, "only actions are decided on")
    return decision_to_json(decision, engine="fuzz")


def _owed(policies: Sequence[Policy], record: Sequence[Event], as_of: datetime) -> dict[str, Any]:
    return duties_to_json(duties(policies, record, as_of), engine="fuzz")


def _replayed(policies: Sequence[Policy], record: Sequence[Event], as_of: datetime) -> dict[str, Any]:
    return replay_to_json(replay(policies, record, as_of), engine="fuzz")


def _answer(ask: Callable[[], dict[str, Any]]) -> None:
    """Hold an answer to being JSON and the same when it is asked for again; a declared refusal is an answer too."""
    try:
        first = canonical_json(ask())
    except EngineError:
        return
    hold(canonical_json(ask()) == first, "the same question has the same answer")


def _models(record: Iterable[Event]) -> Sequence[str]:
    return sorted({event.subject.model for event in record if event.subject.model})[:2]


def _conditions_of(value: object) -> Iterable[Condition]:
    """Yield the conditions of a policy wherever they stand, the outermost of each."""
    if isinstance(value, _CONDITIONS):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _conditions_of(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _conditions_of(one)


def _check_faults(error: FaultsError) -> None:
    hold(error.faults, "a refusal names a fault")
    hold(error.total >= len(error.faults), "the total counts every fault")
    for line in error.draw().split("\n"):
        hold(_columns(line) <= _WIDTH, "a fault is drawn within 80 columns")
        hold(all(char >= " " and char != "\x7f" for char in line), "no control character goes to a terminal")
    for fault in error.faults:
        hold(fault.span.line >= 1 and fault.span.column >= 1, "a fault has its place")
        hold(fault.message, "a fault says what is wrong")


def _columns(line: str) -> int:
    """Return how many columns a terminal takes for a line."""
    drawn = [char for char in line if unicodedata.category(char) not in {"Mn", "Me", "Cf"}]
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in drawn)


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "policy": policy,
    "markdown": markdown,
    "condition": condition,
    "events": events,
    "lines": lines,
    "decide": decisions,
}
"""The targets by name; each has a folder of the corpus."""
