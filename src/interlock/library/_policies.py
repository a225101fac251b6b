"""The bundled policies: `ID@VERSION` of each, and its file.

A policy of its own is `policies/ID@VERSION.yaml`, its cases beside it `ID@VERSION.cases.yaml`. One that belongs to a
demonstration stays with it, and is named here. Names are told without reading a file; a test holds each to what its
file says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SCHEME: Final = "interlock://"
_FOLDER: Final = "policies"
_ENDING: Final = ".yaml"
_CASES: Final = ".cases.yaml"
_AT: Final = "@"
_ELSEWHERE: Final[Mapping[str, str]] = {
    "halcyon-scaling-policy@1.0": "halcyon/policy.yaml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledPolicy:
    """The id and version of a bundled policy, and its file's path within the library."""

    id: str
    version: str
    path: str

    @property
    def name(self) -> str:
        """What names it: `ID@VERSION`."""
        return f"{self.id}{_AT}{self.version}"

    @property
    def reference(self) -> str:
        """What names it in the place of a file: `interlock://ID@VERSION`."""
        return f"{SCHEME}{self.name}"

    def read(self) -> bytes:
        """Return the content of its file."""
        return (_library() / self.path).read_bytes()

    def read_beside(self, ending: str) -> bytes | None:
        """Return the content of the file beside it that has another ending in place of its own, or None."""
        file = _library() / f"{self.path.removesuffix(_ENDING)}{ending}"
        return file.read_bytes() if file.is_file() else None


def bundled_policies() -> tuple[BundledPolicy, ...]:
    """Return the bundled policies, by name."""
    folder = _library() / _FOLDER
    files_there = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    own = [name for name in files_there if name.endswith(_ENDING) and not name.endswith(_CASES)]
    paths = {**_ELSEWHERE, **{name.removesuffix(_ENDING): f"{_FOLDER}/{name}" for name in own}}
    return tuple(_named(name, path) for name, path in sorted(paths.items()))


def _named(name: str, path: str) -> BundledPolicy:
    identifier, _, version = name.partition(_AT)
    return BundledPolicy(id=identifier, version=version, path=path)


def _library() -> Traversable:
    return files("interlock") / "library"
