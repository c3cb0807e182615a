"""One person from two customers: nothing is lost, nothing is there twice, and refusals count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text

from memory import (
    addresses,
    consents,
    customers,
    due,
    events,
    facts,
    inbox,
    linking,
    merging,
    offers,
    orders,
    sessions,
    turns,
)
from memory.linking import Linked
from memory.orders import OrderLine
from memory.recall import recall
from memory.turns import Utterance
from tests import outbox_rows

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
PHONE = "+15035550142"


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return outbox_rows.emptied(shared_engine)


def visitor(engine: Engine) -> str:
    with engine.begin() as connection:
        return customers.create(connection, now=NOW)


def texter(engine: Engine) -> str:
    with engine.begin() as connection:
        address = customers.of_address(connection, "phone", PHONE, proof="inbound", now=NOW)
    return address.customer_id


def said(engine: Engine, customer_id: str, *texts: str, at: datetime, channel: str = "web") -> None:
    with engine.begin() as connection:
        utterances = [Utterance(text=each) for each in texts]
        turns.append(
            connection,
            customer_id,
            utterances,
            direction="in",
            channel=channel,
            language=None,
            at=at,
        )


def merge(engine: Engine, gone: str, stays: str) -> bool:
    with engine.begin() as connection:
        return merging.merge(connection, gone=gone, stays=stays, proof="code", now=NOW)


def conversation(engine: Engine, customer_id: str) -> list[tuple[int, str]]:
    with engine.connect() as connection:
        found = turns.after(connection, customer_id, -(10**6))
    return [(turn.seq, turn.text) for turn in found]


def test_what_was_said_before_is_put_in_front(engine: Engine) -> None:
    web, sms = visitor(engine), texter(engine)
    said(engine, sms, "first text", "second text", at=NOW - timedelta(days=30), channel="sms")
    said(engine, web, "hello", "my number is …", at=NOW)
    assert merge(engine, sms, web)
    assert conversation(engine, web) == [
        (-1, "first text"),
        (0, "second text"),
        (1, "hello"),
        (2, "my number is …"),
    ]
    assert conversation(engine, sms) == []
    said(engine, web, "next", at=NOW)
    assert conversation(engine, web)[-1] == (3, "next")


def test_what_was_said_after_is_put_behind(engine: Engine) -> None:
    known, anonymous = visitor(engine), visitor(engine)
    said(engine, known, "last year", at=NOW - timedelta(days=300))
    said(engine, anonymous, "just now", "and this", at=NOW)
    assert merge(engine, anonymous, known)
    assert conversation(engine, known) == [(1, "last year"), (2, "just now"), (3, "and this")]
    said(engine, known, "next", at=NOW)
    assert conversation(engine, known)[-1] == (4, "next")


def test_a_third_is_put_in_front_of_both(engine: Engine) -> None:
    web, first, second = visitor(engine), texter(engine), visitor(engine)
    said(engine, second, "a", at=NOW - timedelta(days=9))
    said(engine, first, "b", at=NOW - timedelta(days=8))
    said(engine, web, "c", at=NOW)
    merge(engine, first, web)
    merge(engine, second, web)
    assert [text for _, text in conversation(engine, web)] == ["a", "b", "c"]


def test_a_message_that_waits_is_answered_in_its_place(engine: Engine) -> None:
    web, sms = visitor(engine), texter(engine)
    with engine.begin() as connection:
        for customer, words in ((sms, "from the phone"), (web, "from the page")):
            inbox.accept(
                connection,
                inbox.Incoming(
                    channel="web",
                    provider_id=words,
                    customer_id=customer,
                    text=words,
                    proof="none",
                ),
                now=NOW,
            )
    merge(engine, sms, web)
    with engine.begin() as connection:
        claimed = inbox.claim(connection)
        assert claimed is not None
        assert (claimed.customer_id, claimed.text) == (web, "from the phone")
        assert dict(conversation(engine, web))[claimed.seq] == "from the phone"


def test_a_message_for_the_one_who_is_gone_reaches_who_stays(engine: Engine) -> None:
    web, sms = visitor(engine), texter(engine)
    merge(engine, sms, web)
    with engine.begin() as connection:
        accepted = inbox.accept(
            connection,
            inbox.Incoming(
                channel="web", provider_id="1", customer_id=sms, text="late", proof="none"
            ),
            now=NOW,
        )
        assert inbox.get(connection, accepted.inbox_id).customer_id == web
        assert customers.resolve(connection, sms) == web
        assert customers.resolve(connection, PHONE) == web


def test_of_two_facts_of_a_kind_the_newer_holds(engine: Engine) -> None:
    web, sms = visitor(engine), texter(engine)
    with engine.begin() as connection:
        earlier = NOW - timedelta(days=1)
        facts.learn(connection, sms, kind="shoe_size", value=265, now=earlier)
        facts.learn(connection, web, kind="shoe_size", value=270, now=NOW)
        facts.learn(connection, sms, kind="city", value="부산", now=NOW)
        facts.learn(connection, web, kind="city", value="서울", now=earlier)
        facts.learn(connection, sms, kind="width", value="wide", now=NOW)
    merge(engine, sms, web)
    with engine.connect() as connection:
        held = {fact.kind: fact.value for fact in facts.known(connection, web)}
        kept = connection.scalar(text("SELECT count(*) FROM facts"))
    assert held == {"shoe_size": 270, "city": "부산", "width": "wide"}
    assert kept == 5


def test_purchases_events_and_occasions_move_and_none_is_there_twice(engine: Engine) -> None:
    web, sms = visitor(engine), texter(engine)
    line = OrderLine(product_id="x", sku=None, quantity=1, unit_price=Decimal(5))
    with engine.begin() as connection:
        for customer, order_id in ((web, "1"), (sms, "1"), (sms, "2")):
            orders.record(
                connection,
                customer,
                order_id=order_id,
                ordered_at=NOW,
                total=Decimal(5),
                currency="USD",
                lines=[line],
            )
            events.record(connection, customer, "Seen", {}, occurred_at=NOW)
            due.put(
                connection,
                customer,
                kind="browse",
                occurrence=order_id,
                due_at=NOW,
                now=NOW,
            )
    merge(engine, sms, web)
    with engine.connect() as connection:
        counts = {
            table: connection.scalar(
                text(f"SELECT count(*) FROM {table} WHERE customer_id = :id"), {"id": web}
            )
            for table in ("orders", "order_lines", "events", "due")
        }
    assert counts == {"orders": 2, "order_lines": 2, "events": 3, "due": 2}


@pytest.mark.parametrize(
    ("ours", "theirs", "together"),
    [
        ("none", "none", "none"),
        ("none", "given", "given"),
        ("given", "refused", "refused"),
        ("refused", "given", "refused"),
        ("refused", "none", "refused"),
    ],
)
def test_a_refusal_of_either_counts_for_the_person(
    engine: Engine, ours: str, theirs: str, together: str
) -> None:
    web, sms = visitor(engine), texter(engine)
    with engine.begin() as connection:
        for customer, state in ((web, ours), (sms, theirs)):
            if state != "none":
                consents.record(
                    connection, customer, purpose="marketing", action=state, evidence={}, now=NOW
                )
    merge(engine, sms, web)
    with engine.begin() as connection:
        assert consents.lock_permission(connection, web) == together


def test_a_consent_stays_with_its_address_and_says_where_it_came_from(engine: Engine) -> None:
    web, sms = visitor(engine), texter(engine)
    with engine.begin() as connection:
        (phone,) = addresses.of_customer(connection, sms)
        consents.record(
            connection,
            sms,
            purpose="marketing",
            action="given",
            evidence={"text": "yes"},
            now=NOW,
            address_id=phone.address_id,
        )
    merge(engine, sms, web)
    with engine.connect() as connection:
        assert consents.standing(connection, web, phone.address_id, now=NOW).marketing
        kept = connection.execute(
            text("SELECT evidence FROM consents WHERE customer_id = :id"), {"id": web}
        ).scalar_one()
    assert kept == {"text": "yes", "merged_from": sms}


def test_the_offer_seen_behind_a_link_and_its_original_become_one(engine: Engine) -> None:
    web, sms = visitor(engine), texter(engine)
    with engine.begin() as connection:
        offer_id = offers.plan(
            connection,
            sms,
            campaign="browse",
            occurrence="1",
            product_id="x",
            category="shoes",
            about={},
            language="en",
            text="…",
            now=NOW,
        )
        assert offer_id is not None
        offers.open_up(connection, sms, offer_id, channel="sms", now=NOW)
        offers.show_to(connection, offers.get(connection, sms, offer_id), web, now=NOW)
        assert len(offers.open_ones(connection, web, now=NOW)) == 1
    merge(engine, sms, web)
    with engine.connect() as connection:
        (open_one,) = offers.open_ones(connection, web, now=NOW)
    assert (open_one.offer_id, open_one.of_offer_id) == (offer_id, None)


def test_nobody_is_merged_twice_or_with_themselves(engine: Engine) -> None:
    web, sms = visitor(engine), texter(engine)
    assert not merge(engine, web, web)
    assert merge(engine, sms, web)
    assert not merge(engine, sms, web)


def test_linking_a_number_that_is_nobodys(engine: Engine) -> None:
    web = visitor(engine)
    with engine.begin() as connection:
        token = sessions.open_session(connection, web)
        assert linking.link(connection, web, PHONE, now=NOW) is Linked.LINKED
        (phone,) = addresses.of_customer(connection, web)
        found = sessions.find(connection, token)
    assert (phone.value, phone.proof) == (PHONE, "code")
    assert found is not None
    assert found.proof == "none"  # only the session that the code was typed in is proven


def test_linking_a_number_that_has_texted_makes_one_memory(engine: Engine) -> None:
    web, sms = visitor(engine), texter(engine)
    with engine.begin() as connection:
        facts.learn(connection, sms, kind="shoe_size", value=270, now=NOW)
        assert linking.link(connection, web, PHONE, now=NOW) is Linked.LINKED
        recalled = recall(connection, web, now=NOW, before_seq=1, is_proven=True)
    size = recalled.fact("shoe_size")
    assert size is not None
    assert size.value == 270
    assert [(one.value, one.proof) for one in recalled.numbers] == [(PHONE, "code")]
    assert customers.mint() != sms


def test_two_people_with_a_log_in_each_are_not_joined_by_a_number(engine: Engine) -> None:
    with engine.begin() as connection:
        known = [
            customers.of_address(connection, "login", user, proof="shop", now=NOW).customer_id
            for user in ("demo-001", "demo-002")
        ]
        addresses.add(
            connection,
            customer_id=known[1],
            kind="phone",
            value=PHONE,
            proof="shop",
            now=NOW,
        )
        linked = linking.link(connection, known[0], PHONE, now=NOW)
        assert linked is Linked.BELONGS_TO_ANOTHER_LOGIN
        assert customers.resolve(connection, PHONE) == known[1]
        assert customers.resolve(connection, "demo-001") == known[0]
