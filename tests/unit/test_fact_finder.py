"""Which of what stands in a message is told, and of whom: the same in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from marketing import told
from nlu.entity_finder import EntityFinder
from nlu.facts.finder import FactFinder
from nlu.facts.rules import read_rules

FRIDAY = date(2026, 11, 27)
ENTITIES = EntityFinder()


@pytest.fixture(scope="module")
def finder() -> FactFinder:
    return FactFinder(read_rules())


def read(finder: FactFinder, said: str) -> list[tuple[str, str, object]]:
    found = told.settled(finder.find(said, ENTITIES.find(said)), today=FRIDAY)
    return [(one.kind, one.subject, one.value) for one in found]


@pytest.mark.parametrize(
    "said",
    [
        "270 있어요?",
        "270이면 괜찮을까요",
        "저 270 아니에요",
        "예전에는 260 신었어요",
        "친구가 그러는데 270이 좋대요",
        "친구가 270 신는지 모르겠어요",
        "do you have 270?",
        "if I were a 9 would these fit?",
        "i used to wear a 9",
        "my friend says they run small",
        "i'm not allergic to anything",
        "i'm diabetic",
        "저 교회 다녀요",
        "",
    ],
)
def test_what_is_asked_denied_supposed_heard_or_past_is_not_told(
    finder: FactFinder, said: str
) -> None:
    assert read(finder, said) == []


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("아니 270 말고 275요", 275),
        ("270이 아니라 265 신어요", 265),
        ("아까 270이라고 했는데 275예요", 275),
        ("예전에는 260 신었는데 지금은 270 신어요", 270),
        ("저 270 신는데 재고 있어요?", 270),
        ("no, 275", 275),
        ("not 270 but 275", 275),
        ("I said 9 but it's actually 9.5", 275),
        ("I used to wear a 9 but now I wear a 9.5", 275),
        ("I wear a 9.5 if that helps", 275),
        ("아까 260이라고 한 거 265예요", 265),
        ("270은 작고 275가 맞아요", 275),
        ("wait no I'm a 10 not a 9", 280),
    ],
)
def test_what_is_put_right_counts(finder: FactFinder, said: str, size: int) -> None:
    assert read(finder, said) == [("shoe_size", "self", size)]


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ("아내는 240 신고 저는 270 신어요", {"wife": 240, "self": 270}),
        ("딸 지우는 180, 아들 서준이는 200 신어요", {"daughter:지우": 180, "son:서준": 200}),
        ("큰애는 200, 작은애는 170 신어요", {"child:first": 200, "child:second": 170}),
        ("다섯 살 아들은 160 신고 세 살 아들은 140 신어요", {"son:2021": 160, "son:2023": 140}),
        ("my wife wears a 7 and I wear a 9", {"wife": 240, "self": 270}),
        ("I hike with my wife and wear a 9", {"self": 270}),
        ("the clerk wears a 9", {}),
        ("엄마는 235 아빠는 270 신으세요", {"mother": 235, "father": 270}),
        ("남편 280 저 240이요", {"husband": 280, "self": 240}),
        ("아들이 둘인데 민준이는 200 신고 서준이는 180 신어요", {"son:민준": 200, "son:서준": 180}),
    ],
)
def test_whose_it_is(finder: FactFinder, said: str, whose: dict[str, int]) -> None:
    sizes = {who: value for kind, who, value in read(finder, said) if kind == "shoe_size"}
    assert {who: sizes.get(who) for who in whose} == whose


def test_a_loss_leaves_nothing_but_the_topic(finder: FactFinder) -> None:
    said = "Please no Mother's Day stuff this year. I lost my mom."
    assert read(finder, said) == [("muted_topic", "self", "mothers_day")]


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ("남편은 2XL 입고 280 신어요", {"clothing_size": "2XL", "shoe_size": 280}),
        ("I wear a medium jacket and a size 10 shoe", {"clothing_size": "M", "shoe_size": 280}),
        ("아내는 66 입고 240 신어요", {"clothing_size": "66", "shoe_size": 240}),
    ],
)
def test_clothes_and_shoes_are_sizes_apart(
    finder: FactFinder, said: str, facts: dict[str, object]
) -> None:
    assert {kind: value for kind, _, value in read(finder, said)} == facts


@pytest.mark.parametrize(
    ("said", "ages"),
    [
        ("my boys are 8 and 5", {"son:2018": 8, "son:2021": 5}),
        ("I have a 5 year old and a 2 year old", {"child:2021": 5, "child:2024": 2}),
        ("애들이 8살, 5살이에요", {"child:2018": 8, "child:2021": 5}),
        ("my four year old loves dinosaurs", {"child": 4}),
    ],
)
def test_several_of_a_kind_are_told_apart_by_their_ages(
    finder: FactFinder, said: str, ages: dict[str, int]
) -> None:
    found = {who: value for kind, who, value in read(finder, said) if kind == "age"}
    assert found == ages


@pytest.mark.parametrize(
    ("said", "size"),
    [("민준이는 110 입어요", ("son:민준", "110")), ("Emma wears a 130", ("daughter:Emma", "130"))],
)
def test_a_name_alone_is_of_whoever_was_called_so_before(
    finder: FactFinder, said: str, size: tuple[str, str]
) -> None:
    found = finder.find(said, ENTITIES.find(said))
    close = ["wife", "son:민준", "daughter:Emma"]
    sizes = told.settled(found, today=FRIDAY, close=close)
    assert [(one.subject, one.value) for one in sizes] == [size]
    assert told.settled(found, today=FRIDAY) == []


@pytest.mark.parametrize(
    ("said", "subject"),
    [("she wears an 8", "wife"), ("he wears an 8", "son:민준"), ("걔는 240 신어요", "son:민준")],
)
def test_a_pronoun_is_whoever_of_the_kind_was_spoken_of_last(
    finder: FactFinder, said: str, subject: str
) -> None:
    found = finder.find(said, ENTITIES.find(said))
    close = ["self", "son:민준", "wife"]
    assert [one.subject for one in told.settled(found, today=FRIDAY, close=close)] == [subject]
    assert told.settled(found, today=FRIDAY) == []


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        ("까만색 옷밖에 안 사요", ("colour_liked", "self", "black")),
        ("파란색보다 초록색이 좋아요", ("colour_liked", "self", "green")),
        ("복숭아 먹으면 두드러기 나요", ("allergy", "self", "peach")),
        (
            "장모님 생신이 3월 9일이래요",
            ("birthday", "mother", {"month": 3, "day": 9, "year": None}),
        ),
        ("I prefer plain over flashy", ("style_liked", "self", "plain")),
        (
            "3월에 책가방 다시 알려 주세요",
            ("promise", "self", {"when": "2027-03", "about": "packs"}),
        ),
    ],
)
def test_what_is_meant_where_the_words_say_something_else(
    finder: FactFinder, said: str, fact: tuple[str, str, object]
) -> None:
    assert read(finder, said) == [fact]


@pytest.mark.parametrize(
    "said",
    [
        "파란색 싫어하지 않아요",
        "제가 아디다스 좋아한다고 누가 그래요",
        "발볼이 넓진 않아요",
        "리뷰 보니까 작게 나왔다던데요",
        "형이 작년까지 등산했는데 이제 안 가요",
        "I had a cat when I was little",
        "thinking about taking up running",
        "They told me they run large",
    ],
)
def test_denied_twice_quoted_and_over_is_not_told(finder: FactFinder, said: str) -> None:
    assert read(finder, said) == []
