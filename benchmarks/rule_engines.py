"""One rule in many engines: pause if the score is at least 0.5 and the safeguard is not in place, else proceed.

Each engine gets the rule as its own documentation would have a newcomer write it, and answers cases one by one (or a
whole list, where that is how it is meant to be used). `missing_evidence` asks them about faulty cases, the benchmarks
time them on sound ones. Engines are imported when they are built, so that one that is not installed hides no other.
AGPL software is run here and nowhere else.
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

Case = dict[str, Any]
"""`cbrn`, a score from 0 to 1, and `asl3`, whether the safeguard is in place; either may be missing or nonsense."""

Answering = Callable[[Case], str]
AnsweringAll = Callable[[Sequence[Case]], list[str]]
PAUSE: Final = "pause"
PROCEED: Final = "proceed"

BARE: Final = "bare decision"
RULE: Final = "decision and the rule that decided"
TRACE: Final = "full trace"
TIERS: Final = (BARE, RULE, TRACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """An engine with the rule in one of its forms.

    `whole` marks one that answers a list of cases at once, `asked` one that has a row in the table of missing evidence.
    """

    name: str
    distribution: str | None
    licence: str
    tier: str
    build: Callable[[], Any]
    whole: bool = False
    asked: bool = True
    note: str = ""

    @property
    def version(self) -> str:
        """The installed version of the engine's distribution; raises PackageNotFoundError where it is not installed."""
        return "" if self.distribution is None else importlib.metadata.version(self.distribution)

    def answer_all(self) -> AnsweringAll:
        """Build the engine and return what answers a list of cases."""
        built = self.build()
        return built if self.whole else lambda cases: [built(case) for case in cases]


def expected(case: Case) -> str:
    """Return the right answer to a sound case."""
    return PAUSE if case["cbrn"] >= 0.5 and not case["asl3"] else PROCEED


# Expression languages


def _plain_python() -> Answering:
    return lambda case: PAUSE if case["cbrn"] >= 0.5 and not case["asl3"] else PROCEED


def _cel_rust() -> Answering:
    import cel

    program = cel.compile('cbrn >= 0.5 && !asl3 ? "pause" : "proceed"')
    return lambda case: str(program.execute(case))


def _cel_python(runner: str) -> Answering:
    import celpy
    from celpy import celparser

    celparser.CELParser.CEL_PARSER = None  # the parser is kept from the last runner, which has trees of another kind
    environment = celpy.Environment(runner_class=getattr(celpy, runner))
    program = environment.program(environment.compile('cbrn >= 0.5 && !asl3 ? "pause" : "proceed"'))
    return lambda case: str(program.evaluate({name: celpy.json_to_cel(value) for name, value in case.items()}))


def _rule_engine() -> Answering:
    import rule_engine

    rule = rule_engine.Rule("cbrn >= 0.5 and not asl3")
    return lambda case: PAUSE if rule.matches(case) else PROCEED


def _zen_expression() -> Answering:
    import zen

    expression = zen.compile_expression("cbrn >= 0.5 and not asl3 ? 'pause' : 'proceed'")
    return lambda case: str(expression.evaluate(case))


def _feel() -> Answering:
    from bkflow_feel.api import parse_expression

    logging.getLogger("bkflow_feel").disabled = True
    logging.getLogger("bkflow_feel.api").disabled = True
    text = "cbrn >= 0.5 and asl3 = false"  # this FEEL has no `if`
    return lambda case: PAUSE if parse_expression(text, case) else PROCEED


def _json_logic() -> Answering:
    import json_logic

    at_least = {">=": [{"var": "cbrn"}, 0.5]}
    rule = {"if": [{"and": [at_least, {"!": [{"var": "asl3"}]}]}, PAUSE, PROCEED]}
    return lambda case: str(json_logic.jsonLogic(rule, case))


# Rules and tables


def _business_rules() -> Answering:
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.variables import BaseVariables, boolean_rule_variable, numeric_rule_variable

    class Evidence(BaseVariables):
        def __init__(self, case: Case) -> None:
            self.case = case

        @numeric_rule_variable
        def cbrn(self) -> Any:
            return self.case["cbrn"]

        @boolean_rule_variable
        def asl3(self) -> Any:
            return self.case["asl3"]

    class Outcome(BaseActions):
        answer = PROCEED

        @rule_action(params={})
        def pause(self) -> None:
            self.answer = PAUSE

    conditions = [
        {"name": "cbrn", "operator": "greater_than_or_equal_to", "value": 0.5},
        {"name": "asl3", "operator": "is_false", "value": True},
    ]
    rules = [{"conditions": {"all": conditions}, "actions": [{"name": "pause"}]}]

    def answer(case: Case) -> str:
        outcome = Outcome()
        run_all(rule_list=rules, defined_variables=Evidence(case), defined_actions=outcome, stop_on_first_trigger=True)
        return outcome.answer

    return answer


