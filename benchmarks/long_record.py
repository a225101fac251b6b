"""A developer's record over years, and a policy to replay it under: the same every time, as dense whatever its length.

Twenty models are trained, evaluated, deployed and reported on, some 27 events a day between them, each recorded up to
30 hours after it was so. The policy has restrictions on measured thresholds with sign-offs, a permission with windows,
a duty that recurs by growth and time and forbids training while it is overdue, and one for each deployment.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from benchmarks.generated import digest

MODELS: Final = 20
_START: Final = datetime(2015, 1, 2, tzinfo=UTC)
_BETWEEN: Final = timedelta(days=365) / 10_000
"""Ten thousand events a year, however many there are."""
_LATE: Final = (0, 1, 5, 30)
"""Hours from an event to its entry in the record."""

POLICY: Final = """\
interlock: 1
policy: alder-scaling
version: "1"
issuer: Alder
title: A policy to replay
effective: 2015-01-01
burden-of-proof: developer
roles:
  ceo: {title: Chief Executive Officer, side: developer}
  rso: {title: Responsible Scaling Officer, side: developer}
  board: {title: Board of Directors, side: oversight}
measures:
  autonomy: {statistic: proportion, unit: task, suite: alder/autonomy, fresh: {for: 6 months, growth: 4x}}
  biology: {statistic: proportion, unit: task, suite: alder/biology, fresh: {for: 6 months}}
thresholds:
  autonomy-3: {hazard: [autonomy.replication], reached-when: {measure: autonomy, at-least: 50%, confidence: 95%}}
  biology-3: {hazard: [cbrn.biological], reached-when: {measure: biology, at-least: 30%, confidence: 95%}}
standards:
  security:
    kind: security
    controls:
      vault: {attested-by: rso, fresh: 6 months}
      audit: {attested-by: board, fresh: 12 months}
restrictions:
  hold-training: {forbids: [train], when: {reached: autonomy-3}, until: {meets: security}, cease-within: 2 days}
  hold-external: {forbids: [deploy.external], when: {reached: biology-3}, until: {approved: plan, by: [ceo, rso]}}
  hold-release: {forbids: [release-weights], when: {any: [{reached: biology-3}, {reached: autonomy-3}]}}
permissions:
  interim: {lifts: [hold-training], when: {approved: plan, by: [ceo, rso]}, for-at-most: 90 days}
documents:
  plan: {submitted-by: rso}
  report: {submitted-by: rso}
duties:
  assess:
    must: assess dangerous capabilities
    for: each model
    every: {growth: 4x, time: 6 months, whichever: first}
    within: 30 days
    otherwise: {forbids: [train]}
  publish:
    must: publish a report
    when: {event: model.deployed, class-at-least: deploy.external.limited}
    within: 30 days
"""

Said = tuple[str, dict[str, Any], dict[str, Any], dict[str, str]]
"""An event's kind, subject, data and who said it."""


def events(count: int, *, reaching: float = 0) -> list[dict[str, Any]]:
    """Return the first `count` events, more than there are models; `reaching` is the share of runs that reach."""
    random = Random(1)  # noqa: S311 - the same record every time
    found = [_event(_START, "model.registered", {"model": f"alder-{n}"}, {"developer": "Alder"}) for n in range(MODELS)]
    history = _History(random, reaching)
    for number in range(count - len(found)):
        occurred = _START + timedelta(days=1) + number * _BETWEEN
        kind, subject, data, who = history.happens(number)
        recorded = occurred + timedelta(hours=random.choice(_LATE))
        found.append(_event(occurred, kind, subject, data) | who | {"recorded": _text(recorded)})
    return found


