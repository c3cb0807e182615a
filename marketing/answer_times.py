"""When a person answers: the hours in which somebody is there, without public holidays, and the
moment until which an answer is promised. Times are of the shop's own zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from marketing import opening_hours, working_days
from marketing.opening_hours import Closed, Open, Week

_FARTHEST = timedelta(days=60)
"""No shop that answers at all is closed for longer."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What follows from somebody asking for a person."""

    alarm_at: datetime
    """When the shop's people are told: at once, or when the first of them is there."""
    again_at: datetime | None
    """When they are told again, unless somebody has taken it up: when two thirds of the time have
    gone by."""
    answered_by: datetime | None
    """When the customer is answered at the latest; None if nothing can be promised."""


def promise(week: Week, country: str, local_asked: datetime, within: timedelta | None) -> Promise:
    """What is promised to whoever asks now, if a person answers within that time of their hours."""
    now = status(week, country, local_asked)
    opens_at = now.opens_at if isinstance(now, Closed) else None
    by = answered_by(week, country, local_asked, within) if within else None
    again = answered_by(week, country, local_asked, within * 2 / 3) if within else None
    return Promise(alarm_at=opens_at or local_asked, again_at=again, answered_by=by)


def status(week: Week, country: str, local_now: datetime) -> Open | Closed:
    """Whether somebody is there at `local_now`, an aware time in the shop's own zone."""
    span = next(_spans(week, country, local_now), None)
    if span is None:
        return Closed(opens_at=None)
    opens_at, closes_at = span
    return Open(closes_at=closes_at) if opens_at <= local_now else Closed(opens_at=opens_at)


def answered_by(
    week: Week, country: str, local_asked: datetime, within: timedelta
) -> datetime | None:
    """When as much of the hours in which somebody is there has gone by; None if nobody ever is."""
    left = within
    for opens_at, closes_at in _spans(week, country, local_asked):
        begins = max(opens_at, local_asked).astimezone(UTC)
        there = closes_at.astimezone(UTC) - begins
        if left <= there:
            return (begins + left).astimezone(local_asked.tzinfo)
        left -= there
    return None


def _spans(week: Week, country: str, local_from: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The hours that end after `local_from`, in their order."""
    moment = local_from
    while moment - local_from < _FARTHEST:
        hours = opening_hours.on(week, moment)
        if (
            hours is not None
            and hours[1] > local_from
            and not working_days.is_holiday(moment.date(), country)
        ):
            yield hours
        moment += timedelta(days=1)
