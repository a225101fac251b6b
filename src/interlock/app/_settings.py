"""The settings of a workspace, the file `interlock.yaml`: read with every fault of it, and written once.

    developer: Halcyon AI            # whose models are decided on; only words for what is still to be recorded
    policies: [policies/policy.yaml] # every version that was, is or will be in force; paths are relative to this file
    protocols: []                    # which suite and elicitation the tasks of evaluation logs stand for

Reads text and returns values; where the files are is for `workspaces` to know.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from interlock.evidence import EvaluationProtocol, read_protocols
from interlock.notation import FaultCollector, MappingNode, Node, ScalarNode, SequenceNode, read_yaml, yaml_values

_KEYS: Final = ("developer", "policies", "protocols")
_LONGEST: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a workspace states of itself."""

    developer: str | None
    policies: tuple[str, ...]
    protocols: tuple[EvaluationProtocol, ...]


def read_settings(content: bytes, *, file: str) -> Settings:
    """Return the settings; FaultsError with the faults of the file, or ProtocolError with those of the protocols."""
    faults = FaultCollector()
    root = read_yaml(content, file=file, faults=faults)
    faults.check()
    if not isinstance(root, MappingNode):
        _fault(root, "the file is not a mapping", f"the keys {', '.join(_KEYS)}", faults)
        faults.check()
        return Settings(developer=None, policies=(), protocols=())
    for key, _ in root.entries:
        if key.text not in _KEYS:
            expected = f"one of {', '.join(_KEYS)}"
            message = f"a workspace has no `{key.text}`"
            faults.add(root.source, key.span, message, expected=expected, name=key.text, names=_KEYS)
    developer = _text(root.get("developer"), faults)
    policies = _policies(root.get("policies"), faults)
    faults.check()
    listed = root.get("protocols")
    protocols = read_protocols(None if listed is None else yaml_values(listed))
    return Settings(developer=developer, policies=policies, protocols=protocols)


def _policies(node: Node | None, faults: FaultCollector) -> tuple[str, ...]:
    if node is None:
        return ()
    if not isinstance(node, SequenceNode):
        _fault(node, "`policies` is not a list", "a list of policy files, such as [policies/policy.yaml]", faults)
        return ()
    paths = [_text(item, faults) for item in node.items]
    return tuple(path for path in paths if path is not None)


def _text(node: Node | None, faults: FaultCollector) -> str | None:
    if node is None:
        return None
    value = node.value if isinstance(node, ScalarNode) else None
    if isinstance(value, str) and value and value.isprintable() and len(value) <= _LONGEST:
        return value
    _fault(node, "this is not a text", "a text on one line, in quotes where it looks like a number", faults)
    return None


def _fault(node: Node | None, message: str, expected: str, faults: FaultCollector) -> None:
    if node is not None:
        faults.add(node.source, node.span, message, expected=expected)


def settings_text(developer: str | None, policies: Sequence[str]) -> str:
    """Return the file that `interlock init` writes."""
    # JSON's texts are YAML's: quoting settles what a name may hold.
    named = f"developer: {_quoted(developer)}" if developer else "# developer: NAME"
    listed = "".join(f"  - {_quoted(path)}\n" for path in policies)
    return f"""\
# A workspace of interlock: what its commands read in this folder. The record of events is events.jsonl beside it.

# whose models are decided on
{named}

# every version of a policy that was, is or will be in force; paths are relative to this file
policies:{"" if policies else " []"}
{listed}
# which suite and elicitation the tasks of evaluation logs stand for, for instance
#   - {{task: halcyon/autonomy, args: {{tools: true}}, suite: halcyon/autonomy, elicitation: [tools]}}
protocols: []
"""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
