"""The demo shop's pages: the shelf, a product, its picture, and the same as JSON."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from marketing.errors import NotFound
from memory import catalogue, clock, customers, looks
from memory.engine import Connection
from web import languages, rendering, scripts, shelf, visitors
from web import site as sites
from web.visitors import Visitor

router = APIRouter()

_PRODUCT_ID = re.compile(r"[A-Za-z0-9._~-]{1,100}")
_PICTURE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.(svg|png|jpg|webp)")
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
READING = ["GET", "HEAD"]


class NoSuchPage(NotFound):
    """There is no such page."""


def in_development(request: Request) -> sites.Site:
    """The site, for what only the demo shop has: in production there is no such page."""
    site = sites.of(request)
    if not site.settings.is_development:
        raise NoSuchPage
    return site


@router.api_route("/", methods=READING)
def shop(request: Request) -> Response:
    """The shelf, all of it or one category."""
    language = languages.of_page(request)
    wanted = request.query_params.get("category")
    with sites.of(request).transaction() as connection:
        store = catalogue.store_profile(connection)
        listed = catalogue.listed(connection)
        about = about_visitor(connection, request)
    present = {product["category"] for product in listed}
    categories = [
        {"id": term["id"], "label": term["label"][language]}
        for term in store.get("categories", ())
        if term["id"] in present
    ]
    chosen = wanted if wanted in present else None
    return rendering.page(
        request,
        "shop.html",
        items=[
            shelf.item(store, product, language)
            for product in listed
            if chosen in (None, product["category"])
        ],
        categories=categories,
        chosen=chosen,
        **about,
        **frame(request, store, language),
    )


@router.api_route("/products/{product_id}", methods=READING)
def product_page(request: Request, product_id: str) -> Response:
    """One product with what is in stock; a visitor's look at it is remembered."""
    language = languages.of_page(request)
    if not _PRODUCT_ID.fullmatch(product_id):
        raise NoSuchPage
    with sites.of(request).transaction() as connection:
        found = catalogue.product(connection, product_id)
        if found is None:
            raise NoSuchPage
        store = catalogue.store_profile(connection)
        about = about_visitor(connection, request)
        is_look_kept = _remember_look(connection, request, found)
    return rendering.page(
        request,
        "product.html",
        item=shelf.item(store, found, language),
        is_look_kept=is_look_kept,
        **about,
        **frame(request, store, language),
    )


@router.get("/products.json")
def products(request: Request) -> dict[str, Any]:
    """What the shop sells, priced in the currency of the language asked for."""
    site, language = sites.of(request), languages.of_page(request)
    with site.transaction() as connection:
        code = shelf.currency(catalogue.store_profile(connection), language)
        listed = catalogue.listed(connection)
    return {"products": [_as_json(site, each, code, language) for each in listed]}


@router.api_route("/pictures/{name}", methods=READING)
def picture(request: Request, name: str) -> Response:
    """A picture of the catalogue. A drawing may not act, whatever is in it."""
    path = sites.of(request).pictures / name
    if not _PICTURE.fullmatch(name) or not path.is_file():
        raise NoSuchPage
    return FileResponse(
        path,
        headers={
            "Content-Security-Policy": _PICTURE_POLICY,
            "Cache-Control": "public, max-age=3600",
        },
    )


def frame(request: Request, store: shelf.Store, language: str) -> dict[str, Any]:
    """What stands around every page of the shop."""
    site = sites.of(request)
    return {
        "shop_name": shelf.told(store, language, "name") or "Dangol",
        "tagline": shelf.told(store, language, "tagline"),
        "holidays": shelf.told(store, language, "holidays"),
        "delivery": shelf.told(store, language, "delivery", "text"),
        "returns": shelf.told(store, language, "returns", "text"),
        "home": site.settings.public_base_url,
        "phone": shelf.phone(shelf.told(store, language, "phone")),
        "email": shelf.told(store, language, "email"),
        "address": shelf.told(store, language, "address"),
        "opening_hours": shelf.opening_hours(store, language),
        "is_development": site.settings.is_development,
        "scripts": request.app.state.scripts,
        "tracker_key": site.settings.browser_key if scripts.tracker(site.scripts) else None,
    }


def around(connection: Connection, request: Request, language: str) -> dict[str, Any]:
    """What stands around a page of the shop, and who is at it."""
    store = catalogue.store_profile(connection)
    return {**about_visitor(connection, request), **frame(request, store, language)}


def _as_json(site: sites.Site, product: shelf.Product, code: str, language: str) -> dict[str, Any]:
    value = shelf.amount(product, code)
    return {
        "product_id": product["product_id"],
        "name": product["name"][language],
        "category": product["category"],
        "price": None if value is None else int(value) if value % 1 == 0 else float(value),
        "currency": code,
        "url": f"{site.settings.public_base_url}/products/{product['product_id']}",
    }


def about_visitor(connection: Connection, request: Request) -> dict[str, Any]:
    """A name only after a proof: others may sit at this browser (DESIGN rule 13)."""
    visitor = visitors.known(connection, request)
    if visitor is None or not visitor.is_proven:
        return {"is_logged_in": False, "visitor_name": None}
    name = customers.get(connection, visitor.customer_id).name
    return {"is_logged_in": True, "visitor_name": name}


def _remember_look(connection: Connection, request: Request, product: shelf.Product) -> bool:
    """False if nobody is known here whose look it could be."""
    visitor: Visitor | None = visitors.known(connection, request)
    is_ahead_of_a_click = "prefetch" in request.headers.get("sec-purpose", "")
    if visitor is None or request.method != "GET" or is_ahead_of_a_click:
        return False
    looks.record(connection, visitor.customer_id, product, now=clock.business_now(connection))
    return True
