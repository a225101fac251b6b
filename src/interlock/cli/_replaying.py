"""Replaying: a replay as its options state it, shown as a timeline, as JSON or as a page, and its exit code.

What `replay` does once its arguments are read. Knows nothing of how they were read, so that it loads without the
command line's libraries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from interlock.app.errors import OptionRefused
from interlock.app.replays import (
    TypedReplay,
    bundled_abouts,
    page_of,
    replay_bundled,
    replay_in_workspace,
    replay_on_files,
    replayed_to_json,
    something_was_found,
    write_page,
)
from interlock.cli._asking import ENGINE
from interlock.cli._exits import DONE, FOUND
from interlock.cli._output import print_bytes, print_json
from interlock.cli._page import BLANK, Line, command, faint, line, print_page, strong
from interlock.cli._plain import Options, plain
from interlock.cli._timeline import timeline

if TYPE_CHECKING:
    from interlock.reports import About, Replayed

REPLAY: Final = "replay"
LIST: Final = "list"
STANDARD_OUTPUT: Final = Path("-")
LIST_SHAPE: Final = "interlock.replays/1"
_OPTIONS: Final = Options(
    single=frozenset({"--as-of", "--under", "--map", "--html", "--workspace"}),
    several=frozenset({"--policy", "--events", "--reading", "--only"}),
    flags=frozenset({"--json"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRequest:
    """What to replay: a bundled one by its name, files, or else a workspace; and how it is shown."""

    name: str | None = None
    policies: Sequence[Path] = ()
    events: Sequence[Path] = ()
    as_of: str | None = None
    under: str | None = None
    names: Path | None = None
    readings: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    html: Path | None = None
    workspace: Path | None = None
    as_json: bool = False

    @property
    def typed(self) -> TypedReplay:
        """How to replay."""
        return TypedReplay(as_of=self.as_of, under=self.under, names=self.names, readings=self.readings, only=self.only)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files given."""
        return (*self.policies, *self.events, *(() if self.names is None else (self.names,)))


def read_replay_plainly(arguments: Sequence[str]) -> ReplayRequest | None:
    """Return the request that the arguments of `replay` state, or None where they are not plain."""
    if not arguments or arguments[0] != REPLAY:
        return None
    named = len(arguments) > 1 and not arguments[1].startswith("-")
    read = plain(arguments[2 if named else 1 :], _OPTIONS)
    if read is None:
        return None
    return ReplayRequest(
        name=arguments[1] if named else None,
        policies=read.paths("--policy"),
        events=read.paths("--events"),
        as_of=read.single("--as-of"),
        under=read.single("--under"),
        names=read.path("--map"),
        readings=read.texts("--reading"),
        only=read.texts("--only"),
        html=read.path("--html"),
        workspace=read.path("--workspace"),
        as_json=read.flag("--json"),
    )


def show(request: ReplayRequest) -> int:
    """Show the replay, and return its exit code; `list` names those that ship with interlock."""
    if request.name == LIST:
        return _list(request)
    if request.as_json and request.html == STANDARD_OUTPUT:
        raise OptionRefused("`--json` and `--html -` both go to standard output", advice="name a file by `--html`")
    replayed = _replayed(request)
    if request.html == STANDARD_OUTPUT:
        print_bytes(page_of(replayed, engine=ENGINE))
        return FOUND if something_was_found(replayed) else DONE
    if request.html is not None:
        write_page(request.html, replayed, engine=ENGINE)
    if request.as_json:
        print_json(replayed_to_json(replayed, engine=ENGINE))
    else:
        print_page(_page(replayed, request))
    return FOUND if something_was_found(replayed) else DONE


def _replayed(request: ReplayRequest) -> Replayed:
    places = [
        stated
        for stated, there in (
            (f"`{request.name}`", request.name is not None),
            ("files", bool(request.policies or request.events)),
            ("`--workspace`", request.workspace is not None),
        )
        if there
    ]
    if len(places) > 1:
        raise OptionRefused(f"{' and '.join(places)} are {len(places)} places to look in", advice="name one of them")
    if request.name is not None:
        return replay_bundled(request.name, request.typed)
    if request.policies or request.events:
        return replay_on_files(request.policies, request.events, request.typed)
    from interlock.app.clock import system_clock
    from interlock.app.workspaces import open_workspace

    return replay_in_workspace(open_workspace(request.workspace), request.typed, system_clock)


def _page(replayed: Replayed, request: ReplayRequest) -> Iterator[Line]:
    yield from timeline(replayed)
    if request.html is not None:
        yield BLANK
        yield line(f"The same as a page: {request.html}")


def _list(request: ReplayRequest) -> int:
    if request.files or request.typed != TypedReplay() or request.html or request.workspace:
        raise OptionRefused("`interlock replay list` takes no options but `--json`", advice="leave them out")
    abouts = bundled_abouts()
    if request.as_json:
        print_json({"shape": LIST_SHAPE, "replays": [about.to_json() for about in abouts]})
    else:
        print_page(_listed(abouts))
    return DONE


def _listed(abouts: Sequence[About]) -> Iterator[Line]:
    for about in abouts:
        yield line(strong(about.name), f"  {about.title}")
        yield line(about.status, indent=2)
        if about.not_in_force is not None:
            yield line(faint(f"counterfactual: {about.not_in_force}"), indent=2)
        if about.reconstructed:
            yield line(faint("reconstructed: its times were not published"), indent=2)
    yield from command("interlock", REPLAY, *(about.name for about in abouts[:1]))
