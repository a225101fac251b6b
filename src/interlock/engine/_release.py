"""Flips: the smallest sets of changes that would turn the answer, and who can make each (LANGUAGE 4.4).

Read off the traces: to make a conjunction true all of its parts must be, and so on down to the leaves. Only changes
that someone can make are counted: what the text leaves undefined, or what has happened, no act can change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final, assert_never

from interlock.engine._combination import Use
from interlock.engine._reading import readings_of
from interlock.engine._trace import Node
from interlock.policy import (
    Active,
    AllOf,
    AnyOf,
    Approved,
    Argued,
    AtLeast,
    Attested,
    Comparator,
    Done,
    Happened,
    InForce,
    Judged,
    Leaf,
    Measured,
    Meets,
    Not,
    Notified,
    Overdue,
    Presumption,
    Published,
    QuantityIs,
    Ratio,
    Reached,
    Readings,
    Reviewed,
    RuledOut,
    Scope,
    TermHolds,
)
from interlock.terms import Truth

if TYPE_CHECKING:
    from interlock.engine._case import Case
    from interlock.engine._decision import PolicyCase
    from interlock.engine._item_standings import PermissionStanding, RestrictionStanding

MOST_CHANGES: Final = 4
MOST_SETS: Final = 16
_MOST_TRIED: Final = 48
"""How many sets are tried on the case; with more than these the result is truncated."""
_MOST_CANDIDATES: Final = 256
"""How many sets are carried along while they are combined; more than this makes the result truncated."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Change:
    """A leaf, what it would have to become, who can bring that about, and by what.

    `policy` names the policy whose definitions the leaf's words stand for; empty where they mean the same in any.
    """

    leaf: str
    to: str
    policy: str
    who: tuple[str, ...] = field(compare=False)
    how: str = field(compare=False)
    is_ruling: bool = False
    """Whether it is a ruling: `leaf` then names the disputed text, and `to` the reading."""


