"""What must not be proposed to somebody."""

from __future__ import annotations

from typing import Any

import pytest

from marketing.avoidance import (
    Avoided,
    has_what_is_said,
    is_avoided,
    is_in_style,
    is_made_of,
    without_colours,
)
from marketing.recommendation import Wish, choose


def _product(product_id: str, **known: Any) -> dict[str, Any]:
    variant = {"size": "one", "width": None, "stock": 3}
    return {
        "product_id": product_id,
        "category": "jackets",
        "brand": "Moru",
        "for_whom": "everyone",
        "activities": [],
        "material": {"ko": "거위털", "en": "Goose down"},
        "price": {"KRW": 100000},
        "variants": [{**variant, "colour": colour} for colour in known.pop("colours", ["navy"])],
        **known,
    }


DOWN = _product("down", colours=["navy", "red"])
FLEECE = _product("fleece", material={"en": "Recycled polyester"}, brand="Fernwick")


def _ids(wish: Wish) -> list[str]:
    return [str(one["product_id"]) for one in choose([DOWN, FLEECE], wish).products]


@pytest.mark.parametrize(
    ("material", "allergen", "holds_it"),
    [
        ("62% merino wool, nylon", "wool", True),
        ("Suede and mesh", "leather", True),
        ("Waterproof nylon", "wool", False),
        ("Breakdown-proof shell", "down", False),
        ("Rubber outsole", "latex", True),
        ("Anything", "dust", False),
        ("", "wool", False),
    ],
)
def test_what_a_product_is_made_of(material: str, allergen: str, holds_it: bool) -> None:
    assert is_made_of({"material": {"en": material}}, allergen) is holds_it


def test_a_product_of_unknown_material_holds_nothing_that_is_known() -> None:
    assert not is_made_of({}, "wool")


def test_what_is_avoided_is_never_chosen() -> None:
    assert _ids(Wish()) == ["down", "fleece"]
    assert _ids(Wish(avoided=Avoided(allergens=frozenset({"down"})))) == ["fleece"]
    assert _ids(Wish(avoided=Avoided(brands=frozenset({"Fernwick"})))) == ["down"]
    assert _ids(Wish(avoided=Avoided(products=frozenset({"down"})))) == ["fleece"]
    assert not is_avoided(DOWN, Avoided())


def test_a_disliked_colour_takes_only_what_comes_in_no_other() -> None:
    assert _ids(Wish(avoided=Avoided(colours=frozenset({"navy"})))) == ["down"]
    left = without_colours(DOWN, frozenset({"navy"}))
    assert [one["colour"] for one in left["variants"]] == ["red"]


def test_what_is_liked_or_was_bought_stands_first() -> None:
    assert _ids(Wish(bought=frozenset({"Fernwick"}))) == ["fleece", "down"]
    liked = Wish(liked=frozenset({"red"}), bought=frozenset({"Fernwick"}))
    assert _ids(liked) == ["down", "fleece"]


def _told(**described: str) -> dict[str, Any]:
    return {"description": described, "material": {}}


@pytest.mark.parametrize(
    ("product", "style", "is_so"),
    [
        (_told(ko="굽이 높은 샌들이에요"), "heel", True),
        (_told(en="A sandal with a high heel"), "heel", True),
        (_told(en="The sides and heel light up"), "heel", False),
        (_told(ko="묵직하게 발을 받쳐요"), "heavy", True),
        (_told(ko="배낭이 무거운 날에도 든든해요"), "heavy", False),
        (_told(en="for days with a heavy pack"), "heavy", False),
        (_told(en="Our most cushioned running shoe"), "soft", True),
        (_told(ko="가볍게 달리는 분께"), "light", False),
        (_told(ko="가벼운 등산화예요"), "light", True),
        (_told(en="anything"), "unheard of", False),
    ],
)
def test_a_style_is_what_the_shop_describes(
    product: dict[str, Any], style: str, is_so: bool
) -> None:
    assert is_in_style(product, style) is is_so


@pytest.mark.parametrize(
    ("product", "words", "is_so"),
    [
        (_told(ko="벨크로 하나로 혼자서도 신고 벗어요"), "찍찍이", True),
        (_told(en="One velcro strap"), "velcro shoes", True),
        (_told(en="It slips on without laces"), "laces", False),
        (_told(en="A dial tightens the laces"), "laces", True),
        (_told(en="A light shell for rain"), "rain", False),
        (_told(ko="오이색 양말"), "오이", False),
        ({"material": {"ko": "천연 가죽", "en": "Full-grain leather"}}, "가죽 신발", True),
        ({"material": {"ko": "면", "en": "Cotton"}}, "가죽 신발", False),
        ({"material": {"ko": "울", "en": "Wool"}}, "서울", False),
    ],
)
def test_what_is_disliked_in_other_words_counts_if_it_is_a_part_or_a_material(
    product: dict[str, Any], words: str, is_so: bool
) -> None:
    assert has_what_is_said(product, words) is is_so


def test_what_is_disliked_is_never_chosen() -> None:
    assert _ids(Wish(avoided=Avoided(words=frozenset({"오리털"})))) == ["fleece"]
