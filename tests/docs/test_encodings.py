"""The pages of the encodings that ship are those that would be written now."""

from __future__ import annotations

import encoding_pages
from encoding_pages import FOLDER, INDEX, encodings, main, pages


def test_every_page_is_what_would_be_written_and_belongs_to_an_encoding() -> None:
    """`make encodings` writes them."""
    wanted = pages(tuple(encodings()), (FOLDER / INDEX).read_text(encoding="utf-8"))
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert [name for name in sorted(wanted) if wanted[name] != there.get(name)] == []
    assert len(wanted) > 5
    assert encoding_pages.REPOSITORY in FOLDER.parents


def test_the_check_of_the_pages_agrees() -> None:
    assert main(["--check"]) == 0
