"""Runs the command line: `python -m interlock`."""

from __future__ import annotations

import sys

from interlock.cli import main

sys.exit(main())
