"""A merge that is undone leaves both as they were, in every table that the schema has; what has
come since stays with who stayed.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, func, insert, select, text, update

from memory import (
    addresses,
    consents,
    customers,
    facts,
    inbox,
    links,
    merging,
    personal,
    points,
    sessions,
    turns,
    unmerging,
)
from memory.consents import Standing
from memory.engine import open_engine
from memory.tables import metadata
from memory.unmerging import NotToBeUndone
from tests.keyring import KEYRING
from tests.whole_person import row_of

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
SEEDS = range(12)
BY_VERBS = frozenset(
    {"customers", "conversations", "permissions", "addresses", "address_lookup", "turns", "inbox"}
    | {"consents", "points", "point_balances", "sessions", "links", "merges", "erasures"}
)
"""Tables that are filled by their verbs; the others row by row, so that a new one is, too."""
SHORT_LIVED = frozenset({"codes", "open_chats"})
LEDGERS = frozenset({"consents", "points", "point_balances", "merges"})
"""Append-only: what they come to is compared, not their lines."""
OTHERWISE = {"conversations": {"tracker"}, "sessions": {"customer_id", "revoked_at"}}
"""What may differ: scratch pads may be wiped, and sessions end."""
_OFFERS = itertools.count(1)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine: Engine = open_engine(database_url, keyring=KEYRING)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def _person(connection: Connection, chance: random.Random, place: int) -> str:
    """Somebody with one or two rows of everything, of which some are like the other's."""
    who = customers.create(
        connection,
        now=NOW,
        customer_id=f"cus_{place}",
        name=chance.choice((None, f"name {place}")),
        language=chance.choice((None, "ko", "en")),
    )
    address_ids = [
        addresses.add(connection, customer_id=who, kind=kind, value=value, proof="code", now=NOW)
        for kind, value in (("phone", f"+1503555010{place}"), ("email", f"{place}@mail.example"))
    ]
    for table in personal.tables():
        if table.name not in BY_VERBS:
            for number in range(chance.randint(1, 2)):
                shared = chance.random() < 0.5
                _row(
                    connection, table, who, "shared" if shared and not number else f"{who} {number}"
                )
    _said(connection, who, chance, address_ids[0])
    for address_id in address_ids:
        assert address_id is not None
        links.issue(connection, who, kind="offer", address_id=address_id, now=NOW, offer_id=1)
        for purpose in chance.sample(("marketing", "night"), chance.randint(0, 2)):
            consents.record(
                connection,
                who,
                purpose=purpose,
                action=chance.choice(("given", "given", "withdrawn")),
                evidence={},
                now=NOW,
                address_id=address_id,
            )
    sessions.open_session(connection, who)
    if chance.random() < 0.7:
        points.earn(connection, who, chance.randint(1, 900), key="o-1", reason="order", now=NOW)
    return who


def _row(connection: Connection, table: Table, who: str, said: str) -> None:
    """Unique across customers where it has to be, alike where it may be."""
    row = row_of(table, who, said)
    for name in ("key", "code", "provider_id", "token_digest"):
        if name in row and name in table.c and isinstance(row[name], str):
            row[name] = f"{who} {said}"
    of_tables: dict[str, dict[str, Any]] = {
        "orders": {"order_id": said},
        "order_lines": {"order_id": said},
        "hand_overs": {"state": "waiting" if said == "shared" else "closed"},
        "due": {"state": "waiting"},
        "coupons": {"offer_id": next(_OFFERS)},
    }
    row |= of_tables.get(table.name, {})
    connection.execute(insert(table).values(row))


def _said(connection: Connection, who: str, chance: random.Random, address_id: int | None) -> None:
    for _ in range(chance.randint(1, 4)):
        at = NOW - timedelta(minutes=chance.randint(1, 9999))
        inbox.accept(
            connection,
            inbox.Incoming(
                channel="sms",
                provider_id=f"SM{chance.random()}",
                customer_id=who,
                text="hello",
                proof="inbound",
                address_id=address_id,
            ),
            now=at,
        )
    last = turns.last_seq(connection, who)
    for name in ("facts", "voice_items", "muted_topics"):
        table = metadata.tables[name]
        connection.execute(update(table).where(table.c.customer_id == who).values(source_seq=last))


