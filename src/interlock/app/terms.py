"""Terms: the words on which a policy's meaning hangs, and the rulings on them; on files, in a workspace, or by text.

Policies can be asked about without a record. Then nothing is said of rulings: that nobody ruled would be a statement
about a record too (LANGUAGE 2 and 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from interlock.app._files import read_files
from interlock.app._given import Given, check_both, given_by_files, given_by_workspace
from interlock.app._questions import read_as_of, read_instant
from interlock.app.clock import Clock
from interlock.app.duties import TypedTimes
from interlock.app.errors import OptionRefused
from interlock.engine import TermReport, TermStanding, terms, terms_in, terms_to_json
from interlock.policy import Policy, decode_all

if TYPE_CHECKING:
    from interlock.app.workspaces import Workspace

NO_RECORD: Final = "no record was given, so nothing is said of rulings"
_SET_ASIDE: Final = frozenset({"set-aside", "unknown-reading"})
_OF_A_RECORD: Final = ("open_for", "rulings", "cuts")


def terms_on_files(policies: Sequence[Path], events: Sequence[Path], typed: TypedTimes) -> TermReport:
    """Return the terms and the rulings on them by the files alone; refused as `decide_on_files` is."""
    check_both(policies, events)
    as_of = read_as_of(typed.as_of, now=None)
    return _terms(given_by_files(policies, events), as_of, typed)


def terms_in_workspace(workspace: Workspace, typed: TypedTimes, clock: Clock) -> TermReport:
    """Return the terms by the workspace's policies and record; as of now, where no time is stated."""
    as_of = read_as_of(typed.as_of, now=clock())
    return _terms(given_by_workspace(workspace, clock), as_of, typed)


def _terms(given: Given, as_of: datetime, typed: TypedTimes) -> TermReport:
    known_at = read_instant("--known-at", typed.known_at)
    return terms(given.policies, given.events, as_of, known_at=known_at)


# Without a record


def terms_of_policies(policies: Sequence[Path], typed: TypedTimes) -> TermReport:
    """Return the terms of every version given, by their texts alone; the report's times mean nothing.

    OptionRefused where a time is stated: there is no record that it could be the time of.
    """
    for option, stated in (("--as-of", typed.as_of), ("--known-at", typed.known_at)):
        if stated is not None:
            raise OptionRefused(f"`{option}` is the time of a record, and none is given", advice="add `--events FILE`")
    versions = decode_all(read_files(policies))
    return TermReport(
        as_of=_NEVER,
        known_at=_NEVER,
        events=(),
        versions=versions,
        terms=tuple(standing for policy in versions for standing in _by_text(policy)),
    )


_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def has_record(report: TermReport) -> bool:
    """Return whether a report is about a record, or about texts alone."""
    return report.as_of != _NEVER


def _by_text(policy: Policy) -> list[TermStanding]:
    return [
        TermStanding(policy=policy, id=name, term=term, means=means, readings=readings)
        for name, term, means, readings in terms_in(policy)
    ]


def report_to_json(report: TermReport, *, engine: str) -> dict[str, Any]:
    """Return a report in the shape `interlock.terms/1`; what only a record could show is null where there is none."""
    value = terms_to_json(report, engine=engine)
    if has_record(report):
        return value
    unknown = dict.fromkeys(_OF_A_RECORD)
    listed = [
        {**term, **unknown, "readings": [_bare(reading) for reading in term["readings"]]} for term in value["terms"]
    ]
    return {**value, "events": None, "as_of": None, "known_at": None, "terms": listed}


def _bare(reading: dict[str, Any]) -> dict[str, Any]:
    return {**reading, "duties_asked": None}


# What is open


def hangs_on(standing: TermStanding) -> bool:
    """Return whether an action, or what duties ask, depends on which reading of the text counts."""
    return bool(standing.cuts) or len(set(standing.asked.values())) > 1


def is_set_aside(state: str) -> bool:
    """Return whether a ruling in that state counts for nothing, for who ruled or for what was ruled."""
    return state in _SET_ASIDE


def something_is_open(report: TermReport) -> bool:
    """Return whether something hangs on a text that no ruling settles, or a ruling is set aside: exit code 1."""
    return any(
        (standing.is_open and hangs_on(standing)) or any(is_set_aside(ruling.state) for ruling in standing.rulings)
        for standing in report.terms
    )