class _History:
    """What happens to the models one after another, with what was reached so far."""

    def __init__(self, random: Random, reaching: float) -> None:
        self.random = random
        self.reaching = reaching
        self.compute = [1e24] * MODELS
        self.checkpoint = [0] * MODELS
        self.plan = [0] * MODELS

    def happens(self, number: int) -> Said:
        """Return what happens next."""
        model, draw = self.random.randrange(MODELS), self.random.random()
        subject = {"model": f"alder-{model}"}
        for share, happening in _HAPPENINGS:
            draw -= share
            if draw < 0:
                return happening(self, model, subject, number)
        return "party.notified", subject, {"party": "board", "document": "report"}, {}

    def weights(self, model: int) -> str:
        return digest(1_000 * model + self.checkpoint[model])

    def trains(self, model: int, subject: dict[str, Any], _number: int) -> Said:
        """Training goes on: some fourfold compute in a year, a new checkpoint every twentieth time."""
        self.compute[model] *= 1 + 0.016 * self.random.random()
        self.checkpoint[model] += self.random.random() < 0.05
        weights = {"weights": self.weights(model)}
        return "training.continued", subject | weights, {"effective-compute": f"{self.compute[model]:.6e} FLOP"}, {}

    def pauses(self, _model: int, subject: dict[str, Any], _number: int) -> Said:
        return "training.paused", subject, {}, {}

    def is_evaluated(self, model: int, subject: dict[str, Any], _number: int) -> Said:
        measure = self.random.choice(("autonomy", "biology"))
        successes = 34 if self.random.random() < self.reaching else self.random.randrange(4)
        data = {"measure": measure, "suite": f"alder/{measure}", "successes": successes, "trials": 40}
        return "evaluation.completed", subject | {"weights": self.weights(model)}, data, {}

    def is_measured(self, _model: int, subject: dict[str, Any], _number: int) -> Said:
        return "quantity.measured", subject, {"quantity": "alignment-share", "value": "20%"}, {}

    def vault_is_attested(self, _model: int, _subject: dict[str, Any], _number: int) -> Said:
        return "control.attested", {"developer": "Alder"}, {"control": "vault", "value": True}, _RSO

    def audit_is_attested(self, _model: int, _subject: dict[str, Any], _number: int) -> Said:
        return "control.attested", {"developer": "Alder"}, {"control": "audit", "value": True}, _BOARD

    def is_deployed(self, _model: int, subject: dict[str, Any], _number: int) -> Said:
        given = self.random.choice(("deploy.internal.wide", "deploy.external.public"))
        return "model.deployed", subject, {"class": given}, {}

    def duty_is_done(self, _model: int, subject: dict[str, Any], _number: int) -> Said:
        return "duty.performed", subject, {"duty": self.random.choice(("assess", "publish"))}, {}

    def report_is_published(self, _model: int, subject: dict[str, Any], number: int) -> Said:
        return "document.published", subject, {"document": "report", "digest": digest(1_000_000 + number)}, {}

    def plan_is_submitted(self, model: int, subject: dict[str, Any], number: int) -> Said:
        self.plan[model] = number
        return "document.submitted", subject, {"document": "plan", "digest": digest(2_000_000 + number)}, _RSO

    def plan_is_approved(self, model: int, subject: dict[str, Any], _number: int) -> Said:
        """One of two roles approves the model's plan, if there is any."""
        data = {"document": "plan", "digest": digest(2_000_000 + self.plan[model])}
        return "document.approved", subject, data, self.random.choice((_RSO, _CEO))

    def run_is_planned(self, _model: int, subject: dict[str, Any], number: int) -> Said:
        plan = {"id": f"plan-{number}", "measure": "biology", "suite": "alder/biology"}
        return "evaluation.planned", subject, plan, {}


_RSO: Final = {"actor": "ann", "role": "rso"}
_CEO: Final = {"actor": "cara", "role": "ceo"}
_BOARD: Final = {"actor": "bea", "role": "board"}
_HAPPENINGS: Final = (
    (0.35, _History.trains),
    (0.01, _History.pauses),
    (0.20, _History.is_evaluated),
    (0.15, _History.is_measured),
    (0.05, _History.vault_is_attested),
    (0.01, _History.audit_is_attested),
    (0.02, _History.is_deployed),
    (0.04, _History.duty_is_done),
    (0.08, _History.report_is_published),
    (0.01, _History.plan_is_submitted),
    (0.03, _History.plan_is_approved),
    (0.02, _History.run_is_planned),
)
"""What happens, and how large a share of the events it is; the rest are notices."""


def _event(occurred: datetime, kind: str, subject: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    return {"event": kind, "occurred": _text(occurred), "subject": subject, "data": data}


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
