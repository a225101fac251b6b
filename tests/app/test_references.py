"""References to bundled policies, wherever a policy file may be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.app import _references
from interlock.app._files import as_typed, file_name, is_reference, read_files
from interlock.app._references import bundled
from interlock.app.clock import system_clock
from interlock.app.decisions import check_policies
from interlock.app.duties import TypedTimes, duties_on_files
from interlock.app.errors import FileRefused
from interlock.app.replays import TypedReplay, replay_bundled, replay_on_files
from interlock.app.workspaces import make_workspace, open_workspace
from interlock.library import BundledPolicy
from interlock.notation import FaultsError
from tests.app.builders import HALCYON

REFERENCE = Path("interlock://halcyon-scaling-policy@1.0")


@pytest.mark.parametrize("path", ["interlock://a@1", "interlock:/a@1", "interlock:///a@1"])
def test_a_path_that_lost_a_slash_is_still_a_reference(path: str) -> None:
    assert is_reference(Path(path))
    assert is_reference(path)
    assert as_typed(Path(path)) == "interlock://a@1"


@pytest.mark.parametrize("path", ["interlock:a@1", "interlock", "x/interlock:/a", "policy.yaml", "-"])
def test_a_file_is_no_reference(path: str) -> None:
    assert not is_reference(Path(path))
    assert as_typed(Path(path)) == path


def test_the_bytes_are_those_of_the_file_and_the_name_is_the_reference() -> None:
    content = (HALCYON / "policy.yaml").read_bytes()
    expected = [("interlock://halcyon-scaling-policy@1.0", content)]
    assert read_files([REFERENCE]) == expected
    assert read_files([Path("interlock://halcyon-scaling-policy")]) == expected
    assert file_name(REFERENCE) == file_name(Path("interlock:/halcyon-scaling-policy")) == f"{REFERENCE.name}.yaml"
    [policy] = check_policies([REFERENCE])
    assert policy == check_policies([HALCYON / "policy.yaml"])[0] or policy.file != str(HALCYON / "policy.yaml")


@pytest.mark.parametrize(
    ("reference", "advice"),
    [
        ("interlock://halcyn-scaling-policy@1.0", "did you mean `interlock://halcyon-scaling-policy@1.0`?"),
        ("interlock://halcyon-scaling-polcy", "did you mean `interlock://halcyon-scaling-policy"),
        ("interlock://halcyon", "did you mean `interlock://halcyon-scaling-policy`?"),
        ("interlock://halcyon-scaling-policy@9", "name one of `interlock://halcyon-scaling-policy@1.0`"),
        ("interlock://halcyon-scaling-policy@", "name one of `interlock://halcyon-scaling-policy@1.0`"),
        ("interlock://../halcyon/policy.yaml", "see `interlock policy list`"),
        ("interlock://zzz", "see `interlock policy list`"),
    ],
)
def test_an_unknown_reference_names_the_nearest_one(reference: str, advice: str) -> None:
    with pytest.raises(FileRefused, match="ships with interlock") as caught:
        read_files([Path(reference)])
    assert (caught.value.advice or "").startswith(advice)


def test_without_a_version_there_must_be_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    named = [("acme", "1"), ("acme", "2"), ("brook", "1")]
    policies = tuple(BundledPolicy(id=one, version=version, path=f"{one}-{version}") for one, version in named)
    monkeypatch.setattr(_references, "bundled_policies", lambda: policies)
    assert bundled("interlock://brook").version == "1"
    assert bundled("interlock://acme@2").version == "2"
    with pytest.raises(FileRefused, match="names no version, and there are 2") as caught:
        bundled("interlock://acme")
    assert caught.value.advice == "name one of `interlock://acme@1`, `interlock://acme@2`"


def test_the_same_policy_twice_is_refused() -> None:
    with pytest.raises(FileRefused, match="is the same file as"):
        read_files([REFERENCE, Path("interlock://halcyon-scaling-policy@1.0")])
    for other in (Path("interlock://halcyon-scaling-policy"), HALCYON / "policy.yaml"):
        with pytest.raises(FaultsError, match="is also in interlock://"):
            check_policies([REFERENCE, other])


def test_a_policy_is_no_file_of_events() -> None:
    with pytest.raises(FaultsError):
        duties_on_files([HALCYON / "policy.yaml"], [REFERENCE], TypedTimes(as_of="2026-11-25"))


def test_a_replay_may_be_judged_under_a_bundled_version_that_was_not_given() -> None:
    events = [HALCYON / "events.yaml"]
    under = TypedReplay(under="interlock://anthropic-rsp@1.0")
    replayed = replay_on_files([HALCYON / "policy.yaml"], events, under)
    assert replayed.replay.under is not None
    assert (replayed.replay.under.id, replayed.replay.under.version) == ("anthropic-rsp", "1.0")
    with pytest.raises(FileRefused, match="ships with interlock"):
        replay_bundled("anthropic-2024", TypedReplay(under="interlock://anthropic-rsp@7"))


def test_a_workspace_gets_a_copy_under_the_name_of_the_version(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "ws", policies=[Path("interlock://anthropic-rsp@1.0")], developer=None)
    assert [policy.id for policy in made.policies] == ["anthropic-rsp"]
    assert [file.name for file in (tmp_path / "ws" / "policies").iterdir()] == ["anthropic-rsp@1.0.yaml"]
    assert [policy.version for policy in open_workspace(tmp_path / "ws").policies()] == ["1.0"]


def test_the_settings_of_a_workspace_may_name_one(tmp_path: Path) -> None:
    make_workspace(tmp_path / "ws", policies=[], developer="Halcyon AI")
    settings = tmp_path / "ws" / "interlock.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("policies: []", f"policies: [{as_typed(REFERENCE)}]"), encoding="utf-8")
    workspace = open_workspace(tmp_path / "ws")
    assert [policy.id for policy in workspace.policies()] == ["halcyon-scaling-policy"]
    assert workspace.store(system_clock).read().count == 0
