"""The items of a policy with the clauses of its text that they cite, whatever kind they are of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from interlock.policy._model import Clause, Policy

ROLE: Final = "role"
AMENDMENTS: Final = "amendments"
_FIRM: Final = frozenset({"restriction", "duty", "pledge", "goal"})
_UNILATERAL: Final = "unilateral"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitingItem:
    """An item by its kind and id, with what it says of its place and firmness; `within` is a control's standard."""

    kind: str
    id: str
    within: str | None
    clause: Clause

    @property
    def name(self) -> str:
        """What names it: `duty report`; a control with its standard, since several may have one of that name."""
        if self.kind == AMENDMENTS:
            return self.kind
        return f"{self.kind} {self.id}" if self.within is None else f"{self.kind} {self.id} of {self.within}"

    @property
    def has_firmness(self) -> bool:
        """Whether modality and binding decide what the item does: of the other kinds they decide nothing."""
        return self.kind in _FIRM

    @property
    def weaker(self) -> tuple[str, ...]:
        """The words by which it says that it is meant less firmly than it might be."""
        modality = () if self.clause.modality == "must" else (self.clause.modality,)
        return modality if self.clause.binding == _UNILATERAL else (*modality, self.clause.binding)


class _Named(Protocol):
    """What every item is at the least."""

    @property
    def id(self) -> str: ...
    @property
    def clause(self) -> Clause: ...


def citing_items(policy: Policy) -> Iterator[CitingItem]:
    """Yield every item of the policy, roles too, in the order of the language's sections; each standard's controls."""
    for kind, items in _by_kind(policy):
        for item in items.values():
            yield CitingItem(kind=kind, id=item.id, within=None, clause=item.clause)
            if kind == "standard":
                for control in policy.standards[item.id].controls.values():
                    yield CitingItem(kind="control", id=control.id, within=item.id, clause=control.clause)
    if policy.amendments is not None:
        yield CitingItem(kind=AMENDMENTS, id=AMENDMENTS, within=None, clause=policy.amendments.clause)


def _by_kind(policy: Policy) -> Iterator[tuple[str, Mapping[str, _Named]]]:
    yield ROLE, policy.roles
    yield "measure", policy.measures
    yield "threshold", policy.thresholds
    yield "standard", policy.standards
    yield "restriction", policy.restrictions
    yield "permission", policy.permissions
    yield "duty", policy.duties
    yield "pledge", policy.pledges
    yield "term", policy.terms
    yield "document", policy.documents
    yield "claim", policy.claims
    yield "goal", policy.goals
