from __future__ import annotations

from pathlib import Path

import pytest

from interlock.app.errors import FileRefused, WorkspaceRefused
from interlock.app.workspaces import make_workspace, open_workspace
from interlock.notation import FaultsError
from tests.app.builders import HALCYON, workspace_in, write

POLICY = HALCYON / "policy.yaml"


def test_a_new_workspace_holds_a_copy_of_the_policy_byte_for_byte(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "new", policies=[POLICY], developer=None)
    assert made.developer == "Halcyon AI"
    assert (tmp_path / "new/policies/policy.yaml").read_bytes() == POLICY.read_bytes()
    assert [policy.id for policy in open_workspace(tmp_path / "new").policies()] == ["halcyon-scaling-policy"]


def test_a_developer_given_wins_over_the_issuer(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "new", policies=[POLICY], developer="Other")
    assert made.developer == "Other"
    assert open_workspace(tmp_path / "new").settings.developer == "Other"


def test_an_existing_empty_folder_is_taken(tmp_path: Path) -> None:
    make_workspace(tmp_path, policies=[], developer=None)
    assert open_workspace(tmp_path).settings.policies == ()


@pytest.mark.parametrize("name", ["interlock.yaml", "anything"])
def test_a_folder_that_holds_anything_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, "x")
    with pytest.raises(WorkspaceRefused):
        make_workspace(tmp_path, policies=[], developer=None)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "x"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceRefused, match="is a file, not a folder"):
        make_workspace(write(tmp_path, "file", ""), policies=[], developer=None)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceRefused):
        make_workspace(write(tmp_path, "file", "") / "below", policies=[], developer=None)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("interlock: 1\nnonsense: 2\n", FaultsError), (None, FileRefused)],
    ids=["rejected", "missing"],
)
def test_nothing_is_made_where_a_policy_is_refused(tmp_path: Path, text: str | None, refusal: type[Exception]) -> None:
    policy = tmp_path / "missing.yaml" if text is None else write(tmp_path, "bad.yaml", text)
    with pytest.raises(refusal):
        make_workspace(tmp_path / "new", policies=[policy], developer=None)
    assert not (tmp_path / "new").exists()


def test_two_policies_of_one_name_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    text = POLICY.read_text(encoding="utf-8").replace('version: "1.0"', 'version: "2.0"')
    with pytest.raises(WorkspaceRefused, match=r"named `policy\.yaml`"):
        make_workspace(tmp_path / "new", policies=[POLICY, write(other, "policy.yaml", text)], developer=None)
    assert not (tmp_path / "new").exists()


def test_the_nearest_workspace_upwards_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace_in(tmp_path / "outer")
    deep = tmp_path / "outer/policies/deep"
    deep.mkdir()
    monkeypatch.chdir(deep)
    found = open_workspace(None)
    assert found.folder.resolve() == (tmp_path / "outer").resolve()
    assert str(found.record) == "../../events.jsonl"


def test_without_a_workspace_the_refusal_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorkspaceRefused, match="no workspace here") as caught:
        open_workspace(None)
    assert "interlock init" in (caught.value.advice or "")
    with pytest.raises(WorkspaceRefused, match="is no workspace"):
        open_workspace(tmp_path)


def test_a_workspace_without_policies_refuses_to_decide_by_none(tmp_path: Path) -> None:
    make_workspace(tmp_path / "new", policies=[], developer=None)
    with pytest.raises(WorkspaceRefused, match="names no policy"):
        open_workspace(tmp_path / "new").policies()


def test_settings_that_name_a_missing_policy_are_refused(tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path / "new")
    (tmp_path / "new/policies/policy.yaml").unlink()
    with pytest.raises(FileRefused, match="no such file"):
        workspace.policies()
