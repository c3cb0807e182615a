"""How money, times, days and phone numbers are written in Korean and in English.

Holds no sentences: those live in domain.yml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from marketing.opening_hours import WEEKDAYS, Week, runs_of_days

_WEEKDAY = {
    "ko": ("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTH = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_TODAY = {"ko": "오늘", "en": "today"}
_TOMORROW = {"ko": "내일", "en": "tomorrow"}
_THIS_WEEK = {"ko": "이번 주", "en": "this"}
_NEXT_WEEK = {"ko": "다음 주", "en": "next"}
_ORDINAL = {1: "st", 2: "nd", 3: "rd"}
_WEEKDAY_IN_TABLE = {"ko": tuple("월화수목금토일"), "en": _WEEKDAY["en"]}
_AND = {"ko": ", ", "en": " and "}
_TO = {"ko": "~", "en": "–"}
_CLOSED = {"ko": "휴무", "en": "closed"}


def money(amount: Decimal, currency: str, language: str) -> str:
    """`139,000원`, `₩139,000`, `$119`, `119달러`; cents only where there are some."""
    digits = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    if currency == "KRW":
        return f"{digits}원" if language == "ko" else f"₩{digits}"
    if currency == "USD":
        return f"{digits}달러" if language == "ko" else f"${digits}"
    return f"{digits} {currency}"


def number(value: int) -> str:
    """A number as it is written in both languages: `2,000`."""
    return f"{value:,}"


def clock_time(at: time, language: str) -> str:
    """`오후 8시`, `오전 10시 30분`; `8 p.m.`, `10:30 a.m.`."""
    hour = at.hour % 12 or 12
    if language == "ko":
        half = "오전" if at.hour < 12 else "오후"
        return f"{half} {hour}시" + (f" {at.minute}분" if at.minute else "")
    half = "a.m." if at.hour < 12 else "p.m."
    return f"{hour}:{at.minute:02} {half}" if at.minute else f"{hour} {half}"


def moment(at: datetime, now: datetime, language: str) -> str:
    """A time within the coming week as one says it today: `내일 오전 10시`, `Monday 9 a.m.`."""
    days = (at.date() - now.date()).days
    day = _weekday(at.date(), language) if days > 1 else (_TODAY, _TOMORROW)[days][language]
    return f"{day} {clock_time(at.timetz(), language)}"


def week(hours: Week, language: str) -> str:
    """A week of opening hours, a line for each run of days with equal hours."""
    return "\n".join(
        f"{_days(first, last, language)} {span(open_hours, language)}"
        for first, last, open_hours in runs_of_days(hours)
    )


def day_of_year(value: Mapping[str, int | None], language: str) -> str:
    """`5월 3일`, `2024년 7월 12일`, `음력 8월 3일`; `May 3`, `July 12, 2024`, `lunar August 3`."""
    month, day, year = int(value["month"] or 1), int(value["day"] or 1), value.get("year")
    is_lunar, is_leap = bool(value.get("lunar")), bool(value.get("leap"))
    if language == "ko":
        calendar = ("음력 " if is_lunar else "") + ("윤" if is_leap else "")
        return (f"{year}년 " if year else "") + f"{calendar}{month}월 {day}일"
    calendar = ("lunar " if is_lunar else "") + ("leap " if is_leap else "")
    return f"{calendar}{_MONTH[month - 1]} {day}" + (f", {year}" if year else "")


def month_or_day(said: str, language: str) -> str:
    """`2027년 3월`, `2027년 3월 2일`; `March 2027`, `March 2, 2027`."""
    year, month, *day = (int(part) for part in said.split("-"))
    if day:
        return day_of_year({"year": year, "month": month, "day": day[0]}, language)
    return f"{year}년 {month}월" if language == "ko" else f"{_MONTH[month - 1]} {year}"


def coming_day(day: date, today: date, language: str) -> str:
    """A day to come as one says it today: `내일`, `이번 주 토요일`, `다음 주 월요일`, `7월 12일`;
    `tomorrow`, `this Saturday`, `next Monday`, `July 12`. A week begins on Monday."""
    days = (day - today).days
    if days in (0, 1):
        return (_TODAY, _TOMORROW)[days][language]
    weeks = (days + today.weekday()) // 7
    if days > 1 and weeks in (0, 1):
        return f"{(_THIS_WEEK, _NEXT_WEEK)[weeks][language]} {_weekday(day, language)}"
    return day_of_year({"month": day.month, "day": day.day}, language)


def ordinal_anniversary(years: int, language: str) -> str:
    """Which one it is: `3주년`; `3rd`, `11th`, `21st`."""
    if language == "ko":
        return f"{years}주년"
    is_teen = years % 100 in (11, 12, 13)
    return f"{years}{'th' if is_teen else _ORDINAL.get(years % 10, 'th')}"


def phone(number: str) -> str:
    """An E.164 number as it is dialled in its own country: `02-0000-1127`, `(503) 555-0127`."""
    if number.startswith("+1") and len(number) == 12:
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    if number.startswith("+82"):
        rest = number[3:]
        area, local = (rest[:1], rest[1:]) if rest.startswith("2") else (rest[:2], rest[2:])
        return f"0{area}-{local[:-4]}-{local[-4:]}"
    return number


def it_is(noun: str, language: str) -> str:
    """The end of a sentence that names something: `책가방이에요`, `러닝화예요`; in English the noun
    alone."""
    last = ord(noun[-1]) - ord("가")
    if language != "ko" or not 0 <= last <= ord("힣") - ord("가"):
        return noun if language != "ko" else f"{noun}이에요"
    return f"{noun}{'이에요' if last % 28 else '예요'}"


def listing(words: Sequence[str], language: str) -> str:
    """Words in a row: `A, B, C`, in English `A, B and C`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])}{_AND[language]}{words[-1]}"


def _weekday(day: date, language: str) -> str:
    return _WEEKDAY[language][day.weekday()]


def _days(first: str, last: str, language: str) -> str:
    names = _WEEKDAY_IN_TABLE[language]
    began, ended = names[WEEKDAYS.index(first)], names[WEEKDAYS.index(last)]
    return began if first == last else f"{began}{_TO[language]}{ended}"


def span(hours: Mapping[str, str] | None, language: str) -> str:
    """The hours of a day: `10:00~20:00`; `10 a.m.–8 p.m.`; closed if there are none."""
    if hours is None:
        return _CLOSED[language]
    if language == "ko":
        return f"{hours['opens']}{_TO[language]}{hours['closes']}"
    opens, closes = time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"])
    return f"{clock_time(opens, language)}–{clock_time(closes, language)}"
