"""What customers asked to be told later, told on its day: in the chat if it is open, else by text
to a number of their own, else at the next visit. No advertisement: it is in their own words, names
no product and no price, and comes once.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from marketing import advertisement, formats, past_words
from marketing.decisions import Allowed, Held, Reason, Refused
from marketing.message_classes import REQUESTED
from marketing.places import place_of
from memory import (
    catalogue,
    clock,
    due,
    facts,
    gate,
    open_chats,
    outbox,
    personal_dates,
    promises,
    reminding,
    stock_alerts,
    turns,
)
from memory import engine as memory_engine
from memory.engine import Engine
from memory.prospects import Number
from memory.turns import Utterance
from outreach.case import Case
from outreach.live_words import buttons, said
from outreach.making import SMS, WEB

PURPOSE = "reminder"


def tell(case: Case) -> None:
    """Tell it, or put it off, or leave it to the next visit. Raises WordingBroken."""
    connection, occasion = case.connection, case.occasion
    if stock_alerts.is_one(occasion) and not _is_back(case):
        _waits_on(case)
        return
    way = WEB if open_chats.is_open(connection, case.customer_id) else SMS
    answer = _may(case, way)
    if isinstance(answer, Held):
        due.hold(connection, occasion, until=answer.until)
        _note(case, "held", answer.reason, way, until=answer.until.isoformat())
        return
    reason = answer.reason if isinstance(answer, Refused) else _tell(case, way, answer)
    decision = {Reason.PLANNED: "planned", Reason.IN_OPEN_CHAT: "sent"}.get(reason, "not_sent")
    _note(case, decision, reason, way)
    due.finish(connection, occasion, reason=reason, now=case.now)
    if not stock_alerts.is_one(occasion):
        category = occasion.about["category"] or ""
        facts.close(connection, case.customer_id, kind=promises.FACT, item=category, now=case.now)


def _is_back(case: Case) -> bool:
    product = catalogue.product(case.connection, case.occasion.about[promises.WHICH])
    return product is not None and stock_alerts.is_there(product, case.occasion)


def _waits_on(case: Case) -> None:
    """It was sold before they could be told; a wish that has grown old ends without a word."""
    asked_at = datetime.fromisoformat(case.occasion.about["asked_at"])
    if case.now < asked_at + stock_alerts.KEPT_FOR:
        stock_alerts.wait_on(case.connection, case.occasion)
    else:
        due.end(case.connection, case.occasion, reason=Reason.FACT_FORGOTTEN, now=case.now)


def tell_what_is_back(engine: Engine) -> int:
    """Begin to tell of what the shop has again; returns how many wishes that fulfils."""
    with memory_engine.transaction(engine) as connection:
        found = stock_alerts.back(connection, now=clock.business_now(connection))
    for one in found:
        with memory_engine.transaction(engine) as connection:
            stock_alerts.begin(connection, one, now=clock.business_now(connection))
    return len(found)


def _may(case: Case, way: str) -> Allowed | Held | Refused:
    number = case.number if way == SMS else None
    if way == SMS and number is None:
        return Refused(reason=Reason.NO_ADDRESS)
    if number is not None and not number.is_proven:
        return Refused(reason=Reason.NUMBER_NOT_PROVEN)
    return gate.decide(
        case.connection,
        case.customer_id,
        reminding.about(case.occasion, latest=case.occasion.latest),
        address_id=number.address_id if number else None,
        now=case.now,
    )


def _tell(case: Case, way: str, allowed: Allowed) -> Reason:
    if way == WEB:
        return _in_chat(case)
    assert case.number is not None, "without a number it is refused"
    return _by_text(case, case.number, allowed)


def _in_chat(case: Case) -> Reason:
    payload: dict[str, Any] = {
        promises.PAYLOAD: case.occasion.due_id,
        "buttons": buttons(case.words, "utter_reminder_replies", language=case.language),
    }
    turns.append(
        case.connection,
        case.customer_id,
        [Utterance(text=_body(case, WEB), payload=payload)],
        direction="out",
        channel=WEB,
        language=case.language,
        at=case.now,
    )
    return Reason.IN_OPEN_CHAT


def _by_text(case: Case, number: Number, allowed: Allowed) -> Reason:
    body = f"{_body(case, SMS)} {_way_to_answer(case, number)}"
    if place_of(number.value).country == "KR" and advertisement.not_encodable(body):
        return Reason.NOT_ENCODABLE
    outbox.put(
        case.connection,
        key=f"reminder:{case.occasion.due_id}",
        customer_id=case.customer_id,
        address_id=number.address_id,
        message_class=REQUESTED.name,
        purpose=PURPOSE,
        due_id=case.occasion.due_id,
        body=body,
        not_after=allowed.not_after,
        now=case.now,
    )
    return Reason.PLANNED


def _body(case: Case, channel: str) -> str:
    """As they said it themselves, and when."""
    called, language = case.occasion.about["called"], case.language
    clock = ZoneInfo(personal_dates.zone(case.connection, case.customer_id))
    asked = date.fromisoformat(case.occasion.about["asked_on"])
    values = {
        "shop_name": case.brand,
        "when": past_words.when(asked, case.now.astimezone(clock).date(), language),
        "it_is": formats.it_is(called, language) if called else "",
    }
    response = "utter_reminder" if called else "utter_reminder_of_nothing_named"
    if stock_alerts.is_one(case.occasion):
        response = "utter_stock_alert"
    return said(case.words, response, language=language, channel=channel, values=values)


def _way_to_answer(case: Case, number: Number) -> str:
    """An answer where answers arrive, the shop's page elsewhere."""
    sender = gate.sender_for(case.store, number.value)
    is_two_way = sender is not None and sender.is_two_way
    response = "utter_reminder_by_answer" if is_two_way else "utter_reminder_by_page"
    values = {"shop_url": case.shop_url}
    return said(case.words, response, language=case.language, channel=SMS, values=values)


def _note(case: Case, decision: str, reason: str, way: str, **details: str) -> None:
    due.note(
        case.connection,
        case.occasion,
        decision,
        reason,
        channel=way,
        now=case.now,
        details=details,
    )
