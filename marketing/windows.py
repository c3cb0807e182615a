"""Quiet hours: when an advertisement may reach somebody, by the law of every place they may be in.

Decides nothing but the hours; who may be written to at all is the business of `decisions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

from marketing.places import Place

Hours = tuple[time, time]
"""Wall-clock times: from the first, up to but not including the second."""
Week = tuple[Hours, Hours, Hours]
"""Monday to Friday, Saturday, Sunday."""
Span = tuple[datetime, datetime]

MERCHANT: Hours = (time(8), time(21))

_WEEK_OF_DAYS = 7
_UNLIMITED = timedelta(days=1)


def _daily(opens: time, closes: time) -> Week:
    hours = (opens, closes)
    return (hours, hours, hours)


_FEDERAL = _daily(time(8), time(21))
_KOREAN = _daily(time(8), time(20, 50))
_STATES: dict[str, Week] = {
    **dict.fromkeys(("FL", "MD", "MS", "NJ", "OK"), _daily(time(8), time(20))),
    "CT": _daily(time(9), time(20)),
    "RI": ((time(9), time(18)), (time(10), time(17)), (time(10), time(17))),
    "TX": ((time(9), time(21)), (time(9), time(21)), (time(12), time(21))),
}
"""The states that are stricter than federal law (RULES §1.1)."""


@dataclass(frozen=True, kw_only=True)
class Open:
    """An advertisement may reach them now."""

    until: datetime
    """The first moment at which it may no longer, in UTC; a day on where there is no limit."""


@dataclass(frozen=True, kw_only=True)
class Closed:
    """No advertisement may reach them now."""

    until: datetime
    """The first moment at which one may, in UTC; a week on if there is none before."""


def status(
    now: datetime,
    place: Place,
    *,
    at_night: bool = False,
    merchant: Hours = MERCHANT,
    is_text: bool = True,
) -> Open | Closed:
    """Whether an advertisement may reach `place` at `now`. Raises ValueError for a naive `now`.

    US: 08:00–21:00 (47 CFR 64.1200(c)(1)) and the hours of the state, which bind texts only; a
    state that is unknown may be any of them. Korea: 08:00–20:50, because the operators cut ten
    minutes before the law does (정보통신망법 §50③); with the separate consent `at_night` there is
    no limit, the merchant's neither. Elsewhere: within both. All of it holds in all zones of the
    place at once (RULES US-8); where no zone is known, it is never open.
    """
    if now.tzinfo is None:
        raise ValueError("A time without a zone.")
    now = now.astimezone(UTC)
    if place.country == "KR" and at_night:
        return Open(until=now + _UNLIMITED)
    week = _strictest([_daily(*merchant), *_law(place, is_text=is_text)])
    for opens, closes in _everywhere([_spans(now, zone, week) for zone in place.zones]):
        if now < opens:
            return Closed(until=opens)
        if now < closes:
            return Open(until=closes)
    return Closed(until=now + timedelta(days=_WEEK_OF_DAYS))


def _law(place: Place, *, is_text: bool) -> list[Week]:
    if place.country == "KR":
        return [_KOREAN]
    if place.country != "US":
        return [_FEDERAL, _KOREAN]
    if not is_text:
        return [_FEDERAL]
    if place.state is None:
        return [_FEDERAL, *_STATES.values()]
    return [_FEDERAL, _STATES.get(place.state, _FEDERAL)]


def _strictest(weeks: Sequence[Week]) -> Week:
    weekdays, saturdays, sundays = (
        (max(hours[0] for hours in days), min(hours[1] for hours in days))
        for days in zip(*weeks, strict=True)
    )
    return (weekdays, saturdays, sundays)


def _spans(now: datetime, zone: str, week: Week) -> list[Span]:
    """The open times in one zone, from the day before `now` to more than a week later."""
    clock = ZoneInfo(zone)
    first = now.astimezone(clock).date() - timedelta(days=1)
    days = [first + timedelta(days=days) for days in range(_WEEK_OF_DAYS + 3)]
    spans = []
    for day in days:
        opens, closes = week[max(0, day.weekday() - 4)]
        if opens < closes:
            begins = datetime.combine(day, opens, clock).astimezone(UTC)
            spans.append((begins, datetime.combine(day, closes, clock).astimezone(UTC)))
    return spans


def _everywhere(zones: Sequence[Sequence[Span]]) -> Sequence[Span]:
    """When it is open in all zones at once."""
    return reduce(_both, zones) if zones else ()


def _both(here: Sequence[Span], there: Sequence[Span]) -> Sequence[Span]:
    pairs = [
        (max(begins, starts), min(ends, stops)) for begins, ends in here for starts, stops in there
    ]
    return [(begins, ends) for begins, ends in pairs if begins < ends]
