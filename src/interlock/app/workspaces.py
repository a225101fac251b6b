"""Workspaces: a folder with settings (`interlock.yaml`), policy files, and the record of events (`events.jsonl`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interlock.app._files import NamedBytes, file_name, is_reference, read_file, read_files
from interlock.app._settings import Settings, read_settings, settings_text
from interlock.app.clock import Clock
from interlock.app.errors import WorkspaceRefused
from interlock.policy import Policy, decode_all
from interlock.stores import JsonLinesStore

SETTINGS: Final = "interlock.yaml"
RECORD: Final = "events.jsonl"
POLICIES: Final = "policies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """An existing workspace: its folder, named as it is best reached from where one stands, and its settings."""

    folder: Path
    settings: Settings

    @property
    def record(self) -> Path:
        """The file of the record."""
        return self.folder / RECORD

    def store(self, clock: Clock) -> JsonLinesStore:
        """Return the store that keeps the record."""
        return JsonLinesStore(self.record, clock=clock)

    def policy_files(self) -> list[NamedBytes]:
        """Return the policy files that the settings name; WorkspaceRefused where they name none."""
        if not self.settings.policies:
            msg = f"the workspace `{self.folder}` names no policy"
            raise WorkspaceRefused(msg, advice=f"put a policy file into {POLICIES}/ and list it in {SETTINGS}")
        return read_files([Path(path) if is_reference(path) else self.folder / path for path in self.settings.policies])

    def policies(self) -> tuple[Policy, ...]:
        """Return the policies that the settings name; FaultsError where a file of them has a fault."""
        return decode_all(self.policy_files())


def open_workspace(folder: Path | None) -> Workspace:
    """Return the workspace in `folder`, or where that is None the nearest one from the current folder upwards."""
    found = _nearest() if folder is None else folder
    file = found / SETTINGS
    if folder is not None and not file.is_file():
        msg = f"`{folder}` is no workspace: it has no {SETTINGS}"
        raise WorkspaceRefused(msg, advice=f"make one with `interlock init {folder}`")
    return Workspace(folder=found, settings=read_settings(read_file(file), file=str(file)))


def _nearest() -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file():
            return Path(os.path.relpath(folder, here))
    msg = f"there is no workspace here: no {SETTINGS} in `{here}` or above it"
    raise WorkspaceRefused(msg, advice="make one with `interlock init DIR`, or name one with --workspace DIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWorkspace:
    """A workspace that was just made, and the policies that were copied into it."""

    folder: Path
    developer: str | None
    policies: tuple[Policy, ...]


def make_workspace(folder: Path, *, policies: Sequence[Path], developer: str | None) -> MadeWorkspace:
    """Make a workspace in `folder`, which is new or empty, with copies of the policy files.

    `developer` is by default the issuer that all the policies share. Nothing is made where anything is refused
    beforehand; the settings come last, so that a folder without them is no workspace.
    """
    check_room(folder)
    files = read_files(policies)
    decoded = decode_all(files)
    names = _copies(policies)
    issuers = {policy.issuer for policy in decoded}
    developer = developer or (issuers.pop() if len(issuers) == 1 else None)
    try:
        (folder / POLICIES).mkdir(parents=True, exist_ok=True)
        for name, (_, content) in zip(names, files, strict=True):
            (folder / POLICIES / name).write_bytes(content)
        (folder / RECORD).touch()
        text = settings_text(developer, [f"{POLICIES}/{name}" for name in names])
        (folder / SETTINGS).write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unmade(folder, error) from error
    return MadeWorkspace(folder=folder, developer=developer, policies=decoded)


def check_room(folder: Path) -> None:
    """Refuse a folder that holds anything, or that is no folder."""
    try:
        settled, holds = (folder / SETTINGS).exists(), folder.exists() and any(folder.iterdir())
    except NotADirectoryError:
        raise WorkspaceRefused(f"`{folder}` is a file, not a folder", advice="name a new or an empty folder") from None
    except OSError as error:
        raise _unmade(folder, error) from error
    if settled:
        msg = f"`{folder}` is a workspace already"
        raise WorkspaceRefused(msg, advice=f"add a policy by copying it to {POLICIES}/ and listing it in {SETTINGS}")
    if holds:
        raise WorkspaceRefused(f"`{folder}` is not empty", advice="name a new or an empty folder")


def _unmade(folder: Path, error: OSError) -> WorkspaceRefused:
    msg = f"a workspace can't be made in `{folder}`: {(error.strerror or str(error)).lower()}"
    return WorkspaceRefused(msg, advice="name a folder that you may write to")


def _copies(paths: Sequence[Path]) -> list[str]:
    """Return the names under which files are copied into one folder."""
    names = [
        f"policy-{place}.yaml" if str(path) == "-" else file_name(path) for place, path in enumerate(paths, start=1)
    ]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise WorkspaceRefused(f"two of the policy files are named `{twice}`", advice="give one another name first")
    return names
