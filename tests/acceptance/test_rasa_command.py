"""`./dangol rasa …`: Rasa's own commands on this project, as processes of their own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.postgres import ask

TAKES_AT_MOST = 560
"""Seconds of a command of Rasa's on a machine that is busy: it is a hang after that."""
pytestmark = pytest.mark.timeout(TAKES_AT_MOST + 20)
PROJECT = Path(__file__).resolve().parents[2]
FLOWS = ["greet", "goodbye", "out_of_scope"]
"""Enough of the shop's conversation to be trained and asked about; all of it takes a minute."""
STORY = """
version: "3.1"
stories:
- story: Somebody greets and takes leave
  steps:
  - user: |
      안녕하세요
    intent: greet
  - action: action_greet
  - user: |
      thanks, bye
    intent: goodbye
  - action: action_goodbye
"""


def start(home: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "command", "rasa", *arguments],
        env={**os.environ, "DANGOL_HOME": str(home), "PYTHONPATH": str(PROJECT), **more},
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(home: Path, *arguments: str) -> tuple[int, str]:
    process = start(home, *arguments)
    output, _ = process.communicate(timeout=TAKES_AT_MOST)
    return process.returncode, output


def checkout() -> dict[str, Any]:
    """What Rasa rewrites and what it makes in a project's folder, when nobody keeps it from it."""
    made = {name: (PROJECT / name).exists() for name in (".rasa", "models", "results")}
    return {"config.yml": (PROJECT / "config.yml").read_bytes(), **made}


@pytest.fixture(scope="module")
def trained_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("rasa home")
    before = checkout()
    data = [f"data/{kind}/{flow}.yml" for kind in ("nlu", "rules") for flow in FLOWS]
    status, output = run(home, "train", "--data", *data)
    assert status == 0, output
    assert checkout() == before
    return home


def test_train_keeps_its_model_and_cache_in_the_home(trained_home: Path) -> None:
    assert len(list((trained_home / "rasa" / "models").glob("*.tar.gz"))) == 1
    assert (trained_home / "rasa" / "cache").is_dir()


def test_data_validate_finds_no_fault(trained_home: Path) -> None:
    status, output = run(trained_home, "data", "validate")
    assert status == 0, output
    assert "No story structure conflicts found" in output


def test_test_core_tells_the_right_story_from_the_wrong(trained_home: Path, tmp_path: Path) -> None:
    wrong = STORY.replace("Somebody greets", "Nobody greets").replace("_goodbye", "_greet")
    (tmp_path / "test_right.yml").write_text(STORY, encoding="utf-8")
    (tmp_path / "test_wrong.yml").write_text(wrong, encoding="utf-8")
    before = checkout()
    status, output = run(trained_home, "test", "core", "--stories", str(tmp_path))
    assert status == 0, output
    assert checkout() == before
    report = json.loads((trained_home / "rasa" / "results" / "story_report.json").read_text())
    counted = report["conversation_accuracy"]
    assert (counted["correct"], counted["total"]) == (1, 2)


def test_a_pipeline_with_tensorflow_is_refused_in_one_line(tmp_path: Path) -> None:
    config = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))
    config["pipeline"].append({"name": "DIETClassifier"})
    (tmp_path / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    status, output = run(tmp_path, "train", f"--config={tmp_path / 'config.yml'}")
    assert status == 1
    assert output.count("\n") == 1
    assert "DIETClassifier" in output
    assert "--stock" in output


@pytest.mark.parametrize("command", ["shell", "run", "interactive", "x"])
def test_what_needs_the_published_set_says_so(tmp_path: Path, command: str) -> None:
    status, output = run(tmp_path, command)
    assert status == 1
    assert f"./dangol rasa --stock {command}" in output


def test_the_published_set_is_never_made_in_silence(tmp_path: Path) -> None:
    status, output = run(tmp_path, "--stock", "shell")
    assert status == 1
    assert "published set is missing" in output


@pytest.fixture
def action_server(tmp_path: Path, database_url: str) -> Iterator[httpx.Client]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = start(tmp_path, "run", "actions", "--port", str(port), DATABASE_URL=database_url)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        try:
            wait_for_health(client, process)
            yield client
        finally:
            process.terminate()
            process.communicate(timeout=20)


def wait_for_health(client: httpx.Client, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 150
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[0]
        try:
            assert client.get("/health").json() == {"status": "ok"}
            return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail("the action server did not start")


def call(action: str, text: str, message: str) -> dict[str, Any]:
    """An action call as Rasa 3.6 sends it, cut to what an action server reads."""
    return {
        "version": "3.6.21",
        "next_action": action,
        "sender_id": "somebody",
        "tracker": {
            "sender_id": "somebody",
            "slots": {"language": None, "is_proven": None},
            "latest_message": {
                "text": text,
                "message_id": message,
                "intent": {"name": "greet", "confidence": 1.0},
                "entities": [],
            },
            "events": [],
            "paused": False,
            "followup_action": None,
            "active_loop": {},
            "latest_action_name": None,
        },
        "domain": {},
    }


def test_run_actions_serves_the_protocol_of_rasas_action_server(
    action_server: httpx.Client, database_url: str
) -> None:
    named = {one["name"] for one in action_server.get("/actions").json()}
    declared = yaml.load((PROJECT / "domain.yml").read_text("utf-8"), yaml.CSafeLoader)["actions"]
    assert {name for name in declared if not name.startswith("utter_")} <= named

    english = action_server.post("/webhook", json=call("action_greet", "hello there", "1"))
    assert english.status_code == 200
    assert english.json()["responses"][0]["text"].isascii()

    body = zlib.compress(json.dumps(call("action_greet", "안녕하세요", "2")).encode())
    korean = action_server.post("/webhook", content=body, headers={"Content-Encoding": "deflate"})
    assert any("가" <= letter <= "힣" for letter in korean.json()["responses"][0]["text"])

    again = action_server.post("/webhook", json=call("action_goodbye", "안녕하세요", "2"))
    assert again.status_code == 200
    heard = ask(database_url, "SELECT text FROM turns WHERE direction = 'in' ORDER BY seq")
    assert [text for (text,) in heard] == ["hello there", "안녕하세요"]

    unknown = action_server.post("/webhook", json=call("action_unknown", "hello", "3"))
    assert (unknown.status_code, unknown.json()["action_name"]) == (404, "action_unknown")
    assert action_server.post("/webhook", content=b"{").status_code == 400
    assert action_server.post("/webhook", json={"next_action": "action_greet"}).status_code == 400
