"""How many of a thing are wanted ("두 켤레", "two pairs", "3 of them"), found by pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entity import Entity

_KOREAN = {
    **dict.fromkeys(("한", "하나"), 1),
    **dict.fromkeys(("두", "둘"), 2),
    **dict.fromkeys(("세", "셋"), 3),
    **dict.fromkeys(("네", "넷"), 4),
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
}
_ENGLISH = {
    "one": 1,
    "two": 2,
    "a couple of": 2,
    "a couple": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_COUNTED_KO = re.compile(
    rf"(?<![\d.가-힣])(\d{{1,2}}|{'|'.join(_KOREAN)})\s*(?:켤레|벌|개|족|세트|상자|박스|장(?![가-힣]))"
    r"(?!\s*(?:월|년|번째|입|들이))"
)
_COUNTED_EN = re.compile(
    rf"(?<![\d.$])\b(\d{{1,2}}|{'|'.join(_ENGLISH)})\s+"
    r"(?:pairs?|pcs|pieces|sets|boxes|of (?:them|those|these))\b"
    r"|\b(\d{1,2})\s?x\s+(?=[A-Za-z])",
    re.IGNORECASE,
)
_MAY_HOLD = re.compile(r"켤레|벌|개|족|세트|상자|박스|장|pair|pcs|pieces|sets|boxes|of\s|\d\s?x")


def find_quantities(text: str) -> Iterator[Entity]:
    """Entities `quantity`: "2"."""
    if _MAY_HOLD.search(text.casefold()) is None:
        return
    for match in _COUNTED_KO.finditer(text):
        yield from _entity(match, _KOREAN.get(match[1]))
    for match in _COUNTED_EN.finditer(text):
        said = match[1] or match[2]
        yield from _entity(match, _ENGLISH.get(said.lower()))


def _entity(match: re.Match[str], in_words: int | None) -> Iterator[Entity]:
    count = int(match[1] or match[2]) if in_words is None else in_words
    if count > 0:
        yield Entity("quantity", str(count), match.start(), match.end())
