"""The shop's event API: the Segment HTTP tracking API, so that its SDKs work as they are. What the
shop's own system says links and counts; what a browser says is a hint.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from memory import clock, events, linking
from memory.engine import Connection
from web import bodies, happenings, identities, tracking
from web import site as sites
from web.refusals import Refusal
from web.tracking import Call, CallNotValid

log = logging.getLogger(__name__)

router = APIRouter(prefix="/v1")

MOST_CALLS = 2500
"""Of one batch, as the Segment tracking API has it."""
_SUCCESS = {"success": True}


class Sender(StrEnum):
    """Whose key a call carries."""

    SHOP = "shop"
    BROWSER = "browser"


async def sender(request: Request) -> Sender:
    """By the key, which is the user name; it waits for nothing, so it needs no thread of its own.
    Refuses with 401."""
    site = sites.of(request)
    key = _user_name(request.headers.get("authorization", ""))
    if secrets.compare_digest(key, site.settings.write_key.encode()):
        return Sender.SHOP
    if secrets.compare_digest(key, site.settings.browser_key.encode()):
        site.limits.hints.demand(sites.address_of(request))
        return Sender.BROWSER
    raise Refusal(
        401,
        "key_not_valid",
        "Send the write key as the user name, with an empty password.",
        {"WWW-Authenticate": 'Basic realm="events"'},
    )


From = Annotated[Sender, Depends(sender)]
CallBody = Annotated[bytes, Depends(bodies.call_body)]
BatchBody = Annotated[bytes, Depends(bodies.batch_body)]


@router.post("/identify")
def identify(request: Request, who: From, body: CallBody) -> dict[str, bool]:
    """Who a customer is: visitor, log-in, number, e-mail address and name belong together."""
    return _one(request, who, tracking.IDENTIFY, body)


@router.post("/track")
def track(request: Request, who: From, body: CallBody) -> dict[str, bool]:
    """What a customer did."""
    return _one(request, who, tracking.TRACK, body)


@router.post("/page")
def page(request: Request, who: From, body: CallBody) -> dict[str, bool]:
    """Which page a customer saw."""
    return _one(request, who, tracking.PAGE, body)


@router.post("/alias")
def alias(request: Request, who: From, body: CallBody) -> dict[str, bool]:
    """A visitor has become a user."""
    return _one(request, who, tracking.ALIAS, body)


@router.post("/batch")
def batch(request: Request, who: From, body: BatchBody) -> dict[str, bool]:
    """Many calls, each by itself: those that cannot be taken keep none of the others out."""
    given = bodies.json_object(body, status=400)
    calls = given.get("batch")
    if not isinstance(calls, list) or len(calls) > MOST_CALLS:
        raise CallNotValid("batch_not_valid", f"`batch` must be a list of up to {MOST_CALLS}.")
    refused = [
        f"batch[{place}]: {refusal.message}"
        for place, each in enumerate(calls)
        if (refusal := _refusal_of(sites.of(request), who, each, given.get("sentAt")))
    ]
    if refused:
        told = f"{len(calls) - len(refused)} of {len(calls)} calls were taken. {refused[0]}"
        raise CallNotValid("batch_partly_taken", told)
    return _SUCCESS


def _user_name(authorization: str) -> bytes:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(credentials.strip(), validate=True).partition(b":")[0]
    except (binascii.Error, ValueError):
        return b""


def _one(request: Request, who: Sender, kind: str, body: bytes) -> dict[str, bool]:
    given = bodies.json_object(body, status=400)
    _take(sites.of(request), who, tracking.read(kind, given, received_at=datetime.now(UTC)))
    return _SUCCESS


def _refusal_of(site: sites.Site, who: Sender, given: Any, sent_at: object) -> Refusal | None:
    try:
        if len(json.dumps(given, ensure_ascii=False)) > bodies.LARGEST_CALL:
            raise CallNotValid("too_large", f"A call is larger than {bodies.LARGEST_CALL} bytes.")
        kind = str(given.get("type")) if isinstance(given, dict) else ""
        if kind in tracking.PASSED_OVER:
            return None
        if kind not in tracking.KINDS:
            raise CallNotValid("type_not_valid", "`type` must name a call of the API.")
        now = datetime.now(UTC)
        _take(site, who, tracking.read(kind, given, sent_at=sent_at, received_at=now))
    except CallNotValid as refusal:
        return refusal
    return None


def _take(site: sites.Site, who: Sender, call: Call) -> None:
    """One call, once, in a transaction of its own."""
    with site.transaction() as connection:
        # Each sender's ids are its own: a browser cannot use up those of the shop.
        if call.message_id is not None and not events.take_once(
            connection, f"{who}:{call.message_id}"
        ):
            return
        if who is Sender.SHOP:
            _take_from_shop(connection, call)
        else:
            _take_hint(connection, call)


def _take_from_shop(connection: Connection, call: Call) -> None:
    now = clock.business_now(connection)
    if call.kind in (tracking.IDENTIFY, tracking.ALIAS):
        identities.identify(connection, call, now=now)
        return
    customer_id = identities.customer_of(connection, call, now=now)
    happenings.record(connection, customer_id, call.event, call.values, at=now - call.age, now=now)


def _take_hint(connection: Connection, call: Call) -> None:
    """A browser's word counts for the looks of its own visitor, while nobody is known behind it:
    anybody may read its key. Whatever else it says is passed over."""
    visitor = identities.visitor_of(connection, call)
    is_a_look = call.event in (events.PRODUCT_VIEWED, tracking.PAGE_VIEWED)
    if visitor is None or not is_a_look or linking.has_log_in(connection, visitor):
        log.info("A browser's hint is passed over.", extra={"action": "hint_passed_over"})
        return
    now = clock.business_now(connection)
    happenings.record(connection, visitor, call.event, call.values, at=now - call.age, now=now)
