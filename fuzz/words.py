"""The words of the language, for a fuzzer that would hardly come upon them by chance."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from typing import Any, Final

from interlock.policy import EVENT_FIELDS
from interlock.policy._condition_forms import FORMS
from interlock.policy._forms import CLAUSE_KEYS, Form, Key, Section
from interlock.policy._policy_form import POLICY
from interlock.policy._shapes import Choice, ListOf
from interlock.terms import ACTIONS, HAZARDS

VALUES: Final = (
    "50%", "95%", "4x", "1e26 FLOP", "2", "0", "30 days", "5 business days", "6 months", "72 hours", "500000 USD",
    "2025-01-01", "2025-02-30", "2025-03-01T12:00:00Z", "9999-12-31", "0001-01-01", "true", "yes", "null", "~", '""',
    "this", "any-model", "developer", "world", "each model", "each document plan",
    f"sha256:{'a' * 64}", "America/New_York",
)  # fmt: skip
SIGNS: Final = (
    "{", "}", "[", "]", ": ", ", ", "- ", "&a ", "*a", "!t ", "|\n", ">\n", "? ", "<<: ", "# ", "'", '"', "\\u0041",
    "---\n", "...\n", "%YAML 1.2\n", "\t", "\r\n", "\ufeff", "\u202e", "\x00", "```interlock\n", "```\n",
    "~~~\n", "> ", "    ",
)  # fmt: skip
CONDITIONS: Final = (
    "{reached: t-run}", "{ruled-out: t-run, ahead: 6x}", "{measure: run, at-least: 50%, confidence: 95%}",
    "{quantity: training-compute, more-than: 1e26 FLOP, of: any-model}", "{meets: security}", "{term: large}",
    "{growth: effective-compute, since: assess, at-least: 4x, against: most-capable-assessed}", "{argued: safe}",
    "{elapsed: 6 months, since: assess}", "{attested: vault, fresh: 12 months}", "{judged: big, by: {n: 1, of: [rso]}}",
    "{approved: plan, by: [rso]}", "{reviewed: plan, by: rso}", "{published: plan, for-at-least: 30 days}",
    "{notified: board, of: plan}", "{done: assess}", "{overdue: assess, within-last: 30 days}", "{active: hold}",
    "{in-force: interim}", "{event: model.deployed, class-at-least: deploy.external}", "{undefined: {owed: x}}",
    "{all: [{reached: t-run}, {term: large}]}", "{any: [{judged: a, by: rso}]}", "{not: {reached: t-run}}",
    "{at-least: {n: 1, of: [{term: large}, {done: assess}]}}",
    "{readings: {id: big, a: {reached: t-run}, b: {judged: big, by: rso}}}",
)  # fmt: skip


def words() -> list[str]:
    """Return every key, choice, kind and field of the language, with values and signs of its notation."""
    named = {key.name for key in (*POLICY.keys, *CLAUSE_KEYS)} | set(FORMS) | set(EVENT_FIELDS)
    for form in _forms([*POLICY.keys, *CLAUSE_KEYS]):
        named |= {key.name for key in form.keys}
        for key in form.keys:
            named |= _choices(key)
    for condition in FORMS.values():
        named |= set(getattr(condition, "declared", ()))
    named |= {field for fields in EVENT_FIELDS.values() for field in fields}
    named |= {"event", "occurred", "recorded", "subject", "model", "weights", "data", "actor", "role", "x-y"}
    return [*sorted({*named, *ACTIONS, *HAZARDS}), *VALUES, *SIGNS, *CONDITIONS]


def _forms(keys: Iterable[Key[Any]]) -> Iterator[Form[Any]]:
    for key in keys:
        holds = key.holds.item if isinstance(key.holds, ListOf) else key.holds
        form = holds.form if isinstance(holds, Section) else holds
        if isinstance(form, Form):
            yield form
            yield from _forms(form.keys)


def _choices(key: Key[Any]) -> set[str]:
    holds = key.holds.item if isinstance(key.holds, ListOf) else key.holds
    return set(holds.values) if isinstance(holds, Choice) else set()


def dictionary() -> str:
    """Return the words as libFuzzer reads a dictionary: one in quotes on each line."""
    return "".join(f'"{_escaped(word.encode())}"\n' for word in words())


def _escaped(word: bytes) -> str:
    plain = set(string.ascii_letters + string.digits + "{}[]:, -.%#&*!|>?'`~=/")
    return "".join(chr(byte) if chr(byte) in plain else f"\\x{byte:02x}" for byte in word)
