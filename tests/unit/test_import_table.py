"""The import table of ARCHITECTURE.md is read from there and held against every source file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def _rows(heading: str) -> list[list[str]]:
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _names(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


MAY_IMPORT = {_names(row[0]).pop(): _names(row[1]) for row in _rows("Who may import whom")}
ONLY_IN = {_names(row[0]).pop(): _names(row[1]) for row in _rows("One library, one place")}
OURS = {name.split("/")[0] for name in MAY_IMPORT}


def _sources() -> Iterator[Path]:
    for package in sorted(OURS):
        folder = ROOT / package
        yield from sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{package}.py"]


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _place(path: Path) -> str:
    """The longest row of the table that this file lies under."""
    inside = path.relative_to(ROOT).with_suffix("").as_posix()
    fitting = [name for name in MAY_IMPORT if inside == name or inside.startswith(f"{name}/")]
    return max(fitting, key=len)


def _is_under(module: str, name: str) -> bool:
    dotted = name.replace("/", ".")
    return module == dotted or module.startswith(f"{dotted}.")


@pytest.mark.parametrize("path", list(_sources()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_its_row_allows(path: Path) -> None:
    place = _place(path)
    allowed = MAY_IMPORT[place] | {place.split("/")[0]}
    for module in _imported(path):
        if module.split(".")[0] in OURS:
            assert any(_is_under(module, name) for name in allowed), f"{place} imports {module}"


@pytest.mark.parametrize("path", list(_sources()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_library_is_used_only_in_its_place(path: Path) -> None:
    inside = path.relative_to(ROOT).with_suffix("").as_posix()
    for module in _imported(path):
        places = ONLY_IN.get(module.split(".")[0])
        if places is not None:
            is_at_home = any(inside == name or inside.startswith(f"{name}/") for name in places)
            assert is_at_home, f"{inside} imports {module}"


def test_every_folder_is_described_and_every_description_has_a_folder() -> None:
    described = {_names(row[0]).pop().split("/")[0] for row in _rows("The rooms")}
    ignored = {".git", ".ci", "node_modules"}
    there = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and path.name not in ignored and not path.name.startswith((".", "__"))
    }
    assert there == described


@pytest.mark.parametrize("part", ["web", "outreach"])
def test_the_light_parts_load_nothing_heavy(part: str) -> None:
    code = (
        f"import sys, pkgutil, importlib, {part}\n"
        f"for found in pkgutil.walk_packages({part}.__path__, '{part}.'):\n"
        "    found.name.endswith('__main__') or importlib.import_module(found.name)\n"
        "print([name for name in ('rasa', 'kiwipiepy', 'spacy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
