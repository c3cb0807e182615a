"""The demo shop's pages on a running site, as a browser gets them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from sqlalchemy import select, update

from memory import customers
from memory.engine import open_engine
from memory.tables import customers as customers_table
from memory.tables import events, products
from settings import PROJECT
from tests.web_site import RunningSite, fill, free_port, serving

CATALOGUE: dict[str, Any] = yaml.safe_load(
    (PROJECT / "data" / "catalogue" / "products.yml").read_text(encoding="utf-8")
)
PRODUCTS: list[dict[str, Any]] = CATALOGUE["products"]


@pytest.mark.parametrize(("language", "price"), [("ko", "189,000원"), ("en", "$159")])
def test_the_shelf_shows_every_product(site: RunningSite, language: str, price: str) -> None:
    with site.client() as client:
        page = client.get("/", params={"lang": language})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    for product in PRODUCTS:
        assert f"/products/{product['product_id']}" in page.text
        assert product["name"][language] in html.unescape(page.text)
        assert f"/pictures/{product['picture']}" in page.text
    assert price in page.text  # Ridge GTX
    assert f'<dangol-chat lang="{language}"' in page.text


def test_a_category_shows_its_products_only(site: RunningSite) -> None:
    with site.client() as client:
        page = client.get("/?category=gift_sets").text
        everything = client.get("/?category=no_such").text
    gifts = {p["product_id"] for p in PRODUCTS if p["category"] == "gift_sets"}
    shown = set(re.findall(r'class="card" href="/products/([^"]+)"', page))
    assert shown == gifts
    assert everything.count('class="card"') == len(PRODUCTS)


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "expected"),
    [
        ("?lang=ko", "en", "en", "ko"),
        ("", "ko", "en", "ko"),
        ("", "", "ko-KR", "ko"),
        ("", "", "", "en"),
        ("?lang=xx", "yy", "ko", "ko"),
    ],
)
def test_the_language_is_the_chosen_the_kept_or_the_browsers(
    site: RunningSite, query: str, cookie: str, accept: str, expected: str
) -> None:
    headers = {"Accept-Language": accept}
    with site.client(cookies={"dangol_language": cookie}, headers=headers) as client:
        answer = client.get(f"/{query}")
    assert answer.headers["content-language"] == expected
    assert ("dangol_language=ko" in answer.headers.get("set-cookie", "")) is (query == "?lang=ko")


def test_hours_delivery_and_returns_stand_on_every_page(site: RunningSite) -> None:
    with site.client() as client:
        korean = client.get("/products/ridge-gtx?lang=ko").text
        english = client.get("/?lang=en").text
    assert "배송비는 3,000원이고 5만 원부터 무료예요" in korean
    assert "월–목" in korean
    assert "10:00~20:00" in korean
    assert "Return or exchange within 30 days" in english
    assert "Mon–Thu" in english
    assert "10 a.m.–7 p.m." in english


def test_a_product_page_tells_sizes_and_stock(site: RunningSite) -> None:
    product = next(p for p in PRODUCTS if p["product_id"] == "ridge-gtx")
    with site.client() as client:
        korean = client.get("/products/ridge-gtx?lang=ko").text
        english = client.get("/products/ridge-gtx?lang=en").text
    sold_out = sum(variant["stock"] == 0 for variant in product["variants"])
    assert korean.count("<em>품절</em>") == english.count("<em>Sold out</em>") == sold_out > 0
    assert korean.count("<li class=") == len(product["variants"])
    assert "<span>270</span>" in korean
    assert "<span>9.5</span>" in english
    assert "와이드" in korean


@pytest.mark.parametrize(
    "path",
    [
        "/products/none",
        "/products/%00",
        "/products/..%2f..%2fx.py",
        "/nothing",
        "/products/",
    ],
)
def test_what_is_not_there_is_said_in_words(site: RunningSite, path: str) -> None:
    with site.client(headers={"Accept": "text/html", "Accept-Language": "ko"}) as client:
        answer = client.get(path)
    assert answer.status_code == 404
    assert "찾으시는 페이지가 없어요" in answer.text


def test_products_json_has_the_documented_shape(site: RunningSite) -> None:
    with site.client() as client:
        korean = client.get("/products.json?lang=ko").json()["products"]
        english = client.get("/products.json", headers={"Accept-Language": "en"}).json()["products"]
    assert [row["product_id"] for row in korean] == [p["product_id"] for p in PRODUCTS]
    for language, rows, code in (("ko", korean, "KRW"), ("en", english, "USD")):
        for row, product in zip(rows, PRODUCTS, strict=True):
            assert row == {
                "product_id": product["product_id"],
                "name": product["name"][language],
                "category": product["category"],
                "price": float(product["price"][code]),
                "currency": code,
                "url": f"{site.settings.public_base_url}/products/{product['product_id']}",
            }


def test_pictures_are_shown_and_nothing_beside_them(site: RunningSite) -> None:
    with site.client() as client:
        for product in PRODUCTS:
            answer = client.get(f"/pictures/{product['picture']}")
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "image/svg+xml"
            assert "sandbox" in answer.headers["content-security-policy"]
        for name in ("..%2fproducts.yml", "none.svg", "%2e%2e/store.yml", "x.SVG", "a%00.svg"):
            assert client.get(f"/pictures/{name}").status_code == 404


def test_pages_forbid_what_they_do_not_need(site: RunningSite) -> None:
    nonces = set()
    with site.client() as client:
        for path in ("/", "/products/ridge-gtx", "/login", "/nothing"):
            answer = client.get(path, headers={"Accept": "text/html"})
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            nonces.add(policy.partition("'nonce-")[2].partition("'")[0])
            for tag in re.findall(r"<(?:script|style)[^>]*>", answer.text):
                assert "nonce=" in tag
            assert not re.search(r"<[^>]+\s(?:on[a-z]+|style)=", answer.text)
    assert len(nonces) == 4


def _looks(site: RunningSite, customer: str) -> list[Any]:
    with site.engine.connect() as connection:
        return list(
            connection.execute(
                select(events.c.name, events.c.properties).where(events.c.customer_id == customer)
            )
        )


def test_a_look_at_a_product_is_remembered_for_the_cookies_customer(site: RunningSite) -> None:
    visitor = site.visitor()
    with site.client(cookies={"dangol_session": visitor.token}) as browser:
        browser.get("/products/ridge-gtx")
        browser.head("/products/ridge-gtx")
        browser.get("/products/ridge-gtx", headers={"Sec-Purpose": "prefetch"})
        browser.get("/products/none")
        browser.get("/")
    assert [tuple(row) for row in _looks(site, visitor.customer)] == [
        ("Product Viewed", {"product_id": "ridge-gtx", "category": "hiking_shoes"})
    ]


def test_a_look_without_a_cookie_is_nobodys(site: RunningSite) -> None:
    with site.engine.connect() as connection:
        before = len(connection.execute(select(events)).all())
        people = len(connection.execute(select(customers_table)).all())
    with site.client(cookies={"dangol_session": "forged"}) as browser:
        assert browser.get("/products/ridge-gtx").status_code == 200
    with site.client() as browser:
        assert browser.get("/products/ridge-gtx").status_code == 200
    with site.engine.connect() as connection:
        assert len(connection.execute(select(events)).all()) == before
        assert len(connection.execute(select(customers_table)).all()) == people


def test_what_shops_and_customers_wrote_is_text(database_url: str, tmp_path: Path) -> None:
    fill(database_url)
    attack = "<img src=x onerror=alert(1)>"
    engine = open_engine(database_url)
    with engine.begin() as connection:
        row = connection.execute(select(products).limit(1)).one()
        changed = {**row.product, "name": {"ko": attack, "en": attack}, "brand": attack}
        connection.execute(
            update(products).where(products.c.product_id == row.product_id).values(product=changed)
        )
        customers.set_name(connection, customers.resolve(connection, "demo-002"), attack)
    engine.dispose()
    with serving(database_url, tmp_path) as running, running.client() as browser:
        pages = [browser.get(path).text for path in ("/", f"/products/{row.product_id}", "/login")]
        pages.append(browser.get(f"/?category={attack}&lang=en").text)
        pages.append(browser.post("/login", data={"user_id": "demo-002"}).text)
        pages.append(browser.get("/").text)
    for page in pages:
        assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in pages[0]


@pytest.mark.parametrize(("language", "said"), [("ko", "상품이 없어요"), ("en", "no products")])
def test_an_empty_shop_says_so(database_url: str, tmp_path: Path, language: str, said: str) -> None:
    with serving(database_url, tmp_path, {"DANGOL_SHOP": "empty"}) as bare, bare.client() as client:
        assert said in client.get("/", params={"lang": language}).text
        assert client.get("/products.json").json() == {"products": []}
        assert client.get("/login").status_code == 200
        assert client.get("/products/ridge-gtx").status_code == 404


# -- the chat widget's files -------------------------------------------------------------------


def test_a_page_without_the_built_chat_works(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: Any
) -> None:
    monkeypatch.setattr("web.site.PROJECT", tmp_path / "elsewhere")
    with serving(database_url, tmp_path) as bare, bare.client() as client:
        page = client.get("/")
        assert page.status_code == 200
        assert "<script" not in page.text
        assert client.get("/assets/chat.js").status_code == 404
    assert any(getattr(line, "action", "") == "widget_missing" for line in caplog.records)


def test_the_built_chat_is_loaded_by_its_manifest(database_url: str, tmp_path: Path) -> None:
    built = tmp_path / "frontend" / "dist"
    (built / ".vite").mkdir(parents=True)
    (built / "assets").mkdir()
    (built / "assets" / "chat-1a2b.js").write_text("export {};")
    (built / "assets" / "chat-3c4d.css").write_text("")
    manifest = {
        "src/chat.ts": {
            "file": "assets/chat-1a2b.js",
            "css": ["assets/chat-3c4d.css"],
            "isEntry": True,
        },
        "src/studio.ts": {"file": "assets/studio-9.js", "isEntry": True},
        "_shared.js": {"file": "assets/shared-5.js"},
    }
    (built / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    with serving(database_url, tmp_path) as running, running.client() as client:
        page = client.get("/").text
        (script,) = re.findall(r'<script type="module" src="([^"]+)" nonce="[^"]+"', page)
        assert script == "/assets/chat-1a2b.js"
        assert 'href="/assets/chat-3c4d.css"' in page
        answer = client.get(script)
        assert answer.status_code == 200
        assert "javascript" in answer.headers["content-type"]
        assert "immutable" in answer.headers["cache-control"]
        assert client.get("/assets/..%2f.vite/manifest.json").status_code == 404


# -- the telephone -----------------------------------------------------------------------------


class _Telephone(BaseHTTPRequestHandler):
    """Says what it was asked, as the local fake of the provider would see it."""

    def answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        told = {
            "method": self.command,
            "path": self.path,
            "body": self.rfile.read(length).decode(),
            "cookie": self.headers.get("cookie"),
        }
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Set-Cookie", "phone=1")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    do_GET = do_POST = answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def a_telephone() -> Iterator[str]:
    """A listener in the place of the local fake."""
    server = HTTPServer(("127.0.0.1", 0), _Telephone)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_telephone_is_passed_through_without_the_visitors_cookie(
    database_url: str, tmp_path: Path
) -> None:
    with a_telephone() as url, serving(database_url, tmp_path, {"DANGOL_PHONE_URL": url}) as site:
        visitor = site.visitor()
        with site.client(cookies={"dangol_session": visitor.token}) as browser:
            read = browser.get("/phone/messages?number=%2B1503&x=").json()
            written = browser.post("/phone/send", content="안녕")
    assert read == {
        "method": "GET",
        "path": "/phone/messages?number=%2B1503&x=",
        "body": "",
        "cookie": None,
    }
    assert (written.json()["method"], written.json()["body"]) == ("POST", "안녕")
    assert "set-cookie" not in written.headers


def test_a_telephone_that_is_down_is_said_in_words(database_url: str, tmp_path: Path) -> None:
    down = {"DANGOL_PHONE_URL": f"http://127.0.0.1:{free_port()}"}
    wish = {"Accept": "text/html", "Accept-Language": "ko"}
    with serving(database_url, tmp_path, down) as site, site.client(headers=wish) as browser:
        answer = browser.get("/phone")
    assert answer.status_code == 502
    assert "전화기가 꺼져 있어요" in answer.text
