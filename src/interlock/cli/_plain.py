"""Plain arguments: known options, each with its value behind it, single ones once; read without a parser's libraries.

Everything else, from `--help` to a mistake, is left to the command line's parser, which reads plain arguments in the
same way (tests hold the two together).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a command: those that have one value, those that have several, and those that have none."""

    single: frozenset[str]
    several: frozenset[str]
    flags: frozenset[str]


@dataclass(slots=True)
class Plain:
    """What was read so far: values by option, the option that values go to, and whether it has one by now."""

    options: Options
    stated: dict[str, list[str]] = field(default_factory=dict)
    option: str | None = None
    lacks_value: bool = False

    def take(self, argument: str) -> bool:
        """Take the next argument; return whether it is plain."""
        if not argument.startswith("-") or argument == "-":
            return self._take_value(argument)
        options = self.options
        if self.lacks_value or argument not in options.single | options.several | options.flags:
            return False
        if argument in options.single and argument in self.stated:
            return False
        self.option = None if argument in options.flags else argument
        self.lacks_value = self.option is not None
        self.stated.setdefault(argument, [])
        return True

    def _take_value(self, value: str) -> bool:
        if self.option is None or (self.option in self.options.single and not self.lacks_value):
            return False
        self.stated[self.option].append(value)
        self.lacks_value = False
        return True

    def single(self, option: str) -> str | None:
        """Return the value of an option that has at most one."""
        return next(iter(self.stated.get(option, ())), None)

    def path(self, option: str) -> Path | None:
        """Return the value of an option that has at most one, as a path."""
        value = self.single(option)
        return None if value is None else Path(value)

    def paths(self, option: str) -> list[Path]:
        """Return the values of an option as paths."""
        return [Path(value) for value in self.stated.get(option, ())]

    def texts(self, option: str) -> tuple[str, ...]:
        """Return the values of an option."""
        return tuple(self.stated.get(option, ()))

    def flag(self, option: str) -> bool:
        """Return whether an option without a value is there."""
        return option in self.stated


def plain(arguments: Sequence[str], options: Options) -> Plain | None:
    """Return what the arguments behind a command state, or None where they are not plain."""
    read = Plain(options)
    return read if all(read.take(argument) for argument in arguments) and not read.lacks_value else None
