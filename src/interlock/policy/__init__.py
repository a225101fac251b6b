"""Policies: files to resolved values, the condition tree and its fold, and what a policy says in plain words.

`decode` reads a policy file or refuses it with all its faults at once (LANGUAGE 1 and 2). Every reader of conditions
is an `Algebra` folded over the one tree. Pure: reads no file and no clock; which version is in force is not told here.

>>> from interlock.policy import condition_text, decode
>>> policy = decode(
...     '''
... interlock: 1
... policy: example
... version: "1"
... issuer: Example
... title: One restriction
... effective: 2025-01-01
... roles: {board: {title: Board, side: oversight}}
... restrictions:
...   hold: {forbids: [train], when: {judged: dangerous, by: board}}
... ''',
...     file="example.yaml",
... )
>>> condition_text(policy.restrictions["hold"].when)
'{judged: dangerous, by: [board]}'
"""

from __future__ import annotations

from interlock.policy._conditions import (
    Active,
    Algebra,
    AllOf,
    AnyOf,
    Approved,
    Argued,
    AtLeast,
    Attested,
    Comparator,
    Comparison,
    Condition,
    Done,
    Elapsed,
    Freshness,
    Growth,
    Happened,
    InForce,
    Judged,
    Leaf,
    Measured,
    Meets,
    Not,
    Notified,
    Overdue,
    Published,
    QuantityIs,
    Ratio,
    Reached,
    Readings,
    Reviewed,
    Roles,
    RuledOut,
    Scope,
    TermHolds,
    Undefined,
    conditions_within,
    fold,
    leaves,
)
from interlock.policy._decode import decode, decode_all
from interlock.policy._described import Item, Section, disputant_in_words
from interlock.policy._description import describe
from interlock.policy._description_frame import encoding_sentence, is_adopted
from interlock.policy._event_kinds import EVENT_FIELDS
from interlock.policy._model import (
    AmendmentRule,
    Burden,
    Carries,
    Claim,
    Clause,
    Control,
    Disputant,
    Document,
    Duty,
    Every,
    Extension,
    Goal,
    Measure,
    Permission,
    Pledge,
    Policy,
    Presumption,
    Restriction,
    Role,
    Standard,
    Term,
    Threshold,
    Unencoded,
    UnitPasses,
)
from interlock.policy._schema import policy_schema
from interlock.policy._text import condition_text
from interlock.policy._words import denied_in_words, in_words
from interlock.policy._writing import policy_text
from interlock.policy._writing_files import formatted

__all__ = [
    "EVENT_FIELDS",
    "Active",
    "Algebra",
    "AllOf",
    "AmendmentRule",
    "AnyOf",
    "Approved",
    "Argued",
    "AtLeast",
    "Attested",
    "Burden",
    "Carries",
    "Claim",
    "Clause",
    "Comparator",
    "Comparison",
    "Condition",
    "Control",
    "Disputant",
    "Document",
    "Done",
    "Duty",
    "Elapsed",
    "Every",
    "Extension",
    "Freshness",
    "Goal",
    "Growth",
    "Happened",
    "InForce",
    "Item",
    "Judged",
    "Leaf",
    "Measure",
    "Measured",
    "Meets",
    "Not",
    "Notified",
    "Overdue",
    "Permission",
    "Pledge",
    "Policy",
    "Presumption",
    "Published",
    "QuantityIs",
    "Ratio",
    "Reached",
    "Readings",
    "Restriction",
    "Reviewed",
    "Role",
    "Roles",
    "RuledOut",
    "Scope",
    "Section",
    "Standard",
    "Term",
    "TermHolds",
    "Threshold",
    "Undefined",
    "Unencoded",
    "UnitPasses",
    "condition_text",
    "conditions_within",
    "decode",
    "decode_all",
    "denied_in_words",
    "describe",
    "disputant_in_words",
    "encoding_sentence",
    "fold",
    "formatted",
    "in_words",
    "is_adopted",
    "leaves",
    "policy_schema",
    "policy_text",
]
