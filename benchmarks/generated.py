"""Policies and records of a given size, for benchmarks: the same every time, each kind of condition in its place.

A block is a set of items that hang together: two measures, each with its threshold, a standard of two controls, two
restrictions, a permission with windows, a term and a document. A policy is a fixed part and as many blocks as it takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

MODEL: Final = "larch-3"
ACTION: Final = "deploy.external.public"
AS_OF: Final = datetime(2025, 6, 1, 12, tzinfo=UTC)
_START: Final = datetime(2025, 1, 2, 12, tzinfo=UTC)
_FIXED: Final = 10
_BLOCK: Final = 10
_HAZARDS: Final = ("autonomy.replication", "cbrn.biological", "cyber.autonomy", "ai-rnd.automation")
_HEAD: Final = """\
interlock: 1
policy: larch-scaling
version: "1"
issuer: Larch
title: A generated policy
effective: 2025-01-01
source: {title: "Larch Scaling Policy", retrieved: 2025-01-02}
calendar: {time-zone: UTC, holidays: [2025-12-25], business-week: [mon, tue, wed, thu, fri]}
burden-of-proof: developer
roles:
  ceo: {title: Chief Executive Officer, side: developer, interests: [equity]}
  rso: {title: Responsible Scaling Officer, side: developer, interests: [equity]}
  board: {title: Board of Directors, side: oversight}
  reviewer: {title: External reviewer, side: independent}
claims:
  sabotage-unlikely: {title: misaligned sabotage is unlikely, argued-to: [rso, reviewer]}
  forecast-holds: {title: the forecast of capabilities holds, argued-to: [board]}
  elicitation-suffices: {title: elicitation came close to what users will reach, argued-to: [rso]}
duties:
  assess: {must: assess dangerous capabilities, for: each model, every: {growth: 4x, time: 6 months}, within: 30 days}
  report: {must: report to the board, when: {event: model.deployed}, within: 30 days}
  review: {must: review the policy, for: developer, every: {time: 12 months, anchor: schedule}}
"""
_SECTIONS: Final = {
    "measures": """\
  score-{n}-a:
    statistic: proportion
    unit: task
    suite: larch/score-{n}-a
    elicitation: [chain-of-thought, best-of-n]
    fresh: {{for: 6 months, growth: 4x}}
    pre-registration: noted
  score-{n}-b: {{statistic: proportion, unit: episode, suite: larch/score-{n}-b, fresh: {{for: 3 months}}}}
""",
    "thresholds": """\
  level-{n}-a:
    hazard: [{hazard}]
    reached-when: {{measure: score-{n}-a, at-least: 50%, confidence: 95%}}
    source: {{section: "3.{n}", page: {n}}}
  level-{n}-b:
    hazard: [{hazard}]
    reached-when:
      all:
        - {{measure: score-{n}-b, at-least: 30%, confidence: 90%}}
        - {{not: {{measure: score-{n}-a, below: 10%, confidence: 95%}}}}
""",
    "standards": """\
  security-{n}:
    kind: security
    controls:
      two-party-control-{n}: {{attested-by: rso, fresh: 12 months}}
      red-team-{n}: {{attested-by: reviewer, effort: {{at-least: 500000 USD}}, outcome: no-exfiltration}}
""",
    "restrictions": """\
  hold-{n}-a:
    forbids: [train, deploy]
    when: {{any: [{{reached: level-{n}-a}}, {{reached: level-{n}-b}}]}}
    until: {{meets: security-{n}}}
    source: {{section: "4.{n}", note: "while the safeguards are not in place"}}
  hold-{n}-b:
    forbids: [deploy.external, release-weights]
    when: {{all: [{{term: capable-{n}}}, {{not: {{judged: harmless-{n}, by: [rso, board], fresh: 6 months}}}}]}}
    until: {{all: [{{approved: plan-{n}, by: [ceo, rso]}}, {{attested: two-party-control-{n}, by: rso}}]}}
""",
    "permissions": """\
  interim-{n}:
    lifts: [hold-{n}-a]
    when: {{all: [{{approved: plan-{n}, by: [ceo, rso]}}, {{argued: sabotage-unlikely}}]}}
    for-at-most: 90 days
    renewals: {{at-most: 1}}
""",
    "terms": """\
  capable-{n}: {{means: {{not: {{ruled-out: level-{n}-a}}}}}}
