"""Opt-outs, sending and giving up where something else goes wrong at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from agent import stand_ins
from channels.protocol import Accepted, Kept, Message, Outcome
from marketing.opt_out import Keyword
from memory import addresses, consents, inbox, parts, releases, suppression, turns
from memory.addresses import Address
from memory.inbox import Incoming
from outreach.sender import Sending
from tests import outbox_rows
from tests.outbox_rows import NOW, put


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return outbox_rows.emptied(shared_engine)


def publish(engine: Engine, **words: str) -> None:
    worded = {name: [{"text": text}] for name, text in words.items()}
    with engine.begin() as connection:
        releases.publish(connection, inputs_digest="w", files={}, words=worded, model=b"", now=NOW)


def accept(
    connection: Connection,
    who: Address,
    words: str,
    *,
    sid: str = "SM1",
    provider: Keyword | None = None,
    channel: str = "sms",
) -> inbox.Accepted:
    is_text = channel == "sms"
    message = Incoming(
        channel=channel,
        provider_id=sid,
        customer_id=who.customer_id,
        address_id=who.address_id if is_text else None,
        text=words,
        proof="inbound" if is_text else "none",
        taken_by_provider_as=provider,
    )
    return inbox.accept(connection, message, now=NOW)


def stopped(engine: Engine, who: Address) -> bool:
    with engine.connect() as connection:
        return addresses.get(connection, who.customer_id, who.address_id).stopped_at is not None


class Phone:
    """A provider that takes everything and remembers the texts."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def send(self, message: Message) -> Outcome:
        self.texts.append(message.body)
        return Accepted(provider_id=f"SM{message.outbox_id}", status="queued")

    def kept(self, recipient: str, *, since: datetime) -> list[Kept] | None:
        return None


def sent(engine: Engine) -> list[str]:
    phone = Phone()
    sending = Sending(engine, {"sms": phone})
    while sending.send_next():
        pass
    return phone.texts


def test_stop_counts_whatever_its_confirmation_says(engine: Engine) -> None:
    publish(engine, utter_texts_stopped="Stopped. Mail {shop_email}.")
    anna = outbox_rows.customer(engine)
    with engine.begin() as connection:
        accept(connection, anna, "STOP")
    assert stopped(engine, anna)


def test_a_stop_known_to_the_provider_alone_counts(engine: Engine) -> None:
    publish(engine, utter_texts_stopped="Stopped.")
    anna = outbox_rows.customer(engine)
    with engine.begin() as connection:
        accept(connection, anna, "ARRET", provider=Keyword.STOP)
    assert stopped(engine, anna)


def test_start_does_not_throw_away_an_answer_of_an_open_number(engine: Engine) -> None:
    publish(engine, utter_texts_reopened="On.")
    anna = outbox_rows.customer(engine)
    put(engine, anna, "reply:1", body="Yes, 270 is in stock.")
    with engine.begin() as connection:
        accept(connection, anna, "START")
    assert "Yes, 270 is in stock." in sent(engine)


def test_an_opt_out_that_the_provider_tells_of_counts(engine: Engine) -> None:
    anna = outbox_rows.customer(engine)
    outbox_id = put(engine, anna, "reply:1")
    with engine.begin() as connection:
        suppression.provider_says_stopped(connection, outbox_id, code=21610, now=NOW)
        suppression.provider_says_stopped(connection, outbox_id + 1, code=21610, now=NOW)
    assert stopped(engine, anna)


def test_a_broken_apology_does_not_end_the_agent(engine: Engine) -> None:
    stand_ins.install()
    from agent import failures  # imports Rasa, which needs the stand-ins

    publish(engine, utter_error="Sorry {customer_name}.")
    anna = outbox_rows.customer(engine)
    with engine.begin() as connection:
        accepted = accept(connection, anna, "hello", channel="web")
    for _ in range(4):
        failures.set_back(engine, accepted.inbox_id, "Boom", threading.Event())
    with engine.connect() as connection:
        state = connection.execute(text("SELECT state FROM inbox")).scalar_one()
    assert state == "failed"


