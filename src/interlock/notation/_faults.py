"""Faults: what is wrong with a file, at which place, what was expected there, and the nearest valid name.

FaultsError(InterlockError)    a file, or a run of several, has faults; carries all of them

Faults are collected, never raised one by one, so that a person mends a file in one round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from interlock.notation._characters import shown
from interlock.notation._drawing import WIDTH, columns, draw_line
from interlock.notation._sources import Source
from interlock.notation._spans import Span
from interlock.terms import InterlockError, nearest

_SHOWN: Final = 100
_KEPT: Final = 1_000
"""Beyond this many faults a run only counts them: no person mends more in one round."""
FAULTS_COUNTED: Final = 10_000
"""Beyond this many faults reading stops, since only their number would still grow."""
_COMPARED: Final = 50_000
"""With how many names those of a run are compared for the nearest: a hostile file would make that take minutes."""
_PAIRS: Final = 5_000_000
"""Likewise how many pairs of letters, since long names take longer."""
_EXPECTED_LINES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault: its place, what is wrong, what was expected, the nearest valid name, and the line it stands on."""

    span: Span
    message: str
    expected: str | None = None
    nearest: str | None = None
    line_text: str = ""

    def draw(self) -> str:
        """Return the fault as a person reads it: place and message, the line with the place marked, what to write."""
        place = f"{self.span.file}:{self.span.line}:{self.span.column}:"
        lines = _wrap(f"{place} {shown(self.message, length=400)}", indent="  ")
        if self.line_text:
            lines += draw_line(self.span, self.line_text)
        if self.expected:
            lines += _cut(_wrap(f"   expected {shown(self.expected, length=2000)}", indent="     "))
        if self.nearest and self.expected != f"`{self.nearest}`":
            lines += _wrap(f"   did you mean `{shown(self.nearest)}`?", indent="     ")
        return "\n".join(lines)


class FaultsError(InterlockError):
    """A file or a run of several files has faults: `faults`, by file and place; `total` counts those left out too."""

    def __init__(self, faults: Iterable[Fault], *, total: int | None = None) -> None:
        ordered = tuple(faults)
        self.faults: Sequence[Fault] = ordered
        self.total = len(ordered) if total is None else total
        number = f"{FAULTS_COUNTED} faults or more" if self.total >= FAULTS_COUNTED else f"{self.total} faults"
        number = "1 fault" if self.total == 1 else number
        super().__init__(f"{number}; nothing of the files of this run is used")

    def draw(self) -> str:
        """Return all faults drawn, the first hundred of them in full."""
        drawn = [fault.draw() for fault in self.faults[:_SHOWN]]
        left = self.total - len(drawn)
        return "\n\n".join(
            [*drawn, *([f"and {'at least ' * (self.total >= FAULTS_COUNTED)}{left} more"] if left else [])]
        )

    def __str__(self) -> str:
        """Return all faults drawn."""
        return self.draw()


class FaultCollector:
    """Collects the faults of a run over one or several files; a fault met twice at one place is kept once."""

    def __init__(self) -> None:
        self._faults: dict[tuple[Span, str], Fault] = {}
        self._messages: dict[Span, list[str]] = {}
        self._files: dict[str, int] = {}
        self._left_out = 0
        self._compared = 0
        self._pairs = 0

    def __len__(self) -> int:
        """Return how many faults there are, those left out included."""
        return len(self._faults) + self._left_out

    @property
    def enough(self) -> bool:
        """Whether there are so many that reading on would tell nobody more."""
        return len(self) >= FAULTS_COUNTED

    @property
    def full(self) -> bool:
        """Whether faults are only counted from here on."""
        return len(self._faults) >= _KEPT

    def __iter__(self) -> Iterator[Fault]:
        """Yield the faults that are kept, file by file as they were read, by line and column."""
        return iter(sorted(self._faults.values(), key=lambda f: (self._files[f.span.file], f.span.line, f.span.column)))

    def add(
        self,
        source: Source,
        span: Span,
        message: str,
        *,
        expected: str | None = None,
        name: str | None = None,
        names: Iterable[str] = (),
        drawn: int | None = None,
    ) -> None:
        """Add a fault at `span` of `source`; the nearest of `names` to `name`, if both are given, is suggested.

        `drawn` is the line of `source` to draw where that counts its lines otherwise than the span does.
        """
        if (span, message) in self._faults:
            return
        if len(self._faults) >= _KEPT:
            self._left_out += 1
            return
        fault = Fault(
            span=span,
            message=message,
            expected=expected,
            nearest=None if name is None else self._nearest(name, names),
            line_text=source.line_text(span.line if drawn is None else drawn),
        )
        self._keep(fault)

    def absorb(self, error: FaultsError) -> None:
        """Add the faults of an error as they are, and count those that it left out."""
        for fault in error.faults:
            if self.full:
                self._left_out += 1
            elif (fault.span, fault.message) not in self._faults:
                self._keep(fault)
        self._left_out += error.total - len(error.faults)

    def _keep(self, fault: Fault) -> None:
        self._files.setdefault(fault.span.file, len(self._files))
        self._faults[fault.span, fault.message] = fault
        self._messages.setdefault(fault.span, []).append(fault.message)

    def leave_out(self, number: int) -> None:
        """Count as many more faults, of which nothing is kept."""
        self._left_out += number

    def expect(self, span: Span, expected: str) -> None:
        """Say of the faults at `span` that `expected` was expected: more is known now of what stands there."""
        for message in self._messages.get(span, ()):
            self._faults[span, message] = replace(self._faults[span, message], expected=expected)

    def _nearest(self, name: str, names: Iterable[str]) -> str | None:
        listed = tuple(names)
        pairs = len(name) * sum(map(len, listed))
        if self._compared + len(listed) > _COMPARED or self._pairs + pairs > _PAIRS:
            return None
        self._compared += len(listed)
        self._pairs += pairs
        return nearest(name, listed)

    def check(self) -> None:
        """Raise FaultsError with all faults, if there are any."""
        if len(self):
            raise FaultsError(self, total=len(self))


def _wrap(text: str, *, indent: str) -> list[str]:
    """Break `text` into lines between words, within backticks only where nothing else fits."""
    parts = text.split("`")
    parts[1::2] = [part.replace(" ", "\u00a0") for part in parts[1::2]]
    lines = [""]
    lead = len(text) - len(text.lstrip(" "))
    for word in "`".join(parts).split():
        gap = " " if lines[-1].strip() else ""
        if gap and columns(lines[-1]) + 1 + columns(word) > WIDTH:
            lines.append(indent)
            gap = ""
        elif not gap and len(lines) == 1:
            gap = " " * lead
        lines[-1] += gap + word
        lines[-1:] = _broken(lines[-1], indent)
    return [line.replace("\u00a0", " ") for line in lines]


def _broken(line: str, indent: str) -> list[str]:
    """Return a line in pieces that fit; the path of a file is left whole, since it is copied."""
    pieces: list[str] = []
    while columns(line) > WIDTH and (pieces or "`" in line):
        stop, width = 0, 0
        while width + columns(line[stop]) <= WIDTH:
            width += columns(line[stop])
            stop += 1
        pieces.append(line[:stop])
        line = indent + line[stop:]
    return [*pieces, line]


def _cut(lines: list[str]) -> list[str]:
    return lines if len(lines) <= _EXPECTED_LINES else [*lines[: _EXPECTED_LINES - 1], "     …"]
