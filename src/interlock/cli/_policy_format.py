"""`interlock policy format`: policy files in their canonical form, printed, checked, or written in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from interlock.app.errors import OptionRefused
from interlock.app.formatting import FormattedFile, format_files, write_formatted
from interlock.cli._exits import DONE, FOUND
from interlock.cli._output import print_bytes, print_json
from interlock.cli._page import Line, Mark, Span, line, print_page
from interlock.cli._questions import AsJson

FORMAT_SHAPE: Final = "interlock.format/1"
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", help="Policy files; - is the standard input.", show_default=False)
]
Check = Annotated[bool, typer.Option("--check", help="List the files that would change, and write nothing.")]
Write = Annotated[bool, typer.Option("--write", help="Write the files anew, in place, where they would change.")]


def format_policies(files: Files, check: Check = False, write: Write = False, as_json: AsJson = False) -> int:
    """Print the canonical form of a policy file, or check or rewrite several; comments and prose are kept.

    Exit code: 0 done, 1 `--check` found a file that would change, 2 a rejected file; nothing is written then.
    """
    if check and write:
        raise OptionRefused("`--check` and `--write` are both given", advice="give one of them")
    if len(files) > 1 and not (check or write):
        raise OptionRefused("several files are given, and the text of one is printed", advice="add --check or --write")
    formatted = write_formatted(files) if write else format_files(files)
    if as_json:
        print_json({"shape": FORMAT_SHAPE, "files": [_to_json(file, text=not (check or write)) for file in formatted]})
    elif check or write:
        print_page(_lines(formatted, write=write))
    else:
        print_bytes(formatted[0].text)
    return FOUND if check and any(file.changes for file in formatted) else DONE


def _to_json(file: FormattedFile, *, text: bool) -> dict[str, object]:
    value: dict[str, object] = {"file": file.name, "changes": file.changes}
    return value | {"text": file.text.decode()} if text else value


def _lines(files: Sequence[FormattedFile], *, write: bool) -> Iterator[Line]:
    for file in files:
        if not file.changes:
            yield line(Span("✓ canonical", Mark.GOOD), f" {file.name}")
        elif write:
            yield line(Span("✓ rewritten", Mark.GOOD), f" {file.name}")
        else:
            yield line(Span("✗ would change", Mark.BAD), f" {file.name}")
