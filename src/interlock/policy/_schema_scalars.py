"""What texts of a policy look like, as JSON Schema: patterns that its readers and Python's `re` read alike.

The parsers of `interlock.terms` decide; these say once more what they read, for editors, which read a plain number as
a number and leave a day as it is written. Tests hold each pattern to its parser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from interlock.policy._shapes import DAY, IDENTIFIER, PERIOD, QUANTITY, TIME_ZONE
from interlock.terms import PeriodUnit, check_time_zone, parse_date, parse_identifier, parse_period, parse_quantity

Json = dict[str, Any]

_MONTHS_OF_31: Final = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
_MONTHS_OF_30: Final = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
_FEBRUARY: Final = "02-(?:0[1-9]|1[0-9]|2[0-8])"
_LEAP_YEAR: Final = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY: Final = f"(?!0000)(?:[0-9]{{4}}-(?:{_MONTHS_OF_31}|{_MONTHS_OF_30}|{_FEBRUARY})|{_LEAP_YEAR}-02-29)"
NAME_PATTERN: Final = r"[a-z0-9]+(?:[.-][a-z0-9]+)*"
_PERIOD: Final = rf"[1-9][0-9]{{0,8}} +(?:{'|'.join(unit.value for unit in PeriodUnit)})s?"
_ZONE: Final = r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*"

UNITS: Final = (
    *("%", "x", "FLOP"),
    *(f"{unit}s?" for unit in ("second", "minute", "hour", "day", "week", "employee", "token", "parameter")),
    *("person", "people"),
    *("USD", "EUR", "GBP", "CNY", "JPY", "KRW", "CAD", "INR"),
)
"""The units of quantities, as patterns."""
_MAGNITUDE: Final = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_POWER: Final = "[eE][-+]?[0-9]{1,3}"
_QUANTITY: Final = rf"[-+]?{_MAGNITUDE}(?:{_POWER})?(?: ?(?:{'|'.join(UNITS)}))?"
# A number with a power of ten may lie anywhere, and only the decoder tells; plain ones, which people write, are told.
_SHARE: Final = rf"\+?(?:0\.[0-9]*[1-9][0-9]*|[1-9][0-9]?(?:\.[0-9]+)?|{_MAGNITUDE}{_POWER}) ?%"
_FACTOR: Final = rf"\+?(?:1\.[0-9]*[1-9][0-9]*|(?:[2-9]|[1-9][0-9]+)(?:\.[0-9]+)?|{_MAGNITUDE}{_POWER}) ?x"
BOUNDED: Final[Mapping[str, str]] = {"share": _SHARE, "factor": _FACTOR}
"""Patterns of a share above 0 % and below 100 %, and of a factor above 1x."""

_LINE: Final = r"\n*[^\n]*\S[^\n]*\n*"
_STRING_OR_NUMBER: Final = ["string", "number"]
# A reader that makes dates of days has a value of no JSON type, so none is asked for.
_NO_DAY: Final = ["number", "boolean", "null", "array", "object"]


def patterned(pattern: str, words: str, *, types: Iterable[str] = ("string",), longest: int | None = None) -> Json:
    """Return the schema of a text of that pattern, with the words of what was expected for editors."""
    types = list(types)
    return {
        "type": types[0] if len(types) == 1 else types,
        "pattern": f"^{pattern}$",
        **({} if longest is None else {"maxLength": longest}),
        "patternErrorMessage": f"expected {words}",
    }


def name() -> Json:
    """Return the schema of an identifier; one that is a number need not be quoted."""
    return patterned(NAME_PATTERN, IDENTIFIER.words, types=_STRING_OR_NUMBER, longest=128)


def text(words: str, *, several_lines: bool) -> Json:
    """Return the schema of free text; a plain number is taken as it is written."""
    if several_lines:
        return {"type": _STRING_OR_NUMBER, "pattern": r"\S", "patternErrorMessage": f"expected {words}"}
    return patterned(_LINE, f"{words} on one line", types=_STRING_OR_NUMBER)


def field_text(words: str) -> Json:
    """Return the schema of the value of an event's field, as it is written."""
    types = [*_STRING_OR_NUMBER, "boolean"]
    return {"type": types, "pattern": r"\S", "patternErrorMessage": f"expected {words}"}


def _day() -> Json:
    schema = patterned(_DAY, DAY.words)
    del schema["type"]
    return {**schema, "not": {"type": _NO_DAY}}


PARSED: Final[Mapping[Callable[[str], object], tuple[str, Json]]] = {
    parse_identifier: ("name", name()),
    parse_date: ("day", _day()),
    parse_period: ("period", patterned(_PERIOD, PERIOD.words)),
    check_time_zone: ("time-zone", patterned(_ZONE, TIME_ZONE.words)),
    parse_quantity: ("quantity", patterned(_QUANTITY, QUANTITY.words, types=_STRING_OR_NUMBER, longest=64)),
}
"""The schema of what each parser reads, and the name that it is defined under."""
