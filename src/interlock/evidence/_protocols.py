"""The `protocols` mapping: which suite and elicitation a task with its arguments stands for.

An evaluation log names a task; a policy's measure names a suite and the elicitation that it asks for (LANGUAGE 1).
A workspace joins the two by a list of entries, read here from an already loaded mapping:

    - {task: halcyon/autonomy, args: {tools: true}, suite: halcyon/autonomy, elicitation: [chain-of-thought, tools]}

`args` (and `solver-args`) must all be among the log's; arguments that the entry does not mention match anything. A run
whose solver was replaced matches only an entry that names that `solver`. Of several entries that match, the one that
states everything the others state, and more, is used; where there is none such the log is refused as ambiguous.
Further keys: `scorer` (which one counts), `subset: allowed` (a run over a part of the suite may stand for it) and
`no-answer: failed` (a refusal or an empty answer is a failure of the model; without it such a try decides nothing).
Pure: never opens the workspace file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from interlock.evidence._errors import EvidenceRefusedError, ProtocolError
from interlock.evidence._log import EvaluationLog, Finding
from interlock.terms import nearest

_KEYS: Final = ("task", "args", "solver", "solver-args", "scorer", "suite", "elicitation", "subset", "no-answer")
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*", re.ASCII)
_NOT_TEXT_IN_YAML: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_MAXIMUM_LENGTH: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationProtocol:
    """One entry of the mapping: the runs it is about, and what they stand for."""

    task: str
    suite: str
    elicitation: tuple[str, ...]
    args: Mapping[str, object] = field(default_factory=dict)
    solver: str | None = None
    solver_args: Mapping[str, object] = field(default_factory=dict)
    scorer: str | None = None
    subset_allowed: bool = False
    no_answer_fails: bool = False

    def matches(self, log: EvaluationLog) -> bool:
        """Decide whether the entry is about the run of `log`."""
        return (
            self.task == log.task
            and self.solver == log.solver
            and _states(log.task_args, self.args)
            and _states(log.solver_args, self.solver_args)
        )

    @property
    def conditions(self) -> frozenset[tuple[str, str]]:
        """Return what the entry asks of a run beyond its task, by which entries are more or less specific."""
        return frozenset(("args", name) for name in self.args) | {("solver-args", name) for name in self.solver_args}


def read_protocols(entries: object) -> tuple[EvaluationProtocol, ...]:
    """Return the entries of a loaded `protocols` list; ProtocolError with every fault of it.

    None stands for a workspace without the key: no protocols.
    """
    if entries is None:
        return ()
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise ProtocolError((f"`protocols` is {_kind(entries)}; expected a list of entries",))
    faults: list[str] = []
    protocols = [_read_entry(entry, f"protocols[{index}]", faults) for index, entry in enumerate(entries)]
    if faults:
        raise ProtocolError(tuple(faults))
    return tuple(protocol for protocol in protocols if protocol is not None)


def _read_entry(entry: object, place: str, faults: list[str]) -> EvaluationProtocol | None:
    if not isinstance(entry, Mapping):
        faults.append(f"`{place}` is {_kind(entry)}; expected a mapping with `task`, `suite` and `elicitation`")
        return None
    for key in entry:
        if key not in _KEYS:
            close = nearest(str(key), _KEYS)
            hint = f"; did you mean `{close}`" if close else f"; expected one of {', '.join(_KEYS)}"
            faults.append(f"`{place}` has the unknown key `{key}`{hint}")
    reader = _EntryReader(entry, place, faults)
    return EvaluationProtocol(
        task=reader.text("task", required=True) or "",
        suite=reader.text("suite", required=True) or "",
        elicitation=reader.texts("elicitation"),
        args=reader.mapping("args"),
        solver=reader.text("solver", required=False),
        solver_args=reader.mapping("solver-args"),
        scorer=reader.text("scorer", required=False),
        subset_allowed=reader.word("subset", "allowed"),
        no_answer_fails=reader.word("no-answer", "failed"),
    )


@dataclass(frozen=True, slots=True)
class _EntryReader:
    """Reads the keys of one entry, and collects the faults."""

    entry: Mapping[object, object]
    place: str
    faults: list[str]

    def text(self, key: str, *, required: bool) -> str | None:
        if key not in self.entry:
            if required:
                self.faults.append(f"`{self.place}` has no `{key}`")
            return None
        return self._checked_text(self.entry[key], f"{self.place}.{key}")

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.entry.get(key)
        if not isinstance(values, Sequence) or isinstance(values, str):
            got = "missing" if key not in self.entry else _kind(values)
            self.faults.append(
                f"`{self.place}.{key}` is {got}; expected a list of techniques, `[]` where none was used"
            )
            return ()
        return tuple(self._checked_text(value, f"{self.place}.{key}[{index}]") for index, value in enumerate(values))

    def mapping(self, key: str) -> Mapping[str, object]:
        values = self.entry.get(key, {})
        if not isinstance(values, Mapping) or not all(isinstance(name, str) for name in values):
            self.faults.append(
                f"`{self.place}.{key}` is {_kind(values)}; expected a mapping from argument names to values"
            )
            return {}
        return dict(values)

    def word(self, key: str, word: str) -> bool:
        if key in self.entry and self.entry[key] != word:
            self.faults.append(f"`{self.place}.{key}` is `{self.entry[key]}`; expected `{word}`, or no such key")
        return self.entry.get(key) == word

    def _checked_text(self, value: object, place: str) -> str:
        if isinstance(value, str) and value and value.isprintable() and len(value) <= _MAXIMUM_LENGTH:
            return value
        self.faults.append(
            f"`{place}` is {_kind(value)}; expected a text of 1 to {_MAXIMUM_LENGTH} printable characters"
        )
        return ""


def protocol_for(log: EvaluationLog, protocols: Sequence[EvaluationProtocol]) -> EvaluationProtocol:
    """Return the entry that speaks for the run of `log`; EvidenceRefusedError where none or no single one does."""
    matching = [protocol for protocol in protocols if protocol.matches(log)]
    if not matching:
        raise EvidenceRefusedError((_unnamed(log, protocols),), advice=f"add to `protocols`: {line_to_add(log)}")
    best = [
        protocol
        for protocol in matching
        if all(protocol.conditions > other.conditions for other in matching if other is not protocol)
    ]
    if len(best) != 1:
        detail = (
            f"{len(matching)} entries of `protocols` match the task `{log.task}`, and none states more than the others"
        )
        reason = Finding("ambiguous-protocol", detail)
        raise EvidenceRefusedError(
            (reason,), advice="leave one of them, or let one state every argument of the others and more"
        )
    return best[0]


def _unnamed(log: EvaluationLog, protocols: Sequence[EvaluationProtocol]) -> Finding:
    run = f"the task `{log.task}`" + (f" with the solver `{log.solver}`" if log.solver is not None else "")
    if any(protocol.task == log.task for protocol in protocols):
        return Finding("no-protocol", f"no entry of `protocols` matches {run} with these arguments")
    close = nearest(log.task, {protocol.task for protocol in protocols})
    hint = f"; the nearest that one names is `{close}`" if close else ""
    return Finding(
        "no-protocol", f"no entry of `protocols` names {run}, so its suite and elicitation are unknown{hint}"
    )


def line_to_add(log: EvaluationLog) -> str:
    """Return the entry that would name the run of `log`, with SUITE and TECHNIQUE for a person to fill in."""
    parts = [f"task: {_yaml(log.task)}"]
    if log.task_args:
        parts.append(f"args: {_yaml(log.task_args)}")
    if log.solver is not None:
        parts.append(f"solver: {_yaml(log.solver)}")
    if log.solver_args:
        parts.append(f"solver-args: {_yaml(log.solver_args)}")
    return f"- {{{', '.join(parts)}, suite: SUITE, elicitation: [TECHNIQUE]}}"


def _yaml(value: object) -> str:
    """Return `value` in YAML's flow style on one line."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT_IN_YAML:
        return value
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_yaml(name)}: {_yaml(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _states(stated: Mapping[str, object], asked: Mapping[str, object]) -> bool:
    return all(name in stated and _same(stated[name], value) for name, value in asked.items())


def _same(one: object, other: object) -> bool:
    """Decide whether two JSON values are the same; a truth value is never a number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(_same(*pair) for pair in zip(one, other, strict=True))
    return one == other


def _kind(value: object) -> str:
    match value:
        case None:
            return "empty"
        case Mapping():
            return "a mapping"
        case str() | int() | float():
            shown = str(value)[:80].encode("unicode_escape").decode("ascii")
            return f"`{shown}`"
        case Sequence():
            return "a list"
        case _:
            return f"a {type(value).__name__}"
