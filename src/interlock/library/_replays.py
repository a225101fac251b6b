"""The bundled replays: their names, and the files of each. Which policies one is judged by its `about.yaml` says."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

NamedBytes = tuple[str, bytes]
"""The name of a file, by which faults are reported, and its content."""
_ABOUT, _EVENTS = "about.yaml", "events"
_FOLDER: Final = "replays"


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledReplay:
    """The files of a replay: the events, and what is to be known of it, the policies that judge it among that."""

    name: str
    events: tuple[NamedBytes, ...]
    about: NamedBytes


def replay_names() -> tuple[str, ...]:
    """Return the names of the bundled replays, in order."""
    return tuple(sorted(folder.name for folder in _folder().iterdir() if (folder / _ABOUT).is_file()))


def bundled_replay(name: str) -> BundledReplay:
    """Return the files of a replay; KeyError where none has that name."""
    if name not in replay_names():
        raise KeyError(name)
    folder = _folder() / name
    found = sorted((file.name, file.read_bytes()) for file in folder.iterdir() if file.is_file())
    named = [(f"{_FOLDER}/{name}/{file}", file, content) for file, content in found]
    return BundledReplay(
        name=name,
        events=tuple((path, content) for path, file, content in named if file.startswith(_EVENTS)),
        about=next((path, content) for path, file, content in named if file == _ABOUT),
    )


def _folder() -> Traversable:
    return files("interlock") / "library" / _FOLDER
