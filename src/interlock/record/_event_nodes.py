"""Events that stand as nodes in a YAML text of another sort, such as the cases that test a policy (LANGUAGE 3.1).

Read as those of a file are, one by one and in what they refer to; the faults stand at the nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from interlock.notation import FaultCollector, FaultsError, Node, Source, yaml_values
from interlock.record._correction_checks import check_corrections
from interlock.record._events import Event
from interlock.record._places import NodePlace
from interlock.record._problems import At
from interlock.record._reader import read_into, report
from interlock.record._references import Given, check_references


def read_event_nodes(
    nodes: Sequence[Node], faults: FaultCollector, *, after: Sequence[Event | None] = ()
) -> tuple[Event | None, ...]:
    """Return the event of each node, None for one that is unsound, whose faults are added.

    They come `after` events that were read before, whose faults are reported already: an index counts from the first
    of those, and references may name them.
    """
    before = [Given(event, At()) for event in after]
    given = [_read(node, faults, index=len(before) + place) for place, node in enumerate(nodes)]
    check_references([*before, *given])
    check_corrections([*before, *given])
    for node, one in zip(nodes, given, strict=True):
        report(one.at, NodePlace(node), faults)
    return tuple(one.event for one in given)


def _read(node: Node, faults: FaultCollector, *, index: int) -> Given:
    at = At()
    try:
        value: Any = yaml_values(node)
    except FaultsError as error:
        for fault in error.faults:
            source = Source(fault.span.file, fault.line_text)
            faults.add(source, fault.span, fault.message, expected=fault.expected, drawn=1)
        return Given(None, at)
    return Given(read_into(value, at, index=index), at)
