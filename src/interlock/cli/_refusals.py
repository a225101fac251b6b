"""Refusals as they are shown: what was wrong and what to do, on standard error, as text or as JSON.

With `--json` they take the shape `interlock.error/1`: `exit`, `message`, `advice`, and `faults` in the shape of
`interlock.check/1`. Standard output stays empty either way.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from typing import Any, Final

from interlock.cli._exits import INTERNAL, NOT_VERIFIED, REFUSED
from interlock.cli._output import json_bytes
from interlock.cli._page import BLANK, Line, Mark, Span, faint, line, print_page
from interlock.engine import DigestMismatch
from interlock.notation import Fault, FaultsError
from interlock.terms import InterlockError

ERROR_SHAPE: Final = "interlock.error/1"
DEBUG: Final = "INTERLOCK_DEBUG"
_REPORT: Final = "this is a fault of interlock, not of your files; no decision was made"
_ADVICE: Final = f"please report it with the command and its files to whoever gave you interlock; {DEBUG}=1 shows where"


def exit_of(error: InterlockError) -> int:
    """Return the exit code of a refusal."""
    return NOT_VERIFIED if isinstance(error, DigestMismatch) else REFUSED


def report_refusal(error: InterlockError, *, as_json: bool) -> int:
    """Show a refusal and return its exit code."""
    code = exit_of(error)
    if as_json:
        faults = error.faults if isinstance(error, FaultsError) else ()
        _write_json(code, error.message, error.advice, [fault_to_json(fault) for fault in faults])
    elif isinstance(error, FaultsError):
        sys.stderr.write(f"{error.draw()}\n\n")
        print_page(_lines(error.message, None), sys.stderr)
    else:
        print_page(_lines(error.message, error.advice), sys.stderr)
    return code


def report_usage(message: str, advice: str | None, *, as_json: bool) -> int:
    """Show what is wrong with the arguments and return the exit code."""
    if as_json:
        _write_json(REFUSED, message, advice, [])
    else:
        print_page(_lines(message, advice), sys.stderr)
    return REFUSED


def report_failure(error: BaseException, *, as_json: bool) -> int:
    """Show a fault of the program in one line and where to report it; the traceback only where it is asked for."""
    if os.environ.get(DEBUG) == "1":
        traceback.print_exception(error, file=sys.stderr)
    message = f"{type(error).__name__}: {error}"
    if as_json:
        _write_json(INTERNAL, f"{message}; {_REPORT}", _ADVICE, [])
    else:
        print_page([*_lines(message, None), line(_REPORT, indent=2, hang=0), line(_ADVICE, indent=2, hang=0)], sys.stderr)
    return INTERNAL


def fault_to_json(fault: Fault) -> dict[str, Any]:
    """Return a fault in the shape of `interlock.check/1`."""
    return {
        "file": fault.span.file,
        "line": fault.span.line,
        "column": fault.span.column,
        "expected": fault.expected,
        "nearest": fault.nearest,
        "message": fault.message,
    }


def _lines(message: str, advice: str | None) -> Iterator[Line]:
    yield line(Span("error:", Mark.BAD), f" {message}")
    for one in (advice or "").splitlines():
        yield line(one, indent=2, hang=2) if one else BLANK


def _write_json(code: int, message: str, advice: str | None, faults: list[dict[str, Any]]) -> None:
    value = {"shape": ERROR_SHAPE, "exit": code, "message": message, "advice": advice, "faults": faults}
    sys.stderr.flush()
    sys.stderr.buffer.write(json_bytes(value))
    sys.stderr.flush()
