"""Days, weeks, months and years as customers say them, in a neutral notation that needs no
calendar: `next friday` is `week+1/fri`, whichever day that will be (marketing/dates.py reads it).

`2024-07-12` `07-12` `lunar:08-03` `lunar-leap:04-08` · `days+1` `week+1/fri` `on/fri` ·
`month/04` `month+1` `month+1/03` · `year+1/05-03` `year-1/05` `year+1`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.days import find_days
from nlu.entity import Entity
from nlu.facts.counts import ENGLISH_COUNT, KOREAN_COUNT, count_of
from nlu.facts.readings import by_letters, read
from nlu.language import has_hangul

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KOREAN_WEEKDAYS = "월화수목금토일"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAY = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|"
    "sat(?:urday)?|sun(?:day)?"
)
_YEARS = {"재작년": -2, "작년": -1, "지난해": -1, "올해": 0, "이번해": 0, "내년": 1, "내후년": 2}
_DAYS = {
    "그저께": -2,
    "어제": -1,
    "오늘": 0,
    "내일": 1,
    "낼": 1,
    "모레": 2,
    "내일모레": 2,
    "글피": 3,
}

_SPANS = {"이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "일주일": 7, "열흘": 10, "보름": 15}
_FULL_MOON = 15
"""보름, the middle of a lunar month."""
_BEFORE_A_MONTH = re.compile(
    r"(?:^|\s)(?:in|by|until|till|this|for|early|late|since|every|mid)\s+$", re.IGNORECASE
)


def _month(said: str) -> int:
    return int(said) if said.isdigit() else _MONTHS.index(said[:3].lower()) + 1


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _lunar(match: re.Match[str]) -> str | None:
    found = match.groupdict()
    year, leap = found["year"] or found.get("year_after"), found["leap"]
    month, day = int(found["month"]), int(found["day"] or _FULL_MOON)
    if not _is_day(month, day):
        return None
    prefix = "lunar-leap:" if leap else "lunar:"
    return f"{prefix}{f'{year}-' if year else ''}{month:02}-{day:02}"


def _of_year(match: re.Match[str]) -> str | None:
    shift = _YEARS[match["year"].replace(" ", "")]
    month, day = match["month"], match["day"]
    if not month:
        return f"year{shift:+}"
    if not day:
        return f"year{shift:+}/{int(month):02}"
    return f"year{shift:+}/{int(month):02}-{int(day):02}" if _is_day(int(month), int(day)) else None


def _english_year(match: re.Match[str]) -> str | None:
    shift = {"next": 1, "last": -1, "this": 0}[match["which"].lower()]
    if not match["month"]:
        return f"year{shift:+}"
    month = _month(match["month"])
    return f"year{shift:+}/{month:02}" + (f"-{int(match['day']):02}" if match["day"] else "")


def _english_of_year(match: re.Match[str]) -> str:
    """ "next July" is July of next year only if this year's is near; here: the next one."""
    shift = {"next": 1, "last": -1}[match["which"].lower()]
    if shift < 0:
        return f"year-1/{_month(match['month']):02}"
    return f"month/{_month(match['month']):02}"


def _korean_week(match: re.Match[str]) -> str:
    said = match["week"].replace(" ", "")
    shift = {"이번주": 0, "금주": 0, "다음주": 1, "담주": 1, "다다음주": 2, "지난주": -1}[said]
    if not match["weekday"]:
        return f"week{shift:+}"
    return f"week{shift:+}/{_WEEKDAYS[_KOREAN_WEEKDAYS.index(match['weekday'])]}"


def _korean_month(match: re.Match[str]) -> str:
    shift = {"이번달": 0, "이달": 0, "다음달": 1, "담달": 1, "내달": 1, "다다음달": 2, "지난달": -1}
    said = f"month{shift[match['which'].replace(' ', '')]:+}"
    return f"{said}/{int(match['day']):02}" if match["day"] else said


