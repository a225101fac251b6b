"""The module map shows every module, and refuses what it can't place."""

from __future__ import annotations

from pathlib import Path

import pytest

from module_map import MapError, module_map, stated_layers

LAYERS = [["top"], ["left", "right"], ["absent"]]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name in ("top", "left", "right", "right/inner"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f'"""What {name} is."""\n')
    (tmp_path / "left" / "_one.py").write_text('"""One thing.\n\nMore about it.\n"""\n')
    (tmp_path / "__init__.py").write_text('"""The root."""\n')
    return tmp_path


def test_layers_come_from_the_contract_of_that_name_without_its_marks() -> None:
    pyproject = """
        [[tool.importlinter.contracts]]
        id = "other"
        [[tool.importlinter.contracts]]
        id = "layers"
        layers = ["top", "(left) | right"]
    """
    assert stated_layers(pyproject) == [["top"], ["left", "right"]]


def test_each_module_stands_under_its_package_and_layer_with_its_first_line(source: Path) -> None:
    assert module_map(source, LAYERS).strip().splitlines() == [
        "### top",
        "",
        "- **`top`**: What top is.",
        "",
        "### left · right",
        "",
        "- **`left`**: What left is.",
        "    - `_one`: One thing.",
        "- **`right`**: What right is.",
        "    - `inner`: What right/inner is.",
    ]


def test_a_package_outside_the_layers_is_refused_by_name(source: Path) -> None:
    with pytest.raises(MapError, match="`right` is in no layer"):
        module_map(source, [["top"], ["left"]])


def test_a_module_without_a_docstring_is_refused_by_name(source: Path) -> None:
    (source / "top" / "_bare.py").write_text("x = 1\n")
    with pytest.raises(MapError, match=r"_bare\.py` has no docstring"):
        module_map(source, LAYERS)


def test_a_package_without_init_is_refused_by_name(source: Path) -> None:
    (source / "top" / "__init__.py").unlink()
    (source / "top" / "_one.py").write_text('"""One."""\n')
    with pytest.raises(MapError, match=r"top` has no __init__\.py"):
        module_map(source, LAYERS)
