"""What is kept of a customer after a conversation, as the database holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from memory import customers, facts, hand_overs, muting, personal_dates, promises
from memory.engine import Engine
from memory.facts import Fact

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody in a conversation with the shop."""

    customer_id: str
    channel: str
    token: str | None = None
    """Of their session on the web."""
    number: str | None = None
    """Theirs, if they have one; the one they write from, by text."""


class Kept:
    """A database, asked about its customers."""

    def __init__(self, engine: Engine) -> None:
        """Asks and changes nothing."""
        self.engine = engine

    def now_known_as(self, customer: Customer) -> str:
        """Their id, after whatever merges there were."""
        with self.engine.connect() as connection:
            return customers.resolve(connection, customer.customer_id)

    def last_code(self) -> str:
        """The code that was texted last, to whomever."""
        row = self.rows(
            "SELECT body FROM outbox WHERE purpose = 'code' ORDER BY outbox_id DESC LIMIT 1"
        )[0]
        found = CODE.search(row.body)
        assert found is not None
        return found.group()

    def facts_of(self, customer: Customer) -> list[Fact]:
        """What is remembered of them."""
        with self.engine.connect() as connection:
            return facts.known(connection, customer.customer_id)

    def offers_of(self, customer: Customer) -> dict[str, str]:
        """Product and state of every offer to them."""
        rows = self.rows(
            "SELECT product_id, state FROM offers WHERE customer_id = :id ORDER BY offer_id",
            id=customer.customer_id,
        )
        return {row.product_id: row.state for row in rows}

    def reminders_of(self, customer: Customer) -> list[str]:
        """What they are to be told, and when, by their own clock."""
        with self.engine.connect() as connection:
            whose = self.now_known_as(customer)
            clock_of = ZoneInfo(personal_dates.zone(connection, whose))
            return [
                f"{one.about['category']} {one.about['called']}"
                f" {one.due_at.astimezone(clock_of).isoformat(timespec='minutes')}"
                for one in promises.waiting(connection, whose)
            ]

    def voices_of(self, customer: Customer) -> list[str]:
        """What the shop is to hear of what they said."""
        rows = self.rows(
            "SELECT kind, topic, product_id FROM voice_items WHERE customer_id = :id "
            "ORDER BY item_id",
            id=customer.customer_id,
        )
        return [f"{row.kind} {row.topic} {row.product_id}" for row in rows]

    def asked_of_people(self, customer: Customer) -> str | None:
        """What the shop's people are asked by them; None if they are not."""
        with self.engine.connect() as connection:
            found = hand_overs.of_customer(connection, self.now_known_as(customer))
        return found.said if found else None

    def muted_by(self, customer: Customer) -> list[str]:
        """What is not spoken of to them."""
        with self.engine.connect() as connection:
            return sorted(muting.topics(connection, self.now_known_as(customer)))

    def ledger_of(self, customer: Customer) -> list[str]:
        """Every line of their consents, in order: `marketing given`."""
        rows = self.rows(
            "SELECT purpose, action FROM consents WHERE customer_id = :id ORDER BY consent_id",
            id=customer.customer_id,
        )
        return [f"{row.purpose} {row.action}" for row in rows]

    def untold_consents(self) -> list[str]:
        """The acts of the ledger, done in conversations, that no row said at the same moment tells
        with the sender's name and the year of its date."""
        rows = self.rows(
            "SELECT DISTINCT k.purpose || ' ' || k.action || ' ' || k.customer_id AS act "
            "FROM consents k WHERE k.action <> 'requested' AND k.evidence ? 'channel' "
            "AND k.evidence ->> 'reason' IS DISTINCT FROM 'wrong_number' "
            "AND NOT EXISTS (SELECT FROM turns t WHERE t.direction = 'out' AND t.at = k.at "
            "AND t.text ~ '숲길|Trailhead' AND t.text ~ to_char(k.at, 'YYYY'))"
        )
        return [row.act for row in rows]

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """What the database holds."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(statement), values))
