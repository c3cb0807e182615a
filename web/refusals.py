"""Why a request is turned down, in words for whoever sent it, and how that becomes an answer: short
JSON, or a small page for a browser that wants one. The one place that maps errors to HTTP.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from marketing.errors import BadInput, DangolError, NotFound, NotVerified, Unavailable
from web import rendering

log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[DangolError], int, str], ...] = (
    (BadInput, 422, "bad_input"),
    (NotVerified, 403, "not_verified"),
    (NotFound, 404, "not_found"),
    (Unavailable, 503, "unavailable"),
)


class Refusal(DangolError):
    """The request is turned down."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def install(application: FastAPI) -> None:
    """Make every error that can be foreseen an answer; `web.guard` has the rest."""
    application.add_exception_handler(DangolError, _of_ours)
    application.add_exception_handler(HTTPException, _of_the_framework)
    application.add_exception_handler(ClientDisconnect, _of_a_vanished_client)


def answer(request: Request, refusal: Refusal) -> Response:
    """The response that says why."""
    if "text/html" in request.headers.get("accept", ""):
        page = rendering.message_page(request, status=refusal.status, code=refusal.code)
        page.headers.update(refusal.headers)
        return page
    return JSONResponse(
        {"error": refusal.code, "message": refusal.message},
        status_code=refusal.status,
        headers=refusal.headers,
    )


def _of_ours(request: Request, error: Exception) -> Response:
    if isinstance(error, Refusal):
        return answer(request, error)
    for kind, status, code in _STATUS:
        if isinstance(error, kind):
            headers = {"Retry-After": "2"} if status == 503 else None
            if status == 503:
                log.error("%s", error, extra={"action": "request_unavailable"})
            return answer(request, Refusal(status, code, str(error), headers))
    return unforeseen(request, error)


def _of_the_framework(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return unforeseen(request, error)
    status = HTTPStatus(error.status_code)
    code = status.phrase.lower().replace(" ", "_").replace("-", "_")
    return answer(request, Refusal(status, code, f"{status.phrase}.", error.headers))


def _of_a_vanished_client(request: Request, error: Exception) -> Response:
    return answer(request, Refusal(400, "incomplete", "The request broke off."))


def unforeseen(request: Request, error: Exception) -> Response:
    """A 500 with a traceback in the log, for what nobody foresaw."""
    log.error(
        "A request broke.",
        exc_info=error,
        extra={"action": "request_broken", "path": request.scope.get("path", "")},
    )
    return answer(request, Refusal(500, "broken", "Something broke on our side."))
