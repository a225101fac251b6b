"""A strict JSON reader for other people's files: one reading of each text, or a refusal.

Refuses invalid UTF-8, a byte order mark, a key that occurs twice in one object, and nesting beyond what the
interpreter follows. `NaN` and the infinities are no JSON, but Inspect AI writes them (NaN is its mark for "no score"):
they are read as `NotFinite`, which is no number, so that no calculation can pick one up.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

from interlock.integrations._errors import LogRefusedError, shown


@dataclass(frozen=True, slots=True)
class NotFinite:
    """A number that is none: `NaN`, `Infinity`, `-Infinity`, or one too large for a float."""

    text: str


def read_json(content: bytes, *, member: str | None = None) -> object:
    """Return the value of a JSON text; LogRefusedError names the fault, and `member` where it stands."""
    try:
        text = content.decode("utf-8")
        return json.loads(text, object_pairs_hook=_object, parse_constant=NotFinite, parse_float=_number)
    except UnicodeDecodeError as error:
        raise LogRefusedError(f"byte {error.start} is not UTF-8", member=member) from None
    except json.JSONDecodeError as error:
        raise LogRefusedError(f"not JSON: {error.msg} at character {error.pos}", member=member) from None
    except RecursionError:
        raise LogRefusedError("JSON is nested too deeply", member=member) from None
    except _RepeatedKeyError as error:
        raise LogRefusedError(f"the key `{shown(error.key)}` occurs twice in one object", member=member) from None
    except ValueError:  # an integer of more digits than the interpreter converts
        raise LogRefusedError("an integer has too many digits", member=member) from None


class _RepeatedKeyError(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedKeyError(next(name for name in names if names.count(name) > 1))
    return value


def _number(text: str) -> float | NotFinite:
    number = float(text)
    return number if math.isfinite(number) else NotFinite(text[:20])
