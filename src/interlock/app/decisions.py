"""Decisions: read policies and events, ask the engine, and refuse what can't be asked (LANGUAGE 8).

On files alone nothing else is read, no clock either, so that any outsider can recompute the answer. In a workspace its
policies and its record are read, and a question that states no time is asked as of now.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from interlock.app._files import as_typed, read_files
from interlock.app._given import Given, check_both, given_by_files, given_by_workspace
from interlock.app._questions import TypedQuestion, read_question
from interlock.app.assumptions import Under, assumptions_of
from interlock.app.clock import Clock
from interlock.engine import Decision, Question, decide
from interlock.policy import Policy, decode_all

if TYPE_CHECKING:
    from interlock.app.workspaces import Workspace

__all__ = ["TypedQuestion", "as_typed", "check_policies", "decide_in_workspace", "decide_on_files"]


def decide_on_files(policies: Sequence[Path], events: Sequence[Path], typed: TypedQuestion) -> Under[Decision]:
    """Return the decision by the files alone, under the readings that the question assumes.

    FileRefused, FaultsError (of all files at once), OptionRefused, or the engine's Refused and DigestMismatch.
    """
    check_both(policies, events)
    question = read_question(typed, now=None)
    given = given_by_files(policies, events)
    return _decided(given, question, typed)


def decide_in_workspace(workspace: Workspace, typed: TypedQuestion, clock: Clock) -> Under[Decision]:
    """Return the decision by the workspace's policies and record; as of now where the question states no time."""
    question = read_question(typed, now=clock())
    given = given_by_workspace(workspace, clock)
    return _decided(given, question, typed)


def _decided(given: Given, question: Question, typed: TypedQuestion) -> Under[Decision]:
    assumed = assumptions_of(typed.readings, given.policies)
    return Under(result=decide(given.policies, given.events, question, rulings=assumed), assumed=assumed)


def check_policies(paths: Sequence[Path]) -> tuple[Policy, ...]:
    """Return the policies of the files if all are sound; FaultsError with every fault of all of them."""
    return decode_all(read_files(paths))