def _everything(connection: Connection, who: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for table in personal.tables():
        if table.name in SHORT_LIVED | LEDGERS:
            continue
        rows = connection.scalars(
            select(func.to_jsonb(table.table_valued())).where(table.c.customer_id == who)
        ).all()
        left_out = OTHERWISE.get(table.name, set())
        if table.name != "sessions":
            found[table.name] = sorted(
                ({k: v for k, v in row.items() if k not in left_out} for row in rows), key=str
            )
    return found


def _comes_to(connection: Connection, who: str) -> dict[str, Any]:
    return {
        "points": points.balance(connection, who),
        "permission": consents.lock_permission(connection, who),
        "standing": {
            one.value: consents.standing(connection, who, one.address_id, now=NOW)
            for one in addresses.of_customer(connection, who)
        },
    }


def _merged(connection: Connection, gone: str, stays: str) -> int:
    assert merging.merge(connection, gone=gone, stays=stays, proof="code", now=NOW)
    return unmerging.of_customer(connection, stays)[-1].merge_id


@pytest.mark.parametrize("seed", SEEDS)
def test_undone_both_are_as_they_were_in_every_table(connection: Connection, seed: int) -> None:
    chance = random.Random(seed)
    both = [_person(connection, chance, place) for place in (1, 2)]
    before = {who: (_everything(connection, who), _comes_to(connection, who)) for who in both}
    merge_id = _merged(connection, *both)
    gone = both[0]
    left = {
        name
        for name, rows in _everything(connection, gone).items()
        if rows and name not in ("customers", "permissions", "conversations")
    }
    assert left <= {"orders", "order_lines", "due", "muted_topics"}  # which both had
    unmerging.undo(connection, merge_id, now=NOW + timedelta(hours=1))
    for who in both:
        everything, comes_to = before[who]
        again = _everything(connection, who)
        for name, rows in everything.items():
            assert again[name] == rows, name
        assert _comes_to(connection, who) == comes_to
    assert customers.known_as(connection, gone) == gone
    assert unmerging.get(connection, merge_id).undone_at == NOW + timedelta(hours=1)


def test_what_has_come_since_stays(connection: Connection) -> None:
    chance = random.Random(1)
    gone, stays = (_person(connection, chance, place) for place in (1, 2))
    of_gone = len(_everything(connection, gone)["turns"])
    merge_id = _merged(connection, gone, stays)
    facts.learn(connection, stays, kind="city", value="Busan", now=NOW)
    turns.append(
        connection,
        stays,
        [turns.Utterance(text="since")],
        direction="in",
        channel="web",
        language=None,
        at=NOW,
    )
    unmerging.undo(connection, merge_id, now=NOW)
    assert [one.value for one in facts.known(connection, stays) if one.kind == "city"] == ["Busan"]
    assert not [one for one in facts.known(connection, gone) if one.kind == "city"]
    assert _everything(connection, stays)["turns"][-1]["text"] == "since" or any(
        row["text"] == "since" for row in _everything(connection, stays)["turns"]
    )
    assert len(_everything(connection, gone)["turns"]) == of_gone


def test_a_fact_that_was_told_anew_since_is_not_taken_back(connection: Connection) -> None:
    gone, stays = (customers.create(connection, now=NOW, customer_id=who) for who in ("a", "b"))
    facts.learn(connection, gone, kind="shoe_size", value=270, now=NOW)
    facts.learn(connection, stays, kind="shoe_size", value=245, now=NOW - timedelta(days=1))
    merge_id = _merged(connection, gone, stays)
    facts.learn(connection, stays, kind="shoe_size", value=250, now=NOW + timedelta(minutes=1))
    unmerging.undo(connection, merge_id, now=NOW + timedelta(hours=1))
    assert [one.value for one in facts.known(connection, stays)] == [250]


def test_a_consent_given_since_stays_with_its_address(connection: Connection) -> None:
    gone, stays = (customers.create(connection, now=NOW, customer_id=who) for who in ("a", "b"))
    phone = {"customer_id": gone, "kind": "phone", "value": "+15035550101"}
    address_id = addresses.add(connection, **phone, proof="code", now=NOW)
    assert address_id is not None
    merge_id = _merged(connection, gone, stays)
    consents.record(
        connection,
        stays,
        purpose="marketing",
        action="given",
        evidence={},
        now=NOW,
        address_id=address_id,
    )
    unmerging.undo(connection, merge_id, now=NOW)
    assert consents.standing(connection, gone, address_id, now=NOW) == Standing(marketing=True)


def test_a_stop_said_since_counts_for_whose_number_it_is(connection: Connection) -> None:
    gone, stays = (customers.create(connection, now=NOW, customer_id=who) for who in ("a", "b"))
    phone = {"customer_id": gone, "kind": "phone", "value": "+15035550101"}
    address_id = addresses.add(connection, **phone, proof="code", now=NOW)
    merge_id = _merged(connection, gone, stays)
    consents.record(
        connection,
        stays,
        purpose="marketing",
        action="withdrawn",
        evidence={},
        now=NOW,
        address_id=address_id,
    )
    unmerging.undo(connection, merge_id, now=NOW)
    assert consents.lock_permission(connection, gone) == "refused"


def test_sessions_of_both_end(connection: Connection) -> None:
    gone, stays = (customers.create(connection, now=NOW, customer_id=who) for who in ("a", "b"))
    tokens = [sessions.open_session(connection, who) for who in (gone, stays)]
    unmerging.undo(connection, _merged(connection, gone, stays), now=NOW)
    assert [sessions.find(connection, token) for token in tokens] == [None, None]


def test_it_is_undone_once_and_the_last_of_several_first(connection: Connection) -> None:
    first, second, third = (
        customers.create(connection, now=NOW, customer_id=who) for who in ("a", "b", "c")
    )
    into_second = _merged(connection, first, second)
    into_third = _merged(connection, second, third)
    with pytest.raises(NotToBeUndone, match="undo that first"):
        unmerging.undo(connection, into_second, now=NOW)
    for merge_id in (into_third, into_second):
        unmerging.undo(connection, merge_id, now=NOW)
    assert [customers.known_as(connection, who) for who in (first, second)] == [first, second]
    with pytest.raises(NotToBeUndone, match="undone before"):
        unmerging.undo(connection, into_second, now=NOW)


def test_nobody_is_left_merged_into_somebody_who_was_erased(connection: Connection) -> None:
    gone, stays = (customers.create(connection, now=NOW, customer_id=who) for who in ("a", "b"))
    merge_id = _merged(connection, gone, stays)
    connection.execute(text("UPDATE customers SET erased_at = now() WHERE customer_id = 'b'"))
    with pytest.raises(NotToBeUndone, match="erased"):
        unmerging.undo(connection, merge_id, now=NOW)
