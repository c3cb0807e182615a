"""kill -9 of an agent at every step of a turn: nothing is lost, nothing is done twice."""

from __future__ import annotations

import signal

import pytest

from tests import agent_process
from tests.agents import Shop

STEPS = [
    "memory.recall:recall",  # claimed
    "rasa.core.processor:MessageProcessor.parse_message",
    "memory.facts:learn",  # inside the action, in its savepoint
    "agent.tracker_store:OneRowTrackerStore.save",
    "memory.outbox:put",
    "memory.answers:keep",
    "agent.crash_note:CrashNote.clear",  # committed, not yet noted
]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_in_mid_turn_loses_nothing_and_doubles_nothing(shop: Shop, step: str) -> None:
    writer = shop.texting_customer()
    first, second = shop.hear(writer, "size 270", "hello")
    killed = shop.start(pause_at=step)
    agent_process.wait_until_paused(shop.home, killed)
    agent_process.kill(killed)
    assert killed.exitcode == -signal.SIGKILL
    shop.answer()
    said = ["Dangol automatic reply.\nNoted: 270.", "Hello!"]
    assert shop.answers(writer) == said
    sent = shop.rows("SELECT key, body FROM outbox ORDER BY outbox_id")
    assert [tuple(row) for row in sent] == [
        (f"reply:{first}", said[0]),
        (f"reply:{second}", said[1]),
    ]
    assert [(fact.kind, fact.value) for fact in shop.facts_of(writer)] == [("shoe_size", 270)]
    assert [row.state for row in shop.rows("SELECT state FROM inbox")] == ["done", "done"]


def test_a_message_that_kills_its_process_does_not_kill_it_for_ever(shop: Shop) -> None:
    writer = shop.web_customer()
    shop.hear(writer, "segfault please", "hello")
    for _ in range(3):
        process = shop.start()
        process.join(60)
        assert process.exitcode == -signal.SIGSEGV
    shop.answer()
    assert shop.answers(writer) == ["Sorry, an error.", "Hello!"]
    states = shop.rows("SELECT state, attempts FROM inbox ORDER BY inbox_id")
    assert [tuple(row) for row in states] == [("failed", 3), ("done", 0)]


def test_a_turn_that_never_ends_is_ended_and_counted(shop: Shop) -> None:
    writer = shop.web_customer()
    shop.hear(writer, "hello")
    process = shop.start(pause_at="memory.answers:keep", turn_seconds=1)
    process.join(60)
    assert process.exitcode == 70
    shop.answer()
    assert shop.answers(writer) == ["Hello!"]
    (row,) = shop.rows("SELECT state, attempts FROM inbox")
    assert tuple(row) == ("done", 1)


def test_another_process_takes_over_at_once(shop: Shop) -> None:
    writer = shop.web_customer()
    shop.hear(writer, "hello")
    first = shop.start(name="agent-1", pause_at="memory.answers:keep")
    agent_process.wait_until_paused(shop.home, first)
    shop.start(name="agent-2")
    assert shop.waiting() == 1
    agent_process.kill(first)
    shop.wait_until_answered()
    assert shop.answers(writer) == ["Hello!"]
