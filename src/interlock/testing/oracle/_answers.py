"""What duties and pledges come to as of a time, or why that can't be asked (4.5, 4.7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from interlock.policy import Freshness, Pledge, Policy
from interlock.record import Event
from interlock.terms import Truth
from interlock.testing.oracle._conditions import RELEASE, WHEN, NotEvaluatedError, evaluate
from interlock.testing.oracle._decision import OracleRefusal, RefusedError, check_commits, check_digests
from interlock.testing.oracle._duties import DutyBook, all_standings
from interlock.testing.oracle._ground import Forced, Known
from interlock.testing.oracle._knowledge import CircularCorrectionsError, known_by
from interlock.testing.oracle._scopes import bound_developers, bound_models
from interlock.testing.oracle._standing import Standing
from interlock.testing.oracle._versions import Span, two_start_together

PLEDGES = {Truth.TRUE: "kept", Truth.FALSE: "lapsed", Truth.UNKNOWN: "unmeasured"}

PledgeState = tuple[str, str, str, str]
"""The policy, the pledge, for whom, and `kept`, `lapsed` or `unmeasured`."""


def duties(
    policies: Sequence[Policy],
    events: Sequence[Event],
    as_of: datetime,
    known_at: datetime | None = None,
    *,
    forcing: Forced | None = None,
) -> list[Standing] | OracleRefusal:
    """Return every instance of every duty of every version that has been in force, as of a time.

    `forcing` gives terms of policies a reading from the beginning.
    """
    try:
        book = book_of(policies, events, as_of, known_at, forcing)
        ids = dict.fromkeys(policy.id for policy in policies)
        return [standing for policy in ids for standing in all_standings(book, policy, as_of)]
    except RefusedError as refused:
        return refused.answer
    except CircularCorrectionsError:
        return OracleRefusal(exit=2, why="corrections correct one another in a circle")
    except NotEvaluatedError as error:
        return OracleRefusal(exit=2, why=f"not evaluated: {error}")


def pledges(
    policies: Sequence[Policy], events: Sequence[Event], as_of: datetime, known_at: datetime | None = None
) -> list[PledgeState] | OracleRefusal:
    """Return what every pledge of the versions in force comes to as of a time."""
    try:
        book = book_of(policies, events, as_of, known_at)
        ids = dict.fromkeys(policy.id for policy in policies)
        spans = [span for policy in ids for span in book.spans(policy) if span.holds_at(as_of)]
        return [
            state for span in spans for pledge in span.version.pledges.values() for state in _kept(book, span, pledge)
        ]
    except RefusedError as refused:
        return refused.answer
    except CircularCorrectionsError:
        return OracleRefusal(exit=2, why="corrections correct one another in a circle")
    except NotEvaluatedError as error:
        return OracleRefusal(exit=2, why=f"not evaluated: {error}")


def _kept(book: DutyBook, span: Span, pledge: Pledge) -> Iterator[PledgeState]:
    """1: kept where what it maintains is true of what is no older than it is measured."""
    limits = (Freshness(period=pledge.measured_every),) if pledge.measured_every is not None else ()
    whole = book.known.case(span, book)
    if pledge.instances == "each model":
        cases = [book.known.case(span, book, model=model) for model in bound_models(whole)]
    else:
        developers = [span.version.issuer] if pledge.instances == "issuer" else bound_developers(whole)
        cases = [book.known.case(span, book, alone=developer) for developer in developers]
    for case in cases:
        truth = evaluate(case, pledge.maintain, replace(RELEASE, limits=limits)).truth
        law = None if pledge.instances == "issuer" else span.version.applies_to
        bound = Truth.TRUE if law is None else evaluate(case, law, WHEN).truth
        if bound is Truth.FALSE:
            continue
        # of whom it is open whether they are bound nothing has lapsed
        truth = truth if bound is Truth.TRUE or truth is Truth.TRUE else Truth.UNKNOWN
        yield (span.version.id, pledge.id, case.alone or case.model, PLEDGES[truth])


def book_of(
    policies: Sequence[Policy],
    events: Sequence[Event],
    as_of: datetime,
    known_at: datetime | None,
    forcing: Forced | None = None,
) -> DutyBook:
    """Return the duties on what was known, or refuse: some version is in force, and none begins with another."""
    known_at = known_at or as_of
    known = Known(knowledge=known_by(events, known_at), as_of=as_of, known_at=known_at, forced=forcing or {})
    check_digests(policies, known.knowledge.events)
    for policy_id in dict.fromkeys(policy.id for policy in policies):
        versions = [policy for policy in policies if policy.id == policy_id]
        if two_start_together(versions, known.knowledge.events, as_of):
            raise RefusedError("two versions come into force at one instant")
    book = DutyBook(policies, known)
    if not any(book.spans(policy.id) for policy in policies):
        raise RefusedError("no version of a policy is in force yet")
    for policy_id in dict.fromkeys(policy.id for policy in policies):
        for span in book.spans(policy_id)[-1:]:
            check_commits(span.version)
    return book
