"""The reading of one event: its head, its subject, and its data against its kind (LANGUAGE 3.1).

Used for events of files by `_files`, and by whoever makes an event and wants to know that it is sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from interlock.notation import FaultCollector, FaultsError, Located, shown
from interlock.record._events import Event, Subject
from interlock.record._fields import Fields
from interlock.record._kinds import CORRECTION, KINDS, Kind
from interlock.record._places import LinePlace, Place
from interlock.record._problems import At
from interlock.record._values import check_json, digest, instant, label, name, truth
from interlock.terms import format_instant


def read_event(value: Mapping[str, Any], *, index: int, where: Located | None = None) -> Event:
    """Return the event that a JSON object states; FaultsError with all its faults where it is unsound.

    `index` is its position from 0 in the events as given. `where` is its line, for the faults to point at. References
    to other events are read and not followed: `check_references` does that, when all events are known.
    """
    at = At()
    event = read_into(value, at, index=index)
    faults = FaultCollector()
    report(at, LinePlace(where or Located(value)), faults)
    faults.check()
    if event is None:  # pragma: no cover - an event that can't be read has a fault
        raise FaultsError(())
    return event


def read_into(value: Any, at: At, *, index: int) -> Event | None:
    """Return the event that `value` states, or None where it is unsound; its problems are reported at `at`."""
    check_json(value, at)
    if at.problems:
        return None
    return _read(value, at, index=index, correction=None)


def report(at: At, place: Place, faults: FaultCollector) -> None:
    """Add the problems collected at `at` to `faults`, where `place` says they stand."""
    for number, problem in enumerate(at.problems):
        if faults.full:
            faults.leave_out(len(at.problems) - number)
            return
        spot = place.find(problem.path, on_key=problem.on_key)
        faults.add(
            spot.source,
            spot.span,
            problem.message,
            expected=problem.expected,
            name=problem.name,
            names=problem.names,
            drawn=spot.drawn,
        )


def _carried(value: Any, _at: At) -> Any:
    """Take a field as it is, since its kind says how it is read."""
    return value


_SUBJECT: Final = Fields(optional={"model": name, "weights": digest, "developer": label, "world": truth})
_HEAD: Final = Fields(
    {"event": _carried, "occurred": instant, "subject": _carried},
    {"recorded": instant, "actor": label, "role": name, "data": _carried},
    words={
        "event": "`event`: what happened, such as `model.registered`",
        "occurred": "`occurred`: when it was so, such as `2025-03-01T12:00:00Z`",
        "subject": '`subject`: whom it is about, such as {"model": "halcyon-4"} or {"developer": "Halcyon AI"}',
    },
)
_SUBJECTS: Final = ("model", "developer", "world")
_IN_WORDS: Final = {"model": "a model", "developer": "a developer", "world": "the world"}


def _read(value: Any, at: At, *, index: int, correction: datetime | None) -> Event | None:
    """Read an event; `correction` is when the correction was recorded that has this event written out in it."""
    before = len(at.problems)
    head = _HEAD.read(value, at, owner="the event", within=_in_data(value))
    kind = _kind(head.get("event"), at.under("event"))
    subject = _subject(head.get("subject"), at.under("subject"), kind, head.get("event"))
    recorded = _recorded(head, at, correction)
    payload = None if kind is None else _payload(kind, head, at, index, recorded)
    if len(at.problems) > before or payload is None or subject is None:
        return None
    return Event(
        index=index,
        kind=head["event"],
        occurred=head["occurred"],
        recorded=recorded or head["occurred"],
        subject=subject,
        actor=head.get("actor"),
        role=head.get("role"),
        payload=payload,
        source=value,
    )


def _in_data(value: Any) -> Mapping[str, str]:
    """Return where the fields of the event's kind have their place, which a person may forget."""
    kind = KINDS.get(str(value.get("event"))) if isinstance(value, dict) else None
    names = kind.fields.names if kind is not None and kind.fields is not None else frozenset()
    return {field: f"`{field}` under `data`, not beside `event`" for field in names}


def _kind(stated: Any, at: At) -> Kind | None:
    if stated is None:
        return None
    if not isinstance(stated, str):
        at.refuse(stated, "the name of a kind of event")
        return None
    kind = KINDS.get(stated)
    if kind is None:
        message = f"there is no kind of event `{shown(stated)}`"
        at.report(message, expected="a kind such as `evaluation.completed`", name=stated, names=KINDS)
    return kind


def _subject(stated: Any, at: At, kind: Kind | None, kind_name: Any) -> Subject | None:
    if stated is None:
        return None
    fields = _SUBJECT.read(stated, at, owner="a subject")
    if not isinstance(stated, dict):
        return None
    named = [one for one in _SUBJECTS if one in fields]
    if len(named) != 1:
        found = " and ".join(_IN_WORDS[one] for one in named) or "nobody"
        at.report(f"the event is about {found}", expected="exactly one of `model`, `developer` and `world: true`")
        return None
    if fields.get("world") is False:
        at.under("world").refuse(stated["world"], "`true`, the only thing to say of the world")
    if "weights" in fields and named != ["model"]:
        at.under("weights").report("weights are of a model, and the subject names none", expected="`model` beside them")
    if kind is not None and named[0] not in kind.about:
        expected = " or ".join(_IN_WORDS[one] for one in _SUBJECTS if one in kind.about)
        at.report(f"`{kind_name}` can't be about {_IN_WORDS[named[0]]}", expected=f"a subject that is {expected}")
    return Subject(model=fields.get("model"), weights=fields.get("weights"), developer=fields.get("developer"))


def _recorded(head: Mapping[str, Any], at: At, correction: datetime | None) -> datetime | None:
    """Return when the event was recorded: as stated, else when it occurred.

    One that is written out in a correction was recorded with it, whatever it says: only then were these words known.
    """
    stated: datetime | None = head.get("recorded")
    if correction is None:
        return stated or head.get("occurred")
    if stated is not None and stated > correction:
        at.under("recorded").report(
            f"the replacing event is recorded after its correction, which is of {format_instant(correction)}",
            expected="no `recorded`: it is that of the correction",
        )
    return correction


def _payload(kind: Kind, head: Mapping[str, Any], at: At, index: int, recorded: datetime | None) -> Any:
    stated, data = head.get("data", {}), at.under("data")
    if kind.fields is None:
        if not isinstance(stated, dict) or not stated:
            data.refuse(stated, "the decision, as an object")
        return kind.build(stated if isinstance(stated, dict) else {}, data)
    if stated is None:
        return None
    before = len(at.problems)
    fields = kind.fields.read(stated, data, owner=f"`{head['event']}`")
    if head["event"] == CORRECTION and isinstance(fields.get("by"), dict):
        fields["by"] = _replacing(fields["by"], data.under("by"), index, recorded)
    payload = kind.build({**dict.fromkeys(kind.fields.required), **fields}, data)
    return payload if len(at.problems) == before else None


def _replacing(value: Any, at: At, index: int, recorded: datetime | None) -> Event | None:
    """Read the event that is written out in a correction; it has the correction's index."""
    if recorded is None:
        return None
    return _read(value, at, index=index, correction=recorded)
