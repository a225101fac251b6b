"""How long a policy file takes to decode, beside readers of YAML that only build a tree."""

from __future__ import annotations

import importlib.metadata
import time
from typing import Any

import pytest
import yaml

from benchmarks import generated
from benchmarks.conftest import Measure
from interlock.policy import decode

pytestmark = pytest.mark.benchmark(timer=time.process_time)

LARGE = generated.policy_text(500).encode()
SECTIONS = (
    *("roles", "measures", "thresholds", "standards", "terms", "documents", "claims"),
    *("restrictions", "permissions", "duties"),
)


def _items(content: bytes) -> int:
    policy = decode(content, file="policy.yaml")
    return sum(len(getattr(policy, section)) for section in SECTIONS)


def test_decoding_500_items(measure: Measure) -> None:
    assert _items(LARGE) == 500
    measure(
        lambda: decode(LARGE, file="policy.yaml"),
        part="decoding",
        name="interlock: a policy of 500 items decoded",
        version=importlib.metadata.version("interlock"),
        aim=0.150,
    )


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_composing_the_same_text(measure: Measure, loader: str) -> None:
    kind: Any = getattr(yaml, loader)
    words = {"CSafeLoader": "in C", "SafeLoader": "in Python"}[loader]
    root: Any = yaml.compose(LARGE, Loader=kind)
    assert len(root.value) > len(SECTIONS)
    measure(
        lambda: yaml.compose(LARGE, Loader=kind),
        rounds=15 if loader == "CSafeLoader" else 5,
        part="decoding",
        name=f"PyYAML `compose`, {words}",
        version=importlib.metadata.version("pyyaml"),
        note="a tree of nodes with places",
    )


def test_a_round_trip_reader_on_the_same_text(measure: Measure) -> None:
    from ruamel.yaml import YAML

    assert len(YAML(typ="rt").load(LARGE)) > len(SECTIONS)
    measure(
        lambda: YAML(typ="rt").load(LARGE),
        rounds=5,
        part="decoding",
        name="ruamel.yaml, round trip",
        version=importlib.metadata.version("ruamel.yaml"),
        note="values with places and comments",
    )
