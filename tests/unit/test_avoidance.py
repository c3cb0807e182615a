"""What must not be proposed to somebody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from marketing.avoidance import Avoided, is_avoided, is_made_of, just_had, without_colours
from marketing.recommendation import Wish, choose

NOW = datetime.fromisoformat("2026-11-27T12:00:00+09:00")


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


def _order(product_id: str, *, days_ago: int, refunded: str = "0.00") -> dict[str, Any]:
    at = (NOW - timedelta(days=days_ago)).isoformat()
    return {"ordered_at": at, "refunded": refunded, "lines": [{"product_id": product_id}]}


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


def test_just_bought_or_ever_sent_back() -> None:
    orders = [
        _order("new", days_ago=89),
        _order("old", days_ago=91),
        _order("returned", days_ago=400, refunded="50.00"),
    ]
    assert just_had(orders, NOW) == {"new", "returned"}
