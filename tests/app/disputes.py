"""A policy with words in dispute, and a record in which they matter, for tests of what is made of rulings on them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

POLICY: Final = """\
interlock: 1
policy: acme-scaling-policy
version: "1"
issuer: Acme AI
title: Acme Scaling Policy
effective: 2026-01-01
burden-of-proof: developer
roles:
  rso: {title: Responsible Scaling Officer, side: developer}
  board: {title: Board of Directors, side: oversight}
  trust: {title: Long-Term Benefit Trust, side: oversight}
terms:
  external-use:
    means: {event: model.deployed, class-at-least: deploy.external.limited}
    source: {section: "1.1", page: 2}
  frontier-model:
    ruled-by: [board]
    readings:
      by-compute: {quantity: training-compute, more-than: 1e26 FLOP}
      by-judgement: {judged: exceeds-public-frontier, by: [rso]}
    source: {section: "1.2", page: 3}
  deployment:
    readings:
      wide: {event: model.deployed, class-at-least: deploy.internal.research}
      narrow: {event: model.deployed, class-at-least: deploy.external.limited}
restrictions:
  hold-training:
    forbids: [train]
    when: {term: frontier-model}
    source: {section: "3", page: 6}
duties:
  report-deployment:
    must: report the deployment
    when: {term: deployment}
    within: 30 days
goals:
  security-level-4: {by: 2026-06-30, graded-by: rso, reviewed-by: trust, modality: aim, source: {section: "5"}}
"""
EVENTS: Final = """\
- event: policy.adopted
  occurred: 2026-01-01T00:00:00Z
  subject: {developer: Acme AI}
  data: {policy: acme-scaling-policy, version: "1"}
- {event: model.registered, occurred: 2026-02-01T00:00:00Z, subject: {model: m-1}, data: {developer: Acme AI}}
- event: quantity.measured
  occurred: 2026-02-02T00:00:00Z
  subject: {model: m-1}
  data: {quantity: training-compute, value: 2e26 FLOP}
- event: determination.made
  occurred: 2026-02-03T00:00:00Z
  actor: tomas
  role: rso
  subject: {model: m-1}
  data: {judged: exceeds-public-frontier, value: false}
- event: model.deployed
  occurred: 2026-03-01T12:00:00Z
  subject: {model: m-1}
  data: {class: deploy.internal.wide}
"""
"""By compute the model is a frontier model, by judgement none; its deployment, inside only, is narrowly none."""
BY_NOBODY_NAMED: Final = """\
- event: term.ruled
  occurred: 2026-04-01T00:00:00Z
  recorded: 2026-04-05T00:00:00Z
  actor: tomas
  role: rso
  subject: {developer: Acme AI}
  data: {term: frontier-model, reading: by-judgement, reason: compute is a poor measure}
"""
"""A ruling by a role that may not, recorded four days later."""
BY_THE_BOARD: Final = """\
- event: term.ruled
  occurred: 2026-05-01T00:00:00Z
  actor: clara
  role: board
  subject: {developer: Acme AI}
  data: {term: frontier-model, reading: by-compute, reason: the text says so}
"""
BY_ANYONE: Final = """\
- event: term.ruled
  occurred: 2026-05-02T00:00:00Z
  actor: ann
  subject: {model: m-1}
  data: {term: deployment, reading: narrow, reason: outside only}
"""
TRAINED: Final = "- {event: training.started, occurred: 2026-05-03T00:00:00Z, subject: {model: m-1}}\n"
REVISED: Final = """\
- event: goal.revised
  occurred: 2026-05-04T00:00:00Z
  actor: tomas
  role: rso
  subject: {developer: Acme AI}
  data: {goal: security-level-4, by: 2026-07-31, reason: vendors were late}
"""
RULINGS: Final = BY_NOBODY_NAMED + BY_THE_BOARD + BY_ANYONE


def files_in(folder: Path, events: str = EVENTS, policy: str = POLICY) -> tuple[list[Path], list[Path]]:
    """Return the files of the policy and of the record, written into a folder."""
    (folder / "p.yaml").write_text(policy, encoding="utf-8")
    (folder / "e.yaml").write_text(events, encoding="utf-8")
    return [folder / "p.yaml"], [folder / "e.yaml"]
