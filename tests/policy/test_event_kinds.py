"""The kinds of events that conditions may ask for are those of the language's page, with their fields."""

from __future__ import annotations

import re
from pathlib import Path

from interlock.policy import EVENT_FIELDS
from interlock.policy._event_kinds import LISTED_FIELDS, NAMING_FIELDS

# What the page says in words and not in the table: a submission may list the evidence that it rests on (3.2), and a
# decision's own fields are those of section 8, which no condition matches on.
BEYOND_THE_TABLE = {"evidence"}
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
        assert fields - READ_APART.get(kind, set()) == set(EVENT_FIELDS[kind]) - BEYOND_THE_TABLE, kind


def test_fields_that_are_lists_or_names_are_fields_of_some_kind() -> None:
    fields = {field for fields in EVENT_FIELDS.values() for field in fields}
    assert fields > LISTED_FIELDS
    assert fields > set(NAMING_FIELDS)
