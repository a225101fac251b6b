"""Clause coverage: no clause is forgotten, and none is encoded more or less firmly than it is meant without a word."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.policy import decode
from interlock.policy.clauses import (
    ClauseCoverage,
    citing_items,
    clause_coverage,
    clause_coverage_to_json,
    read_inventory,
)
from interlock.policy.clauses._coverage import Check
from tests.policy.whole import WHOLE

HEADER = """\
interlock: 1
policy: brook
version: "1"
issuer: Brook
title: Clauses
effective: 2025-01-01
roles: {board: {title: Board, side: oversight}}
"""
COLUMNS = "id\tsection\tpage\tmodality\tactor\n"
WEAKER = ["should", "expected", "aim", "may", "recommended"]
FIRM = {
    "restriction": "restrictions: {x: {forbids: [train], when: {judged: bad, by: board}, REST}}\n",
    "duty": "duties: {x: {must: report, every: {time: 1 year}, REST}}\n",
    "pledge": "pledges: {x: {maintain: {judged: good, by: board}, REST}}\n",
    "goal": "goals: {x: {by: 2026-01-01, REST}}\n",
}
WITHOUT_FIRMNESS = {
    "role": "",
    "measure": "measures: {x: {statistic: proportion, suite: s, REST}}\n",
    "threshold": "thresholds: {x: {reached-when: {judged: bad, by: board}, REST}}\n",
    "standard": "standards: {x: {controls: {y: {attested-by: board, source: {clauses: [D]}}}, REST}}\n",
    "control": "standards: {s: {source: {clauses: [D]}, controls: {x: {attested-by: board, REST}}}}\n",
    "permission": "restrictions: {h: {forbids: [train], when: {judged: bad, by: board}, source: {clauses: [D]}}}\n"
    "permissions: {x: {lifts: [h], when: {judged: good, by: board}, REST}}\n",
    "term": "terms: {x: {means: {judged: good, by: board}, REST}}\n",
    "document": "documents: {x: {REST}}\n",
    "claim": "claims: {x: {title: it is safe, REST}}\n",
    "amendments": "amendments: {published: true, REST}\n",
}


def covered(body: str, *clauses: str) -> ClauseCoverage:
    """Return the coverage of a policy by clauses such as `A must`; D is a definition that any item may cite."""
    rows = [one.split() for one in clauses]
    table = COLUMNS + "".join(f"{name}\t1\t2\t{modality}\tcompany\n" for name, modality in rows)
    return clause_coverage(decode(HEADER + body, file="p.yaml"), read_inventory(table, file="p.clauses.tsv"))


def found(coverage: ClauseCoverage, *, beside: str = "") -> list[tuple[str, tuple[str, ...]]]:
    """Return what is amiss, with the clauses that it is about, `beside` the check that is not asked about."""
    return [(one.check.value, one.clauses) for one in coverage.findings if one.check.value != beside]


def item(kind: str, cites: str, rest: str = "") -> str:
    """Return an item `x` of a kind that cites clauses."""
    source = f"source: {{clauses: [{cites}]}}" if cites else "note: of nothing"
    form = FIRM.get(kind) or WITHOUT_FIRMNESS[kind]
    return form.replace("REST", f"{source}{rest and ', '}{rest}")


# What is forgotten


def test_a_clause_of_which_nothing_speaks_is_found_at_its_row() -> None:
    coverage = covered(item("duty", "A"), "A must", "B may")
    [finding] = coverage.findings
    assert (finding.check, finding.clauses) == (Check.UNMAPPED, ("B",))
    assert (finding.span.file, finding.span.line, finding.span.column) == ("p.clauses.tsv", 3, 1)


def test_a_clause_is_spoken_of_by_an_item_or_by_a_reason_or_by_both() -> None:
    body = item("duty", "A, B") + 'unencoded: [{section: "1", why: a rest, clauses: [B, C]}]\n'
    coverage = covered(body, "A must", "B must", "C must", "E must")
    assert found(coverage) == [("unmapped", ("E",))]
    tally = coverage.must_clauses
    assert (tally.clauses, tally.encoded, tally.in_part, tally.unencoded, tally.unmapped) == (4, 2, 1, 1, 1)
    assert [(len(one.items), len(one.left_out)) for one in coverage.clauses] == [(1, 0), (1, 1), (0, 1), (0, 0)]


def test_a_clause_that_no_inventory_has_is_found_where_it_is_cited_with_the_one_that_was_meant() -> None:
    body = item("duty", "RSP-1, RSP-02") + 'unencoded:\n  - {section: "1", why: a rest, clauses: [zzz]}\n'
    coverage = covered(body, "RSP-1 must", "RSP-2 must")
    assert found(coverage, beside="unmapped") == [("unknown-clause", ("RSP-02",)), ("unknown-clause", ("zzz",))]
    _, first, second = coverage.findings
    assert (first.span.file, first.span.line, first.meant) == ("p.yaml", 8, "RSP-2")
    assert first.item is not None
    assert (second.span.file, second.span.line, second.meant, second.item) == ("p.yaml", 10, None, None)


@pytest.mark.parametrize("kind", [*FIRM, *WITHOUT_FIRMNESS])
def test_every_kind_of_item_cites_a_clause_or_is_found_but_for_roles(kind: str) -> None:
    if kind == "role":
        assert found(covered("", "D definition")) == [("unmapped", ("D",))]
        return
    without = covered(item(kind, ""), "D definition")
    assert ("cites-no-clause", ()) in found(without)
    [finding] = [one for one in without.findings if one.check is Check.CITES_NO_CLAUSE]
    assert finding.item is not None
    assert finding.item.kind == kind
    assert finding.item.clause.span.line >= 8
    assert found(covered(item(kind, "D"), "D definition")) == []


def test_a_whole_policy_has_every_kind_of_item_that_the_language_has() -> None:
    """Each is met, none twice; controls by their standard, since two may share a name."""
    policy = decode(WHOLE, file="p.yaml")
    items = list(citing_items(policy))
    assert {one.kind for one in items} == {*FIRM, *WITHOUT_FIRMNESS}
    assert len({(one.kind, one.within, one.id) for one in items}) == len(items)
    assert all(one.clause.span.line > 0 for one in items)


# How firmly


@pytest.mark.parametrize("kind", FIRM)
@pytest.mark.parametrize("modality", WEAKER)
def test_what_binds_without_a_clause_that_asks_for_it_is_promoted(kind: str, modality: str) -> None:
    assert found(covered(item(kind, "A"), f"A {modality}")) == [("promoted", ("A",))]
    assert found(covered(item(kind, "A", f"modality: {modality}"), f"A {modality}")) == []
    assert found(covered(item(kind, "A", "binding: conditional"), f"A {modality}")) == []
    assert found(covered(item(kind, "A, B"), f"A {modality}", "B must")) == []


@pytest.mark.parametrize("kind", FIRM)
def test_a_definition_neither_asks_for_anything_nor_excuses_a_promotion(kind: str) -> None:
    assert found(covered(item(kind, "D"), "D definition")) == []
    assert found(covered(item(kind, "D, A"), "D definition", "A aim")) == [("promoted", ("A",))]


@pytest.mark.parametrize("kind", WITHOUT_FIRMNESS)
def test_an_item_without_firmness_of_its_own_promotes_and_demotes_nothing(kind: str) -> None:
    if kind == "role":
        return
    for modality in ("must", *WEAKER):
        body = item(kind, "A", "modality: aim")
        assert found(covered(body, f"A {modality}", "D definition"), beside="unmapped") == []


@pytest.mark.parametrize("kind", FIRM)
@pytest.mark.parametrize("weaker", [*(f"modality: {one}" for one in WEAKER), "binding: recommendation"])
def test_a_must_clause_that_only_weaker_items_encode_is_demoted(kind: str, weaker: str) -> None:
    assert found(covered(item(kind, "A", weaker), "A must")) == [("demoted", ("A",))]
    other = next(one for one in FIRM if one != kind)
    assert found(covered(item(kind, "A", weaker) + item(other, "A"), "A must")) == []
    assert found(covered(item(kind, "A", weaker) + item(other, "A", "modality: may"), "A must")) == [
        ("demoted", ("A",))
    ]


@pytest.mark.parametrize("kind", FIRM)
def test_what_hangs_on_the_acts_of_others_may_say_must(kind: str) -> None:
    assert found(covered(item(kind, "A", "binding: conditional"), "A must")) == []
    both = "binding: conditional, modality: aim"
    assert found(covered(item(kind, "A", both), "A must")) == [("demoted", ("A",))]


def test_a_must_clause_of_which_a_reason_tells_the_rest_is_not_demoted() -> None:
    body = item("duty", "A", "modality: aim") + 'unencoded: [{section: "1", why: what binds, clauses: [A]}]\n'
    assert found(covered(body, "A must")) == []


def test_a_must_clause_that_also_a_threshold_encodes_is_not_demoted() -> None:
    body = item("duty", "A", "modality: aim") + item("threshold", "A")
    assert found(covered(body, "A must")) == []


def test_a_long_list_of_weaker_clauses_is_cut() -> None:
    names = [f"A-{number}" for number in range(9)]
    [finding] = covered(item("duty", ", ".join(names)), *(f"{name} aim" for name in names)).findings
    assert finding.message.endswith("`A-4` (aim) and 4 more")
    assert finding.clauses == tuple(names)


# What is told


def test_a_share_is_rounded_down_so_that_only_all_of_it_is_a_hundred() -> None:
    """2 of 3 are 66.66… %."""
    names = [f"A-{number}" for number in range(3)]
    coverage = covered(item("duty", "A-0, A-1"), *(f"{name} must" for name in names))
    assert coverage.all_clauses.share == 66.6
    assert covered("", "A may").must_clauses.share == 100


def test_a_section_to_which_the_text_comes_back_stands_there_again() -> None:
    table = COLUMNS + "".join(f"A-{number}\t{section}\t\tmay\tx\n" for number, section in enumerate("1121"))
    coverage = clause_coverage(decode(HEADER, file="p.yaml"), read_inventory(table, file="t"))
    assert [(section, len(clauses)) for section, clauses in coverage.sections] == [("1", 2), ("2", 1), ("1", 1)]


def test_json_tells_every_clause_with_its_items_and_every_finding_with_its_place() -> None:
    body = item("control", "A, C") + 'unencoded: [{section: "1", why: a rest, clauses: [A]}]\n'
    value = clause_coverage_to_json(covered(body, "A must", "D definition"), engine="test")
    assert list(value) == [
        "shape",
        "engine",
        "policy",
        "inventory",
        "all_clauses",
        "must_clauses",
        "clauses",
        "findings",
    ]
    assert value["shape"] == "interlock.coverage/1"
    assert value["clauses"][0] == {
        "id": "A",
        "section": "1",
        "page": "2",
        "modality": "must",
        "actor": "company",
        "items": [{"kind": "control", "id": "x", "within": "s", "modality": "must", "binding": "unilateral"}],
        "unencoded": [{"section": "1", "why": "a rest"}],
    }
    [finding] = value["findings"]
    assert finding["check"] == "unknown-clause"
    assert (finding["file"], finding["line"], finding["clauses"], finding["nearest"]) == ("p.yaml", 8, ["C"], None)
    assert json.loads(json.dumps(value)) == value


@given(
    st.dictionaries(st.sampled_from("ABCDE"), st.sampled_from(["must", "definition", *WEAKER]), min_size=1),
    st.lists(
        st.tuples(
            st.sampled_from(sorted(FIRM)), st.sets(st.sampled_from("ABCDEF")), st.sampled_from(["must", *WEAKER])
        ),
        max_size=4,
        unique_by=lambda one: one[0],
    ),
    st.sets(st.sampled_from("ABCDEF")),
)
def test_findings_are_those_that_the_reference_defines(
    clauses: dict[str, str], items: list[tuple[str, set[str], str]], left_out: set[str]
) -> None:
    """Each check again, by its definition over sets."""
    body = "".join(item(kind, ", ".join(sorted(cites)), f"modality: {modality}") for kind, cites, modality in items)
    if left_out:
        body += f'unencoded: [{{section: "1", why: a rest, clauses: [{", ".join(sorted(left_out))}]}}]\n'
    cited = {name for _, cites, _ in items for name in cites}
    expected = {("unmapped", name) for name in clauses if name not in cited | left_out}
    expected |= {("unknown-clause", name) for name in cited | left_out if name not in clauses}
    for kind, cites, modality in items:
        asking = [clauses[name] for name in cites if clauses.get(name, "definition") != "definition"]
        if modality == "must" and asking and "must" not in asking:
            expected.add(("promoted", kind))
        if not cites:
            expected.add(("cites-no-clause", kind))
    for name in (name for name, modality in clauses.items() if modality == "must" and name in cited - left_out):
        if all(modality != "must" for _, cites, modality in items if name in cites):
            expected.add(("demoted", name))
    coverage = covered(body, *(f"{name} {modality}" for name, modality in clauses.items()))
    told = {
        (one.check.value, one.item.kind if one.item and one.check.value in {"promoted", "cites-no-clause"} else name)
        for one in coverage.findings
        for name in one.clauses or ("",)
    }
    assert told == expected
