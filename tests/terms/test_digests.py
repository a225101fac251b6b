"""Digests bind bytes and values, and canonical JSON refuses what two programs could write differently."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.terms import MalformedError, canonical_json, digest_of_bytes, digest_of_json, parse_digest

# FIPS 180-2, appendix B.1: the digest of "abc"
ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_digest_of_bytes_is_their_sha_256() -> None:
    assert digest_of_bytes(b"abc") == ABC
    assert parse_digest(ABC) == ABC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sha256:",
        ABC.upper(),
        ABC[:-1],
        ABC + "0",
        ABC + "\n",
        " " + ABC,
        ABC.removeprefix("sha256:"),
        "sha512:" + ABC.removeprefix("sha256:"),
        ABC[:-1] + "g",
        ABC[:-1] + "٣",
    ],
)
def test_anything_else_is_no_digest(text: str) -> None:
    with pytest.raises(MalformedError, match="is not a digest; expected `sha256:` and 64 lower-case"):
        parse_digest(text)


def test_a_long_text_is_shown_in_part() -> None:
    with pytest.raises(MalformedError) as refusal:
        parse_digest("a" * 1000)
    assert f"`{'a' * 80}`" in refusal.value.message


def test_canonical_json_is_that_of_rfc_8785() -> None:
    # RFC 8785, section 3.2.2 to 3.2.4: sorted keys, shortest numbers, no blanks, and no escapes but the needed ones
    value = {
        "numbers": [333333333.33333329, 1e30, 4.5, 2e-3, 1e-27],
        "string": '€$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    written = canonical_json(value)
    assert (
        written
        == (
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        ).encode()
    )
    assert digest_of_json(value) == f"sha256:{hashlib.sha256(written).hexdigest()}"


@given(st.dictionaries(st.text(max_size=5), st.integers(-(2**53) + 1, 2**53 - 1), max_size=6))
def test_the_order_of_keys_says_nothing(value: dict[str, int]) -> None:
    backwards = dict(reversed(list(value.items())))
    assert digest_of_json(value) == digest_of_json(backwards)


@pytest.mark.parametrize("value", [[2**53], [-(2**53)], [float("nan")], [float("inf")], [{1: 2}], [{"a": object()}]])
def test_what_has_no_canonical_form_is_refused(value: list[Any]) -> None:
    with pytest.raises(MalformedError, match="the value has no canonical JSON form"):
        canonical_json(value)


def test_what_nests_too_deep_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(MalformedError, match="the value has no canonical JSON form"):
        canonical_json(deep)
