"""What a plan states beforehand about bounds that are asked for with a margin of effective compute (LANGUAGE 2).

An addition to the table of events: the language says that a plan states how the bound scales, and this is where.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from interlock.record._fields import Fields
from interlock.record._payloads import AheadBound
from interlock.record._problems import At
from interlock.record._values import margin, signed_quantity

_AHEAD: Final = Fields({"margin": margin, "bound": signed_quantity})


def ahead_bounds(value: Any, at: At) -> tuple[AheadBound, ...] | None:
    """Read the bounds by margin: at least one, each margin once, and all bounds in one kind of unit."""
    if not isinstance(value, list) or not value:
        at.refuse(value, "a list of margins with their bounds, at least one")
        return None
    fields = [_AHEAD.read(item, at.under(place), owner="a margin") for place, item in enumerate(value)]
    if any(one.get("margin") is None or one.get("bound") is None for one in fields):
        return None
    bounds = tuple(AheadBound(margin=one["margin"], bound=one["bound"]) for one in fields)
    _check_together(bounds, at)
    return bounds


def _check_together(bounds: Sequence[AheadBound], at: At) -> None:
    seen = set()
    for place, one in enumerate(bounds):
        if one.margin in seen:
            at.under(place).under("margin").report("the margin stands here twice", expected="each margin once")
        if one.bound.dimension != bounds[0].bound.dimension:
            at.under(place).under("bound").report(
                f"the bounds `{bounds[0].bound}` and `{one.bound}` can't be compared: their units do not fit",
                expected=f"one kind of unit ({bounds[0].bound.dimension})",
            )
        seen.add(one.margin)
