"""The shop as it is shipped, ready for conversations: its trained model, its own actions, its
catalogue, and a real PostgreSQL. Messages go through the agent's own turn.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import text

from agent import stand_ins
from agent.training import TrainedModel
from memory import catalogue, clock, customers, events, facts, inbox, orders, turns
from memory.engine import Engine
from memory.facts import Fact
from memory.orders import OrderLine
from nlu.catalogue import current_snapshot, set_snapshot, snapshot_of
from shops.demo.catalogue import load_catalogue
from shops.shape import product_as_json, store_as_json

ROOT = Path(__file__).resolve().parents[2]
SHOP_URL = "https://shop.example"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer of the shop."""

    text: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """How a message was understood, and what was answered."""

    intent: str
    answers: Sequence[Said]

    @property
    def text(self) -> str:
        """All answers together, a line each."""
        return "\n".join(one.text for one in self.answers)

    @property
    def cards(self) -> list[str]:
        """The ids of the product cards, in order."""
        return [card["product_id"] for one in self.answers for card in one.payload.get("cards", ())]

    @property
    def buttons(self) -> list[str]:
        """The titles of the quick replies, in order."""
        return [
            button["title"] for one in self.answers for button in one.payload.get("buttons", ())
        ]


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody in a conversation with the shop."""

    customer_id: str
    channel: str
    proof: str
    address_id: int | None


class RealShop:
    """A database in which the shipped model is live, and customers who write to it."""

    def __init__(self, engine: Engine, model: TrainedModel, *, has_products: bool = True) -> None:
        """Publishes the model, fills the catalogue (unless the shop is empty) and loads both."""
        stand_ins.install()
        from agent import in_process, patches, training
        from agent.model import LiveModel

        patches.apply()
        self.engine = engine
        training.publish(engine, ROOT, model)
        store = self._fill_catalogue() if has_products else {}
        if not has_products:
            set_snapshot(snapshot_of([], {}))
        self._snapshot = current_snapshot()
        self._loop = asyncio.new_event_loop()
        live = LiveModel(in_process.load_actions("actions"), model.path.parent / "live")
        live.know_shop(store)
        with engine.connect() as connection:
            live.follow(connection)
        assert live.model is not None
        self._model = live.model

    def close(self) -> None:
        """Give back what was opened."""
        self._loop.close()

    def _fill_catalogue(self) -> Mapping[str, Any]:
        shipped = load_catalogue(ROOT / "data" / "catalogue")
        store = store_as_json(shipped.store)
        listed = [product_as_json(one) for one in shipped.products]
        with self.engine.begin() as connection:
            catalogue.sync(connection, shop_name="demo", store=store, listed=listed)
        set_snapshot(snapshot_of(listed, store))
        return store

    def travel_to(self, moment: datetime) -> None:
        """Move business time to that moment."""
        with self.engine.begin() as connection:
            clock.set_offset(connection, moment - datetime.now(UTC))

    def travel(self, days: int) -> None:
        """Move business time on."""
        with self.engine.begin() as connection:
            clock.set_offset(connection, clock.offset(connection) + timedelta(days=days))

    def customer(
        self,
        channel: str = "web",
        *,
        is_proven: bool = False,
        name: str | None = None,
        language: str | None = None,
        country: str | None = None,
        known: Sequence[Mapping[str, Any]] = (),
        viewed: Sequence[str] = (),
        bought: Sequence[str] = (),
        days_ago: int = 1,
    ) -> Customer:
        """Somebody who told, viewed and bought that, so many days ago."""
        with self.engine.begin() as connection:
            then = clock.business_now(connection) - timedelta(days=days_ago)
            address_id = None
            if channel == "sms":
                number = f"+1500{secrets.randbelow(10**7):07}"
                address = customers.of_address(
                    connection, "phone", number, proof="inbound", now=then, language=language
                )
                customer_id, address_id = address.customer_id, address.address_id
                customers.set_name(connection, customer_id, name)
            else:
                customer_id = customers.create(
                    connection, now=then, language=language, name=name, country=country
                )
            for fact in known:
                facts.learn(connection, customer_id, now=then, source="said", **fact)
            for product_id in viewed:
                seen = {"product_id": product_id}
                lately = then + timedelta(days=days_ago, minutes=-5)
                events.record(
                    connection, customer_id, events.PRODUCT_VIEWED, seen, occurred_at=lately
                )
            for product_id in bought:
                orders.record(
                    connection,
                    customer_id,
                    order_id=secrets.token_hex(4),
                    ordered_at=then,
                    total=Decimal(100),
                    currency="KRW",
                    lines=[
                        OrderLine(
                            product_id=product_id, sku=None, quantity=1, unit_price=Decimal(100)
                        )
                    ],
                )
        proof = "inbound" if channel == "sms" else "shop" if is_proven else "none"
        return Customer(
            customer_id=customer_id, channel=channel, proof=proof, address_id=address_id
        )

    def hears(self, customer: Customer, said: str) -> Heard:
        """Store the message as `web` does, and answer it as `agent` does."""
        # Messages are read with one catalogue a process, and there are two shops in this one.
        set_snapshot(self._snapshot)
        with self.engine.begin() as connection:
            accepted = inbox.accept(
                connection,
                inbox.Incoming(
                    channel=customer.channel,
                    provider_id=secrets.token_hex(8),
                    customer_id=customer.customer_id,
                    text=said,
                    proof=customer.proof,
                    address_id=customer.address_id,
                ),
                now=clock.business_now(connection),
            )
        while self._answers_one():
            pass
        return self._heard(customer, accepted.seq)

    def _answers_one(self) -> bool:
        from agent import turn
        from agent.turn import Limits

        with self.engine.begin() as connection:
            claimed = turn.claim(connection, Limits())
            if claimed is not None:
                turn.answer(connection, claimed, self._model, self._loop, shop_url=SHOP_URL)
        return claimed is not None

    def _heard(self, customer: Customer, seq: int) -> Heard:
        with self.engine.connect() as connection:
            said = turns.after(connection, customer.customer_id, seq)
            intent = connection.scalar(
                text("SELECT intent FROM turns WHERE customer_id = :id AND seq = :seq"),
                {"id": customer.customer_id, "seq": seq},
            )
        return Heard(
            intent=str(intent),
            answers=[Said(text=one.text, payload=one.payload) for one in said],
        )

    def facts_of(self, customer: Customer) -> list[Fact]:
        """What is remembered of them."""
        with self.engine.connect() as connection:
            return facts.known(connection, customer.customer_id)

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """What the database holds."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(statement), values))
