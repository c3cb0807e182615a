"""The verbs of memory that only the web part needs, on a real database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from marketing.errors import NothingLive
from memory import customers, inbox, outbox, releases, sessions
from memory.engine import DatabaseUnreachable, open_engine, transaction
from memory.tables import sessions as sessions_table

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


def test_waiting_messages_are_counted_in_and_out(engine: Engine) -> None:
    with engine.begin() as connection:
        address = customers.of_address(
            connection, "phone", "+15035550101", proof="inbound", now=NOW
        )
        assert inbox.ready_count(connection) == 0
        assert outbox.count_by_state(connection) == {}
        for number in range(3):
            inbox.accept(
                connection,
                inbox.Incoming(
                    channel="sms",
                    provider_id=f"SM{number}",
                    customer_id=address.customer_id,
                    text="hello",
                    proof="inbound",
                    address_id=address.address_id,
                ),
                now=NOW,
            )
        for number in range(2):
            outbox.put(
                connection,
                key=f"answer:{number}",
                customer_id=address.customer_id,
                address_id=address.address_id,
                message_class="reply",
                body="hello",
                now=NOW,
            )
        assert inbox.ready_count(connection) == 3
        assert outbox.count_by_state(connection) == {"ready": 2}


def test_log_ins_are_listed_by_user_id(engine: Engine) -> None:
    with engine.begin() as connection:
        for user_id in ("demo-002", "demo-001", "demo-003"):
            customers.of_address(connection, "login", user_id, proof="none", now=NOW)
        customers.of_address(connection, "phone", "+15035550101", proof="inbound", now=NOW)
        listed = customers.with_log_in(connection, limit=2)
    assert [each.user_id for each in listed] == ["demo-001", "demo-002"]


def test_the_live_release_has_an_id_or_there_is_none(engine: Engine) -> None:
    with engine.begin() as connection:
        with pytest.raises(NothingLive):
            releases.live_id(connection)
        published = releases.publish(
            connection, inputs_digest="x", files={}, words={}, model=b"model", now=NOW
        )
        assert releases.live_id(connection) == published


@pytest.mark.parametrize(
    ("proof", "days_left", "is_drawn_out"),
    [("none", 10, True), ("shop", 10, False), ("none", -1, False)],
)
def test_only_an_anonymous_live_session_is_drawn_out(
    engine: Engine, proof: str, days_left: int, is_drawn_out: bool
) -> None:
    expiry = datetime.now(UTC) + timedelta(days=days_left)
    with engine.begin() as connection:
        customer_id = customers.create(connection, now=NOW)
        token = sessions.open_session(connection, customer_id, proof=proof)
        connection.execute(update(sessions_table).values(expires_at=expiry))
        sessions.prolong(connection, token)
        kept = connection.scalars(select(sessions_table.c.expires_at)).one()
    assert (kept > expiry + timedelta(days=60)) is is_drawn_out
    assert is_drawn_out or kept == expiry


def test_a_transaction_translates_a_lost_and_a_slow_database(engine: Engine) -> None:
    gone = open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none", connect_seconds=1)
    with pytest.raises(DatabaseUnreachable), transaction(gone):
        pass
    with engine.begin() as holder:
        customer_id = customers.create(holder, now=NOW)
    with engine.begin() as holder:
        holder.execute(select(sessions_table).limit(0))
        customers.set_name(holder, customer_id, "held")
        began = time.monotonic()
        with pytest.raises(DatabaseUnreachable), transaction(engine, seconds=0.3) as waiting:
            customers.set_name(waiting, customer_id, "waiting")
        assert 0.2 < time.monotonic() - began < 5


def test_errors_of_the_database_do_not_tell_the_values(engine: Engine) -> None:
    with engine.begin() as connection:
        customers.create(connection, now=NOW, customer_id="cus_twice")
    with (
        engine.connect() as connection,
        pytest.raises(Exception, match="duplicate key") as caught,
    ):
        customers.create(connection, now=NOW, customer_id="cus_twice", name="비밀 이름")
    assert "비밀" not in str(caught.value)
