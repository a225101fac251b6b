"""The bundled policies: each name is what its file says, and each policy file that ships has a name."""

from __future__ import annotations

from pathlib import Path

from interlock.library import bundled_policies
from interlock.policy import decode
from tests.conftest import REPOSITORY

LIBRARY = REPOSITORY / "src" / "interlock" / "library"


def test_the_demonstration_and_the_replay_have_theirs() -> None:
    names = [policy.name for policy in bundled_policies()]
    assert {"anthropic-rsp@1.0", "halcyon-scaling-policy@1.0"} <= set(names)
    assert names == sorted(set(names))


def test_each_name_is_what_the_file_says() -> None:
    for one in bundled_policies():
        policy = decode(one.read(), file=one.reference)
        assert (policy.id, policy.version) == (one.id, one.version)
        assert one.reference == f"interlock://{policy.id}@{policy.version}"


def test_each_policy_file_that_ships_is_bundled_under_a_name() -> None:
    shipped = {file for file in LIBRARY.rglob("*.yaml") if "\ninterlock: 1\n" in file.read_text(encoding="utf-8")}
    assert len(shipped) >= 2
    assert {LIBRARY / one.path for one in bundled_policies()} == shipped


def test_each_says_with_what_standing_it_was_encoded() -> None:
    for one in bundled_policies():
        encoding = decode(one.read(), file=one.reference).encoding
        assert encoding["status"] in {"unofficial", "adopted"}
        assert encoding["by"]


def test_a_policy_is_read_as_it_stands() -> None:
    [one] = [policy for policy in bundled_policies() if policy.id == "halcyon-scaling-policy"]
    assert one.read() == Path(LIBRARY / "halcyon" / "policy.yaml").read_bytes()
