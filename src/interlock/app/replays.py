"""Replays: what was permitted, held, due and done over time, on files alone, in a workspace, or of what ships with it.

On files alone no clock is read: a replay that states no end runs up to the last instant on record, in a workspace up
to now (LANGUAGE 4.8 and 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from interlock.app._abouts import read_about
from interlock.app._files import is_reference, read_file, read_files, write_file
from interlock.app._given import Given, check_both, given_by_files, given_by_workspace
from interlock.app._name_maps import read_name_map, translate
from interlock.app._questions import read_instant
from interlock.app.assumptions import assumptions_of, with_assumptions
from interlock.app.clock import Clock
from interlock.app.errors import FileRefused, OptionRefused
from interlock.engine import replay, replay_to_json
from interlock.library import bundled_replay, replay_names
from interlock.policy import Policy, decode_all
from interlock.record import read_events
from interlock.reports import About, Renaming, Replayed, replay_page
from interlock.terms import nearest

if TYPE_CHECKING:
    from interlock.app.workspaces import Workspace

_AT: Final = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedReplay:
    """How to replay, as typed: up to when, under which version, with which map of names, and what is looked at."""

    as_of: str | None = None
    under: str | None = None
    names: Path | None = None
    readings: tuple[str, ...] = ()
    """Readings to be assumed ruled, each `TERM=READING`."""
    only: tuple[str, ...] = ()
    """The names of the items that are looked at; without any all are."""


def replay_on_files(policies: Sequence[Path], events: Sequence[Path], typed: TypedReplay) -> Replayed:
    """Return the replay by the files alone; refused as `decide_on_files` is."""
    check_both(policies, events)
    as_of = read_instant("--as-of", typed.as_of)
    return _replayed(given_by_files(policies, events), typed, as_of)


def replay_in_workspace(workspace: Workspace, typed: TypedReplay, clock: Clock) -> Replayed:
    """Return the replay by the workspace's policies and record, up to now where no end is stated."""
    as_of = read_instant("--as-of", typed.as_of) or clock()
    return _replayed(given_by_workspace(workspace, clock), typed, as_of)


def replay_bundled(name: str, typed: TypedReplay) -> Replayed:
    """Return a bundled replay; OptionRefused where none has that name.

    What it says of itself, under which version it is judged and which items it is about, an option takes the place of.
    """
    if name not in replay_names():
        close = nearest(name, replay_names())
        advice = f"did you mean `{close}`?" if close else "see `interlock replay list`"
        raise OptionRefused(f"no replay named `{name}` ships with interlock", advice=advice)
    as_of = read_instant("--as-of", typed.as_of)
    files = bundled_replay(name)
    path, content = files.about
    about = read_about(content, file=path, name=name)
    policies = decode_all(read_files([Path(reference) for reference in about.policies]))
    given = Given(policies=policies, events=read_events(files.events))
    judged = replace(typed, under=typed.under or about.under, only=typed.only or about.items)
    return _replayed(given, judged, as_of, about)


def bundled_abouts() -> tuple[About, ...]:
    """Return what is to be known of each bundled replay, by name."""
    files = [bundled_replay(name) for name in replay_names()]
    return tuple(read_about(one.about[1], file=one.about[0], name=one.name) for one in files)


def _replayed(given: Given, typed: TypedReplay, as_of: datetime | None, about: About | None = None) -> Replayed:
    under = None if typed.under is None else _under(typed.under, given.policies)
    events = given.events
    renamed: tuple[Renaming, ...] = ()
    if typed.names is not None:
        # With `under` the names are for that version; the events were of others.
        policies = given.policies if under is None else (under,)
        content = read_file(typed.names)
        renamed = read_name_map(content, file=str(typed.names), policies=policies, events=events)
        events = translate(events, renamed)
    assumed = assumptions_of(typed.readings, (*given.policies, *(() if under is None else (under,))))
    return Replayed(
        replay=replay(given.policies, events, as_of, under=under, rulings=assumed, only=typed.only),
        events=events,
        about=about,
        renamed=renamed,
        assumed=assumed,
    )


def _under(text: str, policies: Sequence[Policy]) -> Policy:
    """Return the version that the replay is judged under: of those given, or a bundled one, which need not be given."""
    if not is_reference(text):
        return _version(text, policies)
    [under] = decode_all(read_files([Path(text)]))
    return next((policy for policy in policies if policy == under), under)


def _version(text: str, policies: Sequence[Policy]) -> Policy:
    """Return the version that `POLICY@VERSION` names among those given."""
    name, _, version = text.partition(_AT)
    found = [policy for policy in policies if (policy.id, policy.version) == (name, version)]
    if len(found) == 1:
        return found[0]
    given = [f"{policy.id}{_AT}{policy.version}" for policy in policies]
    close = nearest(text, given)
    listed = ", ".join(f"`{one}`" for one in dict.fromkeys(given))
    advice = f"did you mean `{close}`?" if close else f"name one of {listed}, and its file by `--policy`"
    if len(found) > 1:
        raise OptionRefused(f"--under: several files given hold `{text}`", advice="give the one that is meant")
    raise OptionRefused(f"--under: no policy file given holds `{text}`; expected POLICY@VERSION", advice=advice)


# What goes out


def replayed_to_json(replayed: Replayed, *, engine: str) -> dict[str, Any]:
    """Return the replay in the shape `interlock.replay/1`, with how each policy was encoded and what else there is."""
    value = with_assumptions(replay_to_json(replayed.replay, engine=engine), replayed.assumed)
    value["encodings"] = [_encoding(policy) for policy in replayed.judging]
    if replayed.about is not None:
        value["about"] = replayed.about.to_json()
    if replayed.renamed:
        value["renamed"] = [{"sort": one.sort, "old": one.old, "new": one.new} for one in replayed.renamed]
    return value


def _encoding(policy: Policy) -> dict[str, Any]:
    stated = policy.encoding
    reviewers = stated.get("reviewed-by")
    return {
        "policy": policy.id,
        "version": policy.version,
        "status": stated.get("status", "unofficial"),
        "by": stated.get("by"),
        "reviewed_by": list(reviewers) if isinstance(reviewers, list | tuple) else [],
    }


def page_of(replayed: Replayed, *, engine: str) -> bytes:
    """Return the page of a replay."""
    return replay_page(replayed, engine=engine)


def write_page(path: Path, replayed: Replayed, *, engine: str) -> None:
    """Write the page of a replay; FileRefused where it can't be, or where something other than a page is there."""
    if path.is_file() and path.stat().st_size and not read_file(path).startswith(_PAGE):
        msg = f"--html: `{path}` is there already, and is no page"
        raise FileRefused(msg, advice="name another file for the page, or remove that one")
    write_file(path, page_of(replayed, engine=engine))


_PAGE: Final = b"<!DOCTYPE html>"


def something_was_found(replayed: Replayed) -> bool:
    """Return whether there is a departure, a retroactive loosening or a finding (exit code 1)."""
    found = replayed.replay
    return bool(found.breaches or found.loosenings or found.findings)
