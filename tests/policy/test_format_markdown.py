"""A policy in Markdown is formatted block by block, and its prose stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from textwrap import indent

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.policy import decode
from interlock.testing.strategies import Drawn, cases, timelines
from tests.policy.files import HEADER
from tests.policy.test_format import assert_canonical_form_is_the_same_policy, canonical

PAGE = """\
# Our promises\r
\r
Prose  with   spaces, and no end of line at the end. \r
\r
```interlock\r
{header}
```\r
\r
1. First:\r
\r
   ~~~ interlock\r
   restrictions: {{hold: {{when: {{judged: safe, by: board}}, forbids: [train]}}}} # held\r
   roles:\r
     rso: {{side: developer}}\r
   ~~~\r
\r
```yaml\r
roles:   {{}}\r
```\r
\r
```interlock\r
# nothing but a default\r
burden-of-proof:   developer\r
```\r
\r
```interlock
roles:
  board:
    side: oversight
```
The end."""


def page(header: str = HEADER) -> str:
    return PAGE.format(header=header.strip("\n").replace("\n", "\r\n") + "\r")


def test_a_markdown_policy_is_formatted_block_by_block() -> None:
    shuffled = "".join(sorted(HEADER.splitlines(keepends=True)))
    written = canonical(page(shuffled), file="p.md")
    assert written == page(HEADER).replace(
        indent(
            "restrictions: {hold: {when: {judged: safe, by: board}, forbids: [train]}} # held\r\n"
            "roles:\r\n"
            "  rso: {side: developer}\r\n",
            "   ",
        ),
        indent(
            "roles:\r\n"
            "  rso: {side: developer}\r\n"
            "\r\n"
            "restrictions:\r\n"
            "  # held\r\n"
            "  hold: {forbids: [train], when: {judged: safe, by: [board]}}\r\n",
            "   ",
        ),
    ).replace("burden-of-proof:   developer", "burden-of-proof: developer").replace(
        "  board:\n    side: oversight\n", "  board: {side: oversight}\n"
    )
    assert canonical(written, file="p.md") == written


def test_a_block_that_says_nothing_but_a_default_stays_as_it_is() -> None:
    text = f"```interlock\n{HEADER}```\n\n```interlock\nroles:   {{}}\n```\n"
    assert canonical(text, file="p.md").endswith("```interlock\nroles:   {}\n```\n")


@settings(max_examples=40, deadline=None)
@given(st.one_of(cases(), timelines()), st.integers(0, 3))
def test_generated_policies_in_markdown_have_a_canonical_form(drawn: Drawn, indented: int) -> None:
    for document in drawn.policy_documents:
        text = "".join(_blocks(document, " " * indented))
        assert_canonical_form_is_the_same_policy(text.encode(), "drawn.md")
        spread = decode(text, file="drawn.md")
        whole = decode(json.dumps(document), file="drawn.yaml")
        assert replace(spread, digest=whole.digest, file=whole.file) == whole


def _blocks(document: Mapping[str, object], pad: str) -> Iterator[str]:
    """Yield a Markdown text with the keys of a policy in a block each, sections that have several items in two."""
    for key, value in document.items():
        parts = [value]
        if isinstance(value, dict) and len(value) > 1 and key not in {"applies-to", "source", "calendar", "amendments"}:
            items = list(value.items())
            parts = [dict(items[:1]), dict(items[1:])]
        for part in parts:
            yield f"Of {key}:\n\n{pad}```interlock\n{pad}{json.dumps({key: part})}\n{pad}```\n\n"
