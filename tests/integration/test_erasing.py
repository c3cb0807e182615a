"""Erasing a person: nothing of theirs is in any row afterwards, nothing is sent, orders stay
without a person, and whoever is under way at that moment is waited for.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, literal_column, select, text
from sqlalchemy.exc import DatabaseError

from marketing.errors import NotFound
from memory import (
    addresses,
    catalogue,
    consents,
    customers,
    due,
    erasing,
    inbox,
    merging,
    orders,
    outbox,
    personal,
    sealing,
    sessions,
    turns,
)
from memory import engine as memory_engine
from memory.erasing import Farewell
from memory.orders import OrderLine
from memory.sealing import Keyring
from memory.tables import metadata
from memory.tables import orders as orders_table
from memory.turns import Utterance
from tests import whole_person
from tests.postgres import fresh_database, wait_for
from tests.whole_person import EMAIL, NAME, PHONE, SAID

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture
def engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with fresh_database(postgres_url, template=migrated_template, is_durable=False) as url:
        opened = memory_engine.open_engine(
            url, pool_size=8, keyring=Keyring.of(("a secret of sixteen",))
        )
        yield opened
        opened.dispose()


def erase(engine: Engine, customer_id: str, farewell: Farewell | None = None) -> erasing.Erased:
    with engine.begin() as connection:
        return erasing.erase(connection, customer_id, now=NOW, farewell=farewell)


def rows_with(engine: Engine, *words: str) -> dict[str, int]:
    """Table → how many of its rows hold any of these words anywhere."""
    found: dict[str, int] = {}
    with engine.connect() as connection:
        for name, table in metadata.tables.items():
            whole = literal_column(f'"{name}"::text')
            holds = [func.strpos(whole, word) > 0 for word in words]
            found[name] = sum(
                connection.scalar(select(func.count()).select_from(table).where(hold)) or 0
                for hold in holds
            )
    return {name: rows for name, rows in found.items() if rows}


def rows_of(engine: Engine, customer_id: str) -> set[str]:
    """The tables with a row of that customer."""
    with engine.connect() as connection:
        return {
            table.name
            for table in personal.tables()
            if connection.scalar(
                select(func.count()).select_from(table).where(table.c.customer_id == customer_id)
            )
        }


def test_a_person_with_a_row_in_every_table_is_in_none_afterwards(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
    assert rows_of(engine, customer_id) == {one.name for one in personal.tables()} - {"erasures"}
    done = erase(engine, customer_id)
    assert rows_with(engine, SAID, NAME, PHONE, EMAIL, *SAID.split()) == {}
    assert done.rows["facts"] == 1
    assert rows_of(engine, customer_id) == {
        *("customers", "conversations", "permissions", "inbox", "erasures")
    }
    assert set(done.rows) == {one.name for one in personal.tables()} - {"erasures"}


def test_what_is_kept_says_why() -> None:
    names = {one.name for one in personal.tables()}
    assert set(erasing.KEPT) <= names
    assert all(erasing.KEPT.values())


def test_orders_stay_for_five_years_without_any_link_to_a_person(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = customers.create(connection, now=NOW)
        for number in ("A-1", "A-2"):
            orders.record(
                connection,
                customer_id,
                order_id=number,
                ordered_at=NOW,
                total=Decimal(189000),
                currency="KRW",
                lines=[
                    OrderLine(
                        product_id="sori-road",
                        sku=None,
                        quantity=1,
                        unit_price=Decimal(1),
                        specification={"engraving": "아빠 사랑해요"},
                    )
                ],
            )
    erase(engine, customer_id)
    with engine.connect() as connection:
        owners = connection.scalars(select(orders_table.c.customer_id)).all()
        joined = connection.execute(
            text("SELECT 1 FROM orders JOIN order_lines USING (customer_id, order_id)")
        ).all()
        known = connection.execute(text("SELECT 1 FROM orders JOIN customers USING (customer_id)"))
        assert len(set(owners)) == 2
        assert customer_id not in owners
        assert len(joined) == 2
        made = connection.scalars(text("SELECT specification FROM order_lines")).all()
        assert made == [None, None]
        assert known.all() == []


def test_a_store_that_keeps_no_orders_keeps_none(engine: Engine) -> None:
    with engine.begin() as connection:
        catalogue.sync(connection, shop_name="x", store={"keep_days": {"orders": 0}}, listed=[])
        customer_id = whole_person.written(connection)
    erase(engine, customer_id)
    assert rows_with(engine, SAID) == {}


def test_nothing_that_was_pending_goes_out(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
    erase(engine, customer_id)
    with engine.begin() as connection:
        assert outbox.begin_sending(connection, now=NOW, lease=timedelta(minutes=1)) is None
        assert due.claim(connection, now=NOW + timedelta(days=400)) is None


def test_the_numbers_are_free_and_whoever_writes_from_one_is_a_stranger(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
    erase(engine, customer_id)
    with engine.begin() as connection:
        assert addresses.find(connection, "phone", PHONE) is None
        found = customers.of_address(connection, "phone", PHONE, proof="inbound", now=NOW)
        assert found.customer_id != customer_id
        assert customers.get(connection, found.customer_id).name is None


def test_nobody_has_the_id_any_more(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
    erase(engine, customer_id)
    with engine.begin() as connection:
        assert customers.known_as(connection, customer_id) is None
        with pytest.raises(NotFound):
            customers.resolve(connection, customer_id)


def test_only_keyed_hashes_of_the_addresses_stay(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
        expected = {sealing.blind_index(connection, one) for one in (PHONE, EMAIL)}
    erase(engine, customer_id)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT value_index, reason FROM suppressions")).all()
    assert {row.value_index for row in rows} == expected
    assert not any(PHONE[1:] in row.value_index for row in rows)


def test_a_stop_is_kept_as_one(engine: Engine) -> None:
    with engine.begin() as connection:
        address = customers.of_address(connection, "phone", PHONE, proof="inbound", now=NOW)
        addresses.set_stopped(connection, address.customer_id, address.address_id, NOW)
    erase(engine, address.customer_id)
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT reason FROM suppressions")).all() == ["stopped"]


def test_sessions_end_at_once(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = customers.create(connection, now=NOW)
        token = sessions.open_session(connection, customer_id, proof="shop")
    erase(engine, customer_id)
    with engine.connect() as connection:
        assert sessions.find(connection, token) is None


def test_whoever_was_found_to_be_the_same_person_goes_with_them(engine: Engine) -> None:
    with engine.begin() as connection:
        stays = customers.create(connection, now=NOW, name=NAME)
        gone = customers.create(connection, now=NOW)
        consents.record(
            connection,
            gone,
            purpose="marketing",
            action="refused",
            evidence={"said": SAID},
            now=NOW,
        )
        merging.merge(connection, gone=gone, stays=stays, proof="code", now=NOW)
    assert rows_with(engine, SAID)["consents"] == 2
    erase(engine, stays)
    assert rows_with(engine, SAID, NAME) == {}
    assert rows_of(engine, gone) == {"customers", "conversations", "permissions", "erasures"}


def test_the_ledger_is_closed_again_after_an_erasure(engine: Engine) -> None:
    with engine.begin() as connection:
        first, second = (customers.create(connection, now=NOW) for _ in range(2))
        for each in (first, second):
            consents.record(
                connection, each, purpose="marketing", action="given", evidence={}, now=NOW
            )
    with engine.connect() as connection:
        erasing.erase(connection, first, now=NOW)
        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text("DELETE FROM consents"))
    assert "consents" in rows_of(engine, first)


def test_somebody_elses_rows_are_not_touched(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
        other = customers.create(connection, now=NOW, name="이웃")
        said(connection, other, "안녕하세요")
    erase(engine, customer_id)
    with engine.connect() as connection:
        assert [one.text for one in turns.after(connection, other, 0)] == ["안녕하세요"]
        assert customers.get(connection, other).name == "이웃"


def said(connection: memory_engine.Connection, customer_id: str, words: str) -> int:
    (seq,) = turns.append(
        connection,
        customer_id,
        [Utterance(text=words)],
        direction="in",
        channel="web",
        language="ko",
        at=NOW,
    )
    return seq


def test_the_goodbye_is_read_and_then_goes_too(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = customers.create(connection, now=NOW)
        token = sessions.open_session(connection, customer_id, proof="shop")
        seq = said(connection, customer_id, SAID)
        said(connection, customer_id, "안녕히 가세요")
    erase(engine, customer_id, Farewell(after_seq=seq, inbox_id=None, address_id=None))
    with engine.begin() as connection:
        session = sessions.find(connection, token)
        assert session is not None
        assert not session.is_proven
        assert [one.text for one in turns.after(connection, customer_id, 0)] == ["안녕히 가세요"]
        assert erasing.sweep(connection, now=NOW) == 0
        assert erasing.sweep(connection, now=NOW + timedelta(minutes=3)) == 2
        assert turns.after(connection, customer_id, 0) == []


def test_a_goodbye_by_text_is_sent_before_its_number_goes(engine: Engine) -> None:
    with engine.begin() as connection:
        address = customers.of_address(connection, "phone", PHONE, proof="inbound", now=NOW)
        customer_id = address.customer_id
        outbox.put(
            connection,
            key="reply:7",
            customer_id=customer_id,
            address_id=address.address_id,
            message_class="reply",
            body="안녕히 가세요",
            now=NOW,
        )
    farewell = Farewell(after_seq=0, inbox_id=7, address_id=address.address_id)
    erase(engine, customer_id, farewell)
    later = NOW + timedelta(minutes=3)
    with engine.begin() as connection:
        assert addresses.find(connection, "phone", PHONE) is None
        assert erasing.sweep(connection, now=later) == 0
        going = outbox.begin_sending(connection, now=NOW, lease=timedelta(minutes=1))
        assert isinstance(going, outbox.Outgoing)
        assert (going.recipient, going.body) == (PHONE, "안녕히 가세요")
    with engine.begin() as connection:
        outbox.record_accepted(connection, going.outbox_id, provider_id="SM1", status="queued")
        assert erasing.sweep(connection, now=later) > 0
    assert rows_of(engine, customer_id) == {"customers", "conversations", "permissions", "erasures"}


def test_a_text_in_a_senders_hands_is_recorded_without_its_words(engine: Engine) -> None:
    with engine.begin() as connection:
        address = customers.of_address(connection, "phone", PHONE, proof="inbound", now=NOW)
        outbox.put(
            connection,
            key="k",
            customer_id=address.customer_id,
            address_id=address.address_id,
            message_class="service",
            body=SAID,
            now=NOW,
        )
    with engine.begin() as connection:
        going = outbox.begin_sending(connection, now=NOW, lease=timedelta(minutes=1))
        assert isinstance(going, outbox.Outgoing)
    erase(engine, address.customer_id)
    with engine.begin() as connection:
        outbox.record_accepted(connection, going.outbox_id, provider_id="SM1", status="queued")
    assert rows_with(engine, SAID, PHONE) == {}


def test_a_message_that_is_being_answered_is_waited_for(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = customers.create(connection, now=NOW)
        inbox.accept(
            connection,
            inbox.Incoming(
                channel="web",
                provider_id="m-1",
                customer_id=customer_id,
                text=SAID,
                proof="none",
                address_id=None,
            ),
            now=NOW,
        )
    with engine.connect() as turn:
        claimed = inbox.claim(turn)
        assert claimed is not None
        erasure = threading.Thread(target=erase, args=(engine, customer_id))
        erasure.start()
        wait_for(lambda: waiting(engine) == 1)
        said(turn, customer_id, f"답: {SAID}")
        inbox.finish(turn, claimed.inbox_id)
        turn.commit()
    erasure.join(10)
    assert rows_with(engine, SAID) == {}


def waiting(engine: Engine) -> int:
    """How many sessions wait for a lock."""
    with engine.connect() as connection:
        return int(
            connection.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
            )
            or 0
        )


def test_a_message_told_again_by_the_provider_is_no_new_one(engine: Engine) -> None:
    message = inbox.Incoming(
        channel="sms",
        provider_id="SM9",
        customer_id="",
        text=SAID,
        proof="inbound",
        address_id=None,
    )
    with engine.begin() as connection:
        address = customers.of_address(connection, "phone", PHONE, proof="inbound", now=NOW)
        first = inbox.Incoming(**{**vars_of(message), "customer_id": address.customer_id})
        inbox.accept(connection, first, now=NOW)
    erase(engine, address.customer_id)
    with engine.begin() as connection:
        again = customers.of_address(connection, "phone", PHONE, proof="inbound", now=NOW)
        second = inbox.Incoming(**{**vars_of(message), "customer_id": again.customer_id})
        assert not inbox.accept(connection, second, now=NOW).is_new


def vars_of(message: inbox.Incoming) -> dict[str, object]:
    return {name: getattr(message, name) for name in message.__dataclass_fields__}


def test_it_is_on_record_that_somebody_was_erased_and_nothing_more(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
    erase(engine, customer_id)
    with engine.connect() as connection:
        found = erasing.find(connection, customer_id)
        assert found is not None
        assert found.erased_at == NOW
        assert found.rows["turns"] == 1
        assert erasing.find(connection, "cus_nobody") is None
