"""Prices, sizes and hours as a shopper reads them; languages as a browser asks for them."""

from __future__ import annotations

from typing import Any

import pytest

from web import languages, rendering, shelf

STORE: dict[str, Any] = {
    "currency": {"ko": "KRW", "en": "USD"},
    "colours": [{"id": "grey", "label": {"ko": "회색", "en": "gray"}}],
    "widths": [{"id": "wide", "label": {"ko": "와이드", "en": "wide"}}],
    "sizes": [{"id": "one", "label": {"ko": "한 가지 사이즈", "en": "One size"}}],
    "categories": [{"id": "shoes", "label": {"ko": "신발", "en": "Shoes"}}],
    "brands": [],
    "opening_hours": {
        "ko": {
            "monday": {"opens": "10:00", "closes": "20:00"},
            "tuesday": {"opens": "10:00", "closes": "20:00"},
            "thursday": {"opens": "10:00", "closes": "20:00"},
            "sunday": {"opens": "11:00", "closes": "19:00"},
        }
    },
}


def _product(**changes: Any) -> dict[str, Any]:
    return {
        "product_id": "x",
        "category": "shoes",
        "brand": "Larkstone",
        "name": {"ko": "엑스", "en": "X"},
        "description": {"ko": "설명", "en": "About"},
        "material": {"ko": "면", "en": "Cotton"},
        "picture": "x.svg",
        "price": {"KRW": "119000", "USD": "99.00"},
        "variants": [
            _variant("270", "9", 3),
            _variant("275", "9.5", 0),
            _variant("280", "10", 2, width="wide"),
        ],
        **changes,
    }


def _variant(size: str, us: str | None, stock: int, width: str | None = None) -> dict[str, Any]:
    return {
        "sku": f"X-{size}",
        "size": size,
        "size_us": us,
        "width": width,
        "colour": "grey",
        "stock": stock,
    }


@pytest.mark.parametrize(
    ("price", "currency", "shown"),
    [
        ({"KRW": "119000"}, "KRW", "119,000원"),
        ({"USD": "99.00"}, "USD", "$99"),
        ({"USD": "9.50"}, "USD", "$9.50"),
        ({"USD": "1299.99"}, "USD", "$1,299.99"),
        ({"EUR": "10.00"}, "EUR", "10 EUR"),
        ({"KRW": "1000"}, "USD", ""),
    ],
)
def test_prices_are_written_as_people_write_them(
    price: dict[str, str], currency: str, shown: str
) -> None:
    language = "ko" if currency == "KRW" else "en"
    assert shelf.price(_product(price=price), currency, language) == shown


def test_each_face_has_its_own_sizes() -> None:
    korean, american = (shelf.item(STORE, _product(), language) for language in ("ko", "en"))
    assert [size.label for row in korean.rows for size in row.sizes] == ["270", "275", "280"]
    assert [size.label for row in american.rows for size in row.sizes] == ["9", "9.5", "10"]
    assert korean.rows[0].sizes[0].also == "US 9"
    assert american.rows[0].sizes[0].also == "270"
    assert (korean.size_range, american.size_range) == ("270–280", "9–10")
    assert korean.is_wide_too
    assert [(row.colour, row.width) for row in korean.rows] == [("회색", None), ("회색", "와이드")]
    assert [size.is_few for row in korean.rows for size in row.sizes] == [False, False, True]
    assert korean.stock == 5


def test_a_stock_number_names_one_thing_in_one_size() -> None:
    other = _product(product_id="y", variants=[_variant("250", "7", 1)])
    found = shelf.of_sku([_product(), other], "X-250")
    assert found is not None
    assert (found[0]["product_id"], found[1]["size"]) == ("y", "250")
    assert shelf.of_sku([_product(), other], "X-999") is None
    assert shelf.of_sku([], "") is None


def test_a_single_size_has_a_name() -> None:
    product = _product(variants=[_variant("one", None, 1)])
    assert shelf.item(STORE, product, "ko").size_range == "한 가지 사이즈"
    assert shelf.item(STORE, product, "en").rows[0].sizes[0].also is None


def test_terms_without_a_name_keep_their_id() -> None:
    assert shelf.item(STORE, _product(), "ko").brand == "Larkstone"


def test_equal_days_are_put_together_and_closed_days_left_out() -> None:
    week = shelf.opening_hours(STORE, "ko")
    assert [(each.first, each.last, each.hours.split("~")[0]) for each in week] == [
        ("monday", "tuesday", "10:00"),
        ("thursday", None, "10:00"),
        ("sunday", None, "11:00"),
    ]
    assert shelf.opening_hours({}, "en") == []


def test_what_the_shop_does_not_say_is_empty() -> None:
    assert (
        shelf.told({"delivery": {"text": {"ko": "무료예요"}}}, "ko", "delivery", "text")
        == "무료예요"
    )
    assert shelf.told({"delivery": {"text": {"ko": "무료예요"}}}, "en", "delivery", "text") == ""
    assert shelf.told({}, "ko", "delivery", "text") == ""


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+82200001127", "02-0000-1127"), ("+15035550127", "(503) 555-0127"), ("", ""), ("x", "x")],
)
def test_phone_numbers_are_written_as_at_home(number: str, shown: str) -> None:
    assert shelf.phone(number) == shown


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("fr,de", "en"),
        ("fr, ko;q=0.1", "ko"),
        ("ko;q=0, en;q=0.5", "en"),
        ("ko;q=nan", "en"),
        ("ko;q=x,en;q=0.1", "en"),
        ("EN;Q=0.4, KO;q=0.5", "ko"),
        ("", "en"),
        (",;,=;q", "en"),
    ],
)
def test_the_preferred_language_is_the_heaviest_of_ours(header: str, language: str) -> None:
    assert languages.preferred(header) == language


def test_both_languages_say_the_same_things() -> None:
    def names(found: Any, path: str = "") -> set[str]:
        if not isinstance(found, dict):
            return {path}
        return {name for key, value in found.items() for name in names(value, f"{path}/{key}")}

    korean, english = rendering.words("ko"), rendering.words("en")
    assert names(korean) == names(english)
    hangul = [value for value in korean["refusals"].values() if isinstance(value, dict)]
    assert all(any("가" <= sign <= "힣" for sign in each["text"]) for each in hangul)
