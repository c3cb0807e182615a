"""Many senders at once, and an opt-out in the middle of sending (RULES §3.4, I1, I2)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from channels.protocol import Accepted, Kept, Message, Outcome
from memory import inbox, outbox
from memory.addresses import Address
from memory.inbox import Incoming
from outreach.sender import Sending
from tests import fake_provider, outbox_rows
from tests.fake_provider import FakeProvider
from tests.outbox_rows import NOW, put, row

THREADS = 4
MESSAGES = 100


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return outbox_rows.emptied(shared_engine)


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[FakeProvider]:
    with fake_provider.running(tmp_path) as running:
        yield running


def in_threads(count: int, work: Callable[[], object]) -> None:
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_four_senders_send_each_message_once_and_each_customer_in_order(
    engine: Engine, provider: FakeProvider
) -> None:
    people = [outbox_rows.customer(engine, place) for place in range(20)]
    ids = {
        f"{place}": put(engine, people[place % len(people)], f"key {place}", body=f"{place}")
        for place in range(MESSAGES)
    }
    sender = provider.sender()

    def work() -> None:
        sending = Sending(engine, {"sms": sender})
        while any(row(engine, outbox_id)["state"] == "ready" for outbox_id in ids.values()):
            while sending.send_next():
                pass

    in_threads(THREADS, work)
    accepted = provider.accepted()
    assert Counter(text.body for text in accepted) == Counter(list(ids))
    for person in people:
        theirs = [int(text.body) for text in accepted if text.recipient == person.value]
        assert theirs == sorted(theirs)
    assert {row(engine, outbox_id)["state"] for outbox_id in ids.values()} <= {
        "accepted",
        "delivered",
    }


class Watched:
    """A sender that says when it is called and waits to be let on."""

    def __init__(self) -> None:
        self.called = threading.Event()
        self.may_go_on = threading.Event()
        self.sent: list[str] = []

    def send(self, message: Message) -> Outcome:
        self.called.set()
        assert self.may_go_on.wait(20)
        self.sent.append(message.body)
        return Accepted(provider_id=f"SM{message.outbox_id}", status="queued")

    def kept(self, recipient: str, *, since: object) -> list[Kept] | None:
        return None


def say_stop(engine: Engine, who: Address, sid: str = "SMstop") -> None:
    with engine.begin() as connection:
        inbox.accept(
            connection,
            Incoming(
                channel="sms",
                provider_id=sid,
                customer_id=who.customer_id,
                address_id=who.address_id,
                text="STOP",
                proof="inbound",
            ),
            now=NOW,
        )


def test_a_stop_while_one_is_being_sent_stops_all_that_follow(engine: Engine) -> None:
    anna = outbox_rows.customer(engine)
    first, second = put(engine, anna, "first"), put(engine, anna, "second")
    watched = Watched()
    sending = Sending(engine, {"sms": watched})
    thread = threading.Thread(target=sending.send_next)
    thread.start()
    assert watched.called.wait(20)
    say_stop(engine, anna)
    watched.may_go_on.set()
    thread.join()
    while sending.send_next():
        pass
    assert watched.sent == ["text first"]
    assert row(engine, first)["state"] == "accepted"
    assert (row(engine, second)["state"], row(engine, second)["reason"]) == ("cancelled", "stopped")


def test_a_stop_waits_for_the_gate_and_the_gate_for_a_stop(engine: Engine) -> None:
    """Whichever commits first, no send begins after the opt-out has been stored."""
    for round_number in range(25):
        outbox_rows.emptied(engine)
        anna = outbox_rows.customer(engine)
        for place in range(4):
            put(engine, anna, f"{place}")
        began_after_stop: list[str] = []
        stopped = threading.Event()
        together = threading.Barrier(3)

        class Noting(Watched):
            def send(self, message: Message) -> Outcome:
                return Accepted(provider_id=f"SM{message.outbox_id}", status="queued")

        sending = Sending(engine, {"sms": Noting()})

        def send(
            sending: Sending = sending,
            stopped: threading.Event = stopped,
            together: threading.Barrier = together,
            began: list[str] = began_after_stop,
        ) -> None:
            together.wait()
            while True:
                was_stopped = stopped.is_set()
                before = _accepted_count(engine)
                if not sending.send_next():
                    return
                if was_stopped and _accepted_count(engine) > before:
                    began.append("sent after stop")

        def stop(
            who: Address = anna,
            stopped: threading.Event = stopped,
            together: threading.Barrier = together,
        ) -> None:
            together.wait()
            say_stop(engine, who)
            stopped.set()

        threads = [threading.Thread(target=work) for work in (send, stop)]
        for thread in threads:
            thread.start()
        together.wait()
        for thread in threads:
            thread.join()
        assert began_after_stop == [], f"round {round_number}"
        with engine.connect() as connection:
            left = connection.exec_driver_sql(
                "SELECT count(*) FROM outbox WHERE state IN ('ready', 'sending')"
            ).scalar_one()
        assert left == 0


def _accepted_count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(
            connection.exec_driver_sql(
                "SELECT count(*) FROM outbox WHERE state = 'accepted'"
            ).scalar_one()
        )


def test_a_stopped_number_is_not_sent_to_when_a_retry_falls_due(engine: Engine) -> None:
    anna = outbox_rows.customer(engine)
    outbox_id = put(engine, anna, "k")
    watched = Watched()
    watched.may_go_on.set()
    with engine.begin() as connection:
        outbox.begin_sending(connection, now=NOW, lease=timedelta(seconds=60))
    say_stop(engine, anna)
    with engine.begin() as connection:
        outbox.set_back(connection, outbox_id, attempts=1, reason="429", wait=timedelta(0))
    sending = Sending(engine, {"sms": watched})
    while sending.send_next():
        pass
    assert watched.sent == []
    assert row(engine, outbox_id)["reason"] == "stopped"
