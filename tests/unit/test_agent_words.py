"""The words of the release: by language and channel, filled, and not repeated word for word."""

from __future__ import annotations

import pytest

from agent import stand_ins

stand_ins.install()

from agent.nlg import LiveWords, NoWording, shop_values  # noqa: E402


def _in(language: str, text: str, **more: object) -> dict[str, object]:
    condition = [{"type": "slot", "name": "language", "value": language}]
    return {"text": text, "condition": condition, **more}


@pytest.fixture
def words() -> LiveWords:
    generator = LiveWords()
    generator.responses = {
        "utter_hello": [
            _in("ko", "안녕하세요, {shop_name}이에요."),
            _in("ko", "{shop_name}, 안녕하세요."),
            _in("ko", "숲길 문자예요.", channel="sms"),
            _in("en", "Hello from {shop_name}."),
        ],
        "utter_choose": [
            _in(
                "en",
                "Which one?",
                buttons=[{"title": "The {colour} one", "payload": "the {colour} one"}],
            )
        ],
    }
    generator.shop = {"name": {"ko": "숲길", "en": "Trailhead"}}
    generator.begin([])
    return generator


def test_words_follow_language_and_channel(words: LiveWords) -> None:
    assert words.word("utter_hello", "en", "web", {})["text"] == "Hello from Trailhead."
    assert words.word("utter_hello", "ko", "sms", {})["text"] == "숲길 문자예요."


def test_other_wordings_take_turns(words: LiveWords) -> None:
    said = [words.word("utter_hello", "ko", "web", {})["text"] for _ in range(4)]
    assert said == ["안녕하세요, 숲길이에요.", "숲길, 안녕하세요."] * 2


def test_what_was_said_lately_is_not_said_again_at_once(words: LiveWords) -> None:
    words.begin(["안녕하세요, 숲길이에요."])
    assert words.word("utter_hello", "ko", "web", {})["text"] == "숲길, 안녕하세요."


def test_what_was_said_within_a_longer_text_counts(words: LiveWords) -> None:
    words.begin(["첫 줄\n안녕하세요, 숲길이에요."])
    assert words.word("utter_hello", "ko", "web", {})["text"] == "숲길, 안녕하세요."


def test_buttons_are_filled_in_too(words: LiveWords) -> None:
    chosen = words.word("utter_choose", "en", "web", {"colour": "red"})
    assert chosen["buttons"] == [{"title": "The red one", "payload": "the red one"}]


def test_a_blank_without_value_is_an_error(words: LiveWords) -> None:
    with pytest.raises(KeyError):
        words.word("utter_choose", "en", "web", {})


def test_a_wording_for_another_language_is_never_said(words: LiveWords) -> None:
    with pytest.raises(NoWording):
        words.word("utter_choose", "ko", "web", {"colour": "빨강"})


def test_the_release_stays_as_it_was(words: LiveWords) -> None:
    words.word("utter_choose", "en", "web", {"colour": "red"})
    assert words.word("utter_choose", "en", "web", {"colour": "blue"})["buttons"] == [
        {"title": "The blue one", "payload": "the blue one"}
    ]


def test_plain_texts_of_the_store_can_be_said() -> None:
    store = {
        "name": {"ko": "숲길", "en": "Trailhead"},
        "opt_out_phone": "+82800001127",
        "delivery": {"text": {"ko": "빨라요", "en": "Fast"}},
    }
    assert shop_values(store, "en") == {
        "shop_name": "Trailhead",
        "shop_phone": "",
        "shop_email": "",
        "shop_opt_out_phone": "+82800001127",
    }
