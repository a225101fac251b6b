"""The page of terms: what each means or which readings it admits, who may rule and who ruled, what hangs on it.

Readings stand in plain words and as the language writes them: what counts is the latter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from interlock.app.terms import NO_RECORD, hangs_on, has_record, is_set_aside
from interlock.cli._dispute_words import ANYONE, when_words, who_words
from interlock.cli._page import BLANK, Line, Mark, Span, Words, faint, line, strong
from interlock.cli._wording import role_titles
from interlock.engine import ActionCut, RulingStanding, TermReport, TermStanding
from interlock.policy import Condition, Policy, Roles, condition_text, disputant_in_words, in_words
from interlock.terms import format_instant

_BINDS: Final = "binds"
_STATES: Final = {
    _BINDS: ("✓ it binds", Mark.GOOD),
    "superseded": ("· a later one has taken its place", Mark.FAINT),
    "set-aside": ("! set aside: whoever ruled may not", Mark.OPEN),
    "unknown-reading": ("! set aside: the text has no such reading", Mark.OPEN),
    "without-effect": ("? without effect: it does not suffice, or another contradicts it", Mark.OPEN),
}


def term_page(report: TermReport) -> Iterator[Line]:
    """Yield the page."""
    recorded = has_record(report)
    several = len({(version.id, version.version) for version in report.versions}) > 1
    yield from _head(report, recorded=recorded)
    for standing in report.terms:
        yield BLANK
        yield from _term(standing, recorded=recorded, several=several)


def _head(report: TermReport, *, recorded: bool) -> Iterator[Line]:
    by = ", ".join(f"{version.id} {version.version}" for version in report.versions)
    if recorded:
        known = "" if report.known_at == report.as_of else f", by what was known at {format_instant(report.known_at)}"
        yield line(strong("Terms"), f" as of {format_instant(report.as_of)}{known}, by {by}")
    else:
        yield line(strong("Terms"), f" of {by}; ", Span(NO_RECORD, Mark.OPEN))
    disputed = [standing for standing in report.terms if standing.readings is not None]
    counted = f"{_number(len(report.terms), 'term')}, {len(disputed)} in dispute"
    if recorded:
        still = sum(standing.is_open for standing in disputed)
        counted += f", {still} of them open: no ruling binds"
    yield line(counted, indent=2)


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _term(standing: TermStanding, *, recorded: bool, several: bool) -> Iterator[Line]:
    of = f" of {standing.policy.id} {standing.policy.version}" if several else ""
    yield line(*_state(standing, recorded=recorded), strong(standing.id), faint(f"{of}{_place(standing)}"))
    if standing.means is not None:
        yield from _condition("means: ", standing.means, standing.policy)
    if standing.readings is None:
        return
    for name, part in standing.readings.readings:
        yield from _condition(f"read as `{name}`: ", part, standing.policy)
        if recorded:
            yield line(_hangs(standing, name), indent=6)
    for one in standing.disputed:
        yield line(disputant_in_words(one), indent=2, hang=4)
    yield line(f"may rule: {may_rule(standing.readings.ruled_by, standing.policy)}", indent=2)
    for ruling in standing.rulings:
        yield from _ruling(ruling, standing.policy)
    if recorded:
        yield from _open(standing)


def _state(standing: TermStanding, *, recorded: bool) -> tuple[Words, ...]:
    if standing.readings is None:
        return ()
    if recorded and standing.is_open:
        return (Span("? open: ", Mark.OPEN),)
    # Where nobody is bound yet there is nobody for whom it could be open, and it is not ruled on either.
    if any(ruling.state == _BINDS for ruling in standing.rulings):
        return (Span("✓ ruled on: ", Mark.GOOD),)
    return (Span("in dispute: ", Mark.STRONG),)


def _place(standing: TermStanding) -> str:
    if standing.term is None:
        return " (stands in a condition)"
    clause = standing.term.clause
    place = ", ".join(f"{name} {text}" for name, text in (("section", clause.section), ("page", clause.page)) if text)
    return f" ({place})" if place else ""


def _condition(label: str, condition: Condition, policy: Policy) -> Iterator[Line]:
    yield line(f"{label}{in_words(condition, policy)}", indent=2, hang=4)
    yield line(faint(condition_text(condition)), indent=6)


def _hangs(standing: TermStanding, reading: str) -> str:
    """Return what is held and asked if that reading counts, of what depends on it."""
    held = [cut for cut in standing.cuts if cut.held[reading]]
    words = f"held under it: {_actions(held)}" if held else "nothing more is held under it"
    asked = set(standing.asked.values())
    if len(asked) > 1:
        number = standing.asked[reading]
        words += f"; {_number(number, 'instance')} of duties {'has' if number == 1 else 'have'} come about"
    return words


def _actions(cuts: list[ActionCut]) -> str:
    models: dict[str, list[str]] = {}
    for cut in cuts:
        models.setdefault(cut.model, []).append(cut.action)
    return "; ".join(f"{', '.join(actions)} of {model}" for model, actions in models.items())


def may_rule(roles: Roles | None, policy: Policy) -> str:
    """Return who may rule on a text: the roles that the policy names, and how many of them it takes."""
    if roles is None:
        return ANYONE
    titles = role_titles(roles.names, [policy])
    if len(roles.names) == 1:
        return titles
    return f"{titles}, together" if roles.needed == len(roles.names) else f"{roles.needed} of {titles}"


def _ruling(ruling: RulingStanding, policy: Policy) -> Iterator[Line]:
    side = "" if ruling.side is None else f" (side: {ruling.side})"
    about = ruling.about
    whom = f"model {about.model}" if about.model else about.developer or "the world"
    yield line(
        f"{when_words(ruling.event)}: ruled to be read as `{ruling.reading}` for {whom}, by "
        f"{who_words(ruling.event, policy)}{side}",
        indent=2,
    )
    if ruling.reason:
        yield line(faint(f"why: {ruling.reason}"), indent=4)
    words, mark = _STATES.get(ruling.state, (ruling.state, Mark.OPEN))
    in_favour = "" if is_set_aside(ruling.state) else f"; in favour of {ruling.favours}"
    yield line(Span(words, mark), f"{in_favour} (event {ruling.event.index})", indent=4)


def _open(standing: TermStanding) -> Iterator[Line]:
    if not standing.is_open:
        return
    whom = ", ".join(standing.open_for)
    what = "what hangs on it stands above" if hangs_on(standing) else "nothing hangs on it, on this record"
    said = f": where its readings differ it is contested; {what}"
    yield line(Span(f"? no ruling binds for {whom}", Mark.OPEN), said, indent=2)
