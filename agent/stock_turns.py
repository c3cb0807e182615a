"""Turns for Rasa's own commands: `rasa shell`, or any Rasa that calls our action server, talks as
a customer of its own, whom nobody has proved to be anyone. Never used by the agent.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from agent.slots import memory_slots
from marketing.errors import NotFound
from memory import clock, current, customers, recall, turns
from memory.current import CurrentTurn
from memory.engine import Connection, Engine
from memory.turns import Utterance
from nlu.language import Language, detect

CHANNEL = "web"


class StockTurns:
    """Opens a turn for each action that another Rasa calls."""

    def __init__(self, engine: Engine, *, shop_url: str) -> None:
        """`shop_url` is where the shop's pages are."""
        self._engine = engine
        self._shop_url = shop_url
        self._heard: dict[str, tuple[str, int]] = {}

    @contextmanager
    def opened(self, call: Mapping[str, Any]) -> Iterator[CurrentTurn]:
        """Open the turn of an action call, in a transaction of its own; the call's tracker is
        given the slots that memory fills. Commits if the body does not raise."""
        tracker = call["tracker"]
        said = tracker.get("latest_message") or {}
        with self._engine.begin() as connection:
            turn, heard = self._turn(connection, str(tracker["sender_id"]), said)
            slots = tracker.setdefault("slots", {})
            slots.update(memory_slots(turn, slots))
            with current.opened(turn):
                yield turn
        self._heard[turn.customer_id] = heard

    def _turn(
        self, connection: Connection, sender: str, said: Mapping[str, Any]
    ) -> tuple[CurrentTurn, tuple[str, int]]:
        now = clock.business_now(connection)
        customer_id = customer_of(sender)
        try:
            usual = customers.get(connection, customer_id).language
        except NotFound:
            customers.create(connection, now=now, customer_id=customer_id)
            usual = None
        text = str(said.get("text") or "")
        fallback: Language = "en" if usual == "en" else "ko"
        language = detect(text, fallback, is_remembered=usual is not None)
        # Several actions may answer one utterance, which is written down once.
        heard = self._heard.get(customer_id, ("", 0))
        message = str(said.get("message_id") or "")
        if not message or heard[0] != message:
            customers.set_language(connection, customer_id, language)
            heard = (message, _write_down(connection, customer_id, text, language, now))
        recalled = recall.recall(
            connection, customer_id, now=now, before_seq=heard[1], is_proven=False
        )
        turn = CurrentTurn(
            connection=connection,
            customer_id=customer_id,
            channel=CHANNEL,
            language=language,
            now=now,
            seq=heard[1],
            text=text,
            recalled=recalled,
            shop_url=self._shop_url,
        )
        return turn, heard


def customer_of(sender: str) -> str:
    """The customer that a sender of another Rasa is. Nobody else can be: minted ids are random."""
    digest = hashlib.sha256(b"rasa's own commands\0" + sender.encode()).digest()
    return f"cus_{base64.urlsafe_b64encode(digest).decode()[:22]}"


def _write_down(
    connection: Connection, customer_id: str, text: str, language: Language, now: datetime
) -> int:
    (seq,) = turns.append(
        connection,
        customer_id,
        [Utterance(text=text)],
        direction="in",
        channel=CHANNEL,
        language=language,
        at=now,
    )
    return seq
