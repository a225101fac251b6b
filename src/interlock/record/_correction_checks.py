"""What a correction may not say: circles, replacement by itself, and the removal of an evaluation from the evidence.

An evaluation leaves the set of evidence only by `evaluation.withdrawn` (LANGUAGE 3.3), so what stands in the place of
one is an evaluation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from interlock.record._corrections import Correction, in_order, reaches_of, read_corrections
from interlock.record._events import Event
from interlock.record._payloads import EvaluationCompleted, EventCorrected
from interlock.record._problems import At
from interlock.record._references import Given, Resolver, layers, written_out

MOST_NAMED: Final = 1_000_000
"""How many events corrections may name, each counted again for every correction that it is named through."""


def check_corrections(given: Sequence[Given]) -> None:
    """Report what is wrong with corrections whose references resolve."""
    events = {one.event.index: one.event for one in given if one.event is not None}
    places = {one.event.index: one.at for one in given if one.event is not None}
    resolver = Resolver(list(events.values()))
    corrections = read_corrections(_within_bounds(events, resolver), resolver)
    ordered = in_order(corrections)
    reaches = reaches_of(ordered, most=MOST_NAMED)
    beyond = next((one.event.index for one in ordered if one.event.index not in reaches), None)
    if beyond is not None or len(corrections) < sum(isinstance(e.payload, EventCorrected) for e in events.values()):
        last = max(corrections, default=0) if beyond is None else beyond
        message = f"the corrections name more than {MOST_NAMED} events, one through another"
        places[last].report(message, expected="corrections of the events themselves, not of long chains of corrections")
        return
    checks = _Checks(events, corrections)
    for index in sorted(corrections.keys() - {one.event.index for one in ordered}):
        checks.report_circle(corrections[index], places[index])
    for one in ordered:
        index = one.event.index
        checks.check_layers(one, places[index])
        checks.check_evaluations(one, reaches[index], places[index])
    for index in _replaced_in_circles(corrections):
        _innermost(corrections[index], places[index]).under("by").report(
            "the events named here are replaced by one another in a circle", expected="an event that still stands"
        )


def _within_bounds(events: Mapping[int, Event], resolver: Resolver) -> list[Event]:
    """Return the corrections up to where they name more events than are followed."""
    kept, named = [], 0
    for event in events.values():
        if isinstance(event.payload, EventCorrected):
            for _, corrected in layers(event):
                named += len(resolver.find(corrected.event))
            if named > MOST_NAMED:
                break
            kept.append(event)
    return kept


@dataclass(frozen=True, slots=True)
class _Checks:
    events: Mapping[int, Event]
    corrections: Mapping[int, Correction]

    def report_circle(self, one: Correction, at: At) -> None:
        itself = one.event.index in one.targets
        said = "the correction corrects itself" if itself else "this correction is corrected, in a circle, by itself"
        at.under("data").under("event").report(said, expected="an event that does not depend on this correction")

    def check_layers(self, one: Correction, at: At) -> None:
        for layer in one.layers:
            data = at.under("data")
            by, at = data.under("by"), data.under("by")
            if one.event.index in layer.by:
                by.report("the event is replaced by its own correction", expected="the event that stands in its place")
            elif set(layer.by) & set(layer.targets):
                by.report("the event is replaced by itself", expected="another event, or the event written out")
            elif layer.by and layer.by_is_correction and not set(layer.targets) & self.corrections.keys():
                message = "the event is replaced by a correction, and is none itself"
                by.report(message, expected="the event that stands in its place")

    def check_evaluations(self, one: Correction, reach: frozenset[int], at: At) -> None:
        """Report that an evaluation is replaced by what is none."""
        evaluations = sorted(i for i in reach if isinstance(self.events[i].payload, EvaluationCompleted))
        if not evaluations:
            return
        standing = [one.replacement] if one.replacement else [self.events[i] for i in one.layers[-1].by]
        if any(not isinstance(written_out(event).payload, EvaluationCompleted) for event in standing):
            _innermost(one, at).under("by").report(
                f"the evaluation `{evaluations[0]}` is replaced by what is none",
                expected="an `evaluation.completed`; `evaluation.withdrawn` takes an evaluation out of the evidence",
            )


def _innermost(one: Correction, at: At) -> At:
    """Return the place of the data of the innermost correction."""
    for _ in one.layers[1:]:
        at = at.under("data").under("by")
    return at.under("data")


def _replaced_in_circles(corrections: Mapping[int, Correction]) -> list[int]:
    """Return the corrections by which, following who replaces whom, one comes back to where one began."""
    replaced_by: dict[int, set[int]] = {}
    for one in corrections.values():
        for layer in one.layers:
            for target in set(layer.targets) - corrections.keys() - set(layer.by):
                replaced_by.setdefault(target, set()).update(layer.by)
    circling = _in_circles(replaced_by)
    return sorted(
        index
        for index, one in corrections.items()
        if any(circling.issuperset(layer.by) and circling & set(layer.targets) for layer in one.layers if layer.by)
    )


def _in_circles(edges: Mapping[int, set[int]]) -> set[int]:
    """Return the nodes left when those that lead nowhere or that nothing leads to are taken away, again and again."""
    left = {node: set(following) for node, following in edges.items()}
    while True:
        reached = set().union(*left.values())
        kept = {node: following & left.keys() for node, following in left.items() if node in reached}
        kept = {node: following for node, following in kept.items() if following}
        if kept == left:
            return set(left)
        left = kept
