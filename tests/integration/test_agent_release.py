"""What is live is a release: agents follow it, and keep what works when the newer one does not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from agent import stand_ins, training
from memory import releases
from memory.parts import Heartbeat
from tests import small_project
from tests.agents import NOW, Shop


class _Agent:
    """An agent in a thread of this process, and what it tells of its health."""

    def __init__(self, shop: Shop) -> None:
        stand_ins.install()
        from agent import answering, patches

        patches.apply()
        self.stop = threading.Event()
        self.heartbeat = Heartbeat(shop.engine, "agent-1")
        at_work = answering.Answering(
            shop.settings(),
            shop.engine,
            self.heartbeat,
            self.stop,
            actions=small_project.ACTIONS,
        )
        self.thread = threading.Thread(target=at_work.run)
        self.thread.start()

    def wait_until(self, state: str) -> None:
        deadline = time.monotonic() + 30
        while state not in self.heartbeat.state:
            assert time.monotonic() < deadline, self.heartbeat.state
            time.sleep(0.05)

    def end(self) -> None:
        self.stop.set()
        self.thread.join()


@pytest.fixture
def agent(shop: Shop) -> Iterator[_Agent]:
    started = _Agent(shop)
    yield started
    started.end()


def _words(**changed: tuple[str, str]) -> dict[str, list[dict[str, object]]]:
    words = {**small_project.WORDS, **{name: [both] for name, both in changed.items()}}
    responses: dict[str, list[dict[str, object]]] = yaml.safe_load(small_project.domain(words))[
        "responses"
    ]
    return responses


def _publish(shop: Shop, words: dict[str, list[dict[str, object]]], model: bytes) -> int:
    with shop.engine.begin() as connection:
        return releases.publish(
            connection, inputs_digest="other", files={}, words=words, model=model, now=NOW
        )


def _ask(shop: Shop, agent: _Agent) -> str:
    writer = shop.web_customer()
    shop.hear(writer, "hello")
    shop.wait_until_answered()
    return shop.answers(writer)[0]


def test_new_words_are_said_at_once_without_training(
    shop: Shop, agent: _Agent, small_model: training.TrainedModel
) -> None:
    agent.wait_until("ready")
    assert _ask(shop, agent) == "Hello!"
    _publish(shop, _words(utter_greet=("새 인사", "A new hello.")), small_model.path.read_bytes())
    time.sleep(1.5)
    assert _ask(shop, agent) == "A new hello."


def test_a_damaged_model_is_not_loaded_and_the_one_before_stays(
    shop: Shop, agent: _Agent, small_model: training.TrainedModel
) -> None:
    agent.wait_until("ready")
    _publish(shop, _words(utter_greet=("망가짐", "Damaged.")), small_model.path.read_bytes()[:-200])
    agent.wait_until("does not load")
    assert "still in use" in agent.heartbeat.state
    assert _ask(shop, agent) == "Hello!"
    _publish(shop, _words(utter_greet=("나음", "Mended.")), small_model.path.read_bytes())
    agent.wait_until("ready")
    assert _ask(shop, agent) == "Mended."


def test_a_model_that_does_not_match_its_checksum_is_not_loaded(
    shop: Shop, agent: _Agent, small_model: training.TrainedModel
) -> None:
    agent.wait_until("ready")
    with shop.engine.begin() as connection:
        releases.publish(
            connection,
            inputs_digest="other",
            files={},
            words=_words(),
            model=small_model.path.read_bytes() + b"!",
            now=NOW,
        )
        connection.exec_driver_sql("UPDATE releases SET model = model || 'x'::bytea WHERE is_live")
    agent.wait_until("checksum")
    assert _ask(shop, agent) == "Hello!"


def test_without_a_release_nothing_is_answered_and_nothing_lost(
    shop: Shop, small_model: training.TrainedModel
) -> None:
    with shop.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM releases")
    agent = _Agent(shop)
    try:
        agent.wait_until("./dangol train")
        writer = shop.web_customer()
        shop.hear(writer, "hello")
        time.sleep(1)
        assert shop.waiting() == 1
        _publish(shop, _words(), small_model.path.read_bytes())
        shop.wait_until_answered()
        assert shop.answers(writer) == ["Hello!"]
    finally:
        agent.end()


def test_a_release_whose_actions_have_no_class_is_refused(
    shop: Shop, agent: _Agent, tmp_path: Path
) -> None:
    folder = small_project.write(tmp_path / "other")
    domain = (folder / "domain.yml").read_text(encoding="utf-8")
    (folder / "domain.yml").write_text(
        domain.replace("'action_tell_size'", "'action_tell_size', 'action_nobody_wrote'"),
        encoding="utf-8",
    )
    model = training.train_apart(folder, tmp_path / "home", lambda _said: None)
    agent.wait_until("ready")
    training.publish(shop.engine, folder, model)
    agent.wait_until("action_nobody_wrote")
    assert _ask(shop, agent) == "Hello!"
