"""What a sentence is about, and whether it wishes for something."""

from __future__ import annotations

from typing import Any

import pytest

from marketing import voices
from shops.demo.store_file import read_store
from shops.shape import store_as_json
from tests.conversations.real_shop import ROOT


@pytest.fixture(scope="module")
def topics() -> list[dict[str, Any]]:
    store = store_as_json(read_store(ROOT / "data" / "catalogue" / "store.yml"))
    found: list[dict[str, Any]] = store["voice_topics"]
    return found


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("배송이 너무 늦어요", "delivery"),
        ("my package never came", "delivery"),
        ("밑창이 두 주 만에 떨어졌어요", "quality"),
        ("The sole came off after two weeks", "quality"),
        ("발볼이 좁아서 못 신겠어요", "size"),
        ("these are too tight for me", "size"),
        ("가격이 너무 비싸요", "price"),
        ("way too expensive", "price"),
        ("상담원이 불친절했어요", "service"),
        ("your staff was rude", "service"),
        ("초록색도 나오면 좋겠어요", "assortment"),
        ("always sold out", "assortment"),
        ("그냥 별로예요", "other"),
        ("meh", "other"),
    ],
)
def test_the_shops_own_topics(topics: list[dict[str, Any]], text: str, topic: str) -> None:
    assert voices.topic_of(text, topics) == topic


def test_an_english_word_counts_at_the_begin_of_a_word_only(topics: list[dict[str, Any]]) -> None:
    assert voices.topic_of("an interesting profit", topics) == "other"


def test_every_topic_of_the_demo_has_a_team_and_an_unknown_one_none(
    topics: list[dict[str, Any]],
) -> None:
    assert all(voices.team_of(one["id"], topics) for one in topics)
    assert voices.team_of("surveys", topics) is None
    assert voices.topic_of("배송이 늦어요", []) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "애 발볼이 넓어서 맞는 게 없어요",
        "이런 색도 나오면 좋겠어요",
        "아동용도 만들어 주세요",
        "do you have this in kids sizes? wish you did",
        "you should make these for kids",
        "it'd be great if you carried tents",
        "nothing fits my kid",
    ],
)
def test_plain_wishes(text: str) -> None:
    assert voices.is_wish(text)


@pytest.mark.parametrize(
    "text",
    [
        "가벼운 러닝화 있으면 좋겠어요",
        "270 있으면 좋겠는데 있어요?",
        "배송이 너무 늦어요",
        "왜 답장이 없어요",
        "do you have this in kids sizes?",
        "I would like the Ridge GTX",
        "what size should I get",
    ],
)
def test_what_is_asked_of_the_shop_now_is_no_wish(text: str) -> None:
    assert not voices.is_wish(text)


def test_words_are_quoted_on_one_line_and_not_without_end() -> None:
    assert voices.quoted("발볼이  넓어서\n맞는 게 없어요.") == "발볼이 넓어서 맞는 게 없어요"
    long = "nothing fits my kid and I have looked in every shop of this town for weeks now"
    assert voices.quoted(long, longest=30) == "nothing fits my kid and I…"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("제휴 제안하고 싶어요", "제휴  제안하고싶어요!", True),
        ("Do you ship to Busan?", "do you ship to busan", True),
        ("Do you ship to Busan?", "do you ship to Seoul?", False),
    ],
)
def test_a_question_asked_again_is_the_same_but_for_its_signs(
    one: str, other: str, is_same: bool
) -> None:
    assert voices.is_same(one, other) is is_same


@pytest.mark.parametrize(
    ("said", "is_so"),
    [
        *(("아니요", False), ("괜찮아요", False), ("안 살래요", False), ("다음에요", False)),
        *(("no thanks", False), ("nope", False), ("I'll pass", False), ("not now", False)),
        *(("색이 마음에 안 들어요", True), ("비슷한 게 있어서 괜찮아요", True)),
        *(("디자인이 별로예요", True), ("이미 있거든요", True), ("요즘 등산을 안 가서요", True)),
        *(("no, I don't like the color", True), ("nah, already have one", True)),
        *(("it's too plain for me", True), ("No, because I stopped running", True)),
    ],
)
def test_a_refusal_says_why_or_only_no(said: str, is_so: bool) -> None:
    assert voices.gives_reason(said) is is_so
