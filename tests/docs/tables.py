"""The tables of the language reference that are written from the declarations they describe.

    .venv/bin/python -m tests.docs.tables     writes them into the pages

A page marks where a table stands; the declarations of the policy decoder and of the events say what is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from generated_block import GeneratedBlock
from interlock.policy._forms import CLAUSE_KEYS, Form, Key, Section
from interlock.policy._policy_form import POLICY
from interlock.policy._shapes import Choice, ListOf
from interlock.record._kinds import KINDS
from interlock.terms import ACTIONS, HAZARDS, Calendar, leaf_actions
from tests.docs.pages import DOCS

AUTHOR: Final = "tests/docs/tables.py"
_MARKER: Final = re.compile(rf"^<!-- (?P<name>[^\n]+): begin \(written by {re.escape(AUTHOR)}\) -->$", re.MULTILINE)


def forms() -> dict[str, tuple[Key[Any], ...]]:
    """Return the keys of every form that a policy file consists of, by the path of its name."""
    found = {"policy": POLICY.keys, "item": CLAUSE_KEYS}
    for key in POLICY.keys:
        found |= dict(_forms_in(key, "policy"))
    for key in CLAUSE_KEYS:
        found |= dict(_forms_in(key, "item"))
    return found


def _forms_in(key: Key[Any], owner: str) -> Iterator[tuple[str, tuple[Key[Any], ...]]]:
    holds = key.holds.item if isinstance(key.holds, ListOf) else key.holds
    if isinstance(holds, Section):
        name, form = holds.kind, holds.form
    elif isinstance(holds, Form):
        name, form = ("amendments" if key.name == "amendments" else f"{owner}.{key.name}"), holds
    else:
        return
    yield name, form.keys
    for inner in form.keys:
        yield from _forms_in(inner, name)


def key_table(name: str) -> str:
    """Return the table of a form's keys."""
    rows = [f"| `{key.name}` | {_cell(key.holds.words)}{_standing(key)} | {_cell(key.says)} |" for key in forms()[name]]
    return "\n".join(["| key | holds | says |", "| --- | --- | --- |", *rows])


def _standing(key: Key[Any]) -> str:
    if key.required:
        return "; **required**"
    if key.default is None or key.default in ((), {}, Calendar()):
        return ""
    return f"; default {_default(key)}"


def _default(key: Key[Any]) -> str:
    """Return the default as a file would state it."""
    if isinstance(key.holds, Choice):
        return next(f"`{word}`" for word, value in key.holds.values.items() if value == key.default)
    match key.default:
        case bool():
            return f"`{str(key.default).lower()}`"
        case tuple():
            return "Monday to Friday"
        case _:
            return f"`{key.default}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def event_table() -> str:
    """Return the table of the kinds of events."""
    rows = [_event_row(kind) for kind in KINDS]
    return "\n".join(["| event | about | `data` must state | and may state |", "| --- | --- | --- | --- |", *rows])


def _event_row(kind: str) -> str:
    row = KINDS[kind]
    about = ", ".join(subject for subject in ("model", "developer", "world") if subject in row.about)
    if row.fields is None:
        return f"| `{kind}` | {about} | the decision, as an object | |"
    return f"| `{kind}` | {about} | {_names(row.fields.required)} | {_names(row.fields.optional)} |"


def _names(fields: Mapping[str, object]) -> str:
    return ", ".join(f"`{name}`" for name in fields)


def action_table() -> str:
    """Return the table of the actions."""
    rows = [f"| `{action}` | {_names(dict.fromkeys(_below(action)))} |" for action in ACTIONS]
    return "\n".join(["| action | stands for |", "| --- | --- |", *rows])


def _below(action: str) -> tuple[str, ...]:
    return tuple(leaf for leaf in leaf_actions(action) if leaf != action)


def hazard_list() -> str:
    """Return the hazards."""
    return _names(dict.fromkeys(HAZARDS))


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    **{f"keys of {name}": partial(key_table, name) for name in forms()},
    "kinds of events": event_table,
    "actions": action_table,
    "hazards": hazard_list,
}
"""The tables by the name that a page marks them with."""


def written(page: str) -> str:
    """Return the page with every table that it marks written anew."""
    for name in [match["name"] for match in _MARKER.finditer(page)]:
        page = GeneratedBlock(name=name, author=AUTHOR).replaced(page, TABLES[name]())
    return page


def marked(page: str) -> list[str]:
    """Return the names of the tables that the page marks."""
    return [match["name"] for match in _MARKER.finditer(page)]


def main() -> None:
    """Write the tables into the pages."""
    for path in sorted(Path(DOCS).rglob("*.md")):
        page = path.read_text(encoding="utf-8")
        if (new := written(page)) != page:
            path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
