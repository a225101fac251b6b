"""Asking: a question as its options state it, the answer printed in a few lines, in full, or as JSON, its exit code.

What `decide` and `explain` do once their arguments are read. Knows nothing of how they were read, so that it loads
without the command line's libraries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interlock import __version__
from interlock.app.assumptions import Under, with_assumptions
from interlock.app.decisions import TypedQuestion, as_typed, decide_in_workspace, decide_on_files
from interlock.app.errors import OptionRefused
from interlock.cli._answer import labelled, short_answer
from interlock.cli._dispute_words import assumption_lines
from interlock.cli._output import print_json
from interlock.cli._page import BLANK, Line, command, line, print_page, strong
from interlock.engine import Decision, decision_to_json, exit_code

DECIDE: Final = "decide"
EXPLAIN: Final = "explain"
ENGINE: Final = f"interlock {__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A question, and where its answer is looked for: files, or else the workspace in a folder (None: the nearest)."""

    question: TypedQuestion
    policies: Sequence[Path] = ()
    events: Sequence[Path] = ()
    workspace: Path | None = None
    as_json: bool = False

    @property
    def on_files(self) -> bool:
        """Whether files are named, so that no workspace is looked for."""
        return bool(self.policies or self.events)

    def arguments(self, verb: str) -> list[str]:
        """Return the command that asks the same of another verb."""
        typed = self.question
        stated = {
            "--model": typed.model,
            "--action": typed.action,
            "--weights": typed.weights,
            "--as-of": typed.as_of,
            "--known-at": typed.known_at,
            "--at-compute": typed.at_compute,
            "--workspace": None if self.workspace is None else str(self.workspace),
        }
        files = ["--policy", *map(as_typed, self.policies), "--events", *map(str, self.events)] if self.on_files else []
        files += ["--reading", *typed.readings] if typed.readings else []
        options = [part for option, value in stated.items() if value is not None for part in (option, value)]
        return ["interlock", verb, *files, *options]


def answer(verb: str, request: Request) -> int:
    """Print the answer as `verb` does, and return its exit code."""
    found = _decision(request)
    if request.as_json:
        print_json(with_assumptions(decision_to_json(found.result, engine=ENGINE), found.assumed))
    else:
        print_page(_full(found, request) if verb == EXPLAIN else _short(found, request))
    return exit_code(found.result)


def _decision(request: Request) -> Under[Decision]:
    if request.on_files:
        if request.workspace is not None:
            raise OptionRefused("`--workspace` and files are two places to look in", advice="name one of them")
        return decide_on_files(request.policies, request.events, request.question)
    # What reads a workspace takes a while to load, and a decision on files does without it.
    from interlock.app.clock import system_clock
    from interlock.app.workspaces import open_workspace

    return decide_in_workspace(open_workspace(request.workspace), request.question, system_clock)


def _short(found: Under[Decision], request: Request) -> Iterator[Line]:
    yield from assumption_lines(found.assumed)
    yield from short_answer(found.result)
    yield labelled("why in full", "")
    yield from command(*request.arguments(EXPLAIN))


def _full(found: Under[Decision], request: Request) -> Iterator[Line]:
    # The page reads the policy in words as well, which a decision does without.
    from interlock.cli._explanation import explanation

    yield from assumption_lines(found.assumed)
    yield from explanation(found.result)
    yield BLANK
    yield line(strong("Next"))
    if request.on_files:
        files = ", ".join(f"`{path}`" for path in request.events)
        yield line(f"Add what comes to the events in {files}, and ask again:", indent=2, hang=0)
    else:
        where = () if request.workspace is None else ("--workspace", str(request.workspace))
        yield line("Record what comes, and ask again:", indent=2, hang=0)
        yield from command("interlock", "record", "FILE", *where)
    yield from command(*request.arguments(DECIDE))
