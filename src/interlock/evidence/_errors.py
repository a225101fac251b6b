"""Refusals of this package.

InterlockError
├── EvidenceRefusedError   a log that was read, but that does not say what the measure asks
└── ProtocolError          a `protocols` mapping that can't be used
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from interlock.terms import InterlockError

if TYPE_CHECKING:
    from interlock.evidence._log import Finding


class EvidenceRefusedError(InterlockError):
    """A log yields no evidence: `reasons` are all of them, `findings` what else was seen in the log."""

    def __init__(
        self,
        reasons: tuple[Finding, ...],
        *,
        advice: str | None = None,
        findings: tuple[Finding, ...] = (),
    ) -> None:
        super().__init__("; ".join(reason.detail for reason in reasons), advice=advice)
        self.reasons = reasons
        self.findings = findings

    @property
    def reason_ids(self) -> tuple[str, ...]:
        """Return the ids of the reasons, in order."""
        return tuple(reason.id for reason in self.reasons)


class ProtocolError(InterlockError):
    """A `protocols` mapping has faults: all of them, each with its place in the mapping."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(
            "; ".join(faults), advice="mend the `protocols` list of the workspace file, then repeat the command"
        )
        self.faults = faults
