"""A policy in Markdown is the policy that its blocks would be in YAML, and its faults stand where it has them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from interlock.notation import FaultsError
from interlock.policy import Policy, decode, decode_all
from interlock.terms import digest_of_bytes
from tests.policy.files import HEADER, SOUND, language_example, large_policy, line_of

REPOSITORY = Path(__file__).parents[2]


def in_blocks(text: str) -> str:
    """Return a policy file in Markdown: a block for the header and one for each section, prose between them."""
    parts = [""]
    for line in text.splitlines(keepends=True):
        if line.rstrip().endswith(":") and not line.startswith(" "):
            parts.append("")
        parts[-1] += line
    return "# Ours\n\n" + "\n".join(f"Of which:\n\n```interlock\n{part}```\n" for part in parts)


def alike(one: Policy, other: Policy) -> bool:
    """Return whether two policies are the same but for the file that they stand in."""
    return replace(one, digest=other.digest, file=other.file) == other


def faults_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(FaultsError) as refused:
        decode(text, file="p.md")
    return [(fault.span.line, fault.message) for fault in refused.value.faults]


def test_both_forms_come_to_the_same_policy() -> None:
    for text in (SOUND, large_policy()):
        written = in_blocks(text)
        assert written.count("```interlock") > 5
        assert alike(decode(written, file="p.md"), decode(text, file="p.yaml"))


def test_the_policies_of_the_public_rows_come_to_the_same_in_markdown(shared: Path) -> None:
    found = sorted((shared / "conformance" / "policies").glob("*.yaml"))
    assert found
    for path in found:
        text = path.read_text(encoding="utf-8")
        assert alike(decode(in_blocks(text), file="p.md"), decode(text, file="p.yaml"))
    text = language_example(shared)
    assert alike(decode(in_blocks(text), file="p.md"), decode(text, file="p.yaml"))


def test_the_digest_is_that_of_the_files_bytes() -> None:
    """Prose is part of what was decided on, though it decides nothing."""
    content = in_blocks(SOUND).encode()
    policy = decode(content, file="p.md")
    assert policy.digest == digest_of_bytes(content)
    again = decode(content.replace(b"# Ours", b"# Theirs"), file="p.md")
    assert again.digest != policy.digest
    assert alike(again, policy)


def test_an_item_stands_where_the_markdown_has_it() -> None:
    text = in_blocks(SOUND)
    policy = decode(text, file="p.md")
    span = policy.restrictions["hold-training"].clause.span
    assert (span.file, span.line, span.column) == ("p.md", line_of(text, "hold-training:\n"), 3)


def test_faults_of_reference_across_blocks_point_into_the_markdown() -> None:
    text = in_blocks(SOUND.replace("when: {reached: t-run}", "when: {reached: t-rum}"))
    [(line, message)] = faults_of(text)
    assert line == line_of(text, "t-rum")
    assert message == "`t-rum` is not a threshold of this policy"


def test_a_key_that_no_block_has_is_missing() -> None:
    [(line, message)] = faults_of(in_blocks(SOUND.replace("title: A file without faults\n", "")))
    assert (line, message) == (6, "the policy has no `title`")


def test_a_restriction_in_a_misspelled_block_is_not_dropped() -> None:
    text = in_blocks(SOUND).replace("```interlock\nrestrictions", "```interlok\nrestrictions")
    told = faults_of(text)
    assert (line_of(text, "```interlok"), "a block marked `interlok` is not read") in [
        (line, message.partition(",")[0]) for line, message in told
    ]


def test_a_markdown_version_takes_its_place_in_a_run() -> None:
    second = in_blocks(SOUND.replace('version: "1"', 'version: "2"'))
    policies = decode_all([("one.yaml", SOUND), ("two.md", second)])
    assert [policy.version for policy in policies] == ["1", "2"]
    with pytest.raises(FaultsError, match=r"version `1` of `brook-sound` is also in one\.yaml"):
        decode_all([("one.yaml", SOUND), ("two.md", in_blocks(SOUND))])


def test_yaml_named_as_markdown_is_refused() -> None:
    [(line, message)] = faults_of(HEADER)
    assert (line, message) == (1, "the file has no block marked `interlock`")


def test_the_example_in_markdown_is_sound() -> None:
    path = REPOSITORY / "examples" / "kestrel" / "promises.md"
    policy = decode(path.read_bytes(), file=path.name)
    assert policy.restrictions
    assert path.read_text(encoding="utf-8").count("```interlock") >= 4
