"""Parts of a policy file, completed to a whole one by the frame that the language reference names.

A part states some sections, and some items of them. What it leaves out is the frame's; an item of the same name is the
part's. Each line of the whole knows its line of the part, so that faults are drawn where a reader sees them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from interlock.notation import Fault, FaultsError
from interlock.policy import Policy, decode

REPOSITORY = Path(__file__).resolve().parents[2]
FRAME = REPOSITORY / "docs" / "reference" / "language" / "frame.yaml"
FILE = "policy.yaml"
_KEY = re.compile(r"([a-z][a-z-]*):")
_ITEM = re.compile(r"  (\S[^:]*):")


@dataclass(frozen=True)
class Line:
    """A line of a policy file, and its number in the part that a page shows; None for one of the frame.

    `indent` is how far it was moved to the right to fit.
    """

    text: str
    number: int | None = None
    indent: int = 0


@dataclass(frozen=True)
class Whole:
    """A whole policy file."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The file's text."""
        return "".join(f"{line.text}\n" for line in self.lines)

    def decode(self) -> Policy:
        """Return the policy."""
        return decode(self.text, file=FILE)

    def faults(self) -> tuple[Fault, ...]:
        """Return the faults of the file with their lines in the part; none where it is sound."""
        try:
            self.decode()
        except FaultsError as error:
            return tuple(self._placed(fault) for fault in error.faults)
        return ()

    def _placed(self, fault: Fault) -> Fault:
        line = self.lines[fault.span.line - 1]
        assert line.number is not None, f"the frame has a fault: {fault.draw()}"
        column, end = fault.span.column - line.indent, fault.span.end_column - line.indent
        span = replace(fault.span, line=line.number, column=column, end_column=end)
        return replace(fault, span=span, line_text=line.text[line.indent :])


def completed(part: str) -> Whole:
    """Return the policy file that a part stands for; one that has a header is whole already."""
    own = [Line(text, number) for number, text in enumerate(part.splitlines(), start=1)]
    if any(line.text.startswith("interlock:") for line in own):
        return Whole(tuple(own))
    sections = _split(own, _KEY)
    frame = _split([Line(text) for text in FRAME.read_text(encoding="utf-8").splitlines()], _KEY)
    lines: list[Line] = []
    for name, given in frame.items():
        lines += _united(given, sections.pop(name)) if name in sections else given
    for added in sections.values():
        lines += added
    return Whole(tuple(lines))


def with_condition(condition: str) -> Whole:
    """Return a policy file whose one restriction of interest has the condition as its `when`."""
    indented = [Line(f"      {text}", number, indent=6) for number, text in enumerate(condition.splitlines(), start=1)]
    head = [Line(text) for text in ("  example:", "    forbids: [store]", "    when:")]
    whole = completed("restrictions:\n")
    place = next(number for number, line in enumerate(whole.lines) if line.text == "restrictions:") + 1
    return Whole((*whole.lines[:place], *head, *indented, *whole.lines[place:]))


def _split(lines: Sequence[Line], key: re.Pattern[str]) -> dict[str, list[Line]]:
    """Return the lines under each key; those before the first stand under the empty name."""
    parts: dict[str, list[Line]] = {}
    name = ""
    for line in lines:
        match = key.match(line.text)
        name = match[1] if match else name
        parts.setdefault(name, []).append(line)
    return parts


def _united(frame: Sequence[Line], part: Sequence[Line]) -> list[Line]:
    """Return a section of the frame with the part's items added, or the part's section where it is on one line."""
    if not all(lines[0].text.partition("#")[0].rstrip().endswith(":") for lines in (frame, part)):
        return list(part)
    items = _split(frame[1:], _ITEM)
    own = _split(part[1:], _ITEM)
    kept = [line for name, lines in items.items() if name not in own for line in lines]
    return [part[0], *kept, *part[1:]]
