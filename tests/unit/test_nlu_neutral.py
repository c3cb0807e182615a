"""What is in neither language for certain, so that a language asked for outlasts it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlu.neutral import is_neutral

CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "catalogue" / "products.yml"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "270",
        "😀",
        "ok",
        "OK!",
        "네",
        "응",
        "ㅇㅇ",
        "ㅋㅋ",
        "등산화",
        "릿지 GTX 270",
        "Ridge GTX?",
    ],
)
def test_names_sizes_and_a_short_yes_are_neutral(text: str) -> None:
    assert is_neutral(text)


def test_no_product_is_called_by_a_sentence() -> None:
    products = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["products"]
    names = [name for one in products for name in one["name"].values()]
    assert [name for name in names if not is_neutral(name)] == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "270 있어요?",
            "고마워",
            "릿지 주세요",
            "얼마예요",
            "배송 언제",
            "추천해 줘",
            "이거",
            "봤어",
        ),
        *("hello", "do you have the Ridge GTX in 9?", "too expensive", "Thanks!"),
    ],
)
def test_what_only_one_language_says_is_not(text: str) -> None:
    assert not is_neutral(text)
