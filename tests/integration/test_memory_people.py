"""Customers, addresses, sessions, facts and recall on a real database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, create_engine, text, update

from marketing.errors import NotFound, NothingLive
from memory import (
    addresses,
    catalogue,
    clock,
    customers,
    events,
    facts,
    muting,
    orders,
    people,
    releases,
    sessions,
    turns,
)
from memory.recall import recall
from memory.tables import releases as releases_table
from memory.tables import sessions as sessions_table

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = create_engine(database_url, pool_size=10)
    yield opened
    opened.dispose()


def test_two_first_texts_from_one_number_make_one_customer(engine: Engine) -> None:
    found: list[str] = []

    def arrive() -> None:
        with engine.begin() as connection:
            address = customers.of_address(
                connection, "phone", "+15035550101", proof="inbound", now=NOW
            )
            found.append(address.customer_id)

    threads = [threading.Thread(target=arrive) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM customers")) == 1


def test_a_customer_is_found_by_id_login_and_phone_and_nobody_by_a_guess(engine: Engine) -> None:
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        for kind, value in [("login", "demo-001"), ("phone", "+15035550101")]:
            addresses.add(
                connection, customer_id=customer, kind=kind, value=value, proof="shop", now=NOW
            )
        for given in (customer, "demo-001", "+15035550101"):
            assert customers.resolve(connection, given) == customer
        with pytest.raises(NotFound):
            customers.resolve(connection, "demo-0")


def test_an_address_of_somebody_is_not_given_to_somebody_else(engine: Engine) -> None:
    with engine.begin() as connection:
        anna, bo = (customers.create(connection, now=NOW) for _ in range(2))
        phone = {"kind": "phone", "value": "+15035550101", "proof": "code", "now": NOW}
        assert addresses.add(connection, customer_id=anna, **phone) is not None  # type: ignore[arg-type]
        assert addresses.add(connection, customer_id=bo, **phone) is None  # type: ignore[arg-type]
        assert addresses.of_customer(connection, bo) == []


def test_a_session_token_works_until_revoked_or_expired_and_is_not_stored(engine: Engine) -> None:
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        token, other = (sessions.open_session(connection, customer) for _ in range(2))
        found = sessions.find(connection, token)
        assert found is not None
        assert found.customer_id == customer
        assert not found.is_proven
        assert sessions.find(connection, token[:-1]) is None
        sessions.revoke(connection, token)
        assert sessions.find(connection, token) is None
        assert sessions.find(connection, other) is not None
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(update(sessions_table).values(expires_at=past))
        assert sessions.find(connection, other) is None
        kept = connection.execute(text("SELECT sessions::text FROM sessions")).scalars().all()
        assert all(token not in row and other not in row for row in kept)


def test_a_fact_is_closed_by_what_contradicts_it_and_left_alone_by_what_repeats_it(
    engine: Engine,
) -> None:
    later = NOW + timedelta(days=30)
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        learn = facts.learn
        assert learn(connection, customer, kind="shoe_size", value=270, now=NOW, said="270이요")
        assert not learn(connection, customer, kind="shoe_size", value=270, now=later)
        assert learn(connection, customer, kind="shoe_size", value=275, now=later)
        assert learn(connection, customer, kind="shoe_size", value=240, now=later, subject="wife")
        assert [(fact.subject, fact.value) for fact in facts.known(connection, customer)] == [
            ("self", 275),
            ("wife", 240),
        ]
        rows = connection.execute(
            text("SELECT value, valid_from, valid_to FROM facts WHERE subject = 'self' ORDER BY 2")
        ).all()
        assert [tuple(row) for row in rows] == [(270, NOW, later), (275, later, None)]
        assert facts.close(connection, customer, kind=None, now=later) == 2
        assert facts.known(connection, customer) == []


def test_several_facts_of_a_kind_hold_at_once_and_the_opposite_ends_one(engine: Engine) -> None:
    later = NOW + timedelta(days=30)
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        for colour in ("blue", "green"):
            facts.learn(connection, customer, kind="colour_liked", value=colour, now=NOW, rule="r")
        facts.learn(connection, customer, kind="colour_disliked", value="blue", now=later)
        held = [(fact.kind, fact.item) for fact in facts.known(connection, customer)]
        assert held == [("colour_liked", "green"), ("colour_disliked", "blue")]
        assert facts.close(connection, customer, kind="colour_liked", item="red", now=later) == 0
        assert facts.close(connection, customer, kind="colour_liked", item="green", now=later) == 1


def test_what_the_shop_brings_with_it_holds_at_once_too(engine: Engine) -> None:
    told = [("activity", "running", 3), ("activity", "hiking", 2), ("shoe_size", 260, 3)]
    told.append(("shoe_size", 270, 1))
    person = people.Person(
        user_id="u-1",
        name="Canary",
        language="ko",
        country="KR",
        time_zone="Asia/Seoul",
        phone="+821055550100",
        email="u-1@example.com",
        joined_at=NOW - timedelta(days=9),
        facts=[
            people.PastFact(
                subject="self",
                kind=kind,
                value=value,
                said="…",
                told_at=NOW - timedelta(days=days_ago),
            )
            for kind, value, days_ago in told
        ],
        orders=(),
        events=(),
        turns=(),
    )
    with engine.begin() as connection:
        people.load(connection, [person], now=NOW)
        (customer,) = connection.scalars(text("SELECT customer_id FROM customers"))
        known = facts.known(connection, customer)
        assert [(fact.kind, fact.item, fact.value) for fact in known] == [
            ("activity", "running", "running"),
            ("activity", "hiking", "hiking"),
            ("shoe_size", "", 270),
        ]


def test_learning_is_stopped_and_taken_up_again(engine: Engine) -> None:
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        assert facts.may_learn(connection, customer)
        facts.stop_learning(connection, customer, now=NOW)
        assert not facts.may_learn(connection, customer)
        facts.stop_learning(connection, customer, now=None)
        assert facts.may_learn(connection, customer)


def test_a_topic_is_muted_once_until_it_is_lifted(engine: Engine) -> None:
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        for seq in (1, 2):
            muting.mute(connection, customer, "mothers_day", source_seq=seq, now=NOW)
        muting.mute(connection, customer, "jackets", source_seq=3, now=NOW)
        assert muting.topics(connection, customer) == {"mothers_day", "jackets"}
        assert muting.lift(connection, customer, "mothers_day")
        assert not muting.lift(connection, customer, "mothers_day")
        assert muting.topics(connection, customer) == {"jackets"}


def test_recall_brings_everything_of_this_customer_and_nothing_of_another(engine: Engine) -> None:
    with engine.begin() as connection:
        anna = customers.create(connection, now=NOW, language="ko", name="안나")
        bo = customers.create(connection, now=NOW)
        for customer, size in [(anna, 240), (bo, 280)]:
            facts.learn(connection, customer, kind="shoe_size", value=size, now=NOW)
            events.record(
                connection,
                customer,
                events.PRODUCT_VIEWED,
                {"product_id": f"p{size}"},
                occurred_at=NOW - timedelta(hours=1),
            )
            orders.record(
                connection,
                customer,
                order_id=f"o{size}",
                ordered_at=NOW,
                total=Decimal("139000"),
                currency="KRW",
                lines=[
                    orders.OrderLine(
                        product_id="p1", sku=None, quantity=1, unit_price=Decimal("139000")
                    )
                ],
            )
            turns.append(
                connection,
                customer,
                [turns.Utterance(text=f"말 {size}")],
                direction="in",
                channel="web",
                language="ko",
                at=NOW - timedelta(days=1),
            )
        found = recall(connection, anna, now=NOW, before_seq=2, is_proven=False)
    assert (found.name, found.language, found.marketing) == ("안나", "ko", "none")
    shoe_size = found.fact("shoe_size")
    assert shoe_size is not None
    assert shoe_size.value == 240
    assert shoe_size.valid_from == NOW
    assert list(found.viewed) == ["p240"]
    assert [order["order_id"] for order in found.orders] == ["o240"]
    assert [spoken["text"] for spoken in found.lately] == ["말 240"]
    assert found.visit_began_at == NOW


def test_recall_brings_all_that_was_bought_of_late_beside_the_five_newest_orders(
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        for days_ago in (91, 89, 50, 40, 30, 20, 10):
            orders.record(
                connection,
                customer,
                order_id=f"o{days_ago}",
                ordered_at=NOW - timedelta(days=days_ago),
                total=Decimal("9000"),
                currency="KRW",
                lines=[
                    orders.OrderLine(
                        product_id=f"p{days_ago}", sku=None, quantity=1, unit_price=Decimal("9000")
                    )
                ],
            )
        found = recall(connection, customer, now=NOW, before_seq=9, is_proven=False)
    assert [order["order_id"] for order in found.orders] == ["o10", "o20", "o30", "o40", "o50"]
    assert set(found.just_bought) == {"p89", "p50", "p40", "p30", "p20", "p10"}


def test_a_visit_goes_back_to_the_last_long_silence(engine: Engine) -> None:
    minutes_ago = (200, 100, 40, 20, 5)
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        for ago in minutes_ago:
            turns.append(
                connection,
                customer,
                [turns.Utterance(text="…")],
                direction="in",
                channel="web",
                language=None,
                at=NOW - timedelta(minutes=ago),
            )
        found = recall(connection, customer, now=NOW, before_seq=9, is_proven=False)
    assert found.visit_began_at == NOW - timedelta(minutes=40)


def test_the_business_clock_moves_and_real_time_does_not(engine: Engine) -> None:
    with engine.begin() as connection:
        assert clock.offset(connection) == timedelta()
        clock.set_offset(connection, timedelta(days=3))
        ahead = clock.business_now(connection) - datetime.now(UTC)
    assert timedelta(days=3) - timedelta(seconds=5) < ahead < timedelta(days=3, seconds=5)


def test_the_catalogue_is_replaced_only_when_it_changed(engine: Engine) -> None:
    store, boot = {"name": {"ko": "숲길"}}, {"product_id": "boot", "price": {"KRW": 1}}
    with engine.begin() as connection:
        sync = {"shop_name": "demo", "store": store}
        assert catalogue.sync(connection, **sync, listed=[boot]) is True  # type: ignore[arg-type]
        assert catalogue.sync(connection, **sync, listed=[boot]) is False  # type: ignore[arg-type]
        assert catalogue.product(connection, "boot") == boot
        assert catalogue.sync(connection, **sync, listed=[]) is True  # type: ignore[arg-type]
        assert catalogue.product(connection, "boot") is None


def test_one_release_is_live_and_a_damaged_model_is_refused(engine: Engine) -> None:
    words = {
        "utter_hi": [
            {
                "text": "안녕하세요, {shop_name}이에요.",
                "condition": [{"type": "slot", "name": "language", "value": "ko"}],
            },
            {"text": "Hi from {shop_name}."},
        ]
    }
    with engine.begin() as connection:
        with pytest.raises(NothingLive):
            releases.live(connection)
        for model in (b"one", b"two"):
            newest = releases.publish(
                connection, inputs_digest="d", files={}, words=words, model=model, now=NOW
            )
        assert releases.live(connection).release_id == newest
        assert releases.model_bytes(connection, newest) == b"two"
        say = {"channel": "sms", "values": {"shop_name": "숲길"}}
        for language, expected in [("ko", "안녕하세요, 숲길이에요."), ("en", "Hi from 숲길.")]:
            said = releases.notice(connection, "utter_hi", language=language, **say)  # type: ignore[arg-type]
            assert said == expected
        assert releases.notice(connection, "utter_gone", language="ko", **say) is None  # type: ignore[arg-type]
        connection.execute(update(releases_table).values(model=b"tampered"))
        with pytest.raises(releases.ModelDamaged):
            releases.model_bytes(connection, newest)
