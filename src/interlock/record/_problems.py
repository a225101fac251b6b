"""Problems: what is wrong with an event, by the path of its fields, before anyone knows where in a file it stands.

All problems of an event are collected; readers of fields report here and return None, and nothing is built from an
event that has any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from interlock.notation import shown

Path = tuple[str | int, ...]
"""The keys and positions that lead from an event to one of its values."""

_LEADING: Final = ("data", "subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with the value at `path`, or with its key where `on_key` is set."""

    path: Path
    message: str
    expected: str | None = None
    name: str | None = None
    names: tuple[str, ...] = ()
    on_key: bool = False


# Not frozen: one is made for every field of every event, and freezing triples the time to make one.
@dataclass(slots=True)
class At:
    """A place within an event, and where problems found there are collected. No one changes it."""

    problems: list[Problem] = field(default_factory=list)
    path: Path = ()

    def under(self, key: str | int) -> At:
        """Return the place of the value at `key`."""
        return At(self.problems, (*self.path, key))

    @property
    def label(self) -> str:
        """How a message names the value: the last keys of its path, such as `successes` or `clusters[2].trials`."""
        keys = [key for key in self.path if key not in _LEADING] or list(self.path)
        text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys[-3:])
        return f"`{shown(text.lstrip('.'))}`" if text else "the event"

    def report(
        self,
        message: str,
        *,
        expected: str | None = None,
        name: str | None = None,
        names: Iterable[str] = (),
        on_key: bool = False,
    ) -> None:
        """Add a problem; the nearest of `names` to `name` is suggested where both are given."""
        problem = Problem(
            path=self.path, message=message, expected=expected, name=name, names=tuple(names), on_key=on_key
        )
        self.problems.append(problem)

    def refuse(self, value: Any, expected: str) -> None:
        """Add the problem that `value` is not what was expected here."""
        self.report(f"{self.label} is {described(value)}", expected=expected)


def _visible(text: str) -> str:
    """Return a text with the characters that can't be seen by number, since it may be refused for one of them."""
    return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in text)


def described(value: Any) -> str:
    """Return in words what a JSON value is: `null`, the text `3`, the number `3`, a list, an object."""
    match value:
        case None:
            return "null"
        case bool():
            return "`true`" if value else "`false`"
        case str():
            return f"the text `{_visible(shown(value))}`" if value.strip() else "an empty text"
        case int() | float():
            return f"the number `{value!s}`"
        case list():
            return "a list" if value else "an empty list"
        case dict():
            return "an object" if value else "an empty object"
        case _:
            return f"of the Python type `{type(value).__name__}`, which JSON does not have"
