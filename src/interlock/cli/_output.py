"""What goes out: JSON as UTF-8 whatever the locale, and nothing else on standard output beside it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any


def print_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write a JSON value to standard output, indented, its fields in the order given."""
    print_bytes(json_bytes(value))


def print_bytes(content: bytes) -> None:
    """Write bytes to standard output as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def json_bytes(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Return a JSON value as it is written out; half a character, as a command line can hold one, by its number."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode(errors="backslashreplace")
