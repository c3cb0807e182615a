"""Whether somebody is there now, and when next: a week of hours in, a statement out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Week = Mapping[str, Mapping[str, str]]
"""Weekday → `opens` and `closes` as HH:MM; a day that is missing is closed."""


@dataclass(frozen=True, kw_only=True)
class Open:
    """Somebody is there."""

    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Nobody is there."""

    opens_at: datetime | None
    """None if it never opens."""


def status(week: Week, local_now: datetime) -> Open | Closed:
    """Whether it is open at `local_now`, an aware time in the shop's own zone."""
    for days in range(8):
        hours = on(week, local_now + timedelta(days=days))
        if hours is None:
            continue
        opens_at, closes_at = hours
        if opens_at <= local_now < closes_at:
            return Open(closes_at=closes_at)
        if opens_at > local_now:
            return Closed(opens_at=opens_at)
    return Closed(opens_at=None)


def runs_of_days(week: Week) -> list[tuple[str, str, Mapping[str, str] | None]]:
    """The week as runs of neighbouring days with equal hours: first day, last day, hours or None
    for closed."""
    runs: list[tuple[str, str, Mapping[str, str] | None]] = []
    for weekday in WEEKDAYS:
        hours = week.get(weekday)
        if runs and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], weekday, hours)
        else:
            runs.append((weekday, weekday, hours))
    return runs


def on(week: Week, day: datetime) -> tuple[datetime, datetime] | None:
    """From when to when it is open on that day, in its zone; None if it is closed."""
    hours = week.get(WEEKDAYS[day.weekday()])
    if hours is None:
        return None
    opens = time.fromisoformat(hours["opens"])
    closes = time.fromisoformat(hours["closes"])
    return (
        datetime.combine(day.date(), opens, day.tzinfo),
        datetime.combine(day.date(), closes, day.tzinfo),
    )
