"""A real web part for tests: uvicorn on a free port, a database of its own, the demo catalogue and
a live release with words of its own.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

import settings as settings_module
from channels.twilio import incoming
from memory import catalogue, customers, releases
from memory.engine import Engine, open_engine
from memory.parts import Heartbeat
from settings import PROJECT, Settings
from shops.demo.catalogue import load_catalogue
from shops.shape import product_as_json, store_as_json
from tests.postgres import fresh_database
from web import server

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Spares each client the reading of all certificates: these sites are http."""
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FIRST_LINE = {
    "ko": "숲길 자동 상담이에요. 사람과 이야기하시려면 ‘상담원’이라고 해 주세요.",
    "en": "This is Trailhead's automatic assistant. Say “a person” to reach one.",
}
_WORDS: dict[str, list[dict[str, Any]]] = {
    "utter_automatic_assistant": [
        {
            "text": FIRST_LINE["ko"].replace("숲길", "{shop_name}"),
            "channel": "web",
            "condition": [{"type": "slot", "name": "language", "value": "ko"}],
            "buttons": [{"title": "추천", "payload": "추천해 주세요"}],
        },
        {
            "text": FIRST_LINE["en"].replace("Trailhead", "{shop_name}"),
            "channel": "web",
            "condition": [{"type": "slot", "name": "language", "value": "en"}],
        },
        {"text": "not for the web", "channel": "sms"},
    ],
    "utter_texts_stopped": [{"text": "You get no more texts from {shop_name}."}],
    "utter_offer_replies": [
        {
            "text": "어떠세요?",
            "condition": [{"type": "slot", "name": "language", "value": "ko"}],
            "buttons": [{"title": "좋아요", "payload": "좋아요"}],
        },
        {
            "text": "What do you think?",
            "condition": [{"type": "slot", "name": "language", "value": "en"}],
            "buttons": [{"title": "Yes, please", "payload": "yes please"}],
        },
    ],
    "utter_consent_given": [{"text": "[{shop_name}] {day} marketing agreed. {way_out}"}],
    "utter_night_consent_given": [{"text": "[{shop_name}] {day} night agreed. {way_out}"}],
    "utter_opted_out_by_link": [{"text": "[{shop_name}] {day} marketing ended."}],
    "utter_way_out_by_answer": [{"text": "Answer STOP."}],
    "utter_way_out_by_call": [{"text": "Call {phone}."}],
}
PRODUCTION = {
    "DANGOL_ENV": "production",
    "PUBLIC_BASE_URL": "https://shop.example",
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_FROM": "+15035550100",
    **dict.fromkeys(
        ("DANGOL_SECRET_KEY", "DANGOL_WRITE_KEY", "DANGOL_BROWSER_KEY", "TWILIO_AUTH_TOKEN"),
        "long-enough-for-a-test",
    ),
}
PEOPLE = (("demo-001", "한지훈", "ko"), ("demo-002", "Sam Whitaker", "en"))


@dataclass(frozen=True, kw_only=True)
class RunningSite:
    """A web part that serves."""

    settings: Settings
    engine: Engine
    stop: threading.Event
    thread: threading.Thread
    opened: list[httpx.Client]
    """Clients of callers, closed when the site ends."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.settings.port}"

    def client(self, **options: Any) -> httpx.Client:
        """A browser, or a program, without any cookie."""
        return httpx.Client(
            base_url=self.url, trust_env=False, timeout=10, verify=NO_TLS, **options
        )

    def visitor(self, language: str = "en") -> Caller:
        """Somebody new, who shows the token of a session."""
        with self.client() as client:
            found = client.post("/chat/session", json={"language": language}).json()
        return self.caller(found["customer"], found["token"])

    def caller(self, customer: str, token: str) -> Caller:
        """Whoever has that token."""
        client = self.client(headers={"Authorization": f"Bearer {token}"})
        self.opened.append(client)
        return Caller(customer=customer, token=token, client=client)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A customer as the API knows them."""

    customer: str
    token: str
    client: httpx.Client

    def say(self, text: str, **more: Any) -> httpx.Response:
        """Send a chat message."""
        return self.client.post("/chat/messages", json={"text": text, **more})

    def heard(self, after: int = 0) -> list[dict[str, Any]]:
        """The rows of the conversation."""
        rows: list[dict[str, Any]] = self.client.get(
            "/chat/messages", params={"after": after}
        ).json()["messages"]
        return rows


@contextmanager
def serving(
    database_url: str, home: Path, environment: Mapping[str, str] | None = None
) -> Iterator[RunningSite]:
    """A web part on `database_url` until the body ends; it must then end within five seconds."""
    env = {"DANGOL_HOME": str(home), "DATABASE_URL": database_url, "DANGOL_PORT": str(free_port())}
    settings = settings_module.read({**env, **(environment or {})})
    engine = open_engine(database_url, pool_size=20, name="dangol-web-test")
    stop = threading.Event()
    heartbeat = Heartbeat(open_engine(database_url, pool_size=1), "web")
    texts = {"twilio": incoming.receiver(settings)}
    thread = threading.Thread(
        target=server.run, args=(settings, engine, texts, heartbeat, stop), daemon=True
    )
    thread.start()
    running = RunningSite(settings=settings, engine=engine, stop=stop, thread=thread, opened=[])
    try:
        _wait_until_it_answers(running)
        yield running
    finally:
        for client in running.opened:
            client.close()
        stop.set()
        thread.join(5)
        assert not thread.is_alive(), "the web part did not end"


def _wait_until_it_answers(running: RunningSite) -> None:
    deadline = time.monotonic() + 10
    with running.client() as client:
        while time.monotonic() < deadline:
            try:
                client.get("/static/mark.svg")
            except httpx.TransportError:
                time.sleep(0.02)
            else:
                return
    raise AssertionError("the web part did not start")


def free_port() -> int:
    """A port nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def _demo_shop() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    found = load_catalogue(PROJECT / "data" / "catalogue")
    return store_as_json(found.store), [product_as_json(product) for product in found.products]


def fill(database_url: str) -> None:
    """The demo shop's catalogue, two of its customers, and a release that is live."""
    store, listed = _demo_shop()
    engine = open_engine(database_url)
    with engine.begin() as connection:
        catalogue.sync(connection, shop_name="demo", store=store, listed=listed)
        for user_id, name, language in PEOPLE:
            address = customers.of_address(
                connection, "login", user_id, proof="none", now=NOW, language=language
            )
            customers.set_name(connection, address.customer_id, name)
        releases.publish(
            connection, inputs_digest="test", files={}, words=_WORDS, model=b"none", now=NOW
        )
    engine.dispose()


@pytest.fixture(scope="module")
def site(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSite]:
    """A filled shop, one for each test module; tests are strangers to each other in it."""
    with fresh_database(postgres_url, template=migrated_template, is_durable=False) as url:
        fill(url)
        with serving(url, tmp_path_factory.mktemp("home")) as running:
            yield running
