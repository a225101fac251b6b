from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.app._settings import read_settings, settings_text
from interlock.evidence import ProtocolError
from interlock.notation import FaultsError


def faults_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(FaultsError) as caught:
        read_settings(text.encode(), file="interlock.yaml")
    return [(fault.span.line, fault.message) for fault in caught.value.faults]


def test_settings_hold_the_developer_the_policies_and_the_protocols() -> None:
    text = "developer: Acme\npolicies: [a.yaml, b.yaml]\nprotocols: [{task: t, suite: s, elicitation: []}]\n"
    settings = read_settings(text.encode(), file="interlock.yaml")
    assert (settings.developer, settings.policies) == ("Acme", ("a.yaml", "b.yaml"))
    assert [(one.task, one.suite) for one in settings.protocols] == [("t", "s")]


def test_every_key_may_be_left_out() -> None:
    settings = read_settings(b"policies: []\n", file="interlock.yaml")
    assert (settings.developer, settings.policies, settings.protocols) == (None, (), ())


def test_all_faults_are_reported_at_once_with_their_lines() -> None:
    found = faults_of("developer: [x]\npolicy: [a.yaml]\npolicies: a.yaml\n")
    assert [line for line, _ in found] == [1, 2, 3]


def test_an_unknown_key_comes_with_the_nearest_one() -> None:
    with pytest.raises(FaultsError) as caught:
        read_settings(b"protocol: []\n", file="interlock.yaml")
    assert caught.value.faults[0].nearest == "protocols"


@pytest.mark.parametrize(
    "text", ["- a\n", "just words\n", "policies: [1]\n", "policies: [[a]]\n", "policies: {a: b}\n"]
)
def test_what_is_no_such_settings_is_refused(text: str) -> None:
    assert faults_of(text)


def test_a_fault_of_the_protocols_is_refused() -> None:
    with pytest.raises(ProtocolError, match="suite"):
        read_settings(b"protocols: [{task: t, elicitation: []}]\n", file="interlock.yaml")


@given(
    developer=st.none()
    | st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1).filter(str.isprintable),
    policies=st.lists(
        st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1).filter(str.isprintable), max_size=3
    ),
)
def test_what_init_writes_is_read_back(developer: str | None, policies: list[str]) -> None:
    text = settings_text(developer, policies)
    settings = read_settings(text.encode(), file="interlock.yaml")
    assert (settings.developer, settings.policies, settings.protocols) == (developer, tuple(policies), ())
