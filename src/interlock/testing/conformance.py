"""Runs conformance rows of the policy language: files, a question, and what the answer must contain.

The format is that of the public suite (its README says what each field means), and so are the comparisons: what a row
does not name is not compared, and of a duty that it names nothing more may be owed. Every row is run. Writes each
row's files into a folder of its own and hands the arguments to `run`, which is a process, a function or a stub;
decides nothing itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml

_QUESTION_FIELDS: Final = ("model", "action", "as_of", "known_at", "weights")
_NOTHING_IS_OWED: Final = ("done", "not-triggered")
"""The states that other instances of a duty named in a row may be in."""
_LENGTH: Final = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_UNITS: Final = (604800, 86400, 3600, 60, 1)
"""Weeks, days, hours, minutes and seconds in seconds, in the order of the length's groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """A policy file of a row, as text after the row's replacements."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule of the language: policies, events, a question and what the answer must contain."""

    topic: str
    id: str
    says: str
    policies: tuple[PolicyFile, ...]
    events: tuple[Mapping[str, Any], ...]
    verb: str
    question: Mapping[str, Any]
    expect: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The topic and the id, which name the row in a report."""
        return f"{self.topic}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command answered."""

    exit: int
    out: str
    err: str


Run = Callable[[Sequence[str]], Answer]
"""Takes a command's arguments, without the program's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a row: its misses; without any it passed."""

    row: Row
    misses: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything that the row names was there."""
        return not self.misses


_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the former is many times quicker where it is built


class _Plain(_SafeLoader):  # type: ignore[misc] # chosen when it runs
    """A loader that leaves dates as texts: rows and events state instants as texts."""


_Plain.yaml_implicit_resolvers = {
    first: [resolver for resolver in resolvers if resolver[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_rows(folder: Path) -> tuple[Row, ...]:
    """Return the rows of every topic in `folder`, by topic and in the order of the file.

    ValueError where a patch finds nothing to replace, a base or an id is missing, or two rows share an id.
    """
    rows: list[Row] = []
    for path in sorted(folder.glob("*.yaml")):
        document = _load(path.read_text(encoding="utf-8"))
        rows += [_row(folder, path.stem, entry, document.get("bases") or {}) for entry in document.get("rows") or []]
    ids = [row.id for row in rows]
    if repeated := sorted({one for one in ids if ids.count(one) > 1}):
        raise ValueError(f"row ids are repeated: {', '.join(repeated)}")
    return tuple(rows)


def _load(text: str) -> Any:
    return yaml.load(text, Loader=_Plain)  # noqa: S506 - a SafeLoader


def _row(folder: Path, topic: str, entry: Mapping[str, Any], bases: Mapping[str, Any]) -> Row:
    ((verb, question),) = entry["ask"].items()
    named = entry.get("base") or []
    events = [event for base in ([named] if isinstance(named, str) else named) for event in bases[base]]
    return Row(
        topic=topic,
        id=entry["id"],
        says=entry["says"],
        policies=tuple(_policy_files(folder / "policies", entry)),
        events=(*events, *(entry.get("events") or [])),
        verb=verb,
        question=question if isinstance(question, Mapping) else {},
        expect=entry["expect"],
    )


def _policy_files(folder: Path, entry: Mapping[str, Any]) -> Iterator[PolicyFile]:
    named = entry["policy"] if isinstance(entry["policy"], list) else [entry["policy"]]
    for one in named:
        file = one if isinstance(one, Mapping) else {"file": one}
        text = (folder / file["file"]).read_text(encoding="utf-8")
        for patch in file.get("patch") or (entry.get("patch") if len(named) == 1 else None) or []:
            if patch["old"] not in text:
                raise ValueError(f"row {entry['id']}: nothing in {file['file']} to replace: {patch['old']!r}")
            text = text.replace(patch["old"], patch["new"], 1)
        yield PolicyFile(name=file["file"], text=text)


# Running and comparing


def run_row(row: Row, run: Run) -> Result:
    """Return what became of `row`; an exception of `run` is a miss."""
    with TemporaryDirectory() as folder:
        arguments, first = _arguments(row, Path(folder))
        try:
            answer = run(arguments)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in the program under test is a miss of its row
            return Result(row=row, misses=(f"{type(error).__name__}: {error}",))
        return Result(row=row, misses=tuple(compare(row, answer, first)))


def run_rows(rows: Sequence[Row], run: Run) -> Iterator[Result]:
    """Yield what became of each row, in order."""
    for row in rows:
        yield run_row(row, run)


def _arguments(row: Row, folder: Path) -> tuple[list[str], Path]:
    """Write the row's files; return the command's arguments and the first policy file."""
    paths = [folder / f"{number}-{file.name}" for number, file in enumerate(row.policies)]
    for path, file in zip(paths, row.policies, strict=True):
        path.write_text(file.text, encoding="utf-8")
    if row.verb == "check":
        return ["policy", "check", *map(str, paths)], paths[0]
    events = folder / "events.jsonl"
    lines = [json.dumps(event, ensure_ascii=False) + "\n" for event in row.events]
    events.write_text("".join(lines), encoding="utf-8")
    arguments = [row.verb, "--policy", *map(str, paths), "--events", str(events)]
    for name in _QUESTION_FIELDS:
        if name in row.question:
            arguments += [f"--{name.replace('_', '-')}", str(row.question[name])]
    return [*arguments, "--json"], paths[0]


def compare(row: Row, answer: Answer, policy: Path) -> Iterator[str]:
    """Yield what the answer lacks of what the row names; `policy` is the file that faults are looked for in."""
    expect = row.expect
    if "exit" in expect and answer.exit != expect["exit"]:
        yield f"exit {answer.exit}, wanted {expect['exit']}"
    if "faults" in expect:
        yield from _missing_faults(expect["faults"], answer, policy.name)
        return
    if set(expect) <= {"exit"}:
        return
    try:
        given = json.loads(answer.out)
    except ValueError:
        yield f"no JSON (exit {answer.exit}): {(answer.err or answer.out)[-160:]!r}"
        return
    yield from _missing_in_decision(expect, given)
    if "duties" in expect:
        yield from unlike_duties(expect, given.get("duties") or [])
    if "breaches" in expect:
        yield from unlike_breaches(expect, given.get("breaches") or [])


def _missing_faults(faults: Sequence[Mapping[str, Any]], answer: Answer, name: str) -> Iterator[str]:
    said = f"{answer.out}\n{answer.err}"
    lines = {int(line) for line in re.findall(re.escape(name) + r":(\d+)", said)}
    lines |= {int(line) for line in re.findall(r'(?:\bline"?:?\s+)(\d+)', said)}
    for fault in faults:
        if fault["line"] not in lines:
            yield f"no fault at line {fault['line']}, but at {sorted(lines)}"
        if fault["contains"] not in said:
            yield f"no mention of {fault['contains']!r}"


def _missing_in_decision(expect: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    if "outcome" in expect and given.get("outcome") != expect["outcome"]:
        yield f"outcome {given.get('outcome')}, wanted {expect['outcome']}"
    for name in ("by_default", "unrestricted"):
        if name in expect and bool(given.get(name)) != expect[name]:
            yield f"{name} {given.get(name)}, wanted {expect[name]}"
    states = {restriction["id"]: restriction["state"] for restriction in given.get("restrictions") or []}
    for one, state in (expect.get("restrictions") or {}).items():
        if states.get(one) != state:
            yield f"restriction {one} {states.get(one)}, wanted {state}"
    findings = {finding["id"] for finding in given.get("findings") or []}
    for one in expect.get("findings") or []:
        if one not in findings:
            yield f"finding {one} missing"
    reasons = set(_reasons(given.get("restrictions") or []))
    for one in expect.get("reasons") or []:
        if not any(is_reason(reason, one) for reason in reasons):
            yield f"reason {one} missing"


def unlike_duties(expect: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield each duty wanted that is not among those given, and what else is owed of the duties named.

    Each instance given stands for one wanted. One that is wanted `not-triggered` may be left out of an answer.
    """
    left = list(given)
    for wanted in expect["duties"]:
        found = next((one for one in left if _fits(wanted, one)), None)
        if found is not None:
            left.remove(found)
            continue
        others = [one for one in left if one["id"] == wanted["id"]]
        if wanted["state"] != "not-triggered" or any(one["state"] not in _NOTHING_IS_OWED for one in others):
            shown = [{name: one.get(name) for name in ("instance", "state", "due", "late_by")} for one in others]
            yield f"duty {dict(wanted)} not among {shown}"
    named = {wanted["id"] for wanted in expect["duties"]}
    allowed = {*_NOTHING_IS_OWED, *expect.get("may_also", [])}
    for one in left:
        if one["id"] in named and one["state"] not in allowed:
            yield f"duty {one['id']} also {one['state']}"


