"""Policy files in their canonical form: which of those named would change, and writing those anew in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from interlock.app._files import STANDARD_INPUT, as_typed, is_reference, read_files, write_file
from interlock.app.errors import FileRefused
from interlock.notation import Fault, FaultsError
from interlock.policy import formatted


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedFile:
    """A policy file as it was named, and its canonical form."""

    path: Path
    name: str
    text: bytes
    changes: bool


def format_files(paths: Sequence[Path]) -> tuple[FormattedFile, ...]:
    """Return the canonical form of each file; FaultsError with the faults of all of them where one is rejected."""
    faults: list[Fault] = []
    total = 0
    files = []
    for path, (name, content) in zip(paths, read_files(paths), strict=True):
        try:
            text = formatted(content, file=name)
        except FaultsError as error:
            faults += error.faults
            total += error.total
        else:
            files.append(FormattedFile(path=path, name=name, text=text, changes=text != content))
    if total:
        raise FaultsError(faults, total=total)
    return tuple(files)


def write_formatted(paths: Sequence[Path]) -> tuple[FormattedFile, ...]:
    """Write each file anew that is not in its canonical form, in one step each; none where one is rejected."""
    for path in paths:
        if str(path) == STANDARD_INPUT or is_reference(path):
            what = f"`{as_typed(path)}`" if is_reference(path) else "the standard input"
            raise FileRefused(f"{what} can't be written anew", advice="leave out --write to print the text")
    files = format_files(paths)
    for file in files:
        if file.changes:
            write_file(file.path, file.text)
    return files
