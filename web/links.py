"""What the one link of a text opens: the conversation with its offer as the open question, or the
consent that was asked for. It proves nothing about who opens it, so nothing remembered is shown; a
GET agrees to nothing, since messengers look ahead at links.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from marketing import campaigns
from memory import (
    addresses,
    catalogue,
    clock,
    consents,
    customers,
    links,
    notices,
    offers,
    refusals,
    turns,
)
from memory.engine import Connection
from memory.links import Link
from memory.offers import Offer
from web import (
    answer_links,
    bodies,
    consent_results,
    languages,
    live_words,
    rendering,
    shelf,
    visitors,
)
from web import site as sites
from web.pages import READING, around
from web.refusals import Refusal
from web.visitors import Visitor

router = APIRouter(prefix="/l")

FormBody = Annotated[bytes, Depends(bodies.form_body)]
PURPOSES = ("marketing", "night")
_LOOK_AHEAD = (
    *("bot", "preview", "scrap", "crawl", "spider", "slurp"),
    *("facebookexternalhit", "whatsapp", "signal", "yeti"),
)
"""Words in the names of programs that fetch a link to show what is behind it."""


class LinkNotValid(Refusal):
    """The link is made up, or too old."""

    def __init__(self) -> None:
        super().__init__(404, "link_not_valid", str(self.__doc__))


@router.api_route("/{token}", methods=READING)
def opened(request: Request, token: str) -> Response:
    """The page of the offer, with the conversation open, or of the consent."""
    site = sites.of(request)
    with site.transaction() as connection:
        now = clock.business_now(connection)
        link = _found(connection, token, now)
        if link.kind == "consent":
            return _consent_page(connection, request, token, link, now)
        if link.kind == answer_links.KIND:
            return answer_links.page(connection, request, token, link)
        offer = _open_offer(connection, link, now)
        language = languages.of_link(request, _language_of(connection, link, offer))
        visitor = _visitor(connection, request, language)
        if visitor is not None and offer is not None:
            _put_before(connection, site, visitor, offer, now)
        answer = _offer_page(connection, request, token, offer, language)
    if visitor is not None and visitor.is_new:
        visitors.keep_cookie(site, answer, visitor.token)
    return answer


@router.post("/{token}/opt-out")
def opt_out(request: Request, token: str) -> Response:
    """No more advertising for the person of this link: one press, no log-in, no reason asked for
    (RULES KR-2)."""
    with sites.of(request).transaction() as connection:
        now = clock.business_now(connection)
        link = _found(connection, token, now)
        spoken = _language_of(connection, link, None)
        if consents.lock_permission(connection, link.customer_id) != "refused":
            refusals.refuse_marketing(
                connection,
                link.customer_id,
                evidence=_evidence(request, token),
                now=now,
                address_id=link.address_id,
            )
            consent_results.tell(
                connection, link, consent_results.OPT_OUT, language=spoken, now=now
            )
        language = languages.of_link(request, spoken)
        return _result(connection, request, language, "opted_out", now)


@router.post("/{token}/confirm")
def confirm(request: Request, token: str, body: FormBody) -> Response:
    """Agree to what was asked for on this number (RULES US-7, KR-4), each purpose by itself."""
    form = bodies.form_fields(body)
    purpose = form.get("purpose", PURPOSES[0])
    with sites.of(request).transaction() as connection:
        now = clock.business_now(connection)
        link = _found(connection, token, now)
        if link.kind != "consent":
            raise LinkNotValid
        consents.lock_permission(connection, link.customer_id)
        standing = consents.standing(connection, link.customer_id, link.address_id, now=now)
        if purpose not in standing.asked:
            return _consent_page(connection, request, token, link, now)
        asked = _asked(connection, link, purpose)
        consents.record(
            connection,
            link.customer_id,
            purpose=purpose,
            action="given",
            evidence={**asked, **_evidence(request, token)},
            now=now,
            address_id=link.address_id,
        )
        spoken = _language_of(connection, link, None)
        consent_results.tell(connection, link, purpose, language=spoken, now=now)
        language = languages.of_link(request, spoken)
        return _result(connection, request, language, f"agreed_{purpose}", now)


def _found(connection: Connection, token: str, now: datetime) -> Link:
    link = links.find(connection, token, now=now)
    if link is None:
        raise LinkNotValid
    return link


def _evidence(request: Request, token: str) -> dict[str, object]:
    """What shows later that it was done, and how (RULES US-7)."""
    return {
        "channel": "web",
        "link": hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest(),
        "ip": sites.address_of(request),
        "user_agent": request.headers.get("user-agent", "")[:300],
    }


# -- an offer ----------------------------------------------------------------------------------


def _open_offer(connection: Connection, link: Link, now: datetime) -> Offer | None:
    """None once it was answered, bought, withdrawn, or is too old to be answered."""
    pending = offers.open_ones(connection, link.customer_id, now=now)
    return next((offer for offer in pending if offer.offer_id == link.offer_id), None)


def _visitor(connection: Connection, request: Request, language: str) -> Visitor | None:
    """Who opens it: a new visitor if the browser has no session; nobody for a look ahead."""
    known = visitors.known(connection, request)
    if known is not None or _is_a_look_ahead(request):
        return known
    sites.of(request).limits.sessions.demand(sites.address_of(request))
    return visitors.welcome(connection, language=language)


def _is_a_look_ahead(request: Request) -> bool:
    name = request.headers.get("user-agent", "").lower()
    return (
        request.method != "GET"
        or "prefetch" in request.headers.get("sec-purpose", "")
        or any(word in name for word in _LOOK_AHEAD)
    )


def _put_before(
    connection: Connection, site: sites.Site, visitor: Visitor, offer: Offer, now: datetime
) -> None:
    """The offer as the open question of this visitor; once, and not to whose it is anyway."""
    customer_id = customers.held(connection, visitor.customer_id)
    product = catalogue.product(connection, offer.product_id)
    if product is None or customer_id == offer.customer_id:
        return
    card = _card(site, catalogue.store_profile(connection), product, offer.language)
    copy = offers.show_to(connection, offer, customer_id, now=now)
    if copy is None:
        return
    replies = live_words.quick_replies(
        live_words.of_response(connection, campaigns.REPLIES, language=offer.language)
    )
    turns.append(
        connection,
        customer_id,
        [turns.Utterance(text=offer.text, payload={turns.OFFER: copy, "cards": [card], **replies})],
        direction="out",
        channel="web",
        language=offer.language,
        at=now,
    )


def _card(
    site: sites.Site, store: shelf.Store, product: shelf.Product, language: str
) -> dict[str, str]:
    home = site.settings.public_base_url
    return {
        "product_id": product["product_id"],
        "title": product["name"][language],
        "price": shelf.price(product, shelf.currency(store, language), language),
        "url": f"{home}/products/{product['product_id']}",
        "picture": f"{home}{shelf.picture(product)}",
    }


def _offer_page(
    connection: Connection, request: Request, token: str, offer: Offer | None, language: str
) -> Response:
    store = catalogue.store_profile(connection)
    product = catalogue.product(connection, offer.product_id) if offer else None
    return rendering.page(
        request,
        "link_offer.html",
        language=language,
        item=shelf.item(store, product, language) if product else None,
        token=token,
        **around(connection, request, language),
    )


# -- a consent ---------------------------------------------------------------------------------


def _consent_page(
    connection: Connection, request: Request, token: str, link: Link, now: datetime
) -> Response:
    standing = consents.standing(connection, link.customer_id, link.address_id, now=now)
    asked = {
        purpose: str(_asked(connection, link, purpose).get("text", ""))
        for purpose in PURPOSES
        if purpose in standing.asked
    }
    language = languages.of_link(request, _language_of(connection, link, None))
    return rendering.page(
        request,
        "link_consent.html",
        language=language,
        asked=asked,
        has_agreed=standing.marketing,
        token=token,
        **around(connection, request, language),
    )


def _asked(connection: Connection, link: Link, purpose: str) -> Mapping[str, object]:
    return consents.asked_evidence(
        connection, link.customer_id, purpose, address_id=link.address_id
    )


# -- both --------------------------------------------------------------------------------------


def _language_of(connection: Connection, link: Link, offer: Offer | None) -> str:
    """What the text was written in; else what is spoken where its number is."""
    if offer is not None:
        return offer.language
    return languages.spoken_at(addresses.get(connection, link.customer_id, link.address_id).value)


def _result(
    connection: Connection, request: Request, language: str, what: str, now: datetime
) -> Response:
    """What was done, by whom it was asked for and when: the sender's name, the fact and its date
    (정보통신망법 §50⑦, RULES KR-5)."""
    return rendering.page(
        request,
        "link_result.html",
        language=language,
        what=what,
        date=notices.day(catalogue.store_profile(connection), now, language),
        **around(connection, request, language),
    )
