"""Every link of every page leads somewhere: to a file of this repository, and to a heading of it where it names one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.frame import REPOSITORY
from tests.docs.pages import DOCS, PAGES

OTHERS = tuple(REPOSITORY / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"))
DECISIONS = tuple(sorted((REPOSITORY / "decisions").glob("*.md")))
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^(`{3,})[^\n]*\n.*?^\1$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def prose_of(page: Path) -> str:
    """Return the page without its blocks."""
    return _FENCED.sub("", page.read_text(encoding="utf-8"))


def links_of(page: Path) -> list[str]:
    """Return what the page's links lead to."""
    return _LINK.findall(prose_of(page))


def anchors_of(page: Path) -> set[str]:
    """Return the names under which the page's headings can be linked to."""
    headings = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(prose_of(page)))
    return {heading.replace(" ", "-") for heading in headings}


def is_broken(page: Path, link: str) -> bool:
    """Return whether a link leads nowhere; those to other sites are not followed."""
    if link.startswith("https://"):
        return False
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return not target.exists() or bool(anchor and anchor not in anchors_of(target))


@pytest.mark.parametrize("page", [*PAGES, *OTHERS, *DECISIONS], ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_each_link_leads_somewhere(page: Path) -> None:
    assert [link for link in links_of(page) if is_broken(page, link)] == []


def test_links_were_looked_at() -> None:
    assert sum(len(links_of(page)) for page in PAGES) > 60
    assert is_broken(PAGES[0], "docs/nowhere.md")
    assert is_broken(PAGES[0], "docs/glossary.md#nothing")
    assert not is_broken(PAGES[0], "docs/glossary.md#the-record")


def test_the_index_links_every_page() -> None:
    """Pages that measurements write, in `quality/`, may come and go; the encodings have an index of their own."""
    index, encodings = DOCS / "index.md", DOCS / "encodings" / "index.md"
    linked = {
        (page.parent / link.partition("#")[0]).resolve() for page in (index, encodings) for link in links_of(page)
    }
    pages = {page for page in PAGES if page.is_relative_to(DOCS) and not page.is_relative_to(DOCS / "quality")}
    assert pages - linked - {index} == set()


def test_other_sites_are_linked_by_their_own_name_only() -> None:
    """No page sends a reader to a package registry: the locks are free of hosts, and so are the pages."""
    sites = {link.split("/")[2] for page in PAGES for link in links_of(page) if link.startswith("http")}
    assert sites <= {"inspect.aisi.org.uk"}
