"""What ships for tests of this and other implementations: the oracle, strategies and the runner of conformance rows.

`interlock.testing.oracle` decides questions by brute force; `interlock.testing.conformance` runs rows of the language's
conformance suite (`python -m interlock.testing FOLDER`); `interlock.testing.strategies` draws random policies,
histories and questions and is the only module that needs hypothesis. Nothing of interlock but its command line may
import this package.
"""

from __future__ import annotations

__all__: list[str] = []
