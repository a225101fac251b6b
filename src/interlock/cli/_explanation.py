"""The whole explanation: what was asked, what decided, each restriction down to the evidence, and what would change it.

Reads in 80 columns. Every number stands with its unit, its interval and the event that it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from interlock.cli._answer import (
    change_words,
    headline,
    known_words,
    labelled,
    restriction_name,
    standing_words,
    validity_words,
)
from interlock.cli._dispute_words import dispute_lines
from interlock.cli._page import BLANK, Line, Mark, Span, faint, line, strong, unbroken
from interlock.cli._trace import trace_lines
from interlock.cli._wording import Glossary
from interlock.engine import Decision, PermissionStanding, RestrictionStanding
from interlock.policy import Policy, describe
from interlock.terms import Truth, format_instant

_STATES: Final = {"active": Span("✗ ACTIVE", Mark.BAD)}


def explanation(decision: Decision) -> Iterator[Line]:
    """Yield the page."""
    yield headline(decision)
    yield BLANK
    yield from _asked(decision)
    yield BLANK
    yield line(strong("Why"))
    for standing in _in_order(decision.restrictions):
        yield from restriction_lines(standing)
        yield BLANK
    if not decision.restrictions:
        yield line("No restriction of the policy is about this action.", indent=2)
        yield BLANK
    if decision.disputes:
        yield line(strong("Words in dispute"), " (each reading by itself, other texts as they are)")
        yield from dispute_lines(decision)
        yield BLANK
    yield from ways(decision)
    yield BLANK
    yield line(strong("Until when"))
    yield line(f"This answer is good until {validity_words(decision)}.", indent=2, hang=0)
    if decision.valid_until is not None:
        yield line("Whatever is recorded from now on can change it before.", indent=2, hang=0)
    if decision.findings:
        yield BLANK
        yield line(strong("Findings"), " (worth knowing; none of them changes the answer)")
        for finding in decision.findings:
            yield line(f"{finding.id}: {finding.detail}", indent=2)


def _asked(decision: Decision) -> Iterator[Line]:
    question = decision.question
    yield labelled("asked", f"may {question.action} be done with {question.model}?")
    yield labelled("checkpoint", question.weights or "none named")
    yield labelled("as of", f"{format_instant(question.as_of)}{known_words(decision)}")
    if question.at_compute is not None:
        yield labelled("compute", f"at an effective compute of {question.at_compute}")
    for case in decision.policies:
        policy = case.policy
        since = format_instant(case.version.since)
        yield labelled("policy", f"{policy.title}: {policy.id} {policy.version} of {policy.issuer}, since {since}")
        yield labelled("", faint(policy.digest))
    count = len(decision.history.given)
    yield labelled("record", f"{count} events were known; who acted is asserted (typed), not signed")


def _in_order(standings: Sequence[RestrictionStanding]) -> list[RestrictionStanding]:
    """Return the restrictions that hold first, then those that bind, then the rest."""
    return sorted(standings, key=lambda one: (one.state != "active", not one.restriction.clause.binds))


def restriction_lines(standing: RestrictionStanding) -> Iterator[Line]:
    """Yield one restriction: its state, what the policy says, and its conditions down to the evidence."""
    clause = standing.restriction.clause
    state = _STATES.get(standing.state) or Span(f"✓ {standing.state}", Mark.GOOD)
    if not clause.binds:
        state = Span(f"· {standing.state}", Mark.FAINT)
    place = ", ".join(f"{name} {text}" for name, text in (("section", clause.section), ("page", clause.page)) if text)
    of = f" of {standing.policy.id} {standing.policy.version}{f', {place}' if place else ''}"
    yield line(state, strong(f"  {restriction_name(standing)}"), faint(of), indent=2)
    yield line(_sentence(standing), indent=4, hang=0)
    if not clause.binds:
        weaker = ", ".join(word for word in (clause.modality, clause.binding) if word not in {"must", "unilateral"})
        yield line(faint(f"It is tracked and never holds anything: {weaker}."), indent=4, hang=0)
    yield line(f"Here {standing_words(standing)}.", indent=4, hang=0)
    yield from _part("when", trace_lines(standing.when, standing.policy, indent=6))
    if standing.until is not None:
        yield from _part("until", trace_lines(standing.until, standing.policy, indent=6))
    for lifting in standing.lifts:
        yield from _permission(lifting, standing.policy)


def _part(label: str, lines: Iterator[Line]) -> Iterator[Line]:
    yield line(faint(label), indent=4)
    yield from lines


def _permission(standing: PermissionStanding, policy: Policy) -> Iterator[Line]:
    state = Span("in force", Mark.GOOD) if standing.in_force else Span("not in force", Mark.STRONG)
    ends = f" until {format_instant(standing.ends)}" if standing.ends is not None else ""
    over = ""
    if not standing.in_force and standing.when.value is Truth.TRUE:
        over = ": its condition holds, and its time is over"
    yield line(faint("lifted by permission "), strong(standing.permission.id), ", ", state, f"{ends}{over}", indent=4)
    yield from trace_lines(standing.when, policy, indent=6)


def _sentence(standing: RestrictionStanding) -> str:
    sections = {section.title: section.items for section in describe(standing.policy)}
    section, name = ("Restrictions", standing.id) if standing.duty is None else ("Duties", standing.duty.id)
    said = next(item.sentence for item in sections[section] if item.id == name)
    forbids = (
        "" if standing.duty is None else f"; while it is overdue, it forbids {', '.join(standing.restriction.forbids)}"
    )
    return f"The policy: {said}{forbids}."


def ways(decision: Decision) -> Iterator[Line]:
    """Yield the smallest sets of changes that would turn the answer, and who can make each."""
    turned = "PERMITTED" if decision.held else "HELD"
    if not decision.release:
        yield line(strong(f"Nothing that somebody could do or record would make it {turned}"))
        return
    any_of = " (any one of these)" if len(decision.release) > 1 else ""
    yield line(strong(f"What would make it {turned}"), any_of)
    glossary = Glossary.of(decision)
    policies = [case.policy for case in decision.policies]
    for place, changes in enumerate(decision.release, start=1):
        number = f"{place:>2}. "
        for position, change in enumerate(changes):
            lead = number if position == 0 else "    and "
            yield line(unbroken(lead), change_words(change, glossary, policies), indent=2, hang=4)
    if decision.release_truncated:
        yield line("There are further ways, or ways that take more than four changes.", indent=2)
