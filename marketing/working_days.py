"""Days on which people work, in Korea and in the United States. Reckons by the law's rules; days
that a government declares, such as those of elections, are not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from marketing import lunar

_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_FEASTS = ((1, 1), (8, 15))
"""설날 and 추석, by the lunar calendar; the days before and after are holidays too."""
_MADE_UP_FOR = ((3, 1), (5, 1), (5, 5), (7, 17), (8, 15), (10, 3), (10, 9), (12, 25))
_NOT_MADE_UP_FOR = ((1, 1), (6, 6))
_BUDDHA = (4, 8)


def first(day: date, country: str) -> date:
    """The first working day from `day` on, in `KR` or `US`; elsewhere weekends alone are free."""
    while not is_one(day, country):
        day += _DAY
    return day


def is_one(day: date, country: str) -> bool:
    """True if it is neither a weekend nor a public holiday."""
    return day.weekday() < _SATURDAY and not is_holiday(day, country)


def is_holiday(day: date, country: str) -> bool:
    """True for a public holiday of `KR` or `US`, the days that make up for one included."""
    if country == "KR":
        return day in _korean(day.year)
    return country == "US" and day in _american(day.year)


@lru_cache(maxsize=16)
def _korean(year: int) -> frozenset[date]:
    """By 관공서의 공휴일에 관한 규정 §2 and §3, as of 2026 (with 노동절 and 제헌절). A holiday on
    a weekend or on another holiday is made up for on the next working day: of 설날 and 추석 only
    one that falls on a Sunday or another holiday; 1 January and 현충일 never."""
    feasts = [lunar.solar(year, *feast) + shift * _DAY for feast in _FEASTS for shift in (-1, 0, 1)]
    made_up_for = [date(year, *one) for one in _MADE_UP_FOR]
    made_up_for.append(lunar.solar(year, *_BUDDHA))
    every = sorted([*feasts, *made_up_for, *(date(year, *one) for one in _NOT_MADE_UP_FOR)])
    taken = set(every)
    for place, day in enumerate(every):
        is_double = day in every[:place]
        is_lost = (day in made_up_for and day.weekday() >= _SATURDAY) or (
            day in feasts and day.weekday() == _SUNDAY
        )
        if is_double or is_lost:
            taken.add(_next_free(day, taken))
    return frozenset(taken)


def _next_free(day: date, taken: set[date]) -> date:
    while day in taken or day.weekday() >= _SATURDAY:
        day += _DAY
    return day


@lru_cache(maxsize=16)
def _american(year: int) -> frozenset[date]:
    """Federal holidays (5 U.S.C. 6103): one on a Saturday is kept on the Friday before, one on a
    Sunday on the Monday after (Executive Order 11582)."""
    fixed = (
        date(at, month, day)
        for at in (year, year + 1)
        for month, day in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
    )
    return frozenset((*map(_observed, fixed), *_movable(year)))


def _observed(day: date) -> date:
    return day + {_SATURDAY: -_DAY, _SUNDAY: _DAY}.get(day.weekday(), timedelta())


def _movable(year: int) -> Iterator[date]:
    for month, weekday, week in (
        (1, _MONDAY, 3),
        (2, _MONDAY, 3),
        (9, _MONDAY, 1),
        (10, _MONDAY, 2),
        (11, _THURSDAY, 4),
    ):
        begin = date(year, month, 1)
        yield begin + timedelta(days=(weekday - begin.weekday()) % 7 + 7 * (week - 1))
    last = date(year, 5, 31)
    yield last - timedelta(days=last.weekday())
