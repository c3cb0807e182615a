"""Coupons: one for an offer, redeemed at most once (RULES OF-1, OF-2)."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from memory.tables import coupons

LIFETIME = timedelta(days=7)
_RANDOM_BYTES = 10
"""80 bits, 16 letters."""


@dataclass(frozen=True, kw_only=True)
class Coupon:
    """A reduction of one product's price."""

    code: str
    percent: int
    product_id: str


def issue(
    connection: Connection,
    customer_id: str,
    *,
    offer_id: int,
    percent: int,
    product_id: str,
    now: datetime,
) -> Coupon:
    """The coupon of an offer: a new one, or the one it has already."""
    held = connection.execute(
        select(coupons.c.code, coupons.c.percent, coupons.c.product_id).where(
            coupons.c.customer_id == customer_id, coupons.c.offer_id == offer_id
        )
    ).one_or_none()
    if held is not None:
        return Coupon(**held._mapping)
    made = Coupon(code=_new_code(), percent=percent, product_id=product_id)
    connection.execute(
        insert(coupons).values(
            code=made.code,
            customer_id=customer_id,
            offer_id=offer_id,
            percent=percent,
            product_id=product_id,
            issued_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return made


def of_offer(connection: Connection, customer_id: str, offer_id: int) -> Coupon | None:
    """The coupon that was given with an offer."""
    row = connection.execute(
        select(coupons.c.code, coupons.c.percent, coupons.c.product_id).where(
            coupons.c.customer_id == customer_id, coupons.c.offer_id == offer_id
        )
    ).one_or_none()
    return Coupon(**row._mapping) if row else None


def valid(connection: Connection, code: str, *, now: datetime) -> Coupon | None:
    """The coupon of that code, if it may still be redeemed."""
    row = connection.execute(
        select(coupons.c.code, coupons.c.percent, coupons.c.product_id).where(
            coupons.c.code == code.strip().upper(),
            coupons.c.redeemed_at.is_(None),
            coupons.c.expires_at > now,
        )
    ).one_or_none()
    return Coupon(**row._mapping) if row else None


def has_expired(connection: Connection, customer_id: str, offer_id: int, *, now: datetime) -> bool:
    """True if the offer's coupon was never used and is too old now."""
    found = connection.scalar(
        select(coupons.c.code).where(
            coupons.c.customer_id == customer_id,
            coupons.c.offer_id == offer_id,
            coupons.c.redeemed_at.is_(None),
            coupons.c.expires_at <= now,
        )
    )
    return found is not None


def owners(connection: Connection, code: str) -> set[str]:
    """Whom that coupon was given to: one customer, or nobody if it is made up."""
    found = connection.scalars(
        select(coupons.c.customer_id).where(coupons.c.code == code.strip().upper())
    )
    return set(found)


def redeem(connection: Connection, code: str, *, order_id: str, now: datetime) -> bool:
    """Use it up for an order, in one statement; False if it is used, too old or made up."""
    found = connection.execute(
        update(coupons)
        .where(
            coupons.c.code == code.strip().upper(),
            coupons.c.redeemed_at.is_(None),
            coupons.c.expires_at > now,
        )
        .values(redeemed_at=now, order_id=order_id)
        .returning(coupons.c.code)
    )
    return found.one_or_none() is not None


def _new_code() -> str:
    return base64.b32encode(secrets.token_bytes(_RANDOM_BYTES)).decode()
