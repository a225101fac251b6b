"""The entry point: runs a command, and turns whatever becomes of it into an exit code.

Only here are errors caught. A command returns the code of its answer; anything else that ends it (a refusal, a fault
of the program, a broken pipe, Ctrl-C) has a code that can't be read as permitted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

import typer
from typer.main import get_command

from interlock.cli._application import build
from interlock.cli._exits import CUT_OFF, INTERRUPTED
from interlock.cli._refusals import report_failure, report_refusal, report_usage
from interlock.cli._spreading import spread_values
from interlock.terms import InterlockError

PROGRAM: Final = "interlock"
# Typer names only the subclass in public; the base of all of its usage errors is the class above it.
_UsageError: Final[type[Exception]] = typer.BadParameter.__mro__[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` (default: those of the process) name, and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given
    try:
        code = _run(given)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except typer.Abort:
        return INTERRUPTED
    except InterlockError as error:
        return report_refusal(error, as_json=as_json)
    except BrokenPipeError:
        _discard_output()
        return CUT_OFF
    except _UsageError as error:
        return report_usage(_words_of(error), _advice_on(error), as_json=as_json)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not end as a permit
        return report_failure(error, as_json=as_json)


def _run(arguments: Sequence[str]) -> int:
    command = get_command(build())
    code = command.main(args=spread_values(arguments), prog_name=PROGRAM, standalone_mode=False)
    if type(code) is not int:
        msg = f"the command returned {code!r} in place of an exit code"
        raise TypeError(msg)
    return code


def _words_of(error: Exception) -> str:
    format_message = getattr(error, "format_message", None)
    words = str(error) if format_message is None else str(format_message())
    return words[:1].lower() + words[1:].rstrip(".")


def _advice_on(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    path = PROGRAM if context is None else context.command_path
    return f"see `{path} --help`"


def _discard_output() -> None:
    """Let the interpreter's last flush go nowhere: the reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
