"""A text says that the number is a stranger's (STORIES 5): the customer who had it loses it and
nothing else, its holder learns nothing of them, and is answered once.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, text

from command.phone.exchange import signature
from memory import addresses, consents, customers, facts, inbox, links, offers, outbox
from memory.addresses import Address
from memory.consents import Standing
from tests.web_site import RunningSite

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
WORDS = {
    "ko": "죄송합니다. 이 번호로는 더 보내지 않겠습니다.",
    "en": "Sorry. We won't text this number again.",
}


@pytest.fixture
def engine(site: RunningSite) -> Engine:
    return site.engine


@pytest.fixture
def number() -> str:
    return f"+1971555{secrets.randbelow(10**4):04}"


def _text(site: RunningSite, number: str, said: str, sid: str | None = None) -> None:
    fields = {
        "MessageSid": sid or f"SM{secrets.token_hex(16)}",
        "From": number,
        "To": "+15005550006",
        "Body": said,
        "NumMedia": "0",
    }
    url = f"{site.settings.public_base_url}/webhooks/twilio/sms"
    signed = signature(site.settings.twilio_auth_token, url, fields)
    with site.client() as client:
        answer = client.post(
            "/webhooks/twilio/sms",
            content=urlencode(fields),
            headers={
                "X-Twilio-Signature": signed,
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
    assert answer.status_code == 200, answer.text


@pytest.fixture
def former(engine: Engine, number: str) -> str:
    """A customer with a number that agreed to advertisements, another number, a name and a fact."""
    with engine.begin() as connection:
        had = customers.of_address(connection, "phone", number, proof="code", now=NOW)
        who = had.customer_id
        customers.set_name(connection, who, "Jihye")
        facts.learn(
            connection,
            who,
            kind="shoe_size",
            value=245,
            said="245",
            now=NOW,
        )
        addresses.add(
            connection,
            customer_id=who,
            kind="phone",
            value=f"+82105550{secrets.randbelow(10**4):04}",
            proof="code",
            now=NOW,
        )
        for one in addresses.of_customer(connection, who):
            consents.lock_permission(connection, who)
            consents.record(
                connection,
                who,
                purpose="marketing",
                action="given",
                evidence={},
                now=NOW,
                address_id=one.address_id,
            )
    return who


def _phones(engine: Engine, who: str) -> list[Address]:
    with engine.connect() as connection:
        return [one for one in addresses.of_customer(connection, who) if one.kind == "phone"]


def _owner(engine: Engine, number: str) -> Address:
    with engine.connect() as connection:
        found = addresses.find(connection, "phone", number)
    assert found is not None
    return found


def _rows(engine: Engine, statement: str, **values: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(statement), values))


def _texts_to(engine: Engine, who: str) -> list[tuple[str, str]]:
    rows = _rows(
        engine, "SELECT body, state FROM outbox WHERE customer_id = :id ORDER BY outbox_id", id=who
    )
    return [(row.body, row.state) for row in rows]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("who is this? wrong number", "en"),
        ("누구세요, 저 아니에요", "ko"),
        ("잘못 보내셨어요", "ko"),
        ("wrong number", "en"),
    ],
)
def test_the_number_goes_and_everything_else_stays(
    site: RunningSite, engine: Engine, number: str, former: str, said: str, language: str
) -> None:
    _publish(site)
    _text(site, number, said)
    left = _phones(engine, former)
    assert [one.value[:3] for one in left] == ["+82"]
    with engine.connect() as connection:
        assert customers.get(connection, former).name == "Jihye"
        assert [one.value for one in facts.known(connection, former)] == [245]
        standing = consents.standing(connection, former, left[0].address_id, now=NOW)
        assert standing == Standing(marketing=True)
    stranger = _owner(engine, number).customer_id
    assert stranger != former
    with engine.connect() as connection:
        assert customers.get(connection, stranger).name is None
        assert facts.known(connection, stranger) == []
    assert _texts_to(engine, stranger) == [(WORDS[language], "ready")]
    assert _texts_to(engine, former) == []
    assert _rows(engine, "SELECT 1 FROM turns WHERE customer_id = :id", id=former) == []


def _publish(site: RunningSite) -> None:
    from memory import releases

    words = {
        "utter_wrong_number": [
            {
                "text": WORDS[language],
                "condition": [{"type": "slot", "name": "language", "value": language}],
            }
            for language in ("ko", "en")
        ]
    }
    with site.engine.begin() as connection:
        releases.publish(
            connection, inputs_digest="wrong", files={}, words=words, model=b"none", now=NOW
        )


def test_its_consent_ends_in_the_ledger_and_is_no_refusal(
    site: RunningSite, engine: Engine, number: str, former: str
) -> None:
    lost = _phones(engine, former)[0]
    _text(site, number, "누구세요?")
    lines = _rows(
        engine,
        "SELECT purpose, action, address_id FROM consents WHERE customer_id = :id"
        " AND evidence ->> 'reason' = 'wrong_number' ORDER BY purpose",
        id=former,
    )
    assert [(one.purpose, one.action) for one in lines] == [
        ("marketing", "ended"),
        ("night", "ended"),
        ("texts", "ended"),
    ]
    assert {one.address_id for one in lines} == {lost.address_id}
    with engine.begin() as connection:
        assert consents.lock_permission(connection, former) == "given"
        assert consents.standing(connection, former, lost.address_id, now=NOW) == Standing()
        assert consents.lock_permission(connection, _owner(engine, number).customer_id) == "refused"


def test_what_was_pending_to_it_is_cancelled_and_its_links_open_nothing(
    site: RunningSite, engine: Engine, number: str, former: str
) -> None:
    lost, kept = _phones(engine, former)
    with engine.begin() as connection:
        token = links.issue(
            connection, former, kind="offer", address_id=lost.address_id, now=NOW, offer_id=1
        )
        ids = {}
        for place, to in enumerate((lost, kept)):
            offer_id = offers.plan(
                connection,
                former,
                campaign="browse",
                occurrence=str(place),
                product_id="p",
                category="c",
                about={},
                language="ko",
                text="",
                now=NOW,
            )
            ids[to.address_id] = offer_id
            outbox.put(
                connection,
                key=secrets.token_hex(8),
                customer_id=former,
                address_id=to.address_id,
                message_class="advertisement",
                purpose="offer",
                body="an offer",
                now=NOW,
                offer_id=offer_id,
            )
    _text(site, number, "Wrong number.")
    states = {
        row.address_id: (row.state, row.reason)
        for row in _rows(
            engine,
            "SELECT address_id, state, reason FROM outbox WHERE customer_id = :id",
            id=former,
        )
    }
    assert states == {
        lost.address_id: ("cancelled", "wrong_number"),
        kept.address_id: ("ready", None),
    }
    with engine.begin() as connection:
        gone, stays = (ids[one.address_id] for one in (lost, kept))
        assert gone is not None
        assert stays is not None
        assert offers.get(connection, former, gone).state == "cancelled"
        assert offers.get(connection, former, stays).state == "planned"
        assert links.find(connection, token, now=datetime.now(UTC)) is None


def test_the_gate_lets_nothing_out_to_it_that_was_written_meanwhile(
    site: RunningSite, engine: Engine, number: str, former: str
) -> None:
    lost = _phones(engine, former)[0]
    _text(site, number, "wrong number")
    with engine.begin() as connection:
        outbox_id = outbox.put(
            connection,
            key=secrets.token_hex(8),
            customer_id=former,
            address_id=lost.address_id,
            message_class="reply",
            body="late answer",
            now=NOW,
        )
        connection.execute(
            text("UPDATE outbox SET state = 'cancelled' WHERE outbox_id <> :id"), {"id": outbox_id}
        )
        passed = outbox.begin_sending(connection, now=NOW, lease=timedelta(minutes=1))
    assert isinstance(passed, outbox.Passed)
    assert (passed.outbox_id, passed.reason) == (outbox_id, "unlinked")


def test_said_again_or_delivered_again_it_is_answered_once(
    site: RunningSite, engine: Engine, number: str, former: str
) -> None:
    _publish(site)
    sid = f"SM{secrets.token_hex(16)}"
    for _ in range(2):
        _text(site, number, "wrong number", sid)
    for _ in range(3):
        _text(site, number, "Wrong number!!")
    stranger = _owner(engine, number).customer_id
    assert len(_texts_to(engine, stranger)) == 1
    assert (
        _rows(engine, "SELECT count(*) AS n FROM inbox WHERE customer_id = :id", id=stranger)[0].n
        == 4
    )


def test_a_number_that_said_stop_stays_closed_without_a_word(
    site: RunningSite, engine: Engine, number: str, former: str
) -> None:
    _publish(site)
    _text(site, number, "STOP")
    _text(site, number, "wrong number")
    assert _phones(engine, former)[0].value.startswith("+82")
    stranger = _owner(engine, number)
    assert stranger.stopped_at is not None
    assert _texts_to(engine, stranger.customer_id) == []


def test_a_second_stranger_years_later_gets_nothing_of_the_first(
    site: RunningSite, engine: Engine, number: str, former: str
) -> None:
    _text(site, number, "wrong number")
    first = _owner(engine, number).customer_id
    _text(site, number, "do you have trail shoes in 270?")
    assert _owner(engine, number).customer_id == first
    _text(site, number, "who is this? wrong number")
    assert _owner(engine, number).customer_id not in (first, former)


def test_a_message_that_was_looked_up_before_is_not_answered_from_the_memory(
    site: RunningSite, engine: Engine, number: str, former: str
) -> None:
    """The address was found, then freed by another message, then this one was stored."""
    with engine.begin() as connection:
        found = addresses.find(connection, "phone", number)
        assert found is not None
    _text(site, number, "wrong number")
    with engine.begin() as connection:
        accepted = inbox.accept(
            connection,
            inbox.Incoming(
                channel="sms",
                provider_id=secrets.token_hex(8),
                customer_id=found.customer_id,
                address_id=found.address_id,
                text="what do you know about me?",
                proof="inbound",
            ),
            now=NOW,
        )
        stored = inbox.get(connection, accepted.inbox_id)
    assert stored.customer_id == _owner(engine, number).customer_id
