"""What an evaluation log says, and whether it can be evidence for a measure of a policy.

Values for the rows of a log, the `protocols` mapping that says what a task stands for, and `summarise`, which turns a
log into the `data` of an `evaluation.completed` event or refuses it with every reason. Missing, unscored and failed
tries are never dropped and never counted as failures. Knows no policy, no event and no file: `interlock.integrations`
reads other people's formats into these values.

>>> from interlock.evidence import read_protocols
>>> entry = {"task": "acme/autonomy", "args": {"tools": True}, "suite": "acme/autonomy", "elicitation": ["tools"]}
>>> read_protocols([entry])[0].suite
'acme/autonomy'
"""

from __future__ import annotations

from interlock.evidence._errors import EvidenceRefusedError, ProtocolError
from interlock.evidence._log import (
    EvaluationLog,
    Finding,
    OtherScore,
    Row,
    RunStatus,
    Scope,
    Score,
    ScoreEdit,
    ScoreValue,
    Unchanged,
    Unscored,
)
from interlock.evidence._protocols import EvaluationProtocol, line_to_add, protocol_for, read_protocols
from interlock.evidence._summary import Assertion, BoundsOf, EvaluationSummary, summarise
from interlock.evidence._trials import CountingRule, UnitPasses
from interlock.evidence._tries import Outcome, Try, judge

__all__ = [
    "Assertion",
    "BoundsOf",
    "CountingRule",
    "EvaluationLog",
    "EvaluationProtocol",
    "EvaluationSummary",
    "EvidenceRefusedError",
    "Finding",
    "OtherScore",
    "Outcome",
    "ProtocolError",
    "Row",
    "RunStatus",
    "Scope",
    "Score",
    "ScoreEdit",
    "ScoreValue",
    "Try",
    "Unchanged",
    "UnitPasses",
    "Unscored",
    "judge",
    "line_to_add",
    "protocol_for",
    "read_protocols",
    "summarise",
]
