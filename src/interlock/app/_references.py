"""References to bundled policies, `interlock://ID@VERSION`, wherever a policy file may be named.

Resolved here alone. A command line's paths lose a slash of two, so one is enough; a folder named `interlock:` is not
looked into. A reference without a version names the only one there is, and is refused where there are several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from interlock.app.errors import FileRefused
from interlock.library import SCHEME, BundledPolicy, bundled_policies
from interlock.terms import nearest

_REFERENCE: Final = re.compile(r"interlock:/+(?P<name>.+)", re.DOTALL)
_AT: Final = "@"


def bundled(path: Path | str) -> BundledPolicy:
    """Return the bundled policy that a reference names; FileRefused with the nearest one where it names none."""
    match = _REFERENCE.fullmatch(str(path))
    name = "" if match is None else match["name"]
    policies = bundled_policies()
    found = next((policy for policy in policies if policy.name == name), None)
    if found is not None:
        return found
    identifier, at, _ = name.partition(_AT)
    versions = [policy for policy in policies if policy.id == identifier]
    if not at and len(versions) == 1:
        return versions[0]
    if not at and versions:
        msg = f"`{SCHEME}{name}` names no version, and there are {len(versions)}"
        raise FileRefused(msg, advice=f"name one of {_listed(versions)}")
    raise _unknown(name, policies, versions)


def _unknown(name: str, policies: Sequence[BundledPolicy], versions: Sequence[BundledPolicy]) -> FileRefused:
    msg = f"no policy `{SCHEME}{name}` ships with interlock"
    if versions:
        return FileRefused(msg, advice=f"name one of {_listed(versions)}")
    names, ids = [policy.name for policy in policies], [policy.id for policy in policies]
    close = nearest(name, names) or nearest(name, ids) or next((one for one in ids if name and name in one), None)
    meant = f"did you mean `{SCHEME}{close}`? " if close else ""
    return FileRefused(msg, advice=f"{meant}see `interlock policy list`")


def _listed(policies: Iterable[BundledPolicy]) -> str:
    return ", ".join(f"`{policy.reference}`" for policy in policies)
