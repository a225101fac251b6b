"""What is too large, too deep or too faulty is refused after little work: counted in what is read, not in seconds."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from interlock.notation import FAULTS_COUNTED, FaultsError, _faults, _json, _yaml, parse_json_lines
from interlock.notation._yaml import MAXIMUM_BYTES, MAXIMUM_LINES, MAXIMUM_NODES
from interlock.policy import decode
from interlock.record import _places, read_events
from interlock.terms import nearest
from tests.policy.files import HEADER
from tests.record.samples import MARCH, event

ROLE = f"{HEADER}roles:\n  rso: {{title: R, side: developer}}\n"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The parser's events that were asked for."""
    taken: list[Any] = []
    parser: Callable[[str], Iterator[Any]] = _yaml.parser_events

    def counted(text: str) -> Iterator[Any]:
        for one in parser(text):
            taken.append(one)
            yield one

    monkeypatch.setattr(_yaml, "parser_events", counted)
    return taken


def refusal(content: str | bytes, file: str = "policy.yaml") -> FaultsError:
    with pytest.raises(FaultsError) as refused:
        decode(content, file=file)
    assert len(refused.value.draw()) < 200_000
    return refused.value


def refused_record(*lines: str) -> FaultsError:
    with pytest.raises(FaultsError) as refused:
        read_events([("events.jsonl", "\n".join(lines).encode())])
    return refused.value


@pytest.mark.parametrize(
    "text",
    [
        f"terms: {{t: {{means: {'{not: ' * 100_000}x{'}' * 100_000}}}}}\n",
        f"terms: {'[' * 100_000}",
        f"terms:\n  {'- ' * 100_000}x\n",
        f"terms:\n  {'? ' * 100_000}x\n",
        "terms:\n" + "".join(f"{' ' * (depth + 1)}a:\n" for depth in range(3_000)),
    ],
    ids=["braces", "brackets", "dashes", "question marks", "indentation"],
)
def test_what_nests_a_hundred_thousand_deep_is_read_to_the_depth_that_is_allowed(text: str, parsed: list[Any]) -> None:
    assert "nests more than 64 deep" in refusal(HEADER + text).faults[0].message
    assert len(parsed) < 300


def test_a_policy_of_ten_megabytes_is_read_as_far_as_a_policy_may_go(parsed: list[Any]) -> None:
    """Each claim is four nodes and six events of the parser."""
    text = f"{HEADER}claims:\n" + "".join(f"  claim-{number}: {{title: a claim}}\n" for number in range(300_000))
    assert 9_000_000 < len(text) < MAXIMUM_BYTES
    assert "more than 100000 values" in refusal(text).faults[0].message
    assert len(parsed) < 2 * MAXIMUM_NODES


def test_a_larger_file_and_one_of_too_many_lines_are_not_read_at_all(parsed: list[Any]) -> None:
    assert "larger than 10 MB" in refusal(b"#" * (MAXIMUM_BYTES + 1)).faults[0].message
    for end in ("\n", "\r\n", "\r"):
        message = refusal(end * (2 * MAXIMUM_LINES + 1)).faults[0].message
        assert message == f"the file has more than {MAXIMUM_LINES} lines"
    assert parsed == []


def test_a_million_aliases_are_counted_as_what_they_stand_for(parsed: list[Any]) -> None:
    for text in ("x: &a [1]\ny: [", "y: ["):
        parsed.clear()
        assert refusal(f"{text}{'*a,' * 300_000}]\n").faults
        assert len(parsed) <= MAXIMUM_NODES + 10


def test_a_text_full_of_control_characters_is_no_text(parsed: list[Any]) -> None:
    assert refusal("a: \0\n" * 2_000).total == 20
    assert parsed == []


def test_after_ten_thousand_faults_nothing_more_is_read(parsed: list[Any]) -> None:
    error = refusal("a: [" + "yes, " * 50_000 + "]\n")
    assert error.message == "10000 faults or more; nothing of the files of this run is used"
    assert error.draw().endswith("more")
    assert len(parsed) < FAULTS_COUNTED + 10


def test_a_name_that_expands_exponentially_is_refused() -> None:
    terms = "".join(f"  t{i}: {{means: {{all: [{{term: t{i - 1}}}, {{term: t{i - 1}}}]}}}}\n" for i in range(1, 1_000))
    error = refusal(f"{ROLE}terms:\n  t0: {{means: {{judged: q, by: rso}}}}\n{terms}")
    assert error.faults[0].message == "the term `t12` has more than 10000 conditions with the names in it written out"


