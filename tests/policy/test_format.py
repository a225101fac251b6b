"""The canonical form of a policy reads as the same policy, is its own canonical form, and keeps every comment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.notation import FaultsError, comments_of
from interlock.policy import Condition, Leaf, Policy, Undefined, condition_text, decode, formatted, leaves, policy_text
from interlock.policy._forms import Form, Key, Section
from interlock.policy._policy_form import POLICY
from interlock.policy._shapes import Shape
from interlock.policy._writing import policy_tree
from interlock.policy._writing_conditions import condition_tree, number_text
from interlock.policy._writing_layout import Notes, Tree, keys_on_lines, on_one_line
from interlock.testing.strategies import Drawn, cases, timelines
from tests.policy.files import HEADER, SOUND, language_example, large_policy
from tests.policy.test_text import conditions, read

REPOSITORY = Path(__file__).parents[2]
OURS = sorted(
    path
    for folder in ("conformance/policies", "examples", "src/interlock/library")
    for path in (REPOSITORY / folder).rglob("*.*")
    if path.suffix in {".yaml", ".md"} and b"\nissuer: " in path.read_bytes()
)


def canonical(text: str, *, file: str = "f.yaml") -> str:
    return formatted(text.encode(), file=file).decode()


def body(text: str) -> str:
    """Return the canonical form of a policy's header and `text`, without the header."""
    whole = canonical(HEADER + dedent(text))
    assert whole.startswith(HEADER)
    return whole.removeprefix(HEADER).removeprefix("\n")


def owed_before(policy: Policy) -> list[object]:
    """Return before what each undefined thing of the policy is owed: no comparison of values sees it."""
    conditions = [
        *(one.when for one in policy.restrictions.values()),
        *(one.until for one in policy.restrictions.values() if one.until is not None),
        *(one.reached_when for one in policy.thresholds.values()),
    ]
    found = [leaf.before for one in conditions for leaf in leaves(one) if isinstance(leaf, Undefined)]
    return [*found, *(one.undefined.before for one in policy.standards.values() if one.undefined is not None)]


def assert_canonical_form_is_the_same_policy(content: bytes, file: str) -> None:
    policy = decode(content, file=file)
    written = formatted(content, file=file)
    again = decode(written, file=file)
    assert replace(again, digest=policy.digest) == policy
    assert owed_before(again) == owed_before(policy)
    assert policy_text(again) == policy_text(policy)
    assert formatted(written, file=file) == written


def test_there_are_policies_of_the_repository() -> None:
    assert len(OURS) >= 10


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_the_policies_of_the_repository_have_a_canonical_form(path: Path) -> None:
    assert_canonical_form_is_the_same_policy(path.read_bytes(), path.name)


def test_the_policies_of_the_public_rows_have_a_canonical_form(shared: Path) -> None:
    found = sorted((shared / "conformance" / "policies").glob("*.yaml"))
    assert len(found) >= 10
    for path in found:
        assert_canonical_form_is_the_same_policy(path.read_bytes(), path.name)


def test_the_policy_of_the_languages_page_has_a_canonical_form(shared: Path) -> None:
    assert_canonical_form_is_the_same_policy(language_example(shared).encode(), "page.yaml")


def test_a_policy_of_five_hundred_items_has_a_canonical_form() -> None:
    assert_canonical_form_is_the_same_policy(large_policy().encode(), "large.yaml")


@settings(max_examples=40, deadline=None)
@given(st.one_of(cases(), timelines()))
def test_generated_policies_have_a_canonical_form(drawn: Drawn) -> None:
    for document in drawn.policy_documents:
        assert_canonical_form_is_the_same_policy(json.dumps(document).encode(), "drawn.yaml")


@settings(max_examples=40, deadline=None)
@given(st.one_of(cases(), timelines()))
def test_a_condition_on_one_line_is_its_canonical_text(drawn: Drawn) -> None:
    for policy in drawn.policies:
        for restriction in policy.restrictions.values():
            assert on_one_line(condition_tree(restriction.when)) == condition_text(restriction.when)


@settings(max_examples=60, deadline=None)
@given(conditions, st.integers(20, 120))
def test_every_condition_reads_back_however_it_is_laid_out(condition: Condition, width: int) -> None:
    lines = keys_on_lines({"maintain": condition_tree(condition)}, Notes(), indent=4, width=width)
    text = "".join(f"{line}\n" for line in lines)
    assert decode(f"{SOUND}pledges:\n  promise:\n{text}", file="f.yaml").pledges["promise"].maintain == condition


@pytest.mark.parametrize(
    "text",
    [
        "{reviewed: plan, by: [rso]}",
        "{endorsed: plan, by: [rso, board]}",
        "{undefined: {owed: x, before: {first: train, of: {reached: t-run}}}}",
        "{readings: {id: wide, ruled-by: [board], a: {reached: t-run}, b: {term: large}}}",
    ],
)
def test_a_condition_written_canonically_stays_as_it_is(text: str) -> None:
    assert on_one_line(condition_tree(read(text))) == text


