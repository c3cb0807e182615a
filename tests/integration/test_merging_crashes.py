"""A merge among everything that goes on beside it: turns, texts, sends, purchases, refusals, other
merges and `kill -9`. Nothing is lost, nothing is done twice, nobody waits for ever.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from marketing.opt_out import Keyword
from memory import (
    addresses,
    catalogue,
    consents,
    customers,
    delivery,
    due,
    events,
    facts,
    hand_overs,
    inbox,
    linking,
    links,
    looks,
    merging,
    offers,
    orders,
    outbox,
    purchases,
    sessions,
    turns,
)
from memory.inbox import Accepted, Incoming
from memory.linking import Linked
from memory.orders import OrderLine
from memory.outbox import Outgoing, Passed
from memory.purchases import Purchase
from memory.refusals import refuse_marketing
from memory.tables import metadata
from memory.turns import Utterance
from tests import outbox_rows
from tests.fake_provider import until
from tests.fork_server import ForkServer, fork_server
from tests.outbox_rows import NOW

SHOE = {"product_id": "ridge", "category": "hiking_shoes", "stock": []}
LEASE = timedelta(seconds=60)


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
def beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture(scope="module")
def forks() -> Iterator[ForkServer]:
    with fork_server("tests.dying_merge") as started:
        yield started


class Pair:
    """Somebody on the page and somebody with a telephone, who turn out to be one."""

    def __init__(self, engine: Engine) -> None:
        phone = outbox_rows.customer(engine)
        self.phone = phone.address_id
        self.gone = phone.customer_id
        with engine.begin() as connection:
            self.stays = customers.create(connection, now=NOW)

    def merge(self, connection: Connection) -> bool:
        return merging.merge(connection, gone=self.gone, stays=self.stays, proof="code", now=NOW)


@pytest.fixture
def pair(engine: Engine) -> Pair:
    return Pair(engine)


def text_in(engine: Engine, pair: Pair, said: str, provider_id: str = "SM1") -> Accepted:
    """As a webhook that has looked its sender up before the merge was committed."""
    with engine.begin() as connection:
        return inbox.accept(
            connection,
            Incoming(
                channel="sms",
                provider_id=provider_id,
                customer_id=pair.gone,
                address_id=pair.phone,
                text=said,
                proof="inbound",
            ),
            now=NOW,
        )


def say(connection: Connection, customer_id: str, said: str, **more: Any) -> list[int]:
    told = {"direction": "out", "channel": "web", "language": None, "at": NOW, **more}
    return turns.append(connection, customer_id, [Utterance(text=said)], **told)


def conversation(engine: Engine, customer_id: str) -> list[str]:
    with engine.connect() as connection:
        return [turn.text for turn in turns.after(connection, customer_id, -1000)]


def plan(connection: Connection, customer_id: str, occurrence: str) -> int:
    offer_id = offers.plan(
        connection,
        customer_id,
        campaign="birthday",
        occurrence=occurrence,
        product_id="ridge",
        category="hiking_shoes",
        about={},
        language="en",
        text="A pair of shoes",
        now=NOW,
    )
    assert offer_id is not None
    return offer_id


def put_text(connection: Connection, pair: Pair, offer_id: int, key: str = "offer") -> int:
    outbox_id = outbox.put(
        connection,
        key=key,
        customer_id=pair.gone,
        address_id=pair.phone,
        message_class="advertisement",
        purpose="offer",
        offer_id=offer_id,
        body="Trailhead: a pair of shoes. Reply STOP to opt out.",
        now=NOW,
    )
    assert outbox_id is not None
    return outbox_id


def being_sent(engine: Engine, pair: Pair, occurrence: str = "2026") -> tuple[int, int]:
    """An offer whose text is being sent: offer_id, outbox_id."""
    with engine.begin() as connection:
        offer_id = plan(connection, pair.gone, occurrence)
        offers.open_up(
            connection, pair.gone, offer_id, channel="sms", address_id=pair.phone, now=NOW
        )
        outbox_id = put_text(connection, pair, offer_id)
        connection.execute(text("UPDATE outbox SET state = 'sending', attempts = 1"))
    return offer_id, outbox_id


def rows(engine: Engine, statement: str, **values: object) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def waiting(engine: Engine, count: int) -> Callable[[], bool]:
    """True once so many of this database's sessions wait for a lock."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return lambda: rows(engine, asked)[0][0] >= count


