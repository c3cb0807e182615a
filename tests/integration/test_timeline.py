"""One person's timeline on a real database: everything in its order, page by page, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, insert, text

from memory import consents, customers, events, facts, offers, orders, turns
from memory.tables import points
from memory.timeline import KINDS, THE_END, Entry, NoSuchPlace, Place, page, read_place

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = create_engine(database_url)
    yield opened
    opened.dispose()


def _at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def _lives(connection: Connection) -> str:
    """Something of every kind, a minute apart: turn, event, order, fact, offer, consent, points,
    refund."""
    anna = customers.create(connection, now=NOW)
    _says(connection, anna, "boots?", at=_at(1))
    events.record(
        connection, anna, events.PRODUCT_VIEWED, {"product_id": "ridge"}, occurred_at=_at(2)
    )
    orders.record(
        connection,
        anna,
        order_id="A-1",
        ordered_at=_at(3),
        total=Decimal(100),
        currency="USD",
        lines=[orders.OrderLine(product_id="ridge", sku=None, quantity=2, unit_price=Decimal(50))],
    )
    facts.learn(connection, anna, kind="shoe_size", value=270, now=_at(4), said="270이에요")
    offers.plan(
        connection,
        anna,
        campaign="browse",
        occurrence="1",
        product_id="ridge",
        category="boots",
        about={},
        language="en",
        text="…",
        now=_at(5),
    )
    consents.record(
        connection, anna, purpose="service", action="given", evidence={"text": "…"}, now=_at(6)
    )
    connection.execute(
        insert(points).values(
            customer_id=anna,
            from_account="issued",
            to_account="customer",
            amount=10,
            key="order:A-1",
            reason="purchase",
            order_id="A-1",
            at=_at(7),
        )
    )
    connection.execute(text("UPDATE orders SET refunded = 50, refunded_at = :at"), {"at": _at(8)})
    return anna


def _says(connection: Connection, customer: str, said: str, *, at: datetime) -> None:
    turns.append(
        connection,
        customer,
        [turns.Utterance(text=said)],
        direction="in",
        channel="web",
        language="en",
        at=at,
    )


def test_everything_is_there_the_newest_first(engine: Engine) -> None:
    with engine.begin() as connection:
        anna = _lives(connection)
        somebody = customers.create(connection, now=NOW)
        _says(connection, somebody, "mine", at=_at(1))
        found = page(connection, anna)
    assert [one.place.kind for one in found] == [
        *("refund", "points", "consent", "offer", "fact", "order", "event", "turn")
    ]
    assert set(KINDS) == {one.place.kind for one in found}
    assert [one.place.at for one in found] == [_at(minutes) for minutes in range(8, 0, -1)]
    by_kind = {one.place.kind: one.what for one in found}
    assert by_kind["turn"]["text"] == "boots?"
    assert by_kind["order"]["lines"] == [{"product_id": "ridge", "quantity": 2}]
    assert (by_kind["fact"]["value"], by_kind["fact"]["said"]) == (270, "270이에요")
    assert by_kind["points"]["amount"] == 10
    assert by_kind["refund"]["refunded"] == 50


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_hold_every_entry_once_also_of_one_moment(engine: Engine, limit: int) -> None:
    with engine.begin() as connection:
        anna = _lives(connection)
        for number in range(12):
            _says(connection, anna, f"{number}", at=_at(2))  # the moment of the event
        whole = page(connection, anna)
        assert len(whole) == 20
        assert _in_pages(connection, anna, limit) == whole
    said = [one.what["text"] for one in whole if one.place.kind == "turn"]
    assert said == [*(f"{number}" for number in reversed(range(12))), "boots?"]


def _in_pages(connection: Connection, customer: str, limit: int) -> list[Entry]:
    """Every page, each place written down and read again."""
    found: list[Entry] = []
    before = THE_END
    while entries := page(connection, customer, before=before, limit=limit):
        found += entries
        before = read_place(str(entries[-1].place))
    return found


def test_a_page_is_one_statement(engine: Engine) -> None:
    sent: list[str] = []
    with engine.begin() as connection:
        anna = _lives(connection)
        event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
        page(connection, anna)
    assert len(sent) == 1


@pytest.mark.parametrize("written", ["", "yesterday", "2026-11-22/turn/1", "2026-11-22T00:00Z"])
def test_what_is_no_place_is_refused(written: str) -> None:
    with pytest.raises(NoSuchPlace):
        read_place(written)


def test_a_place_is_read_as_it_was_written() -> None:
    place = Place(at=NOW + timedelta(microseconds=7), kind="order", key="A/1")
    assert read_place(str(place)) == place
