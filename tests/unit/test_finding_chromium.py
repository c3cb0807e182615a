"""Which Chromium the browser tests drive."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import browser


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of all others in which programs are."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return tmp_path


def _program(folder: Path, name: str) -> Path:
    made = folder / name
    made.write_text("#!/bin/sh\n")
    made.chmod(0o755)
    return made


def test_there_may_be_none(installed: Path) -> None:
    assert browser.find() is None


def test_the_one_that_takes_the_least_time_is_found_first(installed: Path) -> None:
    whole = _program(installed, "chromium")
    assert browser.find() == whole
    shell = _program(installed, "chromium-headless-shell")
    assert browser.find() == shell


def test_the_one_that_is_named_is_taken_before_all(
    installed: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(installed, "chromium-headless-shell")
    named = _program(tmp_path_factory.mktemp("elsewhere"), "my-chromium")
    monkeypatch.setenv("CHROMIUM", str(named))
    assert browser.find() == named
