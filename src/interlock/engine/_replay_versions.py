"""Versions in a replay: which version of each policy is in force at a time, by the adoptions known then (LANGUAGE 4.7).

An adoption that becomes known changes what was in force before it as well, as a decision of that time would have it. So
the stretches in which versions were in force are put together anew when one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from interlock.engine._applied import AppliedPolicy
from interlock.engine._errors import Refused
from interlock.engine._state import FIRST_INSTANT, State
from interlock.engine._trace import earliest
from interlock.engine._versions import Span, in_force, spans_of, starts_of
from interlock.policy import Policy
from interlock.record import Event


@dataclass(slots=True, kw_only=True)
class Regime:
    """The versions of one policy, as far as they are known to be or to have been in force.

    `chain` are the stretches in which one is, up to the last that has begun, each applied to the state. `current` is
    that last one: None before the first, and while it can't be told because two came into force at the same instant.
    `rulings` are readings assumed to be ruled. With `under` that version is in force from `first` on, whatever was
    adopted. At `changes_at` it is to be looked at again.
    """

    line: Sequence[Policy]
    under: Policy | None
    first: datetime
    rulings: Mapping[str, str] = field(default_factory=dict)
    adoptions: tuple[Event, ...] = ()
    chain: tuple[AppliedPolicy, ...] = ()
    current: AppliedPolicy | None = None
    changes_at: datetime | None = field(default=FIRST_INSTANT)

    @property
    def id(self) -> str:
        """The policy's id."""
        return self.line[0].id

    def know(self, adoptions: Iterable[Event]) -> None:
        """Take in which adoptions are known."""
        self.adoptions = tuple(adoptions)
        self.changes_at = FIRST_INSTANT

    def advance(self, moment: datetime, state: State) -> bool:
        """Take in that time has come to `moment`; return whether anything is or was otherwise in force than before."""
        chain: list[AppliedPolicy] = []
        kept = list(self.chain)
        for span in self._spans(moment):
            until = span.until if span.until is not None and span.until <= moment else None
            one = kept.pop(0) if kept else None
            if one is None or one.state is not state or _place(one) != (span.policy.digest, span.since, until):
                kept = []
                one = AppliedPolicy(
                    policy=span.policy,
                    state=state,
                    since=span.since,
                    until=until,
                    rulings=self.rulings,
                    earlier=tuple(chain),
                )
            chain.append(one)
        changed = list(map(id, chain)) != list(map(id, self.chain))
        current = chain[-1] if chain and not self._is_tied(moment) else None
        changed = changed or current is not self.current
        self.chain, self.current = tuple(chain), current
        self.changes_at = self._next_start(moment)
        return changed

    def _spans(self, moment: datetime) -> list[Span]:
        if self.under is not None:
            return [Span(policy=self.under, since=self.first, until=None)] if self.first <= moment else []
        return spans_of(self.line, self.adoptions, moment, past_ties=True)

    def _next_start(self, moment: datetime) -> datetime | None:
        starts = [self.first] if self.under is not None else [at for at, _ in starts_of(self.line, self.adoptions)]
        return earliest(at for at in starts if at > moment)

    def _is_tied(self, moment: datetime) -> bool:
        if self.under is not None:
            return False
        try:
            in_force(self.line, self.adoptions, moment)
        except Refused:
            return True
        return False


def _place(one: AppliedPolicy) -> tuple[str, datetime, datetime | None]:
    return one.policy.digest, one.since, one.until
