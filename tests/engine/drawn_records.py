"""Random records for replays: drawn timelines, recorded late, amended, adopted, corrected and withdrawn."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any, Final

from interlock.terms import format_instant, parse_instant
from interlock.testing._drawn_choices import Chooser, rolling
from interlock.testing.strategies import Drawn, seeded_case, seeded_timeline
from tests.engine.cases import Given

DELAYS: Final = (0, 0, 1, 3, 10, 40, 90, -20)
"""Days after which something is recorded; a negative number is before it occurs."""


def seeded_record(seed: int) -> Drawn | None:
    """Return the policies and the record of a seed, or None where its events can't be read."""
    choose = rolling(seed)
    drawn = (seeded_case if choose.one_in(3) else seeded_timeline)(seed)
    if drawn is None:
        return None
    documents, events = copy.deepcopy(drawn.policy_documents), copy.deepcopy(drawn.event_objects)
    for event in events:
        if choose.one_in(3):
            event["recorded"] = _later(event["occurred"], choose.pick(DELAYS), choose.pick((0, 1, 12)))
    if len(documents) == 1 and choose.one_in(2):
        documents.append(_amended(choose, documents[0]))
    if choose.one_in(2):
        events.append(_adoption(choose, choose.pick(documents)))
    given = len(events)
    for _ in range(choose.pick((0, 0, 1, 2))):
        events += _correction(choose, events, choose.below(given))
    evaluations = [place for place in range(given) if events[place]["event"] == "evaluation.completed"]
    if evaluations and choose.one_in(2):
        events += _withdrawal(choose, events, choose.pick(evaluations))
    record = Drawn(policy_documents=documents, event_objects=events, question=drawn.question)
    return record if record.is_sound else None


def _later(instant: str, days: int, hours: int = 0) -> str:
    return format_instant(parse_instant(instant) + timedelta(days=days, hours=hours))


def _amended(choose: Chooser, document: dict[str, Any]) -> dict[str, Any]:
    """Return another version of a policy, in which a restriction forbids something else or gives other time."""
    effective = choose.pick(("2025-02-01", "2025-03-01", "2025-05-01"))
    version = copy.deepcopy(document) | {"version": "two", "effective": effective}
    if version["restrictions"] and choose.one_in(2):
        restriction = version["restrictions"][choose.pick(list(version["restrictions"]))]
        restriction["forbids"] = choose.pick((["train"], ["store"], ["deploy"], ["train", "deploy.external"]))
        restriction.pop("cease-within", None)
        if choose.one_in(2):
            restriction["cease-within"] = choose.pick(("1 day", "36 hours", "90 minutes"))
    return version


def _adoption(choose: Chooser, document: dict[str, Any]) -> Given:
    occurred = choose.pick(("2025-02-10T00:00:00Z", "2025-03-15T12:00:00Z", "2025-04-01T00:00:00Z"))
    return {
        "event": "policy.adopted",
        "occurred": occurred,
        "recorded": _later(occurred, choose.pick((0, 0, 20, -30))),
        "subject": {"developer": document["issuer"]},
        "data": {"policy": document["policy"], "version": document["version"]},
    }


def _silence(instead_of: Given) -> Given:
    """Return an event that nothing reads, of the time and subject of another."""
    data = {"to": "a question", "text": "an answer"}
    return {key: instead_of[key] for key in ("occurred", "subject")} | {"event": "reply.made", "data": data}


def _correction(choose: Chooser, events: list[Given], target: int) -> list[Given]:
    """Return a correction of an event: it took place at another time, or not at all."""
    corrected = events[target]
    if corrected["event"] in {"model.registered", "event.corrected"}:
        return []
    by = {key: copy.deepcopy(stated) for key, stated in corrected.items() if key != "recorded"}
    by["occurred"] = _later(corrected["occurred"], choose.pick((-5, 3, 10, 100)))
    return [
        {
            "event": "event.corrected",
            "occurred": _later(corrected["occurred"], choose.pick((0, 1, 30, 60))),
            "subject": corrected["subject"],
            "data": {
                "event": target,
                "reason": "a slip",
                "by": by if choose.one_in(2) else _silence(corrected),
            },
        }
    ]


def _withdrawal(choose: Chooser, events: list[Given], target: int) -> list[Given]:
    """Return the withdrawal of an evaluation, now and then with its own correction."""
    evaluation = events[target]
    withdrawal = {
        "event": "evaluation.withdrawn",
        "occurred": _later(evaluation["occurred"], choose.pick((0, 5, 30))),
        "subject": evaluation["subject"],
        "data": {"evaluation": target, "reason": "a bug"},
    }
    if choose.one_in(2):
        return [withdrawal]
    correction = {
        "event": "event.corrected",
        "occurred": _later(evaluation["occurred"], choose.pick((31, 50))),
        "subject": evaluation["subject"],
        "data": {"event": len(events), "reason": "a slip", "by": _silence(withdrawal)},
    }
    return [withdrawal, correction]
