"""What the cells of an import mean: moments, days, amounts, numbers, yes and no, as Korean and
American shops write them. Every refusal is a `NotRead` with what was there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from command.import_errors import NotRead
from marketing import phone_numbers

LONGEST_ID = 200
LONGEST_TEXT = 4000
_EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001 - by the shop's clock, as Excel counts
_EXCEL_DAYS = (20_000, 80_000)
"""Days since then that are taken for a date: 1954 to 2119."""
_LARGEST = Decimal(10) ** 12
_MOST = 2**31 - 1

_DATE = r"(?P<year>\d{4})\s*[-./년]\s*(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})\s*[.일]?"
_AMERICAN_DATE = r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})"
_SHORT_DATE = r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
_TIME = (
    r"(?:[\sT,]*(?:\([월화수목금토일]\)|[월화수목금토일]요일)?\s*(?P<before>오전|오후|am|pm)?\s*"
    r"(?P<hour>\d{1,2})\s*[:시]\s*(?:(?P<minute>\d{1,2})\s*분?)?"
    r"(?:\s*:?\s*(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?\s*초?)?"
    r"\s*(?P<after>a\.?m\.?|p\.?m\.?)?"
    r"\s*(?P<zone>z|utc|gmt|kst|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_WEEKDAY = r"(?:\s*\([월화수목금토일]\))?"
_SHORT_TIME = r"(?:[\sT]*(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
_MOMENTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _DATE + _TIME,
        _AMERICAN_DATE + _TIME,
        _SHORT_DATE + _TIME,
        _SHORT_DATE + _SHORT_TIME,
        _DATE + _WEEKDAY,
    )
)
_DAY_OF_YEAR = re.compile(r"(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})\s*[.일]?")

_AMOUNT = re.compile(r"[+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_SIGNS = {"₩": "KRW", "￦": "KRW", "원": "KRW", "\\": "KRW", "$": "USD", "€": "EUR", "¥": "JPY"}
_CURRENCY = re.compile(r"[A-Z]{3}")
_WHOLE = frozenset({"KRW", "JPY"})
"""Currencies without a smaller coin."""

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_LANGUAGES: Mapping[str, frozenset[str]] = {
    "ko": frozenset({"ko", "kr", "korean", "한국어", "국문"}),
    "en": frozenset({"en", "english", "영어", "영문"}),
}
_COUNTRIES: Mapping[str, frozenset[str]] = {
    "KR": frozenset({"kr", "kor", "korea", "southkorea", "republicofkorea", "한국", "대한민국"}),
    "US": frozenset({"us", "usa", "unitedstates", "미국", "unitedstatesofamerica"}),
}
_PURPOSES: Mapping[str, frozenset[str]] = {
    "marketing": frozenset(
        {"marketing", "광고", "마케팅", "광고수신", "마케팅수신", "advertising"}
    ),
    "night": frozenset({"night", "야간", "야간광고", "야간수신", "야간광고수신"}),
    "service": frozenset({"service", "서비스", "정보성", "알림", "information"}),
}
_ACTIONS: Mapping[str, frozenset[str]] = {
    "given": frozenset(
        {"given", "agreed", "agree", "granted", "optin", "subscribed", "yes", "y", "true", "1", "o"}
        | {"동의", "동의함", "수신동의", "수신", "예", "네", "허용"}
    ),
    "refused": frozenset(
        {"refused", "withdrawn", "declined", "denied", "optout", "unsubscribed", "no", "n", "false"}
        | {"0", "x", "거부", "거부함", "미동의", "비동의", "동의안함", "수신거부", "철회", "아니오"}
        | {"아니요", "해지", "revoked"}
    ),
}
_WHOM: Mapping[str, frozenset[str]] = {
    "women": frozenset({"women", "woman", "female", "f", "여성", "여자", "여"}),
    "men": frozenset({"men", "man", "male", "m", "남성", "남자", "남"}),
    "children": frozenset({"children", "child", "kids", "아동", "어린이", "유아", "키즈"}),
    "everyone": frozenset({"everyone", "unisex", "all", "공용", "남녀공용", "모두"}),
}


def identifier(value: Any) -> str:
    """An id; a number is written out, whatever a spreadsheet made of it."""
    written = str(value).strip()
    if len(written) > LONGEST_ID:
        raise NotRead("too_long", most=LONGEST_ID)
    return written


def text(value: Any, *, most: int = LONGEST_TEXT) -> str:
    """Something written."""
    written = str(value).strip()
    if len(written) > most:
        raise NotRead("too_long", most=most)
    return written


def moment(value: Any, zone: ZoneInfo) -> datetime:
    """A point in time, in UTC. Without a zone of its own it is by the clock of `zone`; a day alone
    is its midnight there."""
    found = _moment(value)
    try:
        aware = found if found.tzinfo else found.replace(tzinfo=zone)
        return aware.astimezone(UTC)
    except OverflowError:
        raise NotRead("not_a_moment", value=value) from None


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    written = str(value).strip()
    if written[4:5] == "-" and len(written) >= len("2026-11-27"):
        try:
            return datetime.fromisoformat(written)
        except ValueError:
            pass
    if isinstance(value, int | float) or re.fullmatch(r"\d{5}(\.\d+)?|\d{10}|\d{13}", written):
        return _of_number(float(written), value)
    for pattern in _MOMENTS:
        if (match := pattern.fullmatch(written)) is not None:
            try:
                return _of_parts(match.groupdict())
            except ValueError:
                break
    raise NotRead("not_a_moment", value=value)


def _of_number(number: float, value: Any) -> datetime:
    """Days since 1899-12-30, as Excel counts, or seconds or milliseconds since 1970 in UTC."""
    if _EXCEL_DAYS[0] <= number <= _EXCEL_DAYS[1]:
        return _EXCEL_BEGINS + timedelta(seconds=round(number * 86400))
    for unit in (1, 1000):
        if 1e8 <= number / unit < 1e10:
            return datetime.fromtimestamp(number / unit, UTC)
    raise NotRead("not_a_moment", value=value)


def _of_parts(parts: Mapping[str, str | None]) -> datetime:
    half = (parts.get("before") or parts.get("after") or "").casefold().replace(".", "")
    hour = int(parts.get("hour") or 0)
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half in ("오후", "pm") else 0)
    fraction = (parts.get("fraction") or "0").ljust(6, "0")[:6]
    naive = datetime(  # noqa: DTZ001 - its zone is given below or by the caller
        int(parts["year"] or 0),
        int(parts["month"] or 0),
        int(parts["day"] or 0),
        hour,
        int(parts.get("minute") or 0),
        int(parts.get("second") or 0),
        int(fraction),
    )
    zone = parts.get("zone")
    return naive.replace(tzinfo=_zone(zone.casefold())) if zone else naive


def _zone(written: str) -> Any:
    if written == "kst":
        return ZoneInfo("Asia/Seoul")
    if written in ("z", "utc", "gmt"):
        return UTC
    return datetime.strptime(written if len(written) > 3 else f"{written}00", "%z").tzinfo


def day(value: Any) -> date:
    """A date, without a time of day."""
    try:
        return _moment(value).date()
    except NotRead:
        raise NotRead("not_a_day", value=value) from None


def day_of_year(value: Any) -> dict[str, int | None]:
    """A day that comes round, as facts keep it: month, day and, where it is known, year."""
    match = _DAY_OF_YEAR.fullmatch(str(value).strip())
    if match is None:
        found = day(value)
        return {"month": found.month, "day": found.day, "year": found.year}
    month, number = int(match["month"]), int(match["day"])
    try:
        date(2000, month, number)  # a leap year
    except ValueError:
        raise NotRead("not_a_day", value=value) from None
    return {"month": month, "day": number, "year": None}


def amount(value: Any) -> tuple[Decimal, str | None]:
    """An amount of money and the currency that stands with it, if one does. A comma stands before
    three digits, a point before the smaller coin."""
    written, currency = str(value).strip(), None
    for sign, code in _SIGNS.items():
        if written.startswith(sign) or written.endswith(sign):
            written, currency = written.strip(f"{sign} "), code
    for code in ("KRW", "USD", "EUR", "JPY"):
        if code in written.upper():
            written, currency = written.upper().replace(code, "").strip(), code
    if isinstance(value, bool) or not _AMOUNT.fullmatch(written):
        raise NotRead("not_an_amount", value=value)
    try:
        found = Decimal(written.replace(",", ""))
    except InvalidOperation:
        raise NotRead("not_an_amount", value=value) from None
    if found >= _LARGEST:
        raise NotRead("not_an_amount", value=value)
    return found, currency


def in_coins(found: Decimal, currency: str) -> Decimal:
    """The amount in whole coins of that currency."""
    places = 0 if currency in _WHOLE else 2
    rounded = round(found, places)
    if rounded != found:
        raise NotRead("half_a_coin", value=found, currency=currency)
    return rounded


def currency(value: Any) -> str:
    """ISO 4217."""
    written = str(value).strip()
    code = _SIGNS.get(written, written.upper())
    if not _CURRENCY.fullmatch(code):
        raise NotRead("not_a_currency", value=value)
    return code


def whole(value: Any, *, least: int = 0) -> int:
    """A whole number from `least` on."""
    written = str(value).strip().replace(",", "").removesuffix("개").strip()
    if not re.fullmatch(r"[0-9]{1,10}(\.0+)?", written):
        raise NotRead("not_a_number", value=value, least=least)
    found = int(written.split(".")[0])
    if not least <= found <= _MOST:
        raise NotRead("not_a_number", value=value, least=least)
    return found


@lru_cache(maxsize=1 << 16)
def _phone(written: str) -> phone_numbers.PhoneNumber | None:
    found = phone_numbers.read(written)
    return found if found or not written.isdecimal() else phone_numbers.read(f"0{written}")


def phone(value: Any) -> phone_numbers.PhoneNumber:
    """A telephone number; the zero that a spreadsheet has taken from a Korean one is given back."""
    found = _phone(str(value).strip())
    if found is None:
        raise NotRead("not_a_phone", value=value)
    return found


def email(value: Any) -> str:
    """An e-mail address, in small letters."""
    written = str(value).strip().casefold()
    if len(written) > LONGEST_ID or not re.fullmatch(
        r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", written
    ):
        raise NotRead("not_an_email", value=value)
    return written


def time_zone(value: Any) -> str:
    """The IANA name of a zone."""
    try:
        return ZoneInfo(str(value).strip()).key
    except (OSError, LookupError, ValueError):
        raise NotRead("not_a_zone", value=value) from None


def _word(listed: Mapping[str, frozenset[str]], reason: str) -> Callable[[Any], str]:
    by_word = {word: meaning for meaning, words in listed.items() for word in words}

    def read(value: Any) -> str:
        written = "".join(sign for sign in str(value).casefold() if sign.isalnum())
        found = by_word.get(written)
        if found is None:
            raise NotRead(reason, value=value)
        return found

    return read


purpose = _word(_PURPOSES, "not_a_purpose")
action = _word(_ACTIONS, "not_an_action")
for_whom = _word(_WHOM, "not_for_whom")
_known_country = _word(_COUNTRIES, "not_a_country")
_known_language = _word(_LANGUAGES, "not_a_language")


def language(value: Any) -> str:
    """`ko` or `en`, also from a locale such as ko-KR."""
    return _known_language(re.split(r"[-_]", str(value))[0])


def country(value: Any) -> str:
    """Two letters of ISO 3166."""
    written = str(value).strip()
    return written.upper() if re.fullmatch(r"[A-Za-z]{2}", written) else _known_country(value)
