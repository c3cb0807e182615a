"""`why`: what was decided about a customer, step by step, in plain words or as JSON; what is still
to come; and what became of the texts. Reads only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from command.words import CAMPAIGNS, REASONS, WORDS, Language, reason
from marketing.places import place_of, place_of_visitor
from memory import addresses, catalogue, clock, customers, decisions, due, offers, outbox
from memory.decisions import Decision
from memory.due import Due
from memory.engine import Connection
from memory.offers import Offer
from memory.outbox import Written

WENT = frozenset({"accepted", "delivered"})
ON_THE_WAY = frozenset({"ready", "sending", "unknown"})
ANSWERS = frozenset({"accepted", "declined", "postponed"})


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the answer."""

    at: datetime
    what: str
    """decision, text, due or offer."""
    about: str
    """The campaign and the product, or what a text was for."""
    said: str
    facts: Mapping[str, Any]
    """The same for programs."""


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """How things are said to whoever asks: language, the customer's clock, the products' names."""

    language: Language
    zone: ZoneInfo
    products: Mapping[str, str]

    def word(self, name: str, **values: str) -> str:
        """One of the words."""
        return WORDS[self.language][name].format(**values)

    def moment(self, at: datetime) -> str:
        """By the customer's clock, zone included."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S %Z}"

    def about(self, campaign: str, product_id: str | None) -> str:
        """`after a look · Ridge GTX`."""
        called = CAMPAIGNS[self.language].get(campaign, campaign)
        name = self.products.get(product_id, product_id) if product_id else None
        return f"{called} · {name}" if name else called

    def with_reason(self, what: str, stored: str | None) -> str:
        """`not sent — quiet hours`."""
        if not stored:
            return what
        return self.word("and_why", what=what, why=reason(stored, self.language))

    def decision(self, line: Decision, text: Written | None = None) -> str:
        """What was decided; `text` is the one that it was about."""
        match line.decision:
            case "planned":
                return self.word("planned")
            case "held":
                return self.with_reason(self._held("held", line.details.get("until")), line.reason)
            case "sent" if line.channel == "sms":
                return self._with_text(self.word("sent_sms"), text)
            case "sent":
                return self.word("sent_web")
            case "answered":
                return self._answered(line)
            case _:
                return self._ended(self.word("not_sent"), line)

    def text(self, text: Written) -> str:
        """What became of a text, or what it waits for."""
        status = str(text.error_code or text.provider_status or "")
        match text.state:
            case "ready" if text.hold_until is not None:
                said = self._held("text_held", text.hold_until.isoformat())
            case "refused" | "cancelled":
                said = self.word("not_sent")
            case state:
                said = self.word(f"text_{state}", status=status)
        return said if text.state in WENT else self.with_reason(said, text.reason)

    def _with_text(self, said: str, text: Written | None) -> str:
        return said if text is None else self.word("and_why", what=said, why=self.text(text))

    def _held(self, word: str, until: str | None) -> str:
        return self.word(word, until=self.moment(datetime.fromisoformat(until)) if until else "?")

    def _answered(self, line: Decision) -> str:
        given = line.details.get("answer")
        if given not in ANSWERS:
            return self._ended(self.word("closed"), line)
        has_reason = line.reason in REASONS[self.language]
        return self.with_reason(self.word(f"was_{given}"), line.reason if has_reason else None)

    def _ended(self, what: str, line: Decision) -> str:
        """A purchase is named with its time, and its day if that was another."""
        at, order = line.details.get("bought_at"), line.details.get("order_id")
        if line.reason != "bought" or at is None:
            return self.with_reason(what, line.reason)
        bought = datetime.fromisoformat(at).astimezone(self.zone)
        is_same_day = bought.date() == line.at.astimezone(self.zone).date()
        said = f"{bought:%H:%M:%S}" if is_same_day else f"{bought:%Y-%m-%d %H:%M:%S}"
        why = self.word("bought_order", at=said, order=order) if order else ""
        return self.word("and_why", what=what, why=why or self.word("bought_at", at=said))


def tongue_for(connection: Connection, customer_id: str, language: Language) -> Tongue:
    """How a customer's affairs are told: by their own clock, else one of their number's."""
    customer = customers.get(connection, customer_id)
    phone = next(
        (one for one in addresses.of_customer(connection, customer_id) if one.kind == "phone"), None
    )
    place = (
        place_of(phone.value, time_zone=customer.time_zone)
        if phone is not None and customer.time_zone is None
        else place_of_visitor(customer.country, time_zone=customer.time_zone)
    )
    return Tongue(
        language=language,
        zone=ZoneInfo(place.zones[0] if place.zones else "UTC"),
        products={
            product["product_id"]: product["name"][language]
            for product in catalogue.listed(connection)
        },
    )


def lines_of(
    connection: Connection, customer_id: str, tongue: Tongue, campaign: str | None = None
) -> list[Line]:
    """What was decided, in its order; then what is to come and what waits for an answer."""
    texts = outbox.of_customer(connection, customer_id)
    made = {offer.offer_id: offer for offer in offers.of_customer(connection, customer_id)}
    offered = [(text, made[text.offer_id]) for text in texts if text.offer_id in made]
    of_offer = {(offer.campaign, offer.occurrence): text for text, offer in offered}
    past = [
        decided(line, tongue, of_offer.get((line.campaign, line.occurrence)))
        for line in decisions.of_customer(connection, customer_id, campaign=campaign)
    ]
    if campaign is None:
        past += [_text(text, tongue) for text in texts if _is_worth_a_line(text)]
    now = clock.business_now(connection)
    to_come = [
        *(_due(one, tongue) for one in due.to_come(connection, customer_id)),
        *(_on_the_way(*one, tongue) for one in offered if one[0].state in ON_THE_WAY),
        *(_offer(one, tongue) for one in offers.open_ones(connection, customer_id, now=now)),
    ]
    return sorted(past, key=lambda line: line.at) + [
        line for line in to_come if campaign in (None, line.facts["campaign"])
    ]


def decided(line: Decision, tongue: Tongue, text: Written | None = None) -> Line:
    """The line of one decision; `text` is the one that it was about."""
    facts = {
        "campaign": line.campaign,
        "occurrence": line.occurrence,
        "decision": line.decision,
        "reason": line.reason,
        "channel": line.channel,
        "details": line.details,
    }
    if line.decision == "sent" and text is not None:
        facts["text"] = _facts_of(text)
    return Line(
        at=line.at,
        what="decision",
        about=tongue.about(line.campaign, line.details.get("product_id")),
        said=tongue.decision(line, text),
        facts=facts,
    )


def _is_worth_a_line(text: Written) -> bool:
    """Of what is no offer, only what did not go out."""
    return text.offer_id is None and text.state not in WENT


def _text(text: Written, tongue: Tongue) -> Line:
    return Line(
        at=text.at,
        what="text",
        about=tongue.word("text", purpose=tongue.word(text.purpose)),
        said=tongue.text(text),
        facts={"campaign": None, **_facts_of(text)},
    )


def _on_the_way(text: Written, offer: Offer, tongue: Tongue) -> Line:
    return Line(
        at=text.at,
        what="text",
        about=tongue.about(offer.campaign, offer.product_id),
        said=tongue.text(text),
        facts={"campaign": offer.campaign, "occurrence": offer.occurrence, **_facts_of(text)},
    )


def _facts_of(text: Written) -> dict[str, Any]:
    return {
        "outbox_id": text.outbox_id,
        "purpose": text.purpose,
        "state": text.state,
        "reason": text.reason,
        "provider_status": text.provider_status,
        "error_code": text.error_code,
    }


def _due(occasion: Due, tongue: Tongue) -> Line:
    return Line(
        at=occasion.due_at,
        what="due",
        about=tongue.about(occasion.kind, occasion.about.get("product_id")),
        said=tongue.word("waits_due"),
        facts={"campaign": occasion.kind, "occurrence": occasion.occurrence, "state": "waiting"},
    )


def _offer(offer: Offer, tongue: Tongue) -> Line:
    return Line(
        at=offer.opened_at or offer.planned_at,
        what="offer",
        about=tongue.about(offer.campaign, offer.product_id),
        said=tongue.word("open_offer"),
        facts={
            "campaign": offer.campaign,
            "occurrence": offer.occurrence,
            "state": offer.state,
            "product_id": offer.product_id,
            "channel": offer.channel,
        },
    )


def show(
    connection: Connection,
    given: str,
    campaign: str | None,
    *,
    language: Language,
    is_json: bool,
) -> None:
    """Print the answer about a customer (an id, a user id, a phone). Raises NotFound."""
    customer_id = customers.resolve(connection, given)
    tongue = tongue_for(connection, customer_id, language)
    lines = lines_of(connection, customer_id, tongue, campaign)
    for line in lines:
        print(as_json(line) if is_json else as_words(line, tongue))
    if not lines and not is_json:
        who = f"{customer_id}, {campaign}" if campaign else customer_id
        print(tongue.word("nothing_decided", who=who))


def as_words(line: Line, tongue: Tongue) -> str:
    """`2026-11-26 08:10:41 KST after a look · Ridge GTX: not sent — quiet hours`."""
    return f"{tongue.moment(line.at)} {line.about}: {line.said}"


def as_json(line: Line) -> str:
    """One object in one line; `said` is the sentence of the plain answer."""
    told = {"at": line.at.isoformat(), "what": line.what, **line.facts, "said": line.said}
    return json.dumps(told, ensure_ascii=False)
