"""Readers of single values: names, labels, texts, digests, instants, quantities, counts (LANGUAGE 1 and 3.1).

A reader takes a JSON value and its place, and returns the value read, or reports a problem there and returns None.
Nothing is converted that was not stated: no number from text, no truth value from a word, nothing from null.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final, TypeVar

from interlock.notation import ExactFloat, shown
from interlock.record._problems import At
from interlock.terms import (
    DEPLOYMENT_CLASSES,
    HAZARDS,
    PLAIN,
    MalformedError,
    Quantity,
    leaf_actions,
    parse_date,
    parse_digest,
    parse_instant,
    parse_quantity,
)

T = TypeVar("T")
Reader = Callable[[Any, At], Any]
"""Takes a JSON value and its place; returns what it says, never None, or reports a problem and returns None."""

NAME: Final = "a name of letters, digits and `.`, `-`, `_`, `/`, `:`, at most 128, that begins with a letter or digit"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}", re.ASCII)
_LABEL: Final = "one line of text, at most 200 characters, without invisible ones"
_LONGEST_LABEL: Final = 200
_LONGEST_TEXT: Final = 20_000
_LARGEST_INTEGER: Final = 2**53 - 1
_CARRIED_DIGITS: Final = 15
_DATE_LENGTH: Final = len("2025-01-01")
_INSTANT: Final = "an instant with its zone, such as `2025-03-01T12:00:00Z`"
_DAY_OR_INSTANT: Final = "a day such as `2027-06-30`, or an instant with its zone"
_QUANTITY: Final = "a quantity such as `1e26 FLOP` or `50%`, or a plain number"
_MARGIN: Final = "a factor above 1x, such as `6x`"
_NEVER_NEGATIVE: Final = frozenset({"compute", "time", "people", "tokens", "parameters"})


def name(value: Any, at: At) -> str | None:
    """Read the name of an item of a policy, a model, a suite: ASCII, so that no two names look alike."""
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    at.refuse(value, NAME)
    return None


def label(value: Any, at: At) -> str | None:
    """Read what a person or an organisation is called: one line of any script.

    Only the composed form of a character is taken, and no space that can't be seen, lest two spellings that look the
    same count as two persons.
    """
    if (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST_LABEL
        and value.isprintable()
        and value == " ".join(value.split())
        and unicodedata.is_normalized("NFC", value)
    ):
        return value
    at.refuse(value, _label_expected(value))
    return None


def _label_expected(value: Any) -> str:
    """Return what was expected of a label: why this one is none, where it is a text that says something."""
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_LABEL:
        return _LABEL
    if not value.isprintable():
        return "one line of text without characters that can't be seen"
    if value != " ".join(value.split()):
        return "a text with single spaces between its words, and none around them"
    return "a text whose accents are one character with their letters (Unicode's form NFC)"


def text(value: Any, at: At) -> str | None:
    """Read prose, perhaps of several lines, without control and bidirectional characters."""
    if not isinstance(value, str) or not value.strip():
        at.refuse(value, "a text")
        return None
    if len(value) > _LONGEST_TEXT:
        at.report(f"{at.label} has {len(value)} characters", expected=f"at most {_LONGEST_TEXT}")
        return None
    if any(shown(line, length=len(line) + 1) != line for line in value.split("\n")):
        at.refuse(value, "a text without control and bidirectional characters")
        return None
    return value


def label_or_number(value: Any, at: At) -> str | int | float | None:
    """Read a grade or a severity: a label or a number."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        at.refuse(value, "a label or a number")
        return None
    return label(value, at)


def digest(value: Any, at: At) -> str | None:
    """Read a digest."""
    return _parsed(parse_digest, value, at, "a digest: `sha256:` and 64 lower-case hexadecimal digits")


def instant(value: Any, at: At) -> datetime | None:
    """Read an instant; a bare date is refused, since it leaves open which instant of which day is meant."""
    if isinstance(value, str) and len(value) == _DATE_LENGTH:
        at.refuse(value, _INSTANT)
        return None
    return _parsed(parse_instant, value, at, _INSTANT)


def day_or_instant(value: Any, at: At) -> datetime | None:
    """Read a target day, which stands for its first instant in UTC, or an instant."""
    return _parsed(parse_instant, value, at, _DAY_OR_INSTANT)


def day_or_instant_as_stated(value: Any, at: At) -> date | datetime | None:
    """Read a day, which stays a day (where it ends is for a policy's time zone to say), or an instant."""
    if isinstance(value, str) and len(value) == _DATE_LENGTH:
        return _parsed(parse_date, value, at, _DAY_OR_INSTANT)
    return day_or_instant(value, at)


