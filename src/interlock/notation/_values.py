"""YAML texts as plain JSON values, for events that people write: timestamps stay text, numbers stay exact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from interlock.notation._faults import FaultCollector
from interlock.notation._nodes import Located, MappingNode, Node, ScalarNode, SequenceNode
from interlock.notation._numbers import ExactFloat, read_integer
from interlock.notation._spans import Span
from interlock.notation._yaml import read_yaml


def parse_yaml(content: bytes | str, *, file: str) -> Node:
    """Return the root node of a YAML text; FaultsError with all its faults where it has any."""
    faults = FaultCollector()
    node = read_yaml(content, file=file, faults=faults)
    faults.check()
    assert node is not None  # noqa: S101 - without a node there is a fault
    return node


def parse_yaml_items(content: bytes | str, *, file: str) -> list[Located]:
    """Return the items of a YAML text that is one list, as plain JSON values with their places.

    FaultsError where the text is not a list or has any fault.
    """
    root = parse_yaml(content, file=file)
    if not isinstance(root, SequenceNode):
        faults = FaultCollector()
        faults.add(root.source, root.span, "the file is not a list", expected="a list: each item begins with `- `")
        faults.check()
        return []
    values = yaml_values(root)
    return [
        Located(value, item.span, root.source.line_text(item.span.line))
        for value, item in zip(values, root.items, strict=True)
    ]


def yaml_values(node: Node) -> Any:  # JSON: the reader of the value checks it
    """Return `node` as plain JSON values: dict, list, str, bool, None, int, and `ExactFloat` for other numbers.

    FaultsError with every number that JSON can't carry exactly.
    """
    faults = FaultCollector()
    value = _value(node, faults)
    faults.check()
    return value


def _value(node: Node, faults: FaultCollector) -> Any:
    match node:
        case SequenceNode():
            return [_value(item, faults) for item in node.items]
        case MappingNode():
            return {key.text: _value(item, faults) for key, item in node.entries}
        case ScalarNode():
            return _scalar(node, faults)


def _scalar(node: ScalarNode, faults: FaultCollector) -> Any:
    value = node.value
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return read_integer(node.text)
        if isinstance(value, Decimal):
            return ExactFloat(node.text)
    except ValueError:
        report_number(node, node.span, node.text, faults)
        return None
    return value


def report_number(node: ScalarNode, span: Span, text: str, faults: FaultCollector) -> None:
    """Add the fault of a number that JSON can't carry exactly."""
    faults.add(
        node.source,
        span,
        f"the number `{text}` can't be carried exactly",
        expected="a number within ±(2^53 - 1), one with an exponent such as `1e26`, or the text in quotes",
    )
