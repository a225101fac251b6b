"""The page of a replay: what it must say, what it must never let through, and how it is built."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.engine import Breach, Finding, Moment, ReplayCut
from interlock.policy import Clause
from interlock.record import read_events
from interlock.reports import Renaming, Replayed, breach_words, replay_page
from interlock.reports._style import STYLE
from interlock.terms import format_duration
from tests.reports.pages import Node, read_page, rows_of
from tests.reports.replays import (
    EVENTS,
    about,
    acme,
    at,
    breach,
    events,
    held,
    loosening,
    replayed,
    small,
)

HOSTILE = "<script>alert(1)</script>\"'&amp;<img src=x onerror=alert(1)>\u202e</td>]]>"
HOSTILE_TEXT = "<script>alert(2)</script> ' & <b>"
"""What an event may state: characters that turn the direction of a line are refused there."""


def page_of(one: Replayed) -> Node:
    return read_page(replay_page(one, engine="interlock test"))


# What it says


def test_each_departure_stands_in_the_table_with_what_decided_it() -> None:
    rows = rows_of(page_of(replayed()), "departures")
    assert [row[0] for row in rows] == ["1", "2"]
    assert rows[0][1] == "✗ held-action: train of m took place while `hold-training` held it"
    assert rows[0][3] == "decided by the burden of proof"
    assert rows[1][1] == "✗ duty-late: duty `assess` of m was done late, by 3 days"
    assert rows[1][2] == "2025-04-14late by 3 days (P3D)"
    assert rows[1][3] == "decided by evidence"
    assert rows[1][5:] == ["acme-policy 1, section 2, page 4", "event 4"]


BREACHES = st.builds(
    Breach,
    kind=st.sampled_from(["held-action", "past-cease-within", "duty-late", "duty-overdue", "amendment", "other"]),
    policy=st.just("acme-policy"),
    version=st.text(min_size=1, max_size=8),
    id=st.text(min_size=1, max_size=12),
    at=st.datetimes(min_value=at("2000-01-01").replace(tzinfo=None)).map(
        lambda one: one.replace(tzinfo=at("2000-01-01").tzinfo)
    ),
    about=st.none() | st.text(min_size=1, max_size=12),
    action=st.none() | st.just("train"),
    late_by=st.none() | st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9999)),
    by_default=st.booleans(),
    reading=st.none() | st.text(min_size=1, max_size=8),
    detail=st.text(max_size=40),
    clause=st.just(Clause()),
    evidence=st.lists(st.integers(0, 6), max_size=3).map(tuple),
)


@settings(max_examples=25)
@given(st.lists(BREACHES, max_size=6))
def test_every_departure_has_its_row_whatever_it_holds(breaches: list[Breach]) -> None:
    page = page_of(replayed(breaches=tuple(breaches)))
    rows = rows_of(page, "departures") if breaches else []
    assert len(rows) == len(breaches)
    for row, one in zip(rows, breaches, strict=True):
        assert one.kind in row[1]
        assert ("burden of proof" in row[3]) == one.by_default
        assert one.late_by is None or format_duration(one.late_by) in row[2]
        assert list(map(int, re.findall(r"\d+", row[6]))) == list(dict.fromkeys(one.evidence))


def test_the_picture_marks_each_departure_by_its_number_in_the_table() -> None:
    svg = page_of(replayed()).by_id("picture").all("svg")[0]
    marks = [node for node in svg.walk() if node.attributes.get("class") == "number"]
    assert [mark.text for mark in marks] == ["1", "2"]
    titles = [node.text for node in svg.all("title")]
    assert f"departure 2 under this encoding: {breach_words(breach())}, 2025-04-14" in titles


def test_a_hold_by_evidence_and_one_by_the_burden_of_proof_have_other_forms() -> None:
    by_burden = page_of(replayed()).by_id("picture")
    by_evidence = page_of(replayed(holds=tuple(replace(hold, by_default=False) for hold in small().holds))).by_id(
        "picture"
    )
    for picture, pattern, other in (
        (by_burden, "held-by-burden", "held-by-evidence"),
        (by_evidence, "held-by-evidence", "held-by-burden"),
    ):
        fills = [node.attributes.get("fill") for node in picture.all("rect")]
        assert f"url(#{pattern})" in fills
        assert f"url(#{other})" not in fills
    assert "action held, decided by the burden of proof" in by_burden.text
    assert "action held, decided by evidence" in by_evidence.text


def test_it_says_which_encoding_judged_how_and_up_to_when() -> None:
    header = page_of(replayed()).all("header")[0].text
    assert "unofficial encoding, by a reader, reviewed by nobody named" in header
    assert "adherence: each time is judged by the policy version in force then" in header
    assert "2025-06-01" in header
    assert acme().digest in header


def test_a_counterfactual_says_so_and_that_it_is_no_forecast() -> None:
    page = page_of(replayed(kind="counterfactual", under=acme()))
    assert "as if acme-policy 1 had been in force throughout" in page.all("header")[0].text
    assert "A counterfactual is no forecast" in page.by_id("limits").text
    assert "acme-policy (as if)" in page.by_id("picture").text


def test_a_text_that_was_not_in_force_then_is_said_first_of_all() -> None:
    said = about(under="interlock://acme-policy@1", not_in_force="Version 1 is of 2025.")
    page = page_of(replayed(kind="counterfactual", under=acme(), about=said))
    first = page.all("header")[0].all("div")[0].text
    assert first == "Counterfactual: the text was not in force then. Version 1 is of 2025."
    for other in (replayed(kind="counterfactual", under=acme()), replayed(about=said)):
        assert "was not in force then" not in page_of(other).text
    another = about(under="interlock://acme-policy@2", not_in_force="Version 2 is of 2026.")
    assert "was not in force then" not in page_of(replayed(kind="counterfactual", under=acme(), about=another)).text


def test_what_was_looked_at_is_said_and_that_nothing_is_said_of_the_rest() -> None:
    page = page_of(replayed(only=("assess", "hold-training")))
    header = page.all("header")[0].text
    assert "only `assess` and `hold-training`; nothing is said of the rest of the policy" in header
    assert "Items of the policy that it is not restricted to were not looked at" in page.by_id("limits").text
    assert "nothing is said of the rest" not in page_of(replayed()).text


def test_who_holds_what_and_that_it_is_contested_stands_above() -> None:
    header = page_of(replayed(about=about(status="disputed by Acme", contested=True))).all("header")[0].text
    assert "disputed by Acme; contested" in header
    assert "contested" not in page_of(replayed(about=about())).all("header")[0].text


def test_reconstructed_times_are_said_to_be_so_before_anything_else() -> None:
    page = page_of(replayed(about=about()))
    notice = page.all("header")[0].all("div")[0].text
    assert "the times were not published" in notice
    assert "assumed anchor, 2025-01-10: the first evaluation. No day was published." in notice
    assert "Times are reconstructed" in page.by_id("limits").text
    assert "A reconstruction" not in page_of(replayed(about=about(reconstructed=False))).text


def test_replies_stand_on_the_page_word_for_word() -> None:
    replies = page_of(replayed(about=about())).by_id("replies")
    assert "Acme, 2025-05-01, in our words (statement):It did no harm." in replies.text
    assert rows_of(page_of(replayed(about=about())), "replies") == [
        ["assess", "It was worth the wait.It is better now.", "Acme", "2025-05-01", "event 6"]
    ]


def test_findings_and_loosenings_stand_apart_from_departures() -> None:
    page = page_of(replayed(loosenings=(loosening(),)))
    assert rows_of(page, "findings") == [["! under-elicited", "event 5 does not declare tools", "event 5"]]
    assert "is permitted under 2 on the evidence known at its adoption" in rows_of(page, "loosenings")[0][2]


def test_translated_names_are_told() -> None:
    page = page_of(replayed(renamed=(Renaming(sort="measure", old="harm", new="damage"),)))
    assert "they are not the record as it stands: measure `harm` as `damage`." in page.by_id("limits").text


def test_nothing_found_is_never_called_more_than_that() -> None:
    page = page_of(replayed(breaches=(), findings=()))
    assert "No departure was found." in page.by_id("departures").text
    assert "Silence is not innocence" in page.by_id("limits").text
    assert "complian" not in page.text.lower()


def test_an_event_that_something_rests_on_stands_with_its_source() -> None:
    page = page_of(replayed())
    row = next(row for row in rows_of(page, "events") if row[0] == "1")
    assert "x-source: id: statement; says: that there is a model" in row[6]
    links = {node.attributes["href"] for node in page.all("a")}
    ids = {node.attributes["id"] for node in page.walk() if "id" in node.attributes}
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= ids


# Readings


def cut(**changed: Any) -> ReplayCut:
    base = ReplayCut(policy="acme-policy", term="danger", reading="narrow", only_here=(), not_here=0)
    return replace(base, **changed)


def test_a_departure_only_under_a_reading_says_so() -> None:
    [row] = rows_of(page_of(replayed(breaches=(breach(reading="danger: wide, strict; model: none"),))), "departures")
    assert row[4].endswith(
        "a departure only read as `wide` or `strict` (danger), and as under no one reading of model."
    )
    titles = [node.text for node in page_of(replayed(breaches=(breach(reading="danger: wide"),))).all("title")]
    assert any(title.endswith("2025-04-14, a departure only read as `wide` (danger)") for title in titles)


def test_what_would_depart_under_another_reading_is_set_apart_and_has_no_number() -> None:
    only = held(detail="under the narrow reading", evidence=(6,))
    page = page_of(replayed(readings=(cut(only_here=(only,), not_here=1), cut(reading="wide"))))
    said = page.by_id("readings").text
    assert "`danger` of acme-policy read as `narrow`: 1 more, and 1 of those above would be none." in said
    assert "`wide`" not in said  # nothing would be otherwise
    [row] = rows_of(page, "readings")
    assert row[0] == "narrow (danger of acme-policy)"
    assert row[1] == "held-action: train of m took place while `hold-training` held it"
    assert row[4:] == ["under the narrow reading", "acme-policy 1, section 3, page 6", "event 6"]
    assert [row[0] for row in rows_of(page, "departures")] == ["1", "2"]


def test_where_no_reading_matters_there_is_no_section_of_readings() -> None:
    assert page_of(replayed(readings=(cut(),))).text == page_of(replayed()).text


def test_a_page_that_assumes_readings_says_so_above_all_and_what_that_means() -> None:
    page = page_of(replayed(assumed={("acme-policy", "danger"): "wide"}))
    notice = page.all("header")[0].all("div")[0].text
    assumed = "as if `danger` of acme-policy had been ruled to be read as `wide` from the beginning."
    assert notice == f"Hypothetical: {assumed}"
    assert "it is no account of what was so" in page.by_id("limits").text


# What it never lets through


def test_text_from_policies_and_events_stays_text() -> None:
    """Every text that a replay can carry is hostile at once; the page has the elements it has without them."""
    text = HOSTILE
    plain_text, plain_source = '"It was worth the wait.\\nIt is better now."', '"that there is a model"'
    stated = EVENTS.replace(plain_text, json.dumps(HOSTILE_TEXT)).replace(plain_source, json.dumps(HOSTILE_TEXT))
    hostile_events = read_events([("events.yaml", stated.encode())])
    assert stated.count("alert(2)") == 2
    policy = replace(acme(), title=text, issuer=text, encoding={"by": text, "status": text, "reviewed-by": [text]})
    one = replayed(
        policies=(policy,),
        breaches=(
            breach(
                detail=text, about=text, id=text, version=text, clause=Clause(section=text, mark=text), reading=text
            ),
        ),
        findings=(Finding(text, text, (5,)),),
        history=(Moment(at=at("2025-02-01"), cause=text, events=(2,), changes=()),),
        about=about(title=text, notes=(text,), limits=(text,)),
        events=hostile_events,
        renamed=(Renaming(sort=text, old=text, new=text),),
        readings=(cut(policy=text, term=text, reading=text, only_here=(breach(detail=text, about=text),)),),
        assumed={(text, text): text},
    )
    content = replay_page(one, engine=text)
    page = read_page(content)
    plain = page_of(replayed(about=about(), renamed=(Renaming(sort="a", old="b", new="c"),)))
    assert {node.tag for node in page.walk()} <= {node.tag for node in plain.walk()}
    assert page.all("script") == page.all("img") == []
    assert "\u202e" not in content.decode()
    assert "<U+202E>" in page.text
    assert not any(name.startswith("on") for node in page.walk() for name in node.attributes)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://acme.example/",
        'https://acme.example/"onclick="',
        "//acme.example",
        "data:text/html,x",
    ],
)
def test_only_https_addresses_become_links(address: str) -> None:
    source = replace(about().sources[0], url=address)
    page = page_of(replayed(about=about(sources=(source,))))
    assert [node.attributes["href"] for node in page.by_id("sources").all("a")] == []
    assert address in page.by_id("sources").text


def test_a_source_is_linked_without_saying_from_where() -> None:
    [link] = page_of(replayed(about=about())).by_id("sources").all("a")
    assert link.attributes == {"href": "https://acme.example/statement", "rel": "noreferrer"}


def test_the_content_security_policy_allows_the_page_s_own_style_and_nothing_else() -> None:
    page = page_of(replayed())
    [style] = page.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    [policy] = [node.attributes["content"] for node in page.all("meta") if "http-equiv" in node.attributes]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not any("style" in node.attributes or "src" in node.attributes for node in page.walk())
    assert page.all("script") == page.all("link") == []
    assert "url(" not in style.text
    assert "@import" not in style.text


def test_the_same_replay_gives_the_same_bytes() -> None:
    assert replay_page(replayed(about=about()), engine="x") == replay_page(replayed(about=about()), engine="x")


# How it is built


def test_it_has_landmarks_one_heading_of_the_first_level_and_no_level_skipped() -> None:
    page = page_of(replayed(about=about(), loosenings=(loosening(),)))
    assert page.all("html")[0].attributes == {"lang": "en"}
    assert [len(page.all(tag)) for tag in ("header", "main", "footer", "h1", "title")] >= [1, 1, 1, 1, 1]
    assert len(page.all("h1")) == 1
    levels = [int(node.tag[1]) for node in page.walk() if re.fullmatch("h[1-6]", node.tag)]
    assert set(levels) == {1, 2}
    ids = [node.attributes["id"] for node in page.walk() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    sections = page.all("section")
    assert len(sections) >= 9
    for section in sections:
        assert page.by_id(section.attributes["aria-labelledby"]).tag == "h2"


def test_the_picture_has_a_title_and_a_description() -> None:
    svg = page_of(replayed()).by_id("picture").all("svg")[0]
    assert svg.attributes["role"] == "img"
    labels = svg.attributes["aria-labelledby"].split()
    assert [svg.by_id(label).tag for label in labels] == ["title", "desc"]
    assert "Departures: 2" in svg.by_id("picture-description").text


def test_every_table_says_what_it_is_and_every_cell_names_its_column() -> None:
    page = page_of(replayed(about=about(), loosenings=(loosening(),)))
    tables = page.all("table")
    assert len(tables) == 8
    for table in tables:
        assert table.all("caption")[0].text
        heads = [head.text for head in table.all("thead")[0].all("th")]
        assert all(head.attributes["scope"] == "col" for head in table.all("thead")[0].all("th"))
        for row in table.all("tbody")[0].all("tr"):
            assert [cell.attributes.get("data-label") for cell in row.all("td")] == heads[1:]
            assert len(row.all("th")) == 1


def test_colour_is_never_the_only_sign() -> None:
    """What the style sheet colours as good, bad or open begins with a mark, or is a number with its name before it."""
    page = page_of(replayed())
    coloured = [
        node.text
        for node in page.walk()
        if node.tag == "span" and node.attributes.get("class") in {"bad", "good", "open"}
    ]
    assert len(coloured) > 4
    assert all(re.match(r"[✗✓!?○] |\d+$", text) for text in coloured)


def colours(*, dark: bool) -> dict[str, str]:
    """Return the colours of the style sheet by name, those of the dark scheme over those of the light one."""
    light, _, rest = STYLE.partition("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light))
    return found | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", rest)) if dark else found


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2.2: (L1 + 0.05) / (L2 + 0.05) of their relative luminances."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_text_and_forms_have_the_contrast_that_level_aa_asks_for(*, dark: bool) -> None:
    """At least 4.5 for text, 3 for what forms are drawn in (WCAG 2.2, 1.4.3 and 1.4.11)."""
    found = colours(dark=dark)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for text, ground in (
        *((name, "paper") for name in ("ink", "soft", "link", "bad", "open", "good")),
        *((name, "panel") for name in ("ink", "soft")),
        ("on-bad", "bad"),
        ("ink", "faint"),
    ):
        assert contrast(found[text], found[ground]) >= 4.5, (text, ground)
    for form in ("line", "held", "open", "bad", "good", "link", "ink"):
        assert contrast(found[form], found["paper"]) >= 3, form


def test_a_picture_of_too_many_rows_leaves_out_what_has_no_departure_and_says_so() -> None:
    holds = tuple(replace(hold, model=f"model-{number}") for number in range(100) for hold in small().holds)
    page = page_of(replayed(holds=(*small().holds, *holds)))
    picture = page.by_id("picture")
    assert "Too much for one picture; left out of it:" in picture.text
    assert "model-99" in picture.text
    marks = [node.text for node in picture.all("svg")[0].walk() if node.attributes.get("class") == "number"]
    assert marks == ["1", "2"]


def test_a_replay_of_nothing_is_a_page_without_a_picture() -> None:
    empty = small(
        holds=(),
        breaches=(),
        findings=(),
        history=(),
        events=(),
        duties=replace(small().duties, duties=(), versions=()),
    )
    page = page_of(Replayed(replay=empty, events=()))
    assert page.all("svg") == []
    assert "No departure was found." in page.text


def test_departures_of_a_policy_itself_have_their_place() -> None:
    amended = breach(kind="amendment", id="acme-policy", about=None, late_by=None, evidence=())
    page = page_of(replayed(breaches=(amended, held())))
    assert (
        "policy `acme-policy` was amended against what its version 1 asks of amendments"
        in rows_of(page, "departures")[0][1]
    )
    assert rows_of(page, "departures")[0][6] == "none"
    assert events()
