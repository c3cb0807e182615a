"""The event API as browsers call it: from which pages, with the key in the body, and for whom."""

from __future__ import annotations

import json
import random
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from memory import addresses, customers, due, named
from memory.tables import customers as customers_table
from memory.tables import due as due_table
from memory.tables import events
from tests.postgres import fresh_database
from tests.web_site import RunningSite, fill, serving

OTHER_SITE = "https://www.shop.example"


@pytest.fixture(scope="module")
def site(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSite]:
    """A shop with another site of its own."""
    home: Path = tmp_path_factory.mktemp("home")
    with fresh_database(postgres_url, template=migrated_template, is_durable=False) as url:
        fill(url)
        sites = {"DANGOL_SITES": f"{OTHER_SITE}/, http://m.shop.example:80"}
        with serving(url, home, sites) as running:
            yield running


def _beacon(
    site: RunningSite, *calls: dict[str, Any], token: str | None = None, **headers: str
) -> httpx.Response:
    """As `navigator.sendBeacon` sends it."""
    cookies = {"dangol_session": token} if token else None
    body = {"writeKey": site.settings.browser_key, "batch": list(calls)}
    with site.client(headers={"Content-Type": "text/plain", **headers}, cookies=cookies) as client:
        return client.post("/v1/batch", content=json.dumps(body))


def _look(anonymous_id: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Product Viewed",
        "anonymousId": anonymous_id,
        "properties": {"product_id": "ridge-gtx"},
        "messageId": secrets.token_hex(8),
        **more,
    }


def _names(site: RunningSite, anonymous_id: str) -> list[str]:
    with site.engine.connect() as connection:
        whose = named.visitor(connection, anonymous_id)
        return list(
            connection.scalars(
                select(events.c.name)
                .where(events.c.customer_id == whose)
                .order_by(events.c.event_id)
            )
        )


# -- from which pages --------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [OTHER_SITE, "http://m.shop.example"])
def test_a_page_of_the_shops_other_site_may_call(site: RunningSite, origin: str) -> None:
    with site.client(headers={"Origin": origin}) as client:
        asked = client.options(
            "/v1/t",
            headers={
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type",
            },
        )
        called = client.post(
            "/v1/t", auth=(site.settings.browser_key, ""), json=_look(secrets.token_hex(16))
        )
        refused = client.post("/v1/t", auth=("wrong", ""), json={})
    assert (asked.status_code, called.status_code, refused.status_code) == (204, 200, 401)
    assert "authorization" in asked.headers["access-control-allow-headers"].lower()
    assert asked.headers["access-control-allow-methods"] == "POST"
    for answer in (asked, called, refused):
        assert answer.headers["access-control-allow-origin"] == origin
        assert "access-control-allow-credentials" not in answer.headers
        assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://www.shop.example", f"{OTHER_SITE}.evil.example", "null"],
)
def test_no_other_page_may(site: RunningSite, origin: str) -> None:
    with site.client(headers={"Origin": origin}) as client:
        asked = client.options("/v1/track", headers={"Access-Control-Request-Method": "POST"})
        called = client.post("/v1/track", auth=(site.settings.browser_key, ""), json=_look("x"))
    for answer in (asked, called):
        assert (answer.status_code, answer.json()["error"]) == (403, "other_origin")
        assert "access-control-allow-origin" not in answer.headers


def test_the_shops_other_site_may_call_nothing_else(site: RunningSite) -> None:
    with site.client(headers={"Origin": OTHER_SITE}) as client:
        answer = client.post("/chat/session")
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


# -- the key -----------------------------------------------------------------------------------


def test_the_key_may_be_in_the_body_as_a_beacon_has_no_header(site: RunningSite) -> None:
    own = secrets.token_hex(16)
    assert _beacon(site, _look(own)).status_code == 200
    assert _names(site, own) == ["Product Viewed"]
    with site.client() as client:
        for body in ({"batch": []}, {"batch": [], "writeKey": "x"}, {"batch": [], "writeKey": [1]}):
            answer = client.post("/v1/b", json=body)
            assert (answer.status_code, answer.json()["error"]) == (401, "key_not_valid")


