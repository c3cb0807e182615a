"""Notices of what was taken down in the ledger of consents: who sends, what was done, when, and by
when they must reach whom (정보통신망법 §50⑦, RULES KR-5, US-4). They are no advertisements.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from marketing import formats


def day(store: Mapping[str, Any], moment: datetime, language: str) -> str:
    """The date of a moment where the shop is, in words."""
    at = moment.astimezone(ZoneInfo(store.get("time_zone", {}).get(language, "UTC")))
    return formats.day_of_year({"year": at.year, "month": at.month, "day": at.day}, language)
