"""The page of a policy in a real browser: no request, no message, no sideways scrolling, no rule of axe violated.

Needs what `test_in_browser` needs, and is skipped as that is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from interlock.policy import decode
from interlock.reports import policy_page
from tests.policy.whole import WHOLE
from tests.reports.test_in_browser import AXE, RULES, browser, opened

__all__ = ["browser"]
pytestmark = pytest.mark.slow


@pytest.fixture
def policy_file(tmp_path: Path) -> Path:
    text = WHOLE.replace("All that can be said", f"All that can be said{'-without-a-break' * 20}")
    file = tmp_path / "policy.html"
    policy = decode(text.replace("status: adopted", "status: unofficial"), file="whole.yaml")
    file.write_bytes(policy_page(policy, engine="interlock test"))
    return file


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reflows_without_messages_or_requests(browser: Any, policy_file: Path, scheme: str, width: int) -> None:
    page = opened(browser, policy_file, scheme=scheme, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.messages == []
    assert page.asked == [policy_file.as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_violates_no_rule_of_axe(browser: Any, policy_file: Path, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not in node_modules")
    page = opened(browser, policy_file, scheme=scheme, width=320, bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(f"axe.run(document, {{runOnly: {{type: 'tag', values: {RULES}}}}})")
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in result["violations"]] == []
