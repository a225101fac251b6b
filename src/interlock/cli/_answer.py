"""The answer in a few lines: permitted or held, what decided, why, what would change it, and until when it is good."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from interlock.cli._dispute_words import ANYONE, dispute_words
from interlock.cli._page import Line, Mark, Span, faint, line, strong, unbroken
from interlock.cli._wording import Glossary, reason_words, role_titles, shortened
from interlock.engine import Change, Decision, Node, RestrictionStanding, Validity
from interlock.policy import AllOf, Burden, Condition, Policy, denied_in_words, in_words
from interlock.terms import Truth, format_instant

_LABEL: Final = 13
_MOST_REASONS: Final = 3
_ANYONE: Final = ("anyone",)


def labelled(label: str, *words: str | Span) -> Line:
    """Return a line with a label before it, its continuations under the words."""
    return line(faint(unbroken(f"{label:<{_LABEL}}")), *words, indent=2, hang=_LABEL)


def short_answer(decision: Decision) -> Iterator[Line]:
    """Yield the answer in some ten lines."""
    question = decision.question
    yield headline(decision)
    checkpoint = "" if question.weights is None else f", checkpoint {shortened(question.weights)}"
    yield labelled("asked", f"as of {format_instant(question.as_of)}{known_words(decision)}{checkpoint}")
    yield labelled("by", ", ".join(f"{case.policy.id} {case.policy.version}" for case in decision.policies))
    yield from because(decision)
    yield from _in_dispute(decision)
    yield from _first_way(decision)
    yield labelled("good until", validity_words(decision))
    if decision.findings:
        yield labelled("findings", ", ".join(dict.fromkeys(finding.id for finding in decision.findings)))


def headline(decision: Decision) -> Line:
    """Return the outcome, what decided it, and what it is about."""
    mark = Mark.BAD if decision.held else Mark.GOOD
    symbol, outcome = ("✗", "HELD") if decision.held else ("✓", "PERMITTED")
    about = f": {decision.question.action} of {decision.question.model}"
    return line(Span(f"{symbol} {outcome}", mark), strong(f" {decided_by(decision)}"), about)


def decided_by(decision: Decision) -> str:
    """Return what decided: evidence, the burden of proof, or that no restriction could ever forbid it."""
    if decision.by_default:
        return "by the burden of proof"
    return "as nothing restricts it" if decision.unrestricted else "by evidence"


def known_words(decision: Decision) -> str:
    """Return by what knowledge the answer is, where that is not of the time asked about."""
    question = decision.question
    return (
        "" if question.knowledge == question.as_of else f", by what was known at {format_instant(question.knowledge)}"
    )


def because(decision: Decision) -> Iterator[Line]:
    """Yield why: each restriction that holds the action, or why each that could does not."""
    binding = [standing for standing in decision.restrictions if standing.restriction.clause.binds]
    active = [standing for standing in binding if standing.state == "active"]
    if not binding:
        yield labelled("because", "no binding restriction of the policy could ever forbid it")
    shown = active or binding
    for standing in shown[:_MOST_REASONS]:
        name = strong(restriction_name(standing))
        yield labelled("because", name, f" is {standing.state}: {standing_words(standing)}")
    left = len(shown) - _MOST_REASONS
    if left > 0:
        how = "hold it as well" if active else "do not hold it either"
        yield labelled("", f"and {left} more, which {how}")


def restriction_name(standing: RestrictionStanding) -> str:
    """Return what to call a restriction: by its name, or as the duty that forbids while it is overdue."""
    return standing.id if standing.duty is None else f"duty {standing.duty.id}"


def standing_words(standing: RestrictionStanding) -> str:
    """Return what a restriction's state follows from, with the events that show it."""
    until, released = standing.until, standing.restriction.until
    words = _when_words(standing)
    if standing.state == "released" and until is not None and released is not None:
        return f"{words}, but {in_words(released, standing.policy)}{_shown_by(until)}"
    if standing.state == "lifted":
        return f"{words}, but permission `{standing.lifted_by}` is in force"
    return words


def _when_words(standing: RestrictionStanding) -> str:
    policy, when = standing.policy, standing.when
    condition: Condition = standing.restriction.when
    if policy.applies_to is not None:
        condition = AllOf(parts=(policy.applies_to, condition))
    match when.value:
        case Truth.TRUE:
            return f"{in_words(condition, policy)}{_shown_by(when)}"
        case Truth.FALSE:
            return f"{denied_in_words(condition, policy)}{_shown_by(when)}"
        case Truth.UNKNOWN:
            why = f" ({reason_words(when.reason)})" if when.reason else ""
            return f"it is open whether {in_words(condition, policy)}{why}, {presumption_words(standing)}"
        case _ as never:
            assert_never(never)