def _fits(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    if (given["id"], given["state"]) != (wanted["id"], wanted["state"]):
        return False
    if "instance" in wanted and str(given.get("instance")) != wanted["instance"]:
        return False
    due = given.get("due")
    if "due" in wanted and (not due or _instant(due) != _instant(wanted["due"])):
        return False
    return _is_as_late(wanted, given)


def unlike_breaches(expect: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield each departure wanted that is not among those given, and those given of what no departure is wanted of."""
    left = list(given)
    for wanted in expect["breaches"]:
        found = next((one for one in left if _departs(wanted, one)), None)
        if found is not None:
            left.remove(found)
        else:
            shown = [(one["kind"], one["id"], one.get("late_by")) for one in left]
            yield f"breach {dict(wanted)} not among {shown}"
    for one in left:
        if all(wanted.get("id", one["id"]) != one["id"] for wanted in expect["breaches"]):
            yield f"breach {one['kind']} of {one['id']} not wanted"


def _departs(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    same = all(wanted.get(name, given[name]) == given[name] for name in ("id", "kind"))
    return same and _is_as_late(wanted, given)


def _is_as_late(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    if "late_by" not in wanted:
        return True
    late = _seconds(wanted["late_by"])
    return late is not None and late == _seconds(given.get("late_by"))


def _instant(text: Any) -> datetime:
    instant = datetime.fromisoformat(str(text))
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _seconds(text: Any) -> int | None:
    """Return the length of a duration in whole seconds, None where it is none."""
    length = _LENGTH.fullmatch(str(text))
    if length is None:
        return None
    return sum(int(number or 0) * unit for number, unit in zip(length.groups(), _UNITS, strict=True))


def is_reason(given: str, wanted: str) -> bool:
    """Whether a reason given is the one wanted, or begins with it and goes on."""
    return given == wanted or given.startswith((f"{wanted} ", f"{wanted},"))


def _reasons(node: Any) -> Iterator[str]:
    """Yield every `reason` that stands anywhere in a trace."""
    for mapping in _mappings(node):
        if isinstance(mapping.get("reason"), str):
            yield mapping["reason"]


def _mappings(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, Mapping):
        yield node
        for part in node.values():
            yield from _mappings(part)
    elif isinstance(node, list):
        for part in node:
            yield from _mappings(part)
