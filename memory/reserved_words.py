"""What STOP, START, HELP and a wrong number do, inside the transaction that stores the message.

After a STOP: one confirmation, HELP answered, nothing else to that number until START (RULES US-4,
US-5, US-6).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from marketing.opt_out import Keyword
from memory import (
    addresses,
    catalogue,
    consents,
    notices,
    outbox,
    releases,
    turns,
    wrong_numbers,
)
from memory.refusals import refuse_marketing
from memory.tables import customers, inbox
from memory.tables import outbox as outbox_table

log = logging.getLogger(__name__)

CONFIRM_WITHIN = timedelta(minutes=5)
HELP_AT_MOST_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class _Message:
    connection: Connection
    customer_id: str
    channel: str
    address_id: int | None
    inbox_id: int
    said: str
    already_confirmed: bool
    now: datetime

    @property
    def evidence(self) -> dict[str, object]:
        return {"inbox_id": self.inbox_id, "channel": self.channel, "said": self.said}


def obey(
    connection: Connection,
    word: Keyword | None,
    *,
    customer_id: str,
    channel: str,
    address_id: int | None,
    inbox_id: int,
    said: str,
    already_confirmed: bool,
    now: datetime,
) -> bool:
    """Do what the reserved word asks. Returns True if the dialogue shall answer the message."""
    message = _Message(
        connection=connection,
        customer_id=customer_id,
        channel=channel,
        address_id=address_id,
        inbox_id=inbox_id,
        said=said,
        already_confirmed=already_confirmed,
        now=now,
    )
    if address_id is None:
        if word is Keyword.STOP:
            _refuse_marketing(message)
        return True
    if word is Keyword.STOP:
        _stop(message, address_id)
    elif word is Keyword.START:
        _start(message, address_id)
    elif word is Keyword.HELP:
        _help(message, address_id)
    elif word is Keyword.WRONG_NUMBER:
        _wrong_number(message, address_id)
    else:
        return addresses.get(connection, customer_id, address_id).stopped_at is None
    return False


def stop_in_other_words(
    connection: Connection, customer_id: str, *, seq: int, said: str, now: datetime
) -> None:
    """What STOP does, asked for in a sentence that the dialogue has understood (RULES US-1).

    `seq` is the customer's utterance. The confirmation is left to the answer of that turn, which
    may go out although the number is closed: see `is_stopped_by_turn`.
    """
    row = connection.execute(
        select(inbox.c.inbox_id, inbox.c.channel, inbox.c.address_id).where(
            inbox.c.customer_id == customer_id, inbox.c.seq == seq
        )
    ).one()
    message = _Message(
        connection=connection,
        customer_id=customer_id,
        channel=row.channel,
        address_id=row.address_id,
        inbox_id=row.inbox_id,
        said=said,
        already_confirmed=True,
        now=now,
    )
    if row.address_id is None:
        _refuse_marketing(message)
    else:
        _stop(message, row.address_id)


def is_stopped_by_turn(
    connection: Connection, customer_id: str, address_id: int, *, now: datetime
) -> bool:
    """True if the turn of that business time has itself closed the number, or taken it from its
    customer: its answer is then the one confirmation."""
    address = addresses.get(connection, customer_id, address_id)
    return now in (address.stopped_at, address.unlinked_at)


def _refuse_marketing(message: _Message) -> None:
    refuse_marketing(
        message.connection,
        message.customer_id,
        evidence=message.evidence,
        now=message.now,
        address_id=message.address_id,
    )


def _stop(message: _Message, address_id: int) -> None:
    _refuse_marketing(message)
    was_stopped = addresses.get(message.connection, message.customer_id, address_id).stopped_at
    if was_stopped:
        return
    consents.record(
        message.connection,
        message.customer_id,
        purpose="texts",
        action="withdrawn",
        evidence=message.evidence,
        now=message.now,
        address_id=address_id,
    )
    addresses.set_stopped(message.connection, message.customer_id, address_id, message.now)
    outbox.cancel_waiting(message.connection, message.customer_id, address_id, reason="stopped")
    if not message.already_confirmed:
        _say(message, address_id, "stop_confirmation", "utter_texts_stopped")


def _start(message: _Message, address_id: int) -> None:
    """Replies are open again in any case; marketing only where STOP had ended it and it had been
    agreed to before (RULES US-5): whoever has refused it elsewhere is asked anew."""
    consents.lock_permission(message.connection, message.customer_id)
    was_stopped = addresses.get(message.connection, message.customer_id, address_id).stopped_at
    for purpose in ("texts", "marketing"):
        if purpose == "texts" or (
            was_stopped
            and consents.has_given(
                message.connection, message.customer_id, purpose, address_id=address_id
            )
        ):
            consents.record(
                message.connection,
                message.customer_id,
                purpose=purpose,
                action="reopened",
                evidence=message.evidence,
                now=message.now,
                address_id=address_id,
            )
    if was_stopped:
        addresses.set_stopped(message.connection, message.customer_id, address_id, None)
        outbox.cancel_waiting(
            message.connection, message.customer_id, address_id, reason="reopened"
        )
    if not message.already_confirmed:
        _say(message, address_id, "start_confirmation", "utter_texts_reopened")


def _help(message: _Message, address_id: int) -> None:
    lately = message.connection.scalar(
        select(outbox_table.c.outbox_id)
        .where(
            outbox_table.c.customer_id == message.customer_id,
            outbox_table.c.address_id == address_id,
            outbox_table.c.purpose == "help",
            outbox_table.c.state != "cancelled",
            outbox_table.c.at > message.now - HELP_AT_MOST_EVERY,
        )
        .limit(1)
    )
    if lately is None and not message.already_confirmed:
        _say(message, address_id, "help", "utter_texts_help")


def _wrong_number(message: _Message, address_id: int) -> None:
    """Whoever has the number now is somebody new (`wrong_numbers.free`), and is not written to
    unasked; told so once."""
    address = addresses.get(message.connection, message.customer_id, address_id)
    is_said_again = wrong_numbers.is_said_again(
        message.connection, address, inbox_id=message.inbox_id
    )
    refuse_marketing(
        message.connection,
        message.customer_id,
        evidence={**message.evidence, "reason": wrong_numbers.REASON},
        now=message.now,
        address_id=address_id,
    )
    if not is_said_again and address.stopped_at is None:
        _say(message, address_id, "stop_confirmation", "utter_wrong_number")


def _say(message: _Message, address_id: int, purpose: str, response: str) -> None:
    language = _language(message, address_id)
    body = _worded(message, response, language)
    if body is not None:
        turns.append(
            message.connection,
            message.customer_id,
            [turns.Utterance(text=body, payload={turns.NOTICE: purpose})],
            direction="out",
            channel="sms",
            language=language,
            at=message.now,
        )
        outbox.put(
            message.connection,
            key=f"{purpose}:{message.inbox_id}",
            customer_id=message.customer_id,
            address_id=address_id,
            message_class="service",
            purpose=purpose,
            body=body,
            now=message.now,
            not_after=message.now + CONFIRM_WITHIN,
        )


def _worded(message: _Message, response: str, language: str) -> str | None:
    """None if nothing is live or the wording has a blank that nobody fills: what was asked for
    counts whether or not it can be confirmed."""
    store = catalogue.store_profile(message.connection)
    try:
        return releases.notice(
            message.connection,
            response,
            language=language,
            channel="sms",
            values={
                "shop_name": store.get("name", {}).get(language, "Dangol"),
                "shop_phone": store.get("phone", {}).get(language, ""),
                "day": notices.day(store, message.now, language),
            },
        )
    except KeyError as error:
        log.error(
            "A wording has a blank that nobody fills (%s); nothing was said.",
            error,
            extra={"action": "wording_broken", "response": response},
        )
        return None


def _language(message: _Message, address_id: int) -> str:
    """What the word is written in, else what they wrote before, else the number's country."""
    if any("가" <= sign <= "힣" for sign in message.said):
        return "ko"
    known = message.connection.scalar(
        select(customers.c.language).where(customers.c.customer_id == message.customer_id)
    )
    if known:
        return str(known)
    number = addresses.get(message.connection, message.customer_id, address_id).value
    return "ko" if number.startswith("+82") else "en"
