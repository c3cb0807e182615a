"""The outbox: what is sent next, what may not be sent, and statuses in any order (RULES TW-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import Engine

from memory import addresses, delivery, outbox, suppression
from memory.addresses import Address
from memory.outbox import Outgoing, Passed
from tests import outbox_rows
from tests.outbox_rows import NOW, put, row, states

LEASE = timedelta(seconds=60)


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return outbox_rows.emptied(shared_engine)


@pytest.fixture
def anna(engine: Engine) -> Address:
    return outbox_rows.customer(engine)


def begin(
    engine: Engine, *, now: datetime = NOW, only_to: frozenset[str] = frozenset()
) -> Outgoing | Passed | None:
    with engine.begin() as connection:
        return outbox.begin_sending(connection, now=now, lease=LEASE, only_to=only_to)


def sent(engine: Engine, address: Address, key: str = "k") -> int:
    """A message that is being sent."""
    outbox_id = put(engine, address, key)
    taken = begin(engine)
    assert isinstance(taken, Outgoing)
    assert taken.outbox_id == outbox_id
    return outbox_id


def report(
    engine: Engine, outbox_id: int, status: str, *, sid: str = "SM1", code: int | None = None
) -> bool:
    with engine.begin() as connection:
        return delivery.merge_status(
            connection, outbox_id, provider_id=sid, status=status, error_code=code
        )


def test_a_key_is_written_once(engine: Engine, anna: Address) -> None:
    put(engine, anna, "reply:1")
    with engine.begin() as connection:
        again = outbox.put(
            connection,
            key="reply:1",
            customer_id=anna.customer_id,
            address_id=anna.address_id,
            message_class="reply",
            body="other words",
            now=NOW,
        )
    assert again is None


def test_what_is_taken_says_all_that_a_sender_needs(engine: Engine, anna: Address) -> None:
    later = NOW + timedelta(minutes=5)
    outbox_id = put(engine, anna, "k", body="Hello", not_after=later)
    assert begin(engine) == Outgoing(
        outbox_id=outbox_id,
        channel="sms",
        recipient=anna.value,
        body="Hello",
        attempts=1,
        not_after=later,
    )
    assert row(engine, outbox_id)["state"] == "sending"
    assert begin(engine) is None


def test_replies_go_before_advertisements_and_each_customer_in_order(engine: Engine) -> None:
    one, two = outbox_rows.customer(engine, 1), outbox_rows.customer(engine, 2)
    offer = put(engine, one, "offer", message_class="advertisement")
    first = put(engine, two, "first")
    second = put(engine, two, "second")
    order = []
    while isinstance(taken := begin(engine), Outgoing):
        order.append(taken.outbox_id)
        with engine.begin() as connection:
            outbox.record_accepted(
                connection, taken.outbox_id, provider_id=f"SM{taken.outbox_id}", status="queued"
            )
    assert order == [first, second, offer]


def test_a_message_waits_for_the_one_before_it_to_the_same_number(
    engine: Engine, anna: Address
) -> None:
    first, second = put(engine, anna, "first"), put(engine, anna, "second")
    assert isinstance(begin(engine), Outgoing)
    assert begin(engine) is None
    with engine.begin() as connection:
        outbox.set_back(
            connection, first, attempts=1, reason="too_many_requests", wait=timedelta(hours=1)
        )
    assert begin(engine) is None
    with engine.begin() as connection:
        outbox.record_rejected(connection, first, reason="bad_number", code=21211)
    taken = begin(engine)
    assert isinstance(taken, Outgoing)
    assert taken.outbox_id == second


def test_a_number_that_said_stop_gets_nothing(engine: Engine, anna: Address) -> None:
    outbox_id = put(engine, anna, "k")
    with engine.begin() as connection:
        addresses.set_stopped(connection, anna.customer_id, anna.address_id, NOW)
    assert begin(engine) == Passed(outbox_id=outbox_id, reason="stopped")
    assert states(engine, [outbox_id]) == ["refused"]


@pytest.mark.parametrize(("late", "is_sent"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_a_message_is_sent_up_to_its_last_moment(
    engine: Engine, anna: Address, late: timedelta, is_sent: bool
) -> None:
    outbox_id = put(engine, anna, "k", not_after=NOW)
    taken = begin(engine, now=NOW + late)
    assert isinstance(taken, Outgoing) is is_sent
    assert is_sent or taken == Passed(outbox_id=outbox_id, reason="too_late")


def test_staging_sends_to_its_list_only(engine: Engine) -> None:
    on, off = outbox_rows.customer(engine, 1), outbox_rows.customer(engine, 2)
    put(engine, off, "off")
    put(engine, on, "on")
    only_to = frozenset({on.value})
    first, second = begin(engine, only_to=only_to), begin(engine, only_to=only_to)
    assert isinstance(first, Passed)
    assert first.reason == "not_on_the_staging_list"
    assert isinstance(second, Outgoing)
    assert second.recipient == on.value


def test_a_dead_sender_leaves_unknown_never_ready(engine: Engine, anna: Address) -> None:
    outbox_id = sent(engine, anna)
    with engine.begin() as connection:
        assert delivery.reap(connection) == []
    outbox_rows.end_leases(engine)
    with engine.begin() as connection:
        assert delivery.reap(connection) == [outbox_id]
    assert states(engine, [outbox_id]) == ["unknown"]
    assert begin(engine) is None


LIFE = ("queued", "sending", "sent", "delivered")


@pytest.mark.parametrize("order", list(permutations(LIFE)), ids="-".join)
def test_statuses_in_any_order_end_alike(
    engine: Engine, anna: Address, order: tuple[str, ...]
) -> None:
    outbox_id = sent(engine, anna)
    ranks = [LIFE.index(status) for status in order]
    for place, status in enumerate(order):
        is_news = all(rank < ranks[place] for rank in ranks[:place])
        assert report(engine, outbox_id, status) is is_news
        assert report(engine, outbox_id, status) is False
    found = row(engine, outbox_id)
    assert (found["state"], found["provider_status"]) == ("delivered", "delivered")


@pytest.mark.parametrize("bad", ["undelivered", "failed", "canceled"])
@pytest.mark.parametrize("order", list(permutations(("queued", "sent", "last"))), ids="-".join)
def test_a_failure_is_final_whatever_comes_around_it(
    engine: Engine, anna: Address, bad: str, order: tuple[str, ...]
) -> None:
    outbox_id = sent(engine, anna)
    for status in order:
        is_last = status == "last"
        report(engine, outbox_id, bad if is_last else status, code=30006 if is_last else None)
    found = row(engine, outbox_id)
    assert (found["state"], found["provider_status"], found["error_code"]) == (
        "rejected",
        bad,
        30006,
    )
    assert report(engine, outbox_id, "sent") is False


def test_a_delivery_told_after_a_failure_does_not_undo_it(engine: Engine, anna: Address) -> None:
    outbox_id = sent(engine, anna)
    report(engine, outbox_id, "undelivered", code=30003)
    assert report(engine, outbox_id, "delivered") is False
    assert states(engine, [outbox_id]) == ["rejected"]


def test_a_report_quicker_than_the_answer_stands(engine: Engine, anna: Address) -> None:
    outbox_id = sent(engine, anna)
    report(engine, outbox_id, "delivered")
    with engine.begin() as connection:
        outbox.record_accepted(connection, outbox_id, provider_id="SM1", status="queued")
    found = row(engine, outbox_id)
    assert (found["state"], found["provider_status"], found["provider_id"]) == (
        "delivered",
        "delivered",
        "SM1",
    )


def test_a_report_makes_an_unknown_message_known(engine: Engine, anna: Address) -> None:
    outbox_id = sent(engine, anna)
    with engine.begin() as connection:
        outbox.record_unknown(connection, outbox_id, reason="no_answer")
    assert report(engine, outbox_id, "sent")
    found = row(engine, outbox_id)
    assert (found["state"], found["provider_id"]) == ("accepted", "SM1")


@pytest.mark.parametrize("sid", ["SM2", "sm1", ""])
def test_a_report_about_another_message_changes_nothing(
    engine: Engine, anna: Address, sid: str
) -> None:
    outbox_id = sent(engine, anna)
    with engine.begin() as connection:
        outbox.record_accepted(connection, outbox_id, provider_id="SM1", status="queued")
    assert report(engine, outbox_id, "delivered", sid=sid) is False
    assert states(engine, [outbox_id]) == ["accepted"]


def test_a_report_about_nothing_changes_nothing(engine: Engine) -> None:
    assert report(engine, 987654321, "delivered") is False


def test_an_unheard_of_status_changes_nothing(engine: Engine, anna: Address) -> None:
    outbox_id = sent(engine, anna)
    report(engine, outbox_id, "sent")
    assert report(engine, outbox_id, "partially_teleported") is False
    assert row(engine, outbox_id)["provider_status"] == "sent"


def test_a_refused_number_is_closed_as_after_a_stop(engine: Engine, anna: Address) -> None:
    outbox_id = sent(engine, anna)
    waiting = put(engine, anna, "waiting")
    with engine.begin() as connection:
        suppression.provider_says_stopped(connection, outbox_id, code=21610, now=NOW)
    with engine.begin() as connection:
        found = addresses.get(connection, anna.customer_id, anna.address_id)
    assert found.stopped_at == NOW
    assert states(engine, [waiting]) == ["cancelled"]


def test_lost_messages_are_asked_for_when_due_and_not_for_ever(
    engine: Engine, anna: Address
) -> None:
    outbox_id = sent(engine, anna)
    since = datetime.now(UTC) - timedelta(hours=24)
    with engine.begin() as connection:
        assert delivery.lost(connection, since=since) == []
        outbox.record_unknown(connection, outbox_id, reason="no_answer")
    with engine.begin() as connection:
        (found,) = delivery.lost(connection, since=since)
        assert (found.outbox_id, found.recipient, found.body) == (outbox_id, anna.value, "text k")
        assert delivery.lost(connection, since=datetime.now(UTC) + timedelta(minutes=2)) == []
        delivery.ask_later(connection, outbox_id, timedelta(minutes=1))
        assert delivery.lost(connection, since=since) == []