def test_readings_of_readings_are_refused() -> None:
    terms = "".join(
        f"  t{i}: {{readings: {{a: {{term: t{i - 1}}}, b: {{not: {{term: t{i - 1}}}}}}}}}\n" for i in range(1, 500)
    )
    error = refusal(f"{ROLE}terms:\n  t0: {{means: {{judged: q, by: rso}}}}\n{terms}")
    assert "more than 10000 conditions with the names in it written out" in error.faults[0].message


def test_names_that_nothing_defines_are_listed_and_compared_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """8,000 references to names of 90 letters, among as many defined: 60 million pairs of letters for each."""
    compared = []

    def counted(name: str, names: Iterable[str]) -> str | None:
        compared.append(len(name) * sum(map(len, names)))
        return nearest(name, names)

    monkeypatch.setattr(_faults, "nearest", counted)
    defined = "".join(f"  {'c' * 90}{number}: {{title: t}}\n" for number in range(8_000))
    wrong = "".join(f"  t{number}: {{means: {{argued: {'d' * 90}{number}}}}}\n" for number in range(8_000))
    error = refusal(f"{ROLE}claims:\n{defined}terms:\n{wrong}")
    assert error.total == 8_000
    assert sum(compared) <= 5_000_000
    assert all(len(fault.expected or "") < 4_000 for fault in error.faults)


# Events


def test_after_ten_thousand_faulty_lines_no_more_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    reader = _json._read

    def counted(*given: Any) -> Any:
        read.append(1)
        return reader(*given)

    monkeypatch.setattr(_json, "_read", counted)
    with pytest.raises(FaultsError) as refused:
        parse_json_lines("x\n" * 100_000, "events.jsonl")
    assert (refused.value.total, len(read)) == (FAULTS_COUNTED, FAULTS_COUNTED)


def test_events_with_more_faults_than_anyone_mends_are_read_no_further() -> None:
    """Three faults each: 3,334 events are enough."""
    error = refused_record(*["{}"] * 20_000)
    assert FAULTS_COUNTED <= error.total <= FAULTS_COUNTED + 3
    assert "10000 faults or more" in error.message


def test_the_places_on_a_line_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    spans = _places._Members.spans

    def counted(members: _places._Members) -> Any:
        looked.append(1)
        return spans(members)

    monkeypatch.setattr(_places._Members, "spans", counted)
    stated = event("training.started") | {f"field-{number}": number for number in range(3_000)}
    assert refused_record(json.dumps(stated)).total == 3_000
    assert len(looked) == 1


def test_a_key_that_stands_on_a_line_many_times_costs_no_more_than_the_line() -> None:
    error = refused_record("{" + ", ".join(['"f": 1'] * 30_000) + "}")
    assert error.total == FAULTS_COUNTED
    assert len(error.faults) == 1_000


@pytest.mark.parametrize(
    "text", ["x" * 1_000_000, "\\\\" * 500_000, "\\u0041" * 160_000], ids=["plain", "backslashes", "escapes"]
)
def test_a_long_text_takes_a_small_multiple_of_its_length(text: str) -> None:
    line = f'{{"event": "reply.made", "x-text": "{text}"}}'
    tracemalloc.start()
    error = refused_record(line)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.faults
    assert peak < 20 * len(line)


def test_a_value_of_too_many_members_is_not_read() -> None:
    (fault,) = refused_record(f"[{'1,' * 200_001}1]").faults
    assert fault.message == "the value has more than 200000 commas"


def test_a_long_chain_of_corrections_is_refused() -> None:
    """Each names what all before it name: n(n+1)/2 events in all, beyond a million from n = 1414 on."""

    def correction(number: int) -> str:
        by = {"event": "training.started", "occurred": MARCH, "subject": {"model": "m"}}
        data = {"event": number, "reason": "typing error", "by": by}
        return json.dumps({"event": "event.corrected", "occurred": MARCH, "subject": {"model": "m"}, "data": data})

    first = json.dumps({"event": "training.started", "occurred": MARCH, "subject": {"model": "m"}})
    assert read_events([("e.jsonl", "\n".join([first, *map(correction, range(1_400))]).encode())])
    (fault,) = refused_record(first, *map(correction, range(1_500))).faults
    assert fault.message == "the corrections name more than 1000000 events, one through another"


def test_a_withdrawal_by_digest_looks_at_one_of_the_events_that_say_the_same() -> None:
    """300 withdrawals of a digest that 300 identical evaluations have."""
    evaluation = event("evaluation.completed")
    (read,) = read_events([("e.jsonl", json.dumps(evaluation).encode())])
    withdrawal = event("evaluation.withdrawn", data={"evaluation": read.digest, "reason": "grader fault"})
    lines = [json.dumps(evaluation)] * 300 + [json.dumps(withdrawal)] * 300
    assert len(read_events([("e.jsonl", "\n".join(lines).encode())])) == 600