def in_transaction(engine: Engine, work: Callable[[Connection], Any]) -> Any:
    with engine.begin() as connection:
        return work(connection)


def everything(engine: Engine) -> list[tuple[Any, ...]]:
    """Every row of every table, as text."""
    each = (
        f"SELECT '{name}' AS name, to_jsonb(t)::text AS row FROM {name} t"
        for name in metadata.tables
    )
    return rows(engine, f"{' UNION ALL '.join(each)} ORDER BY name, row")


# -- killed ------------------------------------------------------------------------------------


def a_rich_pair(engine: Engine) -> Pair:
    """Both have something of everything that moves."""
    pair = Pair(engine)
    for customer_id in (pair.gone, pair.stays):
        with engine.begin() as connection:
            say(connection, customer_id, f"hello {customer_id}", direction="in")
            sessions.open_session(connection, customer_id)
            facts.learn(
                connection, customer_id, kind="size", value=customer_id, now=NOW, source_seq=1
            )
            consents.record(
                connection, customer_id, purpose="marketing", action="given", evidence={}, now=NOW
            )
            offer_id = plan(connection, customer_id, f"of {customer_id}")
            plan(connection, customer_id, "the same")
            due.put(
                connection, customer_id, kind="browse", occurrence="the same", due_at=NOW, now=NOW
            )
            looks.record(connection, customer_id, SHOE, now=NOW)
            buy(connection, customer_id, f"order of {customer_id}", "another")
    put_and_link(engine, pair, offer_id)
    text_in(engine, pair, "and I waited")
    return pair


def put_and_link(engine: Engine, pair: Pair, offer_id: int) -> None:
    with engine.begin() as connection:
        put_text(connection, pair, plan(connection, pair.gone, "told by text"))
        links.issue(
            connection, pair.gone, kind="offer", address_id=pair.phone, offer_id=offer_id, now=NOW
        )
        hand_overs.ask(
            connection, pair.gone, channel="sms", address_id=pair.phone, said="a person", now=NOW
        )


def buy(connection: Connection, customer_id: str, order_id: str, product_id: str) -> bool:
    line = OrderLine(product_id=product_id, sku=None, quantity=1, unit_price=Decimal(99))
    bought = Purchase(
        order_id=order_id, ordered_at=NOW, total=Decimal(99), currency="USD", lines=[line]
    )
    return purchases.complete(connection, customer_id, bought, now=NOW)


def test_a_merge_that_is_killed_anywhere_has_not_begun(engine: Engine, forks: ForkServer) -> None:
    pair = a_rich_pair(engine)
    before = everything(engine)
    url = engine.url.render_as_string(hide_password=False)
    ended = None
    statement = 0
    while ended != 0:
        statement += 1
        forks.begin(
            "tests.dying_merge:run",
            url=url,
            gone=pair.gone,
            stays=pair.stays,
            now=NOW.isoformat(),
            dies_before=statement,
        )
        ended = forks.ended()
        if ended == -signal.SIGKILL:
            assert everything(engine) == before, f"killed before statement {statement}"
    assert statement > 25
    left = rows(
        engine,
        "SELECT count(*) FROM turns WHERE customer_id = :gone"
        " UNION ALL SELECT count(*) FROM offers WHERE customer_id = :gone"
        " UNION ALL SELECT count(*) FROM outbox WHERE customer_id = :gone"
        " UNION ALL SELECT count(*) FROM sessions WHERE customer_id = :gone",
        gone=pair.gone,
    )
    assert left == [(0,)] * 4
    assert conversation(engine, pair.stays) == [
        f"hello {pair.gone}",
        "and I waited",
        f"hello {pair.stays}",
    ]


