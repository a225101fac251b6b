"""A policy as a page and as Markdown: all of it is said, its source beside it, and nothing of it is ever markup."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from interlock.notation import FaultsError
from interlock.policy import Item, Policy, decode, describe, encoding_sentence
from interlock.reports import POLICY_MARKDOWN_ENDS, policy_markdown, policy_page
from interlock.reports._policy_markdown import escaped
from interlock.reports._policy_page import POLICY_STYLE
from tests.policy.files import SOUND
from tests.policy.whole import WHOLE, paths_of, plain, root_of
from tests.reports.pages import Node, read_page

ENGINE = "interlock test"
HOSTILE = "<script>alert(1)</script> ![x](javascript:1) [y](https://evil.example) `z` **b** | & \\ ``` $m$ @who #1 &lt;"
POLICY = decode(WHOLE, file="whole.yaml")
UNOFFICIAL = decode(SOUND, file="sound.yaml")
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def page_of(policy: Policy) -> Node:
    return read_page(policy_page(policy, engine=ENGINE))


def tokens_of(policy: Policy) -> list[Token]:
    """Return every token of the Markdown, those within lines too."""
    read = READER.parse(policy_markdown(policy, engine=ENGINE))
    return [token for block in read for token in (block, *(block.children or ()))]


def words(text: str) -> str:
    """Return a text without its spaces and backticks, which are laid out in either form."""
    return re.sub(r"[\s`]+", "", text)


def said(policy: Policy) -> list[str]:
    """Return every text that is said of a policy."""
    items: list[Item] = [item for section in describe(policy) for item in section.items]
    texts = [encoding_sentence(policy), *(section.title for section in describe(policy)[1:])]
    for item in (one for whole in items for one in (whole, *whole.parts)):
        texts += [*item.details, *(text for text in (item.source, item.source_note, item.mark, item.note) if text)]
        texts.append(re.sub("^Burden of proof: .", "", item.sentence))
    return texts


@cache
def hostile() -> Policy:
    """Return the whole policy with hostile words wherever any words may stand."""
    document: Any = plain(root_of(WHOLE))
    changed = 0
    for path in list(paths_of(document)):
        before = copy.deepcopy(document)
        holder = document
        for part in path[:-1]:
            holder = holder[part]
        if not isinstance(holder[path[-1]], str):
            continue
        holder[path[-1]] = HOSTILE
        try:
            decode(json.dumps(document), file="policy.yaml")
            changed += 1
        except FaultsError:
            document = before
    assert changed > 30
    return decode(json.dumps(document), file=f"{HOSTILE}\u202e.yaml")


# All is said


@pytest.mark.parametrize("policy", [POLICY, UNOFFICIAL], ids=["whole", "sound"])
def test_both_forms_say_all_that_is_said_of_a_policy(policy: Policy) -> None:
    page = words(page_of(policy).all("body")[0].text)
    text = words("".join(token.content for token in tokens_of(policy) if token.type in {"text", "code_inline"}))
    checked = 0
    for one in said(policy):
        assert words(one) in page, one
        assert words(one) in text, one
        checked += 1
    assert checked > 40


def test_an_item_has_its_source_beside_it() -> None:
    page = page_of(POLICY)
    [article] = [node for node in page.all("article") if node.all("h3") and node.all("h3")[0].text == "run"]
    facts = list(zip(*([node.text for node in article.all(tag)] for tag in ("dt", "dd")), strict=True))
    assert facts == [
        ("Source", "section 2.1, page 4, clauses B-1, B-2(a)"),
        ("On the source", "in the second paragraph"),
        ("Mark", "read"),
        ("Note", "the text names no suite"),
    ]
    text = policy_markdown(POLICY, engine=ENGINE)
    start = text.index("### run\n")
    assert (
        "\nSource: section 2.1, page 4, clauses B-1, B-2(a); in the second paragraph; mark: read\n"
        in text[start : text.index("### horizon")]
    )


def test_a_control_has_its_own_source_and_firmness() -> None:
    page = page_of(POLICY)
    [article] = [node for node in page.all("article") if node.all("h4") and not node.all("h3") and "vault" in node.text]
    assert article.all("h4")[0].text == "vault"
    assert [node.text for node in article.all("dt")] == [
        "Source",
        "On the source",
        "Mark",
        "Note",
        "Modality",
        "Binding",
    ]


@pytest.mark.parametrize("status", ["", "encoding: {status: unofficial}\n", "encoding: {status: adopted}\n"])
def test_an_unofficial_encoding_says_so_before_anything_else(status: str) -> None:
    policy = decode(SOUND + status, file="sound.yaml")
    page, text = page_of(policy), policy_markdown(policy, engine=ENGINE)
    notices = [node for node in page.walk() if node.attributes.get("class") == "notice"]
    adopted = "adopted" in status
    assert [node.text for node in notices] == ([] if adopted else [f"{encoding_sentence(policy)}."])
    header = page.all("header")[0]
    if not adopted:
        assert [child.tag for child in header.children if isinstance(child, Node)][:2] == ["h1", "div"]
        assert text.splitlines()[2].startswith("> **Unofficial encoding by nobody named")
    else:
        assert "> **" not in text


def test_the_address_of_the_edition_is_a_link_only_where_it_is_safe() -> None:
    links = [node.attributes["href"] for node in page_of(POLICY).all("a")]
    assert "https://brook.example/policy" in links
    unsafe = decode(WHOLE.replace("https://brook.example/policy", "javascript:alert(1)"), file="whole.yaml")
    assert all(node.attributes["href"].startswith("#") for node in page_of(unsafe).all("a"))


# Nothing is markup


def test_hostile_words_are_text_in_the_page() -> None:
    page = page_of(hostile())
    assert page.all("script") == page.all("img") == []
    assert all(node.attributes["href"].startswith("#") for node in page.all("a"))
    assert HOSTILE in page.all("h1")[0].text
    assert "\u202e" not in policy_page(hostile(), engine=ENGINE).decode()


def test_hostile_words_are_text_in_markdown() -> None:
    tokens = tokens_of(hostile())
    kinds = {token.type for token in tokens}
    assert kinds <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text", "code_inline"),
        *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "softbreak", "hr"),
        *("blockquote_open", "blockquote_close", "strong_open", "strong_close", "text_special"),
    }
    assert all(re.fullmatch("[a-z0-9.-]+", token.content) for token in tokens if token.type == "code_inline")
    assert "\u202e" not in policy_markdown(hostile(), engine=ENGINE)
    heading = tokens[1]
    assert words("".join(child.content for child in heading.children or ())) == words(HOSTILE)


SIGNS = st.text(st.sampled_from("`*_[]()<>#|~!&$@:/\\-+=.1 ab\n\t>'\"{}^%;é\u202e"), min_size=1, max_size=30)


@settings(max_examples=200)
@given(SIGNS)
def test_whatever_a_text_holds_markdown_shows_it_and_makes_nothing_of_it(text: str) -> None:
    """At the beginning of a line, in a heading and in an item of a list: only names between backticks become code."""
    one = escaped(text)
    for line in (one, f"### {one}", f"- {one}", f"x {one} x"):
        read = READER.parse(f"{line}\n")
        inline = [token for token in read if token.type == "inline"]
        nested = {child.type for token in inline for child in token.children or ()}
        assert nested <= {"text", "code_inline"}, line
        kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in read}
        assert kinds <= {"inline", "paragraph", "heading" if line[:1] == "#" else "", "bullet_list", "list_item"}
        assert ("bullet_list" in kinds) == (line is not one and line.startswith("- ")), line
        shown = words("".join(child.content for token in inline for child in token.children or ()))
        expected = words(text).replace("\u202e", "<U+202E>")
        assert shown.removeprefix("x").removesuffix("x") == expected if line.startswith("x ") else shown == expected


# How it is built


def test_the_page_stands_by_itself_and_allows_only_its_own_style() -> None:
    page = page_of(POLICY)
    digest = base64.b64encode(hashlib.sha256(POLICY_STYLE.encode()).digest()).decode()
    [policy] = [node.attributes["content"] for node in page.all("meta") if "http-equiv" in node.attributes]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert page.all("style")[0].text == POLICY_STYLE
    assert page.all("link") == page.all("script") == page.all("img") == []


@pytest.mark.parametrize("policy", [POLICY, UNOFFICIAL], ids=["whole", "sound"])
def test_the_page_has_its_landmarks_one_first_heading_and_no_level_left_out(policy: Policy) -> None:
    page = page_of(policy)
    assert page.all("html")[0].attributes["lang"] == "en"
    assert [len(page.all(tag)) for tag in ("header", "nav", "main", "footer", "h1")] == [1, 1, 1, 1, 1]
    levels = [int(node.tag[1]) for node in page.walk() if re.fullmatch("h[1-6]", node.tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [node.attributes["id"] for node in page.walk() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    named = [node.attributes["aria-labelledby"] for node in page.walk() if "aria-labelledby" in node.attributes]
    linked = [node.attributes["href"][1:] for node in page.all("a") if node.attributes["href"].startswith("#")]
    assert named
    assert set(named) | set(linked) <= set(ids)
    for list_ in page.all("dl"):
        tags = [child.tag for child in list_.children if isinstance(child, Node)]
        assert tags == ["dt", "dd"] * (len(tags) // 2)


def test_the_same_policy_makes_the_same_bytes() -> None:
    assert policy_page(POLICY, engine=ENGINE) == policy_page(decode(WHOLE, file="whole.yaml"), engine=ENGINE)
    assert policy_markdown(POLICY, engine=ENGINE) == policy_markdown(POLICY, engine=ENGINE)
    assert policy_markdown(POLICY, engine=ENGINE).rstrip().endswith(POLICY_MARKDOWN_ENDS)
