"""What Rasa says becomes rows on the web and one message by SMS."""

from __future__ import annotations

import asyncio
from typing import Any

from agent import stand_ins
from memory.turns import Utterance

stand_ins.install()

from agent import speech  # noqa: E402

CARD = {"product_id": "p1", "title": "신발", "price": "99,000원", "url": "/p1", "picture": "p1.svg"}


def _spoken(*messages: dict[str, Any]) -> speech.Speech:
    out = speech.Speech("web")
    for message in messages:
        asyncio.run(out.send_response("cus_1", message))
    return out


def test_on_the_web_each_message_is_a_row_with_buttons_and_cards() -> None:
    out = _spoken(
        {"text": "골라 보세요.", "buttons": [{"title": "신발", "payload": "신발 보여 주세요"}]},
        {"text": "이건요?", "elements": [CARD]},
    )
    assert speech.for_web(out.messages) == [
        Utterance(
            text="골라 보세요.",
            payload={"buttons": [{"title": "신발", "text": "신발 보여 주세요"}]},
        ),
        Utterance(text="이건요?", payload={"cards": [CARD]}),
    ]


def test_a_button_without_payload_says_its_title() -> None:
    (row,) = speech.for_web([{"text": "?", "buttons": [{"title": "네"}]}])
    assert row.payload == {"buttons": [{"title": "네", "text": "네"}]}


def test_by_sms_all_is_one_text() -> None:
    assert speech.for_sms(["하나", " 둘 ", ""]).text == "하나\n둘"


def test_a_text_never_exceeds_what_the_provider_takes() -> None:
    assert len(speech.for_sms(["가" * 1_000, "나" * 1_000]).text) == 1_600


def test_the_same_message_twice_in_a_turn_is_said_once() -> None:
    assert len(_spoken({"text": "죄송해요."}, {"text": "죄송해요."}).messages) == 1


def test_blank_messages_are_nothing_said() -> None:
    assert _spoken({"text": "  "}, {"custom": {"a": 1}}).is_empty
    assert not _spoken({"elements": [CARD]}).is_empty
