"""The telephones with a shop's clock that stands still, running in this process, for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import uvicorn

from command.fake_twilio import create_app
from command.phone.exchange import Exchange, Line
from command.phone.shop_clock import time_of
from marketing.errors import BadInput
from tests.fake_provider import free_port, until

ACCOUNT, TOKEN = "AC00000000000000000000000000000000", "token"
SHOP = "+15005550006"
AMERICAN, KOREAN = "+15035550199", "+821000001127"
MORNING = datetime(2026, 6, 10, 23, 10, tzinfo=UTC)
"""08:10 of 11 June in Seoul, 16:10 of 10 June in Portland."""
LINE = Line(
    account_sid=ACCOUNT,
    auth_token=TOKEN,
    shop_sender=SHOP,
    webhook_base_url="http://127.0.0.1:9",
    is_demo_shop=True,
    sent_after=0,
    delivered_after=0,
)


class HandClock:
    """A shop's clock that stands still until it is moved, and then may wait for a word to do it."""

    def __init__(self) -> None:
        self.moment = MORNING
        self.trouble: Exception | None = None
        self.may_move = threading.Event()
        self.may_move.set()

    def now(self) -> tuple[datetime, timedelta]:
        """Business time."""
        if self.trouble is not None:
            raise self.trouble
        return self.moment, timedelta(hours=3)

    def move(self, by: str) -> None:
        """Knows one step."""
        if by != "+3d":
            raise BadInput(f"{by} is not a time.")
        self.may_move.wait(20)
        self.moment += timedelta(days=3)


@dataclass
class Telephones:
    """The running page, and what is behind it."""

    url: str
    exchange: Exchange
    clock: HandClock

    def shop_sends(self, to: str, body: str) -> dict[str, object]:
        """A text from the shop; what the API answers."""
        answer = httpx.post(
            f"{self.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            data={"From": SHOP, "To": to, "Body": body},
            auth=(ACCOUNT, TOKEN),
            trust_env=False,
        )
        assert answer.status_code == 201
        created: dict[str, object] = answer.json()
        return created


@contextmanager
def running(journal: Path | None = None, *, has_clock: bool = True) -> Iterator[Telephones]:
    """The telephones on a free port until the end of the block."""
    clock, port = HandClock(), free_port()
    exchange = Exchange(LINE, journal, time_of(clock, lambda: MORNING))
    app = create_app(exchange, clock if has_clock else None)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "the telephones are there")
    try:
        yield Telephones(f"http://127.0.0.1:{port}", exchange, clock)
    finally:
        clock.may_move.set()
        server.should_exit = server.force_exit = True
        thread.join(10)
        exchange.close()
