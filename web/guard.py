"""Around every request: no changing request from another site, and answers that a browser treats
with suspicion (RULES XS-1, CS-1).
"""

from __future__ import annotations

import logging

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import refusals
from web.refusals import Refusal
from web.site import Site

log = logging.getLogger(__name__)

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SIGNED_BY_PROVIDERS = "/webhooks/"
_EVENTS = "/v1/"
"""Carries a key, and may be called from the shop's other sites."""
_NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Content-Security-Policy": _NOTHING_ALLOWED,
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, site: Site) -> None:
        self._app = app
        self._site = site
        self._headers = dict(_HEADERS)
        if site.is_https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def send_guarded(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                self._let_the_page_read(scope, headers)
            await send(message)

        if self._comes_from_another_site(scope):
            log.warning("Another site tried to act.", extra={"action": "origin_refused"})
            refusal = Refusal(403, "other_origin", "This request comes from another site.")
            await refusals.answer(Request(scope), refusal)(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:
            answer = refusals.unforeseen(Request(scope), error)
            if not has_started:
                await answer(scope, receive, send_guarded)

    def _comes_from_another_site(self, scope: Scope) -> bool:
        """Browsers say where a request comes from; programs do not, and carry no cookies."""
        if scope["method"] in _READING or scope["path"].startswith(_SIGNED_BY_PROVIDERS):
            return False
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is not None:
            is_event = scope["path"].startswith(_EVENTS)
            allowed = self._site.event_origins if is_event else self._site.origins
            return origin not in allowed
        return headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}

    def _let_the_page_read(self, scope: Scope, answer: MutableHeaders) -> None:
        """CORS for the event API: the exact origin of a site of the shop, never any."""
        if not scope["path"].startswith(_EVENTS):
            return
        origin = Headers(scope=scope).get("origin")
        answer.add_vary_header("Origin")
        if origin is not None and origin in self._site.event_origins:
            answer["Access-Control-Allow-Origin"] = origin
            answer["Access-Control-Expose-Headers"] = "Retry-After"
