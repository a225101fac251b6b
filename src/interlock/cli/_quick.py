"""The quick reading of a question's arguments, without the command line's libraries.

`decide` is what a gate runs before each action, and a third of its time would go into loading a parser. Only what is
plain is read here: known options, each with its value behind it, single ones once. Everything else, from `--help` to a
mistake, is left to the parser, which reads the plain arguments in the same way (a test holds the two together).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from interlock.app.decisions import TypedQuestion
from interlock.cli._asking import DECIDE, EXPLAIN, Request

_SINGLE: Final = frozenset({"--model", "--action", "--as-of", "--known-at", "--weights", "--at-compute", "--workspace"})
_SEVERAL: Final = frozenset({"--policy", "--events"})
_JSON: Final = "--json"


@dataclass(slots=True)
class _Plain:
    """What was read so far: values by option, the option that values go to, and whether it has one by now."""

    stated: dict[str, list[str]] = field(default_factory=dict)
    option: str | None = None
    lacks_value: bool = False

    def take(self, argument: str) -> bool:
        """Take the next argument; return whether it is plain."""
        if not argument.startswith("-") or argument == "-":
            return self._take_value(argument)
        if self.lacks_value or argument not in _SINGLE | _SEVERAL | {_JSON}:
            return False
        if argument in _SINGLE and argument in self.stated:
            return False
        self.option = None if argument == _JSON else argument
        self.lacks_value = self.option is not None
        self.stated.setdefault(argument, [])
        return True

    def _take_value(self, value: str) -> bool:
        if self.option is None or (self.option in _SINGLE and not self.lacks_value):
            return False
        self.stated[self.option].append(value)
        self.lacks_value = False
        return True

    def single(self, option: str) -> str | None:
        """Return the value of an option that has at most one."""
        return next(iter(self.stated.get(option, ())), None)

    def paths(self, option: str) -> list[Path]:
        """Return the values of an option as paths."""
        return [Path(value) for value in self.stated.get(option, ())]


def read_plainly(arguments: Sequence[str]) -> Request | None:
    """Return the request that the arguments of `decide` or `explain` state, or None where they are not plain."""
    if not arguments or arguments[0] not in {DECIDE, EXPLAIN}:
        return None
    plain = _Plain()
    if not all(plain.take(argument) for argument in arguments[1:]) or plain.lacks_value:
        return None
    model, action, workspace = (plain.single(option) for option in ("--model", "--action", "--workspace"))
    if model is None or action is None:
        return None
    question = TypedQuestion(
        model=model,
        action=action,
        as_of=plain.single("--as-of"),
        known_at=plain.single("--known-at"),
        weights=plain.single("--weights"),
        at_compute=plain.single("--at-compute"),
    )
    return Request(
        question=question,
        policies=plain.paths("--policy"),
        events=plain.paths("--events"),
        workspace=None if workspace is None else Path(workspace),
        as_json=_JSON in plain.stated,
    )
