"""What depends on what within a policy: cycles, and names that expand beyond bounds (LANGUAGE 1, Rejected).

A restriction depends on the permissions that lift it, a standard on those that replace it, and with `applies-to` every
restriction and duty depends on that. `since` looks at a duty's past completions, so a duty may be triggered by the
time since its own last one. A condition that contains names is as deep and as large as with all of them written out;
both are bounded, so that its readers may recurse.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from interlock.notation import Span
from interlock.policy._reading import HEADER, Owner, Reading

DEEPEST: Final = 64
LARGEST: Final = 10_000
_COMPLETION: Final = "completion"
_STATES: Final = frozenset({"threshold", "term", "standard", "restriction", "permission", "duty", _COMPLETION})


@dataclass(frozen=True, slots=True)
class _Edge:
    """One state depends on another, at a depth of its condition, where the file says so."""

    target: Owner
    depth: int
    span: Span


_Graph = Mapping[Owner, list[_Edge]]


def check_references(reading: Reading) -> None:
    """Add a fault for each cycle, and for each item whose condition is too deep or too large with names expanded."""
    graph = _graph(reading)
    deep: dict[Owner, int] = {}
    large: dict[Owner, int] = {}
    for component in _components(graph):
        if len(component) > 1 or any(edge.target == component[0] for edge in graph[component[0]]):
            _report_cycle(component, graph, reading)
            deep |= dict.fromkeys(component, 0)
            large |= dict.fromkeys(component, 0)
            continue
        owner = component[0]
        edges = graph[owner]
        deep[owner] = max((edge.depth + deep[edge.target] for edge in edges), default=0)
        large[owner] = reading.conditions[owner] + sum(large[edge.target] for edge in edges)
        if deep[owner] > DEEPEST or large[owner] > LARGEST:
            _report_size(owner, edges, reading, deep=deep[owner] > DEEPEST)
            deep[owner] = large[owner] = 0


def _graph(reading: Reading) -> _Graph:
    graph: dict[Owner, list[_Edge]] = {}
    for reference in reading.references:
        if reference.target.kind not in _STATES:
            continue
        source, target = _source(reference.owner, reference.key), reference.target
        if source.kind == "permission" and reference.key == "lifts":
            source, target = target, source
        elif source.kind == "permission" and reference.key == "replaces":
            continue
        graph.setdefault(source, []).append(_Edge(target, max(reference.depth, 1), reference.span))
    for replacement in reading.replacements:
        edges = graph.setdefault(Owner("standard", replacement.old), [])
        edges.append(_Edge(Owner("permission", replacement.permission), 1, replacement.span))
        edges.append(_Edge(Owner("standard", replacement.new), 1, replacement.span))
    for duty, span in reading.names.get("duty", {}).items():
        graph.setdefault(Owner("duty", duty), []).append(_Edge(Owner(_COMPLETION, duty), 1, span))
    if HEADER in graph:
        for kind in ("restriction", "duty"):
            for name, span in reading.names.get(kind, {}).items():
                graph.setdefault(Owner(kind, name), []).append(_Edge(HEADER, 1, span))
    for edge in [edge for edges in graph.values() for edge in edges]:
        graph.setdefault(edge.target, [])
    for owner in reading.conditions:
        graph.setdefault(owner, [])
    return graph


def _source(owner: Owner, key: str) -> Owner:
    if owner.kind == "duty" and key == "done-when":
        return Owner(_COMPLETION, owner.name)
    return owner


def _components(graph: _Graph) -> Iterable[list[Owner]]:
    """Yield the strongly connected components, each after those that it depends on (Tarjan 1972, without recursion)."""
    index: dict[Owner, int] = {}
    low: dict[Owner, int] = {}
    stack: list[Owner] = []
    on_stack: set[Owner] = set()
    for root in graph:
        if root in index:
            continue
        work = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            edges = graph[node]
            if position > 0 and edges[position - 1].target in on_stack:
                low[node] = min(low[node], low[edges[position - 1].target])
            while position < len(edges):
                target = edges[position].target
                position += 1
                if target not in index:
                    work += [(node, position), (target, 0)]
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                if low[node] == index[node]:
                    yield _pop_component(node, stack, on_stack)


def _pop_component(node: Owner, stack: list[Owner], on_stack: set[Owner]) -> list[Owner]:
    component = [stack.pop()]
    while component[-1] != node:
        component.append(stack.pop())
    on_stack.difference_update(component)
    return component[::-1]


def _report_cycle(component: list[Owner], graph: _Graph, reading: Reading) -> None:
    members = set(component)
    first = min(component, key=lambda owner: min(e.span.line for e in graph[owner] if e.target in members))
    path, span = _shortest_cycle(first, members, graph)
    drawn = " → ".join(str(owner) for owner in path)
    message = f"this makes a cycle: {drawn}"
    reading.fault(span, message, expected="conditions that don't depend on themselves")


def _shortest_cycle(first: Owner, members: set[Owner], graph: _Graph) -> tuple[list[Owner], Span]:
    """Return the owners along a shortest cycle from `first` back to it, and where its first step stands."""
    came: dict[Owner, tuple[Owner, _Edge]] = {}
    queue = deque([first])
    while first not in came:
        node = queue.popleft()
        for edge in graph[node]:
            if edge.target in members and edge.target not in came:
                came[edge.target] = (node, edge)
                queue.append(edge.target)
    path, node = [first], first
    while True:
        node, edge = came[node]
        path.append(node)
        if node == first:
            return path[::-1], edge.span


def _report_size(owner: Owner, edges: list[_Edge], reading: Reading, *, deep: bool) -> None:
    if deep:
        message = f"the {owner} nests more than {DEEPEST} deep with the names in it written out"
    else:
        message = f"the {owner} has more than {LARGEST} conditions with the names in it written out"
    named = reading.names.get(owner.kind, {}).get(owner.name, Span(reading.source.file, 1, 1, 1))
    reading.fault(edges[0].span if edges else named, message, expected="fewer names within names")
