"""The model learns, refuses, calibrates, survives sparse intents, and is kept without pickle."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from nlu.linear_model import BLOCKS, LinearModel, softmax
from nlu.text_features import features_of, normalise
from nlu.training import (
    NothingToLearn,
    TrainingSettings,
    assign_folds,
    choose_margin,
    choose_temperature,
    train,
)
from nlu.vocabulary import Vocabulary

GREETINGS = ["hello there", "hello", "hi there", "안녕하세요", "안녕", "good morning", "좋은 아침"]
PRICES = [
    "how much is it",
    "how much",
    "what is the price",
    "얼마예요",
    "가격이 얼마예요",
    "price?",
]
HOURS = ["when do you open", "opening hours", "몇 시에 열어요", "영업시간", "are you open today"]
OUTSIDE = ["what is the weather", "tell me a joke", "날씨 어때", "노래 불러줘", "play music"]
EXAMPLES = {"greet": GREETINGS, "ask_price": PRICES, "ask_hours": HOURS, "out_of_scope": OUTSIDE}


def trained(examples: dict[str, list[str]] = EXAMPLES) -> LinearModel:
    texts = [text for group in examples.values() for text in group]
    intents = [intent for intent, group in examples.items() for _ in group]
    return train(texts, intents, TrainingSettings())


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hello hello", "greet"),
        ("안녕하세요!!", "greet"),
        ("so how much is it?", "ask_price"),
        ("이건 얼마예요", "ask_price"),
        ("opening hours please", "ask_hours"),
        ("오늘 날씨 어때요", "out_of_scope"),
    ],
)
def test_new_sentences_get_the_intent_of_their_like(text: str, intent: str) -> None:
    assert trained().opinion(text).ranking[0][0] == intent


def test_probabilities_are_a_ranking_that_sums_to_one() -> None:
    ranking = trained().opinion("how much").ranking
    shares = [share for _, share in ranking]
    assert sorted(shares, reverse=True) == shares
    assert sum(shares) == pytest.approx(1.0)
    assert {name for name, _ in ranking} == set(EXAMPLES)


@pytest.mark.parametrize("text", ["", "   ", "zzzqqq", "쀍뒓꿿", "こんにちは", "😀"])
def test_text_without_a_known_word_is_not_trusted(text: str) -> None:
    opinion = trained().opinion(text)
    assert not opinion.is_trusted


def test_known_share_counts_what_training_has_seen() -> None:
    model = trained()
    assert model.opinion("hello").known_share == 1.0
    assert model.opinion("zzzqqq").known_share == 0.0
    assert 0.0 < model.opinion("hello zzzqqq").known_share < 1.0


def test_entities_speak_for_an_intent() -> None:
    # The same unknown words, told apart only by what they are in the catalogue.
    texts = ["blorp", "snarf", "wibble", "flump", "grault", "plugh"]
    intents = ["ask_stock"] * 3 + ["tell_about_me"] * 3
    entities = [[("product", "p")]] * 3 + [[("date", "05-03")]] * 3
    model = train(
        texts, intents, TrainingSettings(), dict(zip(texts, entities, strict=True)).__getitem__
    )
    assert model.opinion("xyzzy", [("product", "other")]).ranking[0][0] == "ask_stock"
    assert model.opinion("xyzzy", [("date", "07-12")]).ranking[0][0] == "tell_about_me"


@pytest.mark.parametrize("rare", [1, 2])
def test_an_intent_with_fewer_examples_than_folds_is_learnt(rare: int) -> None:
    model = trained({**EXAMPLES, "thank": ["thank you", "고마워요"][:rare]})
    opinion = model.opinion("thank you")
    assert opinion.ranking[0][0] == "thank"
    assert np.isfinite(model.temperature)
    assert np.isfinite(model.least_margin)


def test_enough_judged_examples_are_enough() -> None:
    texts = [text for group in EXAMPLES.values() for text in group]
    intents = [intent for intent, group in EXAMPLES.items() for _ in group]
    every, few = (
        train(texts, intents, TrainingSettings(judged_enough=enough)) for enough in (10**6, 5)
    )
    assert (few.weights == every.weights).all()
    assert few.temperature != every.temperature
    assert np.isfinite(few.least_margin)


def test_two_intents_are_enough_and_one_is_not() -> None:
    two = trained({"greet": GREETINGS, "ask_price": PRICES})
    assert two.opinion("hello there").ranking[0][0] == "greet"
    assert two.opinion("얼마예요").ranking[0][0] == "ask_price"
    with pytest.raises(NothingToLearn, match="greet"):
        trained({"greet": GREETINGS})


def test_training_twice_gives_the_same_model(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        trained().save(tmp_path / name)
    for file in ("weights.safetensors", "model.json"):
        first, second = ((tmp_path / name / file).read_bytes() for name in ("first", "second"))
        assert first == second


def test_a_saved_model_answers_as_before_and_holds_no_pickle(tmp_path: Path) -> None:
    model = trained()
    model.save(tmp_path)
    loaded = LinearModel.load(tmp_path)
    for text in ("hello", "얼마예요", "zzzqqq", "tell me the opening hours", ""):
        before, after = model.opinion(text), loaded.opinion(text)
        assert [name for name, _ in after.ranking] == [name for name, _ in before.ranking]
        assert after.margin == pytest.approx(before.margin, abs=1e-6)
        assert after.is_trusted == before.is_trusted
    assert {path.name for path in tmp_path.iterdir()} == {"weights.safetensors", "model.json"}
    json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))


def test_weights_are_those_of_tf_idf() -> None:
    vocabulary, _ = Vocabulary.learn([features_of("red red blue"), features_of("red")], BLOCKS)
    columns, values = vocabulary.row(features_of("red red blue"))
    by_column = dict(zip(columns.tolist(), values.tolist(), strict=True))
    places = [vocabulary.features["words"][word] for word in ("red", "blue")]
    red, blue = (
        by_column[vocabulary.column_of[place]] * np.sqrt(vocabulary.sharing[column])
        for place, column in zip(places, vocabulary.column_of[places], strict=True)
    )
    # By hand: idf = ln((1 + 2) / (1 + df)) + 1, term frequency 1 + ln(count); df(red) = 2.
    assert red / blue == pytest.approx((1 + np.log(2)) * 1.0 / (np.log(3 / 2) + 1))


def test_features_that_nothing_tells_apart_share_a_column() -> None:
    texts = [features_of(text) for text in ("open today", "open today", "price")]
    vocabulary, occurrences = Vocabulary.learn(texts, BLOCKS)
    column = {
        word: vocabulary.column_of[place] for word, place in vocabulary.features["words"].items()
    }
    assert column["open"] == column["today"] == column["open today"] != column["price"]
    assert (
        column["price"]
        not in vocabulary.column_of[list(vocabulary.features["characters"].values())]
    )
    # Shared or not, how alike two texts are (the product of their rows) is that of their TF-IDF:
    # each of two blocks has length 1, and nothing of "price" is in "open today".
    rows = vocabulary.matrix(occurrences, len(texts))
    assert (rows @ rows.T).toarray() == pytest.approx(np.array([[2, 2, 0], [2, 2, 0], [0, 0, 2.0]]))


def test_words_far_apart_are_a_pair_all_the_same() -> None:
    near, far = features_of("when open"), features_of("when do you usually open")
    shared = {pair for pair in near.words & far.words if " " in pair}
    assert shared == {"^ when", "open $", "when … open"}


def test_every_fold_gets_its_share_of_every_intent() -> None:
    labels = np.repeat([0, 1, 2], [9, 6, 1]).astype(np.int64)
    fold_of = assign_folds(labels, 3)
    for label, share in ((0, 3), (1, 2)):
        assert [int((fold_of[labels == label] == fold).sum()) for fold in range(3)] == [share] * 3
    assert 0 <= fold_of[labels == 2][0] < 3


def test_temperature_makes_the_probabilities_honest() -> None:
    # Decisions ±1, right three times in four: the honest probability is 0.75.
    decisions = np.tile([[1.0, -1.0]], (400, 1))
    labels = np.tile([0, 0, 0, 1], 100).astype(np.int64)
    temperature = choose_temperature(decisions, labels)
    assert softmax(decisions / temperature)[0, 0] == pytest.approx(0.75, abs=0.01)


def test_margin_refuses_the_share_of_right_answers_that_is_allowed() -> None:
    best = np.linspace(-1.0, 1.0, 101)
    decisions = np.stack([best, best - 1.0], axis=1)
    labels = np.zeros(101, dtype=np.int64)
    margin = choose_margin(decisions, labels, np.ones(101, dtype=np.bool_), loss=0.05)
    assert int((best < margin).sum()) == 5


def test_margin_leaves_out_of_scope_examples_aside() -> None:
    decisions = np.array([[0.5, -1.0], [0.6, -1.0], [-2.0, -0.9]])
    labels = np.array([0, 0, 1])
    margin = choose_margin(decisions, labels, np.array([True, True, False]), loss=0.0)
    assert margin == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("HELLO", "hello"),
        ("yesssss", "yess"),
        ("270 mm", "000 mm"),
        ("100000원", "000000원"),
        ("ＯＫ", "ok"),
        ("don’t", "don't"),
        ("ㄴㅔ", "네"),
        ("네 ㅋㅋㅋ", "네  "),
        ("ㅎㅎ 감사해요ㅠ", "  감사해요 "),
        ("ㅇㅋ", "ㅇㅋ"),
        ("주문할께요", "주문할게요"),
        ("살께용!", "살게요!"),
        ("함께요", "함께요"),
        ("누구께요", "누구께요"),
        ("여행용", "여행용"),
        ("괜찮아요 비용", "괜찮아요 비용"),
        ("ㅎㅇ", "ㅎㅇ"),
    ],
)
def test_normal_form(text: str, normal: str) -> None:
    # Jamo of the keyboard become conjoining ones: compared in one form.
    assert normalise(text) == unicodedata.normalize("NFKC", normal)
