"""`by_default`: whether the answer would differ had some unknown `when`s been read the other way (LANGUAGE 9)."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from interlock.engine._decision import MOST_FLIPPED_AT_ONCE
from tests.engine.cases import Given, answer, decided, judged, policy

WHOLE = {"T": [True], "F": [False], "?": []}


def restrictions(*lines: str) -> str:
    return "restrictions:\n" + "".join(f"  {line}\n" for line in lines)


def words(**said: str) -> list[Given]:
    """Return determinations: `a="T"` is the answer yes to the question a, `?` is none."""
    return [judged("2025-02-01", name, value=value) for name, word in said.items() for value in WHOLE[word]]


def decides(body: str, *, action: str = "train", **said: str) -> str:
    return answer(decided(policy(body), words(**said), "2025-06-01", action=action))


# Restrictions that do not depend on each other


def test_one_known_hold_is_a_hold_by_evidence_whatever_is_unknown_beside_it() -> None:
    body = restrictions(
        "one: {forbids: [train], when: {judged: a, by: rso}}", "two: {forbids: [train], when: {judged: b, by: rso}}"
    )
    expected = {
        "TT": "held", "TF": "held", "T?": "held", "FF": "permitted", "F?": "held by default", "??": "held by default",
    }  # fmt: skip
    for both, answered in expected.items():
        assert decides(body, a=both[0], b=both[1]) == answered
        assert decides(body, a=both[1], b=both[0]) == answered


def test_an_unknown_hold_that_is_released_or_lifted_makes_nothing_by_default() -> None:
    body = (
        restrictions("one: {forbids: [train], when: {judged: a, by: rso}, until: {judged: fixed, by: rso}}")
        + "permissions:\n  lift: {lifts: [one], when: {judged: fine, by: rso}}\n"
    )
    assert decides(body) == "held by default"
    assert decides(body, fixed="T") == "permitted"
    assert decides(body, fine="T") == "permitted"


def test_an_unknown_when_that_is_presumed_inactive_permits_by_default() -> None:
    body = restrictions("one: {forbids: [train], when: {judged: a, by: rso}, presume: inactive}")
    assert decides(body) == "permitted by default"
    both = restrictions(
        "one: {forbids: [train], when: {judged: a, by: rso}, presume: inactive}",
        "two: {forbids: [train], when: {judged: b, by: rso}}",
    )
    assert decides(both) == "held by default"
    assert decides(both, b="T") == "held"
    assert decides(both, b="F") == "permitted by default"


# Restrictions that depend on the state of others


def test_a_known_when_that_hangs_on_an_unknown_one_through_active() -> None:
    body = restrictions(
        "two: {forbids: [train], when: {active: one}}", "one: {forbids: [store], when: {judged: a, by: rso}}"
    )
    assert decides(body) == "held by default"
    assert decides(body, a="T") == "held"
    assert decides(body, a="F") == "permitted"


def test_it_may_bear_on_the_same_action_itself() -> None:
    body = restrictions(
        "two: {forbids: [train], when: {active: one}}", "one: {forbids: [train], when: {judged: a, by: rso}}"
    )
    # with `one` read the other way neither holds
    assert decides(body) == "held by default"


def test_a_hold_that_stands_however_the_other_is_read_is_by_evidence() -> None:
    body = restrictions(
        "two: {forbids: [train], when: {any: [{active: one}, {not: {active: one}}]}}",
        "one: {forbids: [store], when: {judged: a, by: rso}}",
    )
    assert decides(body) == "held"


def test_two_unknowns_may_have_to_be_read_the_other_way_together() -> None:
    """Held as long as one of the two is inactive: only both of them active would permit."""
    body = restrictions(
        "hold: {forbids: [train], when: {not: {all: [{active: one}, {active: two}]}}}",
        "one: {forbids: [store], when: {judged: a, by: rso}, presume: inactive}",
        "two: {forbids: [store], when: {judged: b, by: rso}, presume: inactive}",
    )
    assert decides(body) == "held by default"
    assert decides(body, a="T") == "held by default"
    assert decides(body, a="F") == "held"
    assert decides(body, a="T", b="T") == "permitted"


def test_through_until_and_through_permissions_as_well() -> None:
    body = restrictions(
        "hold: {forbids: [train], when: {judged: risky, by: rso}, until: {not: {active: one}}}",
        "one: {forbids: [store], when: {judged: a, by: rso}}",
    )
    assert decides(body, risky="T") == "held by default"
    assert decides(body, risky="T", a="F") == "permitted"
    lifting = (
        restrictions(
            "hold: {forbids: [train], when: {judged: risky, by: rso}}",
            "one: {forbids: [store], when: {judged: a, by: rso}, presume: inactive}",
        )
        + "permissions:\n  lift: {lifts: [hold], when: {not: {active: one}}}\n"
    )
    assert decides(lifting, risky="T") == "permitted by default"
    assert decides(lifting, risky="T", a="T") == "held"


def test_a_presumption_of_a_restriction_that_nothing_depends_on_is_no_matter() -> None:
    body = restrictions(
        "hold: {forbids: [train], when: {judged: risky, by: rso}}",
        "one: {forbids: [store], when: {judged: a, by: rso}}",
    )
    assert decides(body, risky="F") == "permitted"
    assert decides(body, risky="T") == "held"


# The closed form is held to the definition


NAMES = ("a", "b", "c")
STATES = st.sampled_from("TF?")
CASES = st.tuples(
    st.sampled_from(["active", "inactive"]),  # presumed
    STATES,  # the restriction's `when`
    STATES,  # its `until`
    STATES,  # a permission that lifts it
    st.booleans(),  # whether it binds
)


@given(st.lists(CASES, min_size=1, max_size=3))
def test_the_answer_by_default_is_that_of_every_reading(drawn: list[tuple[str, str, str, str, bool]]) -> None:
    """Every subset of the unknown `when`s is read the other way, by the definition."""
    lines: list[str] = []
    permissions, said = "", dict[str, str]()
    for name, (presume, when, until, lift, binds) in zip(NAMES, drawn, strict=False):
        modality = "must" if binds else "may"
        lines.append(
            f"{name}: {{forbids: [train], when: {{judged: w-{name}, by: rso}}, until: {{judged: u-{name}, by: rso}}, "
            f"presume: {presume}, modality: {modality}}}"
        )
        permissions += f"  lift-{name}: {{lifts: [{name}], when: {{judged: l-{name}, by: rso}}}}\n"
        said |= {f"w-{name}": when, f"u-{name}": until, f"l-{name}": lift}
    given_words = [judged("2025-02-01", q, value=v) for q, word in said.items() for v in WHOLE[word]]
    answered = answer(decided(policy(restrictions(*lines) + "permissions:\n" + permissions), given_words, "2025-06-01"))

    def held(counted: list[bool]) -> bool:
        return any(
            counts and until != "T" and lift != "T" and binds
            for counts, (_, _, until, lift, binds) in zip(counted, drawn, strict=True)
        )

    as_presumed = [when == "T" or (when == "?" and presume == "active") for presume, when, *_ in drawn]
    readings = product(*([False, True] if when == "?" else [when == "T"] for _, when, *_ in drawn))
    outcomes = {held(list(reading)) for reading in readings}
    by_default = " by default" if len(outcomes) == 2 else ""
    assert answered == ("held" if held(as_presumed) else "permitted") + by_default


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), STATES, max_size=3), st.sampled_from(["active", "inactive"]))
def test_the_search_through_active_is_that_of_every_reading(said: dict[str, str], presume: str) -> None:
    body = restrictions(
        "hold: {forbids: [train], when: {at-least: {n: 2, of: [{active: a}, {active: b}, {not: {active: c}}]}}}",
        *(f"{name}: {{forbids: [store], when: {{judged: {name}, by: rso}}, presume: {presume}}}" for name in NAMES),
    )
    known = {name: said.get(name, "?") for name in NAMES}

    def held(a: bool, b: bool, c: bool) -> bool:  # noqa: FBT001 - a truth table
        return a + b + (not c) >= 2

    as_presumed = [word == "T" or (word == "?" and presume == "active") for word in known.values()]
    readings = product(*([False, True] if word == "?" else [word == "T"] for word in known.values()))
    by_default = " by default" if len({held(*reading) for reading in readings}) == 2 else ""
    assert decides(body, **known) == ("held" if held(*as_presumed) else "permitted") + by_default


def test_beyond_a_dozen_unknowns_that_hang_together_the_answer_counts_as_by_default() -> None:
    """It is not looked for further; to call an answer one of evidence takes a search through all readings."""
    many = [f"r{n}: {{forbids: [store], when: {{judged: q{n}, by: rso}}}}" for n in range(MOST_FLIPPED_AT_ONCE + 1)]
    whatever = "hold: {forbids: [train], when: {any: [{active: r0}, {not: {active: r0}}]}}"
    others = ", ".join(f"{{active: r{n}}}" for n in range(1, len(many)))
    also = f"also: {{forbids: [train], when: {{all: [{others}, {{judged: never, by: rso}}]}}, modality: must}}"
    assert decides(restrictions(whatever, also, *many), never="F") == "held by default"
    assert decides(restrictions(whatever, also, *many), never="F", q5="F") == "held"
