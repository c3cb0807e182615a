"""What the provider tells of a message, by its answer and by its callbacks, in every order and more
than once (F3): a message, its offer, the conversation and the record agree at the end, and nothing
of it is written twice. Callbacks come over HTTP, as the provider signs them.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from channels.twilio.signature import callback_key
from command.phone.exchange import signature
from memory import clock, decisions, delivery, outbox
from memory.outbox import Outgoing
from memory.refusals import refuse_marketing
from tests import follow_ups
from tests.outbox_rows import row
from tests.web_site import RunningSite

LEASE = timedelta(seconds=60)
ANSWER = "the answer"
"""Recorded by the sender; the others are callbacks."""


@pytest.fixture(scope="module")
def engine(site: RunningSite) -> Engine:
    """The site's own shop in the morning, with the words of offers."""
    follow_ups.set_clock(site.engine, follow_ups.MORNING)
    follow_ups.publish(site.engine, follow_ups.words())
    return site.engine


@pytest.fixture(scope="module")
def provider(site: RunningSite) -> Iterator[httpx.Client]:
    with site.client() as client:
        yield client


def sending(engine: Engine) -> tuple[str, Outgoing]:
    """Somebody to whom an offer is being sent, by a sender that has not heard of it yet."""
    number = f"+1503{secrets.randbelow(10**7):07}"
    customer_id = follow_ups.person(engine, number, language="en")
    follow_ups.look(engine, customer_id, "ridge-gtx", follow_ups.now(engine) - timedelta(minutes=2))
    follow_ups.plan(engine)
    return customer_id, begun(engine)


def begun(engine: Engine) -> Outgoing:
    with engine.begin() as connection:
        taken = outbox.begin_sending(connection, now=clock.business_now(connection), lease=LEASE)
    assert isinstance(taken, Outgoing)
    return taken


class Reports:
    """What is told of one message, under one id of the provider's."""

    def __init__(self, site: RunningSite, provider: httpx.Client, outbox_id: int) -> None:
        self._site = site
        self._provider = provider
        self._outbox_id = outbox_id
        self.sid = f"SM{secrets.token_hex(16)}"

    def tell(self, what: str) -> None:
        """The sender's record, or a callback."""
        if what == ANSWER:
            with self._site.engine.begin() as connection:
                outbox.record_accepted(
                    connection, self._outbox_id, provider_id=self.sid, status="queued"
                )
        else:
            assert self.call(what) == 204

    def call(
        self,
        status: str,
        *,
        of: int | None = None,
        key: str | None = None,
        token: str | None = None,
        sid: str | None = None,
    ) -> int:
        """Post a callback; what it was answered with."""
        settings = self._site.settings
        outbox_id = of or self._outbox_id
        k = key or callback_key(settings.secret_key, self._outbox_id)
        path = f"/webhooks/twilio/status?o={outbox_id}&k={k}"
        fields = {"MessageSid": sid or self.sid, "MessageStatus": status}
        if status in {"failed", "undelivered"}:
            fields["ErrorCode"] = "30003"
        signed = signature(
            token or settings.twilio_auth_token, f"{settings.public_base_url}{path}", fields
        )
        headers = {"X-Twilio-Signature": signed}
        return self._provider.post(path, data=fields, headers=headers).status_code


@pytest.fixture
def reports(site: RunningSite, engine: Engine, provider: httpx.Client) -> tuple[str, Reports]:
    customer_id, taken = sending(engine)
    return customer_id, Reports(site, provider, taken.outbox_id)


def told(engine: Engine, customer_id: str) -> dict[str, Any]:
    """What came of it, everywhere it is kept."""
    with engine.connect() as connection:
        values = {"id": customer_id}
        message, offer = (
            connection.execute(
                text(f"SELECT state FROM {table} WHERE customer_id = :id"), values
            ).scalar_one()
            for table in ("outbox", "offers")
        )
        turns = connection.execute(
            text("SELECT count(*) FROM turns WHERE customer_id = :id AND payload ? 'offer'"), values
        ).scalar_one()
        record = decisions.of_customer(connection, customer_id)
    return {
        "message": message,
        "offer": offer,
        "turns": turns,
        "record": [one.decision for one in record],
    }


ARRIVED = {
    "message": "delivered",
    "offer": "open",
    "turns": 1,
    "record": ["planned", "sent"],
}


@pytest.mark.parametrize(
    "order",
    list(itertools.permutations((ANSWER, "sending", "sent", "delivered"))),
    ids=lambda order: " ".join(order).replace(ANSWER, "ANSWER"),
)
def test_in_every_order_and_twice_it_has_arrived_once(
    engine: Engine, reports: tuple[str, Reports], order: Sequence[str]
) -> None:
    customer_id, told_of = reports
    for what in (*order, *order):
        told_of.tell(what)
    assert told(engine, customer_id) == ARRIVED


@pytest.mark.parametrize("end", ["undelivered", "failed"])
@pytest.mark.parametrize("place", range(3))
def test_in_every_order_and_twice_it_has_never_arrived(
    engine: Engine, reports: tuple[str, Reports], end: str, place: int
) -> None:
    """Whether it was part of the conversation by then or not."""
    customer_id, told_of = reports
    order = [ANSWER, "sent"]
    order.insert(place, end)
    for what in (*order, *order):
        told_of.tell(what)
    found = told(engine, customer_id)
    assert (found["message"], found["offer"]) == ("rejected", "not_sent")
    was_told = place > 0
    assert found["turns"] == int(was_told)
    assert found["record"] == ["planned", *["sent"] * was_told, "not_sent"]


