"""Missing or faulty evidence never permits by evidence: the table in missing_evidence.yaml, cell by cell.

The table states the answers beforehand, derived by hand from LANGUAGE; see its head. Each cell is asked all the way
from bytes: the policy is decoded, the events are read, the decision is made.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from interlock.engine import Decision, Question, Refused, decide, decision_to_json, exit_code
from interlock.notation import FaultsError
from interlock.policy import (
    Active,
    Approved,
    Argued,
    Attested,
    Condition,
    Happened,
    InForce,
    Judged,
    Leaf,
    Measured,
    Meets,
    Notified,
    Policy,
    Published,
    QuantityIs,
    Reached,
    RuledOut,
    TermHolds,
    Undefined,
    decode,
    leaves,
)
from interlock.record import read_events
from interlock.terms import parse_instant

TABLE: Final[Mapping[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("missing_evidence.yaml").read_text(encoding="utf-8")
)
FAULTS: Final[tuple[str, ...]] = tuple(TABLE["faults"])
SOUND: Final = "sound"
ABSENT: Final = "ABSENT"
BURDENS: Final = ("developer", "challenger")
LETTERS: Final = {0: "P", 1: "H", 3: "h", 6: "p"}
LEAVES: Final[Mapping[str, type[Leaf]]] = {
    "reached": Reached,
    "ruled-out": RuledOut,
    "measure": Measured,
    "quantity": QuantityIs,
    "growth freshness": Leaf,
    "elapsed freshness": Leaf,
    "meets": Meets,
    "attested": Attested,
    "judged": Judged,
    "argued": Argued,
    "approved": Approved,
    "published": Published,
    "notified": Notified,
    "event": Happened,
    "active": Active,
    "in-force": InForce,
    "undefined": Undefined,
    "term": TermHolds,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One condition in one place of the policy, with the evidence that is spoilt and the answers expected."""

    id: str
    leaf: str
    place: str
    condition: str
    evidence: str
    answers: Mapping[str, str]
    because: Mapping[str, str]

    @property
    def spoilings(self) -> Mapping[str, list[dict[str, Any]]]:
        """The ways of each fault; the sound evidence is spoilt in no way."""
        return {SOUND: [{}], **TABLE["evidence"][self.evidence]["faults"]}

    @property
    def cannot(self) -> Mapping[str, str]:
        """Why a fault can't occur."""
        reasons: Mapping[str, str] = TABLE["evidence"][self.evidence].get("cannot", {})
        return reasons

    @property
    def explanations(self) -> Mapping[str, str]:
        """Why a fault may permit by evidence, said of the row or of its evidence."""
        return {**TABLE["evidence"][self.evidence].get("because", {}), **self.because}

    def __str__(self) -> str:
        """Return the row's name; rows of one leaf in one place are numbered."""
        return self.id


def _rows() -> Iterator[Row]:
    met: Counter[str] = Counter()
    for row in TABLE["rows"]:
        name = f"{row['leaf']} in {row['place']}"
        met[name] += 1
        answers = dict(zip((SOUND, *FAULTS), row["answers"].split(), strict=True))
        yield Row(**{**row, "id": f"{name} {met[name]}", "answers": answers, "because": row.get("because", {})})


ROWS: Final = tuple(_rows())
CELLS: Final = [(row, fault) for row in ROWS for fault in (SOUND, *FAULTS) if row.answers[fault] != "-"]


@cache
def _policy(place: str, condition: str, burden: str) -> Policy:
    text = TABLE["policy"].replace("BURDEN", burden)
    for slot, key in (("HOLD", "hold"), ("LIFT", "lift")):
        text = text.replace(slot, TABLE["places"][place].get(key, "").replace("CONDITION", condition))
    return decode(text.encode(), file="policy.yaml")