def _durable_rules() -> Answering:
    from durable.engine import MessageNotHandledException
    from durable.lang import m, post, ruleset, when_all

    fired: list[str] = []
    numbers = iter(range(10**9))
    with ruleset("one_rule"):

        @when_all((m.cbrn >= 0.5) & (m.asl3 == False))  # noqa: E712 - the engine's way to write it
        def hold(_context: Any) -> None:
            fired.append(PAUSE)

    def answer(case: Case) -> str:
        fired.clear()
        try:
            post("one_rule", {**case, "number": next(numbers)})
        except MessageNotHandledException:
            return PROCEED
        return fired[0] if fired else PROCEED

    return answer


def _zen_table(*, trace: bool) -> Answering:
    import zen

    at = {"position": {"x": 0, "y": 0}}
    table = {
        "hitPolicy": "first",
        "inputs": [
            {"id": "score", "name": "score", "field": "cbrn"},
            {"id": "guard", "name": "guard", "field": "asl3"},
        ],
        "outputs": [{"id": "answer", "name": "answer", "field": "answer"}],
        "rules": [
            {"_id": "hold", "score": ">= 0.5", "guard": "false", "answer": "'pause'"},
            {"_id": "else", "score": "", "guard": "", "answer": "'proceed'"},
        ],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", **at},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table, **at},
        {"id": "out", "name": "out", "type": "outputNode", **at},
    ]
    edges = [
        {"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in [("in", "table"), ("table", "out")]
    ]
    graph = json.dumps({"nodes": nodes, "edges": edges})
    decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(graph))
    options = {"trace": True} if trace else {}

    def answer(case: Case) -> str:
        given = decision.evaluate(case, options)
        if trace and not given["trace"]:
            msg = "no trace was given"
            raise AssertionError(msg)
        return str(given["result"]["answer"])

    return answer


# Policy as code

_REGO: Final = """\
package one
import rego.v1
default decision := "proceed"
decision := "pause" if {
    input.cbrn >= 0.5
    not input.asl3
}
"""
_REGO_WITH_RULE: Final = """\
package one
import rego.v1
default decision := {"answer": "proceed", "rule": "default"}
decision := {"answer": "pause", "rule": "hold"} if {
    input.cbrn >= 0.5
    not input.asl3
}
"""


def _regorus(*, with_rule: bool = False) -> Answering:
    import regorus

    engine = regorus.Engine()
    engine.add_policy("one.rego", _REGO_WITH_RULE if with_rule else _REGO)

    def answer(case: Case) -> str:
        engine.set_input(case)
        given = engine.eval_rule("data.one.decision")
        return str(given["answer"] if with_rule else given)

    return answer


def _rego_cpp() -> Answering:
    import regopy

    interpreter = regopy.Interpreter()
    interpreter.add_module("one", _REGO)
    bundle = interpreter.build("data.one.decision", ["one/decision"])

    def answer(case: Case) -> str:
        interpreter.set_input(case)
        return str(interpreter.query_bundle_entrypoint(bundle, "one/decision").results[0].expressions[0])

    return answer


_CEDAR_UNLESS: Final = "permit(principal, action, resource) unless { context.cbrn >= 5000 && !context.asl3 };"
_CEDAR_FORBID: Final = (
    "permit(principal, action, resource); "
    "forbid(principal, action, resource) when { context.cbrn >= 5000 && !context.asl3 };"
)


def _cedar_request(case: Case) -> dict[str, Any]:
    """Return the request: Cedar has whole numbers and no null, so the score is in ten-thousandths and null left out."""
    context = {}
    for name, value in case.items():
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            continue
        context[name] = int(value * 10_000) if isinstance(value, float) else value
    return {"principal": 'Model::"m"', "action": 'Action::"train"', "resource": 'Stage::"s"', "context": context}


def _cedar(text: str) -> Answering:
    import cedarpy

    policies = cedarpy.PolicySet.from_str(text)

    def answer(case: Case) -> str:
        given = cedarpy.is_authorized(_cedar_request(case), policies, [])
        errors = " with errors" if given.diagnostics.errors else ""
        return (PROCEED if given.allowed else PAUSE) + errors

    return answer


def _cedar_batch() -> AnsweringAll:
    import cedarpy

    def answer_all(cases: Sequence[Case]) -> list[str]:
        given = cedarpy.is_authorized_batch([_cedar_request(case) for case in cases], _CEDAR_FORBID, [])
        return [PROCEED if one.allowed else PAUSE for one in given]

    return answer_all


# Rules as code over whole columns


