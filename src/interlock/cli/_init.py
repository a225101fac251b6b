"""`interlock init`: a workspace in a new or empty folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from interlock.cli._exits import DONE
from interlock.cli._output import print_json
from interlock.cli._page import Line, Mark, Span, command, is_terminal, line, print_page
from interlock.cli._questions import AsJson

if TYPE_CHECKING:
    from interlock.app.workspaces import MadeWorkspace

SHAPE: Final = "interlock.workspace/1"
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A new or an empty folder.", show_default=False)]
Policies = Annotated[list[Path] | None, typer.Option("--policy", metavar="FILE…", help="Policy files to copy into it.")]
Developer = Annotated[
    str | None,
    typer.Option(
        "--developer", metavar="NAME", help="Whose models are decided on; the default is the policies' issuer."
    ),
]


def init(folder: Folder, policy: Policies = None, developer: Developer = None, as_json: AsJson = False) -> int:
    """Make a workspace: settings, policies, and the record of events.

    On a terminal it asks for what is not given; elsewhere it asks nothing.
    """
    from interlock.app.workspaces import check_room, make_workspace

    check_room(folder)
    policies = list(policy or [])
    if not as_json and is_terminal(sys.stdin) and is_terminal(sys.stderr):
        if not policies:
            answer = _answer("Policy file to copy in (empty for none)")
            policies = [Path(answer)] if answer else []
        if developer is None and not policies:
            answer = _answer("Developer (empty for later)")
            developer = answer or None
    made = make_workspace(folder, policies=policies, developer=developer)
    if as_json:
        print_json(made_to_json(made))
    else:
        print_page(_page(made))
    return DONE


def _answer(question: str) -> str:
    """Return what a person types, asked on standard error so that nothing else is among the output."""
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    typed = sys.stdin.readline()
    if not typed:
        raise typer.Abort
    return typed.strip()


def made_to_json(made: MadeWorkspace) -> dict[str, Any]:
    """Return a workspace just made, in the shape of `interlock.workspace/1`."""
    listed = [{"id": one.id, "version": one.version, "digest": one.digest} for one in made.policies]
    return {"shape": SHAPE, "folder": str(made.folder), "developer": made.developer, "policies": listed}


def _page(made: MadeWorkspace) -> Iterator[Line]:
    yield line(Span("✓ made", Mark.GOOD), f" a workspace in {made.folder}: interlock.yaml, policies/, events.jsonl")
    for policy in made.policies:
        yield line(f"with {policy.id} {policy.version} of {policy.issuer}", indent=2)
    yield line("next:", indent=2)
    if made.policies:
        yield from command("cd", str(made.folder))
        event = '{"event": "model.registered", "occurred": "TIME", "subject": {"model": "MODEL"}}'
        yield Line((Span(f"echo '{event}' \\", Mark.STRONG),), 4, whole=True)
        yield Line((Span("| interlock record -", Mark.STRONG),), 8, whole=True)
    else:
        yield line("put a policy file into policies/, list it in interlock.yaml, and check it:", indent=2, hang=0)
        yield from command("interlock", "policy", "check", f"{made.folder}/policies/FILE")
