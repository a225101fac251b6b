"""The frame of a policy in words: what it is and who encoded it, what it leaves out, and what its text still owes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from interlock.policy._conditions import Condition, Undefined, leaves
from interlock.policy._described import Item, capital, clauses_in_words, on_one_line, place_of, texts
from interlock.policy._model import Burden, Clause, Policy
from interlock.policy._policy_form import LANGUAGE_VERSION
from interlock.policy._words import action_words, in_words, joined
from interlock.terms import Calendar

UNOFFICIAL, ADOPTED = "unofficial", "adopted"
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_BURDENS: Final = {
    Burden.DEVELOPER: "the developer must show what the evidence leaves open: what is not shown counts against them",
    Burden.CHALLENGER: "whoever wants an action held must show why: what is not shown holds nothing",
}


# What it is


def header(policy: Policy) -> Iterator[Item]:
    """Yield what the policy is, which edition was read, who encoded it, and how it is to be read."""
    yield Item(
        id=policy.id,
        sentence=f"{policy.title}, version {policy.version}, of {policy.issuer}, effective from {policy.effective}",
        details=(
            f"written in version {LANGUAGE_VERSION} of the language",
            f"file: {policy.file}",
            f"digest: {policy.digest}",
        ),
    )
    yield _edition(policy)
    yield Item(id="encoding", sentence=encoding_sentence(policy))
    yield Item(id="burden-of-proof", sentence=f"Burden of proof: {_BURDENS[policy.burden]}")
    bound = f"every model of {policy.issuer}"
    if policy.applies_to is not None:
        bound = f"whoever is such that {in_words(policy.applies_to, policy)}"
    yield Item(id="applies-to", sentence=f"Binds {bound}", details=texts(("applies-to", policy.applies_to)))
    yield _calendar(policy.calendar)


def _edition(policy: Policy) -> Item:
    edition = policy.source
    read = [f"{name}: {edition[name]}" for name in ("title", "url", "retrieved", "sha256") if name in edition]
    sentence = "Encoded from this edition of the text" if read else "Which edition of the text was read is not stated"
    return Item(id="source", sentence=sentence, details=tuple(read))


def encoding_sentence(policy: Policy) -> str:
    """Return with what standing the policy was encoded, by whom, and who reviewed it; unstated, it is unofficial."""
    by, reviewers = policy.encoding.get("by"), policy.encoding.get("reviewed-by")
    made = f" by {by}" if by else " by nobody named"
    names = [str(one) for one in reviewers] if isinstance(reviewers, list | tuple) else []
    reviewed = f"reviewed by {joined(names)}" if names else "reviewed by nobody named"
    if is_adopted(policy):
        return f"Encoding{made}, {reviewed}; {policy.issuer} has adopted it"
    rest = f"{policy.issuer} has not adopted it, and another may read the text otherwise"
    return f"Unofficial encoding{made}, {reviewed}; {rest}"


def is_adopted(policy: Policy) -> bool:
    """Return whether the issuer adopted the encoding; one that does not say so is unofficial."""
    return policy.encoding.get("status") == ADOPTED


def _calendar(calendar: Calendar) -> Item:
    days = joined([_DAYS[day] for day in sorted(calendar.business_week)])
    holidays = ", ".join(day.isoformat() for day in sorted(calendar.holidays))
    return Item(
        id="calendar",
        sentence=f"Days begin and end in {calendar.time_zone}; business days are {days}"
        f"{', but not holidays' if holidays else ''}",
        details=(f"holidays: {holidays}",) if holidays else (),
    )


# What it leaves out and owes


def unencoded(policy: Policy) -> Iterator[Item]:
    """Yield the sections of the text that the encoding leaves out, and why."""
    for part in policy.unencoded:
        place = ", ".join([f"section {part.section}", *clauses_in_words(part.clauses)])
        yield Item(id=part.section, sentence=capital(on_one_line(part.why) or ""), source=place)


def owed_words(undefined: Undefined, policy: Policy) -> str:
    """Return what the text owes, and before what."""
    before = dict(undefined.before)
    action, case = before.get("first"), before.get("of")
    due = f", before the first {action_words([action])}" if isinstance(action, str) else ""
    # What `of` holds is a condition; the decoder sees to it.
    of = f" where {in_words(case, policy)}" if isinstance(case, Condition) else ""
    return f'the text owes it ("{on_one_line(undefined.owed)}"){due}{of}'


def owed(policy: Policy) -> Iterator[Item]:
    """Yield everything that the text owes and does not say, wherever in the policy it stands."""
    for name, clause, undefined in _undefined(policy):
        never = "" if undefined.before else "; no act is named before which it is due"
        sentence = capital(f"{owed_words(undefined, policy)}{never}")
        yield Item(id=name, sentence=sentence, source=place_of(clause), mark=clause.mark)


def _undefined(policy: Policy) -> Iterator[tuple[str, Clause, Undefined]]:
    for standard in policy.standards.values():
        if standard.undefined is not None:
            yield f"standard {standard.id}", standard.clause, standard.undefined
    for name, clause, conditions in _conditions(policy):
        for condition in conditions:
            for leaf in leaves(condition) if condition is not None else ():
                if isinstance(leaf, Undefined):
                    yield name, clause, leaf


def _conditions(policy: Policy) -> Iterator[tuple[str, Clause, Iterable[Condition | None]]]:
    """Yield every item that holds conditions: its name, its clause, and its conditions."""
    yield "applies-to", Clause(), (policy.applies_to,)
    for restriction in policy.restrictions.values():
        yield f"restriction {restriction.id}", restriction.clause, (restriction.when, restriction.until)
    for permission in policy.permissions.values():
        yield f"permission {permission.id}", permission.clause, (permission.when,)
    for duty in policy.duties.values():
        extended = duty.extended.when if duty.extended else None
        yield f"duty {duty.id}", duty.clause, (duty.when, duty.done_when, duty.excused_when, extended)
    for pledge in policy.pledges.values():
        yield f"pledge {pledge.id}", pledge.clause, (pledge.maintain,)
    for threshold in policy.thresholds.values():
        yield f"threshold {threshold.id}", threshold.clause, (threshold.reached_when,)
    for term in policy.terms.values():
        yield f"term {term.id}", term.clause, (term.means, term.readings)