def test_what_is_no_leaf_of_the_language_is_not_written() -> None:
    with pytest.raises(TypeError, match="Leaf is no leaf of the language"):
        condition_tree(Leaf())


# What it looks like


def test_keys_stand_in_the_order_of_the_language_and_defaults_are_left_out() -> None:
    text = """\
        restrictions:
          hold: {binding: unilateral, when: {of: this, judged: safe, by: board}, forbids: [train], modality: must}
        burden-of-proof: developer
        roles: {board: {side: oversight, title: board}}
        policy: p
        version: '1'
        issuer: Brook
        title: T
        effective: 2025-01-01
        interlock: 1
        """
    assert canonical(dedent(text)) == dedent(
        """\
        interlock: 1
        policy: p
        version: "1"
        issuer: Brook
        title: T
        effective: 2025-01-01

        roles:
          board: {side: oversight}

        restrictions:
          hold: {forbids: [train], when: {judged: safe, by: [board]}}
        """
    )


def test_what_fits_on_a_line_stands_on_one_and_what_does_not_is_spread() -> None:
    parts = "{judged: first, by: [board]}, {not: {judged: second, by: [board]}}"
    head = "  hold: {forbids: [train], when: {all: [" + parts + "]}"
    room = 120 - len(head) - len(", note: }")
    for length, fits in ((room, True), (room + 1, False)):
        text = f"roles: {{board: {{side: oversight}}}}\nrestrictions:\n{head}, note: {'x' * length}}}\n"
        lines = body(text).splitlines()
        assert (len(lines[-1]) == 120) is fits
        assert (lines[-1].lstrip() == f"note: {'x' * length}") is not fits


def test_a_condition_that_is_long_is_spread_over_lines() -> None:
    parts = ", ".join(f"{{judged: a-rather-long-question-{number}, by: [board]}}" for number in range(3))
    hold = f"{{forbids: [train], when: {{all: [{parts}]}}}}"
    text = f"roles: {{board: {{side: oversight}}}}\nrestrictions: {{hold: {hold}}}\n"
    assert body(text) == dedent(
        """\
        roles:
          board: {side: oversight}

        restrictions:
          hold:
            forbids: [train]
            when:
              all:
                - {judged: a-rather-long-question-0, by: [board]}
                - {judged: a-rather-long-question-1, by: [board]}
                - {judged: a-rather-long-question-2, by: [board]}
        """
    )


def test_long_texts_are_folded_between_words_and_those_of_several_lines_keep_them() -> None:
    words = "what the text says of it, at length, and once more: " * 4
    text = f"claims:\n  a: {{title: safe, note: {json.dumps(words)}}}\n"
    text += '  b: {title: safe, note: "one\\n two\\n\\nthree"}\n'
    lines = body(text).splitlines()
    assert lines[:4] == ["claims:", "  a:", "    title: safe", "    note: >-"]
    assert all(len(line) <= 120 for line in lines)
    assert "\n".join(lines[-6:]) == "    title: safe\n    note: |-\n      one\n       two\n\n      three"


@pytest.mark.parametrize(
    "text", ["2.10", "2", "no", "null", "0b11", "1:30", "a: b", "# x", "- x", "'x", "x #y", "é, ü", "a\tb"]
)
def test_texts_that_yaml_could_read_otherwise_are_quoted(text: str) -> None:
    whole = HEADER.replace("title: A file without faults", f"title: {json.dumps(text)}")
    assert f"title: {json.dumps(text, ensure_ascii=False)}\n" in canonical(whole)


@pytest.mark.parametrize(
    "text", ["Board of Directors", "2025-01-01", "1e26 FLOP", "Brook's board (all)", "été", "a-b/c"]
)
def test_other_texts_are_plain(text: str) -> None:
    whole = HEADER.replace("title: A file without faults", f"title: {json.dumps(text)}")
    assert f"title: {text}\n" in canonical(whole)


def test_names_that_are_words_of_yaml_survive() -> None:
    text = """\
        roles: {"on": {side: oversight}, "null": {side: developer}, "1.0": {side: developer}}
        restrictions: {"no": {forbids: [train], when: {judged: "yes", by: ["on", "null", "1.0"]}}}
        """
    assert '"no": {forbids: [train], when: {judged: "yes", by: ["on", "null", "1.0"]}}' in body(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(4), "4"),
        (Fraction(195, 2), "97.5"),
        (Fraction(1, 100), "0.01"),
        (Fraction(10) ** 19, "1" + "0" * 19),
        (Fraction(10) ** 20, "1e20"),
        (Fraction(15) * 10**998, "1.5e999"),
        (Fraction(1234) * 10**999, "1234e999"),
        (Fraction(10) ** -25, "1e-25"),
        (Fraction(15, 10) / 10**1001, "0.015e-999"),
    ],
)
def test_numbers_are_exact_and_short(number: Fraction, text: str) -> None:
    assert number_text(number) == text
    assert Fraction(text) == number


