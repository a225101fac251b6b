"""The page in a real browser: no request, no message, no sideways scrolling, readable in light and dark.

Needs playwright and Debian's chromium; the rules of axe-core where `node_modules/axe-core` holds them. Without these
the tests are skipped and say what is missing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from interlock.reports import replay_page
from tests.conftest import REPOSITORY
from tests.reports.replays import about, loosening, replayed

pytestmark = pytest.mark.slow
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE: Final = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        yield running
        running.close()


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    one = replayed(about=about(), loosenings=(loosening(),))
    file.write_bytes(replay_page(one, engine="interlock test"))
    return file


def opened(browser: Any, file: Path, *, scheme: str, width: int, bypass_csp: bool = False) -> Any:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, offline=True, bypass_csp=bypass_csp
    )
    page = context.new_page()
    page.messages, page.asked = [], []
    page.on("console", lambda message: page.messages.append(message.text))
    page.on("pageerror", lambda error: page.messages.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("width", [320, 768, 1000, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reflows_without_messages_or_requests(browser: Any, page_file: Path, scheme: str, width: int) -> None:
    page = opened(browser, page_file, scheme=scheme, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.messages == []
    assert page.asked == [page_file.as_uri()]
    assert page.evaluate("getComputedStyle(document.querySelector('.bad')).fontWeight") == "600", "the style is blocked"


def test_the_scrolling_picture_and_the_way_past_it_are_reached_by_keyboard(browser: Any, page_file: Path) -> None:
    page = opened(browser, page_file, scheme="light", width=320)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "picture":
            break
    assert page.evaluate("document.activeElement.className") == "picture"
    assert page.evaluate("document.activeElement.scrollWidth > document.activeElement.clientWidth")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_violates_no_rule_of_axe(browser: Any, page_file: Path, scheme: str, width: int) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not in node_modules")
    page = opened(browser, page_file, scheme=scheme, width=width, bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(f"axe.run(document, {{runOnly: {{type: 'tag', values: {RULES}}}}})")
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in result["violations"]] == []
    assert len(result["passes"]) > 20
