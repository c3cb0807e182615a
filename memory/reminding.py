"""What was asked for on its way out as a text message: decided about once more when it is sent, and
part of the conversation once its provider has it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from marketing.decisions import Allowed, Held, Reason, Refused
from memory import clock, customers, due, gate, promises, turns
from memory.due import Due
from memory.gate import About


def about(occasion: Due, *, latest: datetime | None) -> About:
    """What decides about what was asked for, but for whom it goes to."""
    which = occasion.about
    return About(
        campaign=occasion.kind,
        product_id=which.get(promises.WHICH),
        category=which["category"],
        size=which.get("size"),
        width=which.get("width"),
        since=datetime.fromisoformat(occasion.about["asked_at"]),
        latest=latest,
        is_requested=True,
    )


def decide_again(
    connection: Connection, message: Any, *, now: datetime
) -> Allowed | Held | Refused:
    """Whether the text may go now. `message` has `customer_id`, `address_id`, `due_id` and
    `not_after`; its permission row is locked."""
    occasion = promises.get(connection, message.customer_id, message.due_id)
    answer = gate.decide(
        connection,
        message.customer_id,
        about(occasion, latest=message.not_after),
        address_id=message.address_id,
        now=now,
    )
    if isinstance(answer, Held):
        until = {"until": answer.until.isoformat()}
        due.note(connection, occasion, "held", answer.reason, channel="sms", now=now, details=until)
    return answer


def not_sent(connection: Connection, message: Any, *, reason: str, now: datetime) -> None:
    """It did not go: it is said at the next visit, unless it is pointless."""
    occasion = promises.get(connection, message.customer_id, message.due_id)
    promises.could_not_send(connection, occasion, reason=reason, now=now)


def keep_told(connection: Connection, message: Any) -> None:
    """The provider has the text: it is part of the conversation now, and the sending on record."""
    now = clock.business_now(connection)
    occasion = promises.get(connection, message.customer_id, message.due_id)
    turns.append(
        connection,
        message.customer_id,
        [turns.Utterance(text=message.body, payload={promises.PAYLOAD: occasion.due_id})],
        direction="out",
        channel="sms",
        language=customers.get(connection, message.customer_id).language or "en",
        at=now,
    )
    due.note(connection, occasion, "sent", Reason.SENT, channel="sms", now=now)
