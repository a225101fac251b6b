"""Conditions in plain words, each as it reads when it is true and when it is false.

A denial is pushed down to the leaves, so that a person reads what must be shown ("`autonomy-3` is ruled out") and
never a negation of negations. Words explain; the canonical text beside them is what counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from interlock.policy._conditions import (
    Active,
    AllOf,
    AnyOf,
    Approved,
    Argued,
    AtLeast,
    Attested,
    Comparator,
    Comparison,
    Condition,
    Done,
    Elapsed,
    Freshness,
    Growth,
    Happened,
    InForce,
    Judged,
    Leaf,
    Measured,
    Meets,
    Not,
    Notified,
    Overdue,
    Published,
    QuantityIs,
    Ratio,
    Reached,
    Readings,
    Reviewed,
    Roles,
    RuledOut,
    Scope,
    TermHolds,
    Undefined,
    fold,
)
from interlock.policy._model import Policy
from interlock.policy._writing_conditions import number_text, share_text

_OPPOSITE: Final = {
    Comparator.AT_LEAST: "below",
    Comparator.MORE_THAN: "at most",
    Comparator.AT_MOST: "more than",
    Comparator.BELOW: "at least",
}
_SCOPES: Final = {
    Scope.THIS: "",
    Scope.LINEAGE: ", of any model of its lineage",
    Scope.ANY_MODEL: ", of any model of the developer",
    Scope.DEVELOPER: ", of the developer",
    Scope.WORLD: ", in the world",
}
_ACTIONS: Final = {
    "train": "training",
    "store": "storing weights",
    "deploy": "any deployment",
    "deploy.internal": "internal deployment",
    "deploy.internal.research": "internal deployment for research",
    "deploy.internal.wide": "wide internal deployment",
    "deploy.external": "external deployment",
    "deploy.external.trusted": "external deployment to trusted parties",
    "deploy.external.limited": "limited external deployment",
    "deploy.external.public": "public external deployment",
    "release-weights": "releasing weights",
    "share-weights": "sharing weights",
}


def in_words(condition: Condition, policy: Policy) -> str:
    """Return what is so where the condition is true."""
    return fold(condition, _Words(policy)).affirmed


def denied_in_words(condition: Condition, policy: Policy) -> str:
    """Return what is so where the condition is false."""
    return fold(condition, _Words(policy)).denied


def action_words(actions: Sequence[str]) -> str:
    """Return the actions in words: `training and storing weights`."""
    return joined([_ACTIONS[action] for action in actions])


def joined(words: Sequence[str], last: str = "and") -> str:
    """Return the words as a sentence lists them."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def role_words(role: str, policy: Policy) -> str:
    """Return how a role is spoken of: by its title."""
    return f"the {policy.roles[role].title}" if role in policy.roles else f"`{role}`"


def roles_words(roles: Roles, policy: Policy) -> str:
    """Return who must speak: all, one or a number of the roles."""
    names = [role_words(name, policy) for name in roles.names]
    if roles.needed == len(names):
        return joined(names)
    return joined(names, "or") if roles.needed == 1 else f"{roles.needed} of {joined(names)}"


