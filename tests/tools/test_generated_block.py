"""Generated blocks replace what stands between their markers and nothing else."""

from __future__ import annotations

import pytest

from generated_block import GeneratedBlock, MarkersError

BLOCK = GeneratedBlock(name="map", author="tools/map.py")


def test_what_people_wrote_around_a_block_stays() -> None:
    page = f"above\n{BLOCK.begin}\nold\n{BLOCK.end}\nbelow\n"
    assert BLOCK.replaced(page, "new") == f"above\n{BLOCK.begin}\n\nnew\n\n{BLOCK.end}\nbelow\n"


def test_writing_the_same_block_again_changes_nothing() -> None:
    once = BLOCK.replaced(BLOCK.empty(), "new\n")
    assert BLOCK.replaced(once, "new\n") == once


@pytest.mark.parametrize(
    "page",
    ["", BLOCK.begin, BLOCK.end, BLOCK.empty() * 2, f"{BLOCK.end}\n{BLOCK.begin}\n"],
    ids=["none", "no-end", "no-begin", "doubled", "reversed"],
)
def test_a_page_without_each_marker_once_and_in_order_is_refused(page: str) -> None:
    with pytest.raises(MarkersError, match="each once"):
        BLOCK.replaced(page, "new")
