"""Two people who are known, by a log-in or a proven number, are made one by the shop's word or by
codes on both, and by nothing weaker: a browser, a cookie, an id from elsewhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine

from memory import addresses, codes, customers, facts, inbox, linking, turns
from memory.engine import open_engine
from memory.linking import Linked
from tests.keyring import KEYRING

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
MINE, THEIRS = "+15035550101", "+15035550102"


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine: Engine = open_engine(database_url, keyring=KEYRING)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def _with_number(connection: Connection, number: str, proof: str = "code") -> str:
    found = customers.of_address(connection, "phone", number, proof=proof, now=NOW)
    return found.customer_id


def _with_log_in(connection: Connection, user_id: str) -> str:
    found = customers.of_address(connection, "login", user_id, proof="shop", now=NOW)
    return found.customer_id


def _typed(connection: Connection, who: str, number: str, *, proof: str) -> inbox.Accepted:
    code = codes.issue(connection, who, number)
    return inbox.accept(
        connection,
        inbox.Incoming(
            channel="web",
            provider_id=secrets.token_hex(8),
            customer_id=who,
            text=code,
            proof=proof,
        ),
        now=NOW,
    )


@pytest.mark.parametrize("known_by", ["log-in", "number"])
def test_a_code_of_another_number_does_not_show_that_a_browser_is_somebody_known(
    connection: Connection, known_by: str
) -> None:
    """The browser's visitor was joined to them once; whoever sits there now has a telephone of
    their own."""
    known = (
        _with_log_in(connection, "u-1") if known_by == "log-in" else _with_number(connection, MINE)
    )
    other = _with_number(connection, THEIRS)
    accepted = _typed(connection, known, THEIRS, proof="none")
    assert not accepted.has_code
    assert inbox.get(connection, accepted.inbox_id).proof == "none"
    linked = linking.link(connection, known, THEIRS, now=NOW, is_proven=False)
    assert linked is Linked.NOT_PROVEN
    assert customers.known_as(connection, other) == other
    assert customers.known_as(connection, known) == known


def test_a_code_of_their_own_number_does(connection: Connection) -> None:
    known = _with_number(connection, MINE)
    accepted = _typed(connection, known, MINE, proof="none")
    assert accepted.has_code
    assert inbox.get(connection, accepted.inbox_id).proof == "code"


def test_codes_on_both_make_one(connection: Connection) -> None:
    known, other = _with_number(connection, MINE), _with_number(connection, THEIRS)
    assert _typed(connection, known, THEIRS, proof="code").has_code
    assert linking.link(connection, known, THEIRS, now=NOW, is_proven=True) is Linked.LINKED
    assert customers.known_as(connection, other) == known


def test_two_log_ins_stay_two_whatever_is_typed(connection: Connection) -> None:
    one, other = _with_log_in(connection, "u-1"), _with_log_in(connection, "u-2")
    addresses.add(connection, customer_id=other, kind="phone", value=THEIRS, proof="code", now=NOW)
    linked = linking.link(connection, one, THEIRS, now=NOW)
    assert linked is Linked.BELONGS_TO_ANOTHER_LOGIN
    assert customers.known_as(connection, other) == other


def test_a_mere_visitor_brings_the_whole_of_what_was_said_before(connection: Connection) -> None:
    visitor = customers.create(connection, now=NOW)
    for said in ("I run marathons", "my size is 9.5"):
        turns.append(
            connection,
            visitor,
            [turns.Utterance(text=said)],
            direction="in",
            channel="web",
            language="en",
            at=NOW,
        )
    facts.learn(connection, visitor, kind="activity", value="running", now=NOW)
    texting = _with_number(connection, THEIRS, proof="inbound")
    turns.append(
        connection,
        texting,
        [turns.Utterance(text="do you open on Sunday?")],
        direction="in",
        channel="sms",
        language="en",
        at=NOW,
    )
    assert _typed(connection, visitor, THEIRS, proof="none").has_code
    assert linking.link(connection, visitor, THEIRS, now=NOW, is_proven=True) is Linked.LINKED
    heard = [one.text for one in turns.after(connection, visitor, -99) if one.direction == "in"]
    assert {"I run marathons", "my size is 9.5", "do you open on Sunday?"} <= set(heard)
    assert [one.value for one in facts.known(connection, visitor)] == ["running"]


def test_an_id_from_elsewhere_joins_nobody(connection: Connection) -> None:
    """The same made-up id on two devices is one visitor, and no customer of that name."""
    known = _with_log_in(connection, "u-1")
    first = customers.of_address(connection, "visitor", "u-1", proof="none", now=NOW)
    again = customers.of_address(connection, "visitor", "u-1", proof="none", now=NOW)
    assert first.customer_id == again.customer_id != known
    assert not linking.is_known(connection, first.customer_id)
