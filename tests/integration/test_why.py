"""Why something was sent to a customer and why not, from what memory really keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from command import why
from marketing.errors import NotFound
from memory import catalogue, clock, delivery, due, looks, merging, offers, outbox, purchases
from memory.addresses import Address
from memory.orders import OrderLine
from memory.purchases import Purchase
from tests import outbox_rows
from tests.outbox_rows import NOW

SHOE = {
    "product_id": "ridge-gtx",
    "category": "hiking_shoes",
    "name": {"ko": "릿지 GTX", "en": "Ridge GTX"},
    "variants": [],
}
PORTLAND = ZoneInfo("America/Los_Angeles")


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    emptied = outbox_rows.emptied(shared_engine)
    with emptied.begin() as connection:
        catalogue.sync(connection, shop_name="test", store={}, listed=[SHOE])
    return emptied


@pytest.fixture
def anna(engine: Engine) -> Address:
    """Her number is of Oregon, her clock America/Los_Angeles."""
    return outbox_rows.customer(engine)


def in_portland(moment: datetime) -> str:
    return f"{moment.astimezone(PORTLAND):%Y-%m-%d %H:%M:%S %Z}"


def answer(
    engine: Engine,
    capsys: pytest.CaptureFixture[str],
    who: str,
    campaign: str | None = None,
    *,
    is_json: bool = False,
) -> list[str]:
    capsys.readouterr()
    with engine.connect() as connection:
        why.show(connection, who, campaign, language="en", is_json=is_json)
    return capsys.readouterr().out.splitlines()


def look(engine: Engine, anna: Address) -> None:
    with engine.begin() as connection:
        looks.record(connection, anna.customer_id, SHOE, now=NOW)


def buy(engine: Engine, anna: Address, at: datetime) -> None:
    line = OrderLine(product_id="ridge-gtx", sku=None, quantity=1, unit_price=Decimal(129))
    with engine.begin() as connection:
        purchases.complete(
            connection,
            anna.customer_id,
            Purchase(
                order_id="TR-1043", ordered_at=at, total=Decimal(129), currency="USD", lines=[line]
            ),
            now=at + timedelta(seconds=2),
        )


def make_offer(engine: Engine, anna: Address, *, occurrence: str = "1") -> tuple[int, int]:
    """An offer and its text, which waits to be sent."""
    with engine.begin() as connection:
        offer_id = offers.plan(
            connection,
            anna.customer_id,
            campaign="browse",
            occurrence=occurrence,
            product_id="ridge-gtx",
            category="hiking_shoes",
            about={},
            language="en",
            text="…",
            now=NOW,
        )
        assert offer_id is not None
        outbox_id = outbox.put(
            connection,
            key=f"offer:{occurrence}",
            customer_id=anna.customer_id,
            address_id=anna.address_id,
            message_class="advertisement",
            purpose="offer",
            body="…",
            now=NOW,
            offer_id=offer_id,
        )
    assert outbox_id is not None
    return offer_id, outbox_id


def test_a_purchase_before_the_follow_up_is_why_none_was_sent(
    engine: Engine, anna: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    look(engine, anna)
    bought = NOW + timedelta(minutes=1)
    buy(engine, anna, bought)
    local = bought.astimezone(PORTLAND)
    assert answer(engine, capsys, anna.customer_id) == [
        f"{in_portland(bought + timedelta(seconds=2))} after a look · Ridge GTX:"
        f" not sent — bought at {local:%H:%M:%S} (order TR-1043)"
    ]


def test_what_is_to_come_follows_what_was_decided(
    engine: Engine, anna: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    look(engine, anna)
    assert answer(engine, capsys, anna.customer_id) == [
        f"{in_portland(NOW + looks.USUAL_DELAY)} after a look · Ridge GTX: waits for its time"
    ]


def test_the_gates_own_decision_is_told(
    engine: Engine, anna: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    make_offer(engine, anna)
    (waiting,) = answer(engine, capsys, anna.customer_id)
    assert waiting.endswith("after a look · Ridge GTX: its text waits to be sent")
    with engine.begin() as connection:
        outbox.begin_sending(
            connection, now=clock.business_now(connection), lease=timedelta(minutes=1)
        )
    (refused,) = answer(engine, capsys, anna.customer_id)
    assert refused.endswith("after a look · Ridge GTX: not sent — no consent to marketing")


def test_a_sent_offer_is_told_with_its_text_and_that_it_is_open(
    engine: Engine, anna: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    offer_id, outbox_id = make_offer(engine, anna)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'sending'")
        offers.open_up(
            connection,
            anna.customer_id,
            offer_id,
            channel="sms",
            now=NOW,
            address_id=anna.address_id,
        )
        outbox.record_accepted(connection, outbox_id, provider_id="SM1", status="queued")
    sent, is_open = answer(engine, capsys, anna.customer_id)
    assert sent.endswith(" after a look · Ridge GTX: sent by text — the provider has it (queued)")
    assert is_open.endswith(" after a look · Ridge GTX: open, waits for the customer's answer")
    with engine.begin() as connection:
        delivery.merge_status(
            connection, outbox_id, provider_id="SM1", status="delivered", error_code=None
        )
    assert answer(engine, capsys, anna.customer_id)[0].endswith("sent by text — delivered")


def test_a_text_of_another_kind_is_told_only_if_it_did_not_go_out(
    engine: Engine, anna: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    sent, refused = (outbox_rows.put(engine, anna, key) for key in ("sent", "refused"))
    with engine.begin() as connection:
        for outbox_id, state, reason in (
            (sent, "delivered", "answered"),
            (refused, "refused", "stopped"),
        ):
            connection.exec_driver_sql(
                f"UPDATE outbox SET state = '{state}', reason = '{reason}'"
                f" WHERE outbox_id = {outbox_id}"
            )
    (told,) = answer(engine, capsys, anna.value)
    assert told.endswith(" text (answer): not sent — the number has opted out (STOP)")


def test_one_campaign_alone_may_be_asked_about(
    engine: Engine, anna: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    look(engine, anna)
    make_offer(engine, anna)
    outbox_rows.put(engine, anna, "an answer")
    with engine.begin() as connection:
        due.put(
            connection,
            anna.customer_id,
            kind="birthday",
            occurrence="2027",
            due_at=NOW + timedelta(days=90),
            now=NOW,
        )
    assert len(answer(engine, capsys, anna.customer_id)) == 4
    assert len(answer(engine, capsys, anna.customer_id, "browse")) == 2
    (one,) = answer(engine, capsys, anna.customer_id, "birthday")
    assert one == f"{in_portland(NOW + timedelta(days=90))} birthday: waits for its time"
    assert answer(engine, capsys, anna.customer_id, "spring") == [
        f"{anna.customer_id}, spring: nothing has been decided yet"
    ]


def test_the_answer_for_programs_is_an_object_a_line(
    engine: Engine, anna: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    look(engine, anna)
    buy(engine, anna, NOW)
    (told,) = map(json.loads, answer(engine, capsys, anna.customer_id, is_json=True))
    assert told["what"] == "decision"
    assert (told["campaign"], told["decision"], told["reason"]) == ("browse", "cancelled", "bought")
    assert told["details"]["order_id"] == "TR-1043"
    assert datetime.fromisoformat(told["at"]) == NOW + timedelta(seconds=2)
    assert told["said"].startswith("not sent — bought")


def test_whoever_was_merged_is_asked_about_by_either_id(
    engine: Engine, anna: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = outbox_rows.customer(engine, 143)
    look(engine, gone)
    buy(engine, gone, NOW)
    with engine.begin() as connection:
        merging.merge(
            connection, gone=gone.customer_id, stays=anna.customer_id, proof="code", now=NOW
        )
    told = answer(engine, capsys, anna.customer_id)
    assert len(told) == 1
    assert answer(engine, capsys, gone.customer_id) == told


def test_nothing_decided_and_nobody_known_are_said(
    engine: Engine, anna: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(engine, capsys, anna.customer_id) == [
        f"{anna.customer_id}: nothing has been decided yet"
    ]
    assert answer(engine, capsys, anna.customer_id, is_json=True) == []
    with pytest.raises(NotFound, match="nobody"):
        answer(engine, capsys, "nobody")