# -- beside turns and texts --------------------------------------------------------------------


def test_a_turn_that_is_under_way_ends_first(
    engine: Engine, pair: Pair, beside: ThreadPoolExecutor
) -> None:
    text_in(engine, pair, "hello")
    with engine.begin() as turn:
        claimed = inbox.claim(turn)
        assert claimed is not None
        merged = beside.submit(in_transaction, engine, pair.merge)
        until(waiting(engine, 1), "the merge waits for the turn")
        say(turn, claimed.customer_id, "Hello!", channel="sms")
        outbox.put(
            turn,
            key=f"reply:{claimed.inbox_id}",
            customer_id=claimed.customer_id,
            address_id=pair.phone,
            message_class="reply",
            body="Hello!",
            now=NOW,
        )
        inbox.finish(turn, claimed.inbox_id)
    assert merged.result(10)
    assert conversation(engine, pair.stays) == ["hello", "Hello!"]
    assert rows(engine, "SELECT customer_id, state FROM outbox") == [(pair.stays, "ready")]
    with engine.begin() as connection:
        assert inbox.claim(connection) is None


@pytest.mark.parametrize("said", ["hello", "STOP", "START", "HELP"])
def test_a_text_that_comes_meanwhile_is_theirs_who_stays(
    engine: Engine, pair: Pair, beside: ThreadPoolExecutor, said: str
) -> None:
    with engine.begin() as merge:
        pair.merge(merge)
        accepted = beside.submit(text_in, engine, pair, said)
        until(waiting(engine, 1), "the text waits for the merge")
    assert accepted.result(10).is_new
    assert rows(engine, "SELECT customer_id, text FROM inbox") == [(pair.stays, said)]
    assert conversation(engine, pair.stays)[0] == said
    assert conversation(engine, pair.gone) == []
    assert not text_in(engine, pair, said).is_new


def test_a_stop_that_comes_meanwhile_counts_for_the_person(
    engine: Engine, pair: Pair, beside: ThreadPoolExecutor
) -> None:
    with engine.begin() as connection:
        consents.record(
            connection, pair.stays, purpose="marketing", action="given", evidence={}, now=NOW
        )
    with engine.begin() as merge:
        pair.merge(merge)
        accepted = beside.submit(text_in, engine, pair, Keyword.STOP)
        until(waiting(engine, 1), "the text waits for the merge")
    accepted.result(10)
    with engine.begin() as connection:
        assert consents.lock_permission(connection, pair.stays) == "refused"
        assert addresses.get(connection, pair.stays, pair.phone).stopped_at is not None


def test_a_stop_and_a_merge_do_not_wait_for_each_other(
    engine: Engine, pair: Pair, beside: ThreadPoolExecutor
) -> None:
    """Both want the permission row while a sender has it."""
    with engine.begin() as sender:
        consents.lock_permission(sender, pair.gone)
        merged = beside.submit(in_transaction, engine, pair.merge)
        until(waiting(engine, 1), "the merge waits for the sender")
        stopped = beside.submit(text_in, engine, pair, "STOP")
        until(waiting(engine, 2), "the text waits for one of them")
    assert merged.result(10)
    assert stopped.result(10).is_new
    with engine.begin() as connection:
        assert consents.lock_permission(connection, pair.stays) == "refused"
    assert rows(engine, "SELECT customer_id FROM inbox") == [(pair.stays,)]


