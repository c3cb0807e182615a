"""Numbers of orders, as customers write them: with a word for it, in the shape of a shop's own
numbers (`SG-7KQ2M4XA`), or bare.

Must not decide whether there is such an order or whose it is: the actions do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entity import Entity

BARE = "bare"
"""Role of a number that may be an order's, and may as well be anything else."""

_START = r"(?<![A-Za-z0-9.,$₩+/-])"
_END = r"(?![A-Za-z0-9/-])(?![.,]\d)"
_NO_COUNT = (
    r"(?!\s*(?:원|만|천|달러|불|포인트|점|명|개|켤레|벌|년|년도|월|일|분|초|시간|살|km|kg|ml|mm|g\b|%|"
    r"p\b|dollars?|bucks?|won\b|usd|krw|points?|people|pairs?|percent|이하|이상|미만|초과|까지|정도))"
)
_LETTERED = r"[A-Za-z]{1,4}-(?:[A-Za-z0-9]+-)?[A-Za-z0-9]{3,12}"
_DIGITS = r"\d{3,20}(?:-\d{2,8})*"
_NAMED = (
    # 주문번호 1043, 주문 번호는 A-1043, order number: 1043, order no. 1043, order #1043, #1043
    re.compile(
        r"(?:(?:주문|오더)\s*번호\s*(?:[은는이가도]|로)?|\border\s*(?:number|num|no\.?|id|#)(?:\s*is)?|#|№)"
        rf"\s*[:：=]?\s*#?\s*(?P<number>{_LETTERED}|[A-Za-z]{{0,3}}{_DIGITS}){_END}",
        re.IGNORECASE,
    ),
    # my order 1043, 주문 1043, 주문건 1043
    re.compile(
        r"(?:주문\s*(?:건|한|했던|하신)?|\borders?)\s*[:：]?\s*"
        rf"(?P<number>[A-Za-z]{{0,3}}\d{{4,12}}){_NO_COUNT}{_END}",
        re.IGNORECASE,
    ),
    # no. 1043, number 1043
    re.compile(
        rf"\b(?:no\.|number|nr\.?)\s*(?P<number>\d{{4,12}}){_NO_COUNT}{_END}", re.IGNORECASE
    ),
    # 1043번, 1043 주문, 1043 어디쯤이에요
    re.compile(
        rf"{_START}(?P<number>\d{{4,12}})(?=\s*번(?!\s*버스)|\s*건(?![가-힣])"
        r"|\s*(?:주문|어디|언제|상태|조회|배송|취소|반품|환불|교환))"
    ),
)
_MAY_HOLD = re.compile(r"[\d-]")
_SHAPED = re.compile(rf"{_START}(?P<number>{_LETTERED}){_END}")
_YEAR = re.compile(r"\b(?:in|since|from|until|of)\s+$", re.IGNORECASE)
_FIRST_PART = re.compile(r"[A-Za-z]{1,3}-")
_NOT_OF_ORDERS = re.compile(
    r"(?:우편\s*번호|송장\s*번호|운송장\s*(?:번호)?|전화\s*번호|쿠폰\s*(?:번호|코드)?|인증\s*번호|코드|"
    r"\bzip(?:\s*code)?|\btracking(?:\s*(?:number|no\.?|#))?|\bcoupon(?:\s*code)?|\bcode|"
    r"\bphone(?:\s*number)?)"
    r"\s*(?:[은는이가도]|로|is)?\s*[:：=]?\s*$",
    re.IGNORECASE,
)
_BARE = re.compile(rf"{_START}(?P<number>\d{{4,10}}){_NO_COUNT}{_END}", re.IGNORECASE)


def find_order_numbers(text: str) -> Iterator[Entity]:
    """Entities `order_number`, in capitals; with role `bare` where only its shape speaks for it."""
    if _MAY_HOLD.search(text) is None:
        return
    for pattern in _NAMED:
        yield from _entities(text, pattern, role=None)
    for match in _SHAPED.finditer(text):
        if _is_like_an_order(match["number"]):
            yield from _entity(text, match, role=None)


def find_bare_numbers(text: str) -> Iterator[Entity]:
    """Entities `order_number` of role `bare`: four digits or more, without a word for what they
    are."""
    yield from _entities(text, _BARE, role=BARE)


def _entities(text: str, pattern: re.Pattern[str], *, role: str | None) -> Iterator[Entity]:
    for match in pattern.finditer(text):
        yield from _entity(text, match, role=role)


def _entity(text: str, match: re.Match[str], *, role: str | None) -> Iterator[Entity]:
    """Nothing where it is said to be the number of something else."""
    start, end = match.span("number")
    before, number = text[:start], match["number"]
    is_year = len(number) == 4 and number[:2] in ("19", "20") and _YEAR.search(before) is not None
    if not is_year and not _NOT_OF_ORDERS.search(before):
        yield Entity("order_number", number.upper(), start, end, role)


def _is_like_an_order(token: str) -> bool:
    """Short letters, then a part with digits, or eight capitals: neither "re-ordering" nor a name
    or a stock number ("haru-20", "SOR-NVY-270-R")."""
    first = _FIRST_PART.match(token)
    if first is None or token.count("-") > 1:
        return False
    rest = token[first.end() :]
    digits = sum(sign.isdigit() for sign in rest)
    return digits >= 3 or (len(rest) == 8 and (digits > 0 or rest.isupper()))
