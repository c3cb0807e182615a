"""The fake of the SMS provider, running in this process and listening over HTTP, for tests."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn

import settings as settings_module
from channels.twilio import outgoing
from channels.twilio.outgoing import TwilioSender
from command.fake_twilio import create_app
from command.phone.exchange import Exchange, Line
from command.phone.faults import DroppableProtocol
from command.phone.texts import INBOUND, OUTBOUND, Text
from settings import Settings

NUMBER = "+15035550142"


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class FakeProvider:
    """A running fake and the settings that lead to it."""

    exchange: Exchange
    url: str
    settings: Settings

    def fault(self, **fault: Any) -> None:
        """What befalls the next call: see command/phone/faults.py."""
        httpx.post(f"{self.url}/faults", json=fault, trust_env=False).raise_for_status()

    def sender(self, *, read_seconds: float = 5.0, **changed: Any) -> TwilioSender:
        """A sender that talks to this fake."""
        return outgoing.sender(
            replace(self.settings, **changed), connect_seconds=2, read_seconds=read_seconds
        )

    def accepted(self) -> list[Text]:
        """The messages it has taken from us, oldest first."""
        return self.exchange.texts(lambda text: text.direction == OUTBOUND)

    def received(self) -> list[Text]:
        """The texts customers have written."""
        return self.exchange.texts(lambda text: text.direction == INBOUND)


@contextmanager
def running(
    home: Path,
    *,
    webhooks: str = "http://127.0.0.1:9",
    twilio_from: str = "+15005550006",
    sent_after: float = 0.05,
    delivered_after: float = 0.1,
    port: int = 0,
) -> Iterator[FakeProvider]:
    """A fake on a free port until the end of the block; `webhooks` is where it calls us."""
    port = port or free_port()
    settings = settings_module.read(
        {
            "DANGOL_HOME": str(home),
            "PUBLIC_BASE_URL": webhooks,
            "TWILIO_FROM": twilio_from,
            "TWILIO_API_BASE_URL": f"http://127.0.0.1:{port}",
            "DATABASE_URL": "postgresql://nobody/nothing",
        }
    )
    line = Line(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        shop_sender=settings.twilio_from,
        webhook_base_url=webhooks,
        sent_after=sent_after,
        delivered_after=delivered_after,
    )
    exchange = Exchange(line)
    config = uvicorn.Config(
        create_app(exchange),
        host="127.0.0.1",
        port=port,
        http=DroppableProtocol,
        log_level="critical",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "the fake provider listens")
    try:
        yield FakeProvider(exchange, f"http://127.0.0.1:{port}", settings)
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        exchange.close()


def until(is_true: Any, what: str, seconds: float = 20) -> Any:
    """Wait for something to become true; returns it. Fails naming it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := is_true():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")
