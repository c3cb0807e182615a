"""The package of custom actions against domain.yml, and by itself."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent import stand_ins

ROOT = Path(__file__).resolve().parents[2]
DOMAIN: dict[str, Any] = yaml.load((ROOT / "domain.yml").read_text("utf-8"), yaml.CSafeLoader)
MODULES = sorted((ROOT / "actions").glob("*.py"))


@pytest.fixture(scope="module")
def executor() -> Any:
    stand_ins.install()
    from rasa_sdk.executor import ActionExecutor

    loaded = ActionExecutor()
    loaded.register_package("actions")
    return loaded


def test_every_action_of_the_domain_has_a_class_and_every_class_is_in_the_domain(
    executor: Any,
) -> None:
    assert set(executor.actions) == set(DOMAIN["actions"])


def test_every_action_is_reached_by_a_rule() -> None:
    reached = {
        step["action"]
        for path in (ROOT / "data" / "rules").glob("*.yml")
        for rule in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["rules"]
        for step in rule["steps"]
        if "action" in step
    }
    assert reached == set(DOMAIN["actions"])


def test_importing_the_package_opens_nothing() -> None:
    """No socket and no file but Python's own and those of libraries."""
    program = (
        "import sys, pathlib\n"
        "from agent import stand_ins; stand_ins.install()\n"
        "import rasa_sdk.executor, sqlalchemy\n"
        "seen = []\n"
        "def hook(event, given):\n"
        "    if event.startswith('socket.') or event in ('subprocess.Popen', 'os.system'):\n"
        "        seen.append(event)\n"
        "    if event == 'open' and str(given[0]).endswith(('.yml', '.db', '.json')):\n"
        "        seen.append(str(given[0]))\n"
        "sys.addaudithook(hook)\n"
        "rasa_sdk.executor.ActionExecutor().register_package('actions')\n"
        "assert not seen, seen\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _run_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name in ("run", "answer"):
                yield path.name, node


def test_what_an_action_runs_is_short() -> None:
    for name, function in _run_functions():
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= 30, f"{name}: {function.name} has {length} lines"


def test_nothing_is_said_but_responses_of_the_domain() -> None:
    """Neither a sentence nor a name that does not exist is handed to `say`, `ask` or `phrase`."""
    for path in MODULES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            place = {"say": 0, "phrase": 0, "ask": 1}.get(call.func.attr)
            if place is not None and isinstance(call.args[place], ast.Constant):
                assert call.args[place].value in DOMAIN["responses"], path.name


def test_only_one_place_utters() -> None:
    from actions import conversation

    assert "utter_message" in inspect.getsource(conversation)
    for path in MODULES:
        if path.name != "conversation.py":
            assert "utter_message" not in path.read_text(encoding="utf-8")


def test_questions_asked_are_values_of_the_slot() -> None:
    asked = {question for path in MODULES for question in _asked(path)}
    assert asked == set(DOMAIN["slots"]["open_question"]["values"])


def _asked(path: Path) -> Iterator[str]:
    """The questions that a module asks or keeps open, by their own name or by a constant's."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(module):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr in ("ask", "keep_open"):
            question = call.args[0]
            if isinstance(question, ast.Constant):
                yield question.value
            elif isinstance(question, ast.Name) and question.id in constants:
                yield constants[question.id]


def test_every_slot_is_filled_from_memory_or_by_an_answer() -> None:
    from actions.facts import KINDS

    by_memory = {"language", "channel", "is_proven", "customer_name"}
    by_memory |= set(KINDS) & set(DOMAIN["slots"])
    by_answers = {
        *("open_question", "question_about", "question_before", "asked_of_person_at"),
        "misunderstandings",
        *("last_products", "last_looked_up", "last_category", "already_shown", "composing"),
    }
    assert set(DOMAIN["slots"]) == by_memory | by_answers