def _spoilt(events: Mapping[str, dict[str, Any]], spoiling: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the events by name, spoilt in one way, with what the table leaves to its defaults filled in."""
    named = copy.deepcopy(dict(events))
    for event in named.values():
        _fill_in(event)
    for path, value in spoiling.items():
        if path in {"reason", "finding"}:
            continue
        *owners, field = path.split(".")
        place: dict[str, Any] = named
        for owner in owners:
            place = place[owner]
        if value == ABSENT:
            place.pop(field, None)
        else:
            place[field] = copy.deepcopy(value)
            if not owners:
                _fill_in(place[field])
    return named


def _fill_in(event: dict[str, Any]) -> None:
    event.setdefault("occurred", TABLE["occurred"])
    event.setdefault("subject", copy.deepcopy(TABLE["subject"]))


def _touched(spoiling: Mapping[str, Any]) -> set[str]:
    return {path.split(".")[0] for path in spoiling} - {"reason", "finding"}


def _lines(events: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(event) + "\n" for event in events).encode()


def _answer(row: Row, burden: str, content: bytes, file: str = "events.jsonl") -> Decision:
    asked = TABLE["question"]
    question = Question(
        model=asked["model"], weights=asked["weights"], action=asked["action"], as_of=parse_instant(asked["as_of"])
    )
    return decide([_policy(row.place, row.condition, burden)], read_events([(file, content)]), question)


def _values_of(key: str, node: object) -> Iterator[str]:
    """Yield every value of `key` within a decision as JSON."""
    if isinstance(node, dict):
        if isinstance(node.get(key), str):
            yield node[key]
        for part in node.values():
            yield from _values_of(key, part)
    elif isinstance(node, list):
        for part in node:
            yield from _values_of(key, part)


def _check_answered(row: Row, fault: str, spoiling: Mapping[str, Any]) -> None:
    events = _spoilt(TABLE["evidence"][row.evidence]["events"], spoiling)
    content = _lines([*TABLE["known"], *events.values()])
    decisions = [_answer(row, burden, content) for burden in BURDENS]
    assert row.answers[fault] == "".join(LETTERS[exit_code(decision)] for decision in decisions), spoiling
    for decision in decisions:
        written = decision_to_json(decision, engine="test")
        reasons = set(_values_of("reason", written["restrictions"]))
        expected = spoiling.get("reason")
        assert expected is None or any(reason.startswith(expected) for reason in reasons), (spoiling, reasons)
        finding = spoiling.get("finding")
        assert finding is None or finding in {found["id"] for found in written["findings"]}, spoiling


def _check_refused(row: Row, spoiling: Mapping[str, Any]) -> None:
    events = _spoilt(TABLE["evidence"][row.evidence]["events"], spoiling)
    given = [*TABLE["known"], *events.values()]
    lines = {number for number, name in enumerate(events, start=len(TABLE["known"]) + 1) if name in _touched(spoiling)}
    with pytest.raises(FaultsError) as refused:
        _answer(row, "challenger", _lines(given))
    assert lines == {fault.span.line for fault in refused.value.faults}, spoiling
    with pytest.raises(FaultsError):
        _answer(row, "challenger", yaml.safe_dump(given).encode(), "events.yaml")


@pytest.mark.parametrize(("row", "fault"), CELLS, ids=[f"{row}-{fault}" for row, fault in CELLS])
def test_each_cell_answers_as_the_language_says(row: Row, fault: str) -> None:
    assert row.spoilings[fault]
    for spoiling in row.spoilings[fault]:
        if row.answers[fault] == "RR":
            _check_refused(row, spoiling)
        else:
            _check_answered(row, fault, spoiling)


def test_no_fault_permits_by_evidence_unless_the_language_says_so_and_the_table_why() -> None:
    """The heart of it, over the whole table: a cell with P under a fault is explained, and nothing else is."""
    permitting = {(str(row), fault) for row, fault in CELLS if fault != SOUND and "P" in row.answers[fault]}
    explained = {(str(row), fault) for row in ROWS for fault in row.explanations if (str(row), fault) in permitting}
    assert permitting == explained
    for row in ROWS:
        for fault, why in row.because.items():
            assert (str(row), fault) in permitting, f"{row}, {fault}: explained, and does not permit"
            assert why.strip()
    for name, evidence in TABLE["evidence"].items():
        for fault in evidence.get("because", {}):
            assert any(row.evidence == name and (str(row), fault) in permitting for row in ROWS), (name, fault)


def test_under_the_developers_burden_what_is_unknown_in_a_trigger_holds() -> None:
    """No fault of evidence that would permit moves a trigger to permitted where the developer must show it."""
    triggers = [row for row in ROWS if row.place == "when" and row.answers[SOUND] == "PP"]
    assert triggers
    for row in triggers:
        for fault in FAULTS:
            assert row.answers[fault][0] in "hHR-" or fault in row.explanations, (row, fault)


def test_the_table_holds_every_leaf_in_every_place_and_every_fault() -> None:
    assert (
        *("missing", "stale", "malformed", "null", "NaN", "wrong type", "wrong unit", "wrong digest"),
        *("recorded later", "under-elicited", "unregistered", "contradicted", "asserted"),
    ) == FAULTS
    places = {(row.leaf, row.place) for row in ROWS}
    assert places == {(leaf, place) for leaf in LEAVES for place in TABLE["places"]}
    for fault in FAULTS:
        asked = {row.leaf for row in ROWS if row.answers[fault] != "-"}
        assert asked, fault
        if fault in {"malformed", "null", "NaN", "wrong type", "wrong digest", "recorded later", "stale"}:
            assert asked == set(LEAVES) - {"undefined"}, fault
        if fault == "missing":
            assert asked == set(LEAVES)


def test_what_cannot_occur_has_a_reason_and_nothing_else_has() -> None:
    for row in ROWS:
        left_out = {fault for fault, answer in row.answers.items() if answer == "-"}
        assert left_out == set(row.cannot), row
        assert all(reason.strip() for reason in row.cannot.values())


def test_sound_evidence_permits_by_evidence_but_where_the_leaf_waits_for_it() -> None:
    """Otherwise a row would show nothing: its answers under faults would be those without any."""
    for row in ROWS:
        assert row.answers[SOUND] in {"PP", "HH", "-"}, row
        spoilt = {row.answers[fault] for fault in FAULTS} - {"-", "RR"}
        assert spoilt - {row.answers[SOUND]}, row


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_row_asks_its_leaf_in_its_place(row: Row) -> None:
    policy = _policy(row.place, row.condition, "developer")
    hold = policy.restrictions["hold"]
    condition: Condition | None = {
        "when": hold.when,
        "until": hold.until,
        "permission": policy.permissions["lift"].when if "lift" in policy.permissions else None,
    }[row.place]
    assert condition is not None
    found = list(leaves(condition))
    assert any(isinstance(leaf, LEAVES[row.leaf]) for leaf in found), found
    if row.leaf == "growth freshness":
        fresh = policy.measures["grown"].fresh
        assert fresh is not None
        assert fresh.growth is not None
    if row.leaf == "elapsed freshness":
        assert any(leaf.fresh is not None or leaf.within_last is not None for leaf in found)


@pytest.mark.parametrize("row", [row for row in ROWS if row.answers["malformed"] == "RR"], ids=str)
def test_a_line_cut_in_half_refuses_the_run(row: Row) -> None:
    events = _spoilt(TABLE["evidence"][row.evidence]["events"], {})
    whole = _lines([*TABLE["known"], *events.values()])
    last = json.dumps(list(events.values())[-1])
    with pytest.raises(FaultsError):
        _answer(row, "challenger", whole[: -len(last) // 2])


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_of_a_model_that_no_event_registers_nothing_is_decided(row: Row) -> None:
    """4.4: no question, no answer, however much is recorded about it."""
    events = _spoilt(TABLE["evidence"][row.evidence]["events"], {})
    known = [event for event in TABLE["known"] if event["event"] != "model.registered"]
    for burden in BURDENS:
        with pytest.raises(Refused):
            _answer(row, burden, _lines([*known, *events.values()]))


def _shown(row: Row) -> str:
    cells = ("R" if answer == "RR" else answer for answer in row.answers.values())
    return f"| {row.leaf} | `{row.place}` | {' | '.join(cells)} |"


def test_the_page_shows_the_table() -> None:
    """The first row of each leaf in a trigger and in a release, as the explanation shows them."""
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "missing-evidence.md").read_text(encoding="utf-8")
    _, _, rest = page.partition("<!-- faults: begin -->")
    found, _, _ = rest.partition("<!-- faults: end -->")
    lines = [f"| leaf | in | sound | {' | '.join(FAULTS)} |", "| --- | --- |" + " :-: |" * (len(FAULTS) + 1)]
    for leaf in LEAVES:
        for place in ("when", "until"):
            own = [row for row in ROWS if (row.leaf, row.place) == (leaf, place)]
            lines.append(_shown(next((row for row in own if row.answers[SOUND] == "PP"), own[0])))
    assert found.strip() == "\n".join(lines)


FAULTS_OF_A_RUN: Final = ("stale", "under-elicited", "unregistered", "asserted")


@pytest.mark.parametrize("fault", FAULTS_OF_A_RUN)
@pytest.mark.parametrize("row", [row for row in ROWS if row.leaf in {"reached", "ruled-out"}], ids=str)
def test_inadequate_evidence_that_reaches_a_threshold_holds_by_evidence(row: Row, fault: str) -> None:
    """3.3: inadequate evidence may make a threshold's `reached-when` true, never false."""
    evidence = TABLE["evidence"]["ruling-out"]
    for spoiling in evidence["faults"][fault]:
        events = _spoilt(evidence["events"], spoiling)
        data = events["run"]["data"]
        if "estimate" in data:
            data.update(estimate="90%", lower="85%", upper="95%")
        else:
            data["successes"] = data["trials"]
        content = _lines([*TABLE["known"], *events.values()])
        assert [exit_code(_answer(row, burden, content)) for burden in BURDENS] == [1, 1], spoiling


@pytest.mark.parametrize("row", [row for row in ROWS if row.evidence == "ruling-out"], ids=str)
def test_a_run_on_a_later_checkpoint_speaks_for_no_earlier_one_even_in_training(row: Row) -> None:
    """3.3: ruling out reaches its digest and later checkpoints; the question is about the one before."""
    events = _spoilt(TABLE["evidence"]["ruling-out"]["events"], {"run.subject.weights": "sha256:" + "2" * 64})
    content = _lines([*TABLE["known"], *events.values()])
    asked = TABLE["question"]
    question = Question(
        model=asked["model"], weights=asked["weights"], action="train", as_of=parse_instant(asked["as_of"])
    )
    text = TABLE["policy"].replace("BURDEN", "developer")
    for slot, key in (("HOLD", "hold"), ("LIFT", "lift")):
        text = text.replace(slot, TABLE["places"][row.place].get(key, "").replace("CONDITION", row.condition))
    policy = decode(text.replace("forbids: [deploy.external.public]", "forbids: [train]").encode(), file="policy.yaml")
    answer = LETTERS[exit_code(decide([policy], read_events([("events.jsonl", content)]), question))]
    assert answer == row.answers["wrong digest"][0]
