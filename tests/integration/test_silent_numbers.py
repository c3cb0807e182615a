"""A number of which nothing was heard for 180 days may be somebody else's: until a code is given,
nothing that is remembered is told to it or acted on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, update

from marketing.decisions import Reason, Refused
from memory import (
    addresses,
    consents,
    customers,
    facts,
    gate,
    inbox,
    linking,
    links,
    prospects,
    recall,
    turns,
)
from memory.addresses import Address
from memory.engine import open_engine
from memory.tables import addresses as addresses_table
from tests.keyring import KEYRING

NOW = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)
LAST_DAY, TOO_LATE = NOW + timedelta(days=180), NOW + timedelta(days=180, seconds=1)
PHONE = "+15035550142"


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine: Engine = open_engine(database_url, keyring=KEYRING)
    with engine.connect() as opened, opened.begin() as transaction:
        yield opened
        transaction.rollback()
    engine.dispose()


@pytest.fixture
def known(connection: Connection) -> Address:
    """A customer with a proven number, a name, a size, a word and a consent."""
    found = customers.of_address(connection, "phone", PHONE, proof="code", now=NOW)
    who = found.customer_id
    customers.set_name(connection, who, "Jihye")
    facts.learn(connection, who, kind="shoe_size", value=245, now=NOW)
    turns.append(
        connection,
        who,
        [turns.Utterance(text="my wife loves Mozart")],
        direction="in",
        channel="sms",
        language="en",
        at=NOW,
    )
    consents.record(
        connection,
        who,
        purpose="marketing",
        action="given",
        evidence={},
        now=NOW,
        address_id=found.address_id,
    )
    return found


def _text(connection: Connection, *, now: datetime) -> Address:
    return customers.of_address(connection, "phone", PHONE, proof="inbound", now=now)


def _recalled(connection: Connection, known: Address, *, now: datetime) -> recall.Recalled:
    return recall.recall(
        connection,
        known.customer_id,
        now=now,
        before_seq=99,
        is_proven=True,
        address_id=known.address_id,
    )


def _now_is(connection: Connection, known: Address) -> Address:
    return addresses.get(connection, known.customer_id, known.address_id)


def test_on_the_last_day_everything_is_there(connection: Connection, known: Address) -> None:
    found = _recalled(connection, known, now=LAST_DAY)
    assert (found.name, found.is_proven, found.is_silent) == ("Jihye", True, False)
    assert [fact.value for fact in found.facts] == [245]


def test_after_it_nothing_is(connection: Connection, known: Address) -> None:
    found = _recalled(connection, known, now=TOO_LATE)
    assert (found.name, found.is_proven, found.is_silent) == (None, False, True)
    assert (found.facts, found.orders, found.lately, found.offers) == ([], [], [], [])
    assert (found.tracker, found.nearest) == (None, ())
    assert [one.proof for one in found.numbers] == ["none"]


def test_what_is_said_in_this_visit_is_there(connection: Connection, known: Address) -> None:
    (seq,) = turns.append(
        connection,
        known.customer_id,
        [turns.Utterance(text="I wear a 270")],
        direction="in",
        channel="sms",
        language="en",
        at=TOO_LATE,
    )
    found = _recalled(connection, known, now=TOO_LATE + timedelta(minutes=1))
    assert [one["seq"] for one in found.lately] == [seq]


def test_from_another_door_the_customer_is_known_as_before(
    connection: Connection, known: Address
) -> None:
    found = recall.recall(
        connection, known.customer_id, now=TOO_LATE, before_seq=99, is_proven=True
    )
    assert (found.name, found.is_proven) == ("Jihye", True)


def test_a_text_after_it_proves_nothing(connection: Connection, known: Address) -> None:
    assert _text(connection, now=TOO_LATE).customer_id == known.customer_id
    assert _now_is(connection, known).last_heard_at == NOW
    assert _recalled(connection, known, now=TOO_LATE).is_silent


def test_a_code_brings_it_back(connection: Connection, known: Address) -> None:
    linking.link(connection, known.customer_id, PHONE, now=TOO_LATE)
    assert _recalled(connection, known, now=TOO_LATE).name == "Jihye"


@pytest.mark.parametrize("by", ["text", "link", "visit"])
def test_its_owner_is_heard_by(connection: Connection, known: Address, by: str) -> None:
    if by == "text":
        _text(connection, now=LAST_DAY)
    elif by == "link":
        token = links.issue(
            connection,
            known.customer_id,
            kind="offer",
            address_id=known.address_id,
            now=LAST_DAY,
        )
        links.find(connection, token, now=LAST_DAY)
    else:
        inbox.accept(
            connection,
            inbox.Incoming(
                channel="web",
                provider_id="visit",
                customer_id=known.customer_id,
                text="hi",
                proof="shop",
            ),
            now=LAST_DAY,
        )
    assert _now_is(connection, known).last_heard_at == LAST_DAY
    assert not _recalled(connection, known, now=TOO_LATE).is_silent


@pytest.mark.parametrize(("proof", "is_silent"), [("shop", False), ("code", True)])
def test_a_log_in_after_it_brings_back_what_the_shop_has_for_it(
    connection: Connection, known: Address, proof: str, is_silent: bool
) -> None:
    """STORIES 1: he logs in nine months later, and is written to."""
    addresses.prove(connection, known.customer_id, known.address_id, proof=proof, now=NOW)
    addresses.hear(connection, known.customer_id, now=TOO_LATE)
    assert _recalled(connection, known, now=TOO_LATE).is_silent is is_silent


def test_a_visit_that_is_not_proven_is_nobodys(connection: Connection, known: Address) -> None:
    inbox.accept(
        connection,
        inbox.Incoming(
            channel="web",
            provider_id="visit",
            customer_id=known.customer_id,
            text="hi",
            proof="none",
        ),
        now=LAST_DAY,
    )
    assert _now_is(connection, known).last_heard_at == NOW


def test_no_offer_goes_there_and_the_reason_is_named(
    connection: Connection, known: Address
) -> None:
    about = gate.About(product_id="p", category="c", since=NOW, latest=None)
    asked = {
        moment: gate.decide(
            connection, known.customer_id, about, address_id=known.address_id, now=moment
        )
        for moment in (LAST_DAY, TOO_LATE)
    }
    assert asked[TOO_LATE] == Refused(reason=Reason.SILENT_NUMBER)
    assert asked[LAST_DAY] != asked[TOO_LATE]
    number = prospects.number(connection, known.customer_id, now=TOO_LATE)
    assert number is not None
    assert not number.is_proven


def test_a_number_nobody_has_proven_may_still_be_proven_by_a_text(connection: Connection) -> None:
    customers.of_address(connection, "phone", PHONE, proof="none", now=NOW)
    assert _text(connection, now=TOO_LATE).proof == "none"
    found = addresses.find(connection, "phone", PHONE)
    assert found is not None
    assert (found.proof, found.last_heard_at) == ("inbound", TOO_LATE)


def test_rows_of_before_are_silent_since_they_were_proven(
    connection: Connection, known: Address
) -> None:
    """As migration 0003 has set them; one without any moment is not held to be silent."""
    connection.execute(update(addresses_table).values(last_heard_at=None))
    assert not _recalled(connection, known, now=TOO_LATE).is_silent
