"""Questions as people type them, read into the engine's (LANGUAGE 8 and 9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from interlock.app.errors import OptionRefused
from interlock.engine import Question
from interlock.terms import MalformedError, parse_digest, parse_instant, parse_quantity

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedQuestion:
    """A question as typed: texts, None where an option was left out."""

    model: str
    action: str
    as_of: str | None = None
    known_at: str | None = None
    weights: str | None = None
    at_compute: str | None = None


def read_question(typed: TypedQuestion, *, now: datetime | None) -> Question:
    """Return the question; OptionRefused names the option at fault.

    `now` is the `as-of` of a question that states none; None where one must be stated, so that others get the same
    answer from the same files.
    """
    as_of = now if typed.as_of is None else _read("--as-of", typed.as_of, parse_instant)
    if as_of is None:
        msg = "a question on files alone needs `--as-of`: the time that the answer is for"
        raise OptionRefused(msg, advice="add for instance `--as-of 2026-03-01` (the start of that day, UTC)")
    return Question(
        model=typed.model,
        action=typed.action,
        as_of=as_of,
        known_at=None if typed.known_at is None else _read("--known-at", typed.known_at, parse_instant),
        weights=None if typed.weights is None else _read("--weights", typed.weights, parse_digest),
        at_compute=None if typed.at_compute is None else _read("--at-compute", typed.at_compute, parse_quantity),
    )


def _read(option: str, text: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except MalformedError as error:
        raise OptionRefused(f"{option}: {error.message}", advice=error.advice) from None
