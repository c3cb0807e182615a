"""Quiet hours: when an advertisement may reach somebody, by the law of every place they may be in.

Decides nothing but the hours; who may be written to at all is the business of `decisions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from marketing.places import Place


@dataclass(frozen=True, kw_only=True)
class Open:
    """An advertisement may reach them now."""

    until: datetime
    """The first moment at which it may no longer, in UTC."""


@dataclass(frozen=True, kw_only=True)
class Closed:
    """No advertisement may reach them now."""

    until: datetime
    """The first moment at which one may, in UTC."""


def status(
    now: datetime,
    place: Place,
    *,
    at_night: bool = False,
    merchant: tuple[time, time] = (time(8), time(21)),
) -> Open | Closed:
    """Whether an advertisement may reach `place` at `now`. Raises ValueError for a naive `now`."""
    raise NotImplementedError
