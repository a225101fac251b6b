"""Traces as a tree: each condition with its value, down to the evidence, and why each piece counted or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from interlock.cli._page import Line, Mark, Span, Words, faint, line, unbroken
from interlock.cli._wording import REASONS, comparison_words, margin_words, node_words, reason_words, shortened
from interlock.engine import Node
from interlock.policy import AllOf, AnyOf, AtLeast, Control, Leaf, Measured, Meets, Not, Policy, QuantityIs, Readings
from interlock.record import Event, QuantityMeasured
from interlock.terms import Truth

SYMBOLS: Final = {
    Truth.TRUE: Span(unbroken("✓ true   "), Mark.STRONG),
    Truth.FALSE: Span(unbroken("✗ false  "), Mark.STRONG),
    Truth.UNKNOWN: Span(unbroken("? unknown"), Mark.OPEN),
}
_VALUE_WIDTH: Final = 10
_STEP: Final = 2


def trace_lines(node: Node, policy: Policy, *, indent: int, parent: Node | None = None) -> Iterator[Line]:
    """Yield a node and all below it, each on lines of its own."""
    yield _node_line(node, policy, indent)
    for text in (*_details(node, policy), *_requirement(node, parent, policy)):
        yield line(faint(text), indent=indent + _VALUE_WIDTH)
    for child in node.children:
        if child.margin is None:
            yield from trace_lines(child, policy, indent=indent + _STEP, parent=node)
        else:
            yield from _evaluation(child, node, indent + _STEP)


def _node_line(node: Node, policy: Policy, indent: int) -> Line:
    words: list[Words] = [SYMBOLS[node.value], f" {_about(node, policy)}"]
    if node.reason and _says_why(node):
        words.append(faint(f" ({reason_words(node.reason)})"))
    return line(*words, indent=indent, hang=_VALUE_WIDTH)


def _says_why(node: Node) -> bool:
    """Return whether the reason belongs to this node and not to one below it that says the same."""
    return not any(child.reason == node.reason and child.value is node.value for child in node.children)


def _about(node: Node, policy: Policy) -> str:
    match node.about:
        case AllOf():
            return "all of these:"
        case AnyOf():
            return "at least one of these:"
        case AtLeast(number=number):
            return f"at least {number} of these:"
        case Not():
            return "not this:"
        case Readings(id=name):
            return f"`{name}`, by its readings:"
        case "applies-to and when":
            return "the policy binds this developer and `when` holds:"
        case str() if not node.children:
            words = node_words(node, policy)
            dates = dict.fromkeys(f"{event.occurred:%Y-%m-%d}" for event in node.evidence)
            return ", ".join([words, *(date for date in dates if date not in words)])
        case _:
            return node_words(node, policy)


def _details(node: Node, policy: Policy) -> Iterator[str]:
    """Yield what is known beside the node's words: the evidence that no child of it names."""
    match node.about:
        case Measured(measure=name) if not node.children:
            yield f"no evaluation of `{policy.measures[name].suite}` is on the record for it"
        case QuantityIs():
            yield from (_quantity(event) for event in node.evidence)
        case Leaf() if not node.children and node.evidence:
            yield f"by {', '.join(_event(event) for event in node.evidence)}"
        case _:
            return


def _event(event: Event) -> str:
    by = f" by {event.actor}" if event.actor else ""
    return f"event {event.index}{by} ({event.kind}, {event.occurred:%Y-%m-%d})"


def _quantity(event: Event) -> str:
    measured = event.payload
    if not isinstance(measured, QuantityMeasured):
        return _event(event)
    interval = ""
    if measured.lower is not None or measured.upper is not None:
        lower = "open" if measured.lower is None else measured.lower
        upper = "open" if measured.upper is None else measured.upper
        interval = f" [{lower} to {upper}]"
    estimator = f" by {measured.estimator}" if measured.estimator else ""
    return f"{measured.value}{interval}{estimator}: event {event.index}, {event.occurred:%Y-%m-%d}"


def _evaluation(node: Node, leaf: Node, indent: int) -> Iterator[Line]:
    """Yield one evaluation: what it shows by itself, its numbers, and whether it counts for the leaf."""
    yield line(SYMBOLS[node.value], f" {shortened(node.condition)}", indent=indent, hang=_VALUE_WIDTH)
    if node.margin is not None:
        asked = comparison_words(node.margin.leaf.comparison)
        yield line(faint(f"{margin_words(node.margin)}; asked: {asked}"), indent=indent + _VALUE_WIDTH)
    yield line(faint(_weight(node, leaf)), indent=indent + _VALUE_WIDTH)


def _weight(node: Node, leaf: Node) -> str:
    counted = {event.index for event in leaf.evidence}
    counts = all(event.index in counted for event in node.evidence)
    if counts:
        although = f", although {reason_words(node.reason)}" if node.reason else ""
        return f"counts{although}"
    if node.reason is None:
        return "does not count here"
    meaning = REASONS.get(node.reason)
    return f"does not count: {node.reason}" if meaning is None else f"does not count: {meaning} ({node.reason})"


def _requirement(node: Node, parent: Node | None, policy: Policy) -> Iterator[str]:
    """Yield what a control asks of its attestation, where the node is one of a standard."""
    control = None if parent is None else _control(node, parent, policy)
    if control is None:
        return
    asks = [] if control.effort is None else [f"effort {comparison_words(control.effort)}"]
    asks += [] if control.outcome is None else [f"outcome {control.outcome}"]
    if control.fresh is not None and control.fresh.period is not None:
        asks.append(f"no older than {control.fresh.period}")
    if asks:
        yield f"asked: {', '.join(asks)}"


def _control(child: Node, parent: Node, policy: Policy) -> Control | None:
    if not isinstance(child.about, str) or not isinstance(parent.about, Meets):
        return None
    name, found, _ = child.about.partition(" attested by ")
    candidates: Iterable[str] = (parent.about.standard, *policy.standards)
    standards = [policy.standards[standard] for standard in candidates]
    return next((s.controls[name] for s in standards if found and name in s.controls), None)
