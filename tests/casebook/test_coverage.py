from __future__ import annotations

from interlock.casebook import Coverage, CoverageItem, coverage_of
from interlock.policy import Policy
from tests.casebook.books import cases_run, policy, run_of

NOTHING = "  - {says: nothing, ask: {decide: {action: train}}, expect: {outcome: held}}\n"


def items(coverage: Coverage) -> dict[str, CoverageItem]:
    return {f"{item.kind} {item.id}{item.part and f' {item.part}'}": item for item in coverage.items}


def seen(coverage: Coverage, name: str) -> list[str]:
    return [state for state, cases in items(coverage)[name].states.items() if cases]


def test_a_policy_without_cases_is_not_covered() -> None:
    coverage = coverage_of(policy(), ())
    assert (coverage.seen, coverage.percent) == (0, 0)
    assert coverage.demanded == sum(len(item.states) for item in coverage.items) > 0


def test_what_a_policy_can_come_to_is_what_there_is_to_see() -> None:
    found = {name: tuple(item.states) for name, item in items(coverage_of(policy(), ())).items()}
    assert found == {
        "restriction hold": ("active by evidence", "active by default", "released", "lifted", "inactive by evidence"),
        "permission grace": ("in force", "not in force"),
        "threshold danger": ("reached", "ruled out", "open"),
        "standard secure": ("met", "not met", "open"),
        "standard secure control locks": ("true", "false", "unknown"),
        "standard secure control audit": ("true", "false", "unknown"),
        "duty assess": ("not-triggered", "open", "done", "done-late", "overdue"),
        "pledge effort": ("kept", "lapsed", "unmeasured"),
    }


def test_one_case_sees_what_its_answer_rests_on() -> None:
    coverage = cases_run(NOTHING).coverage
    assert seen(coverage, "restriction hold") == ["active by default"]
    assert seen(coverage, "threshold danger") == ["open"]
    assert seen(coverage, "standard secure") == ["open"]
    assert seen(coverage, "permission grace") == ["not in force"]
    assert seen(coverage, "duty assess") == []


def test_a_case_that_was_refused_saw_nothing() -> None:
    refused = "  - {says: refused, ask: {decide: {action: train, model: x}}, expect: {refused: true}}\n"
    assert cases_run(refused).coverage.seen == 0


def test_duties_and_pledges_are_seen_in_reports_and_replays() -> None:
    asked = "  - {says: a, ask: {duties: {as-of: 2025-05-21}}, expect: {duties: {assess: overdue}}}\n"
    assert seen(cases_run(asked).coverage, "duty assess") == ["overdue"]
    assert seen(cases_run(asked).coverage, "pledge effort") == ["unmeasured"]
    replayed = "  - {says: a, ask: {replay: {as-of: 2025-05-21}}, expect: {departures: [{kind: duty-overdue}]}}\n"
    assert seen(cases_run(replayed).coverage, "duty assess") == ["open", "overdue"]
    assert seen(cases_run(replayed).coverage, "restriction hold") == ["active by default"]


CONNECTIVES = """\
restrictions:
  hold:
    forbids: [train]
    when:
      any:
        - all: [{judged: one, by: board}, {not: {judged: two, by: board}}]
        - at-least: {n: 2, of: [{judged: three, by: board}, {judged: four, by: board}, {notified: ceo, of: plan}]}
documents: {plan: {}}
"""


def test_each_part_of_a_connective_is_to_be_seen_true_false_and_unknown() -> None:
    found = items(coverage_of(policy(CONNECTIVES), ()))
    parts = {name.removeprefix("part restriction hold "): tuple(item.states) for name, item in found.items()}
    del parts["restriction hold"]
    every = ("true", "false", "unknown")
    assert parts == {
        "when.any[1]": every,
        "when.any[1].all[1] {judged: one, by: [board]}": every,
        "when.any[1].all[2]": every,
        "when.any[1].all[2].not {judged: two, by: [board]}": every,
        "when.any[2]": every,
        "when.any[2].at-least-2[1] {judged: three, by: [board]}": every,
        "when.any[2].at-least-2[2] {judged: four, by: [board]}": every,
        "when.any[2].at-least-2[3] {notified: ceo, of: plan}": ("true", "false"),
    }


def test_parts_are_seen_with_the_value_that_each_had() -> None:
    event = "{determination.made: {judged: two, value: true}, role: board, occurred: 2025-02-20}"
    case = f"  - {{says: a, events: [{event}], ask: {{decide: {{action: train}}}}, expect: {{outcome: held}}}}\n"
    coverage = cases_run(case, policy(CONNECTIVES)).coverage
    assert seen(coverage, "part restriction hold when.any[1].all[1] {judged: one, by: [board]}") == ["unknown"]
    assert seen(coverage, "part restriction hold when.any[1].all[2]") == ["false"]
    assert seen(coverage, "part restriction hold when.any[1].all[2].not {judged: two, by: [board]}") == ["true"]
    assert seen(coverage, "part restriction hold when.any[2].at-least-2[3] {notified: ceo, of: plan}") == ["false"]


READINGS = """\
terms:
  public: {readings: {wide: {judged: one, by: board}, narrow: {judged: two, by: board}}}
restrictions:
  hold: {forbids: [train], when: {term: public}}
"""
TWO = "{determination.made: {judged: two, value: true}, role: board, occurred: 2025-02-20}"
RULED = "{term.ruled: {term: public, reading: narrow, reason: so}, role: board, occurred: 2025-02-10}"


def of_term(events: str, ruled: Policy) -> list[str]:
    case = f"  - {{says: a, events: [{events}], ask: {{decide: {{action: train}}}}, expect: {{outcome: held}}}}\n"
    return seen(cases_run(case, ruled).coverage, "term public")


def test_a_term_is_to_be_seen_contested_and_ruled_each_way() -> None:
    disputed = policy(READINGS)
    states = items(coverage_of(disputed, ()))["term public"].states
    assert tuple(states) == ("ruled wide", "ruled narrow", "contested")
    assert of_term(TWO, disputed) == ["contested"]
    assert of_term(f"{TWO}, {RULED}", disputed) == ["ruled narrow"]


def test_the_same_policy_read_twice_is_covered_alike() -> None:
    """The engine remembers parts of policies by what they say, so one read earlier may stand for one read later."""
    # the state of the restriction, and one value of each of the eight parts
    assert {cases_run(NOTHING, policy(CONNECTIVES)).coverage.seen for _ in range(3)} == {1 + 8}


def test_all_of_it_and_no_less_is_a_hundred_percent() -> None:
    whole = [
        ("[]", "train", "{outcome: held}"),
        (f"[{run_of(5)}]", "train", "{outcome: permitted}"),
    ]
    body = "measures: {run: {statistic: proportion, unit: task, suite: acme/run}}\n"
    body += "thresholds: {danger: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}\n"
    body += "restrictions: {hold: {forbids: [train], when: {reached: danger}}}\n"

    def covered(rows: list[tuple[str, str, str]]) -> float:
        cases = "".join(
            f"  - {{says: {n}, events: {events}, ask: {{decide: {{action: {action}}}}}, expect: {expect}}}\n"
            for n, (events, action, expect) in enumerate(rows)
        )
        return cases_run(cases, policy(body)).coverage.percent

    assert covered(whole) == 66.6  # 4 of 6 states: reached, and active by evidence, are missing
    assert covered([*whole, (f"[{run_of(90)}]", "train", "{outcome: held}")]) == 100
