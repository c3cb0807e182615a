"""The event API: whose word counts for what, once each, in the shape that Segment's SDKs send."""

from __future__ import annotations

import gzip
import json
import threading
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from memory import addresses, customers, due, offers, sessions
from memory.addresses import Address
from memory.importing import events as imported_events
from memory.importing.who import Whose
from memory.offers import Offer
from memory.tables import customers as customers_table
from memory.tables import due as due_table
from memory.tables import events, merges, order_lines, orders
from tests.web_site import NOW, RunningSite

CAPTURED = Path(__file__).parent / "segment_batches"
_NUMBERS = iter(range(10_000, 20_000))


def _fresh(prefix: str = "buyer") -> str:
    return f"{prefix}-{next(_NUMBERS)}"


def _phone() -> str:
    return f"+1503555{next(_NUMBERS) % 10_000:04}"


def _send(
    site: RunningSite, kind: str, body: object = None, *, key: str | None = None, **given: Any
) -> httpx.Response:
    with site.client(auth=(key or site.settings.write_key, "")) as client:
        return client.post(f"/v1/{kind}", json=given if body is None else body)


def _taken(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()) == (200, {"success": True})


def _of_login(site: RunningSite, user_id: str) -> str:
    with site.engine.connect() as connection:
        found = addresses.find(connection, "login", user_id)
    assert found is not None
    return found.customer_id


def _addresses(site: RunningSite, customer: str) -> dict[str, Address]:
    with site.engine.connect() as connection:
        return {each.kind: each for each in addresses.of_customer(connection, customer)}


def _events(site: RunningSite, customer: str) -> list[tuple[str, dict[str, Any]]]:
    with site.engine.connect() as connection:
        rows = connection.execute(
            select(events.c.name, events.c.properties)
            .where(events.c.customer_id == customer)
            .order_by(events.c.event_id)
        )
        return [(row.name, row.properties) for row in rows]


def _texted_us(site: RunningSite, phone: str) -> str:
    with site.engine.begin() as connection:
        return customers.of_address(
            connection, "phone", phone, proof="inbound", now=NOW
        ).customer_id


# -- whose key ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["identify", "track", "page", "alias", "batch"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Bearer {key}"},
        {"Authorization": "{key}"},
        {"Authorization": "Basic bm90LXRoZS1rZXk6"},
        {"Authorization": "Basic Og=="},
    ],
)
def test_without_a_key_nothing_is_taken(
    site: RunningSite, kind: str, headers: Mapping[str, str]
) -> None:
    shown = {name: value.format(key=site.settings.write_key) for name, value in headers.items()}
    user_id = _fresh()
    with site.client(headers=shown) as client:
        answer = client.post(f"/v1/{kind}", json={"userId": user_id, "event": "x", "batch": []})
    assert (answer.status_code, answer.json()["error"]) == (401, "key_not_valid")
    assert answer.headers["www-authenticate"].startswith("Basic")
    with site.engine.connect() as connection:
        assert addresses.find(connection, "login", user_id) is None


def test_a_page_of_another_site_cannot_call(site: RunningSite) -> None:
    key = (site.settings.browser_key, "")
    with site.client(auth=key, headers={"Origin": "https://evil.example"}) as client:
        answer = client.post("/v1/track", json={"anonymousId": "x", "event": "x"})
    assert (answer.status_code, answer.json()["error"]) == (403, "other_origin")


# -- identify ----------------------------------------------------------------------------------


