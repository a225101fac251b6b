"""Clause coverage of files: a policy and the inventory of its text's clauses, read from beside it or as named.

The inventory of `NAME.yaml` (or `NAME.md`) is `NAME.clauses.tsv`. No clock is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from interlock.app._files import NamedBytes, as_typed, is_reference, read_file, read_files
from interlock.app._references import bundled
from interlock.app.errors import FileRefused
from interlock.notation import FaultCollector, FaultsError
from interlock.policy import Policy, decode
from interlock.policy.clauses import ClauseCoverage, Inventory, clause_coverage, read_inventory

ENDING: Final = ".clauses.tsv"
_WRITE: Final = (
    "write it, a row for each clause: `id section page modality actor`, with tabs; or name another by `--inventory`"
)


def coverage_on_files(policy: Path, inventory: Path | None) -> ClauseCoverage:
    """Return which items of a policy encode which clauses of its text, and what is amiss.

    FileRefused where a file can't be read or there is no inventory; FaultsError with the faults of both files.
    """
    [named] = read_files([policy])
    listed = _beside(policy) if inventory is None else (str(inventory), read_file(inventory))
    return clause_coverage(*_decoded(named, listed))


def _decoded(policy: NamedBytes, inventory: NamedBytes) -> tuple[Policy, Inventory]:
    """Return both, or raise the faults of both at once: each is mended by the same people."""
    faults = FaultCollector()
    decoded: Policy | None = None
    try:
        decoded = decode(policy[1], file=policy[0])
    except FaultsError as error:
        faults.absorb(error)
    try:
        read = read_inventory(inventory[1], file=inventory[0])
    except FaultsError as error:
        faults.absorb(error)
        raise FaultsError(faults, total=len(faults)) from None
    if decoded is None:
        raise FaultsError(faults, total=len(faults))
    return decoded, read


def _beside(policy: Path) -> NamedBytes:
    """Return the inventory beside a policy; of a bundled one that of the library."""
    if is_reference(policy):
        one = bundled(policy)
        content = one.read_beside(ENDING)
        if content is None:
            msg = f"no inventory of the clauses of `{one.reference}` ships with interlock"
            raise FileRefused(msg, advice="name one by `--inventory`")
        return f"{one.reference}{ENDING}", content
    if str(policy) == "-":
        raise FileRefused("`-` has no folder in which its inventory could be", advice="name it by `--inventory`")
    beside = policy.with_name(f"{policy.stem}{ENDING}")
    if not beside.exists():
        msg = f"there is no inventory of the clauses of `{as_typed(policy)}`: expected `{beside}`"
        raise FileRefused(msg, advice=_WRITE)
    return str(beside), read_file(beside)
