"""What a policy says in words: nothing that the language can say is left out, and an unofficial encoding says so."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from interlock.notation import FaultsError
from interlock.policy import Item, Policy, Section, decode, describe, encoding_sentence, is_adopted
from interlock.policy._condition_forms import FORMS
from interlock.policy._forms import Form
from interlock.policy._policy_form import POLICY
from interlock.policy._reading import Reading
from tests.policy.files import HEADER, SOUND
from tests.policy.whole import WHOLE, paths_of, plain, root_of
from tests.policy.whole import Path as ValuePath

SPARES: Any = {
    "roles": {"spare": {"side": "independent"}},
    "measures": {"spare": {"statistic": "proportion", "suite": "s"}, "spare-2": {"statistic": "mean", "suite": "s"}},
    "thresholds": {"spare": {"reached-when": {"measure": "spare", "at-least": "50%"}}},
    "standards": {"spare": {"controls": {"spare": {"attested-by": "rso"}}}},
    "restrictions": {"spare": {"forbids": ["train"], "when": {"judged": "q", "by": "rso"}}},
    "permissions": {"spare": {"lifts": ["spare"], "when": {"judged": "q", "by": "rso"}}},
    "duties": {"spare": {"must": "do", "every": {"time": "1 day"}}},
    "terms": {"spare": {"means": {"judged": "q", "by": "rso"}}},
    "documents": {"spare": {}},
    "claims": {"spare": {"title": "a claim"}},
}
"""Items that nothing names, so that each reference can be to another."""
DOCUMENT: Any = plain(root_of(WHOLE))
for _section, _items in SPARES.items():
    DOCUMENT[_section] |= _items
OTHERS = (
    *("spare", "spare-2", "other", "7 days", "70%", "9x", "9 USD", "9 hours", "store", "2026-03-03", "UTC", "mean"),
    *("independent", "government", "cyber.autonomy", "deployment", "deploy.internal.wide", "goal.graded"),
    *("incident.suspected", "model.withdrawn", 1, 2, 3, False),
)


def described(document: object) -> tuple[Section, ...]:
    """Return what is said of a policy, but for what names its file."""
    policy = decode(json.dumps(document, ensure_ascii=False), file="policy.yaml")
    return describe(replace(policy, digest=""))


def section_of(text: str, title: str) -> dict[str, Item]:
    return {
        item.id: item for one in describe(decode(text, file="policy.yaml")) if one.title == title for item in one.items
    }


# Nothing is left out


def test_the_whole_policy_uses_every_key_of_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a new key is missed here first, and then in what is said of a policy."""
    used: set[tuple[int, str]] = set()
    seen: dict[int, Form[Any]] = {}
    read_keys = Form._read_keys

    def noting(self: Form[Any], node: Any, reading: Reading) -> dict[str, object]:
        seen[id(self)] = self
        used.update((id(self), key.text) for key, _ in node.entries)
        return read_keys(self, node, reading)

    monkeypatch.setattr(Form, "_read_keys", noting)
    decode(WHOLE, file="policy.yaml")
    assert len(seen) > 40
    forms = [form for form in FORMS.values() if isinstance(form, Form)]
    assert [form.noun for form in (POLICY, *forms) if id(form) not in seen] == []
    # What all items and all leaves may carry stands in one of each.
    shared = {"source", "note", "mark", "modality", "binding", "of", "fresh", "within-last"}
    shared |= {"at-least", "more-than", "at-most", "below"}
    names = {name for _, name in used}
    missing = {
        (form.noun, name)
        for form in seen.values()
        if form.noun != "event"
        for name in form.declared
        if (id(form), name) not in used and (name not in shared or name not in names)
    }
    assert missing == set()


@pytest.mark.slow
def test_nothing_that_a_policy_can_say_is_left_out_of_its_words() -> None:
    """Each value of the whole policy, left out or changed to another that is sound, changes what is said."""
    said = described(DOCUMENT)
    unchangeable = set()
    for path in paths_of(plain(root_of(WHOLE))):
        changed = next(_changes(path), None)
        if changed is None:
            if not isinstance(value_at(DOCUMENT, path), dict | list):
                unchangeable.add(path)
            continue
        assert changed != said, path
    # There is one version of the language, and `at` beside it allows one statistic.
    assert unchangeable == {("interlock",), ("measures", "horizon", "statistic")}


def value_at(document: Any, path: ValuePath) -> Any:
    for part in path:
        document = document[part]
    return document


def _changes(path: ValuePath) -> Iterator[tuple[Section, ...]]:
    """Yield what is said where the value at `path` is left out, or another stands there, where that is sound."""
    old = value_at(DOCUMENT, path)
    for other in (None, *(() if isinstance(old, dict | list) else OTHERS)):
        document = copy.deepcopy(DOCUMENT)
        holder = value_at(document, path[:-1])
        if other is None:
            del holder[path[-1]]
        elif other == old:
            continue
        else:
            holder[path[-1]] = other
        try:
            yield described(document)
        except FaultsError:
            continue


