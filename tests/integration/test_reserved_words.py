"""STOP, START and HELP inside the inbound transaction (RULES US-1, US-4, US-5, US-6), up to what
the provider is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from channels.protocol import Accepted, Kept, Message, Outcome
from marketing.opt_out import Keyword
from memory import addresses, consents, inbox, outbox, refusals, releases
from memory.addresses import Address
from memory.inbox import Incoming
from outreach.sender import Sending
from tests import outbox_rows
from tests.outbox_rows import NOW, put

WORDS = {
    "utter_texts_stopped": ("문자를 그만 보낼게요.", "You will get no more texts."),
    "utter_texts_reopened": ("다시 문자를 보낼게요.", "Texts are on again."),
    "utter_texts_help": ("도와드릴게요.", "We can help."),
}


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    emptied = outbox_rows.emptied(shared_engine)
    with emptied.begin() as connection:
        releases.publish(
            connection,
            inputs_digest="words",
            files={},
            words={name: _variants(*said) for name, said in WORDS.items()},
            model=b"",
            now=NOW,
        )
    return emptied


def _variants(ko: str, en: str) -> list[dict[str, object]]:
    def only(language: str) -> list[dict[str, str]]:
        return [{"type": "slot", "name": "language", "value": language}]

    return [{"text": ko, "condition": only("ko")}, {"text": en, "condition": only("en")}]


@pytest.fixture
def anna(engine: Engine) -> Address:
    return outbox_rows.customer(engine)


class Phone:
    """A sender that keeps what it is given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def send(self, message: Message) -> Outcome:
        self.texts.append(message.body)
        return Accepted(provider_id=f"SM{message.outbox_id}", status="queued")

    def kept(self, recipient: str, *, since: datetime) -> list[Kept] | None:
        return None


def say(
    engine: Engine,
    who: Address,
    words: str,
    *,
    now: datetime = NOW,
    already_answered: bool = False,
    sid: str | None = None,
) -> bool:
    """A text comes in; returns whether it waits for the dialogue."""
    with engine.begin() as connection:
        known = connection.execute(text("SELECT count(*) FROM inbox")).scalar_one()
        accepted = inbox.accept(
            connection,
            Incoming(
                channel="sms",
                provider_id=sid or f"SM{known}",
                customer_id=who.customer_id,
                address_id=who.address_id,
                text=words,
                proof="inbound",
                taken_by_provider_as=Keyword.STOP if already_answered else None,
            ),
            now=now,
        )
        state = connection.execute(
            text("SELECT state FROM inbox WHERE inbox_id = :id"), {"id": accepted.inbox_id}
        ).scalar_one()
    return bool(state == "ready")


def texts_to(engine: Engine) -> list[str]:
    """What reaches the phone when everything that waits is sent."""
    phone = Phone()
    sending = Sending(engine, {"sms": phone})
    while sending.send_next():
        pass
    return phone.texts


def ledger(engine: Engine, who: Address) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT purpose, action FROM consents WHERE customer_id = :id ORDER BY consent_id"
            ),
            {"id": who.customer_id},
        )
        return [(row.purpose, row.action) for row in rows]


def marketing(engine: Engine, who: Address) -> str:
    with engine.begin() as connection:
        return consents.lock_permission(connection, who.customer_id)


def give_marketing_consent(engine: Engine, who: Address) -> None:
    with engine.begin() as connection:
        consents.record(
            connection,
            who.customer_id,
            purpose="marketing",
            action="given",
            evidence={"text": "test"},
            now=NOW,
        )


def test_after_stop_one_confirmation_and_then_silence(engine: Engine, anna: Address) -> None:
    put(engine, anna, "waiting")
    assert say(engine, anna, "STOP") is False
    assert texts_to(engine) == ["You will get no more texts."]
    for words in ("hello?", "STOP", "unsubscribe", "do you have boots", "수신거부"):
        assert say(engine, anna, words) is False
    put(engine, anna, "a reply written by a turn that was under way")
    put(engine, anna, "an offer", message_class="advertisement")
    assert texts_to(engine) == []


def test_a_korean_word_is_answered_in_korean(engine: Engine, anna: Address) -> None:
    say(engine, anna, "수신거부")
    assert texts_to(engine) == ["문자를 그만 보낼게요."]


def test_the_refusal_counts_for_the_person_in_the_same_transaction(
    engine: Engine, anna: Address
) -> None:
    give_marketing_consent(engine, anna)
    say(engine, anna, "stop")
    assert marketing(engine, anna) == "refused"
    assert ledger(engine, anna) == [
        ("marketing", "given"),
        ("marketing", "withdrawn"),
        ("texts", "withdrawn"),
    ]
    with engine.connect() as connection:
        assert addresses.get(connection, anna.customer_id, anna.address_id).stopped_at == NOW


def test_a_stop_whose_transaction_fails_is_not_half_done(engine: Engine, anna: Address) -> None:
    with engine.connect() as connection:
        inbox.accept(connection, _stop_of(anna), now=NOW)
        connection.rollback()
    assert marketing(engine, anna) == "none"
    assert texts_to(engine) == []
    assert ledger(engine, anna) == []


