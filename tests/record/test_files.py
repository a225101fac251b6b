"""Files of events: JSON Lines and YAML, read as one run, with every fault at its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from interlock.notation import FaultsError, Located, Span
from interlock.record import read_event, read_events
from interlock.terms import digest_of_json
from tests.record.samples import OPTIONAL, REQUIRED, evaluation, event, lines


def places(files: list[tuple[str, bytes]]) -> list[tuple[str, int, int, str]]:
    with pytest.raises(FaultsError) as caught:
        read_events(files)
    return [(f.span.file, f.span.line, f.span.column, f.message) for f in caught.value.faults]


def test_indices_run_over_all_files_in_the_order_given() -> None:
    first = ("a.jsonl", lines([event("training.started"), event("training.paused")]))
    second = ("b.yaml", b"- event: weights.stored\n  occurred: 2025-03-01T12:00:00Z\n  subject: {model: m}\n")
    assert [(e.index, e.kind) for e in read_events([first, second])] == [
        (0, "training.started"),
        (1, "training.paused"),
        (2, "weights.stored"),
    ]
    assert [e.kind for e in read_events([second, first])] == ["weights.stored", "training.started", "training.paused"]


def test_blank_lines_have_no_index_and_no_file_is_needed() -> None:
    content = b"\n" + lines([event("training.started")]) + b"\n  \n" + lines([event("training.paused")])
    assert [(e.index, e.kind) for e in read_events([("a.json", content)])] == [
        (0, "training.started"),
        (1, "training.paused"),
    ]
    assert read_events([("a.jsonl", b"")]) == ()
    assert read_events([]) == ()


def test_yaml_says_what_json_says() -> None:
    events = [event(kind, REQUIRED[kind] | OPTIONAL.get(kind, {})) for kind in ("training.started", "control.attested")]
    listed = yaml.safe_dump(events).encode()
    named = yaml.safe_dump({"x-note": "by hand", "events": events}).encode()
    from_json = read_events([("e.jsonl", lines(events))])
    assert read_events([("e.yaml", listed)]) == from_json
    assert read_events([("e.yml", named)]) == from_json
    assert [e.digest for e in read_events([("e.yaml", listed)])] == [digest_of_json(one) for one in events]


def test_faults_of_json_are_drawn_at_the_value() -> None:
    broken = event("training.started") | {"subject": {"model": "m", "weights": "sha256:0"}}
    line = json.dumps(broken)
    assert places([("e.jsonl", f"\n{line}\n".encode())]) == [
        ("e.jsonl", 2, line.index('"sha256:0"') + 1, "`weights`: `sha256:0` is not a digest")
    ]


def test_an_unknown_field_is_drawn_at_its_key() -> None:
    """The key's text also stands as a value before it; the place found is the key's."""
    line = '{"x-a": ["flops", {"flops": 1}], "event": "weights.stored", "occurred": "2025-03-01T12:00:00Z", '
    line += '"subject": {"model": "m"}, "data": {"flops": "\\"flops\\"" }}'
    assert places([("e.jsonl", line.encode())]) == [
        ("e.jsonl", 1, line.rindex('{"flops"') + 2, "`weights.stored` has no field `flops`")
    ]


def test_faults_of_yaml_are_drawn_at_the_value_or_key() -> None:
    text = (
        "events:\n"
        "- event: evaluation.completed\n"
        "  occurred: 2025-03-01T12:00:00Z\n"
        "  subject: {model: m}\n"
        "  data:\n"
        "    measure: run\n"
        "    suite: a/b\n"
        "    clusters:\n"
        "    - {id: a, successes: 2, trials: 1}\n"
        "    size: 3\n"
        "- {event: duty.performed, occurred: 2025-03-01T12:00:00Z, subject: {model: m}}\n"
        "- event: weights.stored\n"
        "  occurred: 2025-03-01T12:00:00Z\n"
    )
    assert places([("e.yaml", text.encode())]) == [
        ("e.yaml", 9, 26, "`successes` is 2 of 1 trials"),
        ("e.yaml", 10, 5, "`evaluation.completed` has no field `size`"),
        ("e.yaml", 11, 3, "`duty.performed` has no `duty`"),
        ("e.yaml", 12, 3, "the event has no `subject`"),
    ]


def test_all_faults_of_all_files_are_reported_at_once() -> None:
    """Also those beside a broken line, and references, since the broken line still has its index."""
    first = lines([event("training.started", actor=""), event("evaluation.withdrawn")]) + b'{"event": NaN}\n'
    first += lines([event("evaluation.withdrawn", {"evaluation": 2, "reason": "x"})])
    first += lines([event("evaluation.withdrawn", {"evaluation": 9, "reason": "x"})])
    second = b"- {event: weights.stored, occurred: 08, subject: {model: m}}\n- 3\n"
    files = [("a.jsonl", first), ("b.yaml", second), ("c.txt", b""), ("d.yaml", b"event: x\n"), ("e.yaml", b"a: [")]
    found = [(file, line, message) for file, line, _, message in places(files)]
    assert [one for one in found if one[0] == "a.jsonl"] == [
        ("a.jsonl", 1, "`actor` is an empty text"),
        ("a.jsonl", 3, "`NaN` is not a number of JSON"),
    ]
    assert {file for file, _, _ in found} == {"a.jsonl", "b.yaml", "c.txt", "d.yaml", "e.yaml"}
    # without the files whose events can't be counted, the references are checked as well
    found = [(file, line, message) for file, line, _, message in places(files[:1])]
    assert found == [
        ("a.jsonl", 1, "`actor` is an empty text"),
        ("a.jsonl", 3, "`NaN` is not a number of JSON"),
        ("a.jsonl", 5, "`evaluation`: there is no event `9`"),
    ]


def test_a_number_that_yaml_cannot_carry_is_a_fault_beside_the_others() -> None:
    text = b"- {event: decision.recorded, occurred: 2025-03-01T12:00:00Z, subject: {model: m}, data: {a: 1e999}}\n- 3\n"
    assert [message for *_, message in places([("e.yaml", text)])] == [
        "the number `1e999` can't be carried exactly",
        "the event is the number `3`",
    ]


@pytest.mark.parametrize("content", [b"\xff\xfe", b'{"event": "\xff"}\n\xff'])
def test_bytes_that_are_no_text_are_faults(content: bytes) -> None:
    assert any("is not UTF-8" in message for *_, message in places([("e.jsonl", content)]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file says nothing"),
        (b"training\n", "there is no list of events here"),
        (b"x-a: 1\n", "there is no list of events here"),
        (b"events: 3\n", "there is no list of events here"),
        (b"event: []\nevents: []\n", "unknown key `event` in a file of events"),
    ],
)
def test_a_yaml_file_without_a_list_of_events_is_a_fault(content: bytes, said: str) -> None:
    assert said in [message for *_, message in places([("e.yaml", content)])]


def test_an_event_that_no_file_holds_can_be_read_and_its_faults_drawn() -> None:
    assert read_event(evaluation(3), index=0) == read_events([("e.jsonl", lines([evaluation(3)]))])[0]
    with pytest.raises(FaultsError, match=r"`successes` is 41 of 40 trials"):
        read_event(evaluation(41), index=0)
    where = Located(None, Span("made.jsonl", 4, 1, 2), "{}")
    with pytest.raises(FaultsError, match=r"made\.jsonl:4:1"):
        read_event(evaluation(41), index=0, where=where)


def test_every_event_of_the_conformance_rows_is_read_or_refused_as_its_row_says(shared: Path) -> None:
    refused, read = set(), 0
    for path in sorted((shared / "conformance").glob("*.yaml")):
        rows = yaml.load(path.read_text(encoding="utf-8"), Loader=_Plain)  # noqa: S506 - a safe loader without dates
        for row in rows["rows"]:
            bases = [row["base"]] if isinstance(row.get("base"), str) else row.get("base") or []
            events = [one for base in bases for one in rows["bases"][base]] + (row.get("events") or [])
            try:
                read += len(read_events([("events.jsonl", lines(events))]))
            except FaultsError:
                refused.add(row["id"])
    assert refused == {"unknown-kind", "unknown-field"}
    assert read > 1000


class _Plain(yaml.SafeLoader):
    """Leaves dates as text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML declares it
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
