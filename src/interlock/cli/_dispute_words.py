"""Words for disputed texts: the ruling that binds, or that none does, and which way each reading would have cut.

Every page of an answer that assumes readings begins with `assumption_lines`, so that nobody takes it for one on the
record (LANGUAGE 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from interlock.cli._page import BLANK, Line, Mark, Span, Words, faint, line, strong
from interlock.cli._wording import role_titles
from interlock.engine import Cut, Decision, Dispute, DutyChange, DutyDispute, DutyReport, Ruling, Rulings
from interlock.policy import Policy
from interlock.record import Event, TermRuled
from interlock.terms import format_instant

ANYONE: Final = "anyone: the policy does not say who may rule"
_NOT_TRIGGERED: Final = ("not-triggered",)


def assumption_lines(assumed: Rulings) -> Iterator[Line]:
    """Yield what stands above an answer that assumes readings: that it is hypothetical, and which it assumes."""
    for (policy, term), reading in assumed.items():
        text = f": as if `{term}` of {policy} had been ruled to be read as `{reading}` from the beginning"
        yield line(Span("! HYPOTHETICAL", Mark.OPEN), text)
    if assumed:
        yield BLANK


# Decisions


def dispute_lines(decision: Decision) -> Iterator[Line]:
    """Yield each disputed text that the answer may depend on, and beneath it why it was ruled on as it was."""
    several = len(decision.policies) > 1
    policies = {case.policy.id: case.policy for case in decision.policies}
    for dispute in decision.disputes:
        yield line(*dispute_words(dispute, policies[dispute.policy], several=several), indent=2)
        for reason in _reasons(dispute.ruling):
            yield line(faint(f"why: {reason}"), indent=4)


def dispute_words(dispute: Dispute, policy: Policy, *, several: bool) -> list[Words]:
    """Return how a disputed text stands, and what the answer would be under each reading that does not count."""
    of = f" of {dispute.policy}" if several else ""
    words: list[Words] = [strong(dispute.term), f"{of}: ", *_state(dispute, policy)]
    others = [cut for cut in dispute.cuts if cut.reading != dispute.ruling.reading]
    words += [f" · `{cut.reading}` would: {_outcome(cut)}" for cut in others]
    return words


def _state(dispute: Dispute, policy: Policy) -> list[Words]:
    ruling = dispute.ruling
    if ruling.reading is not None:
        return [f"`{ruling.reading}` is {_ruled(ruling, policy)}"]
    if len({cut.value for cut in dispute.cuts}) > 1:
        return [Span("contested", Mark.OPEN)]
    return ["not ruled on, and here its readings agree"]


def _ruled(ruling: Ruling, policy: Policy) -> str:
    if not ruling.events:
        return "assumed to be ruled"
    last = ruling.events[-1]
    return f"ruled by {' and '.join(who_words(event, policy) for event in ruling.events)}, {when_words(last)}"


def who_words(event: Event, policy: Policy) -> str:
    """Return who spoke, as far as the event says: the role by its title, and the actor."""
    role = None if event.role is None else role_titles([event.role], [policy])
    return ", ".join(one for one in (role, event.actor) if one) or "someone unnamed"


def when_words(event: Event) -> str:
    """Return when something was so, and when that was recorded where it was later."""
    late = f" (recorded {format_instant(event.recorded)})" if event.recorded > event.occurred else ""
    return f"{format_instant(event.occurred)}{late}"


def _reasons(ruling: Ruling) -> Iterator[str]:
    for event in ruling.events:
        if isinstance(event.payload, TermRuled) and event.payload.reason:
            yield event.payload.reason


def _outcome(cut: Cut) -> str:
    return f"{cut.outcome} by the burden of proof" if cut.by_default else cut.outcome


# Duties


def duty_dispute_lines(report: DutyReport) -> Iterator[Line]:
    """Yield the disputed texts on which duties depend, and what would be otherwise under each reading."""
    several = len(report.versions) > 1
    found = [(dispute, list(_changes(dispute))) for dispute in report.disputes]
    if not any(changes for _, changes in found):
        return
    yield BLANK
    yield line(strong("Words in dispute"))
    for dispute, changes in found:
        if changes:
            of = f" of {dispute.policy}" if several else ""
            yield line(strong(dispute.term), f"{of}: {_ruled_by_events(dispute.rulings)}", indent=2)
            for reading, change in changes:
                yield line(f"under `{reading}`: {_change_words(change)}", indent=4)


def _changes(dispute: DutyDispute) -> Iterator[tuple[str, DutyChange]]:
    """Yield what would be otherwise; that a duty would be listed as not triggered for nobody yet is no change."""
    for cut in dispute.cuts:
        for change in cut.changes:
            if (change.states or _NOT_TRIGGERED) != (change.would_be or _NOT_TRIGGERED):
                yield cut.reading, change


def _change_words(change: DutyChange) -> str:
    return f"{change.duty} of {change.instance} would be {_states(change.would_be)}; it is {_states(change.states)}"


def _states(states: Sequence[str]) -> str:
    return ", ".join(states or _NOT_TRIGGERED)


def _ruled_by_events(indices: Iterable[int]) -> str:
    named = [str(index) for index in indices]
    if not named:
        return "no ruling"
    return f"ruled on by event{'' if len(named) == 1 else 's'} {', '.join(named)}"
