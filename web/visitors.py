"""Who is on the other end of a request: a bearer token, else the cookie, and nothing else it says
(RULES ID-1, IN-2).
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from memory import clock, customers, sessions
from memory.engine import Connection
from memory.sessions import Session
from web.opening import write_opening
from web.refusals import Refusal
from web.site import Site

COOKIE = "dangol_session"
_LONGEST_TOKEN = 200
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
    """The visitor of a request; None if it carries no live token."""
    token = token_of(request)
    found = _session(connection, token) if token else None
    if token is None or found is None:
        return None
    return Visitor(token=token, customer_id=found.customer_id, proof=found.proof)


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
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        return None
    return sessions.find(connection, token)


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
