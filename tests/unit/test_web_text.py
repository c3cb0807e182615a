"""What is kept of what a customer typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web import incoming_text
from web.incoming_text import chat_text, message_id, sms_text, without_control_characters
from web.refusals import Refusal


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("hello", "hello"),
        ("  hello ", "  hello "),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("a\x01b\x1fc\x7fd\x9fe", "abcde"),
        ("👩‍👧", "👩‍👧"),
        ("한글 ㅋㅋㅋ", "한글 ㅋㅋㅋ"),
        ("x" * 2000, "x" * 2000),
    ],
)
def test_chat_text_is_kept_but_for_control_characters(given_text: str, kept: str) -> None:
    assert chat_text(given_text) == kept


@pytest.mark.parametrize(
    ("given_text", "code"),
    [
        (None, "text_missing"),
        (7, "text_missing"),
        ({"text": "x"}, "text_missing"),
        ("", "text_empty"),
        ("\t\n", "text_empty"),
        ("\x07", "text_empty"),
        ("\u200b\u2060\ufeff\u00ad", "text_empty"),
        ("\u3000\u00a0", "text_empty"),
        ("a\x00", "text_not_valid"),
        ("\ud83d", "text_not_valid"),
        ("x" * 2001, "text_too_long"),
        ("\x07" * 2001, "text_too_long"),
    ],
)
def test_what_nobody_can_have_typed_is_refused(given_text: object, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        chat_text(given_text)
    assert (caught.value.status, caught.value.code) == (422, code)


@given(st.text(st.characters(exclude_categories=())), st.integers(0, 3))
def test_a_text_message_is_always_kept_in_some_way(text: str, media: int) -> None:
    kept = sms_text(text, media_count=media)
    assert kept.strip()
    assert len(kept) <= 2000
    assert "\x00" not in kept
    kept.encode("utf-8")


def test_a_text_message_without_words_is_a_sign_for_it() -> None:
    assert sms_text("", media_count=1) == incoming_text.PICTURE_ONLY
    assert sms_text(" ", media_count=0) == incoming_text.NOTHING_SAID
    assert sms_text("words", media_count=1) == "words"
    assert sms_text("가" * 2001, media_count=0) == "가" * 2000


@given(st.text(st.characters(exclude_categories=())))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = without_control_characters(text)
    assert without_control_characters(once) == once


@pytest.mark.parametrize("good", ["a", "A-1_b.c:d", "x" * 100])
def test_message_ids_are_short_and_plain(good: str) -> None:
    assert message_id(good) == good
    assert message_id(None) is None


@pytest.mark.parametrize("bad", ["", " ", "x" * 101, "a\n", "한글", 7, ["a"]])
def test_other_message_ids_are_refused(bad: object) -> None:
    with pytest.raises(Refusal) as caught:
        message_id(bad)
    assert caught.value.code == "message_id_not_valid"
