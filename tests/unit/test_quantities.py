"""How many are wanted, told apart from places, dates and sizes."""

from __future__ import annotations

import pytest

from nlu.quantities import find_quantities


@pytest.mark.parametrize(
    ("said", "quantities"),
    [
        ("2켤레 살게요", ["2"]),
        ("릿지 GTX 270 두 켤레요", ["2"]),
        ("양말 세개 주문할게요", ["3"]),
        ("티셔츠 한 벌", ["1"]),
        ("two pairs please", ["2"]),
        ("I'd like 3 of them", ["3"]),
        ("2x Sori Road", ["2"]),
        ("a couple of pairs", ["2"]),
        ("두 번째 거 얼마예요?", []),
        ("3개월 뒤에요", []),
        ("270 있어요?", []),
        ("size 9.5 pairs well with this", []),
        ("the second pair", []),
        ("0개", []),
        ("다음 세 개 중에", ["3"]),
        ("one of them is fine", ["1"]),
    ],
)
def test_how_many(said: str, quantities: list[str]) -> None:
    assert [one.value for one in find_quantities(said)] == quantities
