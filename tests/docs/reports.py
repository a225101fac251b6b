"""Reports: what becomes of duties, and what a replay shows, by the policy and the events that a page showed before.

A block `yaml duties` lists every instance that the report has, a block `yaml replay` every departure; of each the
fields that matter to the page. Fields are those of the JSON shapes, with `-` for `_`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from interlock.engine import Refused, duties, duties_to_json, replay, replay_to_json
from interlock.notation import parse_yaml, yaml_values
from interlock.policy import Policy
from interlock.record import Event
from interlock.terms import parse_instant
from tests.docs.answers import as_stated, with_digests

_OF_DUTIES = {"duties", "pledges", "goals", "readings", "findings"}
_OF_REPLAY = {"kind", "only", "breaches", "readings", "holds", "retroactive-loosenings", "findings"}


def check_duties(text: str, policies: Sequence[Policy], events: Sequence[Event]) -> None:
    """Check every statement of a block `yaml duties` against the engine's report."""
    stated = _stated(text)
    as_of, known_at = _instant(stated.pop("as-of")), _instant(stated.pop("known-at", None))
    assert as_of is not None, "duties are asked as of a time"
    refused = stated.pop("refused", None)
    if refused is not None:
        with pytest.raises(Refused, match=re.escape(refused)):
            duties(policies, events, as_of, known_at=known_at)
        return
    _check(stated, duties_to_json(duties(policies, events, as_of, known_at=known_at), engine="docs"), _OF_DUTIES)


def check_replay(text: str, policies: Sequence[Policy], events: Sequence[Event]) -> None:
    """Check every statement of a block `yaml replay` against the engine's replay."""
    stated = _stated(text)
    as_of, under = _instant(stated.pop("as-of", None)), stated.pop("under", None)
    looked_at = stated.pop("look-at", ())
    version = next((policy for policy in policies if f"{policy.id}@{policy.version}" == under), None)
    assert (version is None) is (under is None), f"no policy before is `{under}`"
    found = replay_to_json(replay(policies, events, as_of, under=version, only=looked_at), engine="docs")
    _check(stated, found, _OF_REPLAY)


def _stated(text: str) -> dict[str, Any]:
    stated: dict[str, Any] = yaml_values(parse_yaml(with_digests(text), file="report.yaml"))
    return stated


def _instant(stated: str | None) -> datetime | None:
    return None if stated is None else parse_instant(stated)


def _check(stated: Mapping[str, Any], found: Mapping[str, Any], known: set[str]) -> None:
    assert stated, "nothing is said of it"
    assert set(stated) <= known, f"a report has no {set(stated) - known}"
    given = {name: _part(name, found[_key(name)], value) for name, value in stated.items()}
    assert given == stated, f"the page says\n{_lines(stated)}\nand the engine\n{_lines(given)}"


def _part(name: str, found: Any, stated: Any) -> Any:
    """Return of what was found the part that the page speaks of: of each entry the fields that it states."""
    if name == "findings":
        return sorted({finding["id"] for finding in found})
    if not isinstance(found, list) or name == "only":
        return found
    wanted = [*stated, *({} for _ in found[len(stated) :])]
    return [_fields(entry, one) for entry, one in zip(found, wanted, strict=False)]


def _fields(entry: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    names = stated or {name: None for name in ("id", "instance", "state", "kind", "at") if name in entry}
    return {name: as_stated(entry[_key(name)], stated.get(name)) for name in names}


def _key(name: str) -> str:
    return name.replace("-", "_")


def _lines(values: Mapping[str, Any]) -> str:
    lines = []
    for name, value in values.items():
        lines += [f"{name}:", *(f"  {one}" for one in value)] if isinstance(value, list) else [f"{name}: {value}"]
    return "\n".join(lines)
