"""Laws of releasing sets over random restrictions: each flips the answer, and needs each of its changes (4.4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.cases import PLAN, Given, decided, evaluated, event, judged
from tests.engine.changes import AS_OF, NEXT_DAY, brought_about

RULES = """
measures: {{run: {{statistic: proportion, suite: acme/run}}}}
thresholds: {{strong: {{reached-when: {{measure: run, at-least: 50%, confidence: 95%}}}}}}
standards: {{safe: {{controls: {{lock: {{attested-by: rso}}, key: {{attested-by: board}}}}}}}}
documents: {{plan: {{submitted-by: rso}}}}
restrictions:
  one: {{forbids: [train], when: {0}, until: {1}}}
  two: {{forbids: [train], when: {2}, presume: {4}}}
permissions:
  lift: {{lifts: [two], when: {3}}}
"""
# each leaf stands in one place, so that what is changed for one restriction is not changed for another
LEAVES = (
    "{reached: strong}",
    "{meets: safe}",
    "{approved: plan, by: [ceo, board]}",
    "{quantity: spend, more-than: 5 USD}",
    *(f"{{judged: {name}, by: [rso, board]}}" for name in "abcdef"),
)
LOCKED, KEYED = (
    event("control.attested", "2025-02-01", by=role, control=control, value=True)
    for role, control in (("rso", "lock"), ("board", "key"))
)
SAID: dict[str, list[list[Given]]] = {
    "{reached: strong}": [[], [evaluated("2025-02-01", 2)]],
    "{meets: safe}": [[], [LOCKED], [LOCKED, KEYED]],
    "{approved: plan, by: [ceo, board]}": [
        [],
        [event("document.submitted", "2025-02-01", by="rso", document="plan", digest=PLAN)],
    ],
    "{quantity: spend, more-than: 5 USD}": [
        [],
        *([event("quantity.measured", "2025-02-01", quantity="spend", value=worth)] for worth in ("1 USD", "9 USD")),
    ],
}  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn, leaves: list[str], depth: int = 2) -> str:
    """Return a condition over leaves that it takes from the list."""
    kind = draw(st.sampled_from(["leaf", "leaf", "all", "any", "not", "at-least"])) if depth else "leaf"
    if kind == "leaf" or len(leaves) < 3:
        return leaves.pop(draw(st.integers(0, len(leaves) - 1)))
    if kind == "not":
        return f"{{not: {draw(conditions(leaves, depth - 1))}}}"
    parts = [draw(conditions(leaves, depth - 1)) for _ in range(draw(st.integers(1, 2)))]
    if kind == "at-least":
        return f"{{at-least: {{n: {draw(st.integers(1, len(parts)))}, of: [{', '.join(parts)}]}}}}"
    return f"{{{kind}: [{', '.join(parts)}]}}"


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[Given]]:
    """Return a policy with two restrictions, and a history that speaks to some of its leaves."""
    left = list(LEAVES)
    # at most two leaves in each place: every condition leaves something for those that follow
    places = [draw(conditions(left, depth=1)) for _ in range(4)]
    rules = RULES.format(*places, draw(st.sampled_from(["active", "inactive"])))
    history: list[Given] = []
    for leaf, choices in SAID.items():
        history += draw(st.sampled_from(choices)) if leaf not in left else []
    for name in "abcdef":
        for role in ("rso", "board"):
            word = draw(st.sampled_from([None, True, False]))
            history += [] if word is None else [judged("2025-02-01", name, value=word, by=role)]
    return rules, history


@given(cases(), st.data())
def test_a_set_flips_the_answer_and_without_one_of_its_changes_does_not_by_evidence(
    case: tuple[str, list[Given]], data: st.DataObject
) -> None:
    rules, history = case
    decision = decided(rules, history, AS_OF)
    if not decision.release:
        return
    changes = data.draw(st.sampled_from(decision.release))
    made = brought_about(changes, f"{AS_OF}T18:00:00Z")
    assert decided(rules, [*history, *made], NEXT_DAY).outcome != decision.outcome
    left_out = data.draw(st.sampled_from(changes))
    fewer = brought_about([change for change in changes if change != left_out], f"{AS_OF}T18:00:00Z")
    without = decided(rules, [*history, *fewer], NEXT_DAY)
    assert without.outcome == decision.outcome or without.by_default
