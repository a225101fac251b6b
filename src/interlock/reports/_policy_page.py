"""The page of a policy: what it says in plain words, its text cited beside each item, as one HTML file.

As the page of a replay it stands by itself, needs no script and no network, and says nothing by colour alone. Whatever
the policy states is text here, never markup. An encoding that its issuer did not adopt says so first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from interlock.policy import Item, Policy, Section, describe, encoding_sentence, is_adopted
from interlock.reports._document import document
from interlock.reports._markup import Content, Element, element, link
from interlock.reports._policy_header import NAME, labelled
from interlock.reports._style import STYLE

POLICY_STYLE: Final = f"""{STYLE}
h3 {{ font-size: 1.05rem; margin: 1.5rem 0 0.25rem; }}
h4 {{ font-size: 1rem; margin: 0.75rem 0 0.25rem; }}
article {{ border-top: 1px solid var(--faint); }}
article article {{ border-top: 0; margin-left: 1rem; }}
article p, article ul {{ margin: 0.25rem 0; }}
nav {{ max-width: 70rem; margin: 0 auto; padding: 0 1rem; }}
nav ul {{ padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; }}
nav a {{ display: inline-block; min-height: 1.5rem; }}
dd ul {{ margin: 0; padding-left: 1.1rem; }}
@media print {{
  article {{ break-inside: avoid; }}
  nav {{ display: none; }}
}}
"""
_URL: Final = "url: "


def policy_page(policy: Policy, *, engine: str) -> bytes:
    """Return the page as UTF-8; `engine` names the version of interlock that made it."""
    head, *sections = describe(policy)
    numbered = list(enumerate(sections, start=1))
    body = (
        element("a", "Skip to what it says", href="#main", class_="skip"),
        element("header", _header(policy, head)),
        element("nav", element("ul", [_entry(place, section) for place, section in numbered]), aria_label="Contents"),
        element("main", [_section(place, section) for place, section in numbered], id="main"),
        element("footer", element("p", f"Made by {engine} from {policy.file}. The policy's own text is what counts.")),
    )
    return document(f"{policy.title}, version {policy.version}", body, style=POLICY_STYLE)


def _header(policy: Policy, head: Section) -> Iterator[Element]:
    yield element("h1", policy.title)
    if not is_adopted(policy):
        yield element("div", element("p", element("strong", f"{encoding_sentence(policy)}.")), class_="notice")
    yield element(
        "dl",
        _pairs((label, [*_words(f"{said}."), _details(item.details)]) for label, said, item in labelled(head)),
        class_="summary",
    )


def _details(details: Sequence[str]) -> Element | None:
    return element("ul", [element("li", _detail(detail)) for detail in details]) if details else None


def _detail(detail: str) -> list[Content]:
    address = detail.removeprefix(_URL)
    return _words(detail) if address == detail else [_URL, link(address, address)]


def _words(text: str) -> list[Content]:
    """Return a text with the names in it set off as such."""
    parts = NAME.split(text)
    return [element("code", part) if place % 2 else part for place, part in enumerate(parts) if part]


def _entry(place: int, section: Section) -> Element:
    return element("li", element("a", section.title, href=f"#section-{place}"))


def _section(place: int, section: Section) -> Element:
    name = f"section-{place}"
    items = [_item(item, f"item-{place}-{number}", "h3") for number, item in enumerate(section.items, start=1)]
    heading = element("h2", section.title, id=f"{name}-heading")
    return element("section", heading, items, id=name, aria_labelledby=f"{name}-heading")


def _item(item: Item, name: str, heading: str) -> Element:
    parts = [_item(part, f"{name}-{number}", "h4") for number, part in enumerate(item.parts, start=1)]
    facts = list(_pairs((label, [text]) for label, text in _facts(item)))
    return element(
        "article",
        element(heading, item.id, id=f"{name}-heading"),
        element("p", _words(f"{item.sentence}.")),
        element("dl", facts, class_="summary") if facts else None,
        _details(item.details),
        parts,
        id=name,
        aria_labelledby=f"{name}-heading",
    )


def _facts(item: Item) -> Iterator[tuple[str, str]]:
    """Yield what is cited beside an item, each with its label."""
    stated = (
        ("Source", item.source),
        ("On the source", item.source_note),
        ("Mark", item.mark),
        ("Note", item.note),
        ("Modality", None if item.modality == "must" else item.modality),
        ("Binding", None if item.binding == "unilateral" else item.binding),
    )
    yield from ((label, text) for label, text in stated if text)


def _pairs(said: Iterable[tuple[str, Sequence[Content]]]) -> Iterator[Element]:
    for label, content in said:
        yield element("dt", label)
        yield element("dd", content)
