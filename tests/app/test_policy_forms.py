"""Policies in other forms: what is written, what is never written over, and what is listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interlock.app.decisions import check_policies
from interlock.app.errors import FileRefused
from interlock.app.forms import Form
from interlock.app.policy_forms import document_of, list_to_json, listed_policies, schema_document, write_document
from interlock.policy import policy_schema
from interlock.reports import policy_markdown, policy_page
from tests.app.builders import HALCYON
from tests.conftest import REPOSITORY

[POLICY] = check_policies([HALCYON / "policy.yaml"])
MARKDOWN = document_of(POLICY, Form.MARKDOWN, engine="e")


def test_a_document_is_the_page_or_the_markdown() -> None:
    assert document_of(POLICY, Form.HTML, engine="e") == policy_page(POLICY, engine="e")
    assert MARKDOWN.decode() == policy_markdown(POLICY, engine="e")


def test_the_schema_of_the_documentation_is_written_so() -> None:
    assert json.loads(schema_document()) == policy_schema()
    assert (REPOSITORY / "docs" / "reference" / "policy.schema.json").read_bytes() == schema_document()


@pytest.mark.parametrize(
    ("form", "content"),
    [
        (Form.TEXT, b"! Unofficial encoding\n\nPolicy\n  x\n"),
        (Form.MARKDOWN, MARKDOWN),
        (Form.HTML, document_of(POLICY, Form.HTML, engine="e")),
        (None, schema_document()),
    ],
    ids=["text", "markdown", "html", "schema"],
)
def test_what_was_made_before_is_written_again_and_nothing_else_is_written_over(
    form: Form | None, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "out"
    path.touch()
    for _ in range(2):
        write_document(path, content, form)
        assert path.read_bytes() == content
    policy = (HALCYON / "policy.yaml").read_bytes()
    for other in (policy, b"# A policy in Markdown\n", b"{}", b"\xff"):
        path.write_bytes(other)
        with pytest.raises(FileRefused, match="is there already"):
            write_document(path, content, form)
        assert path.read_bytes() == other


def test_the_list_names_each_policy_with_its_standing() -> None:
    value = list_to_json(listed_policies())
    assert value["shape"] == "interlock.policies/1"
    [one] = [policy for policy in value["policies"] if policy["id"] == "halcyon-scaling-policy"]
    assert one == {
        "reference": "interlock://halcyon-scaling-policy@1.0",
        "id": "halcyon-scaling-policy",
        "version": "1.0",
        "title": "Halcyon Scaling Policy",
        "issuer": "Halcyon AI",
        "effective": "2026-07-01",
        "digest": POLICY.digest,
        "encoding": {"status": "unofficial", "by": "the example of interlock", "reviewed_by": []},
    }
