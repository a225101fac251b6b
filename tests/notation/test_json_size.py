"""How large a record may be: many lines are no fault, one line that is too long is."""

from __future__ import annotations

import pytest

from interlock.notation import FaultsError, parse_json_lines


def test_a_record_of_many_lines_may_be_larger_than_a_file_of_one_text() -> None:
    line = b'{"a": "' + b"x" * 100_000 + b'"}\n'
    assert len(parse_json_lines(line * 120, file="events.jsonl")) == 120


def test_a_line_that_is_too_long_is_a_fault_of_that_line() -> None:
    content = b'{"a": 1}\n{"a": "' + b"x" * 10_000_001 + b'"}\n{"a": 2}\n'
    with pytest.raises(FaultsError) as refusal:
        parse_json_lines(content, file="events.jsonl")
    fault = refusal.value.faults[0]
    assert (fault.span.line, fault.message) == (2, "the line is longer than 10 MB")
    assert len(refusal.value.faults) == 1
