"""Which size is advised, and why."""

from __future__ import annotations

import pytest

from marketing import size_advice
from marketing.size_advice import Advice, Reason, Worn

COMPARED = {"nike": -5, "brooks": 0, "salomon": 5}
KEPT = Worn(product_id="ridge-gtx", millimetres=275, was_returned=False)
RETURNED = Worn(product_id="tempo-five", millimetres=280, was_returned=True)


@pytest.mark.parametrize(
    ("worn_there", "brand", "advice"),
    [
        (265, "nike", Advice(millimetres=260, reason=Reason.BRAND, difference=-5)),
        (270, "brooks", Advice(millimetres=270, reason=Reason.BRAND, difference=0)),
        (270, "salomon", Advice(millimetres=275, reason=Reason.BRAND, difference=5)),
        (270, "hoka", Advice(millimetres=270, reason=Reason.CONVERTED)),
        (270, None, Advice(millimetres=270, reason=Reason.CONVERTED)),
    ],
)
def test_another_brands_size_is_compared_only_where_the_shop_has(
    worn_there: int, brand: str | None, advice: Advice
) -> None:
    found = size_advice.advise(
        worn_there=worn_there, brand=brand, compared=COMPARED, pairs=[KEPT], told=280
    )
    assert found == advice


@pytest.mark.parametrize(
    ("pairs", "told", "advice"),
    [
        ([RETURNED, KEPT], 280, Advice(millimetres=275, reason=Reason.BOUGHT, worn=KEPT)),
        ([RETURNED], 285, Advice(millimetres=285, reason=Reason.TOLD)),
        ([RETURNED], None, None),
    ],
)
def test_what_was_kept_counts_before_what_was_told_and_what_came_back_does_not(
    pairs: list[Worn], told: int | None, advice: Advice | None
) -> None:
    found = size_advice.advise(
        worn_there=None, brand=None, compared=COMPARED, pairs=pairs, told=told
    )
    assert found == advice


@pytest.mark.parametrize(
    ("text", "millimetres"),
    [
        ("EU 42", 265),
        ("eu42.5 신어요", 270),
        ("유럽 사이즈 44", 280),
        ("I wear a 43 EU", 270),
        ("European 40", 250),
        ("EUR 39", 245),
        ("EU 60", None),
        ("US 9", None),
        ("42", None),
    ],
)
def test_a_european_size_is_read_by_the_paris_point(text: str, millimetres: int | None) -> None:
    assert size_advice.european(text) == millimetres


@pytest.mark.parametrize(
    ("millimetres", "european"), [(250, "40"), (270, "43"), (280, "44"), (265, "42")]
)
def test_and_told_to_the_next_half(millimetres: int, european: str) -> None:
    assert size_advice.as_european(millimetres) == european
