"""What the link to a person's answer opens: the conversation, for the browser in which it was held,
or for whoever types the code that is sent to the number. It proves nothing by itself (decision 22).
"""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response

from memory import clock, customers, links, turns
from memory.engine import Connection
from memory.links import Link
from web import languages, live_words, number_codes, rendering, visitors
from web import site as sites
from web.pages import around
from web.refusals import Refusal
from web.visitors import Visitor

router = APIRouter(prefix="/l")

KIND = "answer"


class NoAnswerBehindIt(Refusal):
    """The link is made up, too old, or leads to no answer."""

    def __init__(self) -> None:
        super().__init__(404, "link_not_valid", str(self.__doc__))


def page(
    connection: Connection, request: Request, token: str, link: Link, *, state: str = ""
) -> Response:
    """The page, with the conversation open for whom it belongs to."""
    spoken = number_codes.language_of(connection, link.customer_id, link.address_id)
    language = languages.of_link(request, spoken)
    return rendering.page(
        request,
        "link_answer.html",
        language=language,
        token=token,
        state=state,
        is_theirs=_is_theirs(connection, visitors.known(connection, request), link),
        **around(connection, request, language),
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
        language = number_codes.language_of(connection, link.customer_id, link.address_id)
        if visitor is None:
            site.limits.sessions.demand(sites.address_of(request))
            visitor = visitors.welcome(connection, language=language)
        state = number_codes.send(
            connection, link.customer_id, link.address_id, proves=visitor.customer_id, now=now
        )
        if state == "code_sent":
            _tell(connection, visitor, language, now)
        answer = page(connection, request, token, link, state=state)
    if visitor.is_new:
        visitors.keep_cookie(site, answer, visitor.token)
    return answer


def _tell(connection: Connection, visitor: Visitor, language: str, now: datetime) -> None:
    """In the chat, too: on a telephone it lies over the page."""
    told = live_words.told(connection, "utter_code_sent", language=language)
    if told is not None:
        turns.append(
            connection,
            customers.held(connection, visitor.customer_id),
            [turns.Utterance(text=told)],
            direction="out",
            channel="web",
            language=language,
            at=now,
        )


def _is_theirs(connection: Connection, visitor: Visitor | None, link: Link) -> bool:
    """Their own session: the conversation is what it shows anyway."""
    return visitor is not None and (
        customers.held(connection, visitor.customer_id) == link.customer_id
    )
