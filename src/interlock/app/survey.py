"""Surveys: every action with every model asked about at one time, and how the duties stand; two of them make a status.

A question that can't be asked is kept with its reason. The earlier survey knows only what was known at its own time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from interlock.app._given import Given, check_both, given_by_files, given_by_workspace
from interlock.app._questions import read_as_of, read_instant
from interlock.app.assumptions import assumptions_of
from interlock.app.clock import Clock
from interlock.app.errors import OptionRefused
from interlock.app.status import Picture, Status, status_of
from interlock.engine import Decision, DutyReport, Question, Refused, TermReport, decide, duties, terms, terms_in
from interlock.policy import Policy
from interlock.record import Event, ModelRegistered, history
from interlock.terms import LEAF_ACTIONS, format_instant

if TYPE_CHECKING:
    from interlock.app.workspaces import Workspace

SINCE: Final = timedelta(days=7)
"""How far back changes are looked for where no time is stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedSpan:
    """The times of a status as typed, None where an option was left out; and readings to be assumed."""

    as_of: str | None = None
    since: str | None = None
    readings: tuple[str, ...] = ()
    """Each `TERM=READING`."""


def status_on_files(policies: Sequence[Path], events: Sequence[Path], typed: TypedSpan) -> Status:
    """Return the status by the files alone; refused as `decide_on_files` is."""
    check_both(policies, events)
    as_of = read_as_of(typed.as_of, now=None)
    return _status(given_by_files(policies, events), as_of, typed)


def status_in_workspace(workspace: Workspace, typed: TypedSpan, clock: Clock) -> Status:
    """Return the status by the workspace's policies and record; as of now where no time is stated."""
    as_of = read_as_of(typed.as_of, now=clock())
    return _status(given_by_workspace(workspace, clock), as_of, typed)


def _status(given: Given, as_of: datetime, typed: TypedSpan) -> Status:
    since = read_instant("--since", typed.since) or as_of - SINCE
    if since > as_of:
        msg = f"`--since` is later than the time that the status is for, {format_instant(as_of)}"
        raise OptionRefused(msg, advice="name an earlier time, or leave it out for a week before")
    given = replace(given, assumed=assumptions_of(typed.readings, given.policies))
    report = duties(given.policies, given.events, as_of, rulings=given.assumed)
    known = history(given.events, as_of).events
    now, before = survey(given, as_of, report), _earlier_survey(given, since)
    return status_of(now, before, report, known, words=_words(given, as_of), assumed=given.assumed)


def _words(given: Given, as_of: datetime) -> TermReport | str | None:
    """Return how the disputed texts stand, why that can't be asked, or None where no policy has any."""
    if not any(readings is not None for policy in given.policies for _, _, _, readings in terms_in(policy)):
        return None
    try:
        return terms(given.policies, given.events, as_of)
    except Refused as refused:
        return refused.message


def _earlier_survey(given: Given, at: datetime) -> Picture:
    try:
        report, why = duties(given.policies, given.events, at, rulings=given.assumed), None
    except Refused as refused:
        report, why = None, refused.message
    return survey(given, at, report, why)


def survey(given: Given, at: datetime, report: DutyReport | None, no_report: str | None = None) -> Picture:
    """Return what is decided at that time on every action with every model that a policy may bind."""
    decisions: dict[tuple[str, str], Decision] = {}
    refused: dict[tuple[str, str], str] = {}
    for model in models_bound(given.policies, history(given.events, at).events, at):
        for action in LEAF_ACTIONS:
            try:
                question = Question(model=model, action=action, as_of=at)
                decisions[model, action] = decide(given.policies, given.events, question, rulings=given.assumed)
            except Refused as refusal:
                refused[model, action] = refusal.message
    return Picture(as_of=at, decisions=decisions, refused=refused, report=report, no_report=no_report)


def models_bound(policies: Sequence[Policy], events: Sequence[Event], at: datetime) -> tuple[str, ...]:
    """Return the models registered by then whose developer issued a policy, or that a policy may bind as a law does."""
    found: dict[str, None] = {}
    for event in events:
        registered = event.payload
        if isinstance(registered, ModelRegistered) and event.occurred <= at and event.subject.model is not None:
            developer = registered.developer
            if any(p.applies_to is not None or developer in {None, p.issuer} for p in policies):
                found[event.subject.model] = None
    return tuple(found)