def _stop_of(who: Address) -> Incoming:
    return Incoming(
        channel="sms",
        provider_id="SMx",
        customer_id=who.customer_id,
        address_id=who.address_id,
        text="STOP",
        proof="inbound",
    )


def test_a_stop_told_twice_is_confirmed_once(engine: Engine, anna: Address) -> None:
    say(engine, anna, "STOP", sid="SMsame")
    say(engine, anna, "STOP", sid="SMsame")
    assert texts_to(engine) == ["You will get no more texts."]
    assert ledger(engine, anna) == [("marketing", "withdrawn"), ("texts", "withdrawn")]


def test_a_confirmation_later_than_five_minutes_is_not_sent(engine: Engine, anna: Address) -> None:
    say(engine, anna, "STOP", now=NOW - timedelta(minutes=6))
    assert texts_to(engine) == []


def test_the_provider_may_hold_the_confirmation_for_five_minutes(
    engine: Engine, anna: Address
) -> None:
    say(engine, anna, "STOP")
    with engine.begin() as connection:
        taken = outbox.begin_sending(connection, now=NOW, lease=timedelta(seconds=60))
    assert isinstance(taken, outbox.Outgoing)
    assert taken.not_after == NOW + timedelta(minutes=5)


def test_no_confirmation_when_the_provider_has_sent_one(engine: Engine, anna: Address) -> None:
    say(engine, anna, "STOP", already_answered=True)
    assert texts_to(engine) == []
    assert marketing(engine, anna) == "refused"


def test_help_is_answered_before_and_after_a_stop(engine: Engine, anna: Address) -> None:
    assert say(engine, anna, "HELP") is False
    assert texts_to(engine) == ["We can help."]
    say(engine, anna, "STOP")
    assert texts_to(engine) == ["You will get no more texts."]
    say(engine, anna, "help", now=NOW + timedelta(minutes=11))
    assert texts_to(engine) == ["We can help."]


def test_help_is_answered_once_in_ten_minutes(engine: Engine, anna: Address) -> None:
    for minutes in (0, 1, 9, 10, 15, 21):
        say(engine, anna, "INFO", now=NOW + timedelta(minutes=minutes))
    with engine.connect() as connection:
        answered = connection.execute(
            text("SELECT at FROM outbox WHERE purpose = 'help' ORDER BY outbox_id")
        ).scalars()
        assert [at - NOW for at in answered] == [
            timedelta(0),
            timedelta(minutes=10),
            timedelta(minutes=21),
        ]


def test_start_reopens_replies(engine: Engine, anna: Address) -> None:
    say(engine, anna, "STOP")
    texts_to(engine)
    assert say(engine, anna, "START") is False
    assert texts_to(engine) == ["Texts are on again."]
    assert say(engine, anna, "do you have boots?") is True
    put(engine, anna, "reply")
    assert texts_to(engine) == ["text reply"]


def test_what_was_silenced_is_not_sent_after_start(engine: Engine, anna: Address) -> None:
    put(engine, anna, "before")
    say(engine, anna, "STOP")
    put(engine, anna, "while stopped")
    say(engine, anna, "START")
    assert texts_to(engine) == ["Texts are on again."]


def test_start_reopens_marketing_only_where_it_was_agreed_to(engine: Engine, anna: Address) -> None:
    bo = outbox_rows.customer(engine, 143)
    give_marketing_consent(engine, bo)
    for who in (anna, bo):
        say(engine, who, "STOP")
        say(engine, who, "START")
    assert (marketing(engine, anna), marketing(engine, bo)) == ("refused", "given")
    assert ledger(engine, bo)[-1] == ("marketing", "reopened")
    assert ("marketing", "reopened") not in ledger(engine, anna)


def test_start_undoes_no_refusal_but_that_of_a_stop(engine: Engine, anna: Address) -> None:
    give_marketing_consent(engine, anna)
    with engine.begin() as connection:
        refusals.refuse_marketing(connection, anna.customer_id, evidence={}, now=NOW)
    say(engine, anna, "START")
    assert marketing(engine, anna) == "refused"


def test_start_before_any_stop_gives_no_marketing(engine: Engine, anna: Address) -> None:
    say(engine, anna, "START")
    assert marketing(engine, anna) == "none"


@pytest.mark.parametrize("words", ["yes", "YES", "네", "cancel my order please", "취소 주문 문의"])
def test_other_words_go_to_the_dialogue(engine: Engine, anna: Address, words: str) -> None:
    assert say(engine, anna, words) is True
    assert texts_to(engine) == []


def test_a_stop_closes_that_number_and_no_other(engine: Engine, anna: Address) -> None:
    bo = outbox_rows.customer(engine, 143)
    say(engine, anna, "STOP")
    put(engine, bo, "to bo")
    assert texts_to(engine) == ["You will get no more texts.", "text to bo"]
