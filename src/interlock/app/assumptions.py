"""Readings assumed of disputed texts, as typed: the answer as if each had been ruled from the beginning.

An answer under such an assumption is hypothetical, and every output of one says so. A text or a reading that no policy
given has is refused: a mistyped one would change nothing, and the answer would pass for one under it (LANGUAGE 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from interlock.app.errors import OptionRefused
from interlock.engine import Rulings, terms_in
from interlock.policy import Policy
from interlock.terms import nearest

OPTION: Final = "--reading"
ASSUMED: Final = "assumed_readings"
"""The key under which a hypothetical result as data names what it assumes."""
_AFTER: Final = "engine"
_FORM: Final = "for instance `--reading public-deployment=narrow`"

T = TypeVar("T")
Texts = Mapping[tuple[str, str], tuple[str, ...]]
"""The readings of each disputed text, by the policy's id and the text's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Under(Generic[T]):
    """A result, and the readings that it assumes to have been ruled; hypothetical where there are any."""

    result: T
    assumed: Rulings


def assumptions_of(stated: Sequence[str], policies: Iterable[Policy]) -> Rulings:
    """Return the readings that the texts state, each `TERM=READING` or `POLICY:TERM=READING`.

    OptionRefused where one is malformed, where no policy given has the text or the reading, where several have the text
    and none is named, or where two are stated of one text.
    """
    given = tuple(policies)
    found: dict[tuple[str, str], str] = {}
    for text in stated:
        named, equals, reading = text.partition("=")
        if not (named and equals and reading):
            raise OptionRefused(f"{OPTION}: `{text}` is not of the form TERM=READING", advice=_FORM)
        key = _text_named(named, given)
        readings = _texts(given)[key]
        if reading not in readings:
            raise _unknown(f"`{key[1]}` of `{key[0]}` has no reading `{reading}`", reading, readings)
        if found.setdefault(key, reading) != reading:
            msg = f"{OPTION}: both `{found[key]}` and `{reading}` are assumed of `{key[1]}`"
            raise OptionRefused(msg, advice="ask for one at a time")
    return found


def _text_named(named: str, policies: Sequence[Policy]) -> tuple[str, str]:
    """Return the disputed text that `TERM` or `POLICY:TERM` names."""
    policy, colon, term = named.rpartition(":")
    ids = list(dict.fromkeys(one.id for one in policies))
    if colon and policy not in ids:
        raise _unknown(f"no policy given is `{policy}`", policy, ids)
    texts = [key for key in _texts(policies) if not colon or key[0] == policy]
    found = [key for key in texts if key[1] == term]
    if len(found) > 1:
        either = " or ".join(f"`{OPTION} {one}:{term}=…`" for one, _ in found)
        raise OptionRefused(f"{OPTION}: several policies given have `{term}`", advice=f"say which: {either}")
    if not found:
        raise _no_text(term, [one for one in policies if not colon or one.id == policy], [name for _, name in texts])
    return found[0]


def _no_text(term: str, policies: Sequence[Policy], disputed: Sequence[str]) -> OptionRefused:
    if any(term in policy.terms for policy in policies):
        return OptionRefused(
            f"{OPTION}: `{term}` is in no dispute: the policy says what it means",
            advice="see `interlock terms` for the texts that have readings",
        )
    return _unknown(f"no policy given has readings of `{term}`", term, disputed)


def _unknown(message: str, name: str, there: Iterable[str]) -> OptionRefused:
    names = tuple(dict.fromkeys(there))
    close = nearest(name, names)
    listed = ", ".join(f"`{one}`" for one in names)
    advice = f"did you mean `{close}`?" if close else f"there {_are(names)} {listed or 'none'}"
    return OptionRefused(f"{OPTION}: {message}", advice=advice)


def _are(names: Sequence[str]) -> str:
    return "are" if len(names) > 1 else "is"


def _texts(policies: Iterable[Policy]) -> Texts:
    """Return the disputed texts of all versions, each with the readings that any version has of it."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for policy in policies:
        for name, _, _, readings in terms_in(policy):
            if readings is not None:
                found.setdefault((policy.id, name), {}).update(dict.fromkeys(one for one, _ in readings.readings))
    return {key: tuple(readings) for key, readings in found.items()}


def with_assumptions(value: Mapping[str, Any], assumed: Rulings) -> dict[str, Any]:
    """Return a result as data with what it assumes, near its beginning; as it is where it assumes nothing."""
    if not assumed:
        return dict(value)
    listed = [{"policy": policy, "term": term, "reading": reading} for (policy, term), reading in assumed.items()]
    shown: dict[str, Any] = {}
    for key, one in value.items():
        shown[key] = one
        if key == _AFTER:
            shown[ASSUMED] = listed
    return shown
