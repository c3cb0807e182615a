"""Whether an advertisement may go to somebody now: yes until when, not before when, or no and why.

Asked when it is planned and again at the moment of sending. Looks nothing up: everything it judges
by is in the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from marketing.advertisement import SenderProfile


class Reason(StrEnum):
    """Why something was sent or not. The values are stored: never change one."""

    STOPPED = "stopped"
    REFUSED = "refused"
    NO_CONSENT = "no_consent"
    NO_ADDRESS = "no_address"
    QUIET_HOURS = "quiet_hours"
    CAP_REACHED = "cap_reached"
    BOUGHT = "bought"
    OUT_OF_STOCK = "out_of_stock"
    TOO_LATE = "too_late"
    NOT_A2P_REGISTERED = "not_a2p_registered"
    NOT_KR_CERTIFIED = "not_kr_certified"
    NO_SENDER = "no_sender"
    COMPLAINT_OPEN = "complaint_open"
    OFFER_CLOSED = "offer_closed"
    NOT_ENCODABLE = "not_encodable"
    WORDING_BROKEN = "wording_broken"
    NUMBER_NOT_PROVEN = "number_not_proven"
    NOT_ON_THE_STAGING_LIST = "not_on_the_staging_list"
    ALREADY_TOLD = "already_told"
    FACT_FORGOTTEN = "fact_forgotten"
    MUTED = "muted"
    SENT = "sent"
    PLANNED = "planned"
    IN_OPEN_CHAT = "in_open_chat"
    UNKNOWN_PRODUCT = "unknown_product"


@dataclass(frozen=True, kw_only=True)
class Question:
    """Everything that decides about one advertisement to one customer."""

    now: datetime
    """Business time."""
    channel: str
    """`sms` or `web`; on the web there is neither address nor sender to check."""
    consent: str
    """The person's: `none`, `given` or `refused`."""
    address_has_consent: bool
    is_stopped: bool
    """True if the person opted out of everything."""
    number: str | None
    """E.164; None on the web."""
    country: str | None = None
    """On the web, where no number tells it."""
    time_zone: str | None
    """IANA name of the customer's own zone, if it is known."""
    at_night: bool
    """True if they agreed, separately, to advertisements at night."""
    sent_lately: Sequence[datetime]
    """When advertisements went to this person in the last days, by whatever channel or sender."""
    most_a_day: int = 2
    merchant: tuple[time, time] = (time(8), time(21))
    """The hours the shop itself keeps to, by the customer's clock."""
    sender: SenderProfile | None
    """For the number's country; None on the web and where there is none."""
    was_bought: bool
    is_in_stock: bool
    is_open: bool
    """False once the offer was answered, withdrawn or replaced."""
    has_open_complaint: bool
    latest: datetime | None
    """After that it is too late; None if it never is."""


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """It may go now."""

    not_after: datetime
    """It must not arrive later than this."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """Not now; ask again then."""

    until: datetime
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Never."""

    reason: Reason


def may_advertise(question: Question) -> Allowed | Held | Refused:
    """Whether the advertisement may go at `question.now`."""
    raise NotImplementedError
