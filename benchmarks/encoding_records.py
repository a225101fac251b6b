"""A record of a developer under a bundled encoding: models, and every word that the encoding asks for, in turn.

Each judgement, approval, notice, measurement and attestation that some condition reads is recorded of one model after
the other, until the record has as many events as asked. The times are the policy's first days, one event an hour.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from interlock.policy import Approved, Condition, Judged, Notified, Policy, QuantityIs, conditions_within
from interlock.record import Event, read_events

MODELS: Final = 4
_DIGEST: Final = "sha256:" + "a" * 64


@dataclass(frozen=True, slots=True)
class Word:
    """What an event says, and in which role."""

    kind: str
    data: dict[str, Any]
    role: str | None = None


def record_of(policy: Policy, events: int) -> tuple[Event, ...]:
    """Return so many events under the policy."""
    lines = [json.dumps(event) for event in _events(policy, events)]
    return read_events([("events.jsonl", "\n".join(lines).encode())])


def _events(policy: Policy, count: int) -> Iterator[dict[str, Any]]:
    start = datetime.combine(policy.effective, datetime.min.time(), UTC) + timedelta(days=2)
    told = list(_beginning(policy))
    words = list({json.dumps([w.kind, w.data, w.role]): w for w in _words(policy)}.values())
    left = range(count - len(told))
    told += [(words[place % len(words)], {"model": f"m{place % MODELS}"}) for place in left]
    for place, (word, subject) in enumerate(told):
        occurred = (start + timedelta(hours=place)).isoformat().replace("+00:00", "Z")
        who = {} if word.role is None else {"role": word.role, "actor": word.role}
        yield {"event": word.kind, "occurred": occurred, "subject": subject, "data": word.data, **who}


def _beginning(policy: Policy) -> Iterator[tuple[Word, dict[str, str]]]:
    adopted = Word("policy.adopted", {"policy": policy.id, "version": policy.version})
    yield adopted, {"developer": policy.issuer}
    developer = policy.issuer if policy.applies_to is None else "Acme"
    for number in range(MODELS):
        model = f"m{number}"
        yield Word("model.registered", {"developer": developer}), {"model": model}
        weights = "sha256:" + str(number) * 64
        yield (
            Word("training.started", {"effective-compute": f"{number + 1}e25 FLOP"}),
            {"model": model, "weights": weights},
        )


def _words(policy: Policy) -> Iterator[Word]:
    for condition in _conditions(policy):
        for part in conditions_within(condition):
            yield from _words_for(policy, part)
    for standard in policy.standards.values():
        for control in standard.controls.values():
            effort = {} if control.effort is None else {"effort": control.effort.bound.text}
            outcome = {} if control.outcome is None else {"outcome": control.outcome}
            for role in control.attested_by.names:
                yield Word("control.attested", {"control": control.id, "value": True, **effort, **outcome}, role)


def _conditions(policy: Policy) -> Iterator[Condition]:
    for restriction in policy.restrictions.values():
        yield restriction.when
        if restriction.until is not None:
            yield restriction.until
    yield from (permission.when for permission in policy.permissions.values())
    yield from (threshold.reached_when for threshold in policy.thresholds.values())
    yield from (means for term in policy.terms.values() if (means := term.means or term.readings) is not None)


def _words_for(policy: Policy, part: Condition) -> Iterator[Word]:
    match part:
        case Judged(question=question, by=by):
            yield from (Word("determination.made", {"judged": question, "value": True}, role) for role in by.names)
        case Approved(document=document, by=by):
            acted = {"document": document, "digest": _DIGEST}
            yield Word("document.submitted", acted, policy.documents[document].submitted_by)
            yield from (Word("document.approved", acted, role) for role in by.names)
        case Notified(party=party, document=document):
            yield Word("party.notified", {"party": party, "document": document})
        case QuantityIs(quantity=quantity, comparison=comparison):
            yield Word("quantity.measured", {"quantity": quantity, "value": comparison.bound.text})
        case _:
            pass