Sets = list[frozenset[Change]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """Sets of changes, smallest first, each of which would flip the answer; and whether there are more."""

    sets: tuple[tuple[Change, ...], ...]
    truncated: bool


def flips(bound: Sequence[PolicyCase], *, to_permitted: bool) -> Flips:
    """Return the sets that would make a held action permitted, or a permitted one held."""
    search = _Search()
    binding = [
        (policy_case.case, standing)
        for policy_case in bound
        for standing in policy_case.standings()
        if standing.restriction.clause.binds
    ]
    if to_permitted:
        sets = search.together([search.deactivate(case, s) for case, s in binding if s.state == "active"])
    else:
        sets = search.either([search.activate(case, s) for case, s in binding])
    ordered = sorted((tuple(sorted(found)) for found in sets if found), key=lambda found: (len(found), found))
    tried = ordered[:_MOST_TRIED]
    first = tuple(islice((one for one in tried if _flips(bound, one, to_permitted=to_permitted)), MOST_SETS + 1))
    truncated = search.truncated or len(first) > MOST_SETS or len(ordered) > len(tried)
    return Flips(sets=first[:MOST_SETS], truncated=truncated)


def _flips(bound: Sequence[PolicyCase], changes: Sequence[Change], *, to_permitted: bool) -> bool:
    """Return whether the changes, with all that follows from them, turn the answer.

    A leaf may stand in several restrictions; what deactivates one may activate another. Words that two policies define
    may mean the same in both, or not: the answer must turn either way.
    """
    each_by_itself = _is_held(bound, changes, everywhere=False)
    if len(bound) == 1:
        return each_by_itself is not to_permitted
    return each_by_itself is not to_permitted and _is_held(bound, changes, everywhere=True) is not to_permitted


def _is_held(bound: Sequence[PolicyCase], changes: Sequence[Change], *, everywhere: bool) -> bool:
    held = False
    for policy_case in bound:
        named = {"", policy_case.policy.id}
        for_it = [change for change in changes if everywhere or change.policy in named]
        assumed = {change.leaf: Truth(change.to) for change in for_it if not change.is_ruling}
        ruled = {change.leaf: change.to for change in for_it if change.is_ruling and _is_disputed(policy_case, change)}
        case = policy_case.case
        if for_it:
            case = case.read(assumed=assumed, rulings={**case.rulings, **ruled})
        held = held or any(case.restriction(r.id).state == "active" for r in policy_case.binding)
    return held


def _is_disputed(policy_case: PolicyCase, change: Change) -> bool:
    readings = readings_of(policy_case.policy).get(change.leaf)
    return readings is not None and change.to in dict(readings.readings)


@dataclass(slots=True)
class _Search:
    """The combination of sets, which notes when it had to leave some out."""

    truncated: bool = False

    def together(self, parts: Sequence[Sets]) -> Sets:
        """Return the unions of one set of each part."""
        result: Sets = [frozenset()]
        for part in parts:
            joined = {one | other for one in result for other in part if _agree(one, other)}
            result = self._smallest(joined)
            if not result:
                break
        return result

    def either(self, parts: Iterable[Sets]) -> Sets:
        """Return the sets of any part."""
        return self._smallest({one for part in parts for one in part})

    def some(self, number: int, parts: Sequence[Sets]) -> Sets:
        """Return the unions of one set of each of any `number` parts.

        Part by part, keeping for each number of parts so far only the smallest unions: never every combination.
        """
        unions: list[Sets] = [[frozenset()], *([] for _ in range(number))]
        for part in parts:
            for count in range(number, 0, -1):
                joined = {one | other for one in unions[count - 1] for other in part if _agree(one, other)}
                if joined:
                    unions[count] = self._smallest(joined.union(unions[count]))
        return unions[number]

    def _smallest(self, sets: set[frozenset[Change]]) -> Sets:
        minimal: Sets = []
        for candidate in sorted(sets, key=lambda found: (len(found), sorted(found))):
            if len(candidate) > MOST_CHANGES or len(minimal) >= _MOST_CANDIDATES:
                self.truncated = True
                break
            if not any(found <= candidate for found in minimal):
                minimal.append(candidate)
        return minimal

    # Items

    def deactivate(self, case: Case, standing: RestrictionStanding) -> Sets:
        """Return the sets that make an active restriction anything but active."""
        presumed = case.policy.presumption(standing.restriction) is Presumption.ACTIVE
        ways = [
            self.make(case, standing.when, Truth.FALSE) if presumed else self.avoid(case, standing.when, Truth.TRUE)
        ]
        if standing.until is not None:
            ways.append(self.make(case, standing.until, Truth.TRUE))
        ways += [self.grant(case, lifting) for lifting in standing.lifts]
        return self.either(ways)

    def activate(self, case: Case, standing: RestrictionStanding) -> Sets:
        """Return the sets that make a restriction active."""
        if standing.state == "active":
            return [frozenset()]
        presumed = case.policy.presumption(standing.restriction) is Presumption.ACTIVE
        needed = [
            self.avoid(case, standing.when, Truth.FALSE) if presumed else self.make(case, standing.when, Truth.TRUE)
        ]
        if standing.until is not None:
            needed.append(self.avoid(case, standing.until, Truth.TRUE))
        needed += [self.avoid(case, lifting.when, Truth.TRUE) for lifting in standing.lifts if lifting.in_force]
        return self.together(needed)

    def grant(self, case: Case, standing: PermissionStanding) -> Sets:
        """Return the sets that bring a permission into force, by a new window where its last one is over."""
        if standing.in_force:
            return [frozenset()]
        window = standing.window
        end = None if window is None else window.end(standing.permission, case.policy.calendar)
        if window is None or window.start is None or end is None or case.at < end:
            return self.make(case, standing.when, Truth.TRUE)
        if window.renewals_left(standing.permission) == 0 or not _can_turn(standing.when):
            return []
        return self.make(case, standing.when, Truth.TRUE, anew=True)

    # Conditions

    def make(self, case: Case, node: Node, target: Truth, *, anew: bool = False) -> Sets:
        """Return the sets that give the node the value `target`; `anew` asks for new events even where it has it."""
        if node.value is target and not anew:
            return [frozenset()]
        about = node.about
        if isinstance(about, Leaf) and _is_beyond_reach(about):
            return []
        match about:
            case Not() | RuledOut():
                return self.make(case, node.parts[0], ~target, anew=anew)
            case Reached() | TermHolds():
                return self.make(case, node.parts[0], target, anew=anew)
            case AllOf() | AnyOf() | AtLeast():
                return self._connective(case, about, node, target, anew=anew)
            case Readings():
                agreeing = self.together(self._parts(case, node, target, anew=anew))
                return self.either([agreeing, *([] if anew else [_rulings(case, about, target)])])
            case Meets():
                return (
                    self.together(self._parts(case, node, target, anew=anew))
                    if target is Truth.TRUE
                    else (self.either(self._parts(case, node, target, anew=anew)))
                )
            case Active(restriction=name):
                standing = case.restriction(name)
                return self.activate(case, standing) if target is Truth.TRUE else self.deactivate(case, standing)
            case InForce(permission=name):
                permission = case.permission(name)
                if target is Truth.TRUE:
                    return self.grant(case, permission)
                return self.avoid(case, permission.when, Truth.TRUE)
            case "applies-to and when":
                parts = self._parts(case, node, target, anew=anew)
                return self.together(parts) if target is Truth.TRUE else self.either(parts)
            case _:
                return _leaf_change(case, node, target)

    def avoid(self, case: Case, node: Node, value: Truth) -> Sets:
        """Return the sets that give the node any value but `value`, which is true or false."""
        if node.value is not value:
            return [frozenset()]
        about = node.about
        if isinstance(about, Leaf) and _is_beyond_reach(about):
            return []
        match about:
            case Not() | RuledOut():
                return self.avoid(case, node.parts[0], ~value)
            case Reached() | TermHolds():
                return self.avoid(case, node.parts[0], value)
            case AllOf() | AnyOf() | AtLeast():
                to_true = _needed_for_truth(about)
            case Readings():
                # Away from a value on which all agree, or that is ruled, it is enough that one part turns.
                parts = [self.avoid(case, part, value) for part in node.parts]
                return self.either([*parts, _rulings(case, about, ~value)])
            case Meets() | "applies-to and when" if node.parts:
                to_true = len(node.parts)
            case _:
                return self.make(case, node, ~value)
        parts = [self.avoid(case, part, value) for part in node.parts]
        return self.some(to_true if value is Truth.FALSE else len(parts) - to_true + 1, parts)

    def _connective(self, case: Case, about: AllOf | AnyOf | AtLeast, node: Node, target: Truth, *, anew: bool) -> Sets:
        parts = self._parts(case, node, target, anew=anew)
        to_true = _needed_for_truth(about)
        return self.some(to_true if target is Truth.TRUE else len(parts) - to_true + 1, parts)

    def _parts(self, case: Case, node: Node, target: Truth, *, anew: bool) -> list[Sets]:
        return [self.make(case, part, target, anew=anew) for part in node.parts]


def _rulings(case: Case, readings: Readings, target: Truth) -> Sets:
    """Return the rulings for a reading that has the value by itself."""
    found: Sets = []
    for name, part in readings.readings:
        if case.condition(part, Use.RESTRICTING).value is target and case.rulings.get(readings.id) != name:
            how = f"a ruling that `{readings.id}` has the reading `{name}`"
            who = ("anyone",) if readings.ruled_by is None else readings.ruled_by.names
            change = Change(leaf=readings.id, to=name, policy=case.policy.id, who=who, how=how, is_ruling=True)
            found.append(frozenset({change}))
    return found


def _is_beyond_reach(leaf: Leaf) -> bool:
    """Return whether no change is worked out: leaves over several models, and evaluations asked of no model."""
    if leaf.of in {Scope.LINEAGE, Scope.ANY_MODEL} or isinstance(leaf, Ratio):
        return not isinstance(leaf, Happened | Published | Notified)
    return leaf.of is not Scope.THIS and isinstance(leaf, Measured | Reached | RuledOut)


def _needed_for_truth(about: AllOf | AnyOf | AtLeast) -> int:
    """Return how many of its parts make a connective true."""
    match about:
        case AllOf(parts=parts):
            return len(parts)
        case AnyOf():
            return 1
        case AtLeast(number=number):
            return number
        case _:
            assert_never(about)


def _can_turn(when: Node) -> bool:
    """Return whether a condition can turn to true by words given now: it must not hold, or be made not to.

    Where it holds, repeating what makes it true turns nothing; a new submission of a document to approve does.
    """
    if when.value is not Truth.TRUE:
        return True
    parts = when.parts if isinstance(when.about, AllOf) else (when,)
    return any(isinstance(part.about, Approved) for part in parts)


def _agree(one: frozenset[Change], other: frozenset[Change]) -> bool:
    wanted = {(change.policy, change.leaf): change.to for change in one}
    return all(wanted.get((change.policy, change.leaf), change.to) == change.to for change in other)


def _leaf_change(case: Case, node: Node, target: Truth) -> Sets:
    how = None if target in node.settled else _how(case, node, target)
    if how is None:
        return []
    return [
        frozenset({Change(leaf=node.condition, to=target.value, policy=_meant_in(case, node), who=node.who, how=how)})
    ]


def _meant_in(case: Case, node: Node) -> str:
    """Return the policy that defines what the leaf's words mean: its measures and its controls."""
    return case.policy.id if isinstance(node.about, Measured | Attested | str) else ""


def _how(case: Case, node: Node, target: Truth) -> str | None:
    """Return what brings the leaf about, or None where nobody can."""
    wanted, about = target is Truth.TRUE, node.about
    match about:
        case Measured():
            return _evaluation_words(case, about, target)
        case QuantityIs(quantity=name):
            return f"a measurement of {name}"
        case Judged(question=name):
            return f"a determination that {name} is {target.value}"
        case Argued():
            return f"an assessment of the claim as {'supported' if wanted else 'defeated'}"
        case Approved(document=name):
            if wanted and (not node.evidence or node.reason in _SUBMISSION_FAULTS):
                return f"a {'new ' if node.evidence else ''}submission of {name} and its approval"
            return f"{'approval' if wanted else 'rejection'} of the latest {name}"
        case Reviewed(document=name, endorses=endorses):
            verb = "endorses" if endorses else "is of"
            review = f"a review that {verb} the latest {name}" if wanted else f"a review that does not endorse {name}"
            return review if wanted or endorses else None
        case Published():
            return _publication_words(about) if wanted else None
        case Notified(document=name, party=party):
            return f"notice of {name} to {party}" if wanted else None
        case Happened(kind=name):
            return f"an event {name}" if wanted else None
        case Overdue(duty=name):
            number = sum(1 for child in node.children if child.value is Truth.TRUE)
            each = f", of each of its {number} overdue instances" if number > 1 else ""
            return None if wanted else f"performance of {name}{each}"
        case Done(duty=name):
            return f"performance of {name}" if wanted else None
        case Attested() | str():
            return "an attestation as asked" if wanted else "an attestation that it is not in place"
        case _:
            return None


_SUBMISSION_FAULTS: Final = frozenset({"incomplete", "wrong-role", "contradicted", "stale"})
"""Reasons for which nothing can be signed off on the latest submission of a document."""


def _publication_words(leaf: Published) -> str:
    within = leaf.coverage_within
    covering = "" if within is None else f" with a stated coverage that ends at most {within} before it"
    standing = "" if leaf.for_at_least is None else f" that has stood for {leaf.for_at_least}"
    return f"publication of {leaf.document}{covering}{standing}"


def _evaluation_words(case: Case, leaf: Measured, target: Truth) -> str:
    measure = case.policy.measures[leaf.measure]
    rises = leaf.comparison.comparator in {Comparator.AT_LEAST, Comparator.MORE_THAN}
    wanted = target is Truth.TRUE
    side = "a lower" if rises is wanted else "an upper"
    elicited = f" with {', '.join(measure.elicitation)}" if measure.elicitation else ""
    elicited += ", registered beforehand" if measure.registration_required else ""
    bound = "an observed value" if leaf.confidence is None else f"{side} bound"
    relation = _RELATIONS[leaf.comparison.comparator, wanted]
    return f"an evaluation of {measure.suite}{elicited}, with {bound} {relation} {leaf.comparison.bound}"


_RELATIONS: Final = {
    (Comparator.AT_LEAST, True): "of at least",
    (Comparator.AT_LEAST, False): "below",
    (Comparator.MORE_THAN, True): "above",
    (Comparator.MORE_THAN, False): "of at most",
    (Comparator.AT_MOST, True): "of at most",
    (Comparator.AT_MOST, False): "above",
    (Comparator.BELOW, True): "below",
    (Comparator.BELOW, False): "of at least",
}
