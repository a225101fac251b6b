"""What would flip an answer, and the events that bring it about: so that tests can see whether it does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from interlock.engine import Change, Decision
from interlock.engine._release import MOST_CHANGES
from interlock.policy import Policy
from tests.engine.cases import LATER_PLAN, Given, decided, evaluated, event, judged

AS_OF, NEXT_DAY = "2025-06-01", "2025-06-02"
ATTESTED_BY = " attested by "


def brought_about(changes: Iterable[Change], on: str, *, weights: str | None = None) -> list[Given]:
    """Return events at the instant `on` that make each leaf what its change says, by roles with an actor each."""
    return [one for change in changes for one in _events(change.leaf, on, weights, to=change.to == "true")]


def _events(leaf: str, on: str, weights: str | None, *, to: bool) -> list[Given]:
    if ATTESTED_BY in leaf:
        control, roles = leaf.split(ATTESTED_BY)
        return [_attested(on, control, role, to=to) for role in roles.split(" of ")[-1].split(", ")]
    asked: dict[str, Any] = yaml.safe_load(leaf)
    name = next(iter(asked.values()))
    match next(iter(asked)):
        case "judged":
            return [judged(on, name, value=to, by=role) for role in _roles(asked)]
        case "attested":
            return [_attested(on, name, role, to=to) for role in _roles(asked)]
        case "approved":
            kind = "document.approved" if to else "document.rejected"
            submitted = event("document.submitted", on, by="rso", document=name, digest=LATER_PLAN, weights=weights)
            return [submitted] + [
                event(kind, on, by=role, actor=role, document=name, digest=LATER_PLAN, weights=weights)
                for role in _roles(asked)
            ]
        case "argued":
            return [event("claim.assessed", on, by="rso", claim=name, state="supported" if to else "defeated")]
        case "measure":
            rises = "at-least" in asked or "more-than" in asked
            return [evaluated(on, 40 if rises is to else 0, measure=name, weights=weights)]
        case "quantity":
            return [event("quantity.measured", on, quantity=name, value=_value(asked, to=to))]
        case "published":
            return [event("document.published", on, document=name, digest=LATER_PLAN)]
        case "notified":
            return [event("party.notified", on, party=name, document=asked["of"])]
        case "event":
            fields = {key.replace("-", "_"): stated for key, stated in asked.items() if key != "event"}
            return [event(name, on, **fields)]
        case other:
            raise AssertionError(other)


def _attested(on: str, control: str, role: str, *, to: bool) -> Given:
    return event("control.attested", on, by=role, actor=role, control=control, value=to)


def _roles(asked: dict[str, Any]) -> list[str]:
    """Return enough of the roles that a leaf names, or all of them."""
    by = asked.get("by", ["rso"])
    return list(by if isinstance(by, list) else by.get("any-of", by.get("of")))


def _value(asked: dict[str, Any], *, to: bool) -> str:
    rises = "at-least" in asked or "more-than" in asked
    return "1e9 USD" if rises is to else "0 USD"


def after(rules: str | Policy, given: list[Given], number: int, **question: Any) -> Decision:
    """Return the decision on the next day, once the changes of a releasing set have been made."""
    changes = decided(rules, given, AS_OF, **question).release[number]
    made = brought_about(changes, f"{AS_OF}T18:00:00Z", weights=question.get("weights"))
    return decided(rules, [*given, *made], NEXT_DAY, **question)


def check_every_set(rules: str | Policy, given: list[Given], **question: Any) -> int:
    """Assert that each set flips the outcome and needs all of its changes; return how many sets there are."""
    decision = decided(rules, given, AS_OF, **question)
    for number, changes in enumerate(decision.release):
        assert 1 <= len(changes) <= MOST_CHANGES
        assert after(rules, given, number, **question).outcome != decision.outcome, changes
        for left_out in changes:
            rest = [change for change in changes if change is not left_out]
            made = brought_about(rest, f"{AS_OF}T18:00:00Z", weights=question.get("weights"))
            assert decided(rules, [*given, *made], NEXT_DAY, **question).outcome == decision.outcome
    return len(decision.release)


def hold(when: str, more: str = "") -> str:
    """Return one restriction on training."""
    return f"restrictions: {{hold: {{forbids: [train], when: {when}{more}}}}}\n"


def q(name: str) -> str:
    """Return a question to the rso."""
    return f"{{judged: {name}, by: rso}}"


def yes(*names: str) -> set[tuple[str, str]]:
    """Return the changes by which these questions are answered yes."""
    return {(f"{{judged: {name}, by: [rso]}}", "true") for name in names}


def no(*names: str) -> set[tuple[str, str]]:
    """Return the changes by which these questions are answered no."""
    return {(f"{{judged: {name}, by: [rso]}}", "false") for name in names}
