"""The terms that every other package speaks in: instants, periods, quantities, digests, identifiers, truth values.

Pure values and their readers; knows no policy, no event and no file.

>>> from interlock.terms import Calendar, format_instant, parse_instant, parse_period
>>> start = parse_instant("2025-08-31T12:00:00Z")
>>> format_instant(Calendar().anniversary(start, parse_period("6 months")))
'2026-02-28T12:00:00Z'
"""

from __future__ import annotations

from interlock.terms._calendars import WEEKDAYS, Calendar, check_time_zone
from interlock.terms._digests import canonical_json, digest_of_bytes, digest_of_json, parse_digest
from interlock.terms._durations import format_duration
from interlock.terms._errors import InterlockError, MalformedError
from interlock.terms._identifiers import nearest, parse_identifier
from interlock.terms._instants import format_instant, parse_date, parse_instant
from interlock.terms._ontology import (
    ACTIONS,
    DEPLOYMENT_CLASSES,
    HAZARDS,
    LEAF_ACTIONS,
    classes_at_least,
    leaf_actions,
    ships,
)
from interlock.terms._periods import Period, PeriodUnit, parse_period
from interlock.terms._quantities import PLAIN, Quantity, parse_quantity
from interlock.terms._truth import Truth, all_of, any_of, at_least

__all__ = [
    "ACTIONS",
    "DEPLOYMENT_CLASSES",
    "HAZARDS",
    "LEAF_ACTIONS",
    "PLAIN",
    "WEEKDAYS",
    "Calendar",
    "InterlockError",
    "MalformedError",
    "Period",
    "PeriodUnit",
    "Quantity",
    "Truth",
    "all_of",
    "any_of",
    "at_least",
    "canonical_json",
    "check_time_zone",
    "classes_at_least",
    "digest_of_bytes",
    "digest_of_json",
    "format_duration",
    "format_instant",
    "leaf_actions",
    "nearest",
    "parse_date",
    "parse_digest",
    "parse_identifier",
    "parse_instant",
    "parse_period",
    "parse_quantity",
    "ships",
]
