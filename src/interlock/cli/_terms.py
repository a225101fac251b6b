"""`interlock terms`: the words on which a policy hangs, the readings in dispute, and who ruled on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interlock.cli._exits import DONE, FOUND
from interlock.cli._output import print_json
from interlock.cli._page import print_page
from interlock.cli._questions import AsJson, AsOf, Events, InWorkspace, KnownAt, Policies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from interlock.app.duties import TypedTimes
    from interlock.engine import TermReport


def terms(
    *,
    policy: Policies = None,
    events: Events = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> int:
    """List the terms of policies with their meanings or readings, who ruled on them, and what hangs on what is open.

    With policy files alone their texts are listed, and nothing is said of rulings. Exit code: 1 where something hangs
    on a text that no ruling settles, or a ruling is set aside; else 0.
    """
    from interlock import __version__
    from interlock.app.duties import TypedTimes
    from interlock.app.terms import report_to_json, something_is_open

    found = _report(policy or (), events or (), TypedTimes(as_of=as_of, known_at=known_at), workspace)
    if as_json:
        print_json(report_to_json(found, engine=f"interlock {__version__}"))
    else:
        from interlock.cli._term_page import term_page

        print_page(term_page(found))
    return FOUND if something_is_open(found) else DONE


def _report(policies: Sequence[Path], events: Sequence[Path], times: TypedTimes, workspace: Path | None) -> TermReport:
    from interlock.app.clock import system_clock
    from interlock.app.errors import OptionRefused
    from interlock.app.terms import terms_in_workspace, terms_of_policies, terms_on_files
    from interlock.app.workspaces import open_workspace

    if not (policies or events):
        return terms_in_workspace(open_workspace(workspace), times, system_clock)
    if workspace is not None:
        raise OptionRefused("`--workspace` and files are two places to look in", advice="name one of them")
    return terms_on_files(policies, events, times) if events else terms_of_policies(policies, times)