def quantity(value: Any, at: At) -> Quantity | None:
    """Read a quantity: text with its unit, or a JSON number, which is a plain number."""
    read = _number(value) or _parsed(parse_quantity, value, at, _QUANTITY)
    if read is not None and read.magnitude < 0 and read.dimension in _NEVER_NEGATIVE:
        at.refuse(value, "a quantity that is not negative")
        return None
    return read


def signed_quantity(value: Any, at: At) -> Quantity | None:
    """Read a quantity that may be negative, as an estimate of an uplift is."""
    return _number(value) or _parsed(parse_quantity, value, at, _QUANTITY)


def effort(value: Any, at: At) -> Quantity | None:
    """Read how much was spent on something: never negative."""
    read = signed_quantity(value, at)
    if read is not None and read.magnitude < 0:
        at.refuse(value, "an effort that is not negative")
        return None
    return read


def margin(value: Any, at: At) -> Fraction | None:
    """Read a margin of effective compute: a factor above 1, as `6x`."""
    read = _parsed(parse_quantity, value, at, _MARGIN)
    if read is None:
        return None
    if read.dimension != "factor" or read.magnitude <= 1:
        at.refuse(value, _MARGIN)
        return None
    return read.magnitude


def confidence(value: Any, at: At) -> Fraction | None:
    """Read a confidence strictly between 0 and 1, as `95%` or 0.95."""
    read = signed_quantity(value, at)
    if read is None:
        return None
    if read.dimension not in {PLAIN, "share"} or not 0 < read.magnitude < 1:
        at.refuse(value, "a confidence strictly between 0 and 1, such as `95%`")
        return None
    return read.magnitude


def count(value: Any, at: At) -> int | None:
    """Read a whole number of things, perhaps none."""
    return _integer(value, at, 0)


def trials(value: Any, at: At) -> int | None:
    """Read a number of trials: at least one."""
    return _integer(value, at, 1)


def truth(value: Any, at: At) -> bool | None:
    """Read a truth value."""
    if isinstance(value, bool):
        return value
    at.refuse(value, "`true` or `false`")
    return None


def reference(value: Any, at: At) -> int | str | None:
    """Read a reference to an event: its index from 0 in the events as given, or its digest."""
    expected = "the index of an event from 0, or its digest"
    if isinstance(value, str):
        return _parsed(parse_digest, value, at, expected)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_INTEGER:
        return value
    at.refuse(value, expected)
    return None


def reference_or_event(value: Any, at: At) -> int | str | dict[str, Any] | None:
    """Read a reference to an event, or take an event that is written out, which its caller reads."""
    return value if isinstance(value, dict) else reference(value, at)


def deployment_class(value: Any, at: At) -> str | None:
    """Read a deployment class that can be done: a leaf of the ontology, no parent of several."""
    if isinstance(value, str) and value in DEPLOYMENT_CLASSES:
        return value
    leaves = _classes_under(value)
    if leaves:
        at.report(f"{at.label} is `{value}`, which stands for several classes", expected=_listed(leaves))
        return None
    expected = _listed(DEPLOYMENT_CLASSES)
    if not isinstance(value, str):
        at.refuse(value, expected)
        return None
    at.report(
        f"{at.label} is `{shown(value)}`, which is no deployment class",
        expected=expected,
        name=value,
        names=DEPLOYMENT_CLASSES,
    )
    return None


def hazard(value: Any, at: At) -> str | None:
    """Read a hazard of the ontology."""
    return choice(*HAZARDS)(value, at)  # type: ignore[no-any-return]  # a choice returns one of its texts


def choice(*options: str) -> Reader:
    """Return the reader of one of several words."""

    def read(value: Any, at: At) -> str | None:
        if isinstance(value, str) and value in options:
            return value
        expected = _listed(options)
        if not isinstance(value, str):
            at.refuse(value, expected)
            return None
        at.report(f"{at.label} is `{shown(value)}`", expected=expected, name=value, names=options)
        return None

    return read


def list_of(reader: Reader) -> Reader:
    """Return the reader of a list, perhaps empty, each of whose items `reader` reads."""

    def read(value: Any, at: At) -> tuple[Any, ...] | None:
        if not isinstance(value, list):
            at.refuse(value, "a list")
            return None
        return tuple(reader(item, at.under(place)) for place, item in enumerate(value))

    return read