def test_every_item_has_its_source_note_mark_modality_and_binding_beside_it() -> None:
    document = plain(root_of(WHOLE))
    assert isinstance(document, dict)
    clause = {
        "source": {"section": "S-1", "page": "P-2", "note": "N-3"},
        "note": "N-4",
        "mark": "M-5",
        "modality": "aim",
    }
    sections = [name for name, value in document.items() if _holds_items(name, value)]
    assert len(sections) == 12
    for name in sections:
        for item in document[name].values():
            item.update(clause, binding="conditional")
            for control in item.get("controls", {}).values():
                control.update(clause, binding="conditional")
    document["amendments"].update(clause, binding="conditional")
    checked = 0
    for section in described(document):
        if section.title in {"Policy", "Not encoded", "Owed by the text"}:
            continue
        for item in (one for whole in section.items for one in (whole, *whole.parts)):
            assert item.citation == "section S-1, page P-2; N-3; mark: M-5", item.id
            assert (item.note, item.modality, item.binding) == ("N-4", "aim", "conditional")
            assert item.sentence.startswith("Aim, conditional ("), item.id
            checked += 1
    assert checked == 28


def _holds_items(name: str, value: Any) -> bool:
    return isinstance(value, dict) and name not in {"source", "encoding", "calendar", "applies-to", "amendments"}


# What it is


@pytest.mark.parametrize(
    ("encoding", "says"),
    [
        ("", "Unofficial encoding by nobody named, reviewed by nobody named; Brook has not adopted it, and another"),
        ("encoding: {by: Ann}\n", "Unofficial encoding by Ann, reviewed by nobody named; Brook has not adopted it"),
        (
            "encoding: {by: Ann, status: unofficial, reviewed-by: [Ben, Cy]}\n",
            "Unofficial encoding by Ann, reviewed by Ben and Cy; Brook has not adopted it",
        ),
        ("encoding: {by: Ann, status: adopted}\n", "Encoding by Ann, reviewed by nobody named; Brook has adopted it"),
    ],
)
def test_an_encoding_is_unofficial_unless_it_says_that_it_was_adopted(encoding: str, says: str) -> None:
    policy = decode(HEADER + encoding, file="policy.yaml")
    assert encoding_sentence(policy).startswith(says)
    assert is_adopted(policy) == ("adopted}" in encoding)
    assert section_of(HEADER + encoding, "Policy")["encoding"].sentence == encoding_sentence(policy)


def test_the_edition_that_was_read_is_said_with_its_address_day_and_digest() -> None:
    one = section_of(WHOLE, "Policy")["source"]
    assert one.details == (
        "title: The policy, 2.1",
        "url: https://brook.example/policy",
        "retrieved: 2025-01-02",
        "sha256: 0f3a",
    )
    assert section_of(SOUND, "Policy")["source"].sentence == "Which edition of the text was read is not stated"


# What it owes and leaves open


def test_all_that_the_text_owes_is_listed_with_its_due_moment() -> None:
    owed = section_of(WHOLE, "Owed by the text")
    assert {name: item.sentence for name, item in owed.items()} == {
        "standard later": 'The text owes it ("to be defined"), before the first training where `t-run` is reached',
        "restriction hold-public": 'The text owes it ("a test of spread"); no act is named before which it is due',
    }


@pytest.mark.parametrize(
    ("old", "new", "owner"),
    [
        ("when: {reached: t-run}", "when: {all: [{reached: t-run}, UNDEFINED]}", "restriction hold-training"),
        ("until: {meets: security}", "until: UNDEFINED", "restriction hold-training"),
        ("when: {approved: plan, by: [rso]}", "when: UNDEFINED", "permission interim"),
        ("within: 30 days", "done-when: UNDEFINED", "duty assess"),
        ("within: 30 days", "within: 3 days\n    extended: {by: 1 day, when: UNDEFINED}", "duty assess"),
        ("means: {quantity: training-compute, more-than: 1e26 FLOP}", "means: {not: UNDEFINED}", "term large"),
        ("means: {quantity", "readings: {b: UNDEFINED, a: {quantity", "term large"),
        ("{measure: run, at-least: 50%, confidence: 95%}", "UNDEFINED", "threshold t-run"),
        ("claims:\n", "pledges: {p: {maintain: UNDEFINED}}\nclaims:\n", "pledge p"),
        ("claims:\n", "applies-to: UNDEFINED\nclaims:\n", "applies-to"),
    ],
)
def test_what_is_owed_is_listed_wherever_it_stands(old: str, new: str, owner: str) -> None:
    text = SOUND.replace(old, new.replace("UNDEFINED", "{undefined: {owed: a test}}"), 1)
    text = text.replace("more-than: 1e26 FLOP}}\n", "more-than: 1e26 FLOP}}}\n") if "readings" in new else text
    assert list(section_of(text, "Owed by the text")) == [owner]


def test_a_policy_that_owes_nothing_lists_nothing_owed() -> None:
    assert section_of(SOUND, "Owed by the text") == {}


def test_a_term_in_dispute_says_its_readings_and_who_may_rule() -> None:
    one = section_of(WHOLE, "Terms")["frontier"]
    assert one.details == (
        "by-compute: training compute is more than 1e27 FLOP",
        "by-word: `frontier` is judged to be so by the Responsible Scaling Officer",
        "ruled between by the Responsible Scaling Officer and the Board",
        "disputed by Ann Lee, 2025-03-01, who reads it as `by-word`: compute says little (https://lee.example/)",
        "by-compute: {quantity: training-compute, more-than: 1e27 FLOP}",
        "by-word: {judged: frontier, by: [rso]}",
    )
    text = WHOLE.replace("    ruled-by: [rso, board]\n", "")
    assert "anyone may rule between them" in section_of(text, "Terms")["frontier"].details


def test_a_policy_is_described_the_same_each_time() -> None:
    one, two = (decode(WHOLE, file="policy.yaml") for _ in range(2))
    assert isinstance(one, Policy)
    assert describe(one) == describe(two)
