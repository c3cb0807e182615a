"""Who is on the other end of a request: a bearer token, else the cookie, and nothing else it says
(RULES ID-1, IN-2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from fastapi import Request, Response

from memory import clock, customers, sessions
from memory.engine import Connection
from memory.sessions import Session
from web.opening import write_opening
from web.refusals import Refusal
from web.site import Site

COOKIE = "dangol_session"
_LONGEST_TOKEN = 200
_ON_ITS_WAY = timedelta(seconds=5)
"""Real time that an answer may take to reach the browser."""
_CHALLENGE = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody with a live session."""

    token: str
    customer_id: str
    proof: str
    is_new: bool = False
    """True if the session was opened by this very request."""

    @property
    def is_proven(self) -> bool:
        """True after a log-in or a code."""
        return self.proof != "none"


def token_of(request: Request) -> str | None:
    """The token a request carries. An Authorization header, right or wrong, hides the cookie."""
    header = request.headers.get("authorization")
    if header is None:
        return request.cookies.get(COOKIE)
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def known(connection: Connection, request: Request) -> Visitor | None:
    """The visitor of a request; None if it carries no live token. A token that was renewed behind
    the back of whoever shows it in a header gives way to the cookie of the same customer."""
    token = token_of(request)
    found = _session(connection, token) if token else None
    if token and found is None:
        token = _renewed(connection, request, token)
        found = _session(connection, token) if token else None
    if token is None or found is None:
        return None
    return Visitor(token=token, customer_id=found.customer_id, proof=found.proof)


def _renewed(connection: Connection, request: Request, token: str) -> str | None:
    """The cookie, if it is of the same customer as the ended session of that token."""
    cookie = request.cookies.get(COOKIE)
    if not cookie or cookie == token or not _is_readable(token):
        return None
    before, after = sessions.ended(connection, token), _session(connection, cookie)
    if before is None or after is None or before.customer_id != after.customer_id:
        return None
    return cookie


def demanded(connection: Connection, request: Request) -> Visitor:
    """The visitor of a request. Refuses with 401 and the reason."""
    if token_of(request) is None:
        raise Refusal(401, "token_missing", "Send the token of POST /chat/session.", _CHALLENGE)
    visitor = known(connection, request)
    if visitor is None:
        raise Refusal(
            401, "token_not_valid", "The token is forged, expired or revoked.", _CHALLENGE
        )
    return visitor


def _session(connection: Connection, token: str) -> Session | None:
    return sessions.find(connection, token) if _is_readable(token) else None


def _is_readable(token: str) -> bool:
    return len(token) <= _LONGEST_TOKEN and token.isascii()


def prove(connection: Connection, request: Request, visitor: Visitor, *, proof: str) -> Visitor:
    """Whoever sits here has shown who they are. A token that came with a cookie ends, as somebody
    may have planted it (RULES ID-2); a program that shows its own in a header keeps it."""
    if COOKIE not in request.cookies:
        sessions.prove_one(connection, visitor.token, proof=proof)
        return replace(visitor, proof=proof)
    fresh = sessions.renew(connection, visitor.token, proof=proof)
    return replace(visitor, token=fresh, proof=proof)


def demand_settled(connection: Connection, request: Request) -> None:
    """Refuses with 409 a cookie whose token has just been renewed: the answer with the new one is
    on its way to this browser, and nobody new must take its place."""
    cookie = request.cookies.get(COOKIE)
    if cookie is None or not _is_readable(cookie):
        return
    before = sessions.ended(connection, cookie)
    if before is not None and datetime.now(UTC) - before.revoked_at < _ON_ITS_WAY:
        raise Refusal(409, "session_renewed", "Ask again in a second.", {"Retry-After": "1"})


def welcome(connection: Connection, *, language: str) -> Visitor:
    """A new anonymous customer with a session and the first line of the conversation. The language
    is a guess until they have written."""
    customer_id = customers.create(
        connection, now=clock.business_now(connection), language=language
    )
    token = sessions.open_session(connection, customer_id)
    write_opening(connection, customer_id, language=language)
    return Visitor(token=token, customer_id=customer_id, proof="none", is_new=True)


def keep_cookie(site: Site, response: Response, token: str) -> None:
    """Have the browser keep the token where no script can read it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(sessions.LIFETIME.total_seconds()),
        path="/",
        secure=site.is_https,
        httponly=True,
        samesite="lax",
    )
