"""The beginning of a message waits for its rest, and several lines get one answer: whoever dies in
between, however many agents there are (issue "Understanding and dialogue").
"""

from __future__ import annotations

import pytest

from tests import agent_process
from tests.agents import Shop, Writer

HELD = "SELECT inbox_id FROM inbox WHERE rest_until IS NOT NULL AND state = 'ready'"


def _states(shop: Shop) -> list[str]:
    return [row.state for row in shop.rows("SELECT state FROM inbox ORDER BY inbox_id")]


def _warm_up(shop: Shop) -> None:
    """So that the agent is there."""
    shop.hear(shop.web_customer(), "hello")
    shop.wait_until_answered()


def _hear_in_pieces(shop: Shop, writer: Writer, *said: str) -> None:
    """Each after the one before was looked at."""
    for place, piece in enumerate(said, start=1):
        shop.hear(writer, piece)
        if place < len(said):
            shop.wait_for(f"SELECT 1 WHERE (SELECT count(*) FROM ({HELD}) held) = {place}")


def test_lines_in_a_row_get_one_answer(shop: Shop) -> None:
    writer = shop.texting_customer()
    shop.start(name="agent-1")
    shop.start(name="agent-2")
    _hear_in_pieces(shop, writer, "저기요", "내 발", "사이즈 270")
    shop.wait_until_answered()
    assert shop.answers(writer) == ["Dangol 자동 응답이에요.\n270 적어 둘게요."]
    assert _states(shop) == ["done"] * 3
    (sent,) = shop.rows("SELECT key FROM outbox")
    newest = max(row.inbox_id for row in shop.rows("SELECT inbox_id FROM inbox"))
    assert sent.key == f"reply:{newest}"
    heard = shop.rows("SELECT text, intent FROM turns WHERE direction = 'in' ORDER BY seq")
    assert [tuple(row) for row in heard] == [
        ("저기요", None),
        ("내 발", None),
        ("사이즈 270", "tell_size"),
    ]


def test_a_call_alone_is_answered_after_three_seconds(shop: Shop) -> None:
    writer = shop.web_customer()
    shop.start()
    _warm_up(shop)
    shop.hear(writer, "hey")
    shop.wait_until_answered()
    (row,) = shop.rows("SELECT done_at - received_at AS took FROM inbox WHERE text = 'hey'")
    assert 3 <= row.took.total_seconds() < 6
    assert shop.answers(writer) == ["I did not understand."]


def test_a_complete_request_is_answered_at_once_and_others_do_not_wait_for_a_call(
    shop: Shop,
) -> None:
    calling, asking = shop.web_customer(), shop.web_customer()
    shop.start()
    _warm_up(shop)
    shop.hear(calling, "hey")
    shop.wait_for(HELD)
    shop.hear(asking, "hello")
    shop.wait_for("SELECT 1 FROM inbox WHERE text = 'hello' AND state = 'done'")
    shop.wait_until_answered()
    asked = shop.rows("SELECT text FROM inbox ORDER BY done_at")
    assert [row.text for row in asked][-2:] == ["hello", "hey"]


@pytest.mark.parametrize(
    "step",
    [
        "memory.inbox:wait_for_rest",  # nothing of it is kept
        "memory.inbox:with_rest",  # claimed together
        "memory.answers:keep",
        "memory.inbox:finish",  # of the pieces that came before
        "agent.crash_note:CrashNote.clear",
    ],
)
def test_a_kill_between_the_pieces_loses_nothing_and_doubles_nothing(shop: Shop, step: str) -> None:
    writer = shop.texting_customer()
    held = "wait_for_rest" not in step
    if held:
        first = shop.start()
        shop.hear(writer, "hey")
        shop.wait_for(HELD)
        agent_process.kill(first)
        shop.hear(writer, "size 270")
    else:
        shop.hear(writer, "hey")
    second = shop.start(pause_at=step)
    agent_process.wait_until_paused(shop.home, second)
    agent_process.kill(second)
    if not held:
        shop.hear(writer, "size 270")
    shop.answer()
    assert shop.answers(writer) == ["Dangol automatic reply.\nNoted: 270."]
    assert _states(shop) == ["done", "done"]
    assert [(fact.kind, fact.value) for fact in shop.facts_of(writer)] == [("shoe_size", 270)]


def test_what_was_written_on_the_web_and_by_text_is_not_put_together(shop: Shop) -> None:
    by_text = shop.texting_customer()
    on_web = Writer(customer_id=by_text.customer_id, channel="web")
    shop.hear(by_text, "hey")
    shop.hear(on_web, "size 270")
    shop.answer()
    answered = shop.rows("SELECT channel, text FROM turns WHERE direction = 'out' ORDER BY seq")
    assert [row.channel for row in answered] == ["sms", "web"]


def test_a_word_that_is_reserved_waits_for_nothing(shop: Shop) -> None:
    writer = shop.texting_customer()
    shop.start()
    shop.hear(writer, "hey")
    shop.wait_for(HELD)
    shop.hear(writer, "STOP")
    (closed,) = shop.rows("SELECT stopped_at FROM addresses")
    assert closed.stopped_at is not None
