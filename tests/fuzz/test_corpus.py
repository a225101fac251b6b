"""Every input that the fuzzer kept goes through the same functions again, and no promise is broken.

A seed is an input that a person wrote: it has no fault, so that each target is known to reach what lies behind one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from fuzz.mutation import mutated
from fuzz.targets import CONTEXT, SEPARATOR, TARGETS, Broken, hold
from fuzz.words import dictionary, words
from interlock.policy import EVENT_FIELDS, decode
from interlock.policy._condition_forms import FORMS
from interlock.record import read_events

CORPUS: Final = Path(__file__).resolve().parents[2] / "fuzz" / "corpus"
INPUTS: Final = sorted(path for path in CORPUS.rglob("*") if path.is_file())
SEEDS: Final = [path for path in INPUTS if path.name.startswith("seed-")]
FILES: Final = {"policy": "policy.yaml", "markdown": "policy.md", "events": "events.yaml", "lines": "events.jsonl"}


def test_every_target_has_a_corpus_and_all_of_it_is_small() -> None:
    assert {path.parent.name for path in INPUTS} == set(TARGETS)
    assert {path.parent.name for path in SEEDS} == set(TARGETS)
    assert sum(path.stat().st_size for path in INPUTS) < 300_000


@pytest.mark.parametrize("name", TARGETS)
def test_no_promise_is_broken_on_what_the_fuzzer_kept(name: str) -> None:
    for path in sorted((CORPUS / name).iterdir()):
        TARGETS[name](path.read_bytes())


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_seed_has_no_fault(path: Path) -> None:
    content, name = path.read_bytes(), path.parent.name
    if name == "condition":
        assert decode(CONTEXT + content.decode(), file="policy.yaml").pledges
    elif name == "decide":
        policy, _, record = content.partition(SEPARATOR)
        assert decode(policy, file="policy.yaml").restrictions
        assert read_events([("events.yaml", record)])
    elif name in {"policy", "markdown"}:
        assert decode(content, file=FILES[name]).id
    else:
        assert read_events([(FILES[name], content)])


def test_a_broken_promise_is_a_finding() -> None:
    hold([1], "a list that is not empty holds")
    with pytest.raises(Broken, match="nothing holds nothing"):
        hold([], "nothing holds nothing")


def test_the_dictionary_has_the_words_of_the_language_and_escapes_what_libfuzzer_can_not_read() -> None:
    assert set(FORMS) | set(EVENT_FIELDS) <= set(words())
    lines = dictionary().splitlines()
    assert len(lines) == len(words()) > 300
    assert all(line.isascii() and line.startswith('"') and line.endswith('"') for line in lines)
    assert r'"\x5cu0041"' in lines
    assert r'"\xe2\x80\xae"' in lines


@pytest.mark.parametrize("content", [b"", b"\n", b"{", b"a: {b: c}\nd: [e]\n"])
def test_a_mutation_is_the_same_for_the_same_seed_and_keeps_to_its_size(content: bytes) -> None:
    known = [word.encode() for word in words()]
    made = {seed: mutated(content, 200, seed, known) for seed in range(200)}
    assert all(mutated(content, 200, seed, known) == one for seed, one in made.items())
    assert max(map(len, made.values())) <= 200
    assert len(set(made.values())) > 20


@pytest.mark.parametrize("name", TARGETS)
def test_no_promise_is_broken_on_a_few_mutations_of_the_seeds(name: str) -> None:
    """Thirty for each target: enough to know that mutations are taken, the search itself is `make fuzz`."""
    known = [word.encode() for word in words()]
    seeds = [path.read_bytes() for path in SEEDS if path.parent.name == name]
    for seed in range(30):
        TARGETS[name](mutated(seeds[seed % len(seeds)], 4096, seed, known))