def _shown_by(node: Node) -> str:
    """Return the events that the node's value rests on, in brackets."""
    leaves = [part for part in node.walk() if part.value is node.value and part.margin is None]
    indices = sorted({event.index for part in leaves for event in part.evidence})
    if not indices:
        return ""
    return f" (event{'' if len(indices) == 1 else 's'} {', '.join(map(str, indices))})"


def presumption_words(standing: RestrictionStanding) -> str:
    """Return how an unknown `when` counts, and by what."""
    policy, restriction = standing.policy, standing.restriction
    counts = f"which counts as {policy.presumption(restriction).value}"
    if restriction.presume is not None:
        return f"{counts}, as the restriction presumes"
    bears = "the developer" if policy.burden is Burden.DEVELOPER else "whoever wants it held"
    return f"{counts}, since the burden of proof is on {bears}"


def _in_dispute(decision: Decision) -> Iterator[Line]:
    several = len(decision.policies) > 1
    policies = {case.policy.id: case.policy for case in decision.policies}
    for dispute in decision.disputes:
        yield labelled("in dispute", *dispute_words(dispute, policies[dispute.policy], several=several))


def _first_way(decision: Decision) -> Iterator[Line]:
    label = "released by" if decision.held else "held by"
    if not decision.release:
        yield labelled(label, "nothing that somebody could do or record")
        return
    glossary = Glossary.of(decision)
    policies = [case.policy for case in decision.policies]
    first, *others = decision.release
    number = f"{len(others)}{' or more' if decision.release_truncated else ''}"
    more = f"; or {number} other way{'' if number == '1' else 's'}" if others else ""
    yield labelled(label, "; and ".join(change_words(change, glossary, policies) for change in first), more)


def change_words(change: Change, glossary: Glossary, policies: Sequence[Policy]) -> str:
    """Return a change in words: from whom, what would have to come, and what it would show."""
    if change.is_ruling:
        return f"{change.how}, by {_rulers(change, policies)}"
    by = f"{role_titles(change.who, policies)}: " if change.who else ""
    return f"{by}{change.how} ({glossary.words(change.leaf, to=change.to)})"


def _rulers(change: Change, policies: Sequence[Policy]) -> str:
    """Return who may rule: all of them together, or one of them, as the term says."""
    if change.who == _ANYONE:
        return ANYONE
    terms = (policy.terms.get(change.leaf) for policy in policies if policy.id == change.policy)
    readings = (term.readings for term in terms if term is not None and term.readings is not None)
    one_is_enough = any(one.ruled_by is not None and one.ruled_by.needed == 1 for one in readings)
    return role_titles(change.who, policies, joined_by="or" if one_is_enough else "and")


def validity_words(decision: Decision) -> str:
    """Return until when the answer is good, what ends it, and who can renew that."""
    valid = decision.valid_until
    if valid is None:
        return "something new is recorded; nothing known now ends it"
    ends = [] if valid.time is None else [format_instant(valid.time)]
    if valid.effective_compute is not None:
        ends.append(f"an effective compute of {valid.effective_compute}")
    which = ", whichever comes first" if len(ends) > 1 else ""
    who = role_titles(valid.who, [case.policy for case in decision.policies])
    renewed = f"; {who} can renew it" if who and not _OVERDUE.fullmatch(valid.leaf) else ""
    return f"{' or '.join(ends)}{which}: {_ending(valid, Glossary.of(decision))}{renewed}"


def _ending(valid: Validity, glossary: Glossary) -> str:
    overdue = _OVERDUE.fullmatch(valid.leaf)
    if overdue:
        return f"then duty `{overdue[1]}` is overdue, unless it is performed before"
    if valid.leaf in glossary.conditions:
        return f"then what shows whether {glossary.words(valid.leaf)} is no longer good"
    permission = _PERMISSION.fullmatch(valid.leaf)
    return f"then permission `{permission[1]}` is over" if permission else shortened(valid.leaf)


_OVERDUE: Final = re.compile(r"\{overdue: (.+)\}")
_PERMISSION: Final = re.compile(r"\{in-force: (.+)\}")
