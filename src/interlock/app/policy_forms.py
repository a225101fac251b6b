"""Policies in other forms: in words as a page or as Markdown, their schema for editors, and those that ship with us.

Everything that is written here can be made again. A file that something else made is never written over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from interlock.app._files import read_file, write_file
from interlock.app.errors import FileRefused
from interlock.app.forms import Form
from interlock.library import BundledPolicy, bundled_policies
from interlock.policy import Policy, decode, policy_schema
from interlock.reports import POLICY_MARKDOWN_ENDS, policy_markdown, policy_page

LIST_SHAPE: Final = "interlock.policies/1"


def document_of(policy: Policy, form: Form, *, engine: str) -> bytes:
    """Return what the policy says as a page or as Markdown; how it stands in a terminal is not told here."""
    if form is Form.HTML:
        return policy_page(policy, engine=engine)
    return policy_markdown(policy, engine=engine).encode()


def schema_document() -> bytes:
    """Return the JSON Schema of policy files."""
    return (json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n").encode()


_MADE_BEFORE: Final[Mapping[Form | None, Callable[[bytes], bool]]] = {
    Form.TEXT: lambda content: b"\nPolicy\n" in b"\n" + content,
    Form.MARKDOWN: lambda content: content.rstrip().endswith(POLICY_MARKDOWN_ENDS.encode()),
    Form.HTML: lambda content: content.startswith(b"<!DOCTYPE html>"),
    None: lambda content: content.startswith(b'{\n  "$schema": '),
}


def write_document(path: Path, content: bytes, form: Form | None) -> None:
    """Write a policy in that form, or the schema (None); FileRefused where it can't be, or where something else is."""
    if path.is_file() and path.stat().st_size and not _MADE_BEFORE[form](read_file(path)):
        msg = f"--out: `{path}` is there already, and is not what would be written"
        raise FileRefused(msg, advice="name another file, or remove that one")
    write_file(path, content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A policy that ships with interlock: what names it, and what it is."""

    bundled: BundledPolicy
    policy: Policy

    @property
    def reference(self) -> str:
        """What names it where a policy file is asked for."""
        return self.bundled.reference


def listed_policies() -> tuple[Listed, ...]:
    """Return the policies that ship with interlock, by name."""
    return tuple(Listed(bundled=one, policy=decode(one.read(), file=one.reference)) for one in bundled_policies())


def list_to_json(listed: tuple[Listed, ...]) -> dict[str, Any]:
    """Return the list in the shape `interlock.policies/1`."""
    return {"shape": LIST_SHAPE, "policies": [_to_json(one) for one in listed]}


def _to_json(one: Listed) -> dict[str, Any]:
    policy = one.policy
    reviewers = policy.encoding.get("reviewed-by")
    return {
        "reference": one.reference,
        "id": policy.id,
        "version": policy.version,
        "title": policy.title,
        "issuer": policy.issuer,
        "effective": policy.effective.isoformat(),
        "digest": policy.digest,
        "encoding": {
            "status": policy.encoding.get("status", "unofficial"),
            "by": policy.encoding.get("by"),
            "reviewed_by": list(reviewers) if isinstance(reviewers, list | tuple) else [],
        },
    }
