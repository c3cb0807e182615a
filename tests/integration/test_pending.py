"""What is pending ends with a purchase and with a refusal, with its reason on record; who waits for
a person, and whose chat is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Engine, text

from memory import (
    catalogue,
    consents,
    coupons,
    decisions,
    due,
    hand_overs,
    inbox,
    looks,
    offers,
    open_chats,
    outbox,
    purchases,
    refusals,
    turns,
)
from memory.addresses import Address
from memory.hand_overs import NotWaiting
from memory.orders import OrderLine
from memory.purchases import Purchase
from memory.recall import recall
from tests import outbox_rows
from tests.outbox_rows import NOW

SHOE = {"product_id": "ridge", "category": "hiking_shoes"}
PACK = {"product_id": "acorn", "category": "packs"}


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    emptied = outbox_rows.emptied(shared_engine)
    with emptied.begin() as connection:
        catalogue.sync(
            connection,
            shop_name="test",
            store={"follow_up_after_seconds": 20},
            listed=[SHOE, PACK],
        )
    return emptied


@pytest.fixture
def anna(engine: Engine) -> Address:
    return outbox_rows.customer(engine)


def offer(engine: Engine, anna: Address, product: dict[str, str], *, is_open: bool) -> int:
    """An offer with its text, which waits to be sent unless the offer is open."""
    with engine.begin() as connection:
        offer_id = offers.plan(
            connection,
            anna.customer_id,
            campaign="browse",
            occurrence=product["product_id"],
            product_id=product["product_id"],
            category=product["category"],
            about={},
            language="en",
            text="…",
            now=NOW,
        )
        assert offer_id is not None
        if is_open:
            offers.open_up(connection, anna.customer_id, offer_id, channel="web", now=NOW)
        else:
            outbox.put(
                connection,
                key=f"offer:{offer_id}",
                customer_id=anna.customer_id,
                address_id=anna.address_id,
                message_class="advertisement",
                purpose="offer",
                offer_id=offer_id,
                body="…",
                now=NOW,
            )
    return offer_id


def buy(
    engine: Engine,
    anna: Address,
    product: dict[str, str],
    *,
    ordered_at: datetime = NOW,
    coupon: str | None = None,
) -> bool:
    line = OrderLine(product_id=product["product_id"], sku=None, quantity=1, unit_price=Decimal(99))
    bought = Purchase(
        order_id="1043",
        ordered_at=ordered_at,
        total=Decimal(99),
        currency="USD",
        lines=[line],
        coupon=coupon,
    )
    with engine.begin() as connection:
        return purchases.complete(connection, anna.customer_id, bought, now=NOW)


def state(engine: Engine, anna: Address, offer_id: int) -> str:
    with engine.connect() as connection:
        return offers.get(connection, anna.customer_id, offer_id).state


def reasons(engine: Engine, anna: Address) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        found = decisions.of_customer(connection, anna.customer_id)
    return [(one.decision, one.reason) for one in found]


def test_a_purchase_ends_what_is_due_and_offered_of_its_category(
    engine: Engine, anna: Address
) -> None:
    with engine.begin() as connection:
        looks.record(connection, anna.customer_id, SHOE, now=NOW)
    planned = offer(engine, anna, SHOE, is_open=False)
    other = offer(engine, anna, PACK, is_open=True)
    assert buy(engine, anna, SHOE)
    assert state(engine, anna, planned) == "bought"
    assert state(engine, anna, other) == "open"
    with engine.connect() as connection:
        assert due.next_moment(connection, until=NOW + timedelta(days=9)) is None
        assert outbox.count_by_state(connection) == {"cancelled": 1}
    assert reasons(engine, anna) == [("cancelled", "bought"), ("cancelled", "bought")]
    with engine.connect() as connection:
        (first, *_) = decisions.of_customer(connection, anna.customer_id)
    assert first.details["order_id"] == "1043"


def test_an_order_that_is_told_again_changes_nothing(engine: Engine, anna: Address) -> None:
    assert buy(engine, anna, SHOE)
    later = offer(engine, anna, SHOE, is_open=True)
    assert not buy(engine, anna, SHOE)
    assert state(engine, anna, later) == "open"


def test_stop_ends_everything_that_was_still_to_come(engine: Engine, anna: Address) -> None:
    with engine.begin() as connection:
        looks.record(connection, anna.customer_id, SHOE, now=NOW)
    planned = offer(engine, anna, SHOE, is_open=False)
    opened = offer(engine, anna, PACK, is_open=True)
    with engine.begin() as connection:
        inbox.accept(
            connection,
            inbox.Incoming(
                channel="sms",
                provider_id="SM1",
                customer_id=anna.customer_id,
                address_id=anna.address_id,
                text="STOP",
                proof="inbound",
            ),
            now=NOW,
        )
    assert (state(engine, anna, planned), state(engine, anna, opened)) == ("cancelled",) * 2
    assert {reason for _, reason in reasons(engine, anna)} == {"refused"}
    with engine.connect() as connection:
        assert due.next_moment(connection, until=NOW + timedelta(days=9)) is None


def test_a_follow_up_is_due_some_time_after_the_last_look(engine: Engine, anna: Address) -> None:
    with engine.begin() as connection:
        looks.record(connection, anna.customer_id, PACK, now=NOW)
        looks.record(connection, anna.customer_id, SHOE, now=NOW + timedelta(seconds=15))
        assert due.claim(connection, now=NOW + timedelta(seconds=34)) is None
        found = due.claim(connection, now=NOW + timedelta(seconds=35))
        assert found is not None
        assert found.about["product_id"] == "ridge"
        due.finish(connection, found, reason="sent", now=NOW)
        looks.record(connection, anna.customer_id, PACK, now=NOW + timedelta(seconds=40))
        assert due.claim(connection, now=NOW + timedelta(minutes=5)) is None


def test_an_occasion_is_claimed_by_one_planner(engine: Engine, anna: Address) -> None:
    with engine.begin() as connection:
        looks.record(connection, anna.customer_id, SHOE, now=NOW)
    later = NOW + timedelta(minutes=1)
    with engine.begin() as first, engine.begin() as second:
        assert due.claim(first, now=later) is not None
        assert due.claim(second, now=later) is None


def test_an_answer_behind_a_link_answers_the_offer(engine: Engine, anna: Address) -> None:
    offer_id = offer(engine, anna, SHOE, is_open=True)
    stranger = outbox_rows.customer(engine, 143)
    with engine.begin() as connection:
        original = offers.get(connection, anna.customer_id, offer_id)
        copy_id = offers.show_to(connection, original, stranger.customer_id, now=NOW)
        assert copy_id is not None
        assert offers.show_to(connection, original, stranger.customer_id, now=NOW) is None
        copy = offers.get(connection, stranger.customer_id, copy_id)
        assert (dict(copy.about), copy.of_customer_id) == ({}, anna.customer_id)
        offers.answer(connection, copy, "declined", reason="not_interested", now=NOW)
    assert state(engine, anna, offer_id) == "declined"
    assert reasons(engine, anna) == [("answered", "not_interested")]


def test_a_refusal_behind_a_link_counts_for_the_number_it_was_sent_to(
    engine: Engine, anna: Address
) -> None:
    offer_id = offer(engine, anna, SHOE, is_open=True)
    waiting = offer(engine, anna, PACK, is_open=False)
    stranger = outbox_rows.customer(engine, 143).customer_id
    with engine.begin() as connection:
        consents.record(
            connection,
            anna.customer_id,
            purpose="marketing",
            action="given",
            evidence={},
            now=NOW,
            address_id=anna.address_id,
        )
        original = offers.get(connection, anna.customer_id, offer_id)
        offers.show_to(connection, original, stranger, now=NOW)
        refusals.refuse_marketing(connection, stranger, evidence={"said": "그만"}, now=NOW)
        states = [consents.lock_permission(connection, one) for one in (anna.customer_id, stranger)]
    assert states == ["refused", "refused"]
    assert [state(engine, anna, one) for one in (offer_id, waiting)] == ["cancelled"] * 2


def test_a_person_takes_a_conversation_and_gives_it_back(engine: Engine, anna: Address) -> None:
    asked = {"channel": "sms", "address_id": anna.address_id, "said": "a person", "now": NOW}
    with engine.begin() as connection:
        assert hand_overs.ask(connection, anna.customer_id, **asked)  # type: ignore[arg-type]
        assert not hand_overs.ask(connection, anna.customer_id, **asked)  # type: ignore[arg-type]
        assert [one.customer_id for one in hand_overs.queue(connection)] == [anna.customer_id]
        taken = hand_overs.take(connection, anna.customer_id, by="Jo", now=NOW)
        hand_overs.reply(connection, taken, "Hi, this is Jo.", language="en", now=NOW)
        hand_overs.close(connection, anna.customer_id, now=NOW)
        assert hand_overs.queue(connection) == []
        with pytest.raises(NotWaiting):
            hand_overs.close(connection, anna.customer_id, now=NOW)
        (told,) = turns.after(connection, anna.customer_id, 0)
        assert (told.text, told.payload) == ("Hi, this is Jo.", {"by": "Jo"})
        sent = connection.execute(text("SELECT message_class, body FROM outbox")).one()
    assert tuple(sent) == ("reply", "Hi, this is Jo.")


def test_a_chat_is_open_as_long_as_its_process_says_so(engine: Engine, anna: Address) -> None:
    with engine.begin() as connection:
        assert not open_chats.is_open(connection, anna.customer_id)
        open_chats.tell(connection, "web", [anna.customer_id])
        open_chats.tell(connection, "web-2", [])
        assert open_chats.is_open(connection, anna.customer_id)
        connection.execute(text("UPDATE open_chats SET seen_at = seen_at - interval '13 s'"))
        assert not open_chats.is_open(connection, anna.customer_id)
        open_chats.tell(connection, "web", [anna.customer_id])
        open_chats.tell(connection, "web", [])
        assert not open_chats.is_open(connection, anna.customer_id)


def test_an_unknown_buyer_with_somebodys_coupon_ends_what_they_were_offered(
    engine: Engine, anna: Address
) -> None:
    answered = offer(engine, anna, SHOE, is_open=True)
    stranger = outbox_rows.customer(engine, 143)
    with engine.begin() as connection:
        coupon = coupons.issue(
            connection,
            anna.customer_id,
            offer_id=answered,
            percent=10,
            product_id="ridge",
            now=NOW,
        )
    assert buy(engine, stranger, SHOE, coupon=coupon.code)
    assert state(engine, anna, answered) == "bought"


def test_an_order_of_last_year_ends_nothing_of_today(engine: Engine, anna: Address) -> None:
    opened = offer(engine, anna, SHOE, is_open=True)
    assert buy(engine, anna, SHOE, ordered_at=NOW - timedelta(days=365))
    assert state(engine, anna, opened) == "open"


def test_a_look_that_is_told_late_does_not_hasten_the_follow_up(
    engine: Engine, anna: Address
) -> None:
    with engine.begin() as connection:
        looks.record(connection, anna.customer_id, SHOE, now=NOW)
        looks.record(connection, anna.customer_id, PACK, now=NOW - timedelta(minutes=10))
        assert due.claim(connection, now=NOW + timedelta(seconds=19)) is None
        assert due.claim(connection, now=NOW + timedelta(seconds=20)) is not None


def test_a_refusal_ends_what_was_asked_for_and_what_was_given(
    engine: Engine, anna: Address
) -> None:
    line = {"purpose": "marketing", "evidence": {}, "now": NOW}
    with engine.begin() as connection:
        for action, expected in (("requested", (False, True)), ("given", (True, False))):
            consents.record(
                connection,
                anna.customer_id,
                action=action,
                address_id=anna.address_id,
                **line,  # type: ignore[arg-type]
            )
            assert standing(connection, anna) == expected
            refusals.refuse_marketing(connection, anna.customer_id, evidence={}, now=NOW)
            assert standing(connection, anna) == (False, False)


def standing(connection: Connection, anna: Address) -> tuple[bool, bool]:
    """Given, and asked for, by the ledger and by what a turn recalls: they must agree."""
    found = consents.standing(connection, anna.customer_id, anna.address_id, now=NOW)
    recalled = recall(connection, anna.customer_id, now=NOW, before_seq=1, is_proven=True)
    assert [number.standing for number in recalled.numbers] == [found]
    return found.marketing, "marketing" in found.asked
