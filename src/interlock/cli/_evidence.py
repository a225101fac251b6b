"""`interlock evidence add`: evaluation logs onto the record of a workspace, as evidence for a measure."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import typer

from interlock.cli._exits import DONE
from interlock.cli._groups import help_where_alone
from interlock.cli._output import print_json
from interlock.cli._page import BLANK, Line, Mark, Span, command, faint, is_terminal, line, print_page, strong, unbroken
from interlock.cli._questions import AsJson, InWorkspace
from interlock.cli._record import event_to_json
from interlock.terms import MalformedError, parse_digest, parse_instant

if TYPE_CHECKING:
    from interlock.app.intake import AddedEvidence, LogEvidence, Progress
    from interlock.record import Event

T = TypeVar("T")
SHAPE: Final = "interlock.evidence/1"
Logs = Annotated[
    list[Path], typer.Argument(metavar="LOG…", help="Logs of Inspect AI, .eval or .json.", show_default=False)
]
Model = Annotated[str, typer.Option("--model", metavar="MODEL", help="The model that was evaluated, as registered.")]
Measure = Annotated[str, typer.Option("--measure", metavar="MEASURE", help="The measure that the logs speak to.")]
Weights = Annotated[str | None, typer.Option("--weights", metavar="DIGEST", help="The checkpoint that was evaluated.")]
Plan = Annotated[str | None, typer.Option("--plan", metavar="ID", help="The plan that was registered for the run.")]
Actor = Annotated[str | None, typer.Option("--actor", metavar="NAME", help="Who adds the evidence.")]
Under = Annotated[
    str | None,
    typer.Option(
        "--under", metavar="POLICY@VERSION", help="Whose definition of the measure is meant, where versions differ."
    ),
]
Occurred = Annotated[
    str | None, typer.Option("--occurred", metavar="TIME", help="When the run ended, where the log does not say.")
]
Incomplete = Annotated[
    bool,
    typer.Option(
        "--incomplete",
        help="Record a run that was not brought to its end as an assertion, which can show that a threshold is "
        "reached, never rule it out.",
    ),
]


def build() -> typer.Typer:
    """Return the group of commands."""
    group = typer.Typer(help="Take in evaluation logs as evidence.", invoke_without_command=True)
    group.callback()(help_where_alone)
    group.command("add")(add)
    return group


def add(
    *,
    logs: Logs,
    model: Model,
    measure: Measure,
    weights: Weights = None,
    plan: Plan = None,
    actor: Actor = None,
    under: Under = None,
    occurred: Occurred = None,
    incomplete: Incomplete = False,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> int:
    """Record what evaluation logs say about a measure, all of them or none.

    The protocols of the workspace say which suite and elicitation a log stands for; a log that none names is refused.
    """
    from interlock.app.clock import system_clock
    from interlock.app.intake import EvidenceRequest, add_evidence
    from interlock.app.workspaces import open_workspace

    request = EvidenceRequest(
        logs=tuple(logs),
        model=model,
        measure=measure,
        weights=_read("--weights", weights, parse_digest),
        plan=plan,
        actor=actor,
        under=under,
        occurred=_read("--occurred", occurred, parse_instant),
        incomplete=incomplete,
    )
    with progress_bar(quiet=as_json) as progress:
        added = add_evidence(open_workspace(workspace), request, system_clock, progress)
    if as_json:
        print_json(_to_json(added))
    else:
        print_page(_page(added, model, workspace))
    return DONE


def _read(option: str, text: str | None, parse: Callable[[str], T]) -> T | None:
    try:
        return None if text is None else parse(text)
    except MalformedError as error:
        raise typer.BadParameter(f"{option}: {error.message}") from None


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress | None]:
    """Show on a terminal how far the reading of logs is; nothing without one, so that nothing is left in a file."""
    if quiet or not is_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[Path, Any] = {}

        def tell(path: Path, done: int, total: int) -> None:
            if path not in tasks:
                tasks[path] = bars.add_task(path.name, total=total)
            bars.update(tasks[path], completed=done, total=total)

        yield tell


def _to_json(added: AddedEvidence) -> dict[str, Any]:
    return {
        "shape": SHAPE,
        "record": str(added.record),
        "measure": added.measure.id,
        "plan_known": added.plan_known,
        "evidence": [_log_to_json(one, event) for one, event in zip(added.logs, added.events, strict=True)],
    }


def _log_to_json(one: LogEvidence, event: Event) -> dict[str, Any]:
    return {
        **event_to_json(event),
        "file": str(one.path),
        "task": one.log.task,
        "samples": one.log.scope.sample_count,
        "epochs": one.log.scope.epochs,
        "data": event.source["data"],
        "findings": [{"id": finding.id, "detail": finding.detail} for finding in one.findings],
    }


def _page(added: AddedEvidence, model: str, workspace: Path | None) -> Iterator[Line]:
    number = len(added.events)
    yield line(
        Span("✓ added", Mark.GOOD),
        f" {number} evaluation{'' if number == 1 else 's'} of {added.measure.id} to {added.record}",
    )
    yield BLANK
    yield from evidence_table(added.logs, added.events)
    yield BLANK
    if added.plan_known is False:
        plan = added.events[0].source["data"]["plan"]
        yield line(f"no plan `{plan}` for this measure is on the record, so the run counts as not registered", indent=2)
    options = [] if workspace is None else ["--workspace", str(workspace)]
    yield line("next:", indent=2)
    yield from command("interlock", "explain", "--model", model, "--action", "train", *options)


_COLUMNS: Final = ("log", "task", "n", "epochs", "passed", "event")


def evidence_table(logs: Iterable[LogEvidence], events: Iterable[Event]) -> Iterator[Line]:
    """Yield a table of the logs, and under each row its elicitation and findings."""
    pairs = list(zip(logs, events, strict=True))
    rows = [_COLUMNS, *(_row(one, event) for one, event in pairs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    yield Line((strong(_aligned(_COLUMNS, widths)),), 2, whole=True)
    for (one, _), row in zip(pairs, rows[1:], strict=True):
        yield Line((Span(_aligned(row, widths)),), 2, whole=True)
        yield _under("elicitation", ", ".join(one.protocol.elicitation) or "none")
        yield _under("model", f"{one.log.model}, as the log names it")
        for finding in one.findings:
            yield _under("finding", f"{finding.id}: {finding.detail}")
        if not one.findings:
            yield _under("findings", "none")


def _under(label: str, words: str) -> Line:
    return line(faint(unbroken(f"{label:<13}")), words, indent=4, hang=13)


def _row(one: LogEvidence, event: Event) -> tuple[str, ...]:
    scope = one.log.scope
    return (
        one.path.name,
        one.log.task,
        "?" if scope.sample_count is None else str(scope.sample_count),
        str(scope.epochs),
        result_words(event),
        str(event.index),
    )


def result_words(event: Event) -> str:
    """Return what an evaluation counted: `3 of 40`, `12 of 40 in 8 clusters`, or an estimate with its bounds."""
    data = event.source["data"]
    if "clusters" in data:
        clusters = data["clusters"]
        passed = sum(cluster["successes"] for cluster in clusters)
        return f"{passed} of {sum(cluster['trials'] for cluster in clusters)} in {len(clusters)} clusters"
    if "estimate" in data:
        return f"{data['estimate']} [{data.get('lower', '?')} to {data.get('upper', '?')}], asserted"
    return f"{data['successes']} of {data['trials']}"


def _aligned(row: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
