"""Turns that break: counted, tried again, given up with an apology; and a database that goes."""

from __future__ import annotations

import logging
import threading

import pytest

from agent import worker
from memory import answers
from memory.parts import Heartbeat
from tests.agents import Shop


def test_a_turn_that_breaks_is_tried_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    original = answers.keep
    failures = iter([OSError("once"), OSError("twice")])

    def fails_twice(*arguments: object, **keywords: object) -> object:
        for failure in failures:
            raise failure
        return original(*arguments, **keywords)  # type: ignore[arg-type]

    writer = shop.texting_customer()
    shop.hear(writer, "size 270")
    monkeypatch.setattr(answers, "keep", fails_twice)
    shop.answer()
    assert shop.answers(writer) == ["Dangol automatic reply.\nNoted: 270."]
    (row,) = shop.rows("SELECT state, attempts, error FROM inbox")
    assert tuple(row) == ("done", 2, "OSError")
    assert len(shop.rows("SELECT * FROM outbox")) == 1


def test_the_third_failure_is_the_last_and_is_apologised_for(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_arguments: object, **_keywords: object) -> None:
        raise OSError("secretword")

    writer = shop.texting_customer()
    (first, second) = shop.hear(writer, "사이즈 270", "hello")
    with monkeypatch.context() as patched:
        patched.setattr(answers, "keep", fails)
        shop.hear(writer, "bye")
        with caplog.at_level(logging.INFO):
            shop.answer()
    assert [row.state for row in shop.rows("SELECT state FROM inbox")] == ["failed"] * 3
    assert shop.answers(writer) == ["죄송해요, 오류예요.", "Sorry, an error.", "Sorry, an error."]
    sent = shop.rows("SELECT key FROM outbox ORDER BY outbox_id")
    assert [row.key for row in sent][:2] == [f"reply:{first}", f"reply:{second}"]
    assert shop.facts_of(writer) == []
    assert "secretword" not in caplog.text


def test_a_customer_whose_message_waits_does_not_hold_up_the_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient, other = shop.web_customer(), shop.web_customer()
    original = answers.keep

    def fails(connection: object, customer_id: str, *arguments: object, **more: object) -> None:
        if customer_id == patient.customer_id:
            raise OSError
        original(connection, customer_id, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(answers, "keep", fails)
    shop.hear(patient, "hello", "size 1")
    shop.hear(other, "hello")
    shop.answer()
    order = shop.rows("SELECT customer_id FROM turns WHERE direction = 'out' ORDER BY at, seq")
    assert order[0].customer_id == other.customer_id
    assert shop.answers(patient) == ["Sorry, an error.", "Sorry, an error."]


def test_a_lock_that_is_held_too_long_breaks_the_turn_and_not_the_process(shop: Shop) -> None:
    writer = shop.web_customer()
    shop.hear(writer, "hello")
    with shop.engine.begin() as holder:
        holder.exec_driver_sql("SELECT 1 FROM conversations FOR UPDATE")
        agent = shop.start()
        shop.wait_for("SELECT attempts FROM inbox WHERE attempts > 0")
    shop.wait_until_answered()
    assert agent.is_alive()
    assert shop.answers(writer) == ["Hello!"]
    (row,) = shop.rows("SELECT error, attempts FROM inbox")
    assert tuple(row) == ("OperationalError", 1)


def test_lost_connections_are_waited_out(shop: Shop) -> None:
    writer = shop.web_customer()
    agent = shop.start()
    shop.hear(writer, "hello")
    shop.wait_until_answered()
    shop.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    shop.engine.dispose()
    shop.hear(writer, "size 270")
    shop.wait_until_answered()
    assert shop.answers(writer) == ["Hello!", "Noted: 270."]
    assert agent.is_alive()


def test_a_missing_package_of_actions_is_said_plainly(shop: Shop) -> None:
    from agent.in_process import ActionsBroken

    with pytest.raises(ActionsBroken, match="actions"):
        worker.run(
            shop.settings(),
            shop.engine,
            Heartbeat(shop.engine, "agent-9"),
            threading.Event(),
            actions="no_such_package",
        )
