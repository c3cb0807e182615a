"""Whether a message refers to what was said before, whose words it means, and of what time.

Knows no memory: it says what was meant, and the caller looks it up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Direction = Literal["in", "out"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|march|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# "may" and "march" are months only after such a word.
_ENGLISH_MONTH = re.compile(
    rf"\b(?:in|last|since|during|of|back in|around)\s+{_MONTH}\b(?:,?\s+((?:19|20)\d\d))?",
    re.IGNORECASE,
)
_KOREAN_MONTH = re.compile(
    r"(?:(작년|지난해|재작년|올해|(?:19|20)\d\d년)\s*)?(\d{1,2})\s*월(?!\s*\d{1,2}\s*일)"
)
_YEAR = re.compile(r"\b(?:in|of|during)\s+((?:19|20)\d\d)\b|((?:19|20)\d\d)\s*년(?!\s*\d)")
_LAST = re.compile(
    r"(?P<year>\blast year\b|작년|지난해)|(?P<month>\blast month\b|지난\s?달|저번\s?달)"
    r"|(?P<week>\blast week\b|지난\s?주|저번\s?주)|(?P<day>\byesterday\b|어제)",
    re.IGNORECASE,
)
_YEARS_BACK = {"작년": 1, "지난해": 1, "재작년": 2, "올해": 0}

_I_SAID = re.compile(
    r"\bI(?:'ve| have|'d| had)?\s+(?:just |already |once )?"
    r"(?:said|told|asked|mentioned|wrote|wanted|looked|bought|ordered)\b|\bdid I\b|\bI was\b"
    r"|(?:내가|제가)\s*(?:\S+\s+)?(?:물어|묻|말했|말한|얘기했|얘기한|이야기했|이야기한|찾)"
    r"|물어\s?(?:본|봤)|말씀드렸|말씀드린|문의했|문의한",
    re.IGNORECASE,
)
_YOU_SAID = re.compile(
    r"\byou(?:'ve| have)?\s+(?:just |already |once )?"
    r"(?:said|told|showed|recommended|suggested|mentioned|offered|sent)\b|\bdid you\b"
    r"|(?:추천|말씀|얘기|안내|소개|알려|보여|제안)\s?(?:해\s?)?(?:주신|준|주셨|줬|하신|하셨)",
    re.IGNORECASE,
)


_REFERS = re.compile(
    r"저번|지난\s?번|예전에|그때|(?<!오)전에|물어\s?[봤본보]|(?:말|얘기|문의)했던|"
    r"추천해?\s?(?:주신|줬|준|주셨)|(?:작년|지난\s?[주달]|\d\s*월)에?\s*(?:물어|말|얘기|추천|찾)|"
    r"\blast (?:time|week|month|year|spring|summer|fall|winter|january|february|march|april|may)\b|"
    r"\blast (?:june|july|august|september|october|november|december)\b|\bthe other day\b|"
    r"\b(?:from|asked(?: about)?) before\b|\b(?:i|we) (?:asked|mentioned|talked|was asking)\b|"
    r"\byou (?:recommended|suggested|showed)\b",
    re.IGNORECASE,
)
_IN_THIS_VISIT = re.compile(
    r"아까|방금|조금 전|\bjust\b|\bearlier\b|\ba minute ago\b", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class LookingBack:
    """What a message says of the past."""

    refers: bool
    """True for "the shoes I asked about last week"; not for what was said in this visit."""
    said_by: Direction | None
    """Whose words it means: the customer's (`in`) or the shop's (`out`)."""
    since: datetime | None
    until: datetime | None
    """The time it names, if it names one."""


def looking_back(text: str, now: datetime) -> LookingBack:
    """What `text` says of the past, as of `now` (its zone counts)."""
    since, until = _period(text, now) or (None, None)
    refers = _REFERS.search(text) is not None and _IN_THIS_VISIT.search(text) is None
    return LookingBack(refers=refers, said_by=_said_by(text), since=since, until=until)


def _said_by(text: str) -> Direction | None:
    mine, yours = _I_SAID.search(text), _YOU_SAID.search(text)
    if bool(mine) == bool(yours):
        return None
    return "in" if mine else "out"


def _period(text: str, now: datetime) -> tuple[datetime, datetime] | None:
    english, korean = _ENGLISH_MONTH.search(text), _KOREAN_MONTH.search(text)
    if english is not None:
        month = _MONTHS.index(english.group(1)[:3].lower()) + 1
        return _month(_year_of(english.group(2), month, now), month, now)
    if korean is not None and 1 <= int(korean.group(2)) <= 12:
        month = int(korean.group(2))
        return _month(_year_of(korean.group(1), month, now), month, now)
    year, last = _YEAR.search(text), _LAST.search(text)
    if year is not None:
        return _whole_year(int(year.group(1) or year.group(2)), now)
    return None if last is None else _last(str(last.lastgroup), now)


def _year_of(said: str | None, month: int, now: datetime) -> int:
    """Where none is said, the last year that had such a month."""
    if said is None:
        return now.year if month <= now.month else now.year - 1
    back = _YEARS_BACK.get(said)
    return int(said.removesuffix("년")) if back is None else now.year - back


def _last(unit: str, now: datetime) -> tuple[datetime, datetime]:
    """The year, month, week (from Monday) or day before the one that `now` is in."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "year":
        return _whole_year(now.year - 1, now)
    if unit == "month":
        before = today.replace(day=1) - timedelta(days=1)
        return _month(before.year, before.month, now)
    until = today - timedelta(days=today.weekday()) if unit == "week" else today
    return until - timedelta(days=7 if unit == "week" else 1), until


def _month(year: int, month: int, now: datetime) -> tuple[datetime, datetime]:
    return _first(year, month, now), _first(year + month // 12, month % 12 + 1, now)


def _whole_year(year: int, now: datetime) -> tuple[datetime, datetime]:
    return _first(year, 1, now), _first(year + 1, 1, now)


def _first(year: int, month: int, now: datetime) -> datetime:
    return datetime(year, month, 1, tzinfo=now.tzinfo)
