"""Days, times, ages and counts as customers say them: days in the notation of
`nlu.facts.calendar_days`, times as `18:00` and `after 18:00`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entity import Entity
from nlu.facts.calendar_days import find_calendar_days
from nlu.facts.counts import ENGLISH_COUNT, KOREAN_COUNT, TENS_WITH_ONES, count_of
from nlu.facts.readings import by_letters, read

_AGES: tuple[re.Pattern[str], ...] = (
    re.compile(
        rf"(?P<years>\d{{1,2}}|{KOREAN_COUNT})\s*(?:살|세(?![\w가-힣]|트)|세(?=세요|시|예요|이에요|입니다|인데|고|라))"
    ),
    re.compile(
        rf"(?P<years>{TENS_WITH_ONES})"
        r"(?=이에요|예요|이야|이고|인데|입니다|이라|이거든|이죠|이세요|이십니다|이신데|이셔|이\s?(?:됐|돼|되))"
    ),
    re.compile(r"(?P<months>\d{1,2})\s*개월(?!\s?(?:뒤|후|동안|치|전|마다|할부))"),
    re.compile(r"(?P<months>돌)(?=\s?(?:이에요|이야|됐|지났|아기|쟁이|입니다|지난))"),
    re.compile(
        rf"\b(?P<years>\d{{1,2}}|{ENGLISH_COUNT})[\s-]*(?:years?|yrs?)[\s-]*old\b|"
        rf"\b(?P<years2>\d{{1,2}})\s*(?:yo|y/o)\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<months>\d{{1,2}}|{ENGLISH_COUNT})[\s-]*months?[\s-]*old\b"
        r"|(?:(?<=\bis )|(?<='s )|(?<=turned ))(?P<months2>\d{1,2}) months\b",
        re.IGNORECASE,
    ),
)
_NUMBERS = re.compile(rf"(?<![\d.,])\d{{1,2}}(?!\d|[.,]\d)|\b(?:{ENGLISH_COUNT})\b", re.IGNORECASE)
_KOREAN_NUMBERS = re.compile(
    "(?<![가-힣])(?:하나|둘|셋|넷|다섯|여섯)(?![가-힣]*살)"
    "|(?:한|두|세|네|다섯)(?=\\s?(?:명|마리|아이|아들|딸|자녀|손주|애))"
)

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


_TIMES_SAID = by_letters(
    (
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
)


def find_moments(text: str) -> Iterator[Entity]:
    """Entities `day`, `time`, `age` and `number`; they may overlap, longer ones are meant."""
    yield from find_calendar_days(text)
    yield from read(text, _TIMES_SAID, "time")
    yield from _ages(text)
    for match in (*_NUMBERS.finditer(text), *_KOREAN_NUMBERS.finditer(text)):
        yield Entity("number", str(count_of(match.group())), match.start(), match.end())


def _ages(text: str) -> Iterator[Entity]:
    for pattern in _AGES:
        for match in pattern.finditer(text):
            found = match.groupdict()
            years = found.get("years") or found.get("years2")
            if years:
                age = count_of(years)
            else:
                months = found["months"] or found["months2"]
                age = 1 if months == "돌" else count_of(months) // 12
            yield Entity("age", str(age), match.start(), match.end())
