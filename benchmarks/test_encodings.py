"""How long the bundled encodings of real texts take to decode, and to decide under with a record of 200 events."""

from __future__ import annotations

import importlib.metadata
import time
from datetime import timedelta

import pytest

from benchmarks.conftest import Measure
from benchmarks.encoding_records import record_of
from interlock.assessment import assess
from interlock.engine import Question, decide
from interlock.library import BundledPolicy, bundled_policies
from interlock.policy import decode

pytestmark = pytest.mark.benchmark(timer=time.process_time)

ENCODINGS = [policy for policy in bundled_policies() if policy.path.startswith("policies/")]
VERSION = importlib.metadata.version("interlock")
ACTIONS = ("train", "deploy.external.public")

each_encoding = pytest.mark.parametrize("bundled", ENCODINGS, ids=lambda policy: policy.name)


@each_encoding
def test_decoding_an_encoding(measure: Measure, bundled: BundledPolicy) -> None:
    content = bundled.read()
    size = len(content) // 1000
    measure(
        lambda: decode(content, file=bundled.name),
        part="encodings",
        name=f"`{bundled.name}` decoded, {size} kB",
        version=VERSION,
        aim=0.1,
    )


@each_encoding
@pytest.mark.parametrize("action", ACTIONS)
def test_deciding_under_an_encoding(measure: Measure, bundled: BundledPolicy, action: str) -> None:
    policy = decode(bundled.read(), file=bundled.name)
    events = record_of(policy, 200)
    question = Question(model="m3", action=action, as_of=events[-1].occurred + timedelta(days=1))
    assert len(events) == 200
    assert len(decide([policy], events, question).restrictions) > 0 or policy.applies_to is not None
    measure(
        lambda: decide([policy], events, question),
        before=assess.cache_clear,
        part="encodings",
        name=f"`{action}` under `{bundled.name}`, 200 events",
        version=VERSION,
        aim=0.005,
    )
