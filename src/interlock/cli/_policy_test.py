"""`interlock policy test`: whether a policy comes to what its cases say, and what of it no case has seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from interlock import __version__
from interlock.app.errors import OptionRefused
from interlock.app.policy_tests import draft_boundaries, run_policy_tests, write_report
from interlock.casebook import Boundaries, CaseRun, Coverage, CoverageItem, TestedCasebook, casebooks_to_json, junit
from interlock.cli._exits import DONE, FOUND
from interlock.cli._output import print_bytes, print_json
from interlock.cli._page import BLANK, Line, Mark, Span, faint, line, print_page, strong
from interlock.cli._questions import AsJson
from interlock.cli._table import table_row

BOUNDARIES_SHAPE: Final = "interlock.policy-boundaries/1"
PASSED: Final = Span("✓", Mark.GOOD)
FAILED: Final = Span("✗", Mark.BAD)
_HUNDRED: Final = 100
_COLUMNS: Final = (30, 24, 24)
_MOST_REASONS: Final = 6
Policies = Annotated[
    list[Path] | None,
    typer.Argument(metavar="POLICY…", help="Policy files; their cases are beside them, in NAME.cases.yaml."),
]
Cases = Annotated[
    list[Path] | None,
    typer.Option("--cases", metavar="FILE", help="A file of cases; a POLICY given is then the one under test."),
]
Junit = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="Write a JUnit XML report for a CI server as well.")
]
MinCoverage = Annotated[
    float | None,
    typer.Option("--min-coverage", metavar="PCT", help="Exit with 1 where less than PCT % of the policy was seen."),
]

AtBoundaries = Annotated[
    bool,
    typer.Option("--boundaries", help="Draft cases just before, at and beyond every bound of the policy; run none."),
]
Write = Annotated[
    Path | None, typer.Option("--write", metavar="FILE", help="Write the drafted cases to a file, not to the screen.")
]


def policy_test(
    policies: Policies = None,
    cases: Cases = None,
    junit_file: Junit = None,
    min_coverage: MinCoverage = None,
    boundaries: AtBoundaries = False,
    write: Write = None,
    as_json: AsJson = False,
) -> int:
    """Run the cases of policies, and say which states of their items no case has seen.

    Exit code: 0 all cases passed, 1 a case failed or coverage is short, 2 a fault in a file.
    """
    if boundaries or write is not None:
        if cases or junit_file is not None or min_coverage is not None or len(policies or []) != 1:
            msg = "`--boundaries` drafts cases of one POLICY and runs none"
            raise OptionRefused(msg, advice="name one policy, and at most `--write` and `--json` beside it")
        return _boundaries((policies or [])[0], write, as_json=as_json)
    if min_coverage is not None and not 0 <= min_coverage <= _HUNDRED:
        raise OptionRefused(
            f"--min-coverage: `{min_coverage:g}` is no percentage", advice="give a number from 0 to 100"
        )
    tested = run_policy_tests(policies or [], cases or [])
    if junit_file is not None:
        write_report(junit_file, junit(tested))
    short = [one for one in tested if min_coverage is not None and one.coverage.percent < min_coverage]
    if as_json:
        print_json(casebooks_to_json(tested, engine=__version__))
    else:
        print_page(_page(tested, short, min_coverage))
    return FOUND if short or any(one.failed for one in tested) else DONE


def _boundaries(policy: Path, write: Path | None, *, as_json: bool) -> int:
    drafted = draft_boundaries(policy, write)
    if as_json:
        left_out = [{"about": one.about, "why": one.why} for one in drafted.left_out]
        print_json(
            {
                "shape": BOUNDARIES_SHAPE,
                "engine": __version__,
                "cases": drafted.cases,
                "left_out": left_out,
                "text": drafted.text,
            }
        )
    elif write is None:
        print_bytes(drafted.text.encode())
    else:
        print_page(_drafted(drafted, write))
    return DONE


def _drafted(drafted: Boundaries, write: Path) -> Iterator[Line]:
    yield line(PASSED, f" {drafted.cases} cases written to {write}")
    yield line("What they expect is what interlock answers now. Read each: is that what the text means?", indent=2)
    if drafted.left_out:
        yield BLANK
        yield line(strong("Bounds without cases"))
    for one in drafted.left_out:
        yield line(f"{one.about}: {one.why}", indent=2)


def _page(tested: Sequence[TestedCasebook], short: Sequence[TestedCasebook], least: float | None) -> Iterator[Line]:
    for place, one in enumerate(tested):
        if place:
            yield BLANK
        policy = one.policies[0]
        yield line(strong(one.casebook.file), f"  {policy.id} {policy.version} of {policy.issuer}")
        for run in one.runs:
            yield from _run(run)
        yield BLANK
        yield from _coverage(one.coverage)
    yield BLANK
    runs = [run for one in tested for run in one.runs]
    failed = sum(not run.passed for run in runs)
    counted = f"{len(runs)} case{'' if len(runs) == 1 else 's'}"
    words = f" {counted}, {f'{failed} failed' if failed else 'all passed'}"
    yield line(FAILED if failed else PASSED, words)
    for one in short:
        words = f" {one.casebook.file} saw {one.coverage.percent:g} % of its policy, less than {least:g} %"
        yield line(FAILED, words)


def _run(run: CaseRun) -> Iterator[Line]:
    source = "" if run.case.source is None else f"  ({run.case.source})"
    yield line(PASSED if run.passed else FAILED, f" {run.case.says}", faint(source), indent=2)
    for one in run.mismatches:
        yield line(f"{one.what}: expected {one.expected}", indent=6)
        yield line("got ", strong(one.got), indent=6 + len(one.what) + 2)
    for reason in run.why[:_MOST_REASONS]:
        yield line(faint(reason), indent=6)
    if len(run.why) > _MOST_REASONS:
        yield line(faint(f"and {len(run.why) - _MOST_REASONS} more"), indent=6)


def _coverage(coverage: Coverage) -> Iterator[Line]:
    total = f"{coverage.percent:g} % ({coverage.seen} of {coverage.demanded} states seen)"
    yield line(strong("Coverage"), f" {total}")
    if coverage.items:
        yield from table_row([[faint("item")], [faint("seen")], [faint("not seen")]], _COLUMNS)
    for item in coverage.items:
        yield from _item(item)


def _item(item: CoverageItem) -> Iterator[Line]:
    seen = ", ".join(state for state, cases in item.states.items() if cases)
    missing = ", ".join(item.missing)
    name = f"{item.kind} {item.id}" if item.kind != "part" else item.id
    words = f"{name}: {item.part}" if item.part else name
    mark = Mark.OPEN if item.missing else Mark.PLAIN
    yield from table_row([[words], [seen or "-"], [Span(missing or "-", mark)]], _COLUMNS)