def test_what_segments_own_browser_library_sends_is_taken(site: RunningSite) -> None:
    """By the short names, each call with the key in it: as analytics.js 1.84 writes them."""
    own = secrets.token_hex(16)
    about = {
        "anonymousId": own,
        "userId": None,
        "context": {"page": {"path": "/", "url": "https://www.shop.example/"}, "locale": "ko-KR"},
        "integrations": {},
        "writeKey": site.settings.browser_key,
        "sentAt": "2026-11-27T01:00:01.000Z",
        "timestamp": "2026-11-27T01:00:00.000Z",
        "_metadata": {"bundled": ["Segment.io"], "unbundled": [], "bundledIds": []},
    }
    calls = {
        "p": {"type": "page", "properties": {"path": "/"}, "messageId": "ajs-next-1"},
        "t": {"type": "track", "event": "Cart Viewed", "messageId": "ajs-next-2"},
        "i": {"type": "identify", "traits": {"name": "Mallory"}, "messageId": "ajs-next-3"},
        "g": {"type": "group", "groupId": "g", "messageId": "ajs-next-4"},
        "a": {"type": "alias", "previousId": own, "userId": "u", "messageId": "ajs-next-5"},
    }
    with site.client(headers={"Content-Type": "text/plain", "Origin": OTHER_SITE}) as client:
        for name, call in calls.items():
            assert client.post(f"/v1/{name}", content=json.dumps({**about, **call})).json() == {
                "success": True
            }
    assert _names(site, own) == ["Page Viewed", "Cart Viewed"]
    with site.engine.connect() as connection:
        visitor = named.visitor(connection, own)
        assert visitor is not None
        found = customers.get(connection, visitor)
    assert (found.name, found.language) == (None, "ko")


# -- for whom ----------------------------------------------------------------------------------


def test_the_session_knows_better_whose_browser_it_is(site: RunningSite) -> None:
    visitor, other = site.visitor(), site.visitor()
    _beacon(site, _look(other.customer), token=visitor.token)
    assert _names(site, visitor.customer) == ["Product Viewed"]
    assert _names(site, other.customer) == []


def test_a_browsers_way_is_joined_to_its_session(site: RunningSite) -> None:
    own, visitor = secrets.token_hex(16), site.visitor()
    _beacon(site, {"type": "page", "anonymousId": own, "properties": {"path": "/"}})
    _beacon(site, _look(own), token=visitor.token)
    assert _names(site, visitor.customer) == ["Page Viewed", "Product Viewed"]
    # The next one at this browser is somebody else: nothing of the first is theirs.
    other = site.visitor()
    _beacon(site, _look(own), token=other.token)
    assert _names(site, other.customer) == ["Product Viewed"]
    assert _names(site, visitor.customer) == ["Page Viewed", "Product Viewed"]


def test_one_who_is_known_is_never_joined_by_a_browsers_word(site: RunningSite) -> None:
    visitor, own, user_id = site.visitor(), secrets.token_hex(16), secrets.token_hex(6)
    with site.client(auth=(site.settings.write_key, "")) as client:
        client.post("/v1/identify", json={"userId": user_id, "anonymousId": own})
    _beacon(site, _look(own), token=visitor.token)
    with site.engine.connect() as connection:
        known = addresses.find(connection, "login", user_id)
        assert known is not None
        assert customers.resolve(connection, visitor.customer) == visitor.customer
    assert known.customer_id != visitor.customer
    assert _names(site, known.customer_id) == []


def test_what_was_said_to_a_log_in_by_a_browser_alone_is_passed_over(site: RunningSite) -> None:
    own, user_id = secrets.token_hex(16), secrets.token_hex(6)
    with site.client(auth=(site.settings.write_key, "")) as client:
        client.post("/v1/identify", json={"userId": user_id, "anonymousId": own})
    assert _beacon(site, _look(own)).status_code == 200
    assert _names(site, own) == []


