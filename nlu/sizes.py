"""Sizes of shoes and clothes, Korean and American, and widths of feet, found by pattern.

Must not decide whose size it is or what a number means for an order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entity import Entity

_NOT_A_COUNT = (
    r"(?![\d:/])(?![.,]\d)(?!\s*(?:원|만|천|백|명|개|켤레|벌|번|년|월|일|분|시|살|세|불|달러|그램|킬로|"
    r"리터|층|퍼센트|포인트|호선|미터|%|dollars?|bucks?|usd|km|kg|g\b|l\b|lit(?:er|re)s?|am\b|pm\b|"
    r"years?|months?|days?|hours?|minutes?|people|miles?))"
)
_MILLIMETRES = re.compile(
    r"(?<![\d.,$#₩/-])(2[0-9][05]|3[0-2][05])(?:\s*(?:mm|밀리))?" + _NOT_A_COUNT, re.IGNORECASE
)
_CENTIMETRES = re.compile(r"(?<![\d.])(2\d|3[0-2])(\.5)?\s*(?:cm|센치|센티)", re.IGNORECASE)
# Clothes (85–110), children's clothes by height (70–170) and children's shoes (110–195).
_SMALLER = re.compile(
    r"(?<![\d.,$#₩/-])([7-9][05]|1[0-9][05])(?:\s*(?:mm|밀리|호|사이즈))?" + _NOT_A_COUNT,
    re.IGNORECASE,
)
_SMALLER_CONTEXT = re.compile(
    "사이즈|치수|아이|애기|아기|애는|애가|우리 애|키즈|아동|유아|딸|아들|조카|손주|입|신|옷|"
    "패딩|재킷|자켓|바지|상의|티셔츠|양말|있|재고|남았|"
    "kid|child|son\\b|daughter|toddler|baby|wear|size|shoe|jacket|available|left",
    re.IGNORECASE,
)
_NUMBER = r"(\d{1,2})(\.5| ?½| 1/2| and a half)?(?:\.0)?"
_AMERICAN = (
    re.compile(
        r"(?:\b(?:us|size|sz|sizes|men'?s|women'?s|kids|사이즈)\s*(?:is|are|a|an|:|#)?\s*"
        r"|\bin (?:an? )?|\b(?:wear|take|wears|takes) (?:an? |us )?|\b(?:i'?m|is|am) an? )"
        + _NUMBER
        + r"(?=s?\b)"
        + _NOT_A_COUNT,
        re.IGNORECASE,
    ),
    re.compile(rf"(?<![\d.$]){_NUMBER}(?=\s*(?:wides?|w|2e|4e|와이드)\b)", re.IGNORECASE),
    re.compile(r"(?<![\d.$,])(\d{1,2})(\.5| ?½| 1/2)" + _NOT_A_COUNT, re.IGNORECASE),
)
_LARGEST_AMERICAN = 16
_LETTERS = (
    re.compile(r"(?<![\w'’&])(?:XXXL|XXL|XXS|[2-4]XL|XL|XS|[SML])(?![A-Za-z'’&])"),
    re.compile(
        r"(?<![\w'’&])(?:xxxl|xxl|xxs|[2-4]xl|xl|xs|[sml](?=\s*(?:사이즈|size)))(?![a-z'’&])"
        r"|(?<=size )[sml]\b|(?<=사이즈 )[sml]\b",
        re.IGNORECASE,
    ),
)
_LETTER_OF_WORD = {
    "extra small": "XS",
    "small": "S",
    "medium": "M",
    "large": "L",
    "extra large": "XL",
    "x-large": "XL",
    "스몰": "S",
    "미디엄": "M",
    "미디움": "M",
    "라지": "L",
    "엑스라지": "XL",
}
_WORD_SIZES = (
    re.compile(
        r"\b(?:in|size|a|an|is|any|usually|got|the)\s+(?:size\s+)?"
        r"((?:extra |x-)?(?:small|medium|large))s?"
        r"(?=\s*(?:[?.,!]|$|(?:in|left|please|available|jackets?|size|and|or|for|too)\b))",
        re.IGNORECASE,
    ),
    re.compile(
        r"(엑스라지|스몰|미디엄|미디움|라지)(?=\s|$|사이즈|은|는|이|가|를|로|도|있|요|예|[?.,!])"
    ),
)
_MAY_HOLD_LETTERS = re.compile("[SMLXx]|ize|mall|edium|arge|사이즈|스몰|미디|라지")
_VERY = r"(?:좀|꽤|많이|엄청|아주|너무|조금)?"
_WIDTHS = {
    "wide": re.compile(
        rf"와이드|발볼\S{{0,2}}\s*{_VERY}\s*(?:넓|크|큰|커)|(?<![가-힣])볼이?\s*{_VERY}\s*넓"
        r"|넓은\s*(?:발볼|볼|발)|\b(?:wides?|broad|2e|4e|ee)\b(?! selection| range| variety)",
        re.IGNORECASE,
    ),
    "narrow": re.compile(
        rf"발볼\S{{0,2}}\s*{_VERY}\s*(?:좁|작)|칼발|좁은\s*발볼|\bnarrow\b", re.IGNORECASE
    ),
    "regular": re.compile(r"보통\s*(?:발볼|폭|볼)|\b(?:regular|standard) width\b", re.IGNORECASE),
}
_MAY_HOLD_WIDTHS = re.compile("와이드|볼|칼발|넓은|wide|broad|2e|4e|ee|narrow|width")


def find_numbered_sizes(text: str) -> Iterator[Entity]:
    """Entities `size`: "270" (mm), "9.5" (US), "90" (clothes, children)."""
    for match in _MILLIMETRES.finditer(text):
        yield _entity(match.group(1), match)
    for match in _CENTIMETRES.finditer(text):
        yield _entity(match.group(1) + ("5" if match.group(2) else "0"), match)
    if _SMALLER_CONTEXT.search(text) or _SMALLER.fullmatch(text.strip()):
        yield from (_entity(match.group(1), match) for match in _SMALLER.finditer(text))
    yield from _american_sizes(text)


def find_lettered_sizes(text: str) -> Iterator[Entity]:
    """Entities `size`: "M", "XL", also from words ("extra large")."""
    if _MAY_HOLD_LETTERS.search(text) is None:
        return
    for pattern in _LETTERS:
        yield from (_entity(match.group().upper(), match) for match in pattern.finditer(text))
    for pattern in _WORD_SIZES:
        for match in pattern.finditer(text):
            value = _LETTER_OF_WORD[match.group(1).lower()]
            yield Entity("size", value, match.start(1), match.end(1))


def _american_sizes(text: str) -> Iterator[Entity]:
    for pattern in _AMERICAN:
        for match in pattern.finditer(text):
            if 1 <= int(match.group(1)) <= _LARGEST_AMERICAN:
                value = match.group(1) + (".5" if match.group(2) else "")
                yield Entity("size", value, match.start(1), match.end())


def _entity(value: str, match: re.Match[str]) -> Entity:
    return Entity("size", value, match.start(), match.end())


def find_widths(text: str) -> Iterator[Entity]:
    """Entities `width`: wide, narrow or regular."""
    if _MAY_HOLD_WIDTHS.search(text.casefold()) is None:
        return
    for value, pattern in _WIDTHS.items():
        for match in pattern.finditer(text):
            yield Entity("width", value, match.start(), match.end())
