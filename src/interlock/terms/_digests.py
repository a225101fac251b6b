"""Digests: SHA-256 of bytes, and of JSON values in the canonical form of RFC 8785."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

import rfc8785

from interlock.terms._errors import MalformedError

_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)


def digest_of_bytes(content: bytes) -> str:
    """Return `sha256:` and the lower-case hexadecimal SHA-256 of `content`."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def canonical_json(value: Mapping[str, Any] | list[Any]) -> bytes:
    """Return the RFC 8785 form of a JSON value; MalformedError where it has none (integers beyond 2^53, NaN)."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        msg = f"the value has no canonical JSON form: {error}"
        raise MalformedError(msg) from None


def digest_of_json(value: Mapping[str, Any] | list[Any]) -> str:
    """Return the digest of the RFC 8785 form of a JSON value (LANGUAGE 9: the digest of an event)."""
    return digest_of_bytes(canonical_json(value))


def parse_digest(text: str) -> str:
    """Return `text` if it is a digest as interlock writes them; MalformedError otherwise."""
    if _DIGEST.fullmatch(text) is None:
        msg = f"`{text[:80]}` is not a digest; expected `sha256:` and 64 lower-case hexadecimal digits"
        raise MalformedError(msg)
    return text
