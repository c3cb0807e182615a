"""Sums of money in won and dollars, with whether they are a ceiling, a floor or about right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entity import Entity

_WON = re.compile(
    r"(?<![\d.,])(?:(\d+(?:\.\d+)?)\s*만(?:\s*(\d)\s*천)?\s*원?|(\d)\s*천\s*원|(\d[\d,]{2,})\s*원)"
)
_WON_IN_WORDS = re.compile(
    r"(?<![가-힣])([일이삼사오육칠팔구]?십)?([일이삼사오육칠팔구])?\s*만\s*원"
)
_DOLLARS = re.compile(
    r"\$\s*(\d[\d,]*(?:\.\d{1,2})?)"
    r"|(?<![\d.,])(\d[\d,]*(?:\.\d{1,2})?)\s*(?:(?:dollars?|bucks?|usd)\b|불|달러)",
    re.IGNORECASE,
)
_DIGITS = {name: at for at, name in enumerate("영일이삼사오육칠팔구")}

_REFUSES_MORE = re.compile(r"(?:\bno|\bnot|n't|\bnever)\b.{0,25}\bmore than\s*$", re.IGNORECASE)
_BEFORE = {
    "at_most": re.compile(
        r"(?:under|below|less than|up to|max(?:imum)?|within|cheaper than|at most|<)"
        r"\s*(?:about\s*)?$",
        re.IGNORECASE,
    ),
    "at_least": re.compile(r"(?:over|above|more than|at least|from|>)\s*$", re.IGNORECASE),
    "around": re.compile(r"(?:around|about|roughly|approximately|some|~)\s*$", re.IGNORECASE),
}
_AFTER = {
    "at_most": re.compile(
        r"\s*(?:이하|미만|안쪽|이내|안으로|안에서|까지|아래|밑|언더|선에서|내로|안\s*넘"
        r"|or less|max|tops)",
        re.IGNORECASE,
    ),
    "at_least": re.compile(r"\s*(?:이상|넘|초과|부터|or more)", re.IGNORECASE),
    "around": re.compile(r"\s*(?:정도|쯤|대|전후|내외|or so|ish)", re.IGNORECASE),
}


def find_money(text: str) -> Iterator[Entity]:
    """Entities `money`: "100000 KRW" or "99.50 USD"; role at_most, at_least, around or none."""
    for match in _WON.finditer(text):
        tens, thousands, only_thousands, plain = match.groups()
        amount = float(tens or 0) * 10_000 + int(thousands or only_thousands or 0) * 1_000
        if plain:
            amount = int(plain.replace(",", ""))
        yield _sum(text, match, f"{round(amount)} KRW")
    yield from find_won_in_words(text)
    for match in _DOLLARS.finditer(text):
        amount = float((match.group(1) or match.group(2)).replace(",", ""))
        yield _sum(text, match, f"{amount:.2f}".removesuffix(".00") + " USD")


def find_won_in_words(text: str) -> Iterator[Entity]:
    """Entities `money` of sums without a digit: "십오만 원"."""
    if "만" not in text:
        return
    for match in _WON_IN_WORDS.finditer(text):
        yield _sum(text, match, f"{_count_in_words(*match.groups()) * 10_000} KRW")


def _count_in_words(tens: str | None, ones: str | None) -> int:
    """십오 is 15; nothing before 만 is 1."""
    count = _DIGITS.get(tens[0], 1) * 10 if tens else 0
    return count + (_DIGITS[ones] if ones else 0) or 1


def _sum(text: str, match: re.Match[str], value: str) -> Entity:
    role = _role(text[: match.start()], text[match.end() :])
    return Entity("money", value, match.start(), match.end(), role)


def _role(before: str, after: str) -> str | None:
    for role, pattern in _AFTER.items():
        if pattern.match(after):
            return role
    if _REFUSES_MORE.search(before):
        return "at_most"
    return next((role for role, pattern in _BEFORE.items() if pattern.search(before)), None)
