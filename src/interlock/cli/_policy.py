"""`interlock policy check` and `interlock policy show`: whether policy files are sound, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from interlock.app.decisions import check_policies
from interlock.cli._exits import DONE, REFUSED
from interlock.cli._groups import help_where_alone
from interlock.cli._output import print_json
from interlock.cli._page import BLANK, Line, Mark, Span, faint, line, print_page, strong
from interlock.cli._questions import AsJson
from interlock.cli._refusals import fault_to_json
from interlock.notation import FaultsError
from interlock.policy import Item, Policy, Section, describe

CHECK_SHAPE: Final = "interlock.check/1"
POLICY_SHAPE: Final = "interlock.policy/1"
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Policy files.", show_default=False)]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A policy file.", show_default=False)]


def build() -> typer.Typer:
    """Return the group of commands."""
    group = typer.Typer(help="Check policy files, and say what they say.", invoke_without_command=True)
    group.callback()(help_where_alone)
    group.command("check")(check)
    group.command("show")(show)
    return group


def check(files: Files, as_json: AsJson = False) -> int:
    """Check that policy files are sound, and report all faults of all of them at once.

    Exit code: 0 all sound, 2 a fault.
    """
    try:
        policies = check_policies(files)
    except FaultsError as error:
        if as_json:
            print_json({"shape": CHECK_SHAPE, "faults": [fault_to_json(fault) for fault in error.faults]})
        else:
            typer.echo(f"{error.draw()}\n\n{error.message}")
        return REFUSED
    if as_json:
        print_json({"shape": CHECK_SHAPE, "faults": []})
    else:
        print_page(
            line(Span("✓ sound", Mark.GOOD), f" {policy.file}: {policy.id} {policy.version} of {policy.issuer}")
            for policy in policies
        )
    return DONE


def show(file: File, as_json: AsJson = False) -> int:
    """Say what a policy says in plain words, and what each restriction comes to where nothing is shown."""
    [policy] = check_policies([file])
    sections = describe(policy)
    if as_json:
        print_json(_to_json(policy, sections))
    else:
        print_page(_page(sections))
    return DONE


def _to_json(policy: Policy, sections: Sequence[Section]) -> dict[str, Any]:
    return {
        "shape": POLICY_SHAPE,
        "id": policy.id,
        "version": policy.version,
        "digest": policy.digest,
        "issuer": policy.issuer,
        "effective": policy.effective.isoformat(),
        "sections": [
            {"title": section.title, "items": [_item_to_json(item) for item in section.items]} for section in sections
        ],
    }


def _item_to_json(item: Item) -> dict[str, Any]:
    return {"id": item.id, "sentence": item.sentence, "details": list(item.details), "source": item.source}


def _page(sections: Sequence[Section]) -> Iterator[Line]:
    for place, section in enumerate(sections):
        if place:
            yield BLANK
        yield line(strong(section.title))
        for item in section.items:
            where = f"  ({item.source})" if item.source else ""
            yield line(strong(item.id), faint(where), indent=2)
            yield line(f"{item.sentence}.", indent=4, hang=0)
            for detail in item.details:
                yield line(faint(detail), indent=6)