def test_the_shops_word_links_visitor_log_in_number_and_mail(site: RunningSite) -> None:
    visitor, user_id, phone = site.visitor(), _fresh(), _phone()
    visitor.say("my size is US 9")
    texting = _texted_us(site, phone)
    _taken(
        _send(
            site,
            "identify",
            anonymousId=visitor.customer,
            userId=user_id,
            traits={
                "phone": f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}",
                "email": f" {user_id}@Shop.example ",
                "name": "Sam Whitaker",
                "address": {"country": "US"},
            },
        )
    )
    known = _of_login(site, user_id)
    held = _addresses(site, known)
    assert {kind: each.value for kind, each in held.items()} == {
        "login": user_id,
        "phone": phone,
        "email": f"{user_id}@shop.example",
    }
    assert (held["login"].proof, held["email"].proof) == ("shop", "shop")
    assert held["phone"].proof == "inbound"  # which they had shown themselves
    with site.engine.connect() as connection:
        assert customers.resolve(connection, visitor.customer) == known
        assert customers.resolve(connection, texting) == known
        assert customers.get(connection, known).name == "Sam Whitaker"
    # The browser goes on with its token, as the person it turned out to be, proven.
    assert visitor.client.post("/chat/session").json() == {
        "token": visitor.token,
        "customer": known,
    }
    assert "my size is US 9" in [row["text"] for row in visitor.heard()]
    assert visitor.say("and wide").status_code == 202
    with site.engine.connect() as connection:
        found = sessions.find(connection, visitor.token)
    assert found is not None
    assert found.proof == "shop"


@pytest.mark.parametrize(
    ("traits", "locale", "expected"),
    [
        ({"phone": "+82 10-0000-11{n}"}, "", "+8210000011{n}"),
        ({"phone": "010-0000-12{n}", "address": {"country": "KR"}}, "", "+8210000012{n}"),
        ({"phone": "010 0000 13{n}"}, "ko-KR", "+8210000013{n}"),
        ({"phone": "010-0000-15{n}"}, "", "+8210000015{n}"),
        ({"phone": "0082 10 0000 14{n}"}, "en-US", "+8210000014{n}"),
        ({"phone": "５０３-５５５-01{n}", "address": {"country": "America"}}, "", "+150355501{n}"),
        ({"phone": "503.555.02{n}"}, "", "+150355502{n}"),
        ({"phone": 15035550200, "address": {"country": "us"}}, "", "+15035550200"),
    ],
)
def test_a_number_may_be_written_as_usual(
    site: RunningSite, traits: dict[str, Any], locale: str, expected: str
) -> None:
    user_id, two_digits = _fresh(), "42"
    written = traits["phone"]
    if isinstance(written, str):
        written = written.format(n=two_digits)
    answer = _send(
        site,
        "identify",
        userId=user_id,
        traits={**traits, "phone": written},
        context={"locale": locale},
    )
    _taken(answer)
    kept = _addresses(site, _of_login(site, user_id))["phone"]
    assert (kept.value, kept.proof) == (expected.format(n=two_digits), "shop")


@pytest.mark.parametrize(
    ("traits", "code"),
    [
        ({"phone": "12"}, "phone_not_valid"),
        ({"phone": "call me"}, "phone_not_valid"),
        ({"phone": ["+15035550101"]}, "phone_not_valid"),
        ({"email": "nobody"}, "email_not_valid"),
        ({"email": "a b@shop.example"}, "email_not_valid"),
        ({"email": 5}, "email_not_valid"),
    ],
)
def test_an_address_that_is_none_is_refused_with_all_of_its_call(
    site: RunningSite, traits: dict[str, Any], code: str
) -> None:
    user_id = _fresh()
    answer = _send(site, "identify", userId=user_id, traits={**traits, "name": "Kim"})
    assert (answer.status_code, answer.json()["error"]) == (400, code)
    with site.engine.connect() as connection:
        assert addresses.find(connection, "login", user_id) is None


