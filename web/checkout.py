"""Development only: the demo shop's own checkout. It takes no money; what makes an order of it is
the `Order Completed` that the shop then reports. In production the shop has its own.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from memory import clock, coupons, orders
from memory.engine import Connection
from web import baskets, bodies, happenings, languages, rendering, visitors
from web import site as sites
from web.baskets import Basket
from web.pages import READING, around, in_development
from web.refusals import Refusal
from web.visitors import Visitor

router = APIRouter()

FormBody = Annotated[bytes, Depends(bodies.form_body)]
_REQUEST = re.compile(r"[A-Za-z0-9_-]{16,64}")
_PREFIX = {languages.KOREAN: "SG", languages.ENGLISH: "TR"}


@router.api_route("/checkout", methods=READING)
def checkout(request: Request) -> Response:
    """What is in the basket, with its coupon filled in, and what it comes to."""
    site, language = in_development(request), languages.of_page(request)
    with site.transaction() as connection:
        now = clock.business_now(connection)
        basket = baskets.find(connection, request.query_params, language, now=now)
        return _page(connection, request, basket)


@router.post("/checkout")
def pay(request: Request, body: FormBody) -> Response:
    """Make the order, once for each time the page was shown."""
    site, language = in_development(request), languages.of_page(request)
    form = bodies.form_fields(body)
    with site.transaction() as connection:
        visitor = _visitor(connection, request, language)
        answer = _order(connection, request, visitor, form, language)
    visitors.keep_cookie(site, answer, visitor.token)
    return answer


def _order(
    connection: Connection,
    request: Request,
    visitor: Visitor,
    form: Mapping[str, str],
    language: str,
) -> Response:
    now = clock.business_now(connection)
    order_id = _order_id(visitor, form.get("request", ""), language)
    basket = baskets.find(connection, form, language, now=now)
    if basket is None or basket.stock == 0:
        return _page(connection, request, basket)
    is_redeemed = basket.percent > 0 and coupons.redeem(
        connection, basket.coupon, order_id=order_id, now=now
    )
    paid = orders.total(connection, visitor.customer_id, order_id)
    if paid is None and basket.coupon and not is_redeemed:
        return _page(connection, request, baskets.find(connection, form, language, now=now))
    if paid is None:
        told = baskets.as_order(basket, order_id)
        happenings.complete_order(connection, visitor.customer_id, told, at=now, now=now)
        paid = basket.total
    return rendering.page(
        request,
        "thanks.html",
        basket=basket,
        order_id=order_id,
        paid=basket.money(paid),
        **around(connection, request, languages.of_page(request)),
    )


def _page(connection: Connection, request: Request, basket: Basket | None) -> Response:
    return rendering.page(
        request,
        "checkout.html",
        status=200 if basket else 404,
        basket=basket,
        most=min(baskets.MOST, basket.stock) if basket else 0,
        request_id=secrets.token_urlsafe(16),
        **around(connection, request, languages.of_page(request)),
    )


def _visitor(connection: Connection, request: Request, language: str) -> Visitor:
    known = visitors.known(connection, request)
    if known is not None:
        return known
    sites.of(request).limits.sessions.demand(sites.address_of(request))
    return visitors.welcome(connection, language=language)


def _order_id(visitor: Visitor, request_id: str, language: str) -> str:
    """The same for the same page of the same visitor: sent twice it is one order."""
    if not _REQUEST.fullmatch(request_id):
        raise Refusal(422, "request_not_valid", "Begin at the checkout page.")
    digest = hashlib.sha256(f"{visitor.customer_id}:{request_id}".encode()).digest()
    return f"{_PREFIX[language]}-{base64.b32encode(digest)[:8].decode()}"