def map_of(key: Reader, reader: Reader) -> Reader:
    """Return the reader of an object, never empty, whose keys `key` reads and whose values `reader` reads."""

    def read(value: Any, at: At) -> dict[str, Any] | None:
        if not isinstance(value, dict) or not value:
            at.refuse(value, "an object, not empty")
            return None
        for stated in value:
            key(stated, at.under(stated))
        return {stated: reader(item, at.under(stated)) for stated, item in value.items()}

    return read


def truth_or_labels(value: Any, at: At) -> bool | tuple[str, ...] | None:
    """Read what is redacted: whether anything is, or which sections are."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return list_of(label)(value, at)  # type: ignore[no-any-return]  # a list of labels
    at.refuse(value, "`true`, `false` or a list of sections")
    return None


def check_json(value: Any, at: At) -> None:
    """Report what of `value` JSON does not have or RFC 8785 has no canonical form for, at any depth."""
    if not _is_plainly_sound(value):
        _find_unsound(value, at)


def _is_plainly_sound(value: Any) -> bool:
    """Return whether `value` is sound beyond doubt, without looking for places: most events are."""
    if type(value) is dict:
        return all(type(key) is str and key.isprintable() and _is_plainly_sound(item) for key, item in value.items())
    if type(value) is str:
        return value.isascii() or value.isprintable()
    if type(value) is list:
        return all(map(_is_plainly_sound, value))
    if type(value) is int:
        return -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER
    return value is None or type(value) is bool


def _find_unsound(value: Any, at: At) -> None:
    match value:
        case None | bool():
            return
        case str():
            if any("\ud800" <= char <= "\udfff" for char in value):
                at.report(f"{at.label} holds half of a character (an unpaired surrogate)", expected="whole characters")
        case int():
            if abs(value) > _LARGEST_INTEGER:
                at.refuse(value, "an integer within ±(2^53 - 1), or the number and its unit as text")
        case float():
            _check_float(value, at)
        case list():
            for place, item in enumerate(value):
                _find_unsound(item, at.under(place))
        case dict():
            for key, item in value.items():
                _check_key(key, at)
                _find_unsound(item, at.under(str(key)))
        case _:
            at.refuse(value, "a JSON value")


def _check_key(key: Any, at: At) -> None:
    if not isinstance(key, str):
        at.report(f"the key `{shown(repr(key))}` of {at.label} is not text", expected="keys that are text")
    elif not key.isprintable():
        at.under(key).report(f"the key `{shown(key)}` holds invisible characters", expected="a visible name")


def _check_float(value: float, at: At) -> None:
    """Report a number that is not finite, or that its canonical form, which a digest binds, would change."""
    if not math.isfinite(value):
        at.refuse(value, "a finite number")
    elif isinstance(value, ExactFloat) and not _is_short(value.text) and value.exact != Fraction(float.__repr__(value)):
        at.report(f"the number `{value}` can't be carried exactly", expected="fewer digits, or the number as text")


def _is_short(text: str) -> bool:
    """Return whether a decimal has no more digits than a double always carries (15, and no exponent)."""
    return len(text) <= _CARRIED_DIGITS and text.isascii() and "e" not in text and "E" not in text


def _number(value: Any) -> Quantity | None:
    """Return the plain number that a JSON number is; that it is finite is known before any field is read."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    exact = Fraction(value) if isinstance(value, int) else Fraction(float.__repr__(value))
    return Quantity(exact, PLAIN, str(value))


def _integer(value: Any, at: At, minimum: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= _LARGEST_INTEGER:
        at.refuse(value, f"a whole number, at least {minimum}")
        return None
    return value


def _parsed(parse: Callable[[str], T], value: Any, at: At, expected: str) -> T | None:
    """Return what `parse` reads in a text; a problem carries its message where that says more than `expected`."""
    if not isinstance(value, str):
        at.refuse(value, expected)
        return None
    try:
        return parse(value)
    except MalformedError as error:
        message = error.message.split("; expected ")[0].replace(value, shown(value))
        message, _, meant = message.partition("; did you mean ")
        near = meant.strip("`")
        at.report(f"{at.label}: {message}", expected=expected, name=near or None, names=(near,) if near else ())
        return None


def _classes_under(value: Any) -> tuple[str, ...]:
    if not isinstance(value, str):
        return ()
    try:
        return tuple(leaf for leaf in leaf_actions(value) if leaf in DEPLOYMENT_CLASSES)
    except KeyError:
        return ()


def _listed(options: Sequence[str]) -> str:
    quoted = [f"`{option}`" for option in options]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
