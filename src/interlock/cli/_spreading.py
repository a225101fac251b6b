"""Options that take several files: `--policy A B` as well as `--policy A --policy B` (LANGUAGE 8).

The parser beneath takes one value for each mention of an option, so a mention with several is written out first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

SPREAD: Final = {
    "decide": frozenset({"--policy", "--events", "--reading"}),
    "duties": frozenset({"--policy", "--events", "--reading"}),
    "explain": frozenset({"--policy", "--events", "--reading"}),
    "init": frozenset({"--policy"}),
    "replay": frozenset({"--policy", "--events", "--reading", "--only"}),
    "status": frozenset({"--policy", "--events", "--reading"}),
    "terms": frozenset({"--policy", "--events"}),
}
"""The options that may have several values, by command."""


def spread_values(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with each further value of such an option behind a mention of its own.

    Values end at the next option. A command that takes a folder first has several values only after it.

    >>> spread_values(["decide", "--policy", "a.yaml", "b.yaml", "--json"])
    ['decide', '--policy', 'a.yaml', '--policy', 'b.yaml', '--json']
    """
    options = SPREAD.get(arguments[0]) if arguments else None
    if options is None:
        return list(arguments)
    spread: list[str] = [arguments[0]]
    option: str | None = None
    has_value = False
    may_repeat = arguments[0] != "init"
    for place, argument in enumerate(arguments[1:], start=1):
        if argument == "--":
            return [*spread, *arguments[place:]]
        is_option = argument.startswith("-") and argument != "-"
        if is_option:
            name, equals, _ = argument.partition("=")
            option = name if name in options else None
            has_value = bool(equals)
        elif option is None:
            may_repeat = True
        elif has_value and may_repeat:
            spread.append(option)
        elif has_value:
            option, may_repeat = None, True
        else:
            has_value = True
        spread.append(argument)
    return spread
