"""What a customer's word for a size can mean. The conversions stand in data/catalogue/products.yml:
270 is a men's 9, a women's 7 is 240."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marketing.sizes import (
    ClothingSize,
    ShoeSize,
    american,
    in_order,
    is_outgrown,
    labels,
    meant,
    next_larger,
)


@pytest.mark.parametrize(
    ("said", "millimetres"),
    [("270", 270), ("200", 200), ("320", 320), ("9", 270), ("9.5", 275), ("5", 230), ("14", 320)],
)
def test_a_shoe_size_in_millimetres_or_american(said: str, millimetres: int) -> None:
    assert meant(said) == ShoeSize(millimetres=millimetres)


def test_a_womans_american_size_is_a_centimetre_longer_by_number() -> None:
    assert meant("7", of_woman=True) == ShoeSize(millimetres=240)
    assert meant("7") == ShoeSize(millimetres=250)


@pytest.mark.parametrize("said", ["m", "XL", "95", "110", " S "])
def test_a_size_of_clothes(said: str) -> None:
    assert meant(said) == ClothingSize(label=said.strip().upper())


@pytest.mark.parametrize("said", ["999", "273", "325", "195", "1", "15", "0", "120", "", "Q"])
def test_what_no_grown_up_wears(said: str) -> None:
    assert meant(said) is None


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("90", ClothingSize(label="90")),
        ("120", ClothingSize(label="120")),
        ("190", ShoeSize(millimetres=190)),
        ("220", ShoeSize(millimetres=220)),
        ("10", None),
    ],
)
def test_what_a_child_wears(said: str, size: object) -> None:
    assert meant(said, of_child=True) == size


def test_korean_chest_sizes_are_found_under_their_letters() -> None:
    assert labels("100") == {"100", "L"}
    assert labels("one") >= {"one"}
    assert labels("m") >= {"M"}


@pytest.mark.parametrize(("millimetres", "size"), [(270, "9"), (275, "9.5"), (230, "5")])
def test_american_sizes_have_no_needless_decimals(millimetres: int, size: str) -> None:
    assert american(millimetres) == size


def test_sizes_stand_from_small_to_large_letters_after_numbers() -> None:
    assert in_order(["L", "100", "XS", "90", "S", "90", "one"]) == [
        *("90", "100", "XS", "S", "L", "one")
    ]


@pytest.mark.parametrize(
    ("kind", "of_child", "days", "outgrown"),
    [
        ("clothing_size", True, 179, False),
        ("clothing_size", True, 181, True),
        ("shoe_size", True, 400, True),
        ("shoe_size", False, 400, False),
        ("width", True, 400, False),
    ],
)
def test_a_childs_size_is_not_proposed_for_ever(
    kind: str, of_child: bool, days: int, outgrown: bool
) -> None:
    now = datetime(2026, 11, 27, tzinfo=UTC)
    told_at = now - timedelta(days=days)
    assert is_outgrown(kind, of_child=of_child, told_at=told_at, now=now) is outgrown


@pytest.mark.parametrize(
    ("kind", "value", "larger"),
    [
        ("clothing_size", "90", "100"),  # STORIES 1
        ("clothing_size", "160", None),
        ("clothing_size", "M", None),
        ("shoe_size", 180, "185"),
        ("shoe_size", 230, None),  # the next is a grown-up's
    ],
)
def test_the_next_size_of_a_child(kind: str, value: object, larger: str | None) -> None:
    assert next_larger(kind, value) == larger
