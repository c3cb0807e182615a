"""What customers say about a topic reaches a team, and leaves the list when it is dealt with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from memory import customers, voice
from tests import outbox_rows

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return outbox_rows.emptied(shared_engine)


@pytest.fixture
def customer(engine: Engine) -> str:
    with engine.begin() as connection:
        return customers.create(connection, now=NOW)


def test_complaints_are_listed_by_topic_newest_first_in_the_customers_words(
    engine: Engine, customer: str
) -> None:
    said = [
        ("complaint", "sole", "ridge-gtx", "밑창이 한 달 만에 떨어졌어요"),
        ("wish", "colour", "ridge-gtx", "please make it in green"),
        ("complaint", "sole", "tempo-five", "the sole squeaks"),
    ]
    with engine.begin() as connection:
        for minutes, (kind, topic, product_id, words) in enumerate(said):
            voice.record(
                connection,
                customer,
                kind=kind,
                topic=topic,
                product_id=product_id,
                said=words,
                source_seq=minutes,
                now=NOW + timedelta(minutes=minutes),
            )
        found = voice.find(connection, topic="sole")
        of_one = voice.find(connection, topic="sole", product_id="ridge-gtx")
    assert [item.said for item in found] == ["the sole squeaks", "밑창이 한 달 만에 떨어졌어요"]
    assert [(item.kind, item.source_seq, item.state) for item in of_one] == [
        ("complaint", 0, "open")
    ]


def test_what_is_routed_stays_and_what_is_closed_goes(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        one, other = (
            voice.record(
                connection, customer, kind="complaint", topic="delivery", said=said, now=NOW
            )
            for said in ("late again", "the box was open")
        )
        voice.route(connection, customer, one, team="logistics")
        voice.route(connection, customer, one, team="carrier")
        voice.close(connection, customer, other, now=NOW, is_dismissed=True)
        (left,) = voice.find(connection, topic="delivery")
        assert (left.item_id, left.state, left.team) == (one, "routed", "carrier")
        voice.close(connection, customer, one, now=NOW)
        assert voice.find(connection, topic="delivery") == []
        closed = voice.find(connection, topic="delivery", states=("done", "dismissed"))
        assert {(item.state, item.closed_at) for item in closed} == {
            ("done", NOW),
            ("dismissed", NOW),
        }
        with pytest.raises(voice.NoSuchItem):
            voice.close(connection, customer, one, now=NOW)
        with pytest.raises(voice.NoSuchItem):
            voice.route(connection, customer, one, team="x")


def test_an_item_is_of_its_customer(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        item = voice.record(connection, customer, kind="wish", topic="x", said="y", now=NOW)
        with pytest.raises(voice.NoSuchItem):
            voice.close(connection, "somebody else", item, now=NOW)


def test_only_known_kinds_are_kept(engine: Engine, customer: str) -> None:
    with engine.begin() as connection, pytest.raises(IntegrityError, match="kind_known"):
        voice.record(connection, customer, kind="gossip", topic="x", said="y", now=NOW)


def test_an_item_is_handed_to_its_team_when_it_is_recorded(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        voice.record(
            connection,
            customer,
            kind="wish",
            topic="size",
            category="hiking_shoes",
            sentiment="negative",
            team="Product",
            said="nothing fits",
            now=NOW,
        )
        voice.record(connection, customer, kind="praise", topic="other", said="nice", now=NOW)
        (routed,) = voice.find(connection, topic="size")
        (left,) = voice.find(connection, topic="other")
    assert (routed.state, routed.team, routed.category) == ("routed", "Product", "hiking_shoes")
    assert (left.state, left.team, left.sentiment) == ("open", None, None)


def test_a_complaint_is_open_until_it_was_dealt_with(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        voice.record(connection, customer, kind="wish", topic="size", said="wider", now=NOW)
        assert not voice.has_open_complaint(connection, customer)
        item = voice.record(
            connection, customer, kind="complaint", topic="delivery", said="late", now=NOW
        )
        assert voice.has_open_complaint(connection, customer)
        voice.route(connection, customer, item, team="logistics")
        assert voice.has_open_complaint(connection, customer)
        voice.close(connection, customer, item, now=NOW)
        assert not voice.has_open_complaint(connection, customer)