def test_extreme_factors_and_shares_survive() -> None:
    text = SOUND.replace("growth: 4x}}", "growth: 1.5e999x}}").replace("confidence: 95%", "confidence: 1e-300%")
    assert "growth: 1.5e999x" in canonical(text)
    assert "confidence: 1e-300%" in canonical(text)


def test_an_amendment_rule_that_says_nothing_stays() -> None:
    assert body("amendments: {published: false}\n") == "amendments: {}\n"


def test_keys_are_written_in_the_order_in_which_they_are_declared() -> None:
    tree = policy_tree(decode(SOUND, file="f.yaml"))
    checked = _check_order(POLICY, tree)
    assert checked > 20


def _check_order(form: Form[Policy] | Shape[object], tree: Tree) -> int:
    """Check the keys of all forms of items in `tree`, and return how many mappings there were."""
    if isinstance(form, Section) and isinstance(tree, Mapping):
        return sum(_check_order(form.form, item) for item in tree.values())
    if not isinstance(form, Form) or not isinstance(tree, Mapping):
        return 0
    declared: Mapping[str, Key[object]] = form.declared
    assert list(tree) == [key for key in declared if key in tree]
    return 1 + sum(_check_order(declared[key].holds, value) for key, value in tree.items())


# Comments

COMMENTED = """\
# a licence

# above the language
interlock: 1
policy: p # beside the name
version: "1"
issuer: Brook
title: T
effective: 2025-01-01
burden-of-proof: developer # kept for this
# above the roles
roles: # beside the roles
  # above the board
  board: {side: oversight} # beside the board
  rso:
    # within
    side: developer # beside the side
    # at the end of it
  # at the end of the roles
# above the standards
standards:
  s: # beside the standard
    # above its kind
    kind: security
    controls: # beside the controls
      # above a control
      c:
        attested-by: rso # within it
      # at the end of the controls
    # at the end of the standard
restrictions:
  hold: {forbids: [train], # among brackets
    # on its own
    when: {judged: safe, by: [board]}}
# at the end of the file
"""


def test_every_comment_stays_with_what_it_is_about() -> None:
    assert canonical(COMMENTED) == dedent(
        """\
        # a licence

        # above the language
        interlock: 1
        # beside the name
        policy: p
        version: "1"
        issuer: Brook
        title: T
        effective: 2025-01-01
        # kept for this
        burden-of-proof: developer

        # above the roles
        # beside the roles
        roles:
          # above the board
          # beside the board
          board: {side: oversight}
          # within
          # beside the side
          # at the end of it
          rso: {side: developer}
          # at the end of the roles

        # above the standards
        standards:
          # beside the standard
          # above its kind
          # beside the controls
          # at the end of the standard
          s:
            kind: security
            controls:
              # above a control
              # within it
              c: {attested-by: [rso]}
              # at the end of the controls

        restrictions:
          # among brackets
          # on its own
          hold: {forbids: [train], when: {judged: safe, by: [board]}}

        # at the end of the file
        """
    )
    assert canonical(canonical(COMMENTED)) == canonical(COMMENTED)


def test_what_only_looks_like_a_comment_is_none() -> None:
    text = """\
        claims:
          a: {title: "x # y", note: 'a # b', mark: c#d}
          b:
            title: safe
            note: | # a comment
              text
              # text
        """
    written = body(text)
    assert "  # a comment\n  b:\n" in written
    assert 'title: "x # y", note: "a # b", mark: "c#d"' in written
    assert "      # text\n" in written


@st.composite
def commented(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Return a sound policy with comments strewn over it, and the comments."""
    lines = draw(st.sampled_from([SOUND, COMMENTED])).splitlines()
    comments = []
    for number in range(draw(st.integers(1, 6))):
        comment = f"# strewn {number}"
        place = draw(st.integers(0, len(lines) - 1))
        if draw(st.booleans()):
            lines[place] += f" {comment}"
        else:
            lines.insert(place, " " * draw(st.integers(0, 8)) + comment)
        if draw(st.booleans()):
            lines.insert(place, "")
        comments.append(comment)
    return "".join(f"{line}\n" for line in lines), comments


@settings(max_examples=150, deadline=None)
@given(commented())
def test_no_comment_is_lost_wherever_it_stands(drawn: tuple[str, list[str]]) -> None:
    text, strewn = drawn
    written = canonical(text)
    found = [comment.text for comment in comments_of(written)]
    assert sorted(found) == sorted(comment.text for comment in comments_of(text))
    assert all(any(comment in one for one in found) for comment in strewn)
    assert canonical(written) == written


def test_a_rejected_policy_has_no_canonical_form() -> None:
    with pytest.raises(FaultsError, match="overssight"):
        canonical(SOUND.replace("oversight", "overssight"))
