"""An offer on its way out as a text message: decided about once more when it is sent, and part of
the conversation once its provider has it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from marketing.campaigns import WHATEVER_IS_BOUGHT
from marketing.decisions import Allowed, Held, Reason, Refused
from memory import clock, decisions, gate, offers, turns
from memory.decisions import Decision
from memory.gate import About


def decide_again(
    connection: Connection, message: Any, *, now: datetime
) -> Allowed | Held | Refused:
    """Whether the offer of a message may go now; if so, it is open from now on. `message` has
    `customer_id`, `address_id`, `offer_id` and `not_after`; its permission row is locked."""
    offer = offers.get(connection, message.customer_id, message.offer_id)
    lately = offers.sent_lately(
        connection,
        message.customer_id,
        since=now - gate.CAP_LOOKS_BACK,
        apart_from=offer.offer_id,
    )
    answer = gate.decide(
        connection,
        message.customer_id,
        about(offer, latest=message.not_after, is_open=offer.state == "planned"),
        address_id=message.address_id,
        now=now,
        sent_lately=lately,
    )
    if isinstance(answer, Held):
        _note(connection, offer, "held", answer.reason, now, {"until": answer.until.isoformat()})
    if isinstance(answer, Allowed) and not offers.open_up(
        connection,
        message.customer_id,
        offer.offer_id,
        channel="sms",
        address_id=message.address_id,
        now=now,
    ):
        return Refused(reason=Reason.OFFER_CLOSED)
    return answer


def about(offer: offers.Offer, *, latest: datetime | None, is_open: bool = True) -> About:
    """What decides about an offer, but for whom it goes to."""
    return About(
        campaign=offer.campaign,
        product_id=offer.product_id,
        category=offer.category,
        size=offer.about.get("size"),
        width=offer.about.get("width"),
        since=offer.planned_at,
        latest=latest,
        is_open=is_open,
        needs_no_purchase=offer.campaign not in WHATEVER_IS_BOUGHT,
    )


def keep_told(connection: Connection, message: Any) -> None:
    """The provider has the text: it is part of the conversation now, and the sending on record."""
    now = clock.business_now(connection)
    offer = offers.get(connection, message.customer_id, message.offer_id)
    turns.append(
        connection,
        message.customer_id,
        [turns.Utterance(text=message.body, payload={turns.OFFER: offer.offer_id})],
        direction="out",
        channel="sms",
        language=offer.language,
        at=offer.opened_at or now,
    )
    _note(connection, offer, "sent", Reason.SENT, now, {})


def _note(
    connection: Connection,
    offer: offers.Offer,
    decision: str,
    reason: str,
    now: datetime,
    details: dict[str, Any],
) -> None:
    decisions.record(
        connection,
        offer.customer_id,
        Decision(
            campaign=offer.campaign,
            occurrence=offer.occurrence,
            decision=decision,
            reason=reason,
            channel="sms",
            details={"product_id": offer.product_id, **details},
            at=now,
        ),
    )
