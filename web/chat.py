"""The chat: a session, messages in, messages out. Whose they are is what the token says, only."""

from __future__ import annotations

import re
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from memory import clock, inbox, linking, sessions, turns
from memory.inbox import Incoming
from web import bodies, incoming_text, languages, rows, shop_log_in, visitors
from web import site as sites
from web.refusals import Refusal

router = APIRouter(prefix="/chat")

_PAGE = 500
_SEQ = re.compile(r"-?[0-9]{1,18}")
_BEFORE_ALL = -(10**18)
"""Rows that were put in front of a conversation have numbers below zero."""
JsonBody = Annotated[bytes, Depends(bodies.json_body)]


@router.post("/session")
def open_session(request: Request, response: Response, body: JsonBody) -> dict[str, str]:
    """A token and the customer it stands for; the same one again for a browser that has one."""
    site = sites.of(request)
    wish = bodies.json_object(body, may_be_empty=True).get("language")
    language = languages.chosen(wish) or languages.of_page(request)
    with site.transaction() as connection:
        visitor = visitors.known(connection, request)
        if visitor is None:
            visitors.demand_settled(connection, request)
            site.limits.sessions.demand(sites.address_of(request))
            visitor = visitors.welcome(connection, language=language)
        else:
            sessions.prolong(connection, visitor.token)
    visitors.keep_cookie(site, response, visitor.token)
    return {"token": visitor.token, "customer": visitor.customer_id}


@router.post("/messages", status_code=202)
def take_message(request: Request, response: Response, body: JsonBody) -> dict[str, int | str]:
    """Store what the customer says before answering; `id` is its place in the inbox. With `token`
    if it was the code that waited, and the old token has ended."""
    site = sites.of(request)
    with site.transaction() as connection:
        visitor = visitors.demanded(connection, request)
        site.limits.messages.demand(visitor.customer_id)
        given = bodies.json_object(body)
        text = incoming_text.chat_text(given.get("text"))
        own_id = incoming_text.message_id(
            given.get("message_id", request.headers.get("idempotency-key"))
        )
        accepted = inbox.accept(
            connection,
            Incoming(
                channel="web",
                provider_id=f"{visitor.customer_id}:{own_id or secrets.token_urlsafe(16)}",
                customer_id=visitor.customer_id,
                text=text,
                proof=visitor.proof,
            ),
            now=clock.business_now(connection),
        )
        if not accepted.is_new and inbox.get(connection, accepted.inbox_id).text != text:
            raise Refusal(409, "message_id_used", "This message_id was used for another text.")
        proven = visitor
        if accepted.has_code and not visitor.is_proven:
            proven = visitors.prove(connection, request, visitor, proof=linking.PROOF)
    if proven.token == visitor.token:
        return {"id": accepted.inbox_id}
    if request.cookies.get(visitors.COOKIE) == visitor.token:
        visitors.keep_cookie(site, response, proven.token)
    return {"id": accepted.inbox_id, "token": proven.token}


@router.get("/messages")
def messages(request: Request) -> dict[str, Any]:
    """What was said after `?after=N`, or all, oldest first; `has_more` if that is not all; `first`,
    where the conversation begins."""
    after = _seq(request.query_params.get("after"), "after")
    with sites.of(request).transaction() as connection:
        visitor = visitors.demanded(connection, request)
        found = turns.after(connection, visitor.customer_id, after, limit=_PAGE + 1)
        first = turns.first_seq(connection, visitor.customer_id)
    return {
        "messages": [rows.message(turn) for turn in found[:_PAGE]],
        "has_more": len(found) > _PAGE,
        "first": first,
    }


@router.get("/stream")
async def stream(request: Request) -> StreamingResponse:
    """Server-sent events: one message row each, from Last-Event-ID or `?after=N` on; with
    `?first=N` until the conversation begins before that."""
    site = sites.of(request)
    resumed = request.headers.get("last-event-id")
    after = _seq(resumed or request.query_params.get("after"), "after")
    given = request.query_params.get("first")
    first = None if given is None else _seq(given, "first")
    visitor = await run_in_threadpool(_demanded, request)
    site.streams.demand_room(visitor.customer_id)
    return StreamingResponse(
        site.streams.follow(visitor.token, visitor.customer_id, after, first),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


@router.post("/login")
def log_in(request: Request, response: Response, body: JsonBody) -> dict[str, str]:
    """Take the shop's signed word for who this is (RULES ID-2): a new token, the old one ends."""
    site = sites.of(request)
    site.limits.log_ins.demand(sites.address_of(request))
    token = bodies.json_object(body).get("token")
    with site.transaction() as connection:
        visitor = shop_log_in.log_in(connection, request, token)
    visitors.keep_cookie(site, response, visitor.token)
    return {"token": visitor.token, "customer": visitor.customer_id}


def _demanded(request: Request) -> visitors.Visitor:
    with sites.of(request).transaction() as connection:
        return visitors.demanded(connection, request)


def _seq(given: str | None, name: str) -> int:
    if given is None:
        return _BEFORE_ALL
    if not _SEQ.fullmatch(given):
        raise Refusal(422, f"{name}_not_valid", f"`{name}` must be a whole number.")
    return int(given)
