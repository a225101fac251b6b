"""The shape `interlock.replay/1`: its fields, their order, and the same bytes each time (LANGUAGE 8)."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from interlock.engine import Replay, replay_to_json
from interlock.terms import canonical_json
from tests.engine.cases import Given, judged, policy
from tests.engine.changes import hold
from tests.engine.duty_cases import incident, performed
from tests.engine.replay_cases import continued, replayed, said_nothing, started

RULES: Final = (
    "amendments: {approved-by: [board], source: {section: '9'}}\n"
    + hold("{judged: danger, by: rso}", ", cease-within: 2 days, source: {section: '3.1', page: 12}")
    + "duties:\n"
    "  d:\n"
    "    must: do it\n"
    "    when: {event: incident.discovered}\n"
    "    within: 3 days\n"
    "    otherwise: {forbids: [store]}\n"
    "    source: {section: '5', page: 20}\n"
    "pledges: {p: {maintain: {judged: calm, by: rso}}}\n"
)
GIVEN: Final[list[Given]] = [
    judged("2025-01-10", "danger", value=False),
    started("2025-02-01"),
    judged("2025-03-01", "danger"),
    started("2025-03-02"),
    incident("discovered", "2025-03-01"),
    incident("discovered", "2025-04-01", "i2"),
    performed("2025-03-10"),
    continued("2025-05-01"),
    said_nothing("2025-06-01"),
]


def shown() -> Replay:
    second = policy(hold("{not: {event: model.registered}}"), version="2", effective="2025-05-15")
    return replayed([policy(RULES), second], GIVEN)


def rendered() -> dict[str, Any]:
    return replay_to_json(shown(), engine="interlock test")


def test_the_fields_stand_in_the_order_of_the_reference() -> None:
    assert list(rendered()) == [
        "shape",
        "language",
        "engine",
        "kind",
        "only",
        "policy",
        "policies",
        "events",
        "identities",
        "as_of",
        "history",
        "holds",
        "breaches",
        "readings",
        "retroactive_loosenings",
        "duties",
        "pledges",
        "findings",
    ]
    value = rendered()
    assert (value["shape"], value["engine"], value["kind"]) == ("interlock.replay/1", "interlock test", "adherence")
    assert value["as_of"] == "2025-06-01T12:00:00Z"
    assert value["policy"]["version"] == "2"
    assert [one["version"] for one in value["policies"]] == ["1", "2"]
    assert value["events"]["count"] == len(GIVEN) + 1


def test_every_breach_has_every_field_whatever_its_kind() -> None:
    breaches = rendered()["breaches"]
    assert {one["kind"] for one in breaches} == {
        "held-action",
        "past-cease-within",
        "duty-late",
        "duty-overdue",
        "amendment",
    }
    for one in breaches:
        assert list(one) == [
            "kind",
            "policy",
            "version",
            "id",
            "at",
            "about",
            "action",
            "late_by",
            "by_default",
            "reading",
            "detail",
            "source",
            "evidence",
        ]
        assert isinstance(one["by_default"], bool)
        assert one["reading"] is None
        assert one["detail"]
        assert list(one["source"]) == ["section", "page"]


def test_each_kind_of_breach_says_what_it_is_about() -> None:
    by_kind = {one["kind"]: one for one in rendered()["breaches"]}
    wanted = ("id", "at", "about", "action", "late_by", "source")
    assert {kind: tuple(one[name] for name in wanted) for kind, one in by_kind.items()} == {
        "held-action": ("hold", "2025-03-02T12:00:00Z", "m", "train", None, {"section": "3.1", "page": "12"}),
        "past-cease-within": ("hold", "2025-03-04T00:00:00Z", "m", "train", None, {"section": "3.1", "page": "12"}),
        # Due at the end of 4 March.
        "duty-late": ("d", "2025-03-10T12:00:00Z", "m", None, "P5DT12H", {"section": "5", "page": "20"}),
        # Due at the end of 4 April: 26 days of April, 31 of May and half a day of June.
        "duty-overdue": ("d", "2025-04-05T00:00:00Z", "m", None, "P57DT12H", {"section": "5", "page": "20"}),
        "amendment": ("acme", "2025-05-15T00:00:00Z", None, None, None, {"section": "9", "page": None}),
    }


def test_breaches_and_moments_stand_in_the_order_of_time() -> None:
    value = rendered()
    for name, at in (("breaches", "at"), ("history", "at")):
        times = [one[at] for one in value[name]]
        assert times == sorted(times)
        assert len(times) > 1
    assert len({one["at"] for one in value["history"]}) == len(value["history"])


def test_a_moment_says_what_caused_it_and_what_changed() -> None:
    moments = {one["at"]: one for one in rendered()["history"]}
    word = moments["2025-01-10T12:00:00Z"]
    assert list(word) == ["at", "cause", "events", "changes"]
    assert (word["cause"], word["events"]) == ("determination.made (event 1)", [1])
    assert word["changes"] == [
        {
            "item": "restriction",
            "policy": "acme",
            "id": "hold",
            "about": "m",
            "ships": False,
            "by_default": False,
            "was": "active",
            "now": "inactive",
        }
    ]
    due = moments["2025-03-05T00:00:00Z"]
    assert (due["cause"], due["events"]) == ("time passed", [])
    assert [(one["item"], one["id"], one["was"], one["now"]) for one in due["changes"]] == [
        ("hold-of-duty", "d", "inactive", "active"),
        ("duty", "d", "open", "overdue"),
    ]
    assert "ships" not in due["changes"][1]
    at_once = moments["2025-03-01T12:00:00Z"]
    assert at_once["cause"] == "determination.made (event 3), incident.discovered (event 5)"


def test_more_than_three_events_of_one_instant_are_counted() -> None:
    words = [judged("2025-03-01", "danger", by=role) for role in ("ceo", "rso", "board", "reviewer")]
    both = replayed(hold("{judged: danger, by: [ceo, rso, board, reviewer]}"), words)
    assert replay_to_json(both, engine="test")["history"][-1]["cause"] == (
        "determination.made (event 1), determination.made (event 2), determination.made (event 3) and 1 more"
    )


def test_holds_and_loosenings_have_their_fields_in_order() -> None:
    value = rendered()
    assert value["holds"][0] == {
        "model": "m",
        "action": "store",
        "start": "2025-03-05T00:00:00Z",
        "end": "2025-03-10T12:00:00Z",
        "by_default": False,
        "restrictions": ["d"],
    }
    assert list(value["holds"][0]) == ["model", "action", "start", "end", "by_default", "restrictions"]
    assert list(value["retroactive_loosenings"][0]) == ["at", "policy", "was", "now", "model", "action", "restrictions"]
    assert [(one["action"], one["restrictions"]) for one in value["retroactive_loosenings"]] == [
        ("train", ["hold"]),
        ("store", ["d"]),
    ]


def test_the_same_record_gives_the_same_bytes() -> None:
    assert json.dumps(rendered()) == json.dumps(rendered())
    assert canonical_json(rendered()) == canonical_json(rendered())


def test_the_order_of_the_file_changes_indices_alone() -> None:
    lines = list(reversed(GIVEN))
    other = replay_to_json(
        replayed(
            [policy(RULES), policy(hold("{not: {event: model.registered}}"), version="2", effective="2025-05-15")],
            lines,
        ),
        engine="interlock test",
    )
    place = {0: 0} | {1 + old: 1 + lines.index(one) for old, one in enumerate(GIVEN)}
    for old, new in zip(rendered()["breaches"], other["breaches"], strict=True):
        assert sorted(place[index] for index in old.pop("evidence")) == sorted(new.pop("evidence"))
        assert old == new
    assert rendered()["holds"] == other["holds"]


@pytest.mark.parametrize("name", ["late_by", "reading"])
def test_what_does_not_matter_is_null_and_not_left_out(name: str) -> None:
    held_action = next(one for one in rendered()["breaches"] if one["kind"] == "held-action")
    assert name in held_action
    assert held_action[name] is None
