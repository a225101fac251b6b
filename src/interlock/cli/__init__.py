"""The command line: turns arguments into calls of `interlock.app`, results into pages or JSON, errors into exit codes.

One file per verb. The answer goes to standard output, everything else to standard error. Exit codes are those of
LANGUAGE 8; no failure of any kind ends with one that reads as permitted.

>>> from interlock.cli import main
>>> main(["--version"])
interlock 0.1.0
0
"""

from __future__ import annotations

from interlock.cli._main import main

__all__ = ["main"]
