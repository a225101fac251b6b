"""A policy in plain words as Markdown (CommonMark): its text cited beside each item, for repositories and reviews.

Whatever the policy states is text, never markup: each character that Markdown could take for a sign is escaped, except
in names between backticks, which can hold none. Control and bidirectional characters are written by number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from interlock.notation import shown
from interlock.policy import Item, Policy, Section, describe, encoding_sentence, is_adopted
from interlock.reports._policy_header import NAME, labelled

POLICY_MARKDOWN_ENDS: Final = "The policy's own text is what counts."
"""How every such text ends."""
_LONGEST: Final = 20_000
_SIGNS: Final = re.compile(r"[\\`*_{}\[\]<>#|~&$@]|:(?=//)")
_FIRST: Final = re.compile(r"^(?:(?P<number>\d+)(?=[.)])|(?=[-+]))")
_WEB: Final = re.compile(r"\bwww\.", re.IGNORECASE)


def policy_markdown(policy: Policy, *, engine: str) -> str:
    """Return the policy as Markdown; `engine` names the version of interlock that made it."""
    head, *sections = describe(policy)
    lines = [f"# {escaped(policy.title)}", ""]
    if not is_adopted(policy):
        lines += [f"> **{escaped(encoding_sentence(policy))}.**", ""]
    lines += _header(head)
    for section in sections:
        lines += _section(section)
    lines += ["---", "", f"Made by {escaped(engine)} from {escaped(policy.file)}. {POLICY_MARKDOWN_ENDS}", ""]
    return "\n".join(lines)


def escaped(text: str) -> str:
    """Return a text as Markdown that shows it as it is, on one line."""
    plain = shown(" ".join(text.split()), length=_LONGEST)
    parts, end = [], 0
    for match in NAME.finditer(plain):
        parts += [_without_signs(plain[end : match.start()]), match[0]]
        end = match.end()
    return _begun("".join((*parts, _without_signs(plain[end:]))))


def _without_signs(text: str) -> str:
    return _WEB.sub(lambda match: f"{match[0][:-1]}\\.", _SIGNS.sub(r"\\\g<0>", text))


def _begun(text: str) -> str:
    """Return a text that begins no list where it begins a line."""
    return _FIRST.sub(lambda match: f"{match['number']}\\" if match["number"] else "\\", text)


def _header(head: Section) -> Iterator[str]:
    for label, said, item in labelled(head):
        yield f"- **{label}:** {escaped(said)}."
        yield from (f"  - {escaped(detail)}" for detail in item.details)
    yield ""


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.title)}"
    yield ""
    for item in section.items:
        yield from _item(item, "###")


def _item(item: Item, heading: str) -> Iterator[str]:
    yield f"{heading} {escaped(item.id)}"
    yield ""
    yield f"{escaped(item.sentence)}."
    yield ""
    if item.citation is not None:
        yield f"Source: {escaped(item.citation)}"
        yield ""
    details = [*item.details, *(() if item.note is None else (f"note: {item.note}",))]
    yield from (f"- {escaped(detail)}" for detail in details)
    if details:
        yield ""
    for part in item.parts:
        yield from _item(part, f"{heading}#")
