"""What the pages say is there, is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMANDS = {
    "up",
    "down",
    "status",
    "doctor",
    "restart",
    "train",
    "understand",
    "test",
    "migrate",
    "rotate-keys",
    "unmerge",
    "bench",
    "torture",
    "clock",
    "import",
    "export-customer",
    "erase-customer",
    "why",
    "timeline",
    "relearn",
    "human",
    "voice",
    "rasa",
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    for link in links:
        if not link.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / link).exists(), link


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_a_page_names_is_there(page: Path) -> None:
    named = set(re.findall(r"`\./dangol ([a-z-]+)", page.read_text(encoding="utf-8")))
    assert named <= COMMANDS


def test_the_commands_are_those_listed_and_each_has_help() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "command", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "120", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
    )
    listed = set(re.findall(r"^│ ([a-z][a-z-]*) ", done.stdout, flags=re.MULTILINE))
    assert listed == COMMANDS


def test_every_event_is_in_the_glossary() -> None:
    source = (ROOT / "memory" / "events.py").read_text(encoding="utf-8")
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    names = re.findall(r'^[A-Z_]+ = "([A-Z][A-Za-z ]+)"$', source, flags=re.MULTILINE)
    assert names
    for name in names:
        assert f"`{name}`" in glossary
