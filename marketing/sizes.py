"""Sizes of shoes and clothes: what a customer's word for one can mean, and how it is told back.

Conversions are those of the catalogue (docs/catalogue.md): US men's = mm / 10 − 18, women's
= mm / 10 − 17; Korean chest sizes 85–110 are XS–XXL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SHOES_MM = range(200, 325, 5)
"""Shoe sizes of adults in millimetres."""
CHILDRENS_SHOES_MM = range(110, 235, 5)
CHILDRENS_HEIGHTS_CM = range(70, 165, 5)
LETTERS = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL", "2XL", "3XL", "4XL")
CHEST_TO_LETTER = {"85": "XS", "90": "S", "95": "M", "100": "L", "105": "XL", "110": "XXL"}
CHILDS_SIZE_HOLDS = timedelta(days=180)
"""Children grow about a size in half a year."""
_US = re.compile(r"\d{1,2}(\.5)?")
_MENS, _WOMENS = 18, 17


@dataclass(frozen=True, kw_only=True)
class ShoeSize:
    """A length of foot in millimetres."""

    millimetres: int


@dataclass(frozen=True, kw_only=True)
class ClothingSize:
    """A letter, a chest size or a child's height, as said."""

    label: str


def meant(said: str, *, of_child: bool = False, of_woman: bool = False) -> object | None:
    """The ShoeSize or ClothingSize that a customer means by `said` when telling what they wear;
    None if there is no such size. American numbers are men's unless it is said of a woman."""
    word = said.strip().upper()
    if word in LETTERS:
        return ClothingSize(label=word)
    if word.isdigit() and len(word) >= 2 and int(word) >= 70:
        return _of_number(int(word), of_child)
    if _US.fullmatch(word) and not of_child:
        millimetres = round((float(word) + (_WOMENS if of_woman else _MENS)) * 10)
        return ShoeSize(millimetres=millimetres) if millimetres in SHOES_MM else None
    return None


def _of_number(number: int, of_child: bool) -> object | None:
    if of_child and number in CHILDRENS_SHOES_MM and number > max(CHILDRENS_HEIGHTS_CM):
        return ShoeSize(millimetres=number)
    if number in SHOES_MM:
        return ShoeSize(millimetres=number)
    if of_child and number in CHILDRENS_HEIGHTS_CM:
        return ClothingSize(label=str(number))
    if str(number) in CHEST_TO_LETTER:
        return ClothingSize(label=str(number))
    return None


def labels(said: str) -> frozenset[str]:
    """Every label under which a catalogue may list the size that is called `said`."""
    word = said.strip().upper()
    found = {word, word.lower()}
    if word in CHEST_TO_LETTER:
        found.add(CHEST_TO_LETTER[word])
    return frozenset(found)


def american(millimetres: int) -> str:
    """The US men's size of a length: 275 → `9.5`."""
    return f"{millimetres / 10 - _MENS:g}"


def is_outgrown(kind: str, *, of_child: bool, told_at: datetime, now: datetime) -> bool:
    """True for a child's size that was told too long ago to be proposed: it is asked again."""
    is_size = kind in ("shoe_size", "clothing_size")
    return is_size and of_child and now - told_at > CHILDS_SIZE_HOLDS


def next_larger(kind: str, value: object) -> str | None:
    """A child's next size: shoes go by 5 mm, clothes by 10 cm of height. None for what is no such
    number, or has none above it."""
    grown = str(value)
    if not grown.isdigit():
        return None
    larger = int(grown) + (5 if kind == "shoe_size" else 10)
    within = CHILDRENS_SHOES_MM if kind == "shoe_size" else CHILDRENS_HEIGHTS_CM
    return str(larger) if larger in within else None


def in_order(sizes: Iterable[str]) -> list[str]:
    """Sizes from small to large, letters after numbers."""
    return sorted(set(sizes), key=_rank)


def _rank(size: str) -> tuple[int, float, str]:
    if size.upper() in LETTERS:
        return (1, LETTERS.index(size.upper()), size)
    digits = re.match(r"\d+(?:\.\d+)?", size)
    return (0, float(digits.group()), size) if digits else (2, 0, size)
