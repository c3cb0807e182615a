"""Points: what is earned and spent always adds up, never goes below nothing, and is redeemed once
(RULES OF-1).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from memory import customers, points
from tests import outbox_rows

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def customer(engine: Engine) -> str:
    with engine.begin() as connection:
        return customers.create(connection, now=NOW)


def earn(connection: Connection, customer: str, amount: int, key: str = "order:1") -> bool:
    return points.earn(connection, customer, amount, key=key, reason="order", now=NOW)


def spend(connection: Connection, customer: str, amount: int, key: str = "reward:1") -> bool:
    return points.spend(connection, customer, amount, key=key, reason="reward", now=NOW)


def booked(connection: Connection, customer: str) -> int:
    """What the ledger itself adds up to."""
    return int(
        connection.execute(
            text(
                "SELECT coalesce(sum(CASE to_account WHEN 'customer' THEN amount ELSE -amount END),"
                " 0) FROM points WHERE customer_id = :id"
            ),
            {"id": customer},
        ).scalar_one()
    )


def test_what_is_earned_can_be_spent_once(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        assert points.balance(connection, customer) == 0
        assert earn(connection, customer, 1190)
        assert not earn(connection, customer, 1190)  # told again: the same order
        assert spend(connection, customer, 1000)
        assert not spend(connection, customer, 1000)
        assert points.expire(connection, customer, 90, key="year:2026", reason="year", now=NOW)
        assert points.balance(connection, customer) == 100
        lines = points.history(connection, customer)
    assert [(line.from_account, line.to_account, line.amount, line.key) for line in lines] == [
        ("issued", "customer", 1190, "order:1"),
        ("customer", "spent", 1000, "reward:1"),
        ("customer", "expired", 90, "year:2026"),
    ]
    assert [line.reason for line in lines] == ["order", "reward", "year"]
    assert {line.at for line in lines} == {NOW}


def test_nobody_spends_what_they_do_not_have(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        earn(connection, customer, 99)
        with pytest.raises(points.NotEnoughPoints):
            spend(connection, customer, 100)
        assert points.balance(connection, customer) == booked(connection, customer) == 99


def test_a_key_stands_for_one_transfer(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        earn(connection, customer, 10, "a")
        with pytest.raises(points.KeyUsed):
            earn(connection, customer, 11, "a")
        with pytest.raises(points.KeyUsed):
            spend(connection, customer, 10, "a")
        assert points.balance(connection, customer) == 10


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_is_no_transfer(engine: Engine, customer: str, amount: int) -> None:
    with engine.begin() as connection, pytest.raises(ValueError, match="above nothing"):
        earn(connection, customer, amount)


def test_two_hundred_at_once_redeem_one_reward(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        earn(connection, customer, 5000)
    done = _all_at_once(engine, 200, lambda connection, _: spend(connection, customer, 1000))
    assert done.count(True) == 1
    assert done.count(False) == 199
    with engine.connect() as connection:
        assert points.balance(connection, customer) == 4000


def test_two_hundred_rewards_at_once_never_go_below_nothing(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        earn(connection, customer, 5000)

    def redeem(connection: Connection, place: int) -> bool:
        try:
            return spend(connection, customer, 300, f"reward:{place}")
        except points.NotEnoughPoints:
            return False

    assert _all_at_once(engine, 200, redeem).count(True) == 16  # 16 × 300 of 5,000
    with engine.connect() as connection:
        assert points.balance(connection, customer) == booked(connection, customer) == 200


def test_first_points_from_many_orders_at_once_all_count(engine: Engine, customer: str) -> None:
    done = _all_at_once(engine, 40, lambda one, place: earn(one, customer, 7, f"order:{place}"))
    assert done == [True] * 40
    with engine.connect() as connection:
        assert points.balance(connection, customer) == 280


def _all_at_once(engine: Engine, count: int, act: Callable[[Connection, int], bool]) -> list[bool]:
    done: list[bool] = []

    def run(place: int) -> None:
        with engine.begin() as connection:
            done.append(act(connection, place))

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == count
    return done


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["earn", "spend", "expire"]),
        st.integers(min_value=1, max_value=300),
        st.integers(min_value=0, max_value=5),
    ),
    max_size=25,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_STEPS)
def test_the_ledger_balances_whatever_is_done(
    engine: Engine, steps: list[tuple[str, int, int]]
) -> None:
    """Beside a plain model: a sum, and a dictionary of what each key stood for."""
    has = 0
    known: dict[int, tuple[str, int]] = {}
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        for act, amount, key in steps:
            verb = {"earn": points.earn, "spend": points.spend, "expire": points.expire}[act]
            signed = amount if act == "earn" else -amount
            expected = (
                points.KeyUsed
                if key in known and known[key] != (act, amount)
                else points.NotEnoughPoints
                if key not in known and has + signed < 0
                else None
            )
            if expected is not None:
                with pytest.raises(expected):
                    verb(connection, customer, amount, key=str(key), reason="x", now=NOW)
                continue
            assert verb(connection, customer, amount, key=str(key), reason="x", now=NOW) is (
                key not in known
            )
            has += 0 if key in known else signed
            known[key] = (act, amount)
            assert points.balance(connection, customer) == booked(connection, customer) == has


@pytest.mark.parametrize("statement", ["UPDATE points SET amount = 1", "DELETE FROM points"])
def test_the_ledger_is_append_only(engine: Engine, customer: str, statement: str) -> None:
    with engine.begin() as connection:
        earn(connection, customer, 10)
    with engine.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE point_balances SET balance = -1", "balance_not_negative"),
        (
            "INSERT INTO points (customer_id, from_account, to_account, amount, key, reason, at)"
            " VALUES ('c', 'issued', 'spent', 1, 'k', 'r', now())",
            "customer_takes_part",
        ),
        (
            "INSERT INTO points (customer_id, from_account, to_account, amount, key, reason, at)"
            " VALUES ('c', 'customer', 'customer', 1, 'k', 'r', now())",
            "accounts_differ",
        ),
        (
            "INSERT INTO points (customer_id, from_account, to_account, amount, key, reason, at)"
            " VALUES ('c', 'issued', 'customer', 0, 'k', 'r', now())",
            "amount_positive",
        ),
    ],
)
def test_the_database_itself_refuses(
    engine: Engine, customer: str, statement: str, constraint: str
) -> None:
    with engine.begin() as connection:
        earn(connection, customer, 10)
    with engine.connect() as connection, pytest.raises(IntegrityError, match=constraint):
        connection.execute(text(statement))
