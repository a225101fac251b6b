"""Policies applied: one version over the facts known, with the timelines of all that it speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from interlock.engine._reading import leaves_of
from interlock.engine._state import FIRST_INSTANT, State
from interlock.engine._timeline import Timeline
from interlock.policy import Policy, Scope


@dataclass(slots=True, kw_only=True)
class AppliedPolicy:
    """A policy version over a state, in force from `since` until `until` (None: with no end known)."""

    policy: Policy
    state: State
    since: datetime = FIRST_INSTANT
    until: datetime | None = None
    timelines: dict[tuple[str, str | None, bool, bool], Timeline] = field(default_factory=dict)

    @property
    def spans_models(self) -> bool:
        """Whether some leaf of the policy looks at other models than the one asked about and its ancestors."""
        return _spans_models(self.policy)

    def developer_of(self, model: str) -> str:
        """Return the developer of a model: as registered, else the issuer of the policy."""
        known = self.state.models.get(model)
        return self.policy.issuer if known is None or known.developer is None else known.developer

    def timeline(self, model: str, weights: str | None, *, ships: bool) -> Timeline:
        """Return the timeline of a checkpoint of a model."""
        return self._timeline(model, weights, newest=False, ships=ships)

    def newest(self, model: str, *, ships: bool) -> Timeline:
        """Return the timeline of a model at whatever its newest checkpoint is at each instant."""
        return self._timeline(model, None, newest=True, ships=ships)

    def _timeline(self, model: str, weights: str | None, *, newest: bool, ships: bool) -> Timeline:
        key = (model, weights, newest, ships)
        if key not in self.timelines:
            self.timelines[key] = Timeline(
                applied=self,
                model=model,
                developer=self.developer_of(model),
                weights=weights,
                newest=newest,
                ships=ships,
            )
        return self.timelines[key]


@lru_cache(maxsize=256)
def _spans_models(policy: Policy) -> bool:
    return any(leaf.of in {Scope.LINEAGE, Scope.ANY_MODEL} for leaf in leaves_of(policy))
