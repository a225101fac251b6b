"""Name maps: read strictly, and applied so that events keep the digests of what was given."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from interlock.app._name_maps import SORTS, read_name_map, translate
from interlock.notation import FaultsError
from interlock.policy import Policy, decode
from interlock.record import DocumentActed, Event, EventCorrected, history, read_events
from interlock.reports import Renaming
from interlock.terms import parse_instant

POLICY = """\
interlock: 1
policy: other
version: "1"
issuer: Acme
title: Another Policy
effective: 2025-01-01
roles: {rso: {title: Safety Officer, side: developer}}
measures: {autonomy.tasks: {statistic: proportion, unit: task, suite: acme/autonomy}}
thresholds: {autonomous: {reached-when: {measure: autonomy.tasks, at-least: 50%}}}
standards: {safe: {controls: {fence: {attested-by: rso}}}}
restrictions:
  hold:
    forbids: [train]
    when:
      any: [{judged: perilous, by: rso}, {quantity: training-compute, more-than: 1e26 FLOP}, {reached: autonomous}]
documents: {report: {submitted-by: rso}}
duties: {assess: {must: assess, every: {time: 3 months}}}
"""
D = f"sha256:{'d' * 64}"
EVENTS: list[Mapping[str, object]] = [
    {"event": "model.registered", "subject": {"model": "m"}, "data": {}},
    {
        "event": "evaluation.completed",
        "subject": {"model": "m"},
        "data": {"measure": "agency", "suite": "acme/autonomy", "successes": 1, "trials": 9},
    },
    {
        "event": "determination.made",
        "role": "rso",
        "subject": {"model": "m"},
        "data": {"judged": "risky", "value": True},
    },
    {"event": "control.attested", "role": "rso", "subject": {"model": "m"}, "data": {"control": "wall", "value": True}},
    {
        "event": "document.submitted",
        "subject": {"model": "m"},
        "data": {"document": "paper", "digest": D, "schedule": {"check": "2025-06-01"}},
    },
    {"event": "duty.performed", "subject": {"model": "m"}, "data": {"duty": "check"}},
    {"event": "quantity.measured", "subject": {"model": "m"}, "data": {"quantity": "flops", "value": "2e26 FLOP"}},
    {"event": "training.started", "subject": {"model": "m"}},
]
MAP = """\
measures: {agency: autonomy.tasks}
questions: {risky: perilous}
controls: {wall: fence}
documents: {paper: report}
duties: {check: assess}
quantities: {flops: training-compute}
"""


def policy() -> Policy:
    return decode(POLICY.encode(), file="other.yaml")


def events(*more: Mapping[str, object]) -> tuple[Event, ...]:
    stated = [
        {"occurred": f"2025-02-{day:02d}T00:00:00Z", **event} for day, event in enumerate([*EVENTS, *more], start=1)
    ]
    return read_events([("events.jsonl", "".join(f"{json.dumps(event)}\n" for event in stated).encode())])


def read(text: str, *more: Mapping[str, object]) -> tuple[Renaming, ...]:
    return read_name_map(text.encode(), file="map.yaml", policies=[policy()], events=events(*more))


def test_every_sort_of_name_is_translated_where_events_state_one() -> None:
    translated = translate(events(), read(MAP))
    stated = {event.kind: event.source.get("data", {}) for event in translated}
    assert stated["evaluation.completed"]["measure"] == "autonomy.tasks"
    assert stated["determination.made"]["judged"] == "perilous"
    assert stated["control.attested"]["control"] == "fence"
    assert stated["document.submitted"]["document"] == "report"
    assert stated["document.submitted"]["schedule"] == {"assess": "2025-06-01"}
    assert stated["duty.performed"]["duty"] == "assess"
    assert stated["quantity.measured"]["quantity"] == "training-compute"
    assert len(read(MAP)) == len(SORTS)


def test_what_a_translated_event_says_is_what_its_fields_say() -> None:
    """The payload that the engine reads and the JSON that conditions on fields read are translated alike."""
    for event in translate(events(), read(MAP)):
        for sort in SORTS.values():
            if event.kind in sort.kinds:
                assert event.text_of(sort.named_by) == event.source["data"][sort.named_by]
    submitted = next(event for event in translate(events(), read(MAP)) if event.kind == "document.submitted")
    assert isinstance(submitted.payload, DocumentActed)
    assert submitted.payload.document == "report"


def test_digests_indices_and_times_stay_those_of_what_was_given() -> None:
    given, translated = events(), translate(events(), read(MAP))
    assert [event.digest for event in translated] == [event.digest for event in given]
    assert [(event.index, event.occurred, event.recorded) for event in translated] == [
        (event.index, event.occurred, event.recorded) for event in given
    ]
    assert [event.topics for event in translated] != [event.topics for event in given]


def test_an_event_that_names_nothing_translated_stays_the_same_object() -> None:
    given = events()
    translated = translate(given, read("controls: {wall: fence}"))
    assert [one is other for one, other in zip(given, translated, strict=True)].count(False) == 1


def test_references_by_digest_still_lead_to_the_event() -> None:
    withdrawn = {
        "event": "evaluation.withdrawn",
        "subject": {"model": "m"},
        "data": {"evaluation": events()[1].digest, "reason": "the log was cut"},
    }
    translated = translate(events(withdrawn), read(MAP, withdrawn))
    assert set(history(translated, parse_instant("2026-01-01")).withdrawn) == {1}


def test_an_event_written_out_in_a_correction_is_translated_too() -> None:
    written = {
        "event": "duty.performed",
        "occurred": "2025-02-06T12:00:00Z",
        "subject": {"model": "m"},
        "data": {"duty": "check"},
    }
    corrected = {
        "event": "event.corrected",
        "subject": {"model": "m"},
        "data": {"event": 5, "reason": "it was noon", "by": written},
    }
    given = events(corrected)
    translated = translate(given, read(MAP, corrected))
    before, after = given[-1].payload, translated[-1].payload
    assert isinstance(before, EventCorrected)
    assert isinstance(after, EventCorrected)
    assert isinstance(before.by, Event)
    assert isinstance(after.by, Event)
    assert after.by.text_of("duty") == "assess"
    assert after.by.digest == before.by.digest
    assert translated[-1].digest == given[-1].digest


def test_names_that_only_a_correction_states_can_be_translated() -> None:
    written = {"event": "duty.performed", "occurred": "2025-02-06T12:00:00Z", "subject": {"model": "m"},
               "data": {"duty": "inspect"}}  # fmt: skip
    corrected = {"event": "event.corrected", "subject": {"model": "m"},
                 "data": {"event": 5, "reason": "another one", "by": written}}  # fmt: skip
    assert read("duties: {inspect: assess}", corrected) == (Renaming(sort="duty", old="inspect", new="assess"),)


@pytest.mark.parametrize(
    ("text", "place", "message", "nearest"),
    [
        ("measure: {agency: autonomy.tasks}", (1, 1), "a map has no `measure`", "measures"),
        ("measures: {agenci: autonomy.tasks}", (1, 12), "no event names the measure `agenci`", "agency"),
        (
            "measures: {agency: autonomy.task}",
            (1, 20),
            "no policy given knows the measure `autonomy.task`",
            "autonomy.tasks",
        ),
        ("duties: {check: 3}", (1, 17), "this is not a name", None),
        ("duties: [check]", (1, 9), "`duties` is not a mapping", None),
        ("[duties]", (1, 1), "the file is not a mapping", None),
    ],
)
def test_a_fault_stands_at_its_place_with_the_nearest_name(
    text: str, place: tuple[int, int], message: str, nearest: str | None
) -> None:
    with pytest.raises(FaultsError) as caught:
        read(text)
    [fault] = caught.value.faults
    assert (fault.span.line, fault.span.column) == place
    assert fault.message == message
    assert fault.nearest == nearest
    assert fault.expected


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(FaultsError) as caught:
        read("measures: {walk: run}\nduty: {}\n")
    assert len(caught.value.faults) == 3


def test_a_policy_is_a_document_and_effective_compute_is_always_known() -> None:
    submitted = {"event": "document.approved", "subject": {"developer": "Acme"},
                 "data": {"document": "our-policy", "digest": D}}  # fmt: skip
    text = "documents: {our-policy: other}\nquantities: {flops: effective-compute}"
    assert [one.new for one in read(text, submitted)] == ["other", "effective-compute"]


def test_an_empty_map_translates_nothing() -> None:
    assert read("{}") == ()
    assert translate(events(), ()) == events()
