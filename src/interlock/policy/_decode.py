"""Policy files to policies: all faults of a run at once, or every policy of it (LANGUAGE 1).

A file whose name ends in `.md` or `.markdown` is Markdown, every other one YAML; both come to the same policy.
Pure: takes bytes and names of files, returns policies or raises. Nothing of a run with a fault is returned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from interlock.notation import (
    FaultCollector,
    MappingNode,
    Node,
    ScalarNode,
    is_markdown,
    read_markdown,
    read_yaml,
    shown,
)
from interlock.policy._model import Policy
from interlock.policy._policy_form import ID, LANGUAGE, LANGUAGE_VERSION, POLICY, VERSION
from interlock.policy._reading import SECTIONS, Reading, names_defined, statistics_stated
from interlock.policy._references import check_references
from interlock.policy._shapes import got
from interlock.terms import digest_of_bytes


def decode(content: bytes | str, *, file: str) -> Policy:
    """Return the policy that a file's `content` states; FaultsError with all its faults if it has any."""
    return decode_all([(file, content)])[0]


def decode_all(files: Iterable[tuple[str, bytes | str]]) -> tuple[Policy, ...]:
    """Return the policies of several files, in their order; FaultsError with the faults of all of them.

    Two files with the same version of the same policy are a fault of the second.
    """
    faults = FaultCollector()
    editions: dict[tuple[str, str], str] = {}
    policies = []
    for file, content in files:
        root = _read(content, file=file, faults=faults)
        if root is None:
            continue
        _check_edition(root, editions, faults)
        policy = _decode_root(root, faults)
        if policy is not None:
            raw = content if isinstance(content, bytes) else content.encode(errors="replace")
            policies.append(replace(policy, digest=digest_of_bytes(raw)))
    faults.check()
    return tuple(policies)


def _read(content: bytes | str, *, file: str, faults: FaultCollector) -> Node | None:
    """Return the root node of a file: of a YAML text, or of the blocks of a Markdown one, by the name of the file."""
    if is_markdown(file):
        return read_markdown(content, file=file, faults=faults, sections=SECTIONS)
    return read_yaml(content, file=file, faults=faults)


def _decode_root(root: Node, faults: FaultCollector) -> Policy | None:
    """Return the policy of a file's root node, or None after adding its faults; the digest is the caller's to set."""
    reading = Reading(root.source, faults)
    if not isinstance(root, MappingNode):
        reading.fault(root, f"the file is {got(root)}", expected="a mapping that begins with `interlock: 1`")
        return None
    language = root.get(LANGUAGE.name)
    if isinstance(language, ScalarNode) and language.sound and language.text != LANGUAGE_VERSION:
        message = f"`{shown(language.text)}` is not a version of the language that this program reads"
        reading.fault(language, message, expected=f"`{LANGUAGE_VERSION}`")
        return None
    reading.names = names_defined(root)
    reading.statistics = statistics_stated(root)
    policy = POLICY.read(root, reading)
    check_references(reading)
    return policy


def _check_edition(root: Node, editions: dict[tuple[str, str], str], faults: FaultCollector) -> None:
    """Add a fault if an earlier file of the run states the same version of the same policy."""
    policy, version = (root.get(key.name) if isinstance(root, MappingNode) else None for key in (ID, VERSION))
    if not isinstance(policy, ScalarNode) or not isinstance(version, ScalarNode):
        return
    edition = (policy.text, version.text)
    if edition in editions:
        message = f"version `{shown(version.text)}` of `{shown(policy.text)}` is also in {shown(editions[edition])}"
        faults.add(root.source, version.span, message, expected="each version of a policy once in a run")
    editions.setdefault(edition, root.source.file)
