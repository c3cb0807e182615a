"""The script on the shop's pages: the way of a visitor, and what a page tells GA4."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Route
from sqlalchemy import select

from memory import named
from memory.tables import events, orders
from tests.browser.local_shop import LocalShop
from tests.browser.visitor import Visit, Visitor
from tests.postgres import wait_for

ITEM = {
    "item_id": "ridge-gtx",
    "item_name": "Ridge GTX",
    "item_brand": "Trailhead",
    "item_category": "hiking_shoes",
    "price": "159.00",
    "quantity": 1,
}
AS_PRODUCT = {
    "product_id": "ridge-gtx",
    "name": "Ridge GTX",
    "brand": "Trailhead",
    "category": "hiking_shoes",
    "price": 159,
    "quantity": 1,
}


def _own_id(visitor: Visitor) -> str | None:
    found: str | None = visitor.page.evaluate("localStorage.getItem('dangol-visitor')")
    return found


def _told(shop: LocalShop, customer_or_visitor: str) -> list[tuple[str, dict[str, Any]]]:
    with shop.engine.connect() as connection:
        customer = named.visitor(connection, customer_or_visitor)
        rows = connection.execute(
            select(events.c.name, events.c.properties)
            .where(events.c.customer_id == customer)
            .order_by(events.c.event_id)
        )
        return [(row.name, row.properties) for row in rows]


def _wait_for(shop: LocalShop, who: str, names: Sequence[str]) -> list[dict[str, Any]]:
    wait_for(lambda: len(_told(shop, who)) >= len(names), seconds=20)
    found = _told(shop, who)
    assert [name for name, _ in found] == list(names)
    return [properties for _, properties in found]


def _page(visitor: Visitor, body: str) -> None:
    """A page of the shop that is not ours: the script is one line in it."""
    key = visitor.shop.settings.browser_key
    line = f'<script src="/tracker.js" data-key="{key}" async></script>'

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body=f"<title>Shop</title>{line}{body}")

    visitor.page.route("**/of-the-shop*", answer)
    visitor.go("/of-the-shop?email=kim@shop.example#top")


def test_the_way_through_the_shop_is_told_and_joined_to_the_chat(
    local: LocalShop, visit: Visit
) -> None:
    visitor = visit("en")
    visitor.go("/?category=hiking_shoes")
    visitor.page.click('a.card[href="/products/ridge-gtx"]')
    wait_for(lambda: _own_id(visitor) is not None)
    own = str(_own_id(visitor))
    first, second, look = _wait_for(local, own, ["Page Viewed", "Page Viewed", "Product Viewed"])
    assert (first["path"], first["url"]) == ("/", f"{local.url}/")
    assert (second["path"], second["referrer"]) == ("/products/ridge-gtx", f"{local.url}/")
    assert look == {"product_id": "ridge-gtx", "category": "hiking_shoes"}
    visitor.open_chat()
    visitor.go("/products/ridge-gtx")
    # From here on the page itself keeps the look.
    names = ["Page Viewed", "Page Viewed", "Product Viewed", "Product Viewed", "Page Viewed"]
    wait_for(lambda: len(_told(local, visitor.customer())) >= len(names), seconds=20)
    assert sorted(name for name, _ in _told(local, visitor.customer())) == sorted(names)
    assert visitor.problems == []


def test_what_a_page_tells_ga4_is_told_us_too(local: LocalShop, visit: Visit) -> None:
    visitor = visit("en")
    cart = {"currency": "USD", "value": 159, "items": [ITEM]}
    view = {"event": "view_item", "ecommerce": {"currency": "USD", "items": [ITEM]}}
    _page(
        visitor,
        f"""<script>
            dataLayer = [{{"gtm.start": 1}}, {json.dumps(view)}];
            function gtag() {{ dataLayer.push(arguments); }}
            gtag("js", new Date());
            gtag("config", "G-1");
            gtag("event", "add_to_cart", {json.dumps(cart)});
        </script>""",
    )
    wait_for(lambda: _own_id(visitor) is not None)
    own = str(_own_id(visitor))
    before = ["Product Viewed", "Product Added", "Page Viewed"]
    _, added, page = _wait_for(local, own, before)
    assert added == {"currency": "USD", **AS_PRODUCT}
    assert page == {"path": "/of-the-shop", "url": f"{local.url}/of-the-shop", "title": "Shop"}
    visitor.page.evaluate(
        """cart => {
            gtag("event", "remove_from_cart", cart);
            dataLayer.push({ecommerce: null});
            dataLayer.push({event: "view_cart", ecommerce: cart});
            dataLayer.push({event: "begin_checkout", ecommerce: cart}, {event: "gtm.click"});
            dataLayer.push({event: "sign_up", email: "kim@shop.example"});
            gtag("event", "purchase", {...cart, transaction_id: 77});
        }""",
        cart,
    )
    after = ["Product Removed", "Cart Viewed", "Checkout Started", "Purchase Seen"]
    told = _wait_for(local, own, [*before, *after])
    assert told[4] == {"currency": "USD", "total": 159, "products": [AS_PRODUCT]}
    assert told[6] == {**told[4], "order_id": "77"}
    with local.engine.connect() as connection:
        bought = select(orders.c.order_id).where(orders.c.order_id == "77")
        assert connection.scalar(bought) is None
    assert visitor.problems == []


def test_a_product_is_read_from_what_search_engines_read(local: LocalShop, visit: Visit) -> None:
    visitor = visit("en")
    linked = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "BreadcrumbList"},
            {
                "@type": "Product",
                "sku": "other-1",
                "name": "Another shoe",
                "brand": {"@type": "Brand", "name": "Trailhead"},
                "offers": {"@type": "Offer", "price": "89.50", "priceCurrency": "USD"},
            },
        ],
    }
    _page(visitor, f'<script type="application/ld+json">{json.dumps(linked)}</script>')
    wait_for(lambda: _own_id(visitor) is not None)
    _, look = _wait_for(local, str(_own_id(visitor)), ["Page Viewed", "Product Viewed"])
    assert look == {
        "product_id": "other-1",
        "sku": "other-1",
        "name": "Another shoe",
        "brand": "Trailhead",
        "price": 89.5,
        "currency": "USD",
        "url": f"{local.url}/of-the-shop",
    }


def test_a_page_that_changes_without_loading_is_another_page(
    local: LocalShop, visit: Visit
) -> None:
    visitor = visit("en")
    _page(visitor, "")
    wait_for(lambda: _own_id(visitor) is not None)
    visitor.page.evaluate("history.pushState({}, '', '/of-the-shop-2')")
    visitor.page.evaluate("history.replaceState({}, '', '/of-the-shop-2?sorted=yes')")
    told = _wait_for(local, str(_own_id(visitor)), ["Page Viewed", "Page Viewed"])
    assert [page["path"] for page in told] == ["/of-the-shop", "/of-the-shop-2"]


def test_what_waits_is_sent_when_the_page_is_left(local: LocalShop, visit: Visit) -> None:
    visitor = visit("en")
    _page(visitor, "")
    wait_for(lambda: _own_id(visitor) is not None)
    own = str(_own_id(visitor))
    visitor.page.goto("about:blank")
    _wait_for(local, own, ["Page Viewed"])


def test_whoever_asks_not_to_be_followed_is_not(visit: Visit) -> None:
    for asked in ("globalPrivacyControl: true", "doNotTrack: '1'"):
        visitor = visit("en")
        name, _, value = asked.partition(": ")
        visitor.page.add_init_script(
            f"Object.defineProperty(navigator, '{name}', {{value: {value}}})"
        )
        sent: list[str] = []
        visitor.page.on("request", lambda request, sent=sent: sent.append(request.url))
        visitor.go("/products/ridge-gtx")
        visitor.page.wait_for_timeout(1500)
        assert _own_id(visitor) is None
        assert not [address for address in sent if "/v1/" in address]
        assert [address for address in sent if address.endswith("/tracker.js")]