def test_two_people_known_apart_are_not_made_one(
    site: RunningSite, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, phone, visitor = _fresh(), _fresh(), _phone(), site.visitor()
    _taken(_send(site, "identify", userId=first, traits={"phone": phone}))
    _taken(_send(site, "identify", userId=second, traits={"phone": phone}))
    _taken(_send(site, "identify", userId=first, anonymousId=visitor.customer))
    _taken(_send(site, "identify", userId=second, anonymousId=visitor.customer))
    one, other = _of_login(site, first), _of_login(site, second)
    assert one != other
    assert _addresses(site, one)["phone"].value == phone
    assert set(_addresses(site, other)) == {"login"}
    assert visitor.client.post("/chat/session").json()["customer"] == one
    actions = [getattr(line, "action", "") for line in caplog.records]
    assert actions.count("two_known_people") == 2


def test_without_a_log_in_nothing_is_linked(site: RunningSite) -> None:
    visitor, phone = site.visitor(), _phone()
    texting = _texted_us(site, phone)
    _taken(_send(site, "identify", anonymousId=visitor.customer, traits={"phone": phone}))
    assert _addresses(site, visitor.customer) == {}
    assert visitor.client.post("/chat/session").json()["customer"] == visitor.customer
    assert _addresses(site, texting)["phone"].value == phone


def test_an_anonymous_id_is_nobodys_log_in_or_number(site: RunningSite) -> None:
    """A system's own ids of strangers must not be taken for customers of ours."""
    first, second, phone = _fresh(), _fresh(), _phone()
    texting = _texted_us(site, phone)
    _taken(_send(site, "identify", userId=first))
    for stranger in (first, phone):
        _taken(_send(site, "track", anonymousId=stranger, event="Tea Poured"))
        _taken(_send(site, "identify", userId=second, anonymousId=stranger))
    assert _events(site, _of_login(site, first)) == []
    assert _events(site, texting) == []
    assert set(_addresses(site, _of_login(site, first))) == {"login"}
    assert set(_addresses(site, texting)) == {"phone"}
    assert len(_events(site, _of_login(site, second))) == 2


def test_an_id_that_looks_like_ours_and_is_nobodys_is_refused(site: RunningSite) -> None:
    user_id = _fresh()
    _taken(_send(site, "identify", userId=user_id, anonymousId="cus_made_up"))
    assert set(_addresses(site, _of_login(site, user_id))) == {"login"}
    for event in ("Tea Poured", "Order Completed"):
        answer = _send(site, "track", anonymousId="cus_made_up", event=event)
        assert (answer.status_code, answer.json()["error"]) == (400, "anonymous_id_unknown")


def test_whoever_was_erased_is_nobody(site: RunningSite) -> None:
    visitor = site.visitor()
    with site.engine.begin() as connection:
        connection.execute(
            update(customers_table)
            .where(customers_table.c.customer_id == visitor.customer)
            .values(erased_at=NOW)
        )
    for event in ("Tea Poured", "Order Completed"):
        answer = _send(site, "track", anonymousId=visitor.customer, event=event)
        assert answer.json()["error"] == "anonymous_id_unknown"
    assert _events(site, visitor.customer) == []


def test_a_visitor_that_the_shops_page_named_is_a_customer_of_their_own(site: RunningSite) -> None:
    visitor, user_id = str(uuid.uuid4()), _fresh()
    _taken(_send(site, "track", anonymousId=visitor, event="Tea Poured"))
    _taken(_send(site, "page", anonymousId=visitor, name="Home"))
    _taken(_send(site, "identify", userId=user_id, anonymousId=visitor))
    known = _of_login(site, user_id)
    assert [name for name, _ in _events(site, known)] == ["Tea Poured", "Page Viewed"]
    assert _addresses(site, known)["visitor"].proof == "none"
    # What comes late under the anonymous id is told of them too.
    _taken(_send(site, "track", anonymousId=visitor, event="Milk Poured"))
    assert [name for name, _ in _events(site, known)][-1] == "Milk Poured"


def test_what_a_named_visitor_did_may_come_after_their_name(site: RunningSite) -> None:
    visitor, user_id = str(uuid.uuid4()), _fresh()
    _taken(_send(site, "identify", userId=user_id, anonymousId=visitor))
    _taken(_send(site, "track", anonymousId=visitor, event="Tea Poured"))
    assert [name for name, _ in _events(site, _of_login(site, user_id))] == ["Tea Poured"]


def test_a_user_id_can_be_renamed(site: RunningSite) -> None:
    before, after = _fresh(), _fresh()
    _taken(_send(site, "track", userId=before, event="Tea Poured"))
    _taken(_send(site, "alias", previousId=before, userId=after))
    assert _of_login(site, before) == _of_login(site, after)
    other = _fresh()
    _taken(_send(site, "identify", userId=other))
    _taken(_send(site, "alias", previousId=before, userId=other))
    assert _of_login(site, other) != _of_login(site, before)


def test_an_older_name_does_not_take_the_place_of_a_newer_one(site: RunningSite) -> None:
    user_id, now = _fresh(), datetime.now(UTC)
    for name, ago in (("Kim", 0), ("Lee", 60), ("Park", 30)):
        at = (now - timedelta(minutes=ago)).isoformat()
        _taken(_send(site, "identify", userId=user_id, traits={"name": name}, timestamp=at))
    with site.engine.connect() as connection:
        assert customers.get(connection, _of_login(site, user_id)).name == "Kim"


def test_the_same_identify_twice_changes_nothing(site: RunningSite) -> None:
    visitor, user_id = site.visitor(), _fresh()
    for _ in range(2):
        _taken(_send(site, "identify", anonymousId=visitor.customer, userId=user_id))
    with site.engine.connect() as connection:
        found = connection.scalars(
            select(merges.c.gone).where(merges.c.customer_id == _of_login(site, user_id))
        ).all()
    assert found == [visitor.customer]


def test_identify_at_the_same_moment_makes_one_customer(site: RunningSite) -> None:
    visitor, user_id = site.visitor(), _fresh()
    answers: list[httpx.Response] = []
    given = {"anonymousId": visitor.customer, "userId": user_id, "traits": {"name": "Kim"}}
    threads = [
        threading.Thread(target=lambda: answers.append(_send(site, "identify", given)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 6
    assert visitor.client.post("/chat/session").json()["customer"] == _of_login(site, user_id)


def test_an_alias_links_as_an_identify_does(site: RunningSite) -> None:
    visitor, user_id = site.visitor(), _fresh()
    visitor.say("hello")
    _taken(_send(site, "alias", previousId=visitor.customer, userId=user_id))
    assert visitor.client.post("/chat/session").json()["customer"] == _of_login(site, user_id)


def test_a_name_may_come_in_two_parts(site: RunningSite) -> None:
    user_id = _fresh()
    traits = {"firstName": "Sam", "lastName": "Whitaker"}
    _taken(_send(site, "identify", userId=user_id, traits=traits))
    _taken(_send(site, "identify", userId=user_id, traits={"plan": "gold"}))
    with site.engine.connect() as connection:
        assert customers.get(connection, _of_login(site, user_id)).name == "Sam Whitaker"


# -- track -------------------------------------------------------------------------------------


def _look(customer_or_user: str, **more: Any) -> dict[str, Any]:
    return {
        "event": "Product Viewed",
        "userId": customer_or_user,
        "properties": {"product_id": "ridge-gtx"},
        **more,
    }


def _browse_due(site: RunningSite, customer: str) -> list[datetime]:
    with site.engine.connect() as connection:
        return list(
            connection.scalars(
                select(due_table.c.due_at).where(
                    due_table.c.customer_id == customer,
                    due_table.c.kind == due.BROWSE,
                    due_table.c.state == "waiting",
                )
            )
        )


def test_a_look_is_kept_and_due_for_whoever_has_a_number(site: RunningSite) -> None:
    user_id = _fresh()
    _taken(_send(site, "identify", userId=user_id, traits={"phone": _phone()}))
    known = _of_login(site, user_id)
    _taken(_send(site, "track", _look(user_id)))
    assert _events(site, known) == [
        ("Product Viewed", {"product_id": "ridge-gtx", "category": "hiking_shoes"})
    ]
    (due_at,) = _browse_due(site, known)
    assert timedelta() < due_at - datetime.now(UTC) < timedelta(hours=1, seconds=5)


def test_a_look_is_known_by_its_stock_number_too(site: RunningSite) -> None:
    user_id = _fresh()
    _taken(_send(site, "track", _look(user_id, properties={"sku": "SOR-NVY-270-R"})))
    _taken(
        _send(
            site, "track", _look(user_id, properties={"product_id": "77", "sku": "SOR-NVY-270-R"})
        )
    )
    looks = [properties["product_id"] for _, properties in _events(site, _of_login(site, user_id))]
    assert looks == ["sori-road", "sori-road"]


def test_what_is_not_in_the_catalogue_is_kept_as_it_was_told(site: RunningSite) -> None:
    user_id = _fresh()
    told: list[tuple[str, dict[str, Any]]] = [
        ("Product Viewed", {"product_id": "of another shop", "name": "x"}),
        ("Product Viewed", {"product_id": 7}),
        ("Coffee Poured", {"cups": 2, "with": ["milk"], "안녕": None}),
    ]
    for event, properties in told:
        _taken(_send(site, "track", userId=user_id, event=event, properties=properties))
    _taken(_send(site, "page", userId=user_id, name="Home", properties={"path": "/"}))
    kept = _events(site, _of_login(site, user_id))
    assert kept == [*told, ("Page Viewed", {"name": "Home", "path": "/"})]


def test_a_users_own_word_goes_before_the_browsers(site: RunningSite) -> None:
    visitor, user_id = site.visitor(), _fresh()
    _taken(_send(site, "track", userId=user_id, anonymousId=visitor.customer, event="Tea Poured"))
    _taken(_send(site, "track", anonymousId=visitor.customer, event="Milk Poured"))
    assert [name for name, _ in _events(site, _of_login(site, user_id))] == ["Tea Poured"]
    assert [name for name, _ in _events(site, visitor.customer)] == ["Milk Poured"]


def _order(order_id: str, **more: Any) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "total": 159000,
        "currency": "KRW",
        "products": [{"product_id": "ridge-gtx", "sku": "RDG-1", "price": 159000, "quantity": 1}],
        **more,
    }


def test_a_completed_order_ends_what_it_makes_pointless(site: RunningSite) -> None:
    user_id, order_id = _fresh(), _fresh("order")
    _taken(_send(site, "identify", userId=user_id, traits={"phone": _phone()}))
    known = _of_login(site, user_id)
    _taken(_send(site, "track", _look(user_id)))
    offer_id = _offer(site, known).offer_id
    given = {"userId": user_id, "event": "Order Completed", "properties": _order(order_id)}
    for _ in range(2):
        _taken(_send(site, "track", given))
    with site.engine.connect() as connection:
        kept = connection.execute(
            select(orders.c.total, orders.c.currency).where(orders.c.customer_id == known)
        ).one()
        lines = connection.execute(
            select(order_lines.c.product_id, order_lines.c.sku, order_lines.c.unit_price).where(
                order_lines.c.customer_id == known
            )
        ).all()
        offer = offers.get(connection, known, offer_id)
    assert tuple(kept) == (Decimal(159000), "KRW")
    assert [tuple(line) for line in lines] == [("ridge-gtx", "RDG-1", Decimal(159000))]
    assert offer.state == "bought"
    assert _browse_due(site, known) == []
    assert [name for name, _ in _events(site, known)].count("Order Completed") == 1


def _offer(site: RunningSite, customer: str) -> Offer:
    with site.engine.begin() as connection:
        offer_id = offers.plan(
            connection,
            customer,
            campaign="browse",
            occurrence=_fresh("day"),
            product_id="ridge-gtx",
            category="hiking_shoes",
            about={},
            language="en",
            text="The Ridge GTX keeps your feet dry.",
            now=NOW,
        )
        assert offer_id is not None
        offers.open_up(connection, customer, offer_id, channel="web", now=NOW)
        return offers.get(connection, customer, offer_id)


def test_an_order_of_a_stranger_begins_a_customer(site: RunningSite) -> None:
    user_id = _fresh()
    _taken(
        _send(
            site,
            "track",
            userId=user_id,
            event="Order Completed",
            properties={"order_id": "1", "products": [{"sku": "SOR-NVY-270-R", "price": "99"}]},
            context={"locale": "en-US"},
        )
    )
    known = _of_login(site, user_id)
    with site.engine.connect() as connection:
        row = connection.execute(select(orders).where(orders.c.customer_id == known)).one()
        line = connection.execute(
            select(order_lines).where(order_lines.c.customer_id == known)
        ).one()
    assert (row.total, row.currency) == (Decimal(99), "USD")
    assert (line.product_id, line.sku, line.quantity) == ("sori-road", "SOR-NVY-270-R", 1)


def test_when_it_happened_is_told_by_the_timestamp(site: RunningSite) -> None:
    user_id = _fresh()
    before = datetime.now(UTC) - timedelta(days=2)
    for order_id, timestamp in (("past", before), ("ahead", before + timedelta(days=9))):
        _taken(
            _send(
                site,
                "track",
                userId=user_id,
                event="Order Completed",
                timestamp=timestamp.isoformat(),
                properties={"order_id": order_id},
            )
        )
    with site.engine.connect() as connection:
        rows = connection.execute(
            select(orders.c.order_id, orders.c.ordered_at).where(
                orders.c.customer_id == _of_login(site, user_id)
            )
        )
        at = {row.order_id: row.ordered_at for row in rows}
    assert abs(at["past"] - before) < timedelta(seconds=20)
    assert abs(at["ahead"] - datetime.now(UTC)) < timedelta(seconds=20)


def test_a_call_with_an_id_is_taken_once(site: RunningSite) -> None:
    user_id, message_id = _fresh(), _fresh("message")
    given = {"userId": user_id, "event": "Tea Poured", "messageId": message_id}
    for _ in range(3):
        _taken(_send(site, "track", given))
    _taken(_send(site, "batch", {"batch": [{"type": "track", **given}] * 3}))
    assert len(_events(site, _of_login(site, user_id))) == 1


def test_the_same_call_at_the_same_moment_is_taken_once(site: RunningSite) -> None:
    user_id, message_id = _fresh(), _fresh("message")
    _taken(_send(site, "identify", userId=user_id))
    given = {"userId": user_id, "event": "Tea Poured", "messageId": message_id}
    threads = [threading.Thread(target=_send, args=(site, "track", given)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(_events(site, _of_login(site, user_id))) == 1


def test_what_was_imported_is_not_taken_again(site: RunningSite) -> None:
    user_id, message_id = _fresh(), _fresh("message")
    _taken(_send(site, "identify", userId=user_id))
    known = _of_login(site, user_id)
    history = imported_events.Imported(
        whose=Whose(customer_id=known),
        name="Tea Poured",
        properties={},
        occurred_at=NOW,
        message_id=message_id,
    )
    with site.engine.begin() as connection:
        imported_events.write(connection, [history], now=NOW)
    _taken(_send(site, "track", userId=user_id, event="Tea Poured", messageId=message_id))
    assert len(_events(site, known)) == 1


# -- a browser's key ---------------------------------------------------------------------------


def test_a_browsers_key_gives_hints_only(site: RunningSite) -> None:
    visitor, known_visitor, user_id, phone = site.visitor(), site.visitor(), _fresh(), _phone()
    texting = _texted_us(site, phone)
    _taken(_send(site, "identify", anonymousId=known_visitor.customer, userId=user_id))
    known = _of_login(site, user_id)
    hints: list[tuple[str, dict[str, Any]]] = [
        ("identify", {"userId": user_id, "traits": {"phone": phone, "name": "Mallory"}}),
        ("alias", {"previousId": visitor.customer, "userId": user_id}),
        ("track", {"event": "Order Completed", "properties": _order("free")}),
        ("track", {"event": "Coffee Poured"}),
        ("track", {**_look(user_id), "anonymousId": None}),
        ("track", {**_look(user_id), "anonymousId": known_visitor.customer}),
        ("track", {**_look(user_id), "anonymousId": "cus_made_up"}),
    ]
    for kind, given in hints:
        called = {"anonymousId": visitor.customer, **given}
        _taken(_send(site, kind, called, key=site.settings.browser_key))
    assert visitor.client.post("/chat/session").json()["customer"] == visitor.customer
    assert _events(site, known) == []
    assert [name for name, _ in _events(site, visitor.customer)] == ["Purchase Seen"]
    assert set(_addresses(site, known)) == {"login"}
    assert set(_addresses(site, texting)) == {"phone"}
    with site.engine.connect() as connection:
        assert customers.get(connection, known).name is None
        assert (
            connection.scalar(select(orders.c.order_id).where(orders.c.order_id == "free")) is None
        )


def test_a_browsers_word_counts_for_the_looks_of_its_own_visitor(site: RunningSite) -> None:
    visitor = site.visitor()
    look = _look(_fresh(), anonymousId=visitor.customer)
    _taken(_send(site, "track", look, key=site.settings.browser_key))
    assert [name for name, _ in _events(site, visitor.customer)] == ["Product Viewed"]


def test_a_browser_cannot_use_up_the_shops_ids(site: RunningSite) -> None:
    visitor, user_id, message_id = site.visitor(), _fresh(), _fresh("message")
    look = _look("", anonymousId=visitor.customer, messageId=message_id)
    _taken(_send(site, "track", look, key=site.settings.browser_key))
    _taken(_send(site, "track", userId=user_id, event="Tea Poured", messageId=message_id))
    assert len(_events(site, _of_login(site, user_id))) == 1


# -- batches, sizes and what is broken ----------------------------------------------------------


def test_a_batch_is_taken_in_its_order(site: RunningSite) -> None:
    visitor, user_id = site.visitor(), _fresh()
    sent = datetime.now(UTC)
    calls: list[dict[str, Any]] = [
        {"type": "identify", "userId": user_id, "anonymousId": visitor.customer},
        {"type": "track", "userId": user_id, "event": "Tea Poured", "integrations": {}},
        {"type": "group", "userId": user_id, "groupId": "g"},
        {"type": "screen", "userId": user_id, "name": "Basket"},
        {"type": "page", "anonymousId": visitor.customer, "properties": {"url": "/"}},
    ]
    whole = {
        "batch": [
            {**call, "messageId": _fresh("message"), "timestamp": sent.isoformat()}
            for call in calls
        ],
        "sentAt": sent.isoformat(),
        "writeKey": "elsewhere",
    }
    _taken(_send(site, "batch", whole))
    known = _of_login(site, user_id)
    assert _events(site, known) == [
        ("Tea Poured", {}),
        ("Screen Viewed", {"name": "Basket"}),
        ("Page Viewed", {"url": "/"}),
    ]


@pytest.mark.parametrize("captured", sorted(CAPTURED.glob("*.json")), ids=lambda path: path.stem)
def test_what_segments_libraries_send_is_taken(site: RunningSite, captured: Path) -> None:
    """Bodies as the libraries of that version sent them, with other ids in them."""
    visitor, user_id = site.visitor(), _fresh()
    body = captured.read_text("utf-8").replace("VISITOR", visitor.customer).replace("USER", user_id)
    with site.client(auth=(site.settings.write_key, "")) as client:
        for _ in range(2):
            _taken(client.post("/v1/batch", content=body))
    known = _of_login(site, user_id)
    names = [name for name, _ in _events(site, known)]
    assert sorted(names) == sorted(
        [
            "Product Viewed",
            "Page Viewed",
            *(["Screen Viewed"] if '"screen"' in body else []),
            "Order Completed",
        ]
    )
    with site.engine.connect() as connection:
        order = connection.execute(select(orders).where(orders.c.customer_id == known)).one()
        assert customers.get(connection, known).name == "Kim"
    assert (order.order_id, order.total) == (f"order-of-{user_id}", Decimal(159))
    assert visitor.client.post("/chat/session").json()["customer"] == known


def test_a_bad_call_keeps_no_good_one_out_of_its_batch(site: RunningSite) -> None:
    user_id = _fresh()
    good = {"type": "track", "userId": user_id, "event": "Tea Poured"}
    bad: list[Any] = [
        {"type": "track", "userId": user_id},
        {"type": "order", "userId": user_id},
        {"type": ["track"], "userId": user_id},
        {"type": "track", "anonymousId": "cus_nobody", "event": "x"},
        {**good, "properties": {"long": "x" * 33_000}},
        "not a call",
        None,
    ]
    answer = _send(site, "batch", {"batch": [good, *bad, good]})
    assert (answer.status_code, answer.json()["error"]) == (400, "batch_partly_taken")
    assert answer.json()["message"].startswith("2 of 9 calls were taken. batch[1]: ")
    assert len(_events(site, _of_login(site, user_id))) == 2


def test_sizes_are_segments_own(site: RunningSite) -> None:
    user_id = _fresh()
    fits = {"userId": user_id, "event": "x", "properties": {"long": "x" * 32_000}}
    _taken(_send(site, "track", fits))
    over = {**fits, "properties": {"long": "x" * 33_000}}
    answer = _send(site, "track", over)
    assert (answer.status_code, answer.json()["error"]) == (400, "too_large")
    many = [{"type": "track", **fits}] * 15
    _taken(_send(site, "batch", {"batch": many}))
    answer = _send(site, "batch", {"batch": many * 2})
    assert (answer.status_code, answer.json()["error"]) == (400, "too_large")
    too_many = [{"type": "group", "userId": "x"}] * 2501
    answer = _send(site, "batch", {"batch": too_many})
    assert (answer.status_code, answer.json()["error"]) == (400, "batch_not_valid")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff\xfe", "not_utf8"),
        (b"[1]", "not_an_object"),
        (b'"x"', "not_an_object"),
        (b"{}", "nobody_named"),
        (b'{"userId": "a", "properties": {"x": 1e999}, "event": "x"}', "number_not_valid"),
        (b'{"userId": "a", "properties": {"x": NaN}, "event": "x"}', "number_not_valid"),
    ],
)
def test_broken_json_is_a_400(site: RunningSite, content: bytes, code: str) -> None:
    with site.client(auth=(site.settings.write_key, "")) as client:
        answer = client.post("/v1/track", content=content)
    assert (answer.status_code, answer.json()["error"]) == (400, code)


@pytest.mark.parametrize("given", [{}, {"batch": {}}, {"batch": "x"}])
def test_a_batch_is_a_list(site: RunningSite, given: dict[str, Any]) -> None:
    answer = _send(site, "batch", given)
    assert (answer.status_code, answer.json()["error"]) == (400, "batch_not_valid")


def test_a_packed_body_is_unpacked_and_no_bomb(site: RunningSite) -> None:
    user_id = _fresh()
    body = json.dumps({"userId": user_id, "event": "Tea Poured"}).encode()
    packed = {"Content-Encoding": "gzip"}
    with site.client(auth=(site.settings.write_key, ""), headers=packed) as client:
        _taken(client.post("/v1/track", content=gzip.compress(body)))
        bomb = client.post("/v1/batch", content=gzip.compress(b" " * 50_000_000))
        broken = client.post("/v1/track", content=body)
    assert (bomb.status_code, bomb.json()["error"]) == (400, "too_large")
    assert (broken.status_code, broken.json()["error"]) == (400, "not_gzip")
    assert len(_events(site, _of_login(site, user_id))) == 1
