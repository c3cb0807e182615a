"""One turn: what is written down together, and what happens when something in it breaks."""

from __future__ import annotations

import logging

import pytest

from memory import hand_overs
from tests.agents import NOW, Shop


def test_a_web_message_is_answered_and_everything_is_kept(shop: Shop) -> None:
    writer = shop.web_customer()
    shop.hear(writer, "my size is 270")
    shop.answer()
    assert shop.answers(writer) == ["Noted: 270."]
    assert [(fact.kind, fact.value) for fact in shop.facts_of(writer)] == [("shoe_size", 270)]
    (turn,) = shop.rows("SELECT * FROM turns WHERE direction = 'in'")
    assert (turn.language, turn.intent, turn.confidence) == ("en", "tell_size", 1.0)
    (message,) = shop.rows("SELECT * FROM inbox")
    assert (message.state, message.attempts) == ("done", 0)
    (customer,) = shop.rows("SELECT language FROM customers")
    assert customer.language == "en"
    (conversation,) = shop.rows("SELECT tracker FROM conversations")
    assert conversation.tracker["events"]
    assert shop.rows("SELECT * FROM outbox") == []


def test_buttons_and_cards_reach_the_page(shop: Shop) -> None:
    writer = shop.web_customer()
    shop.hear(writer, "cards")
    shop.answer()
    (turn,) = shop.rows("SELECT payload FROM turns WHERE direction = 'out'")
    assert turn.payload["buttons"] == [{"title": "Hi", "text": "hello"}]
    assert turn.payload["cards"][0]["product_id"] == "p1"


def test_a_text_is_answered_by_one_text_that_first_says_who_answers(shop: Shop) -> None:
    writer = shop.texting_customer()
    (first, second) = shop.hear(writer, "안녕하세요", "사이즈 270")
    shop.answer()
    assert [(row.key, row.body, row.message_class) for row in _outbox(shop)] == [
        (f"reply:{first}", "Dangol 자동 응답이에요.\n안녕하세요!", "reply"),
        (f"reply:{second}", "270 적어 둘게요.", "reply"),
    ]
    assert shop.answers(writer) == [row.body for row in _outbox(shop)]


def _outbox(shop: Shop) -> list[object]:
    return list(shop.rows("SELECT key, body, message_class FROM outbox ORDER BY outbox_id"))


@pytest.mark.parametrize(
    ("earlier", "said", "answer"),
    [
        (None, "hello", "Hello!"),
        (None, "안녕하세요", "안녕하세요!"),
        ("en", "270", "I did not understand."),
        ("ko", "270", "못 알아들었어요."),
        ("ko", "hello", "Hello!"),
    ],
)
def test_the_answer_is_in_the_language_of_the_message_or_else_the_usual_one(
    shop: Shop, earlier: str | None, said: str, answer: str
) -> None:
    writer = shop.web_customer(language=earlier)
    shop.hear(writer, said)
    shop.answer()
    assert shop.answers(writer) == [answer]


def test_an_action_that_fails_leaves_an_apology_and_nothing_else(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    writer = shop.web_customer()
    with caplog.at_level(logging.INFO):
        shop.hear(writer, "explode secretword", "size 270")
        shop.answer()
    assert shop.answers(writer) == ["Sorry, an error.", "Noted: 270."]
    assert [fact.kind for fact in shop.facts_of(writer)] == ["shoe_size"]
    assert "RuntimeError" in caplog.text
    assert "small_actions" in caplog.text, "the log says where"
    assert "secretword" not in caplog.text, "the log never quotes the customer"


def test_a_turn_without_words_says_that_it_has_none(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    writer = shop.web_customer()
    shop.hear(writer, "silence")
    shop.answer()
    assert shop.answers(writer) == ["I did not understand."]
    assert "turn_without_words" in {getattr(record, "action", "") for record in caplog.records}


@pytest.mark.parametrize("said", ["/give_consent", '  /give_consent{"a":"b"}', "\u200b/restart"])
def test_a_typed_command_is_ordinary_text(shop: Shop, said: str) -> None:
    writer = shop.web_customer(language="en")
    shop.hear(writer, said)
    shop.answer()
    assert shop.answers(writer) == ["I did not understand."]
    (turn,) = shop.rows("SELECT intent, entities FROM turns WHERE direction = 'in'")
    assert (turn.intent, turn.entities) == ("nlu_fallback", [])


def test_odd_messages_get_an_answer(shop: Shop) -> None:
    said = ["", " ", "😀", "ㅋㅋㅋ", "a" * 5_000, "hello\x07", "\u2060", "/", "{name}"]
    writers = [shop.web_customer() for _ in said]
    for writer, message in zip(writers, said, strict=True):
        shop.hear(writer, message)
    shop.answer()
    assert [len(shop.answers(writer)) for writer in writers] == [1] * len(said)


def test_a_new_session_knows_what_memory_knows_and_no_more(shop: Shop) -> None:
    writer = shop.web_customer()
    shop.hear(writer, "size 270")
    shop.answer()
    with shop.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO clock (clock_id, \"offset\") VALUES (1, interval '3 days')"
        )
    shop.hear(writer, "hello")
    shop.answer()
    (row,) = shop.rows("SELECT tracker FROM conversations")
    slots = {
        event["name"]: event["value"] for event in row.tracker["events"] if event["event"] == "slot"
    }
    assert slots["shoe_size"] == 270
    assert "asked" not in slots
    said = [event["text"] for event in row.tracker["events"] if event["event"] == "user"]
    assert said == ["hello"]  # the row holds this session, and memory the turns before it


def test_a_tracker_that_cannot_be_read_is_begun_afresh(shop: Shop) -> None:
    writer = shop.web_customer()
    with shop.engine.begin() as connection:
        connection.exec_driver_sql("""UPDATE conversations SET tracker = '{"events": 7}'""")
    shop.hear(writer, "hello")
    shop.answer()
    assert shop.answers(writer) == ["Hello!"]


@pytest.mark.parametrize(
    ("said", "is_refused"),
    [("please stop texting me, no more ads", True), ("my size is 270", False)],
)
def test_while_a_person_talks_it_is_silent_and_a_refusal_counts(
    shop: Shop, said: str, is_refused: bool
) -> None:
    writer = shop.texting_customer()
    with shop.engine.begin() as connection:
        hand_overs.ask(
            connection,
            writer.customer_id,
            channel="sms",
            address_id=writer.address_id,
            said="a person please",
            now=NOW,
        )
        hand_overs.take(connection, writer.customer_id, by="Jo", now=NOW)
    shop.hear(writer, said)
    shop.answer()
    assert shop.answers(writer) == []
    assert shop.facts_of(writer) == []
    (permission,) = shop.rows("SELECT marketing FROM permissions")
    (address,) = shop.rows("SELECT stopped_at FROM addresses")
    assert (permission.marketing == "refused") is is_refused
    assert (address.stopped_at is not None) is is_refused
    (message,) = shop.rows("SELECT state FROM inbox")
    assert message.state == "done"
