"""The page of a replay: one HTML file that stands by itself, needs no script and no network, and says all in text.

WCAG 2.2 AA is the aim: landmarks, one heading of the first level, a picture with a title, a description and tables
that say the same, status by word, mark and colour, light and dark, and no sideways scrolling at 320 pixels but of the
picture itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from interlock.policy import Policy
from interlock.reports._about import About, Source
from interlock.reports._document import document
from interlock.reports._markup import Content, Element, element, lines, link
from interlock.reports._picture import legend_of, picture_of
from interlock.reports._replayed import Replayed
from interlock.reports._style import STYLE
from interlock.reports._tables import (
    cited,
    departures_table,
    differing_cuts,
    duties_table,
    events_table,
    findings_table,
    holds_table,
    loosenings_table,
    readings_list,
    readings_table,
    replies_table,
    timeline_table,
)
from interlock.reports._words import (
    ADHERENCE,
    assumption_words,
    contested_words,
    day_words,
    encoding_words,
    kind_words,
    limits,
    only_words,
    supposed_words,
    time_words,
)


def replay_page(replayed: Replayed, *, engine: str) -> bytes:
    """Return the page as UTF-8; `engine` names the version of interlock that replayed."""
    title = f"{replayed.title}: {replayed.replay.kind}"
    body = (
        element("a", "Skip to the departures", href="#departures", class_="skip"),
        element("header", _header(replayed)),
        element("main", _main(replayed)),
        element("footer", element("p", f"Made by {engine} from the policy files and events named above.")),
    )
    return document(title, body, style=STYLE)


# What it is


def _header(replayed: Replayed) -> Iterator[Element]:
    supposed = supposed_words(replayed)
    if supposed is not None:
        yield element("div", element("p", element("strong", supposed)), class_="notice")
    yield element("h1", replayed.title)
    if replayed.assumed:
        said = (element("p", element("strong", words)) for words in assumption_words(replayed.assumed))
        yield element("div", said, class_="notice")
    about = replayed.about
    if about is not None and about.reconstructed:
        yield element("div", [element("p", words) for words in _reconstructed(about)], class_="notice")
    yield element("dl", _summary(replayed), class_="summary")


def _reconstructed(about: About) -> Iterator[Content]:
    yield element("strong", "A reconstruction: the times were not published.")
    anchor = about.anchor
    if anchor is not None:
        yield f"They are relative to an assumed anchor, {time_words(anchor.at)}: {anchor.what}. {anchor.why}"


def _summary(replayed: Replayed) -> Iterator[Element]:
    replay = replayed.replay
    pairs: list[tuple[str, Content | list[Element | str]]] = [("Kind", kind_words(replay))]
    if replayed.about is not None:
        pairs.append(("Status", contested_words(replayed.about)))
    pairs += [("Policy", _policy_lines(policy)) for policy in replayed.judging]
    if replay.only is not None:
        pairs.append(("Looked at", element("strong", only_words(replay.only))))
    pairs += [
        ("Events", f"{len(replay.events)}"),
        ("As of", time_words(replay.as_of)),
        ("Departures", _count(len(replay.breaches), "bad")),
        ("Findings", _count(len(replay.findings), "open")),
    ]
    if replay.loosenings:
        pairs.append(("Retroactive loosenings", str(len(replay.loosenings))))
    for name, said in pairs:
        yield element("dt", name)
        yield element("dd", said)


def _policy_lines(policy: Policy) -> list[Element | str]:
    return [
        f"{policy.title} ({policy.id} {policy.version}) of {policy.issuer}",
        element("br"),
        element("strong", encoding_words(policy)),
        element("br"),
        policy.digest,
    ]


def _count(number: int, look: str) -> Element | str:
    return "none found under this encoding" if number == 0 else element("span", str(number), class_=look)


# What it shows


def _main(replayed: Replayed) -> Iterator[Element]:
    replay = replayed.replay
    about = replayed.about
    if about is not None and about.notes:
        yield _section("notes", "Before you read on", *[element("p", note) for note in about.notes])
    yield from _picture(replayed)
    found = departures_table(replayed) if replay.breaches else element("p", "No departure was found.")
    yield _section("departures", "Departures under this encoding", found)
    if differing_cuts(replayed):
        only = readings_table(replayed) if any(cut.only_here for cut in replay.readings) else None
        yield _section("readings", "Under other readings of the text", readings_list(replayed), only)
    findings = findings_table(replayed) if replay.findings else element("p", "There is no finding.")
    yield _section("findings", "Findings", findings)
    if replay.loosenings:
        yield _section("loosenings", "Retroactive loosenings", loosenings_table(replayed))
    yield from _replies(replayed)
    if replay.holds:
        yield _section("holds", "What was held", holds_table(replayed))
    if replay.duties.duties:
        yield _section("duties", "Duties", duties_table(replayed))
    if replay.history:
        yield _section("timeline", "Timeline", timeline_table(replayed))
    yield _section("limits", "What this does not show", element("ul", [element("li", one) for one in limits(replayed)]))
    yield from _left_out(replayed)
    events = list(cited(replayed))
    if events:
        yield _section("events", "Events", events_table(events))
    if about is not None:
        yield _section("sources", "Sources", element("ul", [_source(source) for source in about.sources]))


def _section(name: str, heading: str, *content: Content) -> Element:
    return element("section", element("h2", heading, id=f"{name}-heading"), *content, id=name,
                   aria_labelledby=f"{name}-heading")  # fmt: skip


def _picture(replayed: Replayed) -> Iterator[Element]:
    replay = replayed.replay
    judged = "by the versions in force" if replay.kind == ADHERENCE else "as a counterfactual"
    description = (
        f"Time (UTC) runs from left to right, up to {time_words(replay.as_of)}. Each row is an action that was held, "
        f"a duty, the evaluations, the acts or the departures of one model or developer, judged {judged}. "
        f"Departures: {len(replay.breaches)}. The tables below say the same in words."
    )
    picture = picture_of(replayed, title=f"{replayed.title}, over time", description=description)
    if picture is None:
        return
    left_out = None
    if picture.left_out:
        left_out = element("p", f"Too much for one picture; left out of it: {', '.join(picture.left_out)}.")
    # A region that scrolls must be reachable by keyboard.
    frame = element(
        "div", picture.drawn, class_="picture", role="region", tabindex=0, aria_label="Picture, scrolls sideways"
    )
    yield _section("picture", "Over time", frame, legend_of(picture.looks), left_out)


def _replies(replayed: Replayed) -> Iterator[Element]:
    reply = None if replayed.about is None else replayed.about.reply
    content: list[Element] = []
    if reply is not None:
        content.append(element("p", f"{reply.by}, {day_words(reply.on)}, in our words ({reply.source}):"))
        content.append(element("blockquote", lines(reply.text)))
    if replayed.replies:
        content.append(replies_table(replayed.replies))
    if content:
        yield _section("replies", "The developer's reply", *content)


def _left_out(replayed: Replayed) -> Iterator[Element]:
    items = [
        element("li", f"{policy.id} {policy.version}, section {one.section}: {one.why}")
        for policy in replayed.judging
        for one in policy.unencoded
    ]
    if items:
        yield _section("unencoded", "What the encoding leaves out", element("ul", items))


def _source(source: Source) -> Element:
    words = f"{source.publisher}, {day_words(source.published)}. {source.read} Mark: {source.mark}"
    return element("li", element("strong", f"{source.id}: "), link(source.title, source.url), f". {words}.")
