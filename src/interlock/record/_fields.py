"""Fields: the reading of an object by the fields that it must and may have.

Unknown fields, null and missing fields are problems; fields beginning `x-` are carried and never read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from interlock.notation import shown
from interlock.record._problems import At
from interlock.record._values import Reader
from interlock.terms import nearest

_MISSPELLED: Final = 20
"""How many unknown fields are compared with those declared: a person does not misspell more in one place."""
CARRIED: Final = "x-"
"""How the names of fields begin that are carried with an event and mean nothing to the language."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an object: those it must have, those it may have, and their readers."""

    required: Mapping[str, Reader] = field(default_factory=dict)
    optional: Mapping[str, Reader] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    """What a field that is missing would say, where its name is not enough."""

    @property
    def names(self) -> frozenset[str]:
        """All fields by name."""
        return frozenset(self.required) | frozenset(self.optional)

    def read(self, value: Any, at: At, *, owner: str, within: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the fields of `value` that could be read; `owner` says in messages whose fields they are.

        `within` maps names of fields that have their place further inside to where that is.
        """
        if not isinstance(value, dict):
            at.refuse(value, f"an object in braces{_with([*(self.required or self.optional)])}")
            return {}
        read: dict[str, Any] = {}
        for name, stated in value.items():
            reader = self.required.get(name) or self.optional.get(name)
            if reader is not None:
                read[name] = _read_one(reader, stated, at.under(name))
            elif not (isinstance(name, str) and name.startswith(CARRIED)):
                self._report_unknown(name, at, owner, within or {})
        missing = [name for name in self.required if name not in value]
        for name in missing:
            if name not in self._misspelled(value):
                at.report(f"{owner} has no `{name}`", expected=self.words.get(name, f"`{name}`"))
        return read

    def _misspelled(self, value: Mapping[Any, Any]) -> set[str | None]:
        """Return the fields that unknown ones stand for, it seems: a misspelled one is one fault, not two."""
        unknown = (str(name) for name in value if name not in self.names and not str(name).startswith(CARRIED))
        return {nearest(name, self.names) for name in islice(unknown, _MISSPELLED)}

    def _report_unknown(self, name: Any, at: At, owner: str, within: Mapping[str, str]) -> None:
        names = sorted(self.names)
        listed = ", ".join(f"`{known}`" for known in names) or "no field"
        inside = within.get(str(name))
        at.under(str(name)).report(
            f"{owner} has no field `{shown(str(name))}`",
            expected=inside or f"{listed}, or a name that begins with `{CARRIED}`",
            name=str(name),
            names=names,
            on_key=True,
        )


def _with(names: Sequence[str]) -> str:
    """Return which fields an object has, or may have."""
    quoted = [f"`{name}`" for name in names]
    if not quoted:
        return ""
    return f", with {quoted[0]}" if len(quoted) == 1 else f", with {', '.join(quoted[:-1])} and {quoted[-1]}"


def _read_one(reader: Reader, value: Any, at: At) -> Any:
    if value is None:
        at.report(f"{at.label} is null", expected="a value, or no such field")
        return None
    return reader(value, at)
