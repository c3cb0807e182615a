"""Consents that have grown old, told of again by text: who sends, that and when they agreed, how to
keep it and how to withdraw it (시행령 §62의3, RULES KR-6). A service message, not an advertisement.
"""

from __future__ import annotations

import logging
from datetime import datetime

from marketing import formats
from marketing.decisions import Reason
from marketing.message_classes import SERVICE, notice_not_before
from marketing.places import place_of
from memory import addresses, clock, consents, due, gate, notices, outbox, reconfirmations, turns
from memory import engine as memory_engine
from memory.engine import Engine
from outreach.case import Case
from outreach.live_words import said

log = logging.getLogger(__name__)


def renew(engine: Engine) -> int:
    """Let the consents whose date comes round wait for the planner; returns how many there were."""
    with memory_engine.transaction(engine) as connection:
        now = clock.business_now(connection)
        found = reconfirmations.near(connection, now=now)
        for old in found:
            reconfirmations.schedule(connection, old, now=now)
    if found:
        log.info(
            "Consents are to be confirmed again.",
            extra={"action": "reconfirmations_due", "count": len(found)},
        )
    return len(found)


def tell(case: Case) -> None:
    """Write the notice, if the number is Korean and the consent still stands. Raises
    WordingBroken."""
    connection, occasion = case.connection, case.occasion
    address_id = int(occasion.about["address_id"])
    number = addresses.get(connection, case.customer_id, address_id).value
    standing = consents.standing(connection, case.customer_id, address_id, now=case.now)
    reason: str = Reason.PLANNED
    if place_of(number).country != "KR":
        reason = Reason.NO_ADDRESS
    elif not standing.marketing:
        reason = Reason.NO_CONSENT
    elif occasion.latest is not None and case.now >= occasion.latest:
        reason = Reason.TOO_LATE
    else:
        _write(case, address_id, number)
    due.finish(connection, occasion, reason=reason, now=case.now)


def _write(case: Case, address_id: int, number: str) -> None:
    agreed_at = datetime.fromisoformat(str(case.occasion.about["agreed_at"]))
    body = said(
        case.words,
        "utter_consent_reconfirmation",
        language=case.language,
        channel="sms",
        values={
            "shop_name": case.brand,
            "day": notices.day(case.store, agreed_at, case.language),
            "way_out": _way_out(case, number),
        },
    )
    turns.append(
        case.connection,
        case.customer_id,
        [turns.Utterance(text=body, payload={turns.NOTICE: reconfirmations.KIND})],
        direction="out",
        channel="sms",
        language=case.language,
        at=case.now,
    )
    outbox.put(
        case.connection,
        key=reconfirmations.key(address_id, case.occasion.occurrence.partition(":")[2]),
        customer_id=case.customer_id,
        address_id=address_id,
        message_class=SERVICE.name,
        purpose=reconfirmations.KIND,
        body=body,
        now=case.now,
        hold_until=notice_not_before(case.now, place_of(number)),
        not_after=case.occasion.latest,
    )


def _way_out(case: Case, number: str) -> str:
    """An answer where answers arrive, the free call elsewhere (RULES KR-2)."""
    sender, free_call = gate.sender_for(case.store, number), case.store.get("opt_out_phone")
    if (sender is not None and sender.is_two_way) or not free_call:
        response, values = "utter_way_out_by_answer", {}
    else:
        response = "utter_way_out_by_call"
        values = {"phone": formats.phone(str(free_call))}
    return said(case.words, response, language=case.language, channel="sms", values=values)
