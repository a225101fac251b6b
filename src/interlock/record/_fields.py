"""Fields: the reading of an object by the fields that it must and may have.

Unknown fields, null and missing fields are problems; fields beginning `x-` are carried and never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from interlock.notation import shown
from interlock.record._problems import At
from interlock.record._values import Reader

CARRIED: Final = "x-"
"""How the names of fields begin that are carried with an event and mean nothing to the language."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an object: those it must have, those it may have, and their readers."""

    required: Mapping[str, Reader] = field(default_factory=dict)
    optional: Mapping[str, Reader] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """All fields by name."""
        return frozenset(self.required) | frozenset(self.optional)

    def read(self, value: Any, at: At, *, owner: str) -> dict[str, Any]:
        """Return the fields of `value` that could be read; `owner` says in messages whose fields they are."""
        if not isinstance(value, dict):
            at.refuse(value, "an object")
            return {}
        read: dict[str, Any] = {}
        for name, stated in value.items():
            reader = self.required.get(name) or self.optional.get(name)
            if reader is not None:
                read[name] = _read_one(reader, stated, at.under(name))
            elif not (isinstance(name, str) and name.startswith(CARRIED)):
                self._report_unknown(name, at, owner)
        for name in self.required:
            if name not in value:
                at.report(f"{owner} has no `{name}`", expected=f"`{name}`")
        return read

    def _report_unknown(self, name: Any, at: At, owner: str) -> None:
        names = sorted(self.names)
        listed = ", ".join(f"`{known}`" for known in names) or "no field"
        at.under(str(name)).report(
            f"{owner} has no field `{shown(str(name))}`",
            expected=f"{listed}, or a name that begins with `{CARRIED}`",
            name=str(name),
            names=names,
            on_key=True,
        )


def _read_one(reader: Reader, value: Any, at: At) -> Any:
    if value is None:
        at.report(f"{at.label} is null", expected="a value, or no such field")
        return None
    return reader(value, at)
