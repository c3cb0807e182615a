"""Writes an offer that may be made: into the open chat, or as a text message with what the law puts
around it, which waits in the outbox to be decided about once more.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from marketing import advertisement, campaigns
from marketing.advertisement import Problem, SenderProfile
from marketing.decisions import Allowed, Reason, Refused
from marketing.places import place_of
from marketing.stock import Asked
from memory import gate, links, offers, outbox, prospects, turns
from memory.prospects import Number
from memory.turns import Utterance
from outreach import offer_words
from outreach.case import Case
from outreach.ideas import Idea
from outreach.live_words import buttons

log = logging.getLogger(__name__)

WEB, SMS = "web", "sms"
_STAND_INS = str.maketrans({"₩": "￦", "—": "―", "–": "-"})
"""For signs of our own words that a Korean text cannot carry (CP949, RULES KR-7)."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """An offer is written."""

    decision: str
    """`planned`, or `sent` where it is told at once."""
    reason: Reason


def in_chat(case: Case, idea: Idea) -> Made | Refused:
    """Tell it in the chat that is open, with its card and with ways to answer. Raises
    WordingBroken."""
    size = offer_words.size_that_fits(case, idea.product)
    may_name = prospects.are_sessions_proven(case.connection, case.customer_id)
    body = offer_words.body(case, idea, channel=WEB, size=size, may_name=may_name)
    offer_id = _plan(case, idea, size)
    if offer_id is None:
        return Refused(reason=Reason.ALREADY_TOLD)
    offers.open_up(case.connection, case.customer_id, offer_id, channel=WEB, now=case.now)
    payload = {
        turns.OFFER: offer_id,
        "cards": [case.card(idea.product)],
        "buttons": buttons(case.words, campaigns.REPLIES, language=case.language),
    }
    turns.append(
        case.connection,
        case.customer_id,
        [Utterance(text=body, payload=payload)],
        direction="out",
        channel=WEB,
        language=case.language,
        at=case.now,
    )
    return Made(decision="sent", reason=Reason.IN_OPEN_CHAT)


def by_text(case: Case, idea: Idea, number: Number, allowed: Allowed) -> Made | Refused:
    """Put it into the outbox. Nothing personal is said to a number that nobody has proven. Raises
    WordingBroken."""
    size = offer_words.size_that_fits(case, idea.product) if number.is_proven else None
    body = offer_words.body(case, idea, channel=SMS, size=size, may_name=number.is_proven)
    if _country(number) == "KR":
        body = body.translate(_STAND_INS)
    wrong = _problem(case, number, _marked(case, number, body, f"{case.shop_url}/l/"))
    if wrong is not None:
        return Refused(reason=wrong)
    offer_id = _plan(case, idea, size)
    if offer_id is None:
        return Refused(reason=Reason.ALREADY_TOLD)
    link = None if _sender(case, number).is_two_way else _link(case, number, offer_id)
    outbox.put(
        case.connection,
        key=f"offer:{offer_id}",
        customer_id=case.customer_id,
        address_id=number.address_id,
        message_class="advertisement",
        purpose="offer",
        offer_id=offer_id,
        body=_marked(case, number, body, link),
        # What says `tomorrow` is not for tomorrow; anything else may wait for the morning.
        not_after=allowed.not_after if idea.is_personal else case.occasion.latest,
        now=case.now,
    )
    return Made(decision="planned", reason=Reason.PLANNED)


def _plan(case: Case, idea: Idea, size: Asked | None) -> int | None:
    about: dict[str, Any] = dict(idea.about)
    if size is not None:
        about |= {"size": size.size, "width": size.width}
    return offers.plan(
        case.connection,
        case.customer_id,
        campaign=case.occasion.kind,
        occurrence=case.occasion.occurrence,
        product_id=str(idea.product["product_id"]),
        category=str(idea.product["category"]),
        about=about,
        language=case.language,
        text=offer_words.for_anybody(case, idea.product),
        now=case.now,
    )


def _link(case: Case, number: Number, offer_id: int) -> str:
    token = links.issue(
        case.connection,
        case.customer_id,
        kind="offer",
        address_id=number.address_id,
        offer_id=offer_id,
        now=case.now,
    )
    return f"{case.shop_url}/l/{token}"


def _country(number: Number) -> str:
    return place_of(number.value).country or ""


def _sender(case: Case, number: Number) -> SenderProfile:
    sender = gate.sender_for(case.store, number.value)
    assert sender is not None, "the gate refuses a number that nobody sends to"
    return sender


def _marked(case: Case, number: Number, body: str, link: str | None) -> str:
    """The finished text; on a number that cannot be answered the link is where to answer."""
    sender = _sender(case, number)
    return advertisement.compose(
        body,
        country=_country(number),
        brand=case.brand,
        sender=sender,
        language=case.language,
        link=None if sender.is_two_way else link,
    )


def _problem(case: Case, number: Number, text: str) -> Reason | None:
    """What keeps a finished text from being sent."""
    found = advertisement.problems(text, country=_country(number), brand=case.brand)
    if not found:
        return None
    log.error(
        "The text of an offer has problems: %s",
        ", ".join(found),
        extra={"action": "wording_broken", "campaign": case.occasion.kind},
    )
    return Reason.NOT_ENCODABLE if Problem.NOT_ENCODABLE in found else Reason.WORDING_BROKEN
