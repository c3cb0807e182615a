"""The shop's event API: the Segment HTTP tracking API, so that its SDKs work as they are. What the
shop's own system says links and counts; what a browser says is a hint.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from web import bodies, intake, tracking
from web import site as sites
from web.intake import Given, Refused
from web.refusals import Refusal
from web.tracking import CallNotValid

PREFIX = "/v1"
router = APIRouter(prefix=PREFIX)

MOST_CALLS = 2500
"""Of one batch, as the Segment tracking API has it."""
_SUCCESS = {"success": True}
_BRIEF = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Retry-Count",
    "Access-Control-Max-Age": "7200",
}


class Sender(StrEnum):
    """Whose key a call carries."""

    SHOP = "shop"
    BROWSER = "browser"


async def sender(request: Request) -> Sender | None:
    """By the key, which is the user name; None without the header, as the key may be in the body.
    It waits for nothing, so it needs no thread of its own. Refuses with 401."""
    header = request.headers.get("authorization")
    return None if header is None else _sender(request, _user_name(header))


From = Annotated[Sender | None, Depends(sender)]
CallBody = Annotated[bytes, Depends(bodies.call_body)]
BatchBody = Annotated[bytes, Depends(bodies.batch_body)]


@router.post("/identify")
@router.post("/i", include_in_schema=False)
def identify(request: Request, who: From, body: CallBody) -> dict[str, bool]:
    """Who a customer is: visitor, log-in, number, e-mail address and name belong together."""
    return _one(request, who, tracking.IDENTIFY, body)


@router.post("/track")
@router.post("/t", include_in_schema=False)
def track(request: Request, who: From, body: CallBody) -> dict[str, bool]:
    """What a customer did."""
    return _one(request, who, tracking.TRACK, body)


@router.post("/page")
@router.post("/p", include_in_schema=False)
def page(request: Request, who: From, body: CallBody) -> dict[str, bool]:
    """Which page a customer saw."""
    return _one(request, who, tracking.PAGE, body)


@router.post("/screen")
@router.post("/s", include_in_schema=False)
def screen(request: Request, who: From, body: CallBody) -> dict[str, bool]:
    """Which screen of the shop's app a customer saw."""
    return _one(request, who, tracking.SCREEN, body)


@router.post("/alias")
@router.post("/a", include_in_schema=False)
def alias(request: Request, who: From, body: CallBody) -> dict[str, bool]:
    """A visitor has become a user."""
    return _one(request, who, tracking.ALIAS, body)


@router.post("/group")
@router.post("/g", include_in_schema=False)
def group(request: Request, who: From, body: CallBody) -> dict[str, bool]:
    """Passed over: a customer of a shop is one person."""
    _demand_sender(request, who, bodies.json_object(body, status=400))
    return _SUCCESS


@router.post("/batch")
@router.post("/import", include_in_schema=False)
@router.post("/b", include_in_schema=False)
def batch(request: Request, who: From, body: BatchBody) -> dict[str, bool]:
    """Many calls, each by itself: those that cannot be taken keep none of the others out."""
    given = bodies.json_object(body, status=400)
    known = _demand_sender(request, who, given)
    calls = given.get("batch")
    if not isinstance(calls, list) or len(calls) > MOST_CALLS:
        raise CallNotValid("batch_not_valid", f"`batch` must be a list of up to {MOST_CALLS}.")
    readable, refused = _read(calls, given.get("sentAt"), is_small=len(body) <= bodies.LARGEST_CALL)
    refused |= _take(request, known, readable)
    if refused:
        first = min(refused)
        told = (
            f"{len(calls) - len(refused)} of {len(calls)} calls were taken. "
            f"batch[{first}]: {refused[first].message}"
        )
        raise CallNotValid("batch_partly_taken", told)
    return _SUCCESS


@router.options("/{call}")
def may_be_called(request: Request, call: str) -> Response:
    """What a browser asks before a page of another site of the shop may call; the guard adds whose
    page may. Refuses with 403."""
    if request.headers.get("origin") not in sites.of(request).event_origins:
        raise Refusal(403, "other_origin", "This request comes from another site.")
    return Response(status_code=204, headers=_PREFLIGHT)


def _user_name(authorization: str) -> str:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        name = base64.b64decode(credentials.strip(), validate=True).partition(b":")[0]
        return name.decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _sender(request: Request, key: object) -> Sender:
    site = sites.of(request)
    told = key.encode("utf-8", "replace") if isinstance(key, str) else b""
    if secrets.compare_digest(told, site.settings.write_key.encode()):
        return Sender.SHOP
    if secrets.compare_digest(told, site.settings.browser_key.encode()):
        site.limits.hints.demand(sites.address_of(request))
        return Sender.BROWSER
    raise Refusal(
        401,
        "key_not_valid",
        "Send the write key as the user name, with an empty password.",
        {"WWW-Authenticate": 'Basic realm="events"'},
    )


def _demand_sender(request: Request, who: Sender | None, given: Mapping[str, Any]) -> Sender:
    """A beacon can have no header, so the key may be the `writeKey` of what is sent."""
    return who or _sender(request, given.get("writeKey"))


def _one(request: Request, who: Sender | None, kind: str, body: bytes) -> dict[str, bool]:
    given = bodies.json_object(body, status=400)
    known = _demand_sender(request, who, given)
    call = tracking.read(kind, given, received_at=datetime.now(UTC))
    for refusal in _take(request, known, [Given(place=0, call=call)]).values():
        raise refusal
    return _SUCCESS


def _read(calls: list[Any], sent_at: object, *, is_small: bool) -> tuple[list[Given], Refused]:
    """The calls that can be read, and why others cannot. In a small batch no call is too large."""
    now = datetime.now(UTC)
    readable: list[Given] = []
    refused: Refused = {}
    for place, given in enumerate(calls):
        try:
            if not is_small and _size(given) > bodies.LARGEST_CALL:
                most = bodies.LARGEST_CALL
                raise CallNotValid("too_large", f"A call is larger than {most} bytes.")
            kind = str(given.get("type")) if isinstance(given, dict) else ""
            if kind == tracking.GROUP:
                continue
            if kind not in tracking.KINDS:
                raise CallNotValid("type_not_valid", "`type` must name a call of the API.")
            call = tracking.read(kind, given, sent_at=sent_at, received_at=now)
            readable.append(Given(place=place, call=call))
        except CallNotValid as refusal:
            refused[place] = refusal
    return readable, refused


def _size(given: object) -> int:
    """Bytes, as it is written most briefly."""
    return len(_BRIEF.encode(given).encode("utf-8", "surrogatepass"))


def _take(request: Request, who: Sender, given: list[Given]) -> Refused:
    site = sites.of(request)
    if who is Sender.SHOP:
        return intake.from_shop(site, given)
    intake.from_browser(site, request, given)
    return {}
