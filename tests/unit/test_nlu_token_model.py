"""Entities learnt from annotated sentences: found where they were never seen, kept, and exact."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nlu.entity import Entity
from nlu.token_model import Annotated, TokenModel
from nlu.training import NothingToLearn

SENTENCES = [
    "wake me at [five](time)",
    "wake me at [six](time) on [monday](date)",
    "wake me on [friday](date) at [seven](time)",
    "please wake me at [half past eight](time) [tomorrow](date)",
    "play [hey jude](song) by [the beatles](artist)",
    "play [yesterday](song) by [the beatles](artist)",
    "play something by [adele](artist)",
    "could you play [hello](song) by [adele](artist) please",
    "[부산](place)에 비가 와요",
    "[서울](place)은 비가 와요",
    "내일 [대구](place)에 비가 와요",
    "what is the weather",
    "thank you",
]


def annotated(marked: str) -> Annotated:
    """A sentence with its entities in brackets, as in data/nlu."""
    entities: list[Entity] = []
    text = ""
    at = 0
    for found in re.finditer(r"\[(.+?)\]\((.+?)\)", marked):
        text += marked[at : found.start()]
        start = len(text)
        text += found[1]
        entities.append(Entity(found[2], found[1], start, len(text)))
        at = found.end()
    intent = "play" if "play" in marked else "wake" if "wake" in marked else "other"
    return Annotated(text + marked[at:], entities, intent)


@pytest.fixture(scope="module")
def model() -> TokenModel:
    return TokenModel.learn([annotated(sentence) for sentence in SENTENCES])


@pytest.mark.parametrize(
    "marked",
    [
        "wake me at [nine](time)",
        "wake me at [ten](time) on [monday](date)",
        "play [halo](song) by [beyonce](artist)",
        "play something by [the beatles](artist)",
        "[광주](place)에 비가 와요",
        "what is this",
    ],
)
def test_entities_are_found_by_what_stands_around_them(model: TokenModel, marked: str) -> None:
    wanted = annotated(marked)
    assert model.find(wanted.text, {wanted.intent: 1.0}) == list(wanted.entities)


def test_each_likely_intent_speaks_with_its_share() -> None:
    model = TokenModel.learn(
        [
            *(annotated(f"wake {word} [mercury](friend)") for word in ("up", "me", "now")),
            *(annotated(f"play {word} [mercury](song)") for word in ("up", "me", "now")),
        ]
    )
    for wake, wanted in ((0.9, "friend"), (0.1, "song")):
        (found,) = model.find("mercury", {"wake": wake, "play": 1 - wake})
        assert found.entity == wanted


def test_an_entity_of_several_words_is_one(model: TokenModel) -> None:
    (found,) = model.find("wake me at half past eight", {"wake": 1.0})
    assert (found.entity, found.value) == ("time", "half past eight")


@pytest.mark.parametrize("text", ["", "   ", "😀", "?!", "zzz qqq"])
def test_any_text_can_be_read(model: TokenModel, text: str) -> None:
    for intents in ({"wake": 0.7, "play": 0.2}, {"never seen": 1.0}, {}):
        for found in model.find(text, intents):
            assert text[found.start : found.end] == found.value


def test_a_saved_model_finds_the_same_and_holds_no_pickle(
    model: TokenModel, tmp_path: Path
) -> None:
    model.save(tmp_path)
    loaded = TokenModel.load(tmp_path)
    assert loaded is not None
    for sentence in SENTENCES:
        text, intents = annotated(sentence).text, {annotated(sentence).intent: 1.0}
        assert loaded.find(text, intents) == model.find(text, intents)
    assert {file.suffix for file in tmp_path.iterdir()} == {".safetensors", ".json"}


def test_nothing_was_saved(tmp_path: Path) -> None:
    assert TokenModel.load(tmp_path) is None


def test_training_is_repeatable() -> None:
    one, other = (TokenModel.learn([annotated(text) for text in SENTENCES]) for _ in range(2))
    assert (one.weights == other.weights).all()


@pytest.mark.parametrize("sentences", [["no entity here"], ["[all](song)", "[of](song)"], []])
def test_without_both_kinds_of_tokens_there_is_nothing_to_learn(sentences: list[str]) -> None:
    with pytest.raises(NothingToLearn):
        TokenModel.learn([annotated(sentence) for sentence in sentences])
