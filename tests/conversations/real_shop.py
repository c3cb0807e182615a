"""The shop as it is shipped, ready for conversations: its trained model, its own actions, its
catalogue, and a real PostgreSQL. Messages go through the agent's own turn.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from agent import stand_ins
from agent.training import TrainedModel
from memory import (
    addresses,
    catalogue,
    clock,
    customers,
    facts,
    inbox,
    sessions,
    turns,
)
from memory.engine import Engine
from nlu.catalogue import current_snapshot, set_snapshot, snapshot_of
from shops.demo.catalogue import load_catalogue
from shops.shape import product_as_json, store_as_json
from tests.conversations import past
from tests.conversations.kept import Customer, Kept
from web import incoming_text

ROOT = Path(__file__).resolve().parents[2]
SHOP_URL = "https://shop.example"


def _text_kept(said: str) -> str:
    return incoming_text.sms_text(said, media_count=0)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer of the shop."""

    text: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text message that is no answer."""

    body: str
    to: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class Heard:
    """How a message was understood, what was answered, and what else was sent."""

    intent: str
    answers: Sequence[Said]
    texts: Sequence[Text] = ()

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


class RealShop(Kept):
    """A database in which the shipped model is live, and customers who write to it."""

    def __init__(self, engine: Engine, model: TrainedModel, *, has_products: bool = True) -> None:
        """Publishes the model, fills the catalogue (unless the shop is empty) and loads both."""
        stand_ins.install()
        from agent import in_process, patches, training
        from agent.model import LiveModel

        patches.apply()
        super().__init__(engine)
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

    def travel(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        """Move business time on."""
        by = timedelta(days=days, hours=hours, minutes=minutes)
        with self.engine.begin() as connection:
            clock.set_offset(connection, clock.offset(connection) + by)

    def customer(
        self,
        channel: str = "web",
        *,
        is_proven: bool = False,
        name: str | None = None,
        language: str | None = None,
        country: str | None = None,
        number: str | None = None,
        known: Sequence[Mapping[str, Any]] = (),
        viewed: Sequence[str] = (),
        bought: Sequence[str] = (),
        ordered: Sequence[Mapping[str, Any]] = (),
        basket: Sequence[Mapping[str, Any]] = (),
        moved_points: Sequence[Mapping[str, Any]] = (),
        consented: Sequence[str] = (),
        offered: Sequence[Mapping[str, Any]] = (),
        days_ago: int = 1,
    ) -> Customer:
        """Somebody who told, viewed and bought that, so many days ago."""
        with self.engine.begin() as connection:
            now = clock.business_now(connection)
            then = now - timedelta(days=days_ago)
            token = None
            if channel == "sms":
                number = number or f"+1500{secrets.randbelow(10**7):07}"
                customer_id = customers.of_address(
                    connection, "phone", number, proof="inbound", now=then, language=language
                ).customer_id
                customers.set_name(connection, customer_id, name)
            else:
                customer_id = customers.create(
                    connection, now=then, language=language, name=name, country=country
                )
                proof = "shop" if is_proven else "none"
                token = sessions.open_session(connection, customer_id, proof=proof)
                if number is not None:
                    past.had_number(connection, customer_id, number, now=then)
            for fact in known:
                told = {name: told for name, told in fact.items() if name != "days_ago"}
                told_at = now - timedelta(days=fact.get("days_ago", days_ago))
                facts.learn(connection, customer_id, now=told_at, source="said", **told)
            past.viewed(connection, customer_id, viewed, now=now)
            past.bought(connection, customer_id, bought, now=then)
            for order in ordered:
                past.ordered(connection, customer_id, order, now=now)
            past.filled_basket(connection, customer_id, basket, now=now)
            past.moved_points(connection, customer_id, moved_points, now=now)
            past.consented(connection, customer_id, consented, now=now - timedelta(days=2))
            for offer in offered:
                past.was_offered(connection, customer_id, offer, now=now)
        return Customer(customer_id=customer_id, channel=channel, token=token, number=number)

    def somebody_else(self, of: Customer, other: Mapping[str, Any]) -> None:
        """Somebody with a number of their own, whose link this customer may have opened."""
        shown = other.get("shows")
        with self.engine.begin() as connection:
            past.somebody_else(
                connection,
                other,
                link_opened_by=of.customer_id if shown else None,
                now=clock.business_now(connection),
            )

    def is_offered(self, customer: Customer, product_id: str) -> None:
        """An offer is told to them just now."""
        with self.engine.begin() as connection:
            now = clock.business_now(connection)
            offer = {"product": product_id, "days_ago": 0, "channel": customer.channel}
            past.was_offered(connection, self.now_known_as(customer), offer, now=now)

    def buys(self, customer: Customer, product_id: str) -> None:
        """They complete an order at the checkout just now."""
        with self.engine.begin() as connection:
            now = clock.business_now(connection)
            past.completes_order(connection, self.now_known_as(customer), product_id, now=now)

    def sees_to(self, customer: Customer, done: Mapping[str, Any]) -> None:
        """What they said is seen to."""
        with self.engine.begin() as connection:
            now = clock.business_now(connection)
            past.was_seen_to(connection, self.now_known_as(customer), done, now=now)

    def log_in_known(self, customer: Customer) -> None:
        """The shop has a log-in for them."""
        with self.engine.begin() as connection:
            addresses.add(
                connection,
                customer_id=customer.customer_id,
                kind="login",
                value=secrets.token_hex(6),
                proof="shop",
                now=clock.business_now(connection),
            )

    def hears(
        self, customer: Customer, said: str | Sequence[str], *, by: str | None = None
    ) -> Heard:
        """Store the message as `web` does, and answer it as `agent` does; several are written one
        straight after the other. `by` is the number they come from, or `web`; else they come as
        this customer writes."""
        # Messages are read with one catalogue a process, and there are two shops in this one.
        set_snapshot(self._snapshot)
        sent_before = self._last_text()
        if by is None:
            by = "web" if customer.channel == "web" else customer.number
        ids = []
        for piece in [said] if isinstance(said, str) else said:
            ids.append(self._stored(customer, piece, by))
            self._answer_all(rest=0 if isinstance(said, str) else 3)
        if not isinstance(said, str):
            with self.engine.begin() as connection:
                connection.execute(text("UPDATE inbox SET rest_until = received_at"))
            self._answer_all(rest=0)
        return self._heard(ids, sent_before)

    def answers_to(self, inbox_ids: Sequence[int]) -> Heard:
        """Answer what has come in through the doors of `web`, as `agent` does."""
        set_snapshot(self._snapshot)
        sent_before = self._last_text()
        self._answer_all(rest=0)
        return self._heard(inbox_ids, sent_before)

    def _stored(self, customer: Customer, said: str, by: str | None) -> int:
        with self.engine.begin() as connection:
            now = clock.business_now(connection)
            message = self._incoming(connection, customer, said, by, now)
            accepted = inbox.accept(connection, message, now=now)
            if accepted.has_code and customer.token is not None and by == "web":
                sessions.prove_one(connection, customer.token, proof="code")
        return accepted.inbox_id

    def _incoming(
        self, connection: Any, customer: Customer, said: str, by: str | None, now: datetime
    ) -> inbox.Incoming:
        if by == "web":
            assert customer.token is not None
            session = sessions.find(connection, customer.token)
            assert session is not None
            who, proof, address_id = session.customer_id, session.proof, None
        else:
            assert by is not None
            address = customers.of_address(connection, "phone", by, proof="inbound", now=now)
            who, proof, address_id = address.customer_id, "inbound", address.address_id
        kept = incoming_text.chat_text if by == "web" else _text_kept
        return inbox.Incoming(
            channel="web" if by == "web" else "sms",
            provider_id=secrets.token_hex(8),
            customer_id=who,
            text=kept(said),
            proof=proof,
            address_id=address_id,
        )

    def _answer_all(self, *, rest: float) -> None:
        """Beginnings of messages wait for so many seconds."""
        while self._answers_one(rest):
            pass

    def _answers_one(self, rest: float) -> bool:
        from agent import turn
        from agent.turn import Limits

        with self.engine.begin() as connection:
            limits = Limits(rest=rest)
            claimed = turn.claim(connection, limits)
            if claimed is not None:
                turn.answer(
                    connection, claimed, self._model, self._loop, shop_url=SHOP_URL, limits=limits
                )
        return claimed is not None

    def _heard(self, inbox_ids: Sequence[int], sent_before: int) -> Heard:
        """Of whoever has written it, who is a stranger after a wrong number."""
        with self.engine.connect() as connection:
            first, stored = (inbox.get(connection, one) for one in (inbox_ids[0], inbox_ids[-1]))
            customer_id, seq = stored.customer_id, stored.seq
            said = [
                one
                for one in turns.after(connection, customer_id, first.seq)
                if one.direction == "out"
            ]
            intent = connection.scalar(
                text("SELECT intent FROM turns WHERE customer_id = :id AND seq = :seq"),
                {"id": customer_id, "seq": seq},
            )
        return Heard(
            intent=str(intent),
            answers=[Said(text=one.text, payload=one.payload) for one in said],
            texts=self._texts_since(sent_before),
        )

    def _last_text(self) -> int:
        (row,) = self.rows("SELECT coalesce(max(outbox_id), 0) AS last FROM outbox")
        return int(row.last)

    def _texts_since(self, outbox_id: int) -> list[Text]:
        rows = self.rows(
            "SELECT customer_id, address_id, body, purpose FROM outbox "
            "WHERE outbox_id > :last AND purpose NOT IN ('answer', 'stop_confirmation') "
            "ORDER BY outbox_id",
            last=outbox_id,
        )
        with self.engine.connect() as connection:
            return [
                Text(
                    body=row.body,
                    to=addresses.get(connection, row.customer_id, row.address_id).value,
                    purpose=row.purpose,
                )
                for row in rows
            ]