def test_a_heartbeat_survives_a_pool_that_is_used_up(engine: Engine) -> None:
    small = create_engine(engine.url, pool_size=1, max_overflow=0, pool_timeout=0.2)
    beating = parts.Heartbeat(small, "web")
    with small.connect():
        beating.start()
        time.sleep(1)
    alive = beating.is_alive()
    if alive:
        beating.end()
    small.dispose()
    assert alive


def test_one_locked_customer_does_not_hold_up_the_others(engine: Engine) -> None:
    anna, bert = outbox_rows.customer(engine, 1), outbox_rows.customer(engine, 2)
    put(engine, anna, "reply:1", body="anna")
    put(engine, bert, "reply:2", body="bert")
    phone = Phone()
    sending = Sending(engine, {"sms": phone})
    with engine.begin() as connection:
        consents.lock_permission(connection, anna.customer_id)
        threads = [threading.Thread(target=sending.send_next, daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(2)
        said = list(phone.texts)
    for thread in threads:
        thread.join()
    assert "bert" in said


def test_start_from_another_number_does_not_reopen_marketing(engine: Engine) -> None:
    publish(engine, utter_texts_reopened="On.", utter_texts_stopped="Off.")
    anna = outbox_rows.customer(engine, 1)
    with engine.begin() as connection:
        other_id = addresses.add(
            connection,
            customer_id=anna.customer_id,
            kind="phone",
            value=outbox_rows.number(9),
            proof="inbound",
            now=NOW,
        )
        assert other_id is not None
        for action, address_id in (("given", anna.address_id), ("withdrawn", None)):
            consents.record(
                connection,
                anna.customer_id,
                purpose="marketing",
                action=action,
                evidence={},
                now=NOW,
                address_id=address_id,
            )
        other = addresses.get(connection, anna.customer_id, other_id)
        accept(connection, other, "START")
        assert consents.lock_permission(connection, anna.customer_id) == "refused"


def test_help_is_answered_after_a_stop_that_cancelled_it(engine: Engine) -> None:
    publish(engine, utter_texts_stopped="Off.", utter_texts_help="Help.")
    anna = outbox_rows.customer(engine)
    with engine.begin() as connection:
        accept(connection, anna, "HELP", sid="SM1")
        accept(connection, anna, "STOP", sid="SM2")
        accept(connection, anna, "HELP", sid="SM3")
    assert "Help." in sent(engine)


def test_a_number_that_never_ends_is_stored_and_not_answered_without_end(engine: Engine) -> None:
    """Two machines that answer each other (RULES IN-4): the store goes on, the answers do not."""
    publish(engine, utter_texts_stopped="Off.")
    anna = outbox_rows.customer(engine)
    with engine.begin() as connection:
        for number in range(inbox.MOST_TEXTS + 5):
            accept(connection, anna, "ok!", sid=f"SM{number}")
        ready = connection.scalar(text("SELECT count(*) FROM inbox WHERE state = 'ready'"))
        stored = connection.scalar(text("SELECT count(*) FROM inbox"))
        accept(connection, anna, "STOP", sid="SMSTOP")
    assert (ready, stored) == (inbox.MOST_TEXTS, inbox.MOST_TEXTS + 5)
    assert stopped(engine, anna)


def test_what_a_reserved_word_is_answered_is_kept_in_the_conversation(engine: Engine) -> None:
    publish(engine, utter_texts_stopped="Off.")
    anna = outbox_rows.customer(engine)
    with engine.begin() as connection:
        accept(connection, anna, "STOP")
        said = [
            (turn.direction, turn.text) for turn in turns.after(connection, anna.customer_id, 0)
        ]
        assert said == [("in", "STOP"), ("out", "Off.")]
        assert not turns.has_spoken(connection, anna.customer_id, "sms")
