"""`interlock policy show`: what a policy says in plain words, as text, Markdown, a page or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from interlock import __version__
from interlock.app.decisions import check_policies
from interlock.app.errors import OptionRefused
from interlock.app.forms import Form
from interlock.cli._exits import DONE
from interlock.cli._output import print_bytes, print_json
from interlock.cli._page import BLANK, Line, Mark, Span, faint, line, print_page, strong, text_of
from interlock.cli._questions import AsJson
from interlock.policy import Item, Policy, Section, describe, encoding_sentence, is_adopted

POLICY_SHAPE: Final = "interlock.policy/1"
_STANDARD_OUTPUT: Final = Path("-")
File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A policy file, or interlock://ID@VERSION.", show_default=False)
]
Format = Annotated[Form, typer.Option("--format", help="As what it is said; markdown and html stand by themselves.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it there.")]


def show(file: File, form: Format = Form.TEXT, out: Out = None, as_json: AsJson = False) -> int:
    """Say what a policy says in plain words, with the place in its text beside each item.

    Of each restriction it says what it comes to where nothing is shown.
    """
    if as_json and (form is not Form.TEXT or out is not None):
        raise OptionRefused(
            "`--json` is a form of its own, on standard output", advice="leave out `--format` and `--out`"
        )
    [policy] = check_policies([file])
    if as_json:
        print_json(_to_json(policy, describe(policy)))
    elif out is None or out == _STANDARD_OUTPUT:
        _print(policy, form)
    else:
        from interlock.app.policy_forms import write_document

        write_document(out, _document(policy, form), form)
        print_page([line(Span("✓ written", Mark.GOOD), f" {policy.id} {policy.version} in words, to {out}")])
    return DONE


def _print(policy: Policy, form: Form) -> None:
    if form is Form.TEXT:
        print_page(_page(policy))
    else:
        print_bytes(_document(policy, form))


def _document(policy: Policy, form: Form) -> bytes:
    if form is Form.TEXT:
        return text_of(_page(policy)).encode()
    from interlock.app.policy_forms import document_of

    return document_of(policy, form, engine=f"interlock {__version__}")


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
    return {
        "id": item.id,
        "sentence": item.sentence,
        "details": list(item.details),
        "source": item.source,
        "source_note": item.source_note,
        "mark": item.mark,
        "note": item.note,
        "modality": item.modality,
        "binding": item.binding,
        "parts": [_item_to_json(part) for part in item.parts],
    }


def _page(policy: Policy) -> Iterator[Line]:
    if not is_adopted(policy):
        yield line(Span("! ", Mark.OPEN), f"{encoding_sentence(policy)}.")
        yield BLANK
    for place, section in enumerate(describe(policy)):
        if place:
            yield BLANK
        yield line(strong(section.title))
        for item in section.items:
            yield from _item(item, indent=2)


def _item(item: Item, *, indent: int) -> Iterator[Line]:
    where = f"  ({item.citation})" if item.citation else ""
    yield line(strong(item.id), faint(where), indent=indent)
    yield line(f"{item.sentence}.", indent=indent + 2, hang=0)
    for detail in item.details:
        yield line(faint(detail), indent=indent + 4)
    if item.note is not None:
        yield line(faint(f"note: {item.note}"), indent=indent + 4)
    for part in item.parts:
        yield from _item(part, indent=indent + 4)
