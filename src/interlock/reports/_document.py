"""A page as a document: what every page of this package begins and ends with.

The content security policy allows nothing but the page's own style sheet, by its digest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from interlock.reports._markup import Content, Element, element, markup, stylesheet

_POLICY: Final = "default-src 'none'; style-src '{digest}'; base-uri 'none'; form-action 'none'"


def document(title: str, body: Iterable[Content], *, style: str) -> bytes:
    """Return the page as UTF-8."""
    page = element("html", element("head", _head(title, style)), element("body", body), lang="en")
    return f"<!DOCTYPE html>\n{markup(page)}\n".encode()


def _head(title: str, style: str) -> Iterator[Element]:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    yield element("meta", charset="utf-8")
    content = _POLICY.format(digest=f"sha256-{digest}")
    yield Element("meta", (("http-equiv", "Content-Security-Policy"), ("content", content)), ())
    yield element("meta", name="viewport", content="width=device-width, initial-scale=1")
    yield element("meta", name="referrer", content="no-referrer")
    yield element("title", title)
    yield stylesheet(style)
