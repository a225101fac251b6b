"""Refusals as they are shown: what was wrong and what to do, on standard error, as text or as JSON.

With `--json` they take the shape `interlock.error/1`: `exit`, `message`, `advice`, and `faults` in the shape of
`interlock.check/1`. Standard output stays empty either way.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from typing import Any, Final

import typer

from interlock.app.errors import LogsRefused
from interlock.cli._exits import INTERNAL, INTERRUPTED, NOT_VERIFIED, REFUSED
from interlock.cli._groups import PROGRAM
from interlock.cli._output import json_bytes
from interlock.cli._page import Line, Mark, Span, line, print_page
from interlock.engine import DigestMismatch
from interlock.notation import Fault, FaultsError
from interlock.terms import InterlockError

ERROR_SHAPE: Final = "interlock.error/1"
DEBUG: Final = "INTERLOCK_DEBUG"
_REPORT: Final = "this is a fault of interlock, not of your files; nothing was decided"
_ADVICE: Final = (
    f"report it, with the command and its files, to whoever gave you interlock; {DEBUG}=1 shows where it is"
)
# Typer names only a subclass in public; the base of all of its usage errors is the class above that one.
_UsageError: Final[type[Exception]] = typer.BadParameter.__mro__[1]


def report(error: Exception, *, as_json: bool) -> int:
    """Show what ended a command, and return its exit code."""
    if isinstance(error, InterlockError):
        return _report_refusal(error, as_json=as_json)
    if isinstance(error, _UsageError):
        return _report(REFUSED, _words_of(error), _advice_on(error), as_json=as_json)
    if isinstance(error, typer.Abort):
        return INTERRUPTED
    if isinstance(error, OSError):
        why = (error.strerror or str(error)).lower()
        return _report(INTERNAL, f"the system refused: {why}", "nothing of the answer counts", as_json=as_json)
    return _report_failure(error, as_json=as_json)


def exit_of(error: InterlockError) -> int:
    """Return the exit code of a refusal."""
    # The store is loaded only where one is used, and only then can it have refused.
    stores = sys.modules.get("interlock.stores")
    if isinstance(error, DigestMismatch) or (stores is not None and isinstance(error, stores.DamagedError)):
        return NOT_VERIFIED
    return INTERNAL if stores is not None and isinstance(error, stores.UncertainError) else REFUSED


def _report_refusal(error: InterlockError, *, as_json: bool) -> int:
    code = exit_of(error)
    if as_json:
        faults = error.faults if isinstance(error, FaultsError) else ()
        return _report(code, error.message, error.advice, faults, as_json=True)
    if isinstance(error, FaultsError):
        sys.stderr.write(f"{error.draw()}\n\n")
    if isinstance(error, LogsRefused):
        print_page(_logs(error), sys.stderr)
        return code
    return _report(code, error.message, error.advice, as_json=False)


def _report_failure(error: Exception, *, as_json: bool) -> int:
    """Show a fault of the program in one line and where to report it; the traceback only where it is asked for."""
    if os.environ.get(DEBUG) == "1":
        traceback.print_exception(error, file=sys.stderr)
    message = f"{type(error).__name__}: {error}"
    return _report(INTERNAL, message, f"{_REPORT}\n{_ADVICE}", as_json=as_json)


def _report(code: int, message: str, advice: str | None, faults: Sequence[Fault] = (), *, as_json: bool) -> int:
    if as_json:
        listed = [fault_to_json(fault) for fault in faults]
        value = {"shape": ERROR_SHAPE, "exit": code, "message": message, "advice": advice, "faults": listed}
        sys.stderr.flush()
        sys.stderr.buffer.write(json_bytes(value))
        sys.stderr.flush()
    else:
        print_page(_lines(message, advice), sys.stderr)
    return code


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
    yield from _advice(advice)


def _advice(advice: str | None) -> Iterator[Line]:
    """Yield what to do; a line that is to be copied into a file or a terminal stays in one piece."""
    for text in (advice or "").splitlines():
        to_copy = text.startswith(("- {", "{", "sha256:"))
        yield Line((Span(text, Mark.STRONG),), 4, whole=True) if to_copy else line(text, indent=2)


def _logs(error: LogsRefused) -> Iterator[Line]:
    for path, refusal in error.refusals:
        yield line(Span("error:", Mark.BAD), f" {path}: {refusal.message}")
        yield from _advice(refusal.advice)
    rest = f"; the other {error.read} were sound" if error.read else ""
    yield line(f"nothing was recorded{rest}")


def _words_of(error: Exception) -> str:
    format_message = getattr(error, "format_message", None)
    words = str(error) if format_message is None else str(format_message())
    return words[:1].lower() + words[1:].rstrip(".")


def _advice_on(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    path = PROGRAM if context is None else context.command_path
    return f"see `{path} --help`"
