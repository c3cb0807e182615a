"""The four classes of message, each with its own consent, hours, marks and caps (DESIGN rule 14).

Decides nothing about one message: `decisions` does, and `advertisement` writes the marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketing import windows
from marketing.places import Place


class Consent(StrEnum):
    """What somebody must have said before a message of a class may go to them."""

    NONE = "none"
    """Only not STOP."""
    REQUEST = "request"
    """They asked for this very message."""
    MARKETING = "marketing"
    """They agreed to advertisements, on this address (RULES US-7, KR-4)."""


@dataclass(frozen=True, kw_only=True)
class MessageClass:
    """What holds for every message of a class."""

    name: str
    """As it is stored."""
    consent: Consent
    keeps_hours: bool
    """True if it reaches nobody in their quiet hours (RULES US-8, KR-3)."""
    is_marked: bool
    """True if it says that it advertises, for whom, and how to end it (RULES KR-1, KR-2, US-10)."""
    is_capped: bool
    """True if it counts towards the most that somebody gets in a day (RULES US-9)."""
    goes_first: bool
    """True if it overtakes the others: somebody waits for it."""


REPLY = MessageClass(
    name="reply",
    consent=Consent.NONE,
    keeps_hours=False,
    is_marked=False,
    is_capped=False,
    goes_first=True,
)
"""The answer to what they have just written."""
SERVICE = MessageClass(
    name="service",
    consent=Consent.NONE,
    keeps_hours=False,
    is_marked=False,
    is_capped=False,
    goes_first=True,
)
"""What belongs to something they did: a code, a confirmation, an order, a notice of the law."""
REQUESTED = MessageClass(
    name="requested",
    consent=Consent.REQUEST,
    keeps_hours=True,
    is_marked=False,
    is_capped=False,
    goes_first=False,
)
"""What they asked to be told: that it is there again, or at a day of theirs."""
ADVERTISEMENT = MessageClass(
    name="advertisement",
    consent=Consent.MARKETING,
    keeps_hours=True,
    is_marked=True,
    is_capped=True,
    goes_first=False,
)
"""What the shop would like to sell."""

CLASSES = {one.name: one for one in (REPLY, SERVICE, REQUESTED, ADVERTISEMENT)}


def notice_not_before(now: datetime, place: Place) -> datetime | None:
    """When a notice of the law, which nobody waits for, may go to a place; None for at once. In
    Korea it waits for the morning (RULES KR-5); elsewhere it is too late by then (RULES US-4)."""
    if place.country != "KR":
        return None
    status = windows.status(now, place)
    return status.until if isinstance(status, windows.Closed) else None
