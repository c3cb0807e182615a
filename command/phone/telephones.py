"""The telephones on the table, and what their country does to a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Telephone:
    """One handset. Its number belongs to nobody."""

    number: str
    shown: str
    """The number as it is written at home."""
    country: str
    language: str
    time_zone: str
    is_two_way: bool
    contact: str
    """What the demo shop is called among its contacts."""


TELEPHONES = (
    Telephone(
        number="+15035550199",
        shown="(503) 555-0199",
        country="US",
        language="en",
        time_zone="America/Los_Angeles",
        is_two_way=True,
        contact="Trailhead",
    ),
    Telephone(
        number="+821000001127",
        shown="010-0000-1127",
        country="KR",
        language="ko",
        time_zone="Asia/Seoul",
        is_two_way=False,
        contact="숲길",
    ),
)


def is_korean(number: str) -> bool:
    """Korean numbers are one-way at the provider, and counted in bytes (RULES §0.1, §2.5)."""
    return number.startswith("+82")