def test_a_text_follows_two_merges(engine: Engine, pair: Pair, beside: ThreadPoolExecutor) -> None:
    with engine.begin() as merge:
        last = customers.create(merge, now=NOW)
        pair.merge(merge)
        merging.merge(merge, gone=pair.stays, stays=last, proof="shop", now=NOW)
        accepted = beside.submit(text_in, engine, pair, "hello")
        until(waiting(engine, 1), "the text waits")
    accepted.result(10)
    assert rows(engine, "SELECT customer_id FROM inbox") == [(last,)]


def test_a_code_for_a_number_that_is_just_texted_from_for_the_first_time(
    engine: Engine, beside: ThreadPoolExecutor
) -> None:
    (web,) = somebody(engine, "my number is …")
    phone = outbox_rows.number(7)
    with engine.begin() as connection:
        found = customers.of_address(connection, "phone", phone, proof="inbound", now=NOW)
        say(connection, found.customer_id, "hello", direction="in", channel="sms")
        linked = beside.submit(
            in_transaction, engine, lambda one: linking.link(one, web, phone, now=NOW)
        )
        until(waiting(engine, 1), "the code waits for the text")
    assert linked.result(10) is Linked.LINKED
    assert sorted(conversation(engine, web)) == ["hello", "my number is …"]
    assert rows(engine, "SELECT customer_id, proof FROM addresses") == [(web, "code")]


# -- beside another merge ----------------------------------------------------------------------


def together(engine: Engine, *merges: tuple[str, str]) -> list[bool]:
    """Begin those merges (gone, stays) at once; which of them made one of two."""
    start = threading.Barrier(len(merges))

    def merge(gone: str, stays: str) -> bool:
        start.wait()
        with engine.begin() as connection:
            return merging.merge(connection, gone=gone, stays=stays, proof="code", now=NOW)

    with ThreadPoolExecutor(len(merges)) as pool:
        begun: list[Future[bool]] = [pool.submit(merge, *both) for both in merges]
        return [one.result(20) for one in begun]


def somebody(engine: Engine, *names: str) -> list[str]:
    made = []
    for name in names:
        with engine.begin() as connection:
            customer_id = customers.create(connection, now=NOW)
            say(connection, customer_id, name)
            events.record(connection, customer_id, name, {}, occurred_at=NOW)
        made.append(customer_id)
    return made


def test_two_who_are_each_to_become_the_other_become_one(engine: Engine) -> None:
    for _ in range(10):
        anna, ben = somebody(engine, "a", "b")
        assert sorted(together(engine, (anna, ben), (ben, anna))) == [False, True]
        with engine.connect() as connection:
            one = customers.resolve(connection, anna)
            assert customers.resolve(connection, ben) == one
        assert sorted(conversation(engine, one)) == ["a", "b"]


def test_a_chain_of_merges_ends_in_one(engine: Engine) -> None:
    for _ in range(10):
        anna, ben, cleo, dora = somebody(engine, "a", "b", "c", "d")
        together(engine, (anna, ben), (ben, cleo), (dora, anna), (anna, cleo))
        with engine.connect() as connection:
            (one,) = {customers.resolve(connection, each) for each in (anna, ben, cleo, dora)}
        assert sorted(conversation(engine, one)) == ["a", "b", "c", "d"]
        found = rows(engine, "SELECT count(*) FROM events WHERE customer_id = :one", one=one)
        assert found == [(4,)]


def test_nobody_is_merged_into_somebody_who_is_gone(engine: Engine) -> None:
    anna, ben, cleo = somebody(engine, "a", "b", "c")
    assert together(engine, (anna, ben)) == [True]
    assert together(engine, (cleo, anna)) == [True]
    assert sorted(conversation(engine, ben)) == ["a", "b", "c"]
    assert together(engine, (ben, anna), (cleo, ben)) == [False, False]


# -- beside a send -----------------------------------------------------------------------------


