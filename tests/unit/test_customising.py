"""What may be made to order: what is missing, what is not allowed, what it comes to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from marketing import customising
from marketing.customising import Chosen, Missing, Refused


def _words(text: str) -> dict[str, str]:
    return {"ko": text, "en": text}


def _variant(sku: str, stock: int, *, size: str = "one", colour: str = "navy") -> dict[str, Any]:
    return {
        "sku": sku,
        "size": size,
        "size_us": None,
        "width": None,
        "colour": colour,
        "stock": stock,
    }


def _sums(won: str, dollars: str) -> dict[str, str]:
    return {"KRW": won, "USD": dollars}


BOTTLE: dict[str, Any] = {
    "product_id": "bottle",
    "name": _words("Bottle"),
    "price": _sums("36000", "32.00"),
    "variants": [_variant("B-N", 4), _variant("B-W", 9, colour="white"), _variant("B-R", 0)],
    "options": [
        {
            "id": "sleeve",
            "label": _words("sleeve"),
            "surcharge": _sums("6000", "5.00"),
            "text": None,
            "values": [
                {"id": "felt", "label": _words("felt"), "surcharge": _sums("0", "0")},
                {"id": "suede", "label": _words("suede"), "surcharge": _sums("3000", "3.00")},
            ],
            "not_with": {},
        },
        {
            "id": "engraving",
            "label": _words("engraving"),
            "surcharge": _sums("5000", "5.00"),
            "text": {"most_signs": 8, "signs": ["hangul", "latin", "marks"]},
            "values": [],
            "not_with": {"sleeve": ["suede"]},
        },
    ],
}
SOCKS: dict[str, Any] = {
    "product_id": "socks",
    "name": _words("Socks"),
    "price": _sums("9000", "8.00"),
    "variants": [
        _variant("S-M", 5, size="M"),
        _variant("S-L", 1, size="L"),
        _variant("S-M-W", 4, size="M", colour="white"),
    ],
}
CAP: dict[str, Any] = {
    "product_id": "cap",
    "name": _words("Cap"),
    "price": _sums("29000", "25.00"),
    "variants": [_variant("C", 3)],
}
BOX: dict[str, Any] = {
    "product_id": "box",
    "name": _words("Box"),
    "price": _sums("65000", "57.00"),
    "variants": [_variant("BOX", 9)],
    "parts": [
        {"id": "socks", "label": _words("socks"), "how_many": 2, "of": ["socks"]},
        {"id": "extra", "label": _words("extra"), "how_many": 1, "of": ["cap", "bottle"]},
    ],
}
LISTED = [BOTTLE, SOCKS, CAP, BOX]
STORE = {"colours": [{"id": "navy", "label": _words("navy blue")}]}


def _option(option_id: str) -> Any:
    found = customising.option(BOTTLE, option_id)
    assert found is not None
    return found


def test_what_leaves_nothing_to_choose_cannot_be_made() -> None:
    assert customising.can_be_made(BOTTLE)
    assert customising.can_be_made(BOX)
    assert not customising.can_be_made(CAP)


@pytest.mark.parametrize(
    ("chosen", "missing"),
    [
        (Chosen(), Missing(name="", dimension="colour", values=("navy", "white"))),
        (
            Chosen(picks={"": {"colour": "navy"}}),
            Missing(name="sleeve", values=("felt", "suede")),
        ),
        (
            Chosen(picks={"": {"colour": "navy"}}, options={"sleeve": "felt"}),
            Missing(name="engraving"),
        ),
        (Chosen(picks={"": {"colour": "navy"}}, options={"sleeve": "suede"}), None),
        (Chosen(picks={"": {"colour": "white"}}, options={"sleeve": "", "engraving": ""}), None),
    ],
)
def test_one_thing_is_missing_at_a_time(chosen: Chosen, missing: Missing | None) -> None:
    assert customising.missing(BOTTLE, chosen, LISTED) == missing


def test_a_set_asks_for_its_parts_and_offers_only_what_is_there_in_their_number() -> None:
    colours = customising.missing(BOX, Chosen(), LISTED)
    assert colours == Missing(name="socks", dimension="colour", values=("navy", "white"))
    one = Chosen(picks={"socks": {"colour": "navy"}})
    which = customising.missing(BOX, one, LISTED)
    assert which == Missing(name="extra", dimension="product", values=("bottle", "cap"))
    both = customising.with_pick(one, "extra", {"product": "cap"})
    assert customising.missing(BOX, both, LISTED) is None
    assert customising.specification(BOX, both, LISTED) == {"socks": "S-M", "extra": "C"}


def test_a_correction_keeps_what_still_goes_with_it() -> None:
    itself = customising.parts(SOCKS)[0]
    before = {"size": "L", "colour": "navy"}
    assert customising.picked(itself, before, {"size": "M"}, LISTED) == {
        "size": "M",
        "colour": "navy",
    }
    assert customising.picked(itself, before, {"colour": "white"}, LISTED) == {"colour": "white"}
    assert customising.picked(itself, before, {"size": "XL"}, LISTED) is None


@pytest.mark.parametrize(
    ("value", "others", "refused"),
    [
        ("아빠 사랑해요", {}, None),
        ("Dad's", {}, None),
        ("", {"sleeve": "suede"}, None),
        ("nine long", {}, Refused.TOO_LONG),
        ("아빠 2026", {}, Refused.SIGNS),
        ("아빠 😀", {}, Refused.SIGNS),
        ("아빠\n최고", {}, Refused.SIGNS),
        ("아빠", {"sleeve": "felt"}, None),
        ("아빠", {"sleeve": "suede"}, Refused.NOT_WITH),
        ("아빠", {"sleeve": ""}, None),
    ],
)
def test_a_text_keeps_to_the_rules(value: str, others: dict[str, str], refused: str | None) -> None:
    assert customising.refused(BOTTLE, _option("engraving"), value, others) == refused


def test_an_exclusion_holds_in_both_directions() -> None:
    engraved = {"engraving": "아빠"}
    assert customising.refused(BOTTLE, _option("sleeve"), "suede", engraved) == Refused.NOT_WITH
    assert customising.conflict(BOTTLE, "sleeve", "suede", engraved) == ("engraving", "아빠")
    assert customising.refused(BOTTLE, _option("sleeve"), "felt", engraved) is None


def test_signs_are_composed_before_they_are_counted() -> None:
    assert customising.written("  아빠   “최고” ") == '아빠 "최고"'


@pytest.mark.parametrize(
    ("options", "currency", "price"),
    [
        ({}, "KRW", "36000"),
        ({"sleeve": "felt"}, "KRW", "42000"),
        ({"sleeve": "suede"}, "USD", "40.00"),
        ({"sleeve": "felt", "engraving": "Dad"}, "USD", "42.00"),
        ({"sleeve": "", "engraving": ""}, "USD", "32.00"),
    ],
)
def test_what_it_comes_to(options: dict[str, str], currency: str, price: str) -> None:
    assert customising.price(BOTTLE, options, currency) == Decimal(price)


@pytest.mark.parametrize(
    ("product", "given", "is_makeable"),
    [
        (BOTTLE, {}, True),
        (BOTTLE, {"sleeve": "felt", "engraving": "아빠"}, True),
        (BOTTLE, {"sleeve": "suede", "engraving": "아빠"}, False),
        (BOTTLE, {"sleeve": "silk"}, False),
        (BOTTLE, {"engraving": "아빠  사랑"}, False),
        (BOTTLE, {"engraving": ""}, False),
        (BOTTLE, {"engraving": "<b>"}, False),
        (BOTTLE, {"laces": "red"}, False),
        (BOX, {"socks": "S-M", "extra": "C"}, True),
        (BOX, {"socks": "S-M"}, False),
        (BOX, {"socks": "C", "extra": "C"}, False),
        (CAP, {}, True),
        (CAP, {"engraving": "아빠"}, False),
    ],
)
def test_a_specification_from_outside_is_checked(
    product: dict[str, Any], given: dict[str, str], is_makeable: bool
) -> None:
    assert customising.is_makeable(product, given, LISTED) is is_makeable


def test_a_set_is_made_as_often_as_its_parts_are_there() -> None:
    assert customising.left(BOX, {"socks": "S-M", "extra": "C"}, LISTED) == 2
    assert customising.left(BOX, {"socks": "S-L", "extra": "C"}, LISTED) == 0
    assert customising.left(BOTTLE, {"sleeve": "felt"}, LISTED) is None
    assert customising.gone(BOX, [BOX, CAP]) is not None
    assert customising.gone(BOX, LISTED) is None


def test_a_specification_in_words() -> None:
    given = {"socks": "S-M", "extra": "B-W"}
    assert list(customising.in_words(BOX, given, LISTED, STORE, "en")) == [
        ("socks", "Socks navy blue M × 2"),
        ("extra", "Bottle white"),
    ]
    given = {"sleeve": "felt", "engraving": "아빠"}
    assert list(customising.in_words(BOTTLE, given, LISTED, STORE, "en")) == [
        ("sleeve", "felt"),
        ("engraving", "아빠"),
    ]
