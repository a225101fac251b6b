"""The demonstration: Halcyon AI, a developer that does not exist, asks to train on and to deploy its model.

Its policy and events are files of the package (`library/halcyon`), its evidence two logs that Inspect AI itself wrote,
taken in as `interlock evidence add` takes in any log. No clock is read, so that the answers are always the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from interlock.app._questions import TypedQuestion, read_question
from interlock.app._settings import read_settings
from interlock.app.intake import EvidenceRequest, LogEvidence, add_evidence, event_of, measure_of, read_logs
from interlock.app.recording import record_files
from interlock.app.workspaces import SETTINGS, MadeWorkspace, make_workspace, open_workspace
from interlock.engine import Decision, decide
from interlock.policy import Policy, decode
from interlock.record import Event, read_events
from interlock.terms import format_instant, parse_instant

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

MODEL: Final = "halcyon-4"
AS_OF: Final = "2026-11-25"
RECORDED: Final = parse_instant("2026-11-24T09:30:00Z")
"""When the demonstration's clock says that the evaluations were recorded: after the runs, and before `AS_OF`."""

QUESTIONS: Final = tuple(
    TypedQuestion(model=MODEL, action=action, as_of=AS_OF)
    for action in ("train", "deploy.external.public", "deploy.internal.wide")
)
_POLICY, _EVENTS, _APPROVAL, _LOGS = "policy.yaml", "events.yaml", "approval.yaml", "logs"
_EVALUATED: Final = "sha256:7760fe42cfa1ac0b9d2d8bcabfb5a913f3a65169c5cff2f6a883ce006a044896"
"""The checkpoint that the logs are about: the first of the two that the events name."""

_RUNS: Final = (
    ("autonomy.eval", "autonomy.task-success", "autonomy-plan-1"),
    ("cyber.eval", "cyber.task-success", "cyber-plan-1"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """The policy, the logs with the events that record them, and the answers to the questions, in order."""

    policy: Policy
    logs: tuple[LogEvidence, ...]
    evaluations: tuple[Event, ...]
    decisions: tuple[Decision, ...]


def demonstrate() -> Demonstration:
    """Return the demonstration, played in memory."""
    folder = _folder()
    policy = decode((folder / _POLICY).read_bytes(), file=f"halcyon/{_POLICY}")
    protocols = read_settings((folder / SETTINGS).read_bytes(), file=f"halcyon/{SETTINGS}").protocols
    logs: list[LogEvidence] = []
    lines: list[str] = []
    with _requests(folder) as requests:
        for request in requests:
            for one in read_logs(request, measure_of([policy], request.measure, None), protocols):
                logs.append(one)
                lines.append(json.dumps({**event_of(one, request), "recorded": format_instant(RECORDED)}))
    given = [(f"halcyon/{_EVENTS}", (folder / _EVENTS).read_bytes()), ("evaluations.jsonl", "\n".join(lines).encode())]
    events = read_events(given)
    return Demonstration(
        policy=policy,
        logs=tuple(logs),
        evaluations=events[-len(logs) :],
        decisions=tuple(decide([policy], events, read_question(typed, now=None)) for typed in QUESTIONS),
    )


def install(folder: Path) -> MadeWorkspace:
    """Make a workspace in `folder`, new or empty, in which everything of the demonstration is recorded."""
    source = _folder()
    with as_file(source / _POLICY) as policy:
        made = make_workspace(folder, policies=[policy], developer=None)
    settings = (source / SETTINGS).read_text(encoding="utf-8").replace(f"- {_POLICY}", f"- policies/{_POLICY}")
    (folder / SETTINGS).write_text(settings, encoding="utf-8")
    (folder / _LOGS).mkdir()
    (folder / _APPROVAL).write_bytes((source / _APPROVAL).read_bytes())
    for name, _, _ in _RUNS:
        (folder / _LOGS / name).write_bytes((source / _LOGS / name).read_bytes())
    workspace = open_workspace(folder)
    with as_file(source / _EVENTS) as events:
        record_files(workspace, [events], _clock)
    with _requests(source) as requests:
        for request in requests:
            add_evidence(workspace, request, _clock)
    return made


def _clock() -> datetime:
    return RECORDED


def _folder() -> Traversable:
    return files("interlock") / "library" / "halcyon"


@contextmanager
def _requests(folder: Traversable) -> Iterator[list[EvidenceRequest]]:
    """Give the intakes of the logs, whose files exist as long as the context does."""
    with ExitStack() as stack:
        yield [
            EvidenceRequest(
                logs=(stack.enter_context(as_file(folder / _LOGS / name)),),
                model=MODEL,
                weights=_EVALUATED,
                measure=measure,
                plan=plan,
                actor="evals-team",
            )
            for name, measure, plan in _RUNS
        ]
