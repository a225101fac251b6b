"""The canonical text of a condition: one line of YAML as the language writes it, and as results name it.

`decode` reads the text back to an equal condition. Texts are memoised by the condition's identity, since a decision
names the same leaves again and again and comparing trees costs more than writing them.
"""

from __future__ import annotations

from typing import Final

from interlock.policy._conditions import Condition
from interlock.policy._writing_conditions import condition_tree
from interlock.policy._writing_layout import in_brackets

_MEMORY: Final = 16_384
# Holds the condition too, so that its identity is not given to another one.
_TEXTS: dict[int, tuple[Condition, str]] = {}


def condition_text(condition: Condition) -> str:
    """Return the condition on one line: `{measure: run, at-least: 50%, confidence: 95%}`."""
    known = _TEXTS.get(id(condition))
    if known is not None and known[0] is condition:
        return known[1]
    text = in_brackets(condition_tree(condition))
    if len(_TEXTS) >= _MEMORY:
        _TEXTS.clear()
    _TEXTS[id(condition)] = (condition, text)
    return text
