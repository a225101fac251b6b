"""`interlock demo`: a fictional developer asks to train on and to deploy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._answer import short_answer
from interlock.cli._asking import ENGINE
from interlock.cli._evidence import evidence_table
from interlock.cli._exits import DONE
from interlock.cli._explanation import restriction_lines, ways
from interlock.cli._init import made_to_json
from interlock.cli._output import print_json
from interlock.cli._page import BLANK, Line, Mark, Span, command, line, print_page, strong
from interlock.cli._questions import AsJson
from interlock.engine import Decision, decision_to_json

if TYPE_CHECKING:
    from interlock.app.demonstration import Demonstration

Into = Annotated[
    Path | None,
    typer.Option("--into", metavar="DIR", help="Make a workspace of it in a new or empty folder, to go on with."),
]


def demo(into: Into = None, as_json: AsJson = False) -> int:
    """Play a fictional developer that asks to train on and to deploy its model. Offline; always the same.

    With --json the decisions are printed as a list.
    """
    from interlock.app.demonstration import demonstrate, install

    if into is not None:
        made = install(into)
        if as_json:
            print_json(made_to_json(made))
        else:
            print_page(_installed(made.folder))
        return DONE
    played = demonstrate()
    if as_json:
        print_json([decision_to_json(decision, engine=ENGINE) for decision in played.decisions])
    else:
        print_page(_page(played))
    return DONE


def _page(played: Demonstration) -> Iterator[Line]:
    train, public, internal = played.decisions
    question = public.question
    yield line(
        strong("Halcyon AI"),
        f" does not exist; its policy, its record and the program are real. It has evaluated a checkpoint of its "
        f"model {question.model}, trained on to a second one, and asks what it may do with that now.",
        hang=0,
    )
    yield BLANK
    yield line(strong("The evidence"), ": two logs that Inspect AI wrote, taken in as any log is", hang=0)
    yield from evidence_table(played.logs, played.evaluations)
    yield BLANK
    yield line(strong("1. May it train on?"))
    yield from short_answer(train)
    yield BLANK
    yield line(strong("2. May it offer the model to the public?"))
    yield from short_answer(public)
    yield BLANK
    yield from _in_full(public)
    yield from ways(public)
    yield BLANK
    yield line(strong("3. May its own staff use the model widely?"))
    yield from short_answer(internal)
    yield BLANK
    yield from _in_full(internal)
    yield line(strong("Next: go on with it yourself"))
    yield from command("interlock", "demo", "--into", "halcyon")


def _in_full(decision: Decision) -> Iterator[Line]:
    """Yield what holds the action, down to the evidence."""
    for standing in decision.restrictions:
        if standing.state == "active" and standing.restriction.clause.binds:
            yield from restriction_lines(standing)
            yield BLANK


def _installed(folder: Path) -> Iterator[Line]:
    yield line(Span("✓ made", Mark.GOOD), f" a workspace of the demonstration in {folder}")
    yield from command("cd", str(folder), indent=2)
    yield BLANK
    yield line("Why its own staff may not use the model widely:", indent=2)
    yield from command("interlock", "explain", *_asking("deploy.internal.wide"))
    yield line("The Chief Executive Officer approves the interim plan, and the answer on the public changes:", indent=2)
    yield from command("interlock", "record", "approval.yaml")
    yield from command("interlock", "decide", *_asking("deploy.external.public"))
    yield line("What the policy says:", indent=2)
    yield from command("interlock", "policy", "show", "policies/policy.yaml")


def _asking(action: str) -> tuple[str, ...]:
    from interlock.app.demonstration import AS_OF, MODEL

    return ("--model", MODEL, "--action", action, "--as-of", AS_OF)
