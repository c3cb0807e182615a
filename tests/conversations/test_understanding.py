"""The shipped sentences, trained and asked about utterances that were never among them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent import stand_ins
from agent.incoming_text import neutralised
from nlu.catalogue import current_snapshot, read_snapshot, set_snapshot
from nlu.faq_entries import read_entries
from nlu.flows import flow_by_intent, read_examples
from nlu.language import has_hangul
from nlu.text_features import normalise
from tests.conversations.hard_negatives import hard_negatives, plain_words

PROJECT = Path(__file__).resolve().parents[2]
HELD_OUT = Path(__file__).parent / "nlu_held_out"
FILES = ("korean.yml", "english.yml")
ACTING = {"affirm", "accept_offer", "give_consent", "buy", "opt_out"}
ACTING |= {"forget_fact", "forget_everything", "erase_me", "mute_topic", "unmute_topic"}
ACTING |= {"remind_me", "cancel_reminder", "already_bought", "unlink_phone"}
ACTING |= {"ask_return", "change_order", "stock_alert"}
MOST_ASKED_BACK = 0.05
"""Of plain words: a guard that doubts everything is worth nothing."""
REFUSED = {"nlu_fallback", "out_of_scope"}

Parsed = dict[str, Any]


class Understanding:
    """The trained pipeline, one text at a time."""

    def __init__(self, model: Path) -> None:
        from rasa.core.agent import Agent

        self._agent = Agent.load(model)

    def parse(self, text: str) -> Parsed:
        """What Rasa makes of the text, handed over as the agent does."""
        parsed: Parsed = asyncio.run(self._agent.parse_message(neutralised(text)))
        return parsed

    def intent(self, text: str) -> str:
        """The name of the intent."""
        return str(self.parse(text)["intent"]["name"])


@pytest.fixture(scope="module")
def understanding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Understanding]:
    """Trained from config.yml and data/nlu with the shipped catalogue."""
    stand_ins.install()
    import rasa.model_training

    folder = tmp_path_factory.mktemp("understanding")
    before = current_snapshot()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RASA_TELEMETRY_ENABLED", "false")
        environment.setenv("RASA_CACHE_DIRECTORY", str(folder / "cache"))
        set_snapshot(read_snapshot())
        # Rasa may write into the configuration it is given.
        config = folder / "config.yml"
        config.write_bytes((PROJECT / "config.yml").read_bytes())
        training_data = str(PROJECT / "data" / "nlu")
        model = rasa.model_training.train_nlu(str(config), training_data, str(folder))
        yield Understanding(Path(model))
    set_snapshot(before)


def held_out(file: str) -> list[tuple[str, str, str]]:
    """Text, intent and flow of each utterance of a file."""
    groups = yaml.load((HELD_OUT / file).read_text("utf-8"), yaml.CSafeLoader)
    return [(text, one["intent"], one["flow"]) for one in groups for text in one["texts"]]


def garbage() -> list[str]:
    texts: list[str] = yaml.safe_load((HELD_OUT / "garbage.yml").read_text(encoding="utf-8"))
    return texts


def test_the_held_out_set_is_large_and_in_both_languages() -> None:
    korean, english = (held_out(file) for file in FILES)
    assert len(korean) >= 100
    assert len(english) >= 100
    assert all(has_hangul(text) for text, _, _ in korean)
    assert not any(has_hangul(text) for text, _, _ in english)
    assert len(garbage()) >= 60


def test_no_held_out_utterance_is_a_training_sentence() -> None:
    asked = [one for entry in read_entries() for by in entry.questions.values() for one in by]
    trained = {normalise(text) for text in (*asked, *(one.text for one in read_examples()))}
    every = [text for file in FILES for text, _, _ in held_out(file)] + garbage()
    assert [text for text in every if normalise(text) in trained] == []


def test_flows_of_the_held_out_set_are_those_of_the_training_files() -> None:
    flows = flow_by_intent()
    for file in FILES:
        for _, intent, flow in held_out(file):
            assert flows[intent] == flow


@pytest.mark.parametrize("file", FILES)
def test_held_out_utterances_are_understood(understanding: Understanding, file: str) -> None:
    flows = flow_by_intent()
    utterances = held_out(file)
    wrong = []
    right_flows = 0
    for text, intent, flow in utterances:
        found = understanding.intent(text)
        right_flows += flows[found] == flow
        if found != intent:
            wrong.append(f"{text!r}: {found}, not {intent}")
    assert 1 - len(wrong) / len(utterances) >= 0.93, "\n".join(wrong)
    assert right_flows / len(utterances) >= 0.94, "\n".join(wrong)


@pytest.mark.parametrize("file", FILES)
def test_no_other_utterance_is_taken_for_an_order_to_act(
    understanding: Understanding, file: str
) -> None:
    mistaken = [
        f"{text!r}: {found}, not {intent}"
        for text, intent, _ in held_out(file)
        if (found := understanding.intent(text)) in ACTING and found != intent
    ]
    # Asking once too often is better than acting once too often: one in a hundred.
    assert len(mistaken) <= len(held_out(file)) / 100, "\n".join(mistaken)


def test_garbage_is_refused(understanding: Understanding) -> None:
    found = {text: understanding.intent(text) for text in garbage()}
    accepted = {text: intent for text, intent in found.items() if intent not in REFUSED}
    assert accepted == {}


def test_no_hard_negative_is_read_as_a_yes(understanding: Understanding) -> None:
    read = [(one, understanding.intent(one.text)) for one in hard_negatives()]
    assert [(one.text, intent) for one, intent in read if intent in one.none_of] == []


def test_plain_words_are_read_as_what_they_are(understanding: Understanding) -> None:
    judged = [one for one in plain_words() if one.read_as]
    read = [(one, understanding.intent(one.text)) for one in judged]
    refused = [(one.text, intent) for one, intent in read if intent not in one.read_as]
    assert len(refused) <= len(judged) * MOST_ASKED_BACK, refused


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(
        alphabet="qwxzjvfpbdhㅁㄴㄹㅂㅈㄷㄱㅓㅏㅋㅎ뷁쀍꿿럴츄릫 😀.,!?;:0123456789", max_size=25
    )
)
def test_no_mash_of_keys_is_taken_for_an_order_to_act(
    understanding: Understanding, text: str
) -> None:
    intent = understanding.intent(text)
    assert intent not in ACTING


@pytest.mark.parametrize("text", ["네", "응", "ㅇㅇ", "넵", "yes", "ok", "OK!", "yep", "네 ㅋㅋ"])
def test_a_short_yes_is_a_yes(understanding: Understanding, text: str) -> None:
    assert understanding.intent(text) == "affirm"


@pytest.mark.parametrize("text", ["아니요", "ㄴㄴ", "아뇨", "no", "nope", "No thanks", "괜찮아요"])
def test_a_short_no_is_a_no(understanding: Understanding, text: str) -> None:
    assert understanding.intent(text) == "deny"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("do you have 270?", "ask_stock"),
        ("my size is 270", "tell_about_me"),
        ("270 있어요?", "ask_stock"),
        ("저 270 신어요", "tell_about_me"),
        ("I'll stop by the store today, until when are you open?", "ask_store_info"),
        ("취소 주문 문의", "change_order"),
        ("forget my birthday", "forget_fact"),
        ("forget everything about me", "forget_everything"),
        ("when is my birthday?", "ask_my_data"),
        ("결혼기념일은 5월 3일이에요", "tell_about_me"),
        ("결혼기념일은 지워 주세요", "forget_fact"),
        ("what do you know about me?", "ask_my_data"),
        ("광고 문자 그만 보내세요", "opt_out"),
    ],
)
def test_close_neighbours_are_told_apart(
    understanding: Understanding, text: str, intent: str
) -> None:
    assert understanding.intent(text) == intent


def test_the_brand_the_kind_and_the_size_are_found(understanding: Understanding) -> None:
    parsed = understanding.parse("나이키 런닝화 270 있어요?")
    assert flow_by_intent()[parsed["intent"]["name"]] == "product_info"
    found = [(one["entity"], one["value"], one["start"], one["end"]) for one in parsed["entities"]]
    assert found == [
        ("brand", "nike", 0, 3),
        ("category", "running_shoes", 4, 7),
        ("size", "270", 8, 11),
    ]


def test_a_text_is_parsed_in_a_few_milliseconds(understanding: Understanding) -> None:
    texts = [text for file in FILES for text, _, _ in held_out(file)][:100]
    understanding.parse("warm up")
    begun = time.process_time()
    for text in texts:
        understanding.parse(text)
    # About 1.5 ms on the machine it was written on; ten times that is a mistake, not a slow day.
    assert (time.process_time() - begun) / len(texts) < 0.015
