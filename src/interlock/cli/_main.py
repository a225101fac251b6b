"""The entry point: runs a command, and turns whatever becomes of it into an exit code.

Only here are errors caught. A command returns the code of its answer; anything else that ends it (a refusal, a fault
of the program, a broken pipe, Ctrl-C) has a code that can't be read as permitted. What the commands need is imported
within reach of that, so that an installation with a part missing fails in the same way.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from interlock.cli._exits import CUT_OFF, INTERNAL, INTERRUPTED

COMPLETION: Final = "_INTERLOCK_COMPLETE"
"""Set by a shell that asks what could follow; then no command is run."""
ASKING: Final = ("decide", "explain")
DUTIES: Final = "duties"
REPLAY: Final = "replay"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` (default: those of the process) name, and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _prepare_streams()
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, "standard output is closed")
        code = _run(given)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return CUT_OFF
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not end as a permit
        if isinstance(error, OSError):
            _discard_output()
        return _reported(error, as_json="--json" in given)


ONCE: Final = ("--model", "--action", "--as-of", "--known-at", "--weights", "--at-compute")


def _check_once(arguments: Sequence[str]) -> None:
    """Raise OptionRefused where a part of the question is stated twice: the answer would be about one of them."""
    for option in ONCE:
        if sum(one == option or one.startswith(f"{option}=") for one in arguments) > 1:
            from interlock.app.errors import OptionRefused

            raise OptionRefused(f"`{option}` is stated more than once", advice="ask one question at a time")


def _run(arguments: Sequence[str]) -> int:
    _check_once(arguments)
    if arguments and arguments[0] in ASKING and COMPLETION not in os.environ:
        from interlock.cli._asking import answer
        from interlock.cli._quick import read_plainly

        request = read_plainly(arguments)
        if request is not None:
            return answer(arguments[0], request)
    if arguments and arguments[0] == DUTIES and COMPLETION not in os.environ:
        from interlock.cli._duty_asking import answer_duties, read_duties_plainly

        asked = read_duties_plainly(arguments)
        if asked is not None:
            return answer_duties(asked)
    if arguments and arguments[0] == REPLAY and COMPLETION not in os.environ:
        from interlock.cli._replaying import read_replay_plainly, show

        replay = read_replay_plainly(arguments)
        if replay is not None:
            return show(replay)
    return _run_parsed(arguments)


def _run_parsed(arguments: Sequence[str]) -> int:
    """Run a command by the command line's parser."""
    from typer.main import get_command

    from interlock.cli._application import build
    from interlock.cli._groups import PROGRAM
    from interlock.cli._spreading import spread_values

    command = get_command(build())
    return checked(command.main(args=spread_values(arguments), prog_name=PROGRAM, standalone_mode=False))


def checked(code: object) -> int:
    """Return what a command returned if it is an exit code; TypeError otherwise, since it might read as a permit."""
    if type(code) is not int:
        msg = f"the command returned {code!r} in place of an exit code"
        raise TypeError(msg)
    return code


def _reported(error: Exception, *, as_json: bool) -> int:
    """Show an error on standard error, and return its exit code."""
    try:
        from interlock.cli._refusals import report

        return report(error, as_json=as_json)
    except BrokenPipeError:
        return CUT_OFF
    except Exception as second:  # noqa: BLE001 - even where nothing can be shown
        with suppress(OSError, AttributeError):
            sys.stderr.write(f"error: {type(error).__name__}: {error}; and showing it failed: {second}\n")
        return INTERNAL


def _prepare_streams() -> None:
    """Let characters that a locale lacks go out as escapes, not end the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    """Let the interpreter's last flush go nowhere: the reader has gone."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