def test_a_text_that_is_being_sent_is_recorded_for_who_stays(
    engine: Engine, pair: Pair, beside: ThreadPoolExecutor
) -> None:
    """The record wants the message, then the conversation; the merge wants both."""
    offer_id, outbox_id = being_sent(engine, pair)

    def record(connection: Connection) -> None:
        outbox.record_accepted(connection, outbox_id, provider_id="SM1", status="queued")

    with engine.begin() as other:
        other.execute(text("SELECT 1 FROM offers FOR UPDATE"))
        merged = beside.submit(in_transaction, engine, pair.merge)
        until(waiting(engine, 1), "the merge waits")
        recorded = beside.submit(in_transaction, engine, record)
        until(waiting(engine, 2), "the record waits for the merge")
    assert merged.result(10)
    recorded.result(10)
    assert rows(engine, "SELECT customer_id, state, provider_id FROM outbox") == [
        (pair.stays, "accepted", "SM1")
    ]
    told = rows(engine, "SELECT customer_id, payload -> 'offer' FROM turns")
    assert told == [(pair.stays, offer_id)]


def test_what_was_chosen_before_a_merge_is_not_begun_under_the_wrong_lock(
    engine: Engine, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox_id = outbox_rows.put(engine, addresses_of(engine, pair), "reply")
    lock = consents.try_lock_permission

    def lock_late(connection: Connection, customer_id: str) -> bool:
        monkeypatch.undo()
        in_transaction(engine, pair.merge)
        return lock(connection, customer_id)

    monkeypatch.setattr(consents, "try_lock_permission", lock_late)

    def begin(connection: Connection) -> object:
        return outbox.begin_sending(connection, now=NOW, lease=LEASE)

    assert in_transaction(engine, begin) == Passed(outbox_id=outbox_id, reason=outbox.TAKEN)
    taken = in_transaction(engine, begin)
    assert isinstance(taken, Outgoing)
    assert taken.outbox_id == outbox_id


def addresses_of(engine: Engine, pair: Pair) -> addresses.Address:
    with engine.connect() as connection:
        return addresses.get(connection, pair.gone, pair.phone)


def test_the_same_offer_to_both_is_made_once(engine: Engine, pair: Pair) -> None:
    """A birthday that both have told; neither text is out yet."""
    with engine.begin() as connection:
        ours = plan(connection, pair.stays, "2026")
        theirs = plan(connection, pair.gone, "2026")
        put_text(connection, pair, theirs)
        pair.merge(connection)
    found = rows(engine, "SELECT offer_id, customer_id, state FROM offers ORDER BY offer_id")
    assert found == [(ours, pair.stays, "planned"), (theirs, pair.stays, "cancelled")]
    assert rows(engine, "SELECT state, reason FROM outbox") == [("cancelled", "merged")]
    with engine.begin() as connection:
        assert outbox.begin_sending(connection, now=NOW, lease=LEASE) is None


@pytest.mark.parametrize("status", ["accepted", "rejected", "not_taken", "found", "undelivered"])
def test_the_same_offer_to_both_while_one_is_being_sent(
    engine: Engine, pair: Pair, status: str
) -> None:
    offer_id, outbox_id = being_sent(engine, pair)
    with engine.begin() as connection:
        plan(connection, pair.stays, "2026")
        pair.merge(connection)
    with engine.begin() as connection:
        match status:
            case "accepted":
                outbox.record_accepted(connection, outbox_id, provider_id="SM1", status="queued")
            case "rejected":
                outbox.record_rejected(connection, outbox_id, reason="bad_number", code=21211)
            case "not_taken":
                outbox.set_back(connection, outbox_id, attempts=1, reason="429", wait=timedelta())
            case _:
                is_found = status == "found"
                delivery.merge_status(
                    connection,
                    outbox_id,
                    provider_id="SM1",
                    status="sent" if is_found else status,
                    error_code=None if is_found else 30003,
                )
    ended = {
        "accepted": "open",
        "found": "open",
        "rejected": "not_sent",
        "undelivered": "not_sent",
        "not_taken": "planned",
    }
    found = rows(engine, "SELECT customer_id, state FROM offers WHERE offer_id = :id", id=offer_id)
    assert found == [(pair.stays, ended[status])]
    told = [(offer_id,)] if status in {"accepted", "found"} else []
    assert rows(engine, "SELECT payload -> 'offer' FROM turns") == told


def test_the_same_occasion_of_both_is_due_once(engine: Engine, pair: Pair) -> None:
    with engine.begin() as connection:
        for customer_id in (pair.stays, pair.gone):
            due.put(
                connection,
                customer_id,
                kind="birthday",
                occurrence="2026",
                due_at=NOW - timedelta(hours=1),
                now=NOW,
            )
        pair.merge(connection)
    with engine.begin() as connection:
        occasion = due.claim(connection, now=NOW)
        assert occasion is not None
        assert occasion.customer_id == pair.stays
        due.finish(connection, occasion, reason="planned", now=NOW)
        assert due.claim(connection, now=NOW) is None


# -- beside a purchase and a refusal -----------------------------------------------------------


def test_a_purchase_of_the_one_who_goes_ends_what_is_pending(
    engine: Engine, pair: Pair, beside: ThreadPoolExecutor
) -> None:
    """The shop has looked up who bought before the merge was committed."""
    with engine.begin() as connection:
        plan(connection, pair.stays, "2026")
    with engine.begin() as merge:
        pair.merge(merge)
        bought = beside.submit(
            in_transaction, engine, lambda one: buy(one, pair.gone, "1043", "ridge")
        )
        until(waiting(engine, 1), "the purchase waits for the merge")
    assert bought.result(10)
    assert rows(engine, "SELECT customer_id, state FROM offers") == [(pair.stays, "bought")]
    assert rows(engine, "SELECT customer_id FROM orders") == [(pair.stays,)]


def test_a_refusal_of_the_one_who_goes_ends_what_is_pending(
    engine: Engine, pair: Pair, beside: ThreadPoolExecutor
) -> None:
    """By the button behind a link, pressed before the merge was committed."""
    with engine.begin() as connection:
        plan(connection, pair.stays, "2026")
        token = links.issue(connection, pair.gone, kind="offer", address_id=pair.phone, now=NOW)

    def refuse(connection: Connection) -> None:
        link = links.find(connection, token, now=NOW)
        assert link is not None
        refuse_marketing(
            connection, link.customer_id, evidence={}, now=NOW, address_id=link.address_id
        )

    with engine.begin() as merge:
        pair.merge(merge)
        refused = beside.submit(in_transaction, engine, refuse)
        until(waiting(engine, 1), "the refusal waits for the merge")
    refused.result(10)
    assert rows(engine, "SELECT customer_id, state FROM offers") == [(pair.stays, "cancelled")]
    with engine.begin() as connection:
        assert consents.lock_permission(connection, pair.stays) == "refused"


def test_a_look_of_the_one_who_goes_is_theirs_who_stays(
    engine: Engine, pair: Pair, beside: ThreadPoolExecutor
) -> None:
    with engine.begin() as merge:
        pair.merge(merge)
        seen = beside.submit(
            in_transaction, engine, lambda one: looks.record(one, pair.gone, SHOE, now=NOW)
        )
        until(waiting(engine, 1), "the look waits for the merge")
    seen.result(10)
    assert rows(engine, "SELECT DISTINCT customer_id FROM events") == [(pair.stays,)]
    assert rows(engine, "SELECT customer_id FROM due") == [(pair.stays,)]


def test_an_order_that_both_have_is_kept_once(engine: Engine, pair: Pair) -> None:
    with engine.begin() as connection:
        assert buy(connection, pair.gone, "1043", "ridge")
        pair.merge(connection)
        assert not buy(connection, pair.gone, "1043", "ridge")
        assert orders.total(connection, pair.stays, "1043") == 99
