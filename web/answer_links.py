"""What the link to a person's answer opens: the conversation, for the browser in which it was held,
or for whoever types the code that is sent to the number. It proves nothing by itself (decision 22).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from memory import addresses, catalogue, clock, codes, customers, links, outbox
from memory.engine import Connection
from memory.links import Link
from web import languages, live_words, rendering, visitors
from web import site as sites
from web.pages import about_visitor, frame
from web.refusals import Refusal
from web.visitors import Visitor

router = APIRouter(prefix="/l")

KIND = "answer"
CODE_WITHIN = timedelta(minutes=10)


class NoAnswerBehindIt(Refusal):
    """The link is made up, too old, or leads to no answer."""

    def __init__(self) -> None:
        super().__init__(404, "link_not_valid", str(self.__doc__))


def page(
    connection: Connection, request: Request, token: str, link: Link, *, state: str = ""
) -> Response:
    """The page, with the conversation open for whom it belongs to."""
    language = languages.of_link(request, _language(connection, link))
    store = catalogue.store_profile(connection)
    values: dict[str, Any] = {
        **about_visitor(connection, request),
        **frame(request, store, language),
    }
    return rendering.page(
        request,
        "link_answer.html",
        language=language,
        token=token,
        state=state,
        is_theirs=_is_theirs(connection, visitors.known(connection, request), link),
        **values,
    )


@router.post("/{token}/code")
def send_code(request: Request, token: str) -> Response:
    """Send a code to the number that the link went to; typed in this browser's chat, it makes one
    conversation of both."""
    site = sites.of(request)
    with site.transaction() as connection:
        now = clock.business_now(connection)
        link = links.find(connection, token, now=now)
        if link is None or link.kind != KIND:
            raise NoAnswerBehindIt
        visitor = visitors.known(connection, request)
        if _is_theirs(connection, visitor, link):
            return page(connection, request, token, link)
        language = _language(connection, link)
        if visitor is None:
            site.limits.sessions.demand(sites.address_of(request))
            visitor = visitors.welcome(connection, language=language)
        state = _send(connection, link, visitor, language, now)
        answer = page(connection, request, token, link, state=state)
    if visitor.is_new:
        visitors.keep_cookie(site, answer, visitor.token)
    return answer


def _send(
    connection: Connection, link: Link, visitor: Visitor, language: str, now: datetime
) -> str:
    """What became of it: `code_sent` or `too_many`."""
    number = addresses.get(connection, link.customer_id, link.address_id).value
    try:
        code = codes.issue(connection, visitor.customer_id, number)
    except codes.TooMany:
        return "too_many"
    body = live_words.told(
        connection, "utter_code_text", language=language, channel="sms", code=code
    )
    outbox.put(
        connection,
        key=f"answer_code:{visitor.customer_id}:{now.timestamp():.3f}",
        customer_id=link.customer_id,
        address_id=link.address_id,
        message_class="service",
        purpose="code",
        body=body or code,
        now=now,
        not_after=now + CODE_WITHIN,
    )
    return "code_sent"


def _is_theirs(connection: Connection, visitor: Visitor | None, link: Link) -> bool:
    """Their own session: the conversation is what it shows anyway."""
    return visitor is not None and (
        customers.held(connection, visitor.customer_id) == link.customer_id
    )


def _language(connection: Connection, link: Link) -> str:
    """What they write; else what is spoken where their number is."""
    known = languages.chosen(customers.get(connection, link.customer_id).language or "")
    if known is not None:
        return known
    number = addresses.get(connection, link.customer_id, link.address_id).value
    return languages.KOREAN if number.startswith("+82") else languages.ENGLISH
