"""Who is shown what, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from marketing.recommendation import Choice, Wish, choose, size_for


def _product(product_id: str, **known: Any) -> dict[str, Any]:
    shoe = {"size": "270", "size_us": "9", "width": "regular", "colour": "navy", "stock": 3}
    return {
        "product_id": product_id,
        "category": "running_shoes",
        "brand": "Moru",
        "for_whom": "everyone",
        "activities": ["running"],
        "price": {"KRW": 100000, "USD": "99.00"},
        "variants": [{**shoe, **known.pop("variant", {})}],
        **known,
    }


ROAD = _product("road")
TRAIL = _product("trail", activities=["trail_running"], price={"KRW": 150000, "USD": "120.00"})
WIDE = _product("wide", variant={"width": "wide", "colour": "red"})
GONE = _product("gone", variant={"stock": 0})
SMALL = _product("small", variant={"size": "240", "size_us": "6"})
KIDS = _product("kids", category="childrens_wear", for_whom="children", variant={"size": "190"})
ONE_SIZE = {"size": "one", "size_us": None, "width": None}
GIFT = _product("gift", category="gift_sets", variant=ONE_SIZE)
KIDS_GIFT = _product("kids-gift", category="gift_sets", for_whom="children", variant=ONE_SIZE)
WON_ONLY = _product("won", price={"KRW": 5000})
ALL = [ROAD, TRAIL, WIDE, GONE, SMALL, KIDS, GIFT, KIDS_GIFT, WON_ONLY]
SHOES = "running_shoes"


def _ids(choice: Choice) -> list[str]:
    return [one["product_id"] for one in choice.products]


def _chosen(wish: Wish, **options: Any) -> list[str]:
    return _ids(choose(ALL, wish, most=9, **options))


def test_nothing_that_is_sold_out_is_ever_chosen() -> None:
    assert _chosen(Wish(category=SHOES)) == ["road", "trail", "wide", "small", "won"]
    assert _chosen(Wish()) == ["road", "trail", "wide", "small", "gift", "kids-gift", "won"]
    assert choose([GONE], Wish()).products == ()


def test_the_cheapest_come_first_whatever_else_is_liked() -> None:
    wish = Wish(category=SHOES, fond_of="trail_running", cheapest_first=True)
    assert _chosen(wish) == ["won", "road", "wide", "small", "trail"]
    assert "kids" not in _chosen(Wish(cheapest_first=True))
    assert "kids" in _chosen(Wish(cheapest_first=True, for_anybody=True))


def test_only_what_is_there_in_the_size_and_width() -> None:
    choice = choose(ALL, Wish(category=SHOES, shoe_size="270", width="wide"))
    assert (_ids(choice), choice.given_up, choice.used_size) == (["wide"], (), True)
    assert _chosen(Wish(category=SHOES, shoe_size="9")) == ["road", "trail", "wide", "won"]


def test_at_most_three_by_default_those_for_the_activity_first() -> None:
    assert _ids(choose(ALL, Wish(category=SHOES))) == ["road", "trail", "wide"]
    assert _chosen(Wish(category=SHOES, fond_of="trail_running"))[0] == "trail"


def test_an_activity_asked_for_excludes_and_one_known_of_does_not() -> None:
    assert _chosen(Wish(category=SHOES, activity="trail_running")) == ["trail"]
    assert len(_chosen(Wish(category=SHOES, fond_of="trail_running"))) == 5


def test_budget_and_currency() -> None:
    assert _chosen(Wish(category=SHOES, at_most=Decimal(99), currency="USD")) == [
        *("road", "wide", "small")
    ]
    assert _chosen(Wish(category=SHOES, below=Decimal(100000))) == ["won"]
    assert _chosen(Wish(category=SHOES, at_least=Decimal(150000))) == ["trail"]
    assert _chosen(Wish(currency="EUR")) == []


@pytest.mark.parametrize(
    ("wish", "given_up", "first"),
    [
        (Wish(category=SHOES, colour="green"), ("colour",), "road"),
        (Wish(category=SHOES, activity="winter"), ("activity",), "road"),
        (Wish(category=SHOES, shoe_size="240", width="wide"), ("width",), "small"),
        (Wish(category=SHOES, shoe_size="240", at_most=Decimal(1)), ("at_most",), "small"),
        (
            Wish(category=SHOES, colour="green", shoe_size="240", width="wide"),
            ("colour", "width"),
            "small",
        ),
    ],
)
def test_what_is_given_up_is_said(wish: Wish, given_up: tuple[str, ...], first: str) -> None:
    choice = choose(ALL, wish)
    assert (choice.given_up, _ids(choice)[0]) == (given_up, first)


def test_category_brand_and_size_are_never_given_up() -> None:
    assert _chosen(Wish(category="tents")) == []
    assert _chosen(Wish(brand="Nike")) == []
    assert _chosen(Wish(category=SHOES, shoe_size="300")) == []


def test_something_else_means_something_new_that_fits() -> None:
    shown = frozenset({"road", "trail"})
    assert _chosen(Wish(category=SHOES), already_shown=shown) == ["wide", "small", "won"]
    fitting = Wish(category=SHOES, colour="red")
    assert _chosen(fitting, already_shown=frozenset({"wide"}), may_give_up=False) == []


def test_children_and_grown_ups() -> None:
    assert "kids" not in _chosen(Wish(shoe_size="270"))
    assert _chosen(Wish(category="childrens_wear", for_child=True)) == ["kids"]
    assert _chosen(Wish(category="childrens_wear")) == ["kids"]
    assert _chosen(Wish(category="gift_sets")) == ["gift", "kids-gift"]
    assert _chosen(Wish(category="gift_sets", for_grown_up=True)) == ["gift"]
    assert _chosen(Wish(only_shoes=True, for_child=True)) == ["kids"]


def test_a_grown_ups_size_is_never_looked_up_in_a_childs_things() -> None:
    assert size_for(KIDS, Wish(shoe_size="270")) is None
    assert size_for(KIDS, Wish(shoe_size="190", for_child=True)) == "190"
    assert size_for(GIFT, Wish(shoe_size="270", clothing_size="M")) is None
