"""Policy files for tests: a small sound one to spoil, the example of the language's page, and one of 500 items."""

from __future__ import annotations

import re
from pathlib import Path

HEADER = """\
interlock: 1
policy: brook-sound
version: "1"
issuer: Brook
title: A file without faults
effective: 2025-01-01
"""

SOUND = (
    HEADER
    + """\
roles:
  rso: {title: Responsible Scaling Officer, side: developer}
  board: {title: Board, side: oversight}
  auditor: {title: Auditor, side: independent}
measures:
  run: {statistic: proportion, unit: task, suite: brook/run, fresh: {for: 6 months, growth: 4x}}
  horizon: {statistic: time-horizon, at: 50%, suite: brook/horizon}
thresholds:
  t-run:
    hazard: [autonomy.replication]
    reached-when: {measure: run, at-least: 50%, confidence: 95%}
standards:
  security:
    kind: security
    controls:
      vault: {attested-by: auditor, fresh: 12 months}
  stand-in:
    controls:
      guards: {attested-by: [rso, auditor]}
restrictions:
  hold-training:
    forbids: [train]
    when: {reached: t-run}
    until: {meets: security}
permissions:
  interim:
    lifts: [hold-training]
    when: {approved: plan, by: [rso]}
    for-at-most: 90 days
    renewals: {at-most: 1}
duties:
  assess:
    must: assess capabilities
    every: {growth: 4x, time: 6 months, whichever: first}
    within: 30 days
terms:
  large: {means: {quantity: training-compute, more-than: 1e26 FLOP}}
documents:
  plan: {sections: [measures], submitted-by: rso}
claims:
  no-sabotage: {title: sabotage is unlikely, argued-to: [rso]}
goals:
  level-4: {by: 2027-06-30, graded-by: rso}
amendments: {approved-by: [board], published: true, notice: 14 days}
"""
)


def with_when(condition: str) -> str:
    """Return the sound file with `condition` where `hold-training` says when it holds."""
    return SOUND.replace("when: {reached: t-run}", f"when: {condition}")


def line_of(text: str, part: str) -> int:
    """Return the number of the first line of `text` that holds `part`."""
    return text[: text.index(part)].count("\n") + 1


def language_example(shared: Path) -> str:
    """Return the policy file that the language's page shows in its first section."""
    page = (shared / "design" / "LANGUAGE.md").read_text(encoding="utf-8")
    match = re.search(r"## 1\. A policy file\n\n```yaml\n(.*?)```", page, re.DOTALL)
    assert match is not None
    return match[1]


def large_policy() -> str:
    """Return a policy of 500 items that refer to one another as those of a real one do."""
    lines = [HEADER.rstrip(), "roles:"]
    lines += [f"  role-{i}: {{title: Role {i}, side: developer, interests: [equity]}}" for i in range(20)]
    lines.append("measures:")
    for i in range(50):
        lines += [
            f"  measure-{i}:",
            "    statistic: proportion",
            "    unit: {task: family}",
            f"    suite: suites/{i}",
            "    elicitation: [chain-of-thought, best-of-n]",
            "    fresh: {for: 6 months, growth: 4x}",
        ]
    lines.append("thresholds:")
    for i in range(100):
        lines += [
            f"  threshold-{i}:",
            "    hazard: [autonomy.replication]",
            f"    reached-when: {{any: [{{measure: measure-{i % 50}, at-least: {i % 99 + 1}%, confidence: 95%}},",
            f"      {{judged: question-{i}, by: [role-{i % 20}]}}]}}",
            f'    source: {{section: "3.{i}", page: {i + 1}}}',
        ]
    lines.append("standards:")
    for i in range(40):
        lines += [f"  standard-{i}:", "    kind: security", "    controls:"]
        lines += [f"      control-{i}-{j}: {{attested-by: role-{j}, fresh: 12 months}}" for j in range(3)]
    lines.append("restrictions:")
    for i in range(120):
        lines += [
            f"  restriction-{i}:",
            "    forbids: [train, deploy.external]",
            f"    when: {{all: [{{reached: threshold-{i % 100}}}, {{not: {{term: term-{i % 20}}}}}]}}",
            f"    until: {{all: [{{meets: standard-{i % 40}}},",
            f"      {{approved: document-{i % 30}, by: [role-1, role-2]}}]}}",
            f'    source: {{section: "4.{i}", page: {i + 1}}}',
        ]
    lines.append("permissions:")
    for i in range(40):
        lines += [
            f"  permission-{i}:",
            f"    lifts: [restriction-{i}]",
            f"    when: {{approved: document-{i % 30}, by: {{n: 2, of: [role-1, role-2, role-3]}}}}",
            "    for-at-most: 90 days",
            "    renewals: {at-most: 1}",
        ]
    lines.append("duties:")
    for i in range(60):
        lines += [
            f"  duty-{i}:",
            f"    must: publish document-{i % 30}",
            "    for: each model",
            "    when: {event: model.deployed, class-at-least: deploy.external.limited}",
            "    within: 30 days",
            f"    done-when: {{published: document-{i % 30}}}",
        ]
    lines.append("documents:")
    lines += [f"  document-{i}: {{sections: [measures, evaluations], submitted-by: role-{i % 20}}}" for i in range(30)]
    lines.append("terms:")
    lines += [f"  term-{i}: {{means: {{quantity: training-compute, more-than: {i + 1}e25 FLOP}}}}" for i in range(20)]
    lines.append("claims:")
    lines += [f"  claim-{i}: {{title: claim {i}, argued-to: [role-1, role-2]}}" for i in range(20)]
    return "\n".join(lines) + "\n"