def test_one_browser_cannot_use_up_the_ids_of_another(site: RunningSite) -> None:
    first, second = secrets.token_hex(16), secrets.token_hex(16)
    for own in (first, second, first):
        _beacon(site, _look(own, messageId="the same"))
    assert (_names(site, first), _names(site, second)) == (["Product Viewed"], ["Product Viewed"])


def _customers(site: RunningSite) -> int:
    with site.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(customers_table)) or 0)


def _at_once(send: Callable[[], object]) -> None:
    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_at_once_make_one_visitor_and_keep_each_call_once(site: RunningSite) -> None:
    own, before = secrets.token_hex(16), _customers(site)
    calls = [_look(own), {**_look(own), "event": "Cart Viewed"}]
    _at_once(lambda: _beacon(site, *calls))
    assert sorted(_names(site, own)) == ["Cart Viewed", "Product Viewed"]
    assert _customers(site) == before + 1


def test_many_batches_at_once_begin_each_stranger_once(site: RunningSite) -> None:
    before = _customers(site)
    strangers = [secrets.token_hex(6) for _ in range(20)]
    calls = [_look("", userId=one) for one in strangers]
    calls += [_look(one) for one in strangers]

    def send() -> None:
        shuffled = random.sample(calls, len(calls))
        with site.client(auth=(site.settings.write_key, "")) as client:
            assert client.post("/v1/batch", json={"batch": shuffled}).status_code == 200

    _at_once(send)
    assert _customers(site) == before + 40
    with site.engine.connect() as connection:
        ids = [call["messageId"] for call in calls]
        kept = select(func.count()).where(events.c.message_id.in_([f"shop:{one}" for one in ids]))
        assert connection.scalar(kept) == len(calls)


# -- what comes late ---------------------------------------------------------------------------


def _waiting(site: RunningSite, user_id: str) -> list[str]:
    with site.engine.connect() as connection:
        known = addresses.find(connection, "login", user_id)
        assert known is not None
        return list(
            connection.scalars(
                select(due_table.c.about["product_id"].astext).where(
                    due_table.c.customer_id == known.customer_id,
                    due_table.c.kind == due.BROWSE,
                    due_table.c.state == "waiting",
                )
            )
        )


@pytest.mark.parametrize(
    ("looks", "waiting"),
    [
        ([("ridge-gtx", 0)], ["ridge-gtx"]),
        ([("ridge-gtx", 35)], ["ridge-gtx"]),
        ([("ridge-gtx", 37)], []),
        ([("ridge-gtx", 24 * 30)], []),
        ([("sori-road", 0), ("ridge-gtx", 1)], ["sori-road"]),
        ([("sori-road", 0), ("ridge-gtx", 30)], ["sori-road"]),
    ],
)
@pytest.mark.parametrize("size", [1, 9])
def test_a_look_that_is_told_late_begins_nothing_for_a_day_that_is_over(
    site: RunningSite, looks: list[tuple[str, int]], waiting: list[str], size: int
) -> None:
    user_id, now = secrets.token_hex(6), datetime.now(UTC)
    phone = f"+1503555{secrets.randbelow(10_000):04}"
    batch = [
        {
            **_look("", userId=user_id, properties={"product_id": product_id}),
            "timestamp": (now - timedelta(hours=ago)).isoformat(),
        }
        for product_id, ago in looks
    ]
    with site.client(auth=(site.settings.write_key, "")) as client:
        client.post("/v1/identify", json={"userId": user_id, "traits": {"phone": phone}})
        for first in range(0, len(batch), size):
            sent = {"batch": batch[first : first + size], "sentAt": now.isoformat()}
            assert client.post("/v1/batch", json=sent).status_code == 200
    assert _waiting(site, user_id) == waiting


def test_of_looks_in_one_batch_the_last_one_counts(site: RunningSite) -> None:
    test_a_look_that_is_told_late_begins_nothing_for_a_day_that_is_over(
        site, [("ridge-gtx", 30), ("sori-road", 0)], ["sori-road"], 9
    )
