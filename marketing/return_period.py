"""Whether an order may still be given back. The time runs from delivery, which is not always known;
then only what is sure is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_SLOWEST = timedelta(days=7)
"""Beyond the usual time, before a delivery of which nothing was told is taken to be done."""


class Period(StrEnum):
    """Whether the time is over."""

    OPEN = "open"
    UNSURE = "unsure"
    OVER = "over"


@dataclass(frozen=True, kw_only=True)
class ReturnPeriod:
    """Whether the time is over, and the last day of it, if that is sure."""

    state: Period
    last_day: date
    """The last day on which it is surely open."""


def return_period(
    *,
    ordered_on: date,
    delivered_on: date | None,
    days: int,
    longest_delivery_days: int,
    today: date,
) -> ReturnPeriod:
    """`days` from delivery. What was never told to have come was delivered on the day of the order
    at the earliest, and some days after the usual time at the latest."""
    last_day = (delivered_on or ordered_on) + timedelta(days=days)
    if today <= last_day:
        return ReturnPeriod(state=Period.OPEN, last_day=last_day)
    latest = last_day + timedelta(days=longest_delivery_days) + _SLOWEST
    is_unsure = delivered_on is None and today <= latest
    return ReturnPeriod(state=Period.UNSURE if is_unsure else Period.OVER, last_day=last_day)
