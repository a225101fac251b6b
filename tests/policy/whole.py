"""A policy that says everything the language can say: every key of every form, no default where another word is there.

`uses` tells which keys a text uses, so that a key that is new to the language is missed here first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from interlock.notation import FaultCollector, MappingNode, Node, ScalarNode, SequenceNode, read_yaml

WHOLE: Final = """\
interlock: 1
policy: brook-whole
version: "2.1"
issuer: Brook
title: All that can be said
effective: 2025-01-01
source: {title: "The policy, 2.1", url: "https://brook.example/policy", retrieved: 2025-01-02, sha256: "0f3a"}
encoding: {by: the example, status: adopted, reviewed-by: [Ann, Ben]}
unencoded: [{section: "7.4", why: describes culture, clauses: [B-7]}]
calendar: {time-zone: Asia/Dubai, holidays: [2025-12-02], business-week: [mon, thu, sun]}
burden-of-proof: challenger
applies-to: {quantity: training-compute, of: any-model, more-than: 1e26 FLOP, fresh: 11 months, within-last: 13 months}
roles:
  rso: {title: Responsible Scaling Officer, side: developer, interests: [equity]}
  board: {title: Board, side: oversight, modality: expected, binding: conditional}
  auditor: {title: Auditor, side: independent, note: chosen by the board}
measures:
  run:
    statistic: proportion
    unit: {task: family}
    unit-passes: {at-least: 1, of: 10}
    suite: brook/run
    elicitation: [tools]
    fresh: {for: 6 months, growth: 4x}
    pre-registration: required
    carries: while-fresh
    sequential: true
    source: {section: "2.1", page: "4", clauses: [B-1, B-2(a)], note: in the second paragraph}
    note: the text names no suite
    mark: read
  horizon: {statistic: time-horizon, at: 50%, suite: brook/horizon}
thresholds:
  t-run: {hazard: [cyber.uplift], reached-when: {measure: run, at-least: 50%, confidence: 95%}}
  t-horizon: {reached-when: {measure: horizon, below: 8 hours}}
standards:
  security:
    kind: security
    controls:
      vault:
        attested-by: {n: 2, of: [rso, board, auditor]}
        fresh: 12 months
        effort: {at-least: 500000 USD}
        outcome: no-exfiltration
        source: {section: "3.3", page: "9", note: in the table}
        note: a vault is a room
        mark: doubtful
        modality: aim
        binding: recommendation
  stand-in: {controls: {guards: {attested-by: {any-of: [rso, auditor]}}}}
  later: {undefined: {owed: to be defined, before: {first: train, of: {reached: t-run}}}}
restrictions:
  hold-training:
    forbids: [train]
    when:
      all:
        - {reached: t-run, of: lineage}
        - any:
            - {judged: dangerous, by: board}
            - {not: {ruled-out: t-horizon, ahead: 4x}}
            - at-least: {n: 2, of: [{meets: security}, {attested: vault, by: board}, {argued: unlikely}]}
        - readings:
            {id: near, ruled-by: board, wide: {event: model.deployed, class-at-least: deploy}, narrow: {done: assess}}
    until: {approved: plan, by: [rso, board]}
    presume: active
    cease-within: 2 days
  hold-public:
    forbids: [deploy.external.public]
    when:
      any:
        - {growth: effective-compute, since: assess, more-than: 4x, against: most-capable-assessed}
        - {ratio: effective-compute, at-least: 1x, to-any: large}
        - {elapsed: 6 months, since: assess}
        - {reviewed: plan, by: auditor}
        - {endorsed: plan, by: auditor}
        - {published: plan, for-at-least: 30 days, coverage-within: 1 month}
        - {notified: board, of: plan, latest: true}
        - {overdue: assess}
        - {active: hold-training}
        - {in-force: interim}
        - {term: large}
        - {event: incident.discovered, kind: theft, severity: high}
        - {undefined: {owed: a test of spread}}
        - {quantity: spend, at-most: 5 USD}
permissions:
  interim:
    lifts: [hold-public]
    when: {approved: plan, by: rso}
    for-at-most: 90 days
    renewals: {at-most: 1}
  swap: {replaces: {security: stand-in}, when: {judged: equivalent, by: board}}
duties:
  assess:
    must: assess capabilities
    for: each model
    every: {growth: 4x, time: 6 months, whichever: last, anchor: schedule}
    when: {event: training.started}
    within: 30 days
    clock: awareness
    done-when: {published: plan}
    excused-when: {judged: unchanged, by: board}
    extended: {by: 15 days, when: {notified: board, of: plan}}
    or-as-agreed: {document: schedule, with: board}
    otherwise: {forbids: [store]}
  list:
    must: publish a list
    for: issuer
    when: {judged: due, by: board}
    or-as-notified: {document: schedule, to: board}
pledges:
  open: {maintain: {attested: guards}, for: issuer}
  compute: {maintain: {quantity: share, at-least: 20%}, for: each model, measured-every: 3 months}
terms:
  large: {means: {quantity: training-compute, more-than: 1e26 FLOP}}
  frontier:
    readings: {by-compute: {quantity: training-compute, more-than: 1e27 FLOP}, by-word: {judged: frontier, by: rso}}
    ruled-by: [rso, board]
    disputed: [{by: "Ann Lee, 2025-03-01", reading: by-word, where: "https://lee.example/", says: compute says little}]
documents:
  plan: {sections: [measures, equivalence], submitted-by: rso}
  schedule: {submitted-by: board}
claims:
  unlikely: {title: sabotage is unlikely, argued-to: [rso, auditor]}
goals:
  level-5: {graded-by: rso, modality: should}
  level-4: {by: 2027-06-30, graded-by: rso, reviewed-by: board, modality: aim, binding: recommendation}
amendments: {approved-by: [board], consulted: [auditor], published: true, notice: 14 days}
"""

Path = tuple[str | int, ...]


def root_of(text: str) -> MappingNode:
    """Return the root of a policy file."""
    faults = FaultCollector()
    root = read_yaml(text, file="policy.yaml", faults=faults)
    faults.check()
    assert isinstance(root, MappingNode)
    return root


def plain(node: Node) -> object:
    """Return what an editor reads by YAML 1.2's core schema: numbers and truth values where they are not quoted."""
    match node:
        case MappingNode():
            return {key.text: plain(value) for key, value in node.entries}
        case SequenceNode():
            return [plain(item) for item in node.items]
        case ScalarNode():
            value = node.value
            return value if value is None or isinstance(value, bool | int | str) else float(value)


def paths_of(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield the paths to every value within a plain one."""
    items: Iterator[tuple[str | int, object]]
    items = (
        iter(value.items()) if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else iter(())
    )
    for key, inner in items:
        yield (*path, key)
        yield from paths_of(inner, (*path, key))
