"""Whether an advertisement, or what somebody asked for, may go to them now: yes until when, not
before when, or no and why.

Asked when it is planned and again at the moment of sending. Looks nothing up: everything it judges
by is in the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from marketing import windows
from marketing.advertisement import SenderProfile
from marketing.places import Place, place_of, place_of_visitor

MOST_A_DAY = 3
"""Of all advertisements to a person, in any 24 hours (Florida Statutes 501.616, RULES US-9)."""

_DAY = timedelta(days=1)
_MARGIN = timedelta(minutes=2)


class Reason(StrEnum):
    """Why something was sent or not. The values are stored: never change one."""

    STOPPED = "stopped"
    SUPPRESSED = "suppressed"
    SILENT_NUMBER = "silent_number"
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
    NOT_RECONFIRMED = "not_reconfirmed"
    BOUGHT_ELSEWHERE = "bought_elsewhere"
    ASKED_FOR_LATER = "asked_for_later"
    AT_NEXT_VISIT = "at_next_visit"


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
    is_overdue: bool = False
    """True if the consent was not confirmed again in time (RULES KR-6)."""
    is_stopped: bool
    """True if the person opted out of everything."""
    is_suppressed: bool = False
    """True if the number is on the list of those never to be written to."""
    is_silent: bool = False
    """True if the number's owner was not heard for so long that it may be somebody else's."""
    number: str | None
    """E.164: where it goes, or on the web one of theirs, which tells where they are."""
    country: str | None = None
    """Where no number tells it."""
    time_zone: str | None
    """IANA name of the customer's own zone, if it is known."""
    at_night: bool
    """True if they agreed, separately, to advertisements at night."""
    sent_lately: Sequence[datetime]
    """When advertisements went to this person in the last days, by whatever channel or sender."""
    most_a_day: int = 2
    merchant: tuple[time, time] = windows.MERCHANT
    """The hours the shop itself keeps to, by the customer's clock."""
    sender: SenderProfile | None
    """For the number's country; None on the web and where there is none."""
    is_muted: bool = False
    """True if they asked not to hear of what it is about."""
    is_asked_for_later: bool = False
    """True if they asked to be told of goods of its kind on a day to come."""
    was_bought_elsewhere: bool = False
    """True if they have got such a thing somewhere else, not long ago."""
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
    """Not this offer, however often one asks."""

    reason: Reason


def may_advertise(question: Question) -> Allowed | Held | Refused:
    """Whether the advertisement may go at `question.now`; the gravest reason against it is named.

    No more than three go in 24 hours, whatever the shop says (RULES US-9), and none outside the
    window of the recipient's place (RULES US-8, KR-3), which is taken to close two minutes early:
    a provider needs time to deliver.
    """
    place = _place(question)
    reason = _against_the_number(question) or _against_the_person(question)
    reason = reason or _against_the_sender(question, place, is_advertisement=True)
    reason = reason or _against_the_offer(question)
    if reason is not None:
        return Refused(reason=reason)
    return _not_held_too_long(
        question, _within_the_cap(question) or _within_the_window(question, place)
    )


def may_tell(question: Question) -> Allowed | Held | Refused:
    """Whether what they asked to be told may go at `question.now`: no consent but the asking, no
    marks and no cap (DESIGN rule 14), but never in their quiet hours, to a number that is closed,
    or if it has become pointless."""
    place = _place(question)
    reason = _against_the_number(question)
    reason = reason or _against_the_sender(question, place, is_advertisement=False)
    reason = reason or _against_what_it_is_about(question)
    if reason is not None:
        return Refused(reason=reason)
    return _not_held_too_long(question, _within_the_window(question, place))


def _not_held_too_long(
    question: Question, answer: Allowed | Held | Refused
) -> Allowed | Held | Refused:
    if isinstance(answer, Held) and question.latest is not None and answer.until >= question.latest:
        return Refused(reason=Reason.TOO_LATE)
    return answer


def _place(question: Question) -> Place:
    if question.number is not None:
        return place_of(question.number, time_zone=question.time_zone)
    return place_of_visitor(question.country, time_zone=question.time_zone)


def _against_the_number(question: Question) -> Reason | None:
    if question.is_stopped:
        return Reason.STOPPED
    if question.is_suppressed:
        return Reason.SUPPRESSED
    return Reason.SILENT_NUMBER if question.is_silent else None


def _against_the_person(question: Question) -> Reason | None:
    if question.consent == "refused":
        return Reason.REFUSED
    if question.consent != "given":
        return Reason.NO_CONSENT
    if question.channel == "sms" and not question.address_has_consent:
        return Reason.NO_CONSENT
    return Reason.NOT_RECONFIRMED if question.is_overdue else None


def _against_the_sender(
    question: Question, place: Place, *, is_advertisement: bool
) -> Reason | None:
    """Korea wants a certified provider of advertisements (정보통신망법 §50조의3①, RULES KR-9),
    American carriers a registered campaign (RULES US-11)."""
    if question.channel != "sms":
        return None
    if question.number is None or place.country is None:
        return Reason.NO_ADDRESS
    if question.sender is None:
        return Reason.NO_SENDER
    if is_advertisement and place.country == "KR" and not question.sender.is_kr_certified:
        return Reason.NOT_KR_CERTIFIED
    if place.country == "US" and not question.sender.is_a2p_registered:
        return Reason.NOT_A2P_REGISTERED
    return None


def _against_the_offer(question: Question) -> Reason | None:
    if not question.is_open:
        return Reason.OFFER_CLOSED
    if question.is_asked_for_later:
        return Reason.ASKED_FOR_LATER
    return _against_what_it_is_about(question)


def _against_what_it_is_about(question: Question) -> Reason | None:
    if question.is_muted:
        return Reason.MUTED
    if question.was_bought:
        return Reason.BOUGHT
    if question.was_bought_elsewhere:
        return Reason.BOUGHT_ELSEWHERE
    if question.has_open_complaint:
        return Reason.COMPLAINT_OPEN
    if not question.is_in_stock:
        return Reason.OUT_OF_STOCK
    if question.latest is not None and question.now >= question.latest:
        return Reason.TOO_LATE
    return None


def _within_the_cap(question: Question) -> Held | Refused | None:
    """None if there is room for one more."""
    most = min(question.most_a_day, MOST_A_DAY)
    if most < 1:
        return Refused(reason=Reason.CAP_REACHED)
    recent = sorted(sent for sent in question.sent_lately if sent > question.now - _DAY)
    if len(recent) < most:
        return None
    return Held(until=recent[-most] + _DAY, reason=Reason.CAP_REACHED)


def _within_the_window(question: Question, place: Place) -> Allowed | Held:
    window = _window(question, place, question.now)
    if isinstance(window, windows.Open):
        not_after = min(window.until - _MARGIN, question.latest or window.until)
        if not_after > question.now:
            return Allowed(not_after=not_after)
        window = _window(question, place, window.until)
    return Held(until=window.until, reason=Reason.QUIET_HOURS)


def _window(question: Question, place: Place, at: datetime) -> windows.Open | windows.Closed:
    return windows.status(
        at,
        place,
        at_night=question.at_night,
        merchant=question.merchant,
        is_text=question.channel == "sms",
    )
