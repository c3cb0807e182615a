"""Development only: the demo shop's own log-in page, where one becomes one of its customers. In
production the shop has its own and there is none here.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from memory import catalogue, customers
from web import bodies, languages, rendering, shop_log_in, shop_token, visitors
from web import site as sites
from web.pages import READING, about_visitor, frame, in_development
from web.refusals import Refusal
from web.visitors import Visitor

router = APIRouter()

FormBody = Annotated[bytes, Depends(bodies.form_body)]
_SHOWN = 12
_KNOWN = 1000


@router.api_route("/login", methods=READING)
def log_in_page(request: Request) -> Response:
    """A few of the shop's customers to choose from."""
    site = in_development(request)
    with site.transaction() as connection:
        listed = customers.with_log_in(connection, limit=_SHOWN)
        store = catalogue.store_profile(connection)
        about = about_visitor(connection, request)
    return rendering.page(
        request,
        "login.html",
        listed=listed,
        **about,
        **frame(request, store, languages.of_page(request)),
    )


@router.post("/login")
def log_in(request: Request, body: FormBody) -> Response:
    """The demo shop signs who it is, exactly as a real shop would, and hands that over."""
    site = in_development(request)
    site.limits.log_ins.demand(sites.address_of(request))
    form = bodies.form_fields(body)
    user_id = form.get("user_id", "")
    with site.transaction() as connection:
        if user_id not in {
            each.user_id for each in customers.with_log_in(connection, limit=_KNOWN)
        }:
            raise Refusal(422, "user_unknown", "The demo shop has no such customer.")
        visitor = shop_log_in.log_in(connection, request, shop_token.sign(site.settings, user_id))
    return _back_to_the_shop(site, visitor)


@router.post("/logout")
def log_out(request: Request) -> Response:
    """End the session; the next message from this browser is a stranger's."""
    site = in_development(request)
    site.limits.log_ins.demand(sites.address_of(request))
    with site.transaction() as connection:
        visitor = shop_log_in.log_out(connection, request)
    return _back_to_the_shop(site, visitor)


def _back_to_the_shop(site: sites.Site, visitor: Visitor) -> Response:
    answer = RedirectResponse("/", status_code=303)
    visitors.keep_cookie(site, answer, visitor.token)
    return answer
