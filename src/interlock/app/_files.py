"""Files as they are named on a command line: their bytes, or a refusal that says what to do.

Every file of a run is read whole before anything is made of it, and once: what is decided on is what was read. In the
place of a file a bundled policy may be named, `interlock://ID@VERSION`; nothing else of a command knows of that.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from interlock.app.errors import FileRefused

if TYPE_CHECKING:
    from interlock.library import BundledPolicy

REFERENCE: Final = "interlock:/"
"""How a path begins that names a bundled policy; a second slash is lost where a command line makes a path of it."""
STANDARD_INPUT: Final = "-"
MOST_BYTES: Final = 512 * 1024 * 1024
"""More than this of one file is not read: a file of events that large takes more memory than it is worth."""

NamedBytes = tuple[str, bytes]
"""The name that a file was given under, and its content."""


def read_files(paths: Sequence[Path]) -> list[NamedBytes]:
    """Return name and content of each file, in order; FileRefused where one can't be read or is named twice.

    `-` is the standard input; its name is made to say whether it holds JSON lines or YAML. A bundled policy has the
    name `interlock://ID@VERSION`.
    """
    seen: dict[tuple[object, object], Path] = {}
    for path in paths:
        _check_once(path, seen)
    return [_read_named(path) for path in paths]


def _read_named(path: Path) -> NamedBytes:
    if str(path) == STANDARD_INPUT:
        return _read_input()
    if not is_reference(path):
        return str(path), read_file(path)
    policy = _bundled(path)
    return policy.reference, policy.read()


def _bundled(path: Path) -> BundledPolicy:
    from interlock.app._references import bundled  # noqa: PLC0415 - most runs name none, and a gate's must be quick

    return bundled(path)


def is_reference(path: Path | str) -> bool:
    """Return whether a bundled policy is named, and no file."""
    return str(path).startswith(REFERENCE)


def as_typed(path: Path) -> str:
    """Return what is named as a person types it: both slashes of a reference."""
    return f"{REFERENCE}/{str(path).removeprefix(REFERENCE).lstrip('/')}" if is_reference(path) else str(path)


def file_name(path: Path) -> str:
    """Return the name under which a copy of what is named is kept."""
    return f"{_bundled(path).name}.yaml" if is_reference(path) else path.name


def read_file(path: Path) -> bytes:
    """Return the content of one file; FileRefused with what to do where it can't be read."""
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            raise FileRefused(f"`{path}` is a folder, not a file", advice=f"name the files in it: {path}/…")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise FileRefused(f"`{path}` can't be read: {_why(error)}", advice=_advice(error)) from error
    except ValueError:
        raise FileRefused("a file name holds a character that no file name can have") from None
    return _within_limit(str(path), content)


def write_file(path: Path, content: bytes) -> None:
    """Write a file in one step, lest who reads along gets half of it; FileRefused where it can't be written."""
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            target.write_bytes(content)  # a pipe or a device; a folder refuses
            return
        beside = target.parent / f".{target.name}.{os.getpid()}"
        try:
            beside.write_bytes(content)
            if target.exists():
                beside.chmod(stat.S_IMODE(target.stat().st_mode))
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        msg = f"`{path}` can't be written: {_why(error)}"
        raise FileRefused(msg, advice="name a file in a folder that you may write to") from error
    except ValueError:
        raise FileRefused("a file name holds a character that no file name can have") from None


def _read_input() -> NamedBytes:
    content = _within_limit("the standard input", sys.stdin.buffer.read(MOST_BYTES + 1))
    is_json = content.lstrip().startswith(b"{")
    return ("standard-input.jsonl" if is_json else "standard-input.yaml"), content


def _within_limit(name: str, content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        msg = f"`{name}` is larger than the {MOST_BYTES // 1_048_576} MiB that are read of one file"
        raise FileRefused(msg, advice="split it into several files")
    return content


def _check_once(path: Path, seen: dict[tuple[object, object], Path]) -> None:
    """Refuse a file that was named before, also under another name: its events would count twice."""
    identity: tuple[object, object]
    if str(path) == STANDARD_INPUT or is_reference(path):
        identity = (None, str(path))
    else:
        try:
            status = path.stat()
        except (OSError, ValueError):
            return  # reading it says what is wrong
        identity = (status.st_dev, status.st_ino)
    if identity in seen:
        raise FileRefused(f"`{path}` is the same file as `{seen[identity]}`", advice="name each file once")
    seen[identity] = path


def _why(error: OSError) -> str:
    return (error.strerror or os.strerror(error.errno or 0)).lower()


def _advice(error: OSError) -> str | None:
    match error:
        case FileNotFoundError():
            return "check the path; names are relative to the folder you are in"
        case PermissionError():
            return "ask for the right to read it"
        case _:
            return None
