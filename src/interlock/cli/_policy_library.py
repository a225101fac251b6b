"""`interlock policy list` and `interlock policy schema`: the policies that ship with it, and the schema for editors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._exits import DONE
from interlock.cli._output import print_bytes, print_json
from interlock.cli._page import BLANK, Line, Mark, Span, command, line, print_page, strong
from interlock.cli._questions import AsJson
from interlock.policy import encoding_sentence

if TYPE_CHECKING:
    from interlock.app.policy_forms import Listed

Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it there.")]


def list_bundled(as_json: AsJson = False) -> int:
    """List the policies that ship with it; interlock://ID@VERSION names one wherever a policy file is asked for."""
    from interlock.app.policy_forms import list_to_json, listed_policies

    listed = listed_policies()
    if as_json:
        print_json(list_to_json(listed))
    else:
        print_page(_page(listed))
    return DONE


def _page(listed: tuple[Listed, ...]) -> Iterator[Line]:
    for one in listed:
        policy = one.policy
        yield line(strong(one.reference))
        yield line(f"{policy.title}, of {policy.issuer}, effective from {policy.effective}", indent=2, hang=0)
        yield line(f"{encoding_sentence(policy)}.", indent=2, hang=0)
    yield BLANK
    for one in listed[:1]:
        yield from command("interlock", "policy", "show", one.reference, indent=2)


def schema(out: Out = None) -> int:
    """Print the JSON Schema of policy files (draft-07), by which an editor completes and checks them."""
    from interlock.app.policy_forms import schema_document, write_document

    content = schema_document()
    if out is None or out == Path("-"):
        print_bytes(content)
    else:
        write_document(out, content, None)
        print_page([line(Span("✓ written", Mark.GOOD), f" the schema of policy files, to {out}")])
    return DONE
