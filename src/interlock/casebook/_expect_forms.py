"""The reading of what a case expects, by what it asks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from interlock.casebook._fields import Reader, got, listed
from interlock.casebook._model import (
    AskedDuties,
    AskedReplay,
    Expected,
    ExpectedDecision,
    ExpectedDeparture,
    ExpectedDuties,
    ExpectedInstance,
    ExpectedInstances,
    ExpectedRefusal,
    ExpectedReplay,
    Listed,
    Mention,
)
from interlock.engine import HELD, PERMITTED, DutyState
from interlock.notation import MappingNode, Node, ScalarNode, SequenceNode, shown

RESTRICTION_STATES: Final = (
    "active",
    "active by evidence",
    "active by default",
    "released",
    "lifted",
    "inactive",
    "inactive by evidence",
    "inactive by default",
)
"""The states of a restriction that a case may expect; of those that may be so by default, which of both or either."""
PLEDGE_STATES: Final = ("kept", "lapsed", "unmeasured")
DEPARTURES: Final = ("held-action", "past-cease-within", "duty-late", "duty-overdue", "amendment")
DUTY_STATES: Final = tuple(state.value for state in DutyState)
_LATE: Final = re.compile(
    r"P(?=[0-9T])(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9.]+S)?)?|[0-9]+ days?", re.ASCII
)
_LATE_WORDS: Final = "whole days such as `3 days`, or an exact ISO 8601 duration such as `P3DT4H`"
_DECIDE: Final = ("outcome", "by-default", "because", "reasons", "findings", "restrictions", "refused")
_DUTIES: Final = ("duties", "pledges", "findings", "refused")
_REPLAY: Final = ("departures", "findings", "refused")
_INSTANCE: Final = ("state", "instance", "due", "late-by", "reason")
_DEPARTURE: Final = ("kind", "id", "at", "by-default")


def read_expected(node: Node, asked: object, reader: Reader) -> Expected | None:
    """Return what a case expects of what it asks, or None after adding its faults."""
    keys = _DUTIES if isinstance(asked, AskedDuties) else _REPLAY if isinstance(asked, AskedReplay) else _DECIDE
    found = reader.fields(node, "`expect`", keys)
    if not found:
        if isinstance(node, MappingNode) and not node.entries:
            reader.fault(node, "nothing is expected here", listed(keys))
        return None
    if "refused" in found:
        return _refusal(found, node, reader)
    match asked:
        case AskedDuties():
            return _duties(found, reader)
        case AskedReplay():
            return _replay(found, reader)
        case _:
            return _decision(found, reader)


def _refusal(found: Mapping[str, Node], node: Node, reader: Reader) -> ExpectedRefusal | None:
    if len(found) > 1:
        reader.fault(node, "a question that is refused has no answer", "`refused` alone")
        return None
    stated = found["refused"]
    if isinstance(stated, ScalarNode) and stated.plain and isinstance(stated.value, bool):
        if not stated.value:
            reader.fault(stated, "every other expectation says that it is not refused", "`true`, or words of why")
        return ExpectedRefusal()
    saying = reader.text(stated, "`true`, or words of the refusal")
    return None if saying is None else ExpectedRefusal(saying=saying)


def _names(found: Mapping[str, Node], key: str, noun: str, reader: Reader, *, sort: str | None = None) -> Listed | None:
    return reader.listed(found[key], noun, sort=sort) if key in found else None


def _flag(found: Mapping[str, Node], key: str, reader: Reader) -> bool | None:
    return reader.flag(found[key]) if key in found else None


def _choice(found: Mapping[str, Node], key: str, noun: str, words: Sequence[str], reader: Reader) -> str | None:
    return reader.choice(found[key], noun, words) if key in found else None


def _decision(found: Mapping[str, Node], reader: Reader) -> ExpectedDecision:
    return ExpectedDecision(
        outcome=_choice(found, "outcome", "an outcome", (PERMITTED, HELD), reader),
        by_default=_flag(found, "by-default", reader),
        because=_names(found, "because", "the name of a deciding item", reader, sort="deciding item"),
        reasons=_names(found, "reasons", "a reason such as stale", reader),
        findings=_names(found, "findings", "the id of a finding", reader),
        restrictions=_states(found, "restrictions", "restriction", RESTRICTION_STATES, reader),
    )


def _states(found: Mapping[str, Node], key: str, sort: str, words: Sequence[str], reader: Reader) -> Mapping[str, str]:
    states: dict[str, str] = {}
    if key in found:
        expected = f"a mapping from the name of a {sort} to {listed(words)}"
        for name, value in reader.entries(found[key], f"`{key}`", expected):
            reader.mentions.append(Mention(sort=sort, name=name.text, node=name))
            state = reader.choice(value, f"a state of a {sort}", words)
            if state is not None:
                states[name.text] = state
    return states


# Duties


def _duties(found: Mapping[str, Node], reader: Reader) -> ExpectedDuties:
    expected: dict[str, ExpectedInstances] = {}
    if "duties" in found:
        words = f"a mapping from the name of a duty to {listed(DUTY_STATES)}"
        for name, value in reader.entries(found["duties"], "`duties`", words):
            reader.mentions.append(Mention(sort="duty", name=name.text, node=name))
            instances = _instances(value, reader)
            if instances is not None:
                expected[name.text] = instances
    return ExpectedDuties(
        duties=expected,
        pledges=_states(found, "pledges", "pledge", PLEDGE_STATES, reader),
        findings=_names(found, "findings", "the id of a finding", reader),
    )


def _instances(node: Node, reader: Reader) -> ExpectedInstances | None:
    only = isinstance(node, MappingNode) and node.get("only") is not None
    inner = reader.fields(node, "a duty", ("only",))["only"] if only else node
    if only or isinstance(inner, SequenceNode):
        items = _several(inner, "an instance", "a list of instances", reader, only=only)
        found = [_instance(item, reader) for item in items]
        return ExpectedInstances(instances=tuple(one for one in found if one is not None), listed=True, only=only)
    one = _instance(inner, reader)
    return None if one is None else ExpectedInstances(instances=(one,))


def _several(node: Node, noun: str, words: str, reader: Reader, *, only: bool) -> Sequence[Node]:
    items = reader.items(node, noun, words)
    if isinstance(node, SequenceNode) and not items and not only:
        reader.fault(node, "this list is empty, so that nothing is expected", "`{only: []}` where there is none")
    return items


def _instance(node: Node, reader: Reader) -> ExpectedInstance | None:
    if isinstance(node, ScalarNode):
        state = reader.choice(node, "a state of a duty", DUTY_STATES)
        return None if state is None else ExpectedInstance(state=state)
    found = reader.fields(node, "an instance of a duty", _INSTANCE)
    if not found:
        if isinstance(node, MappingNode) and not node.entries:
            reader.fault(node, f"an instance of a duty is {got(node)}", listed(_INSTANCE))
        return None
    late = _text(found, "late-by", _LATE_WORDS, reader)
    if late is not None and not _LATE.fullmatch(late):
        reader.fault(found["late-by"], f"`{shown(late)}` is no length of time", _LATE_WORDS)
    return ExpectedInstance(
        state=_choice(found, "state", "a state of a duty", DUTY_STATES, reader),
        instance=_text(found, "instance", "a model, a developer, an incident or a digest", reader),
        due=reader.instant(found["due"]) if "due" in found else None,
        late_by=late,
        reason=_text(found, "reason", "a reason", reader),
    )


def _text(found: Mapping[str, Node], key: str, words: str, reader: Reader) -> str | None:
    return reader.text(found[key], words) if key in found else None


# Replays


def _replay(found: Mapping[str, Node], reader: Reader) -> ExpectedReplay:
    departures: tuple[ExpectedDeparture, ...] | None = None
    only = False
    if "departures" in found:
        node = found["departures"]
        only = isinstance(node, MappingNode) and node.get("only") is not None
        inner = reader.fields(node, "`departures`", ("only",))["only"] if only else node
        words = "a list of departures such as [{kind: held-action, id: …}], or {only: […]}"
        items = _several(inner, "`departures`", words, reader, only=only)
        departures = tuple(one for item in items if (one := _departure(item, reader)) is not None)
    return ExpectedReplay(
        departures=departures, only=only, findings=_names(found, "findings", "the id of a finding", reader)
    )


def _departure(node: Node, reader: Reader) -> ExpectedDeparture | None:
    found = reader.fields(node, "a departure", _DEPARTURE, needed=("kind",))
    kind = _choice(found, "kind", "a kind of departure", DEPARTURES, reader)
    name = _text(found, "id", "a restriction, a duty or a policy", reader)
    if name is not None:
        reader.mentions.append(Mention(sort="departing item", name=name, node=found["id"]))
    at = reader.instant(found["at"]) if "at" in found else None
    by_default = _flag(found, "by-default", reader)
    return None if kind is None else ExpectedDeparture(kind=kind, id=name, at=at, by_default=by_default)
