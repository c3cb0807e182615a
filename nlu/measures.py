"""Sizes, widths, sums of money and days of the year, found by pattern.

Must not decide what a number means for the customer: the actions do, with the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from nlu.entity import Entity, longest_first



def find_measures(text: str) -> list[Entity]:
    """Entities `size`, `width`, `money` and `date` in order, without overlap."""
    numbers = longest_first([*_money(text), *_dates(text)])
    sizes = [
        size
        for size in _sizes(text)
        if all(size.end <= other.start or other.end <= size.start for other in numbers)
    ]
    return longest_first([*numbers, *sizes, *_widths(text)])


# --- sizes -------------------------------------------------------------------------------------

_NOT_A_COUNT = (
    r"(?![\d,:/])(?!\.\d)(?!\s*(?:원|만|천|백|명|개|켤레|벌|번|년|월|일|분|시|살|세|불|달러|그램|킬로|리터|층|"
    r"퍼센트|포인트|호선|미터|%|dollars?|bucks?|usd|km|kg|g\b|l\b|liters?|litres?|am\b|pm\b|"
    r"years?|months?|days?|hours?|minutes?|people|miles?))"
)
_MILLIMETRES = re.compile(
    r"(?<![\d.,$#₩/-])(?<!no )(2[0-9][05]|3[0-2][05])(?:\s*(?:mm|밀리))?" + _NOT_A_COUNT, re.I
)
_CENTIMETRES = re.compile(r"(?<![\d.])(1\d|2\d|3[0-2])(\.5)?\s*(?:cm|센치|센티)", re.I)
_KOREAN_SIZE = re.compile(
    r"(?<![\d.,$#₩/-])([7-9][05]|1[0-9][05])(?:\s*(?:mm|밀리|호|사이즈))?" + _NOT_A_COUNT, re.I
)
_CLOTHING_CONTEXT = re.compile(
    "사이즈|치수|아이|애기|아기|애는|애가|우리 애|키즈|아동|유아|딸|아들|조카|손주|입|신|옷|패딩|재킷|자켓|바지|"
    "상의|티셔츠|양말|있|재고|남았|kid|child|son\\b|daughter|toddler|baby|wear|size|shoe|jacket|available|left",
    re.I,
)
_HALF = r"(\d{1,2})(?:(\.5)|(\.0)|( ?½| 1/2| and a half))?"
_AMERICAN = re.compile(
    r"(?:\b(?:us|size|sz|sizes|men'?s|women'?s|mens|womens|kids|사이즈)\s*(?:is|are|a|an|:|#)?\s*"
    r"|\bin (?:a |an )?|\b(?:wear|take|wears|takes)s? (?:a |an |us )?|\bi'?m (?:a |an )"
    r"|\bis an? |\bam an? )" + _HALF + r"(?=s?\b)(?!\s*/)" + _NOT_A_COUNT,
    re.I,
)
_WIDTH_AFTER = re.compile(r"(?<![\d.$])" + _HALF + r"(?=\s*(?:wides?|w|ww|2e|4e|와이드)\b)", re.I)
_HALF_SIZE = re.compile(r"(?<![\d.$,])(\d{1,2})(?:(\.5)|(\.0\b)|( ?½| 1/2))" + _NOT_A_COUNT, re.I)
_LETTERS = re.compile(r"(?<![\w'’&])(?:XXXL|XXL|XXS|[2-4]XL|XL|XS|[SML])(?![A-Za-z'’&])")
_LETTERS_SMALL = re.compile(
    r"(?<![\w'’&])(?:xxxl|xxl|xxs|[2-4]xl|xl|xs|[sml](?=\s*(?:사이즈|size)))(?![A-Za-z'’&])"
    r"|(?<=size )[sml]\b|(?<=사이즈 )[sml]\b",
    re.I,
)
_LETTER_WORDS = {
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
_LETTER_WORD = re.compile(
    r"(?:\b(?:in|size|a|an|is|any|usually|got|the)\s+(?:size\s+)?)"
    r"((?:extra |x-)?(?:small|medium|large))s?"
    r"(?=\s*(?:[?.,!]|$|in\b|left|please|available|jackets?|size|and\b|or\b|for\b|too\b))"
    r"|(엑스라지|스몰|미디엄|미디움|라지)(?=\s|$|사이즈|은|는|이|가|를|로|도|있|요|예|[?.,!])",
    re.I,
)


def _sizes(text: str) -> Iterator[Entity]:
    for match in _MILLIMETRES.finditer(text):
        yield _entity("size", match.group(1), match)
    for match in _CENTIMETRES.finditer(text):
        if match.group(2) or int(match.group(1)) >= 20:
            yield _entity("size", str(round(float(match.group(1) + (match.group(2) or "")) * 10)), match)
    if _CLOTHING_CONTEXT.search(text) or _KOREAN_SIZE.fullmatch(text.strip()):
        for match in _KOREAN_SIZE.finditer(text):
            yield _entity("size", match.group(1), match)
    for pattern in (_AMERICAN, _WIDTH_AFTER, _HALF_SIZE):
        for match in pattern.finditer(text):
            whole, half, _, fraction = match.groups()
            if 1 <= int(whole) <= 16:
                start, end = match.start(1), match.end()
                value = whole + (".5" if half or fraction else "")
                yield Entity("size", value, start, end)
    for pattern in (_LETTERS, _LETTERS_SMALL):
        for match in pattern.finditer(text):
            yield _entity("size", match.group().upper(), match)
    for match in _LETTER_WORD.finditer(text):
        group = 1 if match.group(1) else 2
        value = _LETTER_WORDS[match.group(group).lower()]
        yield Entity("size", value, match.start(group), match.end(group))


def _entity(kind: str, value: str, match: re.Match[str]) -> Entity:
    return Entity(kind, value, match.start(), match.end())


# --- widths ------------------------------------------------------------------------------------

_WIDTHS = (
    ("wide", re.compile(r"와이드|발볼\S{0,2}\s*(?:좀|꽤|많이|엄청|아주|너무|조금)?\s*(?:넓|크|큰|커|넓은)|"
                        r"(?<![가-힣])볼이?\s*(?:좀|꽤|많이)?\s*넓|넓은\s*(?:발볼|볼|발)|칼발\s*아닌|"
                        r"\b(?:extra |too |pretty |very |really |quite )?(?:wides?|broad|2e|4e|ee)\b(?! selection| range| variety)", re.I)),
    ("narrow", re.compile(r"발볼\S{0,2}\s*(?:좀|꽤|많이|엄청|아주|너무|조금)?\s*(?:좁|작)|칼발|좁은\s*발볼|\bnarrow\b", re.I)),
    ("regular", re.compile(r"보통\s*(?:발볼|폭|볼)|\bregular width\b|\bstandard width\b", re.I)),
)


def _widths(text: str) -> Iterator[Entity]:
    for value, pattern in _WIDTHS:
        for match in pattern.finditer(text):
            yield _entity("width", value, match)


# --- money -------------------------------------------------------------------------------------

_DIGITS = {name: at for at, name in enumerate("영일이삼사오육칠팔구")}
_WON = re.compile(
    r"(?<![\d.,])(?:(\d+(?:\.\d+)?)\s*만(?:\s*(\d)\s*천)?\s*원?|(\d)\s*천\s*원|(\d[\d,]{2,})\s*원)"
)
_WON_WORDS = re.compile(r"(?<![가-힣])([일이삼사오육칠팔구]?십)?([일이삼사오육칠팔구])?\s*만\s*원")
_DOLLARS = re.compile(
    r"\$\s*(\d[\d,]*(?:\.\d{1,2})?)|(?<![\d.,])(\d[\d,]*(?:\.\d{1,2})?)\s*(?:dollars?|bucks?|usd|불|달러)\b",
    re.I,
)
_BEFORE = (
    ("at_most", re.compile(r"(?:under|below|less than|up to|max(?:imum)?|within|no more than|not more than|"
                           r"cheaper than|more than(?=.{0,4}$)|at most|<)\s*(?:about\s*)?$", re.I)),
    ("at_least", re.compile(r"(?:over|above|more than|at least|from|>)\s*$", re.I)),
    ("around", re.compile(r"(?:around|about|roughly|approximately|some|~)\s*$", re.I)),
)
_REFUSED_MORE = re.compile(r"(?:\bno|\bnot|n't|never)\b.{0,25}\bmore than\s*$", re.I)
_AFTER = (
    ("at_most", re.compile(r"\s*(?:이하|미만|안쪽|이내|안으로|안에서|까지|아래|밑|언더|선에서|내로|안\s*넘|or less|max|tops)", re.I)),
    ("at_least", re.compile(r"\s*(?:이상|넘|초과|부터|or more)", re.I)),
    ("around", re.compile(r"\s*(?:정도|쯤|대|전후|내외|or so|ish)", re.I)),
)


def _money(text: str) -> Iterator[Entity]:
    for match in _WON.finditer(text):
        tens, thousands, only_thousands, plain = match.groups()
        amount = float(tens or 0) * 10_000 + int(thousands or only_thousands or 0) * 1_000
        if plain:
            amount = int(plain.replace(",", ""))
        yield _sum(text, match, f"{round(amount)} KRW")
    for match in _WON_WORDS.finditer(text):
        ten, one = match.groups()
        count = (_DIGITS.get(ten[0], 1) * 10 if ten else 0) + (_DIGITS[one] if one else 0)
        yield _sum(text, match, f"{(count or 1) * 10_000} KRW")
    for match in _DOLLARS.finditer(text):
        amount = float((match.group(1) or match.group(2)).replace(",", ""))
        yield _sum(text, match, f"{amount:g} USD")


def _sum(text: str, match: re.Match[str], value: str) -> Entity:
    before, after = text[: match.start()], text[match.end() :]
    role = next((role for role, pattern in _AFTER if pattern.match(after)), None)
    if role is None and _REFUSED_MORE.search(before):
        role = "at_most"
    role = role or next((role for role, pattern in _BEFORE if pattern.search(before)), None)
    return Entity("money", value, match.start(), match.end(), role)


# --- days of the year --------------------------------------------------------------------------

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:,?\s*((?:19|20)\d\d))?"
_KOREAN_DATE = re.compile(r"(?:((?:19|20)\d\d|\d\d)\s*년\s*)?(\d{1,2})\s*월\s*(\d{1,2})\s*일")
_ISO_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})(?!\d)")
_SLASH_DATE = re.compile(r"(?<![\d/.])(?<!\d )(\d{1,2})/(\d{1,2})(?:/((?:19|20)\d\d))?(?![\d/])")
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}", re.I)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b{_YEAR}", re.I)


def _dates(text: str) -> Iterator[Entity]:
    for match in (*_KOREAN_DATE.finditer(text), *_ISO_DATE.finditer(text)):
        yield from _day(match, match.group(1), int(match.group(2)), match.group(3))
    for match in _SLASH_DATE.finditer(text):
        yield from _day(match, match.group(3), int(match.group(1)), match.group(2))
    for match in _MONTH_FIRST.finditer(text):
        yield from _day(match, match.group(3), _month(match.group(1)), match.group(2))
    for match in _DAY_FIRST.finditer(text):
        yield from _day(match, match.group(3), _month(match.group(2)), match.group(1))


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _day(match: re.Match[str], year: str | None, month: int, day: str) -> Iterator[Entity]:
    """`YYYY-MM-DD`, or `MM-DD` without a year; nothing for a day that does not exist."""
    if year is not None and len(year) == 2:
        year = ("19" if int(year) >= 50 else "20") + year
    try:
        found = date(int(year or 2000), month, int(day))
    except ValueError:
        return
    yield _entity("date", found.isoformat() if year else f"{found:%m-%d}", match)
