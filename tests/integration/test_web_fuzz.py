"""Whatever is sent to a running site, it answers with something else than a 5xx, and nobody reads
what is not theirs. A fixed number of made-up requests, the same in every run.
"""

from __future__ import annotations

import json
import socket
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.provisional import urls

from tests.web_site import RunningSite

SECRET = "a secret said by somebody else"
FIXED = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
PATHS = st.sampled_from(
    [
        *("/", "/chat/session", "/chat/messages", "/chat/login", "/login", "/logout", "/phone"),
        *("/products.json", "/products/ridge-gtx", "/products/", "/pictures/ridge-gtx.svg"),
        *(
            "/webhooks/twilio/sms",
            "/webhooks/twilio/status",
            "/healthz-not",
            "/metrics",
            "/static/",
        ),
        *("/static/shop.css", "/assets/x.js", "/nothing", "/chat/messages/", "/chat"),
        *("/checkout", "/l/x", "/l/x/opt-out", "/l/x/confirm", "/v1/track", "/v1/batch", "/v1/x"),
        *("/v1/t", "/v1/b", "/v1/group", "/tracker.js"),
    ]
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"])
ANY_TEXT = st.text(max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        *("text", "message_id", "language", "token", "user_id", "customer", "after"),
        *("sku", "quantity", "coupon", "request", "purpose"),
    ]
)
BODIES = st.one_of(
    st.binary(max_size=300),
    JSON.map(json.dumps).map(str.encode),
    st.dictionaries(FIELDS, JSON, max_size=4).map(json.dumps).map(str.encode),
    st.dictionaries(FIELDS, st.text(st.characters(exclude_categories=()), max_size=80)).map(
        lambda made: json.dumps(made).encode("ascii")
    ),
)
HEADER_VALUES = st.binary(max_size=40).map(
    lambda raw: bytes(sign for sign in raw if sign >= 0x20 and sign != 0x7F).strip()
)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *(b"accept", b"accept-language", b"content-type", b"idempotency-key", b"origin"),
            *(b"last-event-id", b"x-twilio-signature", b"x-forwarded-for", b"cookie", b"referer"),
            *(b"authorization", b"sec-fetch-site", b"sec-purpose", b"x-forwarded-proto", b"range"),
        ]
    ),
    HEADER_VALUES,
    max_size=4,
)


def _judge(answer: httpx.Response) -> None:
    assert answer.status_code < 500 or answer.status_code == 502, answer.text
    assert SECRET not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.is_error and answer.headers["content-type"] == "application/json" and answer.content:
        assert set(answer.json()) == {"error", "message"}


def test_no_request_breaks_the_site(site: RunningSite) -> None:
    site.visitor().say(SECRET)
    own = site.visitor()

    @FIXED
    @given(
        method=METHODS,
        path=PATHS,
        query=st.dictionaries(FIELDS | ANY_TEXT, ANY_TEXT, max_size=3),
        headers=HEADERS,
        body=BODIES,
        has_token=st.booleans(),
    )
    def anything(
        method: str,
        path: str,
        query: dict[str, str],
        headers: dict[bytes, bytes],
        body: bytes,
        has_token: bool,
    ) -> None:
        known = {b"authorization": f"Bearer {own.token}".encode()} if has_token else {}
        sent = list({**headers, **known}.items())
        shown = {name: _without_surrogates(value) for name, value in query.items()}
        request = client.build_request(method, path, params=_named(shown), content=body)
        request.headers = httpx.Headers([*request.headers.raw, *sent])
        _judge(client.send(request))

    with site.client() as client:
        anything()


def test_no_message_breaks_the_site(site: RunningSite) -> None:
    caller = site.visitor()

    @FIXED
    @given(text=st.text(st.characters(exclude_categories=()), max_size=2100))
    def anything(text: str) -> None:
        body = json.dumps({"text": text}).encode("ascii")
        answer = caller.client.post("/chat/messages", content=body)
        assert answer.status_code in {202, 422, 429}
        if answer.status_code == 202:
            assert "\x00" not in text
            assert text.strip()

    anything()
    for row in caller.heard():
        assert row["text"].strip()


PARTS_OF_CALLS = st.sampled_from(
    [
        *("userId", "anonymousId", "previousId", "messageId", "event", "properties", "traits"),
        *("type", "batch", "timestamp", "sentAt", "context", "name", "receivedAt"),
    ]
)
VALUES = (
    JSON
    | st.sampled_from(["Order Completed", "Product Viewed", "track", "identify", "page", "alias"])
    | st.sampled_from(["Order Refunded", "Order Updated", "Order Cancelled", "Cart Viewed", "fuzz"])
    | st.dictionaries(
        st.sampled_from(
            [
                *("order_id", "total", "currency", "coupon", "products", "product_id", "sku"),
                *("phone", "email", "name", "firstName", "address", "locale", "price"),
            ]
        ),
        JSON | st.lists(st.dictionaries(st.sampled_from(["sku", "quantity", "price"]), JSON)),
        max_size=4,
    )
)
CALLS = st.dictionaries(PARTS_OF_CALLS, VALUES, max_size=6).map(
    lambda made: {"userId": "fuzz", "event": "Order Completed", "type": "track", **made}
)


def test_no_call_breaks_the_event_api(site: RunningSite) -> None:
    kinds = st.sampled_from(["identify", "track", "page", "alias", "batch"])

    @FIXED
    @given(kind=kinds, call=CALLS)
    def anything(kind: str, call: dict[str, Any]) -> None:
        body = {"batch": [call]} if kind == "batch" else call
        answer = client.post(f"/v1/{kind}", content=json.dumps(body).encode("ascii"))
        assert answer.status_code in {200, 400}, answer.text
        assert set(answer.json()) in ({"success"}, {"error", "message"})

    with site.client(auth=(site.settings.write_key, "")) as client:
        anything()


def test_no_batch_breaks_the_event_api(site: RunningSite) -> None:
    """With either key, of several calls about the same person and the same order."""
    about = {"order_id": "fuzzed"}

    @FIXED
    @given(calls=st.lists(CALLS, max_size=5), is_shop=st.booleans())
    def anything(calls: list[dict[str, Any]], is_shop: bool) -> None:
        for call in calls:
            if isinstance(call.get("properties"), dict):
                call["properties"] = {**call["properties"], **about}
        key = site.settings.write_key if is_shop else site.settings.browser_key
        body = json.dumps({"batch": calls, "writeKey": key})
        answer = client.post("/v1/batch", content=body.encode("ascii"))
        assert answer.status_code in {200, 400}, answer.text
        assert set(answer.json()) in ({"success"}, {"error", "message"})

    with site.client() as client:
        anything()


def test_no_address_breaks_the_site(site: RunningSite) -> None:
    """Paths as they come over the wire, also such as no client would send."""

    @FIXED
    @given(made=urls() | st.binary(min_size=1, max_size=60))
    def anything(made: Any) -> None:
        raw = made.encode() if isinstance(made, str) else made
        target = b"/" + bytes(sign for sign in raw if 0x20 < sign < 0x7F)
        status = _status_of(site, target)
        assert status is None or status < 500

    anything()


def _status_of(site: RunningSite, target: bytes) -> int | None:
    """The status of a bare request; None if the server hung up on it."""
    with socket.create_connection(("127.0.0.1", site.settings.port), timeout=5) as wire:
        wire.sendall(
            b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        first = wire.makefile("rb").readline()
    return int(first.split()[1]) if first else None


def _named(shown: dict[str, str]) -> dict[str, str]:
    return {_without_surrogates(name): value for name, value in shown.items()}


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