def _openfisca() -> AnsweringAll:
    import numpy as np
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    model = build_entity(key="model", plural="models", label="a model", is_person=True)
    system = TaxBenefitSystem([model])
    month = {"entity": model, "definition_period": DateUnit.MONTH, "label": "-"}

    def formula(population: Any, period: Any, _parameters: Any) -> Any:
        return (population("cbrn", period) >= np.float32(0.5)) * ~population("asl3", period)

    system.add_variables(
        type("cbrn", (Variable,), {"value_type": float, **month}),
        type("asl3", (Variable,), {"value_type": bool, **month}),
        type("pause", (Variable,), {"value_type": bool, "formula": formula, **month}),
    )

    def answer_all(cases: Sequence[Case]) -> list[str]:
        simulation = SimulationBuilder().build_default_simulation(system, count=len(cases))
        for name in cases[0]:
            simulation.set_input(name, "2026-01", np.array([case[name] for case in cases]))
        return [PAUSE if one else PROCEED for one in simulation.calculate("pause", "2026-01")]

    return answer_all


def _openfisca_one() -> Answering:
    answer_all = _openfisca()
    return lambda case: answer_all([case])[0] if case else answer_all([{}])[0]


def _numpy() -> AnsweringAll:
    import numpy as np

    def answer_all(cases: Sequence[Case]) -> list[str]:
        score = np.array([case["cbrn"] for case in cases])
        guard = np.array([case["asl3"] for case in cases])
        answers: list[str] = np.where((score >= 0.5) & ~guard, PAUSE, PROCEED).tolist()
        return answers

    return answer_all


_LICENCES: Final = {
    "bkflow-feel": "MIT",
    "business-rules": "MIT",
    "cedarpy": "Apache-2.0",
    "cel-python": "Apache-2.0",
    "common-expression-language": "Apache-2.0",
    "durable-rules": "MIT",
    "gordon-to-regorus": "MIT AND Apache-2.0 AND BSD-3-Clause",
    "json-logic-qubit": "MIT",
    "numpy": "BSD-3-Clause",
    "openfisca-core": "AGPL-3.0-or-later",
    "regopy": "MIT",
    "rule-engine": "BSD-3-Clause",
    "zen-engine": "MIT",
}


def _engine(name: str, distribution: str | None, tier: str, build: Callable[[], Any], **more: Any) -> Engine:
    licence = "" if distribution is None else _LICENCES[distribution]
    return Engine(name=name, distribution=distribution, licence=licence, tier=tier, build=build, **more)


ENGINES: Final = (
    _engine("plain Python `if`", None, BARE, _plain_python, asked=False),
    _engine("numpy, whole columns", "numpy", BARE, _numpy, whole=True, asked=False),
    _engine("CEL in Rust, compiled", "common-expression-language", BARE, _cel_rust),
    _engine("CEL in Python, interpreted", "cel-python", BARE, lambda: _cel_python("InterpretedRunner")),
    _engine("CEL in Python, compiled", "cel-python", BARE, lambda: _cel_python("CompiledRunner"), asked=False),
    _engine("rule-engine", "rule-engine", BARE, _rule_engine),
    _engine("FEEL", "bkflow-feel", BARE, _feel, note="parses at each call"),
    _engine("ZEN expression", "zen-engine", BARE, _zen_expression),
    _engine("ZEN decision table", "zen-engine", BARE, lambda: _zen_table(trace=False)),
    _engine("JsonLogic", "json-logic-qubit", BARE, _json_logic),
    _engine("business-rules", "business-rules", BARE, _business_rules),
    _engine("durable-rules", "durable-rules", BARE, _durable_rules, note="has no wheel; installed beside the lock"),
    _engine("Rego, default proceed (regorus)", "gordon-to-regorus", BARE, _regorus),
    _engine("Rego, default proceed (rego-cpp)", "regopy", BARE, _rego_cpp),
    _engine(
        "OpenFisca, one simulation", "openfisca-core", BARE, _openfisca, whole=True, asked=False, note="32-bit floats"
    ),
    _engine("OpenFisca", "openfisca-core", BARE, _openfisca_one, note="a simulation for each case"),
    _engine("Cedar, `permit unless`", "cedarpy", RULE, lambda: _cedar(_CEDAR_UNLESS)),
    _engine("Cedar, `permit` and `forbid when`", "cedarpy", RULE, lambda: _cedar(_CEDAR_FORBID)),
    _engine("Cedar, in batch", "cedarpy", RULE, _cedar_batch, whole=True, asked=False),
    _engine(
        "Rego (regorus), rule written out", "gordon-to-regorus", RULE, lambda: _regorus(with_rule=True), asked=False
    ),
    _engine("ZEN decision table, traced", "zen-engine", TRACE, lambda: _zen_table(trace=True), asked=False),
)
