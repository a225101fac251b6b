"""The pages of the documentation, and what each kind of block in them must live up to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml
from sybil.evaluators.python import PythonEvaluator

from interlock.notation import FaultsError
from interlock.policy import Policy, condition_text, decode
from interlock.policy.clauses import read_inventory
from interlock.record import Event
from tests.docs.answers import check_answer, events_of, events_stated, whole_record, with_digests
from tests.docs.fences import Fence, fences_of
from tests.docs.frame import REPOSITORY, completed, with_condition
from tests.docs.reports import check_duties, check_replay
from tests.docs.terminal import Terminal, commands_of, matches

DOCS: Final = REPOSITORY / "docs"
PAGES: Final = (REPOSITORY / "README.md", *sorted(DOCS.rglob("*.md")))


@dataclass
class Reading:
    """A page being read: what its blocks so far have stated, and a folder for its files and commands."""

    folder: Path
    policies: tuple[Policy, ...] = ()
    events: tuple[Event, ...] = ()
    refusal: str | None = None
    terminal: Terminal = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the frame's policy, a record on which a model is registered, and the examples at hand."""
        (self.folder / "examples").symlink_to(REPOSITORY / "examples")
        self.terminal = Terminal(self.folder)
        self.policies = (completed("").decode(),)
        self.events = events_of("")

    def read(self, page: Path) -> Counter[str]:
        """Check every block of the page, and return how many there were of each kind."""
        fences = fences_of(page)
        for fence in fences:
            try:
                assert self.refusal is None or fence.kind == "text", "the refusal of the block before must be shown"
                KINDS[fence.kind](self, fence)
            except Exception as error:
                error.add_note(f"in the block at {fence.place}")
                raise
        assert self.refusal is None, f"{page}: the last refusal is not shown"
        return Counter(fence.kind for fence in fences)


def _policy(reading: Reading, fence: Fence) -> None:
    """Check that a part of a policy is sound; answers after it are given by it, or `beside` those before as well.

    With `file` the whole policy is written there, for the page's commands.
    """
    whole = completed(with_digests(fence.text))
    policy = whole.decode()
    _write(reading, fence, whole.text)
    reading.policies = (*reading.policies, policy) if "beside" in fence.options else (policy,)
    reading.events = events_of("")


def _conditions(reading: Reading, fence: Fence) -> None:
    """Check that each condition is sound, and that its canonical text reads back to an equal one.

    Answers after them are given by a policy with the last of them, as that of the restriction `example` of storing.
    """
    for condition in conditions_in(fence.text):
        policy = with_condition(condition).decode()
        reading.policies, reading.events = (policy,), events_of("")
        read = policy.restrictions["example"].when
        again = with_condition(condition_text(read)).decode().restrictions["example"].when
        assert again == read


def conditions_in(text: str) -> list[str]:
    """Return the conditions of a block: one on each line where lines begin with a brace, else the whole block."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines if lines[0].startswith("{") else [text]


def _rejected_policy(reading: Reading, fence: Fence) -> None:
    """Check that the part is refused; the block after it shows how."""
    make = with_condition if fence.kind == "yaml rejected condition" else completed
    reading.refusal = "\n\n".join(fault.draw() for fault in make(fence.text).faults())
    assert reading.refusal, "this is not refused"


def _markdown_policy(reading: Reading, fence: Fence) -> None:
    """Check that a whole policy in Markdown is sound. With `file` it is written there, for the page's commands."""
    reading.policies = (decode(fence.text, file="policy.md"),)
    reading.events = events_of("")
    _write(reading, fence, fence.text)


def _rejected_markdown(reading: Reading, fence: Fence) -> None:
    """Check that a whole policy in Markdown is refused; the block after it shows how."""
    try:
        decode(fence.text, file="policy.md")
    except FaultsError as error:
        reading.refusal = error.draw()
        return
    raise AssertionError("this is not refused")


def _events(reading: Reading, fence: Fence) -> None:
    """Check that events are sound; answers after them are given by them. With `file` the record is written there."""
    reading.events = events_of(fence.text, file="events.jsonl" if fence.kind == "json events" else "events.yaml")
    _write(reading, fence, whole_record(fence.text))


def _rejected_events(reading: Reading, fence: Fence) -> None:
    """Check that events are refused; the block after it shows how."""
    try:
        events_stated(fence.text)
    except FaultsError as error:
        reading.refusal = error.draw()
        return
    raise AssertionError("these events are not refused")


def _answer(reading: Reading, fence: Fence) -> None:
    """Check that what the page says of an answer is so."""
    check_answer(fence.text, reading.policies, reading.events)


def _duties(reading: Reading, fence: Fence) -> None:
    """Check that what the page says of duties is so."""
    check_duties(fence.text, reading.policies, reading.events)


def _replay(reading: Reading, fence: Fence) -> None:
    """Check that what the page says of a replay is so."""
    check_replay(fence.text, reading.policies, reading.events)


def _text(reading: Reading, fence: Fence) -> None:
    """Check the refusal of the block before; any other text is a drawing."""
    if reading.refusal is not None:
        shown, reading.refusal = reading.refusal, None
        assert fence.text.strip("\n") == shown.strip("\n")


def _python(_reading: Reading, fence: Fence) -> None:
    """Check that the program runs."""
    PythonEvaluator()(fence.example)


def _file(reading: Reading, fence: Fence) -> None:
    """Write a file for the page's commands; one that is not named only has to be what it says."""
    if "file" in fence.options:
        _write(reading, fence, fence.text)
    elif fence.kind == "yaml":
        yaml.safe_load(fence.text)
    else:
        for line in fence.text.splitlines():
            json.loads(line)


def _inventory(reading: Reading, fence: Fence) -> None:
    """Check that an inventory of clauses is sound. With `file` it is written there, for the page's commands."""
    assert read_inventory(fence.text, file="page.clauses.tsv").clauses
    _write(reading, fence, fence.text)


def _write(reading: Reading, fence: Fence, text: str) -> None:
    if "file" not in fence.options:
        return
    path = reading.folder / fence.options["file"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _shell(_reading: Reading, fence: Fence) -> None:
    """Check that what a reader is told to make can be made; it is not run."""
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for line in fence.text.splitlines():
        target = line.partition("#")[0].removeprefix("make ").strip()
        assert f"\n{target}:" in makefile, f"there is nothing to make for `{line}`"


def _console(reading: Reading, fence: Fence) -> None:
    """Check that each command prints what the page shows."""
    for command in commands_of(fence.text):
        printed = reading.terminal.run(command.text)
        assert matches(command.shown, printed), (
            f"`{command.text}` prints\n{printed}\nand the page shows\n{command.shown}"
        )


KINDS: Final[Mapping[str, Callable[[Reading, Fence], None]]] = {
    "yaml policy": _policy,
    "yaml condition": _conditions,
    "yaml rejected policy": _rejected_policy,
    "yaml rejected condition": _rejected_policy,
    "markdown policy": _markdown_policy,
    "markdown rejected policy": _rejected_markdown,
    "yaml events": _events,
    "json events": _events,
    "yaml rejected events": _rejected_events,
    "yaml answer": _answer,
    "yaml duties": _duties,
    "yaml replay": _replay,
    "text": _text,
    "python": _python,
    "yaml": _file,
    "jsonl": _file,
    "tsv": _inventory,
    "console": _console,
    "sh": _shell,
}
"""What a block must live up to, by the words after its fence; a block with other words is an error."""
