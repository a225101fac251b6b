"""Clause coverage: for each clause of a policy's text the items that encode it, or why none does, and what is amiss.

Implements docs/reference/policy-coverage.md. It holds that no clause is forgotten, and that none is encoded more or
less firmly than it is meant; whether an item says what its clause says is for readers. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby, islice
from typing import Final

from interlock.notation import Span, shown
from interlock.policy._model import Policy, Unencoded
from interlock.policy.clauses._citations import ROLE, CitingItem, citing_items
from interlock.policy.clauses._inventories import DEFINITION, MUST, InventoriedClause, Inventory
from interlock.terms import nearest

_HUNDRED: Final = 100
_LISTED: Final = 5
"""How many items or clauses a message names."""
_COMPARED: Final = 50
"""For how many unknown ids the nearest one is looked for: a hostile policy would make that take minutes."""


class Check(Enum):
    """What is held of an encoding and its inventory."""

    UNMAPPED = "unmapped"
    UNKNOWN_CLAUSE = "unknown-clause"
    PROMOTED = "promoted"
    DEMOTED = "demoted"
    CITES_NO_CLAUSE = "cites-no-clause"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageFinding:
    """What is amiss, where, and with which clauses and item; `meant` is the clause that an unknown id is near."""

    check: Check
    span: Span
    message: str
    clauses: tuple[str, ...] = ()
    item: CitingItem | None = None
    meant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedClause:
    """A clause with the items that cite it, and with what says why it, or a rest of it, is left out."""

    clause: InventoriedClause
    items: tuple[CitingItem, ...] = ()
    left_out: tuple[Unencoded, ...] = ()

    @property
    def is_mapped(self) -> bool:
        """Whether anything of the encoding speaks of it."""
        return bool(self.items or self.left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many clauses there are, are cited by items, are left out with a reason, and are spoken of by nothing.

    `in_part` of the encoded ones have a rest that is left out with a reason.
    """

    clauses: int
    encoded: int
    in_part: int
    unencoded: int
    unmapped: int

    @property
    def share(self) -> float:
        """How many of a hundred are encoded, rounded down to a tenth, so that only all of them are 100."""
        return self.encoded * _HUNDRED * 10 // self.clauses / 10 if self.clauses else float(_HUNDRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseCoverage:
    """The clauses of a text with what encodes them, in its order, and all findings, in the order of the checks."""

    policy: Policy
    inventory: Inventory
    clauses: tuple[MappedClause, ...]
    findings: tuple[CoverageFinding, ...]

    @property
    def sections(self) -> tuple[tuple[str, tuple[MappedClause, ...]], ...]:
        """The clauses by section; a section to which the text comes back stands there again."""
        grouped = groupby(self.clauses, key=lambda one: one.clause.section)
        return tuple((section, tuple(clauses)) for section, clauses in grouped)

    @property
    def all_clauses(self) -> Tally:
        """The tally of all clauses."""
        return _tally(self.clauses)

    @property
    def must_clauses(self) -> Tally:
        """The tally of those that the text means as must."""
        return _tally([one for one in self.clauses if one.clause.modality == MUST])


def clause_coverage(policy: Policy, inventory: Inventory) -> ClauseCoverage:
    """Return which items of the policy encode which clauses of the inventory, and what is amiss."""
    items = tuple(citing_items(policy))
    clauses = tuple(_mapped(inventory, items, policy.unencoded))
    findings = (
        *_unmapped(clauses),
        *_unknown(inventory, items, policy),
        *_promoted(inventory, items),
        *_demoted(clauses),
        *_citing_nothing(items),
    )
    return ClauseCoverage(policy=policy, inventory=inventory, clauses=clauses, findings=findings)


def _mapped(
    inventory: Inventory, items: Iterable[CitingItem], unencoded: Iterable[Unencoded]
) -> Iterator[MappedClause]:
    citing: dict[str, list[CitingItem]] = {}
    leaving_out: dict[str, list[Unencoded]] = {}
    for item in items:
        for name in item.clause.clauses:
            citing.setdefault(name, []).append(item)
    for part in unencoded:
        for name in part.clauses:
            leaving_out.setdefault(name, []).append(part)
    for name, clause in inventory.clauses.items():
        yield MappedClause(clause=clause, items=tuple(citing.get(name, ())), left_out=tuple(leaving_out.get(name, ())))


