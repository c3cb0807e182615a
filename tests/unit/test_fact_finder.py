"""Which of what stands in a message is told, and of whom: the same in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from marketing import told
from nlu.entity_finder import EntityFinder
from nlu.facts.finder import FactFinder
from nlu.facts.rules import read_rules

FRIDAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def finder() -> FactFinder:
    return FactFinder(read_rules())


def read(finder: FactFinder, said: str) -> list[tuple[str, str, object]]:
    found = told.settled(finder.find(said, EntityFinder().find(said)), today=FRIDAY)
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
    ],
)
def test_whose_it_is(finder: FactFinder, said: str, whose: dict[str, int]) -> None:
    sizes = {who: value for kind, who, value in read(finder, said) if kind == "shoe_size"}
    assert {who: sizes.get(who) for who in whose} == whose


def test_a_loss_leaves_nothing_but_the_topic(finder: FactFinder) -> None:
    said = "Please no Mother's Day stuff this year. I lost my mom."
    assert read(finder, said) == [("muted_topic", "self", "mothers_day")]