@pytest.mark.parametrize("late", ["undelivered", "failed", "sent", "queued"])
def test_what_has_arrived_stays_so(engine: Engine, reports: tuple[str, Reports], late: str) -> None:
    customer_id, told_of = reports
    for what in (ANSWER, "delivered", late):
        told_of.tell(what)
    assert told(engine, customer_id) == ARRIVED


def test_a_callback_settles_what_the_sender_left_open(
    engine: Engine, reports: tuple[str, Reports]
) -> None:
    customer_id, told_of = reports
    with engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET lease_until = now() WHERE state = 'sending'"))
        delivery.reap(connection)
    assert told(engine, customer_id)["message"] == "unknown"
    told_of.tell("sent")
    told_of.tell("delivered")
    assert told(engine, customer_id) == ARRIVED


def test_nobody_waits_for_ever_behind_those_that_are_never_found(
    engine: Engine, reports: tuple[str, Reports]
) -> None:
    """The provider never took the older ones, and is asked about them again and again."""
    customer_id, _ = reports
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO outbox (key, customer_id, address_id, channel, message_class, body,"
                " state, lease_until, at) SELECT 'lost ' || n, customer_id, address_id, 'sms',"
                " 'reply', '…', 'unknown', now(), now() FROM addresses, generate_series(1, 30) n"
                " WHERE customer_id = :id"
            ),
            {"id": customer_id},
        )
    asked: list[int] = []
    while len(set(asked)) < 30:
        with engine.begin() as connection:
            found = delivery.lost(connection, since=follow_ups.MORNING, limit=7)
            for one in found:
                delivery.ask_later(connection, one.outbox_id, timedelta())
        asked += [one.outbox_id for one in found]
        assert len(asked) <= 35
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM outbox WHERE key LIKE 'lost %'"))


def test_forged_callbacks_change_nothing(engine: Engine, reports: tuple[str, Reports]) -> None:
    customer_id, told_of = reports
    before = told(engine, customer_id)
    _, other = sending(engine)
    assert told_of.call("delivered", token="guessed") == 403
    assert told_of.call("delivered", key="guessed") == 403
    assert told_of.call("delivered", of=other.outbox_id) == 403
    assert told_of.call("delivered", of=10**9) == 403
    assert told(engine, customer_id) == before
    assert row(engine, other.outbox_id)["state"] == "sending"
    told_of.tell(ANSWER)
    assert told_of.call("delivered", sid="SM" + "0" * 32) == 204
    assert told(engine, customer_id)["message"] == "accepted"
    assert row(engine, other.outbox_id)["provider_id"] is None


def test_a_refusal_while_it_is_being_sent_closes_the_offer_that_has_gone(
    engine: Engine, reports: tuple[str, Reports]
) -> None:
    customer_id, told_of = reports
    with engine.begin() as connection:
        refuse_marketing(connection, customer_id, evidence={}, now=clock.business_now(connection))
    for what in (ANSWER, "delivered"):
        told_of.tell(what)
    found = told(engine, customer_id)
    assert (found["message"], found["offer"], found["turns"]) == ("delivered", "cancelled", 1)
    assert found["record"] == ["planned", "answered", "sent"]


def test_a_pause_that_is_told_twice_sets_no_later_attempt_back(
    engine: Engine, reports: tuple[str, Reports]
) -> None:
    """The first was committed, but the sender did not hear of it: its database died just then."""
    customer_id, told_of = reports

    def set_back() -> None:
        with engine.begin() as connection:
            outbox.set_back(connection, first.outbox_id, attempts=1, reason="429", wait=timedelta())

    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT outbox_id FROM outbox WHERE customer_id = :id"), {"id": customer_id}
        )
        outbox_id = found.scalar_one()
    first = Outgoing(
        outbox_id=outbox_id, channel="sms", recipient="", body="", attempts=1, not_after=None
    )
    set_back()
    assert told(engine, customer_id)["offer"] == "planned"
    assert begun(engine).attempts == 2
    set_back()
    assert row(engine, outbox_id)["state"] == "sending"
    told_of.tell(ANSWER)
    set_back()
    assert told(engine, customer_id)["message"] == "accepted"
    assert told(engine, customer_id)["record"] == ["planned", "sent"]


def test_the_provider_is_given_the_time_it_asks_for(
    engine: Engine, reports: tuple[str, Reports]
) -> None:
    customer_id, _ = reports
    with engine.begin() as connection:
        found = connection.execute(
            text("SELECT outbox_id FROM outbox WHERE customer_id = :id"), {"id": customer_id}
        )
        outbox.set_back(
            connection,
            found.scalar_one(),
            attempts=1,
            reason="too_many_requests",
            wait=timedelta(seconds=17),
        )
        now = clock.business_now(connection)
        assert outbox.begin_sending(connection, now=now, lease=LEASE) is None
        waits = connection.execute(
            text(
                "SELECT extract(epoch FROM retry_at - clock_timestamp()) FROM outbox"
                " WHERE customer_id = :id"
            ),
            {"id": customer_id},
        ).scalar_one()
    assert 15 < waits <= 17
