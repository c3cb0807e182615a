"""What of a product is there, in sizes, widths and colours."""

from __future__ import annotations

from typing import Any

import pytest

from marketing import stock
from marketing.stock import Asked


def _variant(size: str, left: int, **known: Any) -> dict[str, Any]:
    return {"size": size, "size_us": None, "width": None, "colour": "navy", "stock": left, **known}


SHOE: dict[str, Any] = {
    "variants": [
        _variant("270", 5, size_us="9", width="regular"),
        _variant("275", 0, size_us="9.5", width="regular"),
        _variant("270", 2, size_us="9", width="wide"),
        _variant("275", 3, size_us="9.5", width="wide", colour="red"),
    ]
}
JACKET: dict[str, Any] = {"variants": [_variant("L", 4), _variant("M", 0), _variant("S", 1)]}
PACK: dict[str, Any] = {"variants": [_variant("one", 3), _variant("one", 0, colour="black")]}


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (Asked(), 10),
        (Asked(size="270"), 7),
        (Asked(size="9"), 7),
        (Asked(size="270", width="wide"), 2),
        (Asked(size="275", width="regular"), 0),
        (Asked(size="275", colour="red"), 3),
        (Asked(colour="pink"), 0),
        (Asked(size="300"), 0),
    ],
)
def test_how_many_are_left(asked: Asked, left: int) -> None:
    assert stock.left(SHOE, asked) == left


def test_a_chest_size_finds_the_letter_and_one_size_fits_whoever_asks() -> None:
    assert stock.left(JACKET, Asked(size="100")) == 4
    assert stock.left(PACK, Asked(size="270", width="wide")) == 3


def test_sizes_that_are_there_stand_in_order_and_once() -> None:
    assert [one["size"] for one in stock.sizes_left(SHOE, Asked(size="300"))] == ["270", "275"]
    assert [one["size"] for one in stock.sizes_left(SHOE, Asked(width="regular"))] == ["270"]
    assert [one["size"] for one in stock.all_sizes(JACKET)] == ["S", "M", "L"]


def test_what_a_product_is_made_in() -> None:
    assert stock.is_made(SHOE, Asked(size="275", width="regular"))
    assert not stock.is_made(SHOE, Asked(size="300"))
    assert stock.colours(SHOE) == ["navy", "red"]
    assert (stock.has_widths(SHOE), stock.has_two_widths(SHOE)) == (True, True)
    assert (stock.has_widths(JACKET), stock.has_two_widths(JACKET)) == (False, False)
    assert (stock.is_in_one_size(PACK), stock.is_in_one_size(JACKET)) == (True, False)
