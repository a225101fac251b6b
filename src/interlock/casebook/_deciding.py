"""What an answer rests on: the items that decided it, and the first reason in its trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from interlock.engine import Breach, Decision, DutyReport, DutyStanding, Node, Replay, RestrictionStanding
from interlock.terms import Truth, format_instant

DUTY_PREFIX = "duty:"
BY_DEFAULT, BY_EVIDENCE = " by default", " by evidence"


def plain_name(standing: RestrictionStanding) -> str:
    """Return the name of a restriction; of what an overdue duty forbids, that of the duty."""
    return standing.id.removeprefix(DUTY_PREFIX)


def binding(decision: Decision) -> list[RestrictionStanding]:
    """Return the standings that can hold the action."""
    return [standing for standing in decision.restrictions if standing.restriction.clause.binds]


def deciding_items(decision: Decision) -> tuple[str, ...]:
    """Return the items that decided: of a held action the binding restrictions that are active.

    Of a permitted one the binding restrictions that were released, and the permissions that lift others; none where
    nothing had to be released.
    """
    found: dict[str, None] = {}
    for standing in binding(decision):
        if decision.held:
            if standing.state == "active":
                found[plain_name(standing)] = None
        elif standing.state == "released":
            found[plain_name(standing)] = None
        elif standing.lifted_by is not None and standing.state == "lifted":
            found[standing.lifted_by] = None
    return tuple(found)


def state_of(standing: RestrictionStanding) -> str:
    """Return the state in full: of one that may be so by default, by which it is."""
    if standing.state in {"active", "inactive"}:
        return f"{standing.state}{BY_DEFAULT if standing.is_open else BY_EVIDENCE}"
    return standing.state


def reasons(decision: Decision) -> tuple[str, ...]:
    """Return the reasons in the traces of what decided; of a permitted action of all binding restrictions."""
    chosen = [s for s in binding(decision) if s.state == "active"] if decision.held else binding(decision)
    nodes = [node for standing in chosen for node in standing.nodes()]
    # A leaf's detail says why each piece of evidence counted or not.
    nodes += [child for node in nodes if not node.parts for child in node.children]
    return tuple(dict.fromkeys(node.reason for node in nodes if node.reason))


def first_reason(answer: Decision | DutyReport | Replay) -> Iterator[str]:
    """Yield in lines why the answer is what it is; a replay's departures say it themselves."""
    match answer:
        case Decision():
            yield from _of_decision(answer)
        case DutyReport():
            for pledge in answer.pledges:
                node = deciding_leaf(pledge.maintain)
                yield f"pledge `{pledge.pledge.id}` is {pledge.state}: {_node_words(node)}"
        case Replay():
            return


def standing_words(standing: DutyStanding) -> str:
    """Return an instance of a duty in words."""
    due = "" if standing.due is None else f", due {format_instant(standing.due)}"
    reason = "" if standing.reason is None else f" ({standing.reason})"
    return f"duty `{standing.duty.id}` of {standing.instance}: {standing.state.value}{due}{reason}"


def breach_words(breach: Breach) -> str:
    """Return a departure in words."""
    return f"{breach.kind} `{breach.id}`, {format_instant(breach.at)}: {breach.detail}"


def _of_decision(decision: Decision) -> Iterator[str]:
    standing = _first(decision)
    if standing is None:
        yield "no restriction bears on the action"
        return
    yield f"`{plain_name(standing)}` is {state_of(standing)}"
    root = standing.when
    if standing.state == "released" and standing.until is not None:
        root = standing.until
    elif standing.state == "lifted":
        root = next(lifting.when for lifting in standing.lifts if lifting.in_force)
    yield _node_words(deciding_leaf(root))


def _node_words(node: Node) -> str:
    reason = f" ({node.reason})" if node.reason else ""
    return f"{node.condition} is {node.value.value}{reason}"


def _first(decision: Decision) -> RestrictionStanding | None:
    """Return the restriction that decided first, in the order of the file."""
    standings = binding(decision) or list(decision.restrictions)
    wanted = ("active",) if decision.held else ("released", "lifted", "inactive")
    for state in wanted:
        for standing in standings:
            if standing.state == state:
                return standing
    return next(iter(standings), None)


def deciding_leaf(node: Node) -> Node:
    """Return the first part, down to a leaf, from which the node has its value."""
    while node.parts:
        agreeing: Iterable[Node] = (part for part in node.parts if part.value is node.value)
        opposed: Iterable[Node] = (part for part in node.parts if part.value is not Truth.UNKNOWN)
        below = next(iter(agreeing), None) or next(iter(opposed), None)
        if below is None:
            return node
        node = below
    return node
