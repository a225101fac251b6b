"""Periods: lengths of time as policies state them, such as `6 months`, `5 business days` or `72 hours`.

A month is not a number of days, so a period is kept as stated; `Calendar` says where it ends (LANGUAGE 1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from interlock.terms._errors import MalformedError


class PeriodUnit(Enum):
    """The units a period may be stated in; the value is the singular word."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    BUSINESS_DAY = "business day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_UNITS: Final = {unit.value: unit for unit in PeriodUnit} | {f"{unit.value}s": unit for unit in PeriodUnit}
_PERIOD: Final = re.compile(r"(0|[1-9][0-9]{0,8}) +([a-z]+(?: [a-z]+)?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """`number` whole units of time, at least one."""

    number: int
    unit: PeriodUnit

    def __str__(self) -> str:
        """Return the period as a policy writes it: `1 month`, `90 days`."""
        return f"{self.number} {self.unit.value}{'' if self.number == 1 else 's'}"


def parse_period(text: str) -> Period:
    """Return the period that `text` states; MalformedError names what was expected."""
    match = _PERIOD.fullmatch(text)
    unit = _UNITS.get(match[2]) if match else None
    if match is None or unit is None or int(match[1]) == 0:
        units = ", ".join(f"{unit.value}s" for unit in PeriodUnit)
        msg = f"`{text}` is not a period; expected a whole number of {units}, such as `6 months`"
        raise MalformedError(msg)
    return Period(int(match[1]), unit)