def _tally(clauses: Sequence[MappedClause]) -> Tally:
    return Tally(
        clauses=len(clauses),
        encoded=sum(bool(one.items) for one in clauses),
        in_part=sum(bool(one.items and one.left_out) for one in clauses),
        unencoded=sum(bool(one.left_out and not one.items) for one in clauses),
        unmapped=sum(not one.is_mapped for one in clauses),
    )


# What is amiss


def _unmapped(clauses: Iterable[MappedClause]) -> Iterator[CoverageFinding]:
    for one in clauses:
        if not one.is_mapped:
            message = f"no item cites the {one.clause.modality}-clause `{one.clause.id}`, and no reason leaves it out"
            yield CoverageFinding(check=Check.UNMAPPED, span=one.clause.span, message=message, clauses=(one.clause.id,))


def _unknown(inventory: Inventory, items: Iterable[CitingItem], policy: Policy) -> Iterator[CoverageFinding]:
    for number, (name, who, span, item) in enumerate(_cited_unknown(inventory, items, policy)):
        yield CoverageFinding(
            check=Check.UNKNOWN_CLAUSE,
            span=span,
            message=f"{who} cites `{shown(name)}`, and the inventory has no such clause",
            clauses=(name,),
            item=item,
            meant=nearest(name, inventory.clauses) if number < _COMPARED else None,
        )


def _cited_unknown(
    inventory: Inventory, items: Iterable[CitingItem], policy: Policy
) -> Iterator[tuple[str, str, Span, CitingItem | None]]:
    """Yield each id that the inventory lacks, with what cites it, where, and which item that is, if it is one."""
    for item in items:
        for name in item.clause.clauses:
            if name not in inventory.clauses:
                yield name, f"`{item.name}`", item.clause.span, item
    for part in policy.unencoded:
        for name in part.clauses:
            if name not in inventory.clauses:
                yield name, f"what `unencoded` says of section `{shown(part.section)}`", part.span, None


def _promoted(inventory: Inventory, items: Iterable[CitingItem]) -> Iterator[CoverageFinding]:
    """Yield the items that bind, though no clause that they cite asks for that; definitions neither ask nor hinder."""
    for item in items:
        if not item.has_firmness or not item.clause.binds:
            continue
        cited = [inventory.clauses[name] for name in item.clause.clauses if name in inventory.clauses]
        asking = [clause for clause in cited if clause.modality != DEFINITION]
        if asking and all(clause.modality != MUST for clause in asking):
            words = _listed([f"`{clause.id}` ({clause.modality})" for clause in asking])
            message = f"`{item.name}` binds, and what it cites is weaker than must: {words}"
            names = tuple(clause.id for clause in asking)
            yield CoverageFinding(
                check=Check.PROMOTED, span=item.clause.span, message=message, clauses=names, item=item
            )


def _demoted(clauses: Iterable[MappedClause]) -> Iterator[CoverageFinding]:
    """Yield the must-clauses that only weaker items encode, and of which nothing says what is left out."""
    for one in clauses:
        if one.clause.modality != MUST or not one.items or one.left_out:
            continue
        if all(item.has_firmness and _is_weaker(item) for item in one.items):
            words = _listed([f"`{item.name}` ({', '.join(item.weaker)})" for item in one.items])
            message = f"the must-clause `{one.clause.id}` is encoded only by weaker items: {words}"
            first = one.items[0]
            yield CoverageFinding(
                check=Check.DEMOTED, span=first.clause.span, message=message, clauses=(one.clause.id,), item=first
            )


def _listed(words: Sequence[str]) -> str:
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return f"{', '.join(islice(words, _LISTED))}{more}"


def _is_weaker(item: CitingItem) -> bool:
    """Return whether an item says less than must; one that hangs on the acts of others may still say must."""
    return item.clause.modality != MUST or item.clause.binding == "recommendation"


def _citing_nothing(items: Iterable[CitingItem]) -> Iterator[CoverageFinding]:
    for item in items:
        if item.kind != ROLE and not item.clause.clauses:
            message = f"`{item.name}` cites no clause of the inventory"
            yield CoverageFinding(check=Check.CITES_NO_CLAUSE, span=item.clause.span, message=message, item=item)
