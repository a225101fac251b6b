"""Short ways to write a policy and a casebook, for tests that show only what matters to them."""

from __future__ import annotations

from typing import Final

from interlock.casebook import CaseRun, TestedCasebook, read_casebook
from interlock.notation import Fault, FaultsError
from interlock.policy import Policy, decode

HEADER: Final = """\
interlock: 1
policy: acme
version: "1"
issuer: Acme
title: A policy for tests
effective: 2025-01-01
roles:
  ceo: {title: Chief Executive, side: developer}
  rso: {title: Responsible Scaling Officer, side: developer}
  board: {title: Board, side: oversight}
"""
BODY: Final = """\
measures: {run: {statistic: proportion, unit: task, suite: acme/run, fresh: 6 months}}
thresholds: {danger: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}
standards: {secure: {controls: {locks: {attested-by: rso}, audit: {attested-by: board, effort: {at-least: 100 hours}}}}}
restrictions:
  hold: {forbids: [train], when: {reached: danger}, until: {meets: secure}}
permissions:
  grace: {lifts: [hold], when: {judged: safe-for-now, by: board}, for-at-most: 30 days}
duties:
  assess: {must: assess, for: each model, every: {time: 3 months}, within: 10 days, otherwise: {forbids: [store]}}
pledges:
  effort: {maintain: {quantity: safety-share, at-least: 20%}, measured-every: 3 months}
"""
BACKGROUND: Final = """\
defaults: {model: m, as-of: 2025-03-01}
events:
  - {policy.adopted: {policy: acme, version: "1"}, occurred: 2025-01-01, developer: Acme}
  - {model.registered: {developer: Acme}, occurred: 2025-02-01}
"""


def policy(body: str = BODY, header: str = HEADER) -> Policy:
    """Return the policy of these sections."""
    return decode(header + body, file="acme.yaml")


def cases_run(cases: str, *policies: Policy, background: str = BACKGROUND) -> TestedCasebook:
    """Return the cases run, by the policy of this module unless others are given."""
    casebook = read_casebook(f"{background}cases:\n{cases}", file="acme.cases.yaml")
    return TestedCasebook.of(casebook, policies or (policy(),))


def run(ask: str, expect: str, events: str = "[]", *policies: Policy) -> CaseRun:
    """Return one case run."""
    [only] = cases_run(f"  - {{says: it, events: {events}, ask: {ask}, expect: {expect}}}\n", *policies).runs
    return only


def faults_of(text: str | bytes, *, run_too: bool = False) -> list[Fault]:
    """Return the faults of a file of cases, with `run_too` those of the names that it mentions."""
    try:
        casebook = read_casebook(text, file="acme.cases.yaml")
        if run_too:
            TestedCasebook.of(casebook, [policy()])
    except FaultsError as error:
        return list(error.faults)
    return []


def run_of(k: int, n: int = 100, at: str = "2025-02-20") -> str:
    """Return the event of an evaluation."""
    return f"{{evaluation.completed: {{measure: run, suite: acme/run, successes: {k}, trials: {n}}}, occurred: {at}}}"
