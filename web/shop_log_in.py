"""Logging in and out. A log-in ends the session it came with, so that nobody can have planted it,
and joins what the anonymous visitor of that session said (RULES ID-2).
"""

from __future__ import annotations

import logging

from fastapi import Request

from memory import addresses, clock, customers, events, linking, sessions, turns
from memory.engine import Connection
from web import identities, languages, shop_token, visitors
from web import site as sites
from web.opening import ask_for_a_number, write_opening
from web.visitors import Visitor

log = logging.getLogger(__name__)


def log_in(connection: Connection, request: Request, token: object) -> Visitor:
    """The customer the shop's token names, with a session of proof `shop`.

    Raises LogInNotValid.
    """
    user_id = shop_token.user_of(sites.of(request).settings, token)
    now = clock.business_now(connection)
    known = identities.logged_in(
        connection, user_id, visitor=_anonymous_visitor(connection, request), now=now
    )
    addresses.hear(connection, known, now=now)
    _end_session(connection, request)
    fresh = sessions.open_session(connection, known, proof=identities.PROOF)
    language = customers.get(connection, known).language or languages.of_page(request)
    write_opening(connection, known, language=language)
    ask_for_a_number(connection, known, language=language)
    log.info("A customer logged in.", extra={"action": "logged_in", "customer_id": known})
    return Visitor(token=fresh, customer_id=known, proof=identities.PROOF, is_new=True)


def log_out(connection: Connection, request: Request) -> Visitor:
    """End the session; whoever sits here next is somebody new."""
    _end_session(connection, request)
    return visitors.welcome(connection, language=languages.of_page(request))


def _anonymous_visitor(connection: Connection, request: Request) -> str | None:
    """Who has written or looked about in this browser before the log-in. Whoever is proven or known
    already is not the visitor of this log-in, and who has only seen the first line has left nothing
    to be joined."""
    visitor = visitors.known(connection, request)
    if visitor is None or visitor.is_proven or linking.is_known(connection, visitor.customer_id):
        return None
    has_spoken = turns.last_seq(connection, visitor.customer_id) > 1
    was_here = has_spoken or events.has_any(connection, visitor.customer_id)
    return visitor.customer_id if was_here else None


def _end_session(connection: Connection, request: Request) -> None:
    visitor = visitors.known(connection, request)
    if visitor is not None:
        sessions.revoke(connection, visitor.token)