def _later(match: re.Match[str]) -> str:
    count = count_of(match["count"])
    unit = match["unit"].lower()
    if unit.startswith(("주", "week")):
        return f"days{7 * count:+}"
    if unit.startswith(("달", "개월", "month")):
        return f"month{count:+}"
    if unit.startswith(("년", "year")):
        return f"year{count:+}"
    return f"days{count:+}"


def _english_weekday(match: re.Match[str]) -> str | None:
    which = (match["which"] or "").lower()
    said = match["weekday"].lower()
    day = said[:3]
    if said in ("sat", "sun", "mon", "wed", "fri", "tue", "thu") and not which:
        return None  # "I sat down", "the sun"
    if which == "last":
        return f"week-1/{day}"
    return f"week+1/{day}" if which == "next" or match["after"] else f"on/{day}"


def _english_unit(match: re.Match[str]) -> str:
    shift = {"next": 1, "this": 0, "last": -1}[match["which"].lower()]
    unit = match["unit"].lower()
    if unit == "weekend":
        return f"week{shift:+}/sat"
    return f"{unit}{shift:+}"


def _english_later(match: re.Match[str]) -> str:
    said = (match["count"] or match["count2"]).lower()
    unit = (match["unit"] or match["unit2"]).lower()
    count = 2 if said.startswith("couple") else count_of(said)
    if unit.startswith("week"):
        return f"days{7 * count:+}"
    if unit.startswith("day"):
        return f"days{count:+}"
    return f"{'month' if unit.startswith('month') else 'year'}{count:+}"


def _english_month(match: re.Match[str]) -> str | None:
    said, month = match["month"], _month(match["month"])
    may_be_none = said in ("may", "march") or (len(said) == 3 and said.islower())
    if may_be_none and not _BEFORE_A_MONTH.search(match.string[: match.start()]):
        return None  # "may I", "march on"
    return f"{match['year']}-{month:02}" if match["year"] else f"month/{month:02}"


