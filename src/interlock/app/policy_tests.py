"""Tests of policies: cases read from beside a policy or from where they are named, run, and written at its bounds.

The cases of `NAME.yaml` (or `NAME.md`) are in `NAME.cases.yaml`; those of a bundled policy ship beside it. No clock is
read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from interlock.app._files import is_reference, read_file, read_files, write_file
from interlock.app._references import bundled
from interlock.app.errors import FileRefused, OptionRefused
from interlock.casebook import MARK, Boundaries, Casebook, TestedCasebook, boundary_casebook, read_casebook
from interlock.library import BundledPolicy, bundled_policies
from interlock.notation import Fault, FaultsError
from interlock.policy import decode_all

ENDING: Final = ".cases.yaml"


def run_policy_tests(policies: Sequence[Path], cases: Sequence[Path]) -> tuple[TestedCasebook, ...]:
    """Return the casebooks run: those beside the policies, or `cases` under `policies`.

    With `cases` the first policy is the one under test, the others are further versions; without any policy each
    casebook's own is. FileRefused, OptionRefused, or FaultsError with the faults of all files.
    """
    if cases:
        named = [(list(policies), path) for path in cases]
    else:
        if not policies:
            msg = "nothing is named that could be tested"
            raise OptionRefused(msg, advice="name policy files, or files of cases by `--cases`")
        named = [_beside(path) for path in policies]
    tested: list[TestedCasebook] = []
    faults: list[Fault] = []
    total = 0
    for given, path in named:
        try:
            tested.append(_tested(path, given, found=not cases))
        except FaultsError as error:
            new = [fault for fault in error.faults if fault not in faults]
            faults += new
            total += error.total - len(error.faults) + len(new)
    if total:
        raise FaultsError(faults, total=total)
    return tuple(tested)


def cases_beside(policy: Path) -> Path:
    """Return where the cases of a policy file are."""
    return policy.with_name(f"{policy.stem}{ENDING}")


def _beside(path: Path) -> tuple[list[Path], Path]:
    """Return the policy and its cases; a file of cases may be named in place of its policy."""
    if path.name.endswith(ENDING):
        return [], path
    if is_reference(path):
        return [path], path
    if str(path) == "-":
        raise FileRefused("`-` has no folder in which its cases could be", advice="name them by `--cases`")
    beside = cases_beside(path)
    if path.is_file() and not beside.exists():
        advice = (
            f"write `{beside}`; `interlock policy test {path} --boundaries --write FILE` writes cases at its bounds"
        )
        raise FileRefused(f"there are no cases of `{path}`: expected `{beside}`", advice=advice)
    return [path], beside


def _tested(path: Path, given: Sequence[Path], *, found: bool) -> TestedCasebook:
    if is_reference(path):
        return _tested_bundled(path, given)
    casebook = read_casebook(read_file(path), file=str(path))
    versions = [_relative(one.name, path) for one in casebook.versions]
    policies = list(given)
    if not policies:
        policies = [_own_policy(casebook, path)]
    elif found and casebook.policy is not None and not _is_same(_relative(casebook.policy.name, path), policies[0]):
        msg = f"`{path}` holds the cases of `{casebook.policy.name}`, not of `{policies[0]}`"
        raise FileRefused(msg, advice=f"name it by `--cases {path}` to run them under another policy")
    return TestedCasebook.of(casebook, decode_all(read_files([*policies, *versions])))


def _tested_bundled(path: Path, given: Sequence[Path]) -> TestedCasebook:
    """Return the cases that ship beside a bundled policy, run under the policies given, or under that one."""
    policy = bundled(path)
    content = policy.read_beside(ENDING)
    if content is None:
        msg = f"no cases of `{policy.reference}` ship with interlock"
        raise FileRefused(msg, advice="name a file of cases by `--cases`")
    casebook = read_casebook(content, file=f"{policy.reference}{ENDING}")
    versions = [_bundled_beside(one.name, policy) for one in casebook.versions]
    return TestedCasebook.of(casebook, decode_all(read_files([*(given or [path]), *versions])))


def _bundled_beside(name: str, policy: BundledPolicy) -> Path:
    """Return the reference to the policy that cases name as a file beside their own, as those in a folder do."""
    if is_reference(name):
        return Path(name)
    path = str(PurePosixPath(policy.path).parent / name)
    found = next((one for one in bundled_policies() if one.path == path), None)
    if found is None:
        msg = f"the cases of `{policy.reference}` name the file `{name}`, and no such policy ships with interlock"
        raise FileRefused(msg, advice="name a file of cases by `--cases`")
    return Path(found.reference)


def _own_policy(casebook: Casebook, path: Path) -> Path:
    if casebook.policy is not None:
        return _relative(casebook.policy.name, path)
    stem = path.name.removesuffix(ENDING)
    for ending in (".yaml", ".md"):
        beside = path.with_name(f"{stem}{ending}")
        if path.name.endswith(ENDING) and beside.is_file():
            return beside
    msg = f"`{path}` does not say which policy it is about"
    raise FileRefused(msg, advice="state `policy:` in it, or name the policy before `--cases`")


def _relative(name: str, path: Path) -> Path:
    return Path(name) if is_reference(name) else path.parent / name


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def write_report(path: Path, content: bytes) -> None:
    """Write a JUnit report; FileRefused where it can't be, or where something other than a report is there."""
    if path.is_file() and path.stat().st_size and not read_file(path).startswith(_REPORT):
        msg = f"--junit: `{path}` is there already, and is no report"
        raise FileRefused(msg, advice="name another file for the report, or remove that one")
    write_file(path, content)


_REPORT: Final = b"<?xml"


# Boundaries


def draft_boundaries(policy: Path, write: Path | None) -> Boundaries:
    """Return cases at the bounds of a policy, written to a file as well where one is named.

    FileRefused where that file holds anything but such cases, or where the policy has no bound to write cases for.
    """
    [decoded] = decode_all(read_files([policy]))
    boundaries = boundary_casebook(decoded, name=None if write is None else _named_from(policy, write))
    if write is None:
        return boundaries
    if not boundaries.cases:
        msg = f"nothing is written to `{write}`: no number and no period of `{policy}` could be put to the test"
        raise FileRefused(msg, advice="leave `--write` out to see why")
    if write.is_file() and write.stat().st_size and not read_file(write).startswith(MARK.encode()):
        msg = f"--write: `{write}` is there already, and holds no drafted cases"
        raise FileRefused(msg, advice="name another file for them, or remove that one")
    write_file(write, boundaries.text.encode())
    return boundaries


def _named_from(policy: Path, write: Path) -> str | None:
    """Return how a file of cases names a policy: relative to its own folder."""
    if is_reference(policy):
        return str(policy)
    return None if str(policy) == "-" else Path(os.path.relpath(policy, write.parent)).as_posix()
