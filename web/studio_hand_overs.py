"""The queue of customers who asked for a person, for the shop's own people. Whoever asks shows a
token of theirs in a header and nowhere else, so that no other site can act for them (RULES CS-1);
whatever they see or do is written down (RULES AU-1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from memory import clock, customers, hand_overs, staff, talking, whole_memory
from memory.engine import Connection
from memory.hand_overs import HandOver, NotWaiting
from memory.offers import Offer
from memory.talking import CannotSay
from memory.whole_memory import WholeMemory
from web import bodies, incoming_text
from web import site as sites
from web.refusals import Refusal

router = APIRouter(prefix="/studio/api/hand-overs")

JsonBody = Annotated[bytes, Depends(bodies.json_body)]
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_LONGEST_TOKEN = 200
_ID = re.compile(r"[\w-]{1,100}", re.ASCII)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_WHY_NOT = {
    "key_used": (409, "Something else was said with that `Idempotency-Key`."),
    "not_taken": (409, "Take the conversation first."),
    "say_nothing": (422, "There is nothing to say."),
    "say_too_long": (422, f"A text has at most {talking.LONGEST} characters."),
    "number_stopped": (409, "The number has said STOP: nothing may be sent there."),
}


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A request of one of the shop's people."""

    connection: Connection
    name: str
    now: datetime
    shop_url: str

    def note(self, action: str, whose: str | None = None) -> None:
        """Write it down."""
        staff.note(self.connection, name=self.name, way="api", action=action, whose=whose)

    def waiting(self, customer_id: str) -> HandOver:
        """The one that is open. Raises NotWaiting."""
        is_one = _ID.fullmatch(customer_id) is not None
        known = customers.known_as(self.connection, customer_id) if is_one else None
        found = hand_overs.of_customer(self.connection, known) if known else None
        if found is None:
            raise NotWaiting
        return found


@contextmanager
def _asked(request: Request) -> Iterator[_Asked]:
    """Refuses with 401 whoever shows no live token in the header."""
    site = sites.of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise Refusal(401, "staff_token_missing", "Show a staff token as a bearer.", _CHALLENGE)
    with site.transaction() as connection:
        name = staff.name_of(connection, token) if len(token) <= _LONGEST_TOKEN else None
        if name is None:
            raise Refusal(401, "staff_token_not_valid", "That token counts no more.", _CHALLENGE)
        yield _Asked(
            connection=connection,
            name=name,
            now=clock.business_now(connection),
            shop_url=site.settings.public_base_url,
        )


@router.get("")
def listed(request: Request) -> JSONResponse:
    """Who waits and who is being talked to, longest first."""
    with _asked(request) as asked:
        asked.note("list")
        queue = hand_overs.queue(asked.connection)
        for one in queue:
            asked.note("list", one.customer_id)
        return _answer({"hand_overs": [_hand_over(one, asked.now) for one in queue]})


@router.get("/{customer_id}")
def shown(request: Request, customer_id: str) -> JSONResponse:
    """All that is kept of a customer who waits or is being talked to, and of nobody else."""
    with _asked(request) as asked:
        found = asked.waiting(customer_id)
        asked.note("show", found.customer_id)
        known = whole_memory.of(asked.connection, found.customer_id, now=asked.now)
        return _answer(_whole(known, found, asked.now))


@router.post("/{customer_id}/take")
def take(request: Request, customer_id: str) -> JSONResponse:
    """Talk to the customer from now on, also instead of somebody else; the assistant is silent."""
    with _asked(request) as asked:
        found = asked.waiting(customer_id)
        taken = hand_overs.take(asked.connection, found.customer_id, by=asked.name, now=asked.now)
        asked.note("take", found.customer_id)
        return _answer(_hand_over(taken, asked.now))


@router.post("/{customer_id}/say")
def say(request: Request, customer_id: str, body: JsonBody) -> JSONResponse:
    """Say `text` to a customer whom you have taken, on the channel that they asked on; once for an
    `Idempotency-Key`, however often it is posted."""
    key = request.headers.get("idempotency-key")
    if key is not None and _KEY.fullmatch(key) is None:
        raise Refusal(422, "key_not_valid", "`Idempotency-Key` has up to 200 signs and no spaces.")
    with _asked(request) as asked:
        text = bodies.json_object(body).get("text")
        if not isinstance(text, str):
            raise Refusal(422, "text_missing", "`text` must be a text.")
        found = asked.waiting(customer_id)
        if found.taken_by not in (None, asked.name):
            raise Refusal(409, "taken_by_another", f"{found.taken_by} talks to them.")
        try:
            is_told = talking.say(
                asked.connection,
                found,
                incoming_text.without_control_characters(text),
                shop_url=asked.shop_url,
                now=asked.now,
                key=key,
            )
        except CannotSay as error:
            status, message = _WHY_NOT[error.reason]
            raise Refusal(status, error.reason, message) from error
        asked.note("say", found.customer_id)
        return _answer({"told_by_text": is_told})


@router.post("/{customer_id}/close")
def close(request: Request, customer_id: str) -> JSONResponse:
    """Let the assistant answer again."""
    with _asked(request) as asked:
        found = asked.waiting(customer_id)
        hand_overs.close(asked.connection, found.customer_id, now=asked.now)
        asked.note("close", found.customer_id)
        return _answer({})


def _answer(content: dict[str, Any]) -> JSONResponse:
    return JSONResponse(jsonable_encoder(content), headers={"Cache-Control": "no-store"})


def _hand_over(found: HandOver, now: datetime) -> dict[str, Any]:
    """Without where an answer goes."""
    told = asdict(found)
    del told["address_id"]
    del told["hand_over_id"]
    is_late = found.promised_at is not None and found.answered_at is None
    return {
        **told,
        "waits_seconds": int((now - found.asked_at).total_seconds()),
        "is_promise_broken": is_late and bool(found.promised_at and found.promised_at < now),
    }


def _whole(known: WholeMemory, found: HandOver, now: datetime) -> dict[str, Any]:
    customer = known.customer
    return {
        "customer": {
            "customer_id": found.customer_id,
            "name": customer.name,
            "language": customer.language,
            "country": customer.country,
            "time_zone": customer.time_zone,
        },
        "hand_over": {**_hand_over(found, now), "ahead": known.ahead},
        "facts": [
            {
                "subject": fact.subject,
                "kind": fact.kind,
                "value": fact.value,
                "said": fact.said,
                "since": fact.valid_from,
            }
            for fact in known.facts
        ],
        "open_offers": [_offer(offer) for offer in known.open_offers],
        "timeline": [
            {"at": entry.place.at, "what": entry.place.kind, "facts": entry.what}
            for entry in known.timeline
        ],
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "campaign": offer.campaign,
        "product_id": offer.product_id,
        "text": offer.text,
        "opened_at": offer.opened_at,
    }
