"""Days, months, times, ages and counts as customers say them, in a neutral notation that needs no
calendar: `next friday` is `week+1/fri`, whichever day that will be (marketing/dates.py reads it).

`2024-07-12` `07-12` `lunar:08-03` `lunar-leap:04-08` · `days+1` `week+1/fri` `on/fri` ·
`month/04` `month+1` `month+1/03` · `year+1/05-03` `year-1/05` `year+1` · times `after 18:00`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from nlu.days import find_days
from nlu.entity import Entity

_KOREAN_COUNTS = {
    "한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "석": 3, "네": 4, "넷": 4, "넉": 4,
    "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "열한": 11, "열두": 12,
    "열세": 13, "열네": 14, "열다섯": 15, "열여섯": 16, "열일곱": 17, "열여덟": 18, "열아홉": 19,
    "스무": 20, "스물": 20,
}  # fmt: skip
_TENS = ("열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_KOREAN_COUNTS |= {
    f"{ten}{one}": 10 * tens + ones
    for tens, ten in enumerate(_TENS, start=1)
    for ones, one in enumerate(_ONES)
}
_COUNTED = ("", "하나", "둘", "셋", "넷", *_ONES[5:])
_KOREAN_COUNTS |= {
    f"{ten}{one}": 10 * tens + ones
    for tens, ten in enumerate(_TENS, start=1)
    for ones, one in enumerate(_COUNTED)
}
_TENS_WITH_ONES = "|".join(
    sorted((f"{ten}{one}" for ten in _TENS[1:] for one in _COUNTED), key=len, reverse=True)
)
"""서른다섯: an age also without 살."""
_ENGLISH_COUNTS = {
    name: at
    for at, name in enumerate(
        re.findall(
            "[a-z]+",
            """
            one two three four five six seven eight nine ten eleven twelve thirteen fourteen
            fifteen sixteen seventeen eighteen nineteen twenty
            """,
        ),
        start=1,
    )
}
_KOREAN_COUNT = "|".join(sorted(_KOREAN_COUNTS, key=len, reverse=True))
_ENGLISH_COUNT = "|".join(sorted(_ENGLISH_COUNTS, key=len, reverse=True))
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

Made = Callable[[re.Match[str]], str | None]


def _count(said: str) -> int:
    if said.isdigit():
        return int(said)
    return _KOREAN_COUNTS.get(said) or _ENGLISH_COUNTS.get(said.lower(), 1)


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
    count = _count(match["count"])
    unit = match["unit"].lower()
    if unit.startswith(("주", "week")):
        return f"days{7 * count:+}"
    if unit.startswith(("달", "개월", "month")):
        return f"month{count:+}"
    if unit.startswith(("년", "year")):
        return f"year{count:+}"
    return f"days{count:+}"


_HALF_DAYS = {"아침": 0, "오전": 0, "새벽": 0, "낮": 12, "오후": 12, "저녁": 12, "밤": 12}
_WORKING_DAY = range(1, 8)
"""Hours that are of the afternoon where nobody says which half of the day they mean."""


def _korean_time(match: re.Match[str]) -> str | None:
    minute = match["minute"] or ("30" if match["half"] else "0")
    half = _HALF_DAYS.get(match["part"] or "")
    return _time(int(match["hour"]), minute, half, match["order"])


def _english_time(match: re.Match[str]) -> str | None:
    half = {"am": 0, "pm": 12}.get((match["part"] or "").lower().replace(".", ""))
    return _time(int(match["hour"]), match["minute"] or "0", half, match["order"])


_ORDER = {
    "이후": "after", "이후로": "after", "넘어서": "after", "지나서": "after", "부터": "after",
    "이전": "before", "전": "before", "까지": "before", "after": "after", "before": "before",
    "from": "after", "until": "before", "till": "before", "past": "after",
}  # fmt: skip


def _time(hour: int, minute: str, half: int | None, said: str | None) -> str | None:
    order = _ORDER.get((said or "").strip().lower())
    if hour > 24 or int(minute) > 59:
        return None
    if half is None and hour in _WORKING_DAY:
        half = 12
    if half is not None and hour < 12:
        hour += half
    at = f"{hour % 24:02}:{int(minute):02}"
    return f"{order} {at}" if order else at


_CALENDAR: tuple[tuple[re.Pattern[str], Made, str], ...] = (
    (
        re.compile(
            r"(?:(?P<year>(?:19|20)\d\d)\s*년\s*)?음력(?:으로)?\s*(?:(?P<year_after>(?:19|20)\d\d)\s*년\s*)?"
            r"(?P<leap>윤달?\s*)?(?P<month>\d{1,2})\s*월\s*(?:(?P<day>\d{1,2})\s*일?|보름)"
        ),
        _lunar,
        "day",
    ),
    (
        re.compile(
            r"(?:(?P<year>(?:19|20)\d\d)\s*년\s*)?(?P<leap>윤달?\s*)?"
            r"(?P<month>\d{1,2})\s*월\s*(?P<day>\d{1,2})\s*일?\s*[(,]?\s*음력(?:이|\))?"
        ),
        _lunar,
        "day",
    ),
    (
        re.compile(
            r"(?P<leap>)(?P<year>)\blunar\s+(?:calendar\s+)?(?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
            re.IGNORECASE,
        ),
        _lunar,
        "day",
    ),
    (
        re.compile(
            r"(?P<year>재작년|작년|지난\s?해|올해|이번\s?해|내년|내후년)"
            r"(?:\s*(?P<month>\d{1,2})\s*월(?:\s*달)?(?:\s*(?P<day>\d{1,2})\s*일)?)?"
        ),
        _of_year,
        "day",
    ),
    (
        re.compile(
            rf"\b(?:in\s+)?(?P<month>{_MONTH})?\s*(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*)?"
            r"(?:of\s+)?\b(?P<which>next|last|this)\s+year\b",
            re.IGNORECASE,
        ),
        _english_year,
        "day",
    ),
    (
        re.compile(rf"\b(?P<which>next|last)\s+(?P<month>{_MONTH})\b", re.IGNORECASE),
        _english_of_year,
        "day",
    ),
    (
        re.compile(
            r"(?P<week>다다음\s?주|다음\s?주|담주|이번\s?주|금주|지난\s?주)"
            r"(?!말)(?:\s*(?P<weekday>[월화수목금토일])요일)?"
        ),
        _korean_week,
        "day",
    ),
    (
        re.compile(r"(?P<week>다음\s?주|이번\s?주)말"),
        lambda match: f"week{'+1' if match['week'].startswith('다음') else '+0'}/sat",
        "day",
    ),
    (
        re.compile(
            r"(?P<which>다다음\s?달|다음\s?달|담달|내달|이번\s?달|이달|지난\s?달)"
            r"(?:\s*(?P<day>\d{1,2})\s*일)?"
        ),
        _korean_month,
        "day",
    ),
    (
        re.compile(
            rf"(?<!\d)(?P<count>\d{{1,2}}|{_KOREAN_COUNT})\s?(?P<unit>일|주일?|달|개월|년)\s?(?:뒤|후|있다가|이따)"
        ),
        _later,
        "day",
    ),
    (
        re.compile(r"(?P<count>일주일|이틀|사흘|나흘|닷새|열흘|보름)\s?(?:뒤|후|있다가|이따)"),
        lambda m: f"days+{_SPANS[m['count']]}",
        "day",
    ),
    (
        re.compile("내일모레|글피|모레|내일|오늘|그저께|어제"),
        lambda m: f"days{_DAYS[m.group()]:+}",
        "day",
    ),
    (re.compile(r"(?<!\S)낼(?=\s|이)"), lambda _m: "days+1", "day"),
    (
        re.compile(r"(?<![월화수목금토일])(?P<weekday>[월화수목금토일])요일"),
        lambda m: f"on/{_WEEKDAYS[_KOREAN_WEEKDAYS.index(m['weekday'])]}",
        "day",
    ),
    (
        re.compile(
            r"(?<!\d)(?P<month>\d{1,2})\s*월(?!\s*\d{1,2}\s*일)(?:\s*(?:달|초|말|중순|쯤|경))?"
        ),
        lambda m: f"month/{int(m['month']):02}" if 1 <= int(m["month"]) <= 12 else None,
        "day",
    ),
    (re.compile(r"\bday after tomorrow\b", re.IGNORECASE), lambda _m: "days+2", "day"),
    (re.compile(r"\b(?:tomorrow|tmrw|tmr)\b", re.IGNORECASE), lambda _m: "days+1", "day"),
    (re.compile(r"\b(?:today|tonight)\b", re.IGNORECASE), lambda _m: "days+0", "day"),
    (re.compile(r"\byesterday\b", re.IGNORECASE), lambda _m: "days-1", "day"),
    (
        re.compile(
            rf"\b(?:(?P<which>next|this|on|coming|last)\s+)?(?P<weekday>{_WEEKDAY})"
            r"(?:\s+(?P<after>next week))?\b",
            re.IGNORECASE,
        ),
        lambda m: _english_weekday(m),
        "day",
    ),
    (
        re.compile(r"\b(?P<which>next|this|last)\s+(?P<unit>week(?:end)?|month)\b", re.IGNORECASE),
        lambda m: _english_unit(m),
        "day",
    ),
    (
        re.compile(
            rf"\bin\s+(?:about\s+)?(?P<count>\d{{1,2}}|an?|{_ENGLISH_COUNT}|couple(?: of)?)\s+"
            r"(?P<unit>days?|weeks?|months?|years?)\b"
            rf"|\b(?P<count2>\d{{1,2}}|an?|{_ENGLISH_COUNT})\s+"
            r"(?P<unit2>days?|weeks?|months?)\s+from\s+now\b",
            re.IGNORECASE,
        ),
        lambda m: _english_later(m),
        "day",
    ),
    (
        re.compile(rf"\b(?P<month>{_MONTH})\.?(?:\s+(?P<year>20\d\d))?(?!\s*\d)\b", re.IGNORECASE),
        lambda m: _english_month(m),
        "day",
    ),
)
_TIMES: tuple[tuple[re.Pattern[str], Made], ...] = (
    (
        re.compile(
            r"(?:(?P<part>아침|오전|새벽|낮|오후|저녁|밤)\s*)?(?P<hour>\d{1,2})\s*시(?!간)"
            r"(?:\s*(?:(?P<minute>\d{1,2})\s*분|(?P<half>반)))?(?:\s*(?P<order>이후로?|넘어서|지나서|부터|이전|전|까지))?"
        ),
        _korean_time,
    ),
    (
        re.compile(
            r"\b(?:(?P<order>after|before|from|until|till|past)\s+)?(?:at\s+)?(?P<hour>\d{1,2})"
            r"(?::(?P<minute>\d\d))?\s*(?P<part>[ap]\.?m\.?)(?![a-z])",
            re.IGNORECASE,
        ),
        _english_time,
    ),
    (
        re.compile(
            r"\b(?P<order>after|before|until|till|past)\s+(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?"
            r"(?P<part>)(?![\d.,:/]|\s*(?:days?|weeks?|months?|years?|miles?|k\b|km|mm|dollars|bucks))",
            re.IGNORECASE,
        ),
        _english_time,
    ),
)
_AGES: tuple[re.Pattern[str], ...] = (
    re.compile(
        rf"(?P<years>\d{{1,2}}|{_KOREAN_COUNT})\s*(?:살|세(?![\w가-힣]|트)|세(?=세요|시|예요|이에요|입니다|인데|고|라))"
    ),
    re.compile(
        rf"(?P<years>{_TENS_WITH_ONES})"
        r"(?=이에요|예요|이야|이고|인데|입니다|이라|이거든|이죠|이세요|이십니다|이신데|이셔|이\s?(?:됐|돼|되))"
    ),
    re.compile(r"(?P<months>\d{1,2})\s*개월(?!\s?(?:뒤|후|동안|치|전|마다|할부))"),
    re.compile(r"(?P<months>돌)(?=\s?(?:이에요|이야|됐|지났|아기|쟁이|입니다|지난))"),
    re.compile(
        rf"\b(?P<years>\d{{1,2}}|{_ENGLISH_COUNT})[\s-]*(?:years?|yrs?)[\s-]*old\b|"
        rf"\b(?P<years2>\d{{1,2}})\s*(?:yo|y/o)\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<months>\d{{1,2}}|{_ENGLISH_COUNT})[\s-]*months?[\s-]*old\b"
        r"|(?:(?<=\bis )|(?<='s )|(?<=turned ))(?P<months2>\d{1,2}) months\b",
        re.IGNORECASE,
    ),
)
_NUMBERS = re.compile(rf"(?<![\d.,])\d{{1,2}}(?!\d|[.,]\d)|\b(?:{_ENGLISH_COUNT})\b", re.IGNORECASE)
_KOREAN_NUMBERS = re.compile(
    "(?<![가-힣])(?:하나|둘|셋|넷|다섯|여섯)(?![가-힣]*살)"
    "|(?:한|두|세|네|다섯)(?=\\s?(?:명|마리|아이|아들|딸|자녀|손주|애))"
)


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
    count = 2 if said.startswith("couple") else _count(said)
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


_BEFORE_A_MONTH = re.compile(
    r"(?:^|\s)(?:in|by|until|till|this|for|early|late|since|every|mid)\s+$", re.IGNORECASE
)
_HANGUL = re.compile("[가-힣]")


def _by_language(patterns: Iterable[tuple[Any, ...]]) -> Mapping[tuple[bool, bool], Sequence[Any]]:
    """By whether a text has Hangul and whether it has Latin letters: those to be tried on it."""
    return {
        (hangul, latin): [
            one for one in patterns if (hangul if _HANGUL.search(one[0].pattern) else latin)
        ]
        for hangul in (False, True)
        for latin in (False, True)
    }


_CALENDAR_BY_LANGUAGE, _TIMES_BY_LANGUAGE = _by_language(_CALENDAR), _by_language(_TIMES)
_LATIN = re.compile("[A-Za-z]")


def _languages(text: str) -> tuple[bool, bool]:
    return bool(_HANGUL.search(text)), bool(_LATIN.search(text))


def find_calendar_days(text: str) -> Iterator[Entity]:
    """Entities `day`: days, weeks, months and years; they may overlap, longer ones are meant."""
    for day in find_days(text):
        yield Entity("day", day.value, day.start, day.end)
    for pattern, make, kind in _CALENDAR_BY_LANGUAGE[_languages(text)]:
        for match in pattern.finditer(text):
            value = make(match)
            if value is not None:
                yield Entity(kind, value, match.start(), match.end())


def find_moments(text: str) -> Iterator[Entity]:
    """Entities `day`, `time`, `age` and `number`; they may overlap, longer ones are meant."""
    yield from find_calendar_days(text)
    for pattern, make in _TIMES_BY_LANGUAGE[_languages(text)]:
        for match in pattern.finditer(text):
            value = make(match)
            if value is not None:
                yield Entity("time", value, match.start(), match.end())
    yield from _ages(text)
    for match in (*_NUMBERS.finditer(text), *_KOREAN_NUMBERS.finditer(text)):
        yield Entity("number", str(_count(match.group())), match.start(), match.end())


def _ages(text: str) -> Iterator[Entity]:
    for pattern in _AGES:
        for match in pattern.finditer(text):
            found = match.groupdict()
            years = found.get("years") or found.get("years2")
            if years:
                age = _count(years)
            else:
                months = found["months"] or found["months2"]
                age = 1 if months == "돌" else _count(months) // 12
            yield Entity("age", str(age), match.start(), match.end())
