"""Console blocks: commands behind `$ `, run by a shell in a folder of their own, and what they must print.

`> ` continues a command. A line that is `…` stands for any lines. Output and errors come in one stream, as in a
terminal; the exit code of the command before is `$?`, also across blocks of a page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PROMPT, CONTINUED, ELLIPSIS = "$ ", "> ", "…"


@dataclass(frozen=True)
class Command:
    """A command and the output that the page shows."""

    text: str
    shown: str


def commands_of(block: str) -> list[Command]:
    """Return the commands of a block; a block that does not begin with one is no console."""
    commands: list[Command] = []
    text, shown = "", ""
    for line in block.splitlines():
        if line.startswith(PROMPT):
            if text:
                commands.append(Command(text, shown))
            text, shown = line.removeprefix(PROMPT), ""
        elif line.startswith(CONTINUED) and not shown:
            text += "\n" + line.removeprefix(CONTINUED)
        else:
            assert text, f"a console block begins with `{PROMPT}`, not with {line!r}"
            shown += f"{line}\n"
    assert text, "a console block without a command"
    return [*commands, Command(text, shown)]


def matches(shown: str, printed: str) -> bool:
    """Return whether the page shows what was printed, lines left out only where it says `…`."""
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == ELLIPSIS else f"{re.escape(line.rstrip())}\n" for line in shown.splitlines()
    )
    lines = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    return re.fullmatch(pattern, lines) is not None


@dataclass
class Terminal:
    """A shell whose folder and last exit code last from one command to the next."""

    folder: Path
    code: int = 0
    current: Path = field(init=False)

    def __post_init__(self) -> None:
        """Begin in the folder."""
        self.current = self.folder

    def run(self, command: str) -> str:
        """Run the command, and return what it printed."""
        state = self.folder / ".state"
        script = f'{{ (exit {self.code})\n{command}\n}}\nprintf "%s\\n" "$?" "$PWD" > "{state}"\n'
        done = subprocess.run(
            ["/bin/bash", "-c", script],
            cwd=self.current,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        code, current = state.read_text(encoding="utf-8").splitlines()
        state.unlink()
        self.code, self.current = int(code), Path(current)
        return done.stdout

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("INTERLOCK")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
        return kept | {"PATH": path, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
