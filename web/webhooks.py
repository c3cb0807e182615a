"""Provider callbacks: verified over the raw body, stored, and only then answered."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from channels.protocol import IncomingText
from marketing.errors import BadInput, NotVerified
from marketing.opt_out import Keyword
from memory import clock, customers, delivery, inbox, suppression
from memory.inbox import Accepted, Incoming
from web import bodies, incoming_text
from web import site as sites

log = logging.getLogger(__name__)

router = APIRouter(prefix="/webhooks")

RawBody = Annotated[bytes, Depends(bodies.webhook_body)]
KOREA = "+82"
OPTED_OUT = 21610
"""The provider's code for a recipient who has opted out there (RULES TW-3)."""
_NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


@router.post("/twilio/sms")
def twilio_text(request: Request, body: RawBody) -> Response:
    """A customer's text message; what is to be said comes later, through the outbox."""
    site = sites.of(request)
    try:
        message = site.texts["twilio"].verify_and_parse_message(
            _path_and_query(request), request.headers, body
        )
    except (NotVerified, BadInput) as error:
        raise _noted(error, "text_refused") from error
    accepted = _store(site, message)
    log.info(
        "A text message came in.",
        extra={
            "action": "text_accepted" if accepted.is_new else "text_repeated",
            "inbox_id": accepted.inbox_id,
            "provider_id": message.provider_id,
        },
    )
    return Response(_NO_ANSWER, media_type="text/xml")


@router.post("/twilio/status")
def twilio_status(request: Request, body: RawBody) -> Response:
    """What became of a message of ours; callbacks come in any order and more than once."""
    site = sites.of(request)
    try:
        report = site.texts["twilio"].verify_and_parse_status(
            _path_and_query(request), request.headers, body
        )
    except (NotVerified, BadInput) as error:
        raise _noted(error, "status_refused") from error
    with site.transaction() as connection:
        if report.error_code == OPTED_OUT:
            now = clock.business_now(connection)
            suppression.provider_says_stopped(connection, report.outbox_id, code=OPTED_OUT, now=now)
        delivery.merge_status(
            connection,
            report.outbox_id,
            provider_id=report.provider_id,
            status=report.status,
            error_code=report.error_code,
        )
    return Response(status_code=204)


def _store(site: sites.Site, message: IncomingText) -> Accepted:
    with site.transaction() as connection:
        now = clock.business_now(connection)
        address = customers.of_address(
            connection,
            "phone",
            message.sender,
            proof="inbound",
            now=now,
            language="ko" if message.sender.startswith(KOREA) else "en",
        )
        return inbox.accept(
            connection,
            Incoming(
                channel="sms",
                provider_id=message.provider_id,
                customer_id=address.customer_id,
                address_id=address.address_id,
                text=incoming_text.sms_text(message.text, media_count=message.media_count),
                proof="inbound",
                taken_by_provider_as=_reserved_word(message.opt_out_type),
            ),
            now=now,
        )


def _reserved_word(opt_out_type: str | None) -> Keyword | None:
    word = (opt_out_type or "").lower()
    return Keyword(word) if word in set(Keyword) else None


def _noted(error: NotVerified | BadInput, action: str) -> NotVerified | BadInput:
    """Webhooks that are turned down are logged: a wrong token or address shows here first."""
    log.warning("A provider's callback was refused: %s", error, extra={"action": action})
    return error


def _path_and_query(request: Request) -> str:
    """As it came over the wire, not decoded: signatures are over that."""
    path = request.scope.get("raw_path") or request.url.path.encode()
    query = request.scope.get("query_string", b"")
    return (path + (b"?" + query if query else b"")).decode("latin-1")
