"""When a day of the year comes next, how many years it has been, and when to write about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time


def next_after(value: Mapping[str, int | None], after: date) -> date:
    """The first occurrence of a birthday or anniversary strictly after `after`."""
    raise NotImplementedError


def years(value: Mapping[str, int | None], on: date) -> int | None:
    """How many full years it has been at the occurrence `on`; None if the year was never said."""
    raise NotImplementedError


def due_at(occurrence: date, *, lead_days: int, at: time, zone: str) -> datetime:
    """The moment, in UTC, `lead_days` before the occurrence at the wall time `at` of `zone`."""
    raise NotImplementedError