_DAYS_SAID = by_letters(
    (
        (
            re.compile(
                r"(?:(?P<year>(?:19|20)\d\d)\s*년\s*)?음력(?:으로)?\s*(?:(?P<year_after>(?:19|20)\d\d)\s*년\s*)?"
                r"(?P<leap>윤달?\s*)?(?P<month>\d{1,2})\s*월\s*(?:(?P<day>\d{1,2})\s*일?|보름)"
            ),
            _lunar,
        ),
        (
            re.compile(
                r"(?:(?P<year>(?:19|20)\d\d)\s*년\s*)?(?P<leap>윤달?\s*)?"
                r"(?P<month>\d{1,2})\s*월\s*(?P<day>\d{1,2})\s*일?\s*[(,]?\s*음력(?:이|\))?"
            ),
            _lunar,
        ),
        (
            re.compile(
                r"(?P<leap>)(?P<year>)\blunar\s+(?:calendar\s+)?(?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
                re.IGNORECASE,
            ),
            _lunar,
        ),
        (
            re.compile(
                r"(?P<year>재작년|작년|지난\s?해|올해|이번\s?해|내년|내후년)"
                r"(?:\s*(?P<month>\d{1,2})\s*월(?:\s*달)?(?:\s*(?P<day>\d{1,2})\s*일)?)?"
            ),
            _of_year,
        ),
        (
            re.compile(
                rf"\b(?:in\s+)?(?P<month>{_MONTH})?\s*(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*)?"
                r"(?:of\s+)?\b(?P<which>next|last|this)\s+year\b",
                re.IGNORECASE,
            ),
            _english_year,
        ),
        (
            re.compile(rf"\b(?P<which>next|last)\s+(?P<month>{_MONTH})\b", re.IGNORECASE),
            _english_of_year,
        ),
        (
            re.compile(
                r"(?P<week>다다음\s?주|다음\s?주|담주|이번\s?주|금주|지난\s?주)"
                r"(?!말)(?:\s*(?P<weekday>[월화수목금토일])요일)?"
            ),
            _korean_week,
        ),
        (
            re.compile(r"(?P<week>다음\s?주|이번\s?주)말"),
            lambda match: f"week{'+1' if match['week'].startswith('다음') else '+0'}/sat",
        ),
        (
            re.compile(
                r"(?P<which>다다음\s?달|다음\s?달|담달|내달|이번\s?달|이달|지난\s?달)"
                r"(?:\s*(?P<day>\d{1,2})\s*일)?"
            ),
            _korean_month,
        ),
        (
            re.compile(
                rf"(?<!\d)(?P<count>\d{{1,2}}|{KOREAN_COUNT})\s?(?P<unit>일|주일?|달|개월|년)\s?(?:뒤|후|있다가|이따)"
            ),
            _later,
        ),
        (
            re.compile(r"(?P<count>일주일|이틀|사흘|나흘|닷새|열흘|보름)\s?(?:뒤|후|있다가|이따)"),
            lambda m: f"days+{_SPANS[m['count']]}",
        ),
        (
            re.compile("내일모레|글피|모레|내일|오늘|그저께|어제"),
            lambda m: f"days{_DAYS[m.group()]:+}",
        ),
        (re.compile(r"(?<!\S)낼(?=\s|이)"), lambda _m: "days+1"),
        (
            re.compile(r"(?<![월화수목금토일])(?P<weekday>[월화수목금토일])요일"),
            lambda m: f"on/{_WEEKDAYS[_KOREAN_WEEKDAYS.index(m['weekday'])]}",
        ),
        (
            re.compile(
                r"(?<!\d)(?P<month>\d{1,2})\s*월(?!\s*\d{1,2}\s*일)(?:\s*(?:달|초|말|중순|쯤|경))?"
            ),
            lambda m: f"month/{int(m['month']):02}" if 1 <= int(m["month"]) <= 12 else None,
        ),
        (re.compile(r"\bday after tomorrow\b", re.IGNORECASE), lambda _m: "days+2"),
        (re.compile(r"\b(?:tomorrow|tmrw|tmr)\b", re.IGNORECASE), lambda _m: "days+1"),
        (re.compile(r"\b(?:today|tonight)\b", re.IGNORECASE), lambda _m: "days+0"),
        (re.compile(r"\byesterday\b", re.IGNORECASE), lambda _m: "days-1"),
        (
            re.compile(
                rf"\b(?:(?P<which>next|this|on|coming|last)\s+)?(?P<weekday>{_WEEKDAY})"
                r"(?:\s+(?P<after>next week))?\b",
                re.IGNORECASE,
            ),
            _english_weekday,
        ),
        (
            re.compile(
                r"\b(?P<which>next|this|last)\s+(?P<unit>week(?:end)?|month)\b", re.IGNORECASE
            ),
            _english_unit,
        ),
        (
            re.compile(
                rf"\bin\s+(?:about\s+)?(?P<count>\d{{1,2}}|an?|{ENGLISH_COUNT}|couple(?: of)?)\s+"
                r"(?P<unit>days?|weeks?|months?|years?)\b"
                rf"|\b(?P<count2>\d{{1,2}}|an?|{ENGLISH_COUNT})\s+"
                r"(?P<unit2>days?|weeks?|months?)\s+from\s+now\b",
                re.IGNORECASE,
            ),
            _english_later,
        ),
        (
            re.compile(
                rf"\b(?P<month>{_MONTH})\.?(?:\s+(?P<year>20\d\d))?(?!\s*\d)\b", re.IGNORECASE
            ),
            _english_month,
        ),
    )
)
_MAY_HOLD_ENGLISH = re.compile(
    "year|month|week|day|tomorrow|tmr|tonight|lunar"
    "|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
)


def find_calendar_days(text: str) -> Iterator[Entity]:
    """Entities `day`: days, weeks, months and years; they may overlap, longer ones are meant."""
    for day in find_days(text):
        yield Entity("day", day.value, day.start, day.end)
    if has_hangul(text) or _MAY_HOLD_ENGLISH.search(text.casefold()) is not None:
        yield from read(text, _DAYS_SAID, "day")
