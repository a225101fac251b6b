"""Tested casebooks as JUnit XML, the form in which continuous-integration servers show tests.

The elements and attributes that Jenkins' JUnit plugin and GitLab read: `testsuites`, `testsuite`, `testcase`,
`failure`. No times: a run reads no clock.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from interlock.casebook._running import CaseRun
from interlock.casebook._tested import TestedCasebook
from interlock.notation import shown

_LONGEST = 20_000


def junit(tested: Sequence[TestedCasebook]) -> bytes:
    """Return a JUnit report: a suite for each casebook, a test for each case."""
    runs = [run for one in tested for run in one.runs]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="interlock" {_counts(runs)}>']
    for one in tested:
        lines += _suite(one)
    return "\n".join([*lines, "</testsuites>", ""]).encode()


def _counts(runs: Sequence[CaseRun]) -> str:
    return f'tests="{len(runs)}" failures="{sum(not run.passed for run in runs)}" errors="0"'


def _suite(tested: TestedCasebook) -> Iterator[str]:
    policy = tested.policies[0]
    yield f'  <testsuite name="{_text(tested.casebook.file)}" {_counts(tested.runs)}>'
    for run in tested.runs:
        name = f'classname="{_text(policy.id)} {_text(policy.version)}" name="{_text(run.case.says)}"'
        at = f'file="{_text(tested.casebook.file)}" line="{run.case.line}"'
        if run.passed:
            yield f"    <testcase {name} {at}/>"
            continue
        said = [f"{one.what}: expected {one.expected}, got {one.got}" for one in run.mismatches]
        yield f"    <testcase {name} {at}>"
        yield f'      <failure message="{_text(said[0])}">'
        yield from (_text(line) for line in (*said, *run.why))
        yield "      </failure>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _text(text: str) -> str:
    """Return a text without characters that XML can't hold, escaped."""
    return html.escape(shown(text, length=_LONGEST))
