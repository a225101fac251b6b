"""What policies ask of roles and which of their texts are disputed: random histories are mostly about these.

Used by `interlock.testing._drawn_events`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interlock.testing._drawn_choices import READINGS, ROLES


@dataclass(frozen=True, kw_only=True)
class Topic:
    """What a condition asks of roles: a judgement, an approval or an attestation."""

    leaf: str
    name: str
    roles: tuple[str, ...]


def topics(node: Any) -> list[Topic]:
    """Return what the conditions and controls of a policy ask of roles."""
    found: list[Topic] = []
    if isinstance(node, Mapping):
        found += [
            Topic(leaf=leaf, name=node[leaf], roles=_roles(node.get("by", list(ROLES))))
            for leaf in ("judged", "approved", "reviewed", "endorsed", "attested")
            if leaf in node
        ]
        for name, control in node.get("controls", {}).items():
            found.append(Topic(leaf="attested", name=name, roles=_roles(control["attested-by"])))
        for part in node.values():
            found += topics(part)
    elif isinstance(node, list):
        for part in node:
            found += topics(part)
    return found


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """A text with several readings, and which roles may rule between them, if that is said."""

    name: str
    readings: tuple[str, ...]
    roles: tuple[str, ...]


def disputed(documents: Sequence[Mapping[str, Any]]) -> list[Dispute]:
    """Return the disputed texts of the policies: terms, and readings where they stand in a condition."""
    found: list[Dispute] = []
    for document in documents:
        for name, term in document.get("terms", {}).items():
            if "readings" in term:
                found.append(_dispute(name, term["readings"], term))
        found += [_dispute(read["id"], read, read) for read in _inline(document)]
    return found


def _dispute(name: str, readings: Mapping[str, Any], beside: Mapping[str, Any]) -> Dispute:
    roles = _roles(beside["ruled-by"]) if "ruled-by" in beside else ()
    return Dispute(name=name, readings=tuple(one for one in readings if one in READINGS), roles=roles)


def _inline(node: Any) -> list[Mapping[str, Any]]:
    if isinstance(node, list):
        return [read for part in node for read in _inline(part)]
    if not isinstance(node, Mapping):
        return []
    own = node.get("readings")
    here = [own] if isinstance(own, Mapping) and "id" in own else []
    return here + [read for part in node.values() for read in _inline(part)]


def _roles(by: Any) -> tuple[str, ...]:
    if isinstance(by, str):
        return (by,)
    return tuple(by if isinstance(by, list) else by.get("any-of") or by["of"])
