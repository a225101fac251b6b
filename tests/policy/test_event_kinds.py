"""The kinds of events that conditions may ask for are those of the language's page, with their fields."""

from __future__ import annotations

import re
from pathlib import Path

from interlock.policy import EVENT_FIELDS
from interlock.policy._event_kinds import LISTED_FIELDS, NAMING_FIELDS
from interlock.record import EVENT_KINDS

# What the page says in words and not in the table: a submission may list the evidence that it rests on (3.2), a plan
# states how its bound scales by a margin (2), a document may agree on another due time and duties have instances (4.5).
BEYOND_THE_TABLE = {
    "document.submitted": {"evidence", "schedule"},
    "evaluation.planned": {"ahead"},
    "duty.performed": {"instance"},
    "excuse.claimed": {"instance"},
}
# The page says of both at once "`grade` or `by`": a grading states the grade, a revision the new day.
READ_APART = {"goal.graded": {"by"}, "goal.revised": {"grade"}}


def kinds_of_the_page(page: str) -> dict[str, set[str]]:
    table = page[page.index("| event | `data`") : page.index("`training.*` is the action")]
    kinds: dict[str, set[str]] = {}
    for line in table.split("\n")[2:]:
        if not line.startswith("|"):
            continue
        _, names, fields, _ = line.split("|")
        first, *rest = re.findall(r"`([a-z.-]+)`", names)
        family = first.split(".")[0]
        for name in (first, *rest):
            kinds[f"{family}{name}" if name.startswith(".") else name] = set(re.findall(r"`([a-z-]+)(?:`|:)", fields))
    return kinds


def test_the_table_is_that_of_the_page(shared: Path) -> None:
    page = kinds_of_the_page((shared / "design" / "LANGUAGE.md").read_text(encoding="utf-8"))
    assert len(page) > 35
    assert page.keys() == EVENT_FIELDS.keys()
    for kind, fields in page.items():
        beyond = BEYOND_THE_TABLE.get(kind, set())
        assert fields - READ_APART.get(kind, set()) == set(EVENT_FIELDS[kind]) - beyond, kind


def test_the_table_is_that_of_the_readers_of_events() -> None:
    """The order within a kind is for people; which fields there are is not."""
    readers = {kind: set(fields) for kind, fields in EVENT_KINDS.items()}
    assert {kind: set(fields) for kind, fields in EVENT_FIELDS.items()} == readers


def test_fields_that_are_lists_or_names_are_fields_of_some_kind() -> None:
    fields = {field for fields in EVENT_FIELDS.values() for field in fields}
    assert fields > LISTED_FIELDS
    assert fields > set(NAMING_FIELDS)
