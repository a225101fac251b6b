#!/usr/bin/env python3
"""One target under atheris: FUZZ_TARGET=NAME fuzz/harness.py [libFuzzer's options and folders].

`fuzz/run.py` calls it, and so does libFuzzer itself when it merges a corpus: as a program, with the same options. That
is why the target is named by the environment.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
with atheris.instrument_imports(include=["interlock"]):
    from fuzz.mutation import mutated
    from fuzz.targets import TARGETS
    from fuzz.words import words


def main() -> None:
    """Fuzz the target that the environment names, until libFuzzer's options end it."""
    known = [word.encode() for word in words()]

    def mutate(content: bytes, size: int, seed: int) -> bytes:
        # Every third time libFuzzer's own mutations, which follow what comparisons look for.
        return atheris.Mutate(content, size) if seed % 3 == 0 else mutated(content, size, seed, known)

    atheris.Setup(sys.argv, TARGETS[os.environ["FUZZ_TARGET"]], custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
