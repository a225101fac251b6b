"""`notified` with `latest: true`: whether the party was told of the text submitted last (an addition to LANGUAGE 2)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.engine.cases import Given, decided, event, policy, registered, value, when

RULES: Final = policy(
    "documents: {report: {}}\n"
    "restrictions: {hold: {forbids: [train], when: {not: {notified: board, of: report, latest: true}}}}\n"
)
ONE, TWO = "sha256:" + "1" * 64, "sha256:" + "2" * 64
FIRST, SECOND = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def submitted(on: str, digest: str, **about: Any) -> Given:
    return event("document.submitted", on, document="report", digest=digest, **({"model": "m"} | about))


def told(on: str, digest: str | None = None, *, party: str = "board", **about: Any) -> Given:
    said: dict[str, Any] = {"party": party, "document": "report", **({} if digest is None else {"digest": digest})}
    return event("party.notified", on, **said, **({"model": "m"} | about))


def answer(given: list[Given], **question: Any) -> str:
    """What the notice comes to; the condition of the restriction is its negation."""
    (leaf,) = when(decided(RULES, given, "2025-03-01", **question)).parts
    return value(leaf)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param([], "false", id="nothing"),
        pytest.param([told("2025-02-01")], "false", id="of nothing submitted"),
        pytest.param([submitted("2025-02-01", ONE)], "false", id="nobody told"),
        pytest.param([submitted("2025-02-01", ONE), told("2025-02-02")], "true", id="after it"),
        pytest.param([submitted("2025-02-01T12:00:00Z", ONE), told("2025-02-01T12:00:00Z")], "true", id="with it"),
        pytest.param([told("2025-01-31"), submitted("2025-02-01", ONE)], "false", id="before it, naming no text"),
        pytest.param([told("2025-01-31", ONE), submitted("2025-02-01", ONE)], "true", id="before it, naming it"),
        pytest.param([submitted("2025-02-01", ONE), told("2025-02-02", TWO)], "false", id="of another text"),
        pytest.param(
            [submitted("2025-02-01", ONE), told("2025-02-02", ONE), submitted("2025-02-03", TWO)],
            "false",
            id="of an older text",
        ),
        pytest.param(
            [submitted("2025-02-01", ONE), submitted("2025-02-03", TWO), told("2025-02-04", ONE)],
            "false",
            id="later, naming the older text",
        ),
        pytest.param([submitted("2025-02-01", ONE), told("2025-02-02", party="ceo")], "false", id="another party"),
        pytest.param(
            [submitted("2025-02-01", ONE), submitted("2025-02-01", ONE), told("2025-02-02")],
            "true",
            id="the same twice",
        ),
        pytest.param(
            [submitted("2025-02-01", ONE), submitted("2025-02-01", TWO), told("2025-02-02")],
            "unknown: contradicted",
            id="two texts at one instant",
        ),
    ],
)
def test_a_notice_is_of_the_text_submitted_last(given: list[Given], expected: str) -> None:
    assert answer(given) == expected


def test_a_submission_for_another_checkpoint_is_none_for_this_one() -> None:
    given = [
        event("training.continued", "2025-01-10", model="m", weights=FIRST),
        event("training.continued", "2025-01-20", model="m", weights=SECOND),
        submitted("2025-02-01", ONE, weights=FIRST),
        told("2025-02-02"),
    ]
    assert answer(given, weights=FIRST) == "true"
    assert answer(given, weights=SECOND) == "false"


def test_another_models_report_is_not_this_ones_and_the_developers_is() -> None:
    theirs = [registered("m2"), submitted("2025-02-10", TWO, model="m2"), told("2025-02-11", model="m2")]
    own = [submitted("2025-02-01", ONE), told("2025-02-02")]
    assert answer(theirs) == "false"
    assert answer([*own, *theirs]) == "true"
    company = submitted("2025-02-10", TWO, model=None, developer="Acme")
    assert answer([*own, company]) == "false"
    assert answer([*own, company, told("2025-02-11", model=None, developer="Acme")]) == "true"
