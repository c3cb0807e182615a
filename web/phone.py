"""Development only: `/phone…` is passed on to the local fake of the SMS provider, so that one port
shows everything.
"""

from __future__ import annotations

import logging
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, Request, Response

from web import bodies
from web import site as sites
from web.pages import NoSuchPage
from web.refusals import Refusal

log = logging.getLogger(__name__)

router = APIRouter()

Body = Annotated[bytes, Depends(bodies.json_body)]
_PASSED_ON = (b"accept", b"accept-language", b"content-type", b"last-event-id")
_PASSED_BACK = ("content-type", "content-security-policy", "cache-control", "location")
_SECONDS = 20.0
_LONGEST_MOVE = 300.0
"""Seconds: moving the clock takes as long as what falls due on the way."""
_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"]


@router.api_route("/phone", methods=_METHODS)
@router.api_route("/phone/{rest:path}", methods=_METHODS)
def phone(request: Request, body: Body) -> Response:
    """The telephone. Refuses with 502 when it is not there."""
    site = sites.of(request)
    if not site.settings.phone_url:
        raise NoSuchPage
    # As bytes: whatever came over the wire is passed on as it is.
    headers = [(name, value) for name, value in request.headers.raw if name in _PASSED_ON]
    try:
        answered = _client(request).request(
            request.method,
            _target(site.settings.phone_url, request),
            content=body,
            headers=headers,
        )
    except (httpx.HTTPError, httpx.InvalidURL):
        log.warning("The telephone does not answer.", extra={"action": "phone_missing"})
        raise Refusal(502, "phone_missing", "The telephone is not running.") from None
    kept = {name: answered.headers[name] for name in _PASSED_BACK if name in answered.headers}
    return Response(answered.content, status_code=answered.status_code, headers=kept)


def open_client() -> httpx.Client:
    """To be closed by whoever opens it."""
    return httpx.Client(timeout=httpx.Timeout(_SECONDS, read=_LONGEST_MOVE), trust_env=False)


def _client(request: Request) -> httpx.Client:
    client: httpx.Client = request.app.state.phone
    return client


def _target(phone_url: str, request: Request) -> str:
    path = (request.scope.get("raw_path") or request.url.path.encode()).decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    return f"{phone_url}{path}" + (f"?{query}" if query else "")
