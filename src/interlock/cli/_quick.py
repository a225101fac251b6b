"""The quick reading of a question's arguments, without the command line's libraries.

`decide` is what a gate runs before each action, and a third of its time would go into loading a parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from interlock.app.decisions import TypedQuestion
from interlock.cli._asking import DECIDE, EXPLAIN, Request
from interlock.cli._plain import Options, plain

_OPTIONS: Final = Options(
    single=frozenset({"--model", "--action", "--as-of", "--known-at", "--weights", "--at-compute", "--workspace"}),
    several=frozenset({"--policy", "--events", "--reading"}),
    flags=frozenset({"--json"}),
)


def read_plainly(arguments: Sequence[str]) -> Request | None:
    """Return the request that the arguments of `decide` or `explain` state, or None where they are not plain."""
    if not arguments or arguments[0] not in {DECIDE, EXPLAIN}:
        return None
    read = plain(arguments[1:], _OPTIONS)
    if read is None:
        return None
    model, action = read.single("--model"), read.single("--action")
    if model is None or action is None:
        return None
    question = TypedQuestion(
        model=model,
        action=action,
        as_of=read.single("--as-of"),
        known_at=read.single("--known-at"),
        weights=read.single("--weights"),
        at_compute=read.single("--at-compute"),
        readings=read.texts("--reading"),
    )
    return Request(
        question=question,
        policies=read.paths("--policy"),
        events=read.paths("--events"),
        workspace=read.path("--workspace"),
        as_json=read.flag("--json"),
    )
