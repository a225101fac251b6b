"""Writes the map of modules into ARCHITECTURE.md, or checks it: `python tools/module_map.py [--check]`.

Takes the layers from the import contract in pyproject.toml and the first docstring line of each module under
src/interlock. With `--check` it writes nothing and exits 1 when the page does not hold what it would write. A module
without a docstring and a package outside the layers are refused.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from generated_block import GeneratedBlock, MarkersError

REPOSITORY = Path(__file__).resolve().parents[1]
BLOCK = GeneratedBlock(name="module map", author="tools/module_map.py")


class MapError(Exception):
    """The map can't be drawn."""


def stated_layers(pyproject: str) -> list[list[str]]:
    """The layers from the top, each a list of sibling packages, as the import contract `layers` states them."""
    contracts = tomllib.loads(pyproject)["tool"]["importlinter"]["contracts"]
    stated = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    return [[name.strip().strip("()") for name in layer.split("|")] for layer in stated]


def first_line(module: Path) -> str:
    """The first line of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    if not docstring:
        raise MapError(f"`{module}` has no docstring; say in one line what the module is")
    return docstring.splitlines()[0].rstrip()


def package_lines(package: Path) -> Iterator[str]:
    """The lines of one package: itself, then its modules by name, those of subpackages by their path."""
    init = package / "__init__.py"
    if not init.is_file():
        raise MapError(f"`{package}` has no __init__.py; add it with `__all__` and a docstring")
    yield f"- **`{package.name}`**: {first_line(init)}"
    for module in sorted(package.rglob("*.py")):
        if module != init:
            name = module.relative_to(package).as_posix().removesuffix(".py").removesuffix("/__init__")
            yield f"    - `{name}`: {first_line(module)}"


def module_map(source: Path, layers: Sequence[Sequence[str]]) -> str:
    """The whole block: a heading for each layer that exists, its packages and their modules."""
    present = {folder.name for folder in source.iterdir() if any(folder.glob("*.py"))}
    if outside := present - {name for layer in layers for name in layer}:
        raise MapError(f"`{min(outside)}` is in no layer; add it to the layers contract in pyproject.toml")
    lines: list[str] = []
    for layer in layers:
        packages = [name for name in layer if name in present]
        if packages:
            lines += ["", "### " + " · ".join(packages), ""]
            lines += [line for name in packages for line in package_lines(source / name)]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Write or check the page; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the page is out of date")
    check: bool = parser.parse_args(arguments).check
    path = REPOSITORY / "ARCHITECTURE.md"
    page = path.read_text(encoding="utf-8")
    layers = stated_layers((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    try:
        wanted = BLOCK.replaced(page, module_map(REPOSITORY / "src" / "interlock", layers))
    except (MapError, MarkersError) as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return 1
    if page == wanted:
        return 0
    if check:
        print(f"{path.name}: the module map is out of date; run `make fix`", file=sys.stderr)
        return 1
    path.write_text(wanted, encoding="utf-8")
    print(f"{path.name}: module map written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
