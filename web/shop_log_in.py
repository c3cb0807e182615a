"""Logging in and out. A log-in ends the session it came with, so that nobody can have planted it
(RULES ID-2); what an anonymous visitor said stays with that visitor.
"""

from __future__ import annotations

import logging

from fastapi import Request

from memory import clock, customers, sessions
from memory.engine import Connection
from web import languages, shop_token, visitors
from web import site as sites
from web.opening import write_opening
from web.visitors import Visitor

log = logging.getLogger(__name__)


def log_in(connection: Connection, request: Request, token: object) -> Visitor:
    """The customer the shop's token names, with a session of proof `shop`.

    Raises LogInNotValid.
    """
    user_id = shop_token.user_of(sites.of(request).settings, token)
    now = clock.business_now(connection)
    address = customers.of_address(connection, "login", user_id, proof="shop", now=now)
    _end_session(connection, request)
    fresh = sessions.open_session(connection, address.customer_id, proof="shop")
    language = customers.get(connection, address.customer_id).language
    write_opening(connection, address.customer_id, language=language or languages.of_page(request))
    log.info(
        "A customer logged in.",
        extra={"action": "logged_in", "customer_id": address.customer_id},
    )
    return Visitor(token=fresh, customer_id=address.customer_id, proof="shop", is_new=True)


def log_out(connection: Connection, request: Request) -> Visitor:
    """End the session; whoever sits here next is somebody new."""
    _end_session(connection, request)
    return visitors.welcome(connection, language=languages.of_page(request))


def _end_session(connection: Connection, request: Request) -> None:
    visitor = visitors.known(connection, request)
    if visitor is not None:
        sessions.revoke(connection, visitor.token)
