"""Casebooks from their text: every fault of the file at once, or the cases of it.

Pure: takes the content and the name of a file. Which policies it is about is for its reader to find; `check_names` then
holds the names that it mentions against them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from interlock.casebook._expect_forms import read_expected
from interlock.casebook._fields import Reader, told_apart
from interlock.casebook._model import (
    Asked,
    AskedDuties,
    AskedReplay,
    Casebook,
    Expected,
    FileNamed,
    Mention,
    PolicyCase,
)
from interlock.casebook._short_forms import DEFAULTS, ShortForms, digest_of_word, read_defaults
from interlock.engine import Question
from interlock.notation import FaultCollector, MappingNode, Node, SequenceNode, read_yaml, shown
from interlock.policy import Policy
from interlock.record import Event, read_event_nodes
from interlock.terms import parse_digest, parse_quantity

_TOP: Final = ("about", "policy", "versions", "defaults", "events", "cases")
_CASE: Final = ("says", "source", "events", "ask", "expect")
_DECIDE: Final = ("model", "action", "as-of", "known-at", "weights", "at-compute")
_AS_OF: Final = "as-of"


@dataclass(slots=True)
class _Book:
    """The file being read: what its cases have in common."""

    reader: Reader
    forms: ShortForms
    background: tuple[Event | None, ...] = ()
    as_of: Node | None = None


def read_casebook(content: bytes | str, *, file: str) -> Casebook:
    """Return the casebook that a file states; FaultsError with every fault of it."""
    faults = FaultCollector()
    root = read_yaml(content, file=file, faults=faults)
    faults.check()
    assert root is not None  # noqa: S101 - without a root there is a fault
    reader = Reader(faults)
    found = reader.fields(root, "a file of cases", _TOP, needed=("cases",))
    book = _begun(found, reader)
    cases = _cases(found.get("cases"), book)
    casebook = Casebook(
        file=file,
        about=reader.text(found["about"], "a text", several_lines=True) if "about" in found else None,
        policy=_named(found["policy"], reader) if "policy" in found else None,
        versions=_versions(found.get("versions"), reader),
        cases=cases,
        mentions=tuple(reader.mentions),
    )
    faults.check()
    return casebook


def _begun(found: Mapping[str, Node], reader: Reader) -> _Book:
    stated: dict[str, Node] = {}
    if "defaults" in found:
        stated = reader.fields(found["defaults"], "`defaults`", (*DEFAULTS, _AS_OF))
    as_of = stated.pop(_AS_OF, None)
    book = _Book(reader, ShortForms(reader, read_defaults(stated, reader)), as_of=as_of)
    if "events" in found:
        book.background = _events(found["events"], book.forms, reader, ())
    return book


def _events(node: Node, forms: ShortForms, reader: Reader, after: Sequence[Event | None]) -> tuple[Event | None, ...]:
    before = len(reader.faults)
    nodes = forms.rewritten(reader.items(node, "`events`", "a list of events"), first=len(after))
    if len(reader.faults) > before:
        # What could not be rewritten would only be found faulty again.
        return (None,) * len(nodes)
    return read_event_nodes(nodes, reader.faults, after=after)


def _named(node: Node, reader: Reader) -> FileNamed | None:
    name = reader.text(node, "a policy file, relative to this one, or a reference to a bundled policy")
    return None if name is None else FileNamed(name=name, node=node)


def _versions(node: Node | None, reader: Reader) -> tuple[FileNamed, ...]:
    if node is None:
        return ()
    items = reader.items(node, "`versions`", "a list of policy files")
    return tuple(one for item in items if (one := _named(item, reader)) is not None)


# Cases


def _cases(node: Node | None, book: _Book) -> tuple[PolicyCase, ...]:
    if node is None:
        return ()
    items = book.reader.items(node, "`cases`", "a list: each case begins with `- says:`")
    if isinstance(node, SequenceNode) and not items:
        book.reader.fault(node, "there is no case here", "at least one case, or nothing would be tested")
    said: set[str] = set()
    return tuple(case for item in items if (case := _case(item, book, said)) is not None)


def _case(node: Node, book: _Book, said: set[str]) -> PolicyCase | None:
    reader = book.reader
    found = reader.fields(node, "a case", _CASE, needed=("says", "ask", "expect"))
    if not found:
        return None
    says = None if "says" not in found else reader.text(found["says"], "one sentence", several_lines=True)
    if says is not None:
        if says in said:
            reader.fault(found["says"], "another case says the same", "what sets this one apart")
        said.add(says)
    events = book.background
    if "events" in found:
        events += _events(found["events"], book.forms.for_a_case(), reader, events)
    ask = None if "ask" not in found else _ask(found["ask"], book)
    expect: Expected | None = None
    if ask is not None and "expect" in found:
        expect = read_expected(found["expect"], ask, reader)
    source = None if "source" not in found else _source(found["source"], reader)
    if says is None or ask is None or expect is None:
        return None
    return PolicyCase(
        says=says,
        line=node.span.line,
        source=source,
        events=tuple(event for event in events if event is not None),
        ask=ask,
        expect=expect,
    )


def _source(node: Node, reader: Reader) -> str | None:
    """Return where the text says it: a section, or `{section, page}`."""
    if not isinstance(node, MappingNode):
        return reader.text(node, "a section of the policy's text")
    found = reader.fields(node, "`source`", ("section", "page"), needed=("section",))
    parts = {key: reader.text(value, f"a {key} of the policy's text") for key, value in found.items()}
    page = parts.get("page")
    return f"{parts.get('section')}, page {page}" if page else parts.get("section")


# Questions


def _ask(node: Node, book: _Book) -> Asked | None:
    stated = told_apart(node, {"decide": _DECIDE, "duties": (), "replay": ()}, "`ask`", book.reader)
    if stated is None:
        return None
    asks, inner = stated
    match asks:
        case "decide":
            return _ask_decision(inner, book)
        case "duties":
            found = book.reader.fields(inner, "`duties`", (_AS_OF, "known-at"))
            as_of = _as_of(found, inner, book)
            known_at = book.reader.instant(found["known-at"]) if "known-at" in found else None
            return None if as_of is None else AskedDuties(as_of=as_of, known_at=known_at)
        case _:
            return _ask_replay(inner, book)


def _as_of(found: Mapping[str, Node], node: Node, book: _Book) -> datetime | None:
    stated = found.get(_AS_OF) or book.as_of
    if stated is None:
        book.reader.fault(node, "the question has no `as-of`, nor have the defaults", "the time that the answer is for")
        return None
    return book.reader.instant(stated)


def _ask_decision(node: Node, book: _Book) -> Question | None:
    reader = book.reader
    found = reader.fields(node, "`decide`", _DECIDE, needed=("action",))
    model = reader.text(found["model"], "a model") if "model" in found else book.forms.defaults.model
    if model is None and "model" not in found:
        reader.fault(node, "the question has no `model`, nor have the defaults", "the model that is asked about")
    action = reader.text(found["action"], "an action such as train") if "action" in found else None
    as_of = _as_of(found, node, book)
    known_at = reader.instant(found["known-at"]) if "known-at" in found else None
    weights = None
    if "weights" in found:
        weights = reader.parsed(
            found["weights"],
            "a digest, or `sha256:` and a word",
            lambda text: parse_digest(digest_of_word(text)),
        )
    at_compute = None
    if "at-compute" in found:
        at_compute = reader.parsed(found["at-compute"], "an effective compute such as `2e26 FLOP`", parse_quantity)
    if model is None or action is None or as_of is None:
        return None
    return Question(model=model, action=action, as_of=as_of, known_at=known_at, weights=weights, at_compute=at_compute)


def _ask_replay(node: Node, book: _Book) -> AskedReplay | None:
    reader = book.reader
    found = reader.fields(node, "`replay`", (_AS_OF, "under"))
    if not found and not isinstance(node, MappingNode):
        return None
    as_of = reader.instant(found[_AS_OF]) if _AS_OF in found else None
    under = reader.text(found["under"], "a version, or POLICY@VERSION") if "under" in found else None
    if under is not None:
        reader.mentions.append(Mention(sort="version", name=under, node=found["under"]))
    return AskedReplay(as_of=as_of, under=under)


# Names


def check_names(casebook: Casebook, policies: Sequence[Policy]) -> None:
    """Raise FaultsError with every name of an item or a version that none of the policies has."""
    faults = FaultCollector()
    known = {sort: tuple(dict.fromkeys(_names_of(sort, policies))) for sort in _SORTS}
    for mention in casebook.mentions:
        names = known[mention.sort]
        if mention.name not in names:
            message = f"no policy of these cases has the {mention.sort} `{shown(mention.name)}`"
            faults.add(
                mention.node.source,
                mention.node.span,
                message,
                expected=_SORTS[mention.sort],
                name=mention.name,
                names=names,
            )
    faults.check()


_SORTS: Final[Mapping[str, str]] = {
    "deciding item": "a restriction, a duty that forbids while it is overdue, or a permission",
    "restriction": "a restriction, or a duty that forbids while it is overdue",
    "duty": "a duty",
    "pledge": "a pledge",
    "departing item": "a restriction, a duty, or the id of a policy",
    "version": "a version of the policy, or POLICY@VERSION",
}


def _names_of(sort: str, policies: Sequence[Policy]) -> Iterable[str]:
    for policy in policies:
        match sort:
            case "version":
                yield from (policy.version, f"{policy.id}@{policy.version}")
            case "pledge":
                yield from policy.pledges
            case "duty":
                yield from policy.duties
            case "departing item":
                yield from (*policy.restrictions, *policy.duties, policy.id)
            case _:
                yield from policy.restrictions
                yield from (duty.id for duty in policy.duties.values() if duty.otherwise_forbids)
                yield from policy.permissions if sort == "deciding item" else ()
