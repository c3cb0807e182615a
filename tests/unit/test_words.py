"""Every word of domain.yml: in both languages, for both channels, used, and fit to be sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from marketing import advertisement, opt_out, wording

ROOT = Path(__file__).resolve().parents[2]
DOMAIN: dict[str, Any] = yaml.load((ROOT / "domain.yml").read_text("utf-8"), yaml.CSafeLoader)
RESPONSES: dict[str, list[dict[str, Any]]] = DOMAIN["responses"]
SPEAKING_PARTS = ("actions", "agent", "marketing", "memory", "outreach", "web")

FREQUENT = (
    *("greet", "greet_by_name", "goodbye", "thank", "recommend", "recommend_in_size"),
    *("in_stock", "kept", "rephrase", "what_yes", "what_no"),
)
LAWFULLY_NAMED = {
    "utter_texts_stopped": {"START", "수신재개"},
    "utter_texts_reopened": {"STOP", "수신거부"},
    "utter_texts_help": {"STOP", "수신거부"},
    "utter_opt_out_unclear": {"STOP", "수신거부"},
    "utter_number_stopped": {"START", "수신재개"},
    "utter_consent_request": {"YES", "HELP"},
    "utter_consent_request_night": {"YES"},
    "utter_consent_word_wanted": {"YES"},
    "utter_way_out_by_answer": {"STOP", "수신거부"},
    "utter_reminder_by_answer": {"STOP"},
}
"""Where the law or the provider wants a reserved word told (RULES US-2, US-4 to US-7, US-10)."""
RESERVED = opt_out.STOP_WORDS | opt_out.START_WORDS | opt_out.HELP_WORDS | {"YES"}
SEGMENT = {"ko": 70, "en": 160}
HANGUL = re.compile("[가-힣ㄱ-ㅎ]")
BLANK = re.compile(r"\{[a-z_]+\}")
LATIN_IN_KOREAN = {"EU", "US", "GTX", "P", "mm", "S", "M", "L"}
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


def _said(name: str, language: str, channel: str, turn: int = 0) -> dict[str, Any]:
    chosen = wording.choose(RESPONSES[name], language=language, channel=channel, turn=turn)
    assert chosen is not None, f"{name} has no wording for {language} on {channel}"
    return dict(chosen)


def _everything(channel: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in RESPONSES:
        for language in ("ko", "en"):
            yield name, language, _said(name, language, channel)


def _family(prefix: str, more: str = "") -> set[str]:
    """What follows `prefix` in the names of the responses that go on with `more`."""
    return {name.removeprefix(prefix) for name in RESPONSES if name.startswith(f"{prefix}{more}")}


def _variants() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, variants in RESPONSES.items():
        for variant in variants:
            yield name, variant["condition"][0]["value"], variant


def _texts(variant: dict[str, Any]) -> list[str]:
    buttons = variant.get("buttons", ())
    return [variant["text"], *(str(button[key]) for button in buttons for key in button)]


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_every_response_can_be_said_to_everybody(channel: str) -> None:
    assert all(said["text"].strip() for _, _, said in _everything(channel))


def test_no_language_is_left_over_in_the_other() -> None:
    for name, language, variant in _variants():
        for text in _texts(variant):
            bare = BLANK.sub("", text)
            if language == "en":
                assert not HANGUL.search(bare), name
            else:
                assert set(re.findall("[A-Za-z]+", bare)) <= LATIN_IN_KOREAN, name


def test_a_variant_depends_on_language_and_channel_alone() -> None:
    for name, language, variant in _variants():
        one = {"type": "slot", "name": "language", "value": language}
        assert variant["condition"] == [one], name
        assert set(variant) <= {"condition", "channel", "text", "buttons"}, name
        assert variant.get("channel") in (None, "sms"), name


def test_buttons_say_what_a_customer_would_type() -> None:
    for name, _, variant in _variants():
        for button in variant.get("buttons", ()):
            assert set(button) == {"title", "payload"}, name
            assert not button["payload"].startswith("/"), name
            assert opt_out.keyword(button["payload"], "web") is None, name


def test_text_messages_have_no_buttons_and_no_emoji() -> None:
    for name, _, said in _everything("sms"):
        assert "buttons" not in said, name
        assert not EMOJI.search(said["text"]), name


def test_a_korean_text_message_can_be_carried() -> None:
    """RULES KR-7: every sign has a place in CP949."""
    for name, language, said in _everything("sms"):
        if language == "ko":
            assert advertisement.not_encodable(BLANK.sub("", said["text"])) == (), name


def test_a_text_message_asks_for_no_reserved_word() -> None:
    for name, _, said in _everything("sms"):
        capitals = set(re.findall("[A-Z]{2,}", said["text"]))
        quoted = {word.upper() for word in re.findall('[“"]([A-Za-z]+)[”"]', said["text"])}
        korean = set(re.findall("‘([가-힣]+)’", said["text"]))
        named = (capitals | quoted | korean) & RESERVED
        assert named <= LAWFULLY_NAMED.get(name, set()), name


def test_choices_of_a_text_message_have_numbers_and_none_is_a_reserved_word() -> None:
    lists = {name: said["text"] for name, _, said in _everything("sms") if "\n1 " in said["text"]}
    assert "utter_offer_person" in lists
    for name, text in lists.items():
        choices = re.findall(r"\n(\d) (.+)", text)
        assert [int(number) for number, _ in choices] == [1, 2, 3, 4], name
        assert all(opt_out.keyword(choice, "sms") is None for _, choice in choices), name


def test_a_text_message_is_two_segments_at_most_before_its_blanks_are_filled() -> None:
    for name, language, said in _everything("sms"):
        assert len(BLANK.sub("", said["text"])) <= 2 * SEGMENT[language], name


@pytest.mark.parametrize("name", FREQUENT)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_said_often_has_two_wordings(name: str, language: str) -> None:
    said = {_said(f"utter_{name}", language, "web", turn)["text"] for turn in range(4)}
    assert len(said) >= 2


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_both_languages_fill_the_same_blanks(channel: str) -> None:
    for name in RESPONSES:
        korean = BLANK.findall(_said(name, "ko", channel)["text"])
        english = BLANK.findall(_said(name, "en", channel)["text"])
        assert set(korean) ^ set(english) <= {"{us}"}, name


def test_every_response_is_used_and_every_one_used_exists() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for part in SPEAKING_PARTS
        for path in (ROOT / part).rglob("*.py")
    )
    used = set(re.findall(r'"(utter_[a-z_]+)"', code)) - {"utter_action"}
    families = tuple(re.findall(r'f"(utter_[a-z]+_(?:of_)?)\{', code))  # f"utter_kind_{kind}"
    assert used <= set(RESPONSES)
    assert [name for name in RESPONSES if name not in used and not name.startswith(families)] == []


def test_a_fact_can_be_told_and_its_kind_be_named() -> None:
    assert _family("utter_fact_") - _family("utter_fact_", "of_") == _family("utter_kind_")


def test_the_help_text_says_all_that_the_carriers_want() -> None:
    text = _said("utter_texts_help", "en", "sms")["text"]
    for needed in ("{shop_name}", "frequency", "rates may apply", "STOP", "{shop_phone}"):
        assert needed in text


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_the_first_line_says_that_it_is_automatic_and_how_to_reach_a_person(channel: str) -> None:
    korean = _said("utter_automatic_assistant", "ko", channel)["text"]
    english = _said("utter_automatic_assistant", "en", channel)["text"]
    assert "자동" in korean
    assert "상담원" in korean
    assert "automatic" in english
    assert "person" in english.lower()
