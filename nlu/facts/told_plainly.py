"""Sizes and names that are plain only where somebody tells of a person: "I'm a 9.5", "wears
small", "저는 박지훈이에요". Elsewhere such a word may be anything, so the shop's entities do not
know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entity import Entity

_NO_MEASURE = (
    r"(?!\s*(?:years?|yrs?|months?|days?|weeks?|hours?|minutes?|miles?|mi\b|k\b|km|kg|lbs?|stars?|"
    r"percent|%|dollars?|bucks?|people|items?|살|세|년|월|일|시|분|원|만|명|개|번|층|킬로|km))"
)
_HALF = re.compile(rf"(?<![\d.,$₩/-])(\d{{1,2}}\.5)(?![\d.]){_NO_MEASURE}", re.IGNORECASE)
_ONE_OF_A_SIZE = re.compile(
    rf"\b(?:an?|size)\s+(\d{{1,2}}(?:\.5|½| 1/2)?)(?![\d.,:/-]\d|[-\w]){_NO_MEASURE}"
    r"(?=\s*(?:$|[.,!?;]|(?:in|for|wide|narrow|here|now|usually|and|but|not|or|too|these)\b))",
    re.IGNORECASE,
)
_WORDS_OF_NUMBERS = {
    "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
}  # fmt: skip
_IN_WORDS = re.compile(
    r"\b(?:size|wears?|takes?|an?|['’]m|am)\s+(?:an?\s+)?"
    rf"((?:{'|'.join(_WORDS_OF_NUMBERS)})"
    rf"(?:\s+and\s+a\s+half)?){_NO_MEASURE}(?=\s*(?:$|[.,!?;]|(?:in|wide|narrow|and|but|or)\b))",
    re.IGNORECASE,
)
_WOMENS = re.compile(
    r"(?<![\d.,-])(44|55|66|77|88)(?:반)?(?=\s?(?:사이즈|싸이즈|치수|입|이에요|예요|입니다|이야|이고|인데|이요|요))"
)
_OF_CLOTHES = re.compile(
    "입|옷|사이즈|싸이즈|상의|하의|바지|치마|원피스|블라우스|재킷|자켓|코트|셔츠|티"
)
_LETTER_WORD = re.compile(
    r"(?:\b(?:wears?|takes?|usually|generally|normally|fits?|am|is|are|be)|['’][sm])\s+(?:an?\s+|size\s+)*"
    r"((?:extra[ -]|x-)?(?:small|medium|large))s?\b"
    r"(?!\s+(?:dog|cat|family|feet|foot|hands?|person|company|fan|fee|amount|order|town|city))",
    re.IGNORECASE,
)
_LETTER_FIRST = re.compile(
    r"\b((?:extra[ -]|x-)?(?:small|medium|large))s?"
    r"(?=\s+(?:is my size|is what I|works? for me|usually fits?|fits? me|for me))",
    re.IGNORECASE,
)
_LETTERS = {"small": "S", "medium": "M", "large": "L"}
_LARGEST_AMERICAN = 16
SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허남심노하곽성"
    "차주우구민유진지엄채원천방공현함변"
)
_KOREAN_NAME = re.compile(
    rf"(?:저는|전|제가|나는|난)\s*([{SURNAMES}][가-힣]{{2}}?)(?=이에요|예요|입니다|이라고|라고|이고)"
)
_CALLED = re.compile("(?<![가-힣])([가-힣]{2,4}?)(?:이라고|라고)\\s*(?:불러|부르|합니다|해요)")
_OF_A_CHILD = re.compile(
    r"(?:첫째|둘째|셋째|막내|큰애|작은애|손자|손녀|쌍둥이|꼬맹이)\S*\s+(?:\S+\s+)?(?<!\d)(1[0-9][05]|[7-9][05])(?!\d)"
)
_KOREAN_HALF = re.compile(r"(?<![\d.])(2[2-9])\.5(?=\s*(?:신|을|를|로|이에요|입니다|사이즈))")
"""27.5 of feet measured in centimetres."""
_SINO_KOREAN = re.compile(
    r"(?<![가-힣])(?P<hundreds>[이삼])백(?P<tens>[일이삼사오육칠팔구]?십)?(?P<five>오)?"
    r"(?=[\s이요을으신예]|$)"
)
_SINO_DIGITS = {name: at for at, name in enumerate("영일이삼사오육칠팔구")}
_ENGLISH_NAME = re.compile(
    r"(?:\bI['’]m|\bI am|\b[Tt]his is|\b[Ii]t['’]s)\s+([A-Z][a-z]{2,})"
    r"(?=\s*(?:$|[,.!]|here\b|and I\b|by the way))"
    r"|(?:^|[,.!]\s+)([A-Z][a-z]{2,})(?= here\s*(?:$|[,.!]))"
)
_NO_NAME = frozenset(
    re.findall(
        "[A-Z][a-z]+",
        """
        Catholic Christian Jewish Muslim Buddhist Hindu Mormon Korean American Canadian Mexican
        Irish Italian Chinese Japanese British English Vegan Asian European Diabetic Monday Tuesday
        Wednesday Thursday Friday Saturday Sunday January February March April May June July August
        September October November December Christmas Anyone Nobody Someone Everyone
        Everything Something Mom Dad Newbie Hello Sorry Fine Good Okay Just Not Great
        """,
    )
)


def find_told_plainly(text: str) -> Iterator[Entity]:
    """Entities `size` and `name`."""
    for pattern in (_HALF, _ONE_OF_A_SIZE):
        for match in pattern.finditer(text):
            value = match.group(1).replace("½", ".5").replace(" 1/2", ".5")
            if 3 <= float(value) <= _LARGEST_AMERICAN:
                yield Entity("size", value, match.start(1), match.end(1))
    for match in _IN_WORDS.finditer(text):
        number, _, half = match.group(1).lower().partition(" ")
        value = f"{_WORDS_OF_NUMBERS[number]}{'.5' if half else ''}"
        yield Entity("size", value, match.start(1), match.end(1))
    if _OF_CLOTHES.search(text):
        for match in _WOMENS.finditer(text):
            yield Entity("size", match.group(1), match.start(), match.end())
    for match in (*_LETTER_WORD.finditer(text), *_LETTER_FIRST.finditer(text)):
        said = match.group(1).lower()
        letter = _LETTERS[re.split("[ -]", said)[-1]]
        value = f"X{letter}" if said.startswith(("extra", "x-")) else letter
        yield Entity("size", value, match.start(1), match.end(1))
    for match in _KOREAN_HALF.finditer(text):
        yield Entity("size", match.group(1) + "5", match.start(), match.end())
    for match in _OF_A_CHILD.finditer(text):
        yield Entity("size", match.group(1), match.start(1), match.end(1))
    for match in _SINO_KOREAN.finditer(text):
        tens = match["tens"]
        number = _SINO_DIGITS[match["hundreds"]] * 100 + (5 if match["five"] else 0)
        number += (_SINO_DIGITS.get(tens[0], 1) * 10) if tens else 0
        yield Entity("size", str(number), match.start(), match.end())
    for match in (
        *_CALLED.finditer(text),
        *_KOREAN_NAME.finditer(text),
        *_ENGLISH_NAME.finditer(text),
    ):
        at = match.lastindex or 1
        if match.group(at) not in _NO_NAME:
            yield Entity("name", match.group(at), match.start(at), match.end(at))