""",
    "documents": """\
  plan-{n}: {{sections: [measures, equivalence], submitted-by: rso}}
""",
}


def policy_text(items: int) -> str:
    """Return the text of a policy with that many items: a multiple of ten, at least twenty."""
    blocks = range(1, (items - _FIXED) // _BLOCK + 1)
    parts = [_HEAD]
    for section, block in _SECTIONS.items():
        parts += [f"{section}:\n", *(block.format(n=n, hazard=_HAZARDS[n % len(_HAZARDS)]) for n in blocks)]
    return "".join(parts)


def digest(number: int) -> str:
    """Return the digest that stands for checkpoint or document `number`."""
    return f"sha256:{number:064x}"


def events(count: int, blocks: int) -> list[dict[str, Any]]:
    """Return the record of a developer with three models in a line, `count` events that speak to all blocks in turn."""
    given = [*_beginning()]
    given += [event for _, event in zip(range(count - len(given)), _history(blocks), strict=False)]
    return given


def lines(given: list[dict[str, Any]]) -> bytes:
    """Return the events as JSON Lines."""
    return "".join(json.dumps(event) + "\n" for event in given).encode()


def _beginning() -> Iterator[dict[str, Any]]:
    yield _event("policy.adopted", 0, {"developer": "Larch"}, {"policy": "larch-scaling", "version": "1"})
    for number, (model, parent) in enumerate([("larch-1", None), ("larch-2", "larch-1"), (MODEL, "larch-2")]):
        data = {"developer": "Larch"} | ({} if parent is None else {"parent": parent})
        yield _event("model.registered", 1 + 24 * number, {"model": model, "weights": digest(10 * number)}, data)
        compute = {"quantity": "effective-compute", "value": f"{2 + number}e25 FLOP"}
        yield _event("quantity.measured", 2 + 24 * number, {"model": model}, compute)
    for number in (21, 22, 23):
        yield _event("training.continued", 72 + number, {"model": MODEL, "weights": digest(number)}, {})


def _history(blocks: int) -> Iterator[dict[str, Any]]:
    hour = 100
    for round_ in range(1_000_000):
        weights = {"model": MODEL, "weights": digest(23 if round_ % 4 else 22)}
        for n in range(1, blocks + 1):
            for kind, subject, data, who in _of_block(n, round_, weights):
                hour += 7
                yield _event(kind, hour, subject, data, *who)


def _of_block(
    n: int, round_: int, weights: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any], tuple[str, ...]]]:
    run = {"suite": f"larch/score-{n}-a", "measure": f"score-{n}-a", "elicitation": ["chain-of-thought", "best-of-n"]}
    rso, ceo, board, reviewer = ("rolf", "rso"), ("cara", "ceo"), ("bea", "board"), ("rita", "reviewer")
    plan = {"document": f"plan-{n}", "digest": digest(1000 * n)}
    yield (
        "evaluation.completed",
        weights,
        {**run, "successes": (7 * n + round_) % 40, "trials": 100},
        ("lab", "evaluator"),
    )
    run = {"suite": f"larch/score-{n}-b", "measure": f"score-{n}-b"}
    yield (
        "evaluation.completed",
        weights,
        {**run, "successes": (11 * n + round_) % 25, "trials": 120},
        ("lab", "evaluator"),
    )
    yield "control.attested", {"developer": "Larch"}, {"control": f"two-party-control-{n}", "value": True}, rso
    yield "document.submitted", weights, plan, rso
    yield "document.approved", weights, plan, ceo
    yield "determination.made", weights, {"judged": f"harmless-{n}", "value": n % 2 == 0}, rso
    yield "determination.made", weights, {"judged": f"harmless-{n}", "value": True}, board
    attested = {"value": n % 3 != 0, "effort": "600000 USD", "outcome": "no-exfiltration"}
    yield "control.attested", {"developer": "Larch"}, {"control": f"red-team-{n}", **attested}, reviewer
    yield "document.approved", weights, plan, rso
    yield "claim.assessed", weights, {"claim": "sabotage-unlikely", "state": "supported"}, reviewer


def _event(
    kind: str, hour: int, subject: dict[str, Any], data: dict[str, Any], actor: str = "lab", role: str | None = None
) -> dict[str, Any]:
    occurred = (_START + timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"actor": actor} | ({} if role is None else {"role": role})
    return {"event": kind, "occurred": occurred, "subject": subject, **said, "data": data}
