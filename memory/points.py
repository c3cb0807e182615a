"""Points: a ledger in which every transfer names both its accounts, so that it balances by
construction; and the balance of each customer, which the database keeps from going below nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from marketing.errors import DangolError
from memory.tables import point_balances, points

CUSTOMER, ISSUED, SPENT, EXPIRED = "customer", "issued", "spent", "expired"
"""The accounts: what a customer has, and where points come from and go to."""


class NotEnoughPoints(DangolError):
    """The customer has fewer points than that."""


class KeyUsed(DangolError):
    """That key stands for another transfer."""


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """One line of a customer's ledger."""

    transfer_id: int
    from_account: str
    to_account: str
    amount: int
    key: str
    reason: str
    order_id: str | None
    at: datetime


def earn(
    connection: Connection,
    customer_id: str,
    amount: int,
    *,
    key: str,
    reason: str,
    now: datetime,
    order_id: str | None = None,
) -> bool:
    """Give points; False if `key` was used for it before. Raises KeyUsed, and ValueError unless
    `amount` is above nothing."""
    return _transfer(
        connection, customer_id, ISSUED, CUSTOMER, amount, key, reason, now, order_id=order_id
    )


def spend(
    connection: Connection,
    customer_id: str,
    amount: int,
    *,
    key: str,
    reason: str,
    now: datetime,
    order_id: str | None = None,
) -> bool:
    """Take points for what the customer gets; False if `key` was used for it before. Raises
    NotEnoughPoints, KeyUsed, and ValueError unless `amount` is above nothing."""
    return _transfer(
        connection, customer_id, CUSTOMER, SPENT, amount, key, reason, now, order_id=order_id
    )


def expire(
    connection: Connection, customer_id: str, amount: int, *, key: str, reason: str, now: datetime
) -> bool:
    """Take points that were not spent in time; False if `key` was used for it before. Raises as
    `spend` does."""
    return _transfer(connection, customer_id, CUSTOMER, EXPIRED, amount, key, reason, now)


def balance(connection: Connection, customer_id: str) -> int:
    """How many points the customer has."""
    found = connection.scalar(
        select(point_balances.c.balance).where(point_balances.c.customer_id == customer_id)
    )
    return int(found or 0)


def history(connection: Connection, customer_id: str, *, limit: int = 100) -> list[Transfer]:
    """The newest transfers of a customer, oldest first."""
    rows = connection.execute(
        select(*(points.c[name] for name in Transfer.__dataclass_fields__))
        .where(points.c.customer_id == customer_id)
        .order_by(points.c.transfer_id.desc())
        .limit(limit)
    ).all()
    return [Transfer(**row._mapping) for row in reversed(rows)]


def _transfer(
    connection: Connection,
    customer_id: str,
    from_account: str,
    to_account: str,
    amount: int,
    key: str,
    reason: str,
    now: datetime,
    *,
    order_id: str | None = None,
) -> bool:
    """The row of the balance is locked first, so that the transfers of one customer follow each
    other, and one that fails leaves nothing behind."""
    if amount < 1:
        raise ValueError("Points go by whole numbers above nothing.")
    had = _locked_balance(connection, customer_id)
    wanted = (from_account, to_account, amount)
    known = connection.execute(
        select(points.c.from_account, points.c.to_account, points.c.amount).where(
            points.c.customer_id == customer_id, points.c.key == key
        )
    ).one_or_none()
    if known is not None:
        if tuple(known) != wanted:
            raise KeyUsed
        return False
    left = had + (amount if to_account == CUSTOMER else -amount)
    if left < 0:
        raise NotEnoughPoints
    connection.execute(
        insert(points).values(
            customer_id=customer_id,
            from_account=from_account,
            to_account=to_account,
            amount=amount,
            key=key,
            reason=reason,
            order_id=order_id,
            at=now,
        )
    )
    connection.execute(
        update(point_balances)
        .where(point_balances.c.customer_id == customer_id)
        .values(balance=left)
    )
    return True


def _locked_balance(connection: Connection, customer_id: str) -> int:
    connection.execute(
        insert(point_balances).values(customer_id=customer_id, balance=0).on_conflict_do_nothing()
    )
    locked: int = connection.execute(
        select(point_balances.c.balance)
        .where(point_balances.c.customer_id == customer_id)
        .with_for_update()
    ).scalar_one()
    return locked