def freshness_words(fresh: Freshness) -> str:
    """Return how old evidence may be: `no older than 6 months and from before 4x growth of effective compute`."""
    growth = "" if fresh.growth is None else f"less than {number_text(fresh.growth)}x growth of effective compute ago"
    period = "" if fresh.period is None else f"no older than {fresh.period}"
    return " and ".join(filter(None, (period, growth)))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What is so where a condition is true, and where it is false; `single` if neither needs brackets."""

    affirmed: str
    denied: str
    single: bool = True

    def within(self) -> _Phrase:
        """Return the phrase as a part of a longer one."""
        return self if self.single else _Phrase(f"({self.affirmed})", f"({self.denied})")


@dataclass(frozen=True, slots=True)
class _Words:
    """The algebra of words."""

    policy: Policy

    def leaf(self, leaf: Leaf, *, positive: bool) -> _Phrase:  # noqa: ARG002 - a phrase holds both
        phrase, suffix = _leaf(leaf, self.policy), _suffix(leaf)
        return _Phrase(phrase.affirmed + suffix, phrase.denied + suffix)

    def all_of(self, node: AllOf, parts: Sequence[_Phrase]) -> _Phrase:  # noqa: ARG002 - the parts say it
        return _both(parts, "and", "or")

    def any_of(self, node: AnyOf, parts: Sequence[_Phrase]) -> _Phrase:  # noqa: ARG002 - the parts say it
        return _both(parts, "or", "and")

    def at_least(self, node: AtLeast, parts: Sequence[_Phrase]) -> _Phrase:
        affirmed = "; ".join(part.within().affirmed for part in parts)
        denied = "; ".join(part.within().denied for part in parts)
        return _Phrase(
            f"at least {node.number} of these are so: {affirmed}",
            f"at least {len(parts) - node.number + 1} of these are so: {denied}",
            single=False,
        )

    def negation(self, node: Not, part: _Phrase) -> _Phrase:  # noqa: ARG002 - the part says it
        return _Phrase(part.denied, part.affirmed, part.single)

    def readings(self, node: Readings, parts: Sequence[_Phrase]) -> _Phrase:
        named = [(name, part.within()) for (name, _), part in zip(node.readings, parts, strict=True)]
        return _Phrase(
            f"in the reading of `{node.id}` that counts ({'; '.join(f'{n}: {p.affirmed}' for n, p in named)})",
            f"in the reading of `{node.id}` that counts ({'; '.join(f'{n}: {p.denied}' for n, p in named)})",
            single=False,
        )


def _both(parts: Sequence[_Phrase], word: str, opposite: str) -> _Phrase:
    if len(parts) == 1:
        return parts[0]
    within = [part.within() for part in parts]
    return _Phrase(
        f" {word} ".join(part.affirmed for part in within),
        f" {opposite} ".join(part.denied for part in within),
        single=False,
    )


def _suffix(leaf: Leaf) -> str:
    fresh = "" if leaf.fresh is None else f", {freshness_words(leaf.fresh)}"
    within = "" if leaf.within_last is None else f", within the last {leaf.within_last}"
    return f"{_SCOPES[leaf.of]}{fresh}{within}"


def _state(subject: str, state: str) -> _Phrase:
    return _Phrase(f"{subject} is {state}", f"{subject} is not {state}")


def _compared(subject: str, comparison: Comparison, rest: str = "") -> _Phrase:
    word, bound = comparison.comparator.value.replace("-", " "), comparison.bound.text
    return _Phrase(f"{subject} {word} {bound}{rest}", f"{subject} {_OPPOSITE[comparison.comparator]} {bound}{rest}")


def _leaf(leaf: Leaf, policy: Policy) -> _Phrase:  # noqa: C901, PLR0912 - one case for each leaf of the language
    match leaf:
        case Reached():
            return _Phrase(f"`{leaf.threshold}` is reached", f"`{leaf.threshold}` is ruled out")
        case RuledOut():
            margin = "" if leaf.ahead is None else f" with a margin of {number_text(leaf.ahead)}x effective compute"
            return _Phrase(f"`{leaf.threshold}` is ruled out{margin}", f"`{leaf.threshold}` is reached{margin}")
        case Measured():
            return _measured(leaf)
        case QuantityIs():
            return _compared(f"{_spoken(leaf.quantity)} is", leaf.comparison)
        case Growth():
            since = f" of its value when duty `{leaf.since}` was last completed"
            against = "" if leaf.against == "this" else ", compared with the most capable model assessed"
            return _compared(f"{_spoken(leaf.quantity)} is", leaf.comparison, since + against)
        case Ratio():
            beside = f" of that of another model to which `{leaf.term}` applies"
            return _compared(f"{_spoken(leaf.quantity)} is", leaf.comparison, beside)
        case Elapsed():
            has, since = "has" if leaf.period.number == 1 else "have", f"since duty `{leaf.since}` was last completed"
            return _Phrase(f"{leaf.period} {has} passed {since}", f"{leaf.period} {has} not yet passed {since}")
        case Meets():
            return _state(f"standard `{leaf.standard}`", "met")
        case Attested():
            control = f"control `{leaf.control}` is attested"
            by, against = ("", "") if leaf.by is None else _spoken_by(leaf.by, policy)
            return _Phrase(f"{control}{by}", f"{control} not to be in place{against}")
        case Judged():
            by, against = _spoken_by(leaf.by, policy)
            return _Phrase(
                f"`{leaf.question}` is judged to be so{by}", f"`{leaf.question}` is judged not to be so{against}"
            )
        case Argued():
            title = policy.claims[leaf.claim].title if leaf.claim in policy.claims else leaf.claim
            claim = f"claim `{leaf.claim}` ({title})"
            return _Phrase(f"{claim} is supported", f"{claim} is defeated")
        case Approved():
            document, (by, against) = f"document `{leaf.document}`", _spoken_by(leaf.by, policy)
            return _Phrase(f"{document} is approved{by}", f"{document} is rejected{against}")
        case Reviewed():
            document, (by, against) = f"document `{leaf.document}`", _spoken_by(leaf.by, policy)
            if leaf.endorses:
                return _Phrase(f"{document} is endorsed{by}", f"{document} is reviewed and not endorsed{against}")
            return _Phrase(f"{document} is reviewed{by}", f"{document} is not reviewed{against}")
        case Published():
            return _published(leaf)
        case Notified():
            latest = " as submitted last" if leaf.latest else ""
            return _state(role_words(leaf.party, policy), f"notified of document `{leaf.document}`{latest}")
        case Done():
            return _state(f"duty `{leaf.duty}`", "done")
        case Overdue():
            return _state(f"duty `{leaf.duty}`", "overdue")
        case Happened():
            return _happened(leaf)
        case Active():
            return _state(f"restriction `{leaf.restriction}`", "active")
        case InForce():
            return _state(f"permission `{leaf.permission}`", "in force")
        case TermHolds():
            return _Phrase(f"`{leaf.term}` applies", f"`{leaf.term}` does not apply")
        case Undefined():
            test = f'a test that the text still owes ("{leaf.owed}")'
            return _Phrase(f"{test} is passed", f"{test} is failed")
        case _:
            msg = f"{type(leaf).__name__} is no leaf of the language"
            raise TypeError(msg)


def _spoken_by(roles: Roles, policy: Policy) -> tuple[str, str]:
    """Return by whom it must be said, and by whom the opposite, which needs only so many that too few are left."""
    against = Roles(names=roles.names, needed=len(roles.names) - roles.needed + 1)
    return f" by {roles_words(roles, policy)}", f" by {roles_words(against, policy)}"


def _spoken(quantity: str) -> str:
    return quantity.replace("-", " ")


def _measured(leaf: Measured) -> _Phrase:
    if leaf.confidence is None:
        return _compared(f"the observed `{leaf.measure}` is", leaf.comparison)
    return _compared(f"`{leaf.measure}` is", leaf.comparison, f" at {share_text(leaf.confidence)} confidence")


def _published(leaf: Published) -> _Phrase:
    document, within = f"document `{leaf.document}`", leaf.coverage_within
    covered = "" if within is None else f" with a coverage that ends at most {within} before"
    if leaf.for_at_least is None:
        return _state(document, f"published{covered}")
    since = f"been published for at least {leaf.for_at_least}{covered}"
    return _Phrase(f"{document} has {since}", f"{document} has not {since}")


def _happened(leaf: Happened) -> _Phrase:
    stated = [f"{name} `{value}`" for name, value in leaf.fields]
    if leaf.class_at_least is not None:
        stated.append(f"class `{leaf.class_at_least}` or above")
    event = f"`{leaf.kind}`" + (f" with {joined(stated)}" if stated else "")
    return _Phrase(f"an event {event} is recorded", f"no event {event} is recorded")
