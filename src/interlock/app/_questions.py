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
    readings: tuple[str, ...] = ()
    """Readings to be assumed ruled, each `TERM=READING`."""


def read_question(typed: TypedQuestion, *, now: datetime | None) -> Question:
    """Return the question; OptionRefused names the option at fault.

    `now` is the `as-of` of a question that states none; None where one must be stated, so that others get the same
    answer from the same files.
    """
    return Question(
        model=typed.model,
        action=typed.action,
        as_of=read_as_of(typed.as_of, now=now),
        known_at=read_instant("--known-at", typed.known_at),
        weights=None if typed.weights is None else _read("--weights", typed.weights, parse_digest),
        at_compute=None if typed.at_compute is None else _read("--at-compute", typed.at_compute, parse_quantity),
    )


def read_as_of(text: str | None, *, now: datetime | None) -> datetime:
    """Return the time that an answer is for: as typed, else `now`; OptionRefused where there is neither."""
    as_of = now if text is None else read_instant("--as-of", text)
    if as_of is None:
        msg = "a question on files alone needs `--as-of`: the time that the answer is for"
        raise OptionRefused(msg, advice="add for instance `--as-of 2026-03-01` (the start of that day, UTC)")
    return as_of


def read_instant(option: str, text: str | None) -> datetime | None:
    """Return the instant that an option states, None where it was left out; OptionRefused names the option."""
    return None if text is None else _read(option, text, parse_instant)


def _read(option: str, text: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except MalformedError as error:
        raise OptionRefused(f"{option}: {error.message}", advice=error.advice) from None
