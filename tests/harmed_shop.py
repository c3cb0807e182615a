"""A whole shop whose parts are killed at named points: a database of its own, web, agent and sender
in processes, the fake provider in this one, and a record of the order of commits.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from agent import training
from command.phone.exchange import signature
from memory import catalogue, clock, consents, customers, looks, migrate
from memory import engine as memory_engine
from memory.addresses import Address
from memory.embedded import EmbeddedServer
from memory.engine import Engine
from tests import fake_provider, keyring
from tests.commit_order import ORDER_OF_COMMITS
from tests.dying_part import AGENT, OUTREACH, WEB, Fate
from tests.fake_provider import FakeProvider, until
from tests.fork_server import ForkServer, fork_server
from tests.web_site import NO_TLS

NOON = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
"""When business begins: a Tuesday, noon in Oregon, where everybody lives."""
PRODUCT = "sori-road"
LEASE = timedelta(seconds=60)
_LOADED = {
    WEB: ("tests.dying_part", "web.server"),
    OUTREACH: ("tests.dying_part:shop", "outreach.worker", "channels.twilio.outgoing"),
    AGENT: ("tests.dying_part", "tests.agent_process"),
}
_WORDS = """
    UPDATE releases SET words = words || jsonb_build_object(
      'utter_offer_browse', jsonb_build_array(
        jsonb_build_object('text', '{product}: {good_for}')),
      'utter_texts_stopped', jsonb_build_array(
        jsonb_build_object('text', 'You get no more texts from {shop_name}.')))
"""


@dataclass
class HarmedShop:
    """The shop at work."""

    engine: Engine
    server: EmbeddedServer
    provider: FakeProvider
    url: str
    fate: Fate
    home: Path
    project: Path
    forks: dict[str, ForkServer]
    http: httpx.Client
    """Of everybody who calls the web part."""
    pids: dict[str, int] = field(default_factory=dict)
    sender_began_at: datetime = NOON
    _numbers: int = 0

    # -- processes -----------------------------------------------------------------------------

    def start(self, part: str) -> None:
        """Start a part, and wait until it is ready, as the supervisor would after a death."""
        if part == OUTREACH:
            self.sender_began_at = datetime.now(UTC)
        self.pids[part] = self.forks[part].begin(
            "tests.dying_part:run", part=part, folder=str(self.home), project=str(self.project)
        )
        ready = "SELECT 1 FROM parts WHERE part = :part AND pid = :pid AND state = 'ready'"
        until(
            lambda: self.rows(ready, part=part, pid=self.pids[part]), f"{part} is ready", seconds=60
        )

    def bury(self, part: str) -> bool:
        """Wait for the end of a part that was killed, and start it again; False if it ended
        otherwise."""
        was_killed = self.forks[part].ended() == -signal.SIGKILL
        self.start(part)
        return was_killed

    def kill(self, part: str) -> None:
        """kill -9."""
        os.kill(self.pids[part], signal.SIGKILL)

    def kill_database(self) -> None:
        """kill -9 of the server's main process, and a start, as the supervisor would."""
        pid = self.server.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until(lambda: self.server.status().pid is None, "the database is dead")
        self.server.start()
        self.engine.dispose()

    # -- the world -----------------------------------------------------------------------------

    def customer(self) -> Address:
        """Somebody with a telephone who has agreed to advertisements on it."""
        self._numbers += 1
        number = f"+1971555{self._numbers:04d}"
        with self.engine.begin() as connection:
            now = clock.business_now(connection)
            address = customers.of_address(
                connection, "phone", number, proof="inbound", now=now, language="en"
            )
            consents.record(
                connection,
                address.customer_id,
                purpose="marketing",
                action="given",
                evidence={"text": "YES"},
                now=now,
                address_id=address.address_id,
            )
        return address

    def look(self, who: Address) -> None:
        """They have looked at a product so long ago that a follow-up is due."""

        def is_kept() -> bool:
            try:
                with memory_engine.transaction(self.engine) as connection:
                    store = catalogue.store_profile(connection)
                    ago = timedelta(seconds=float(store["follow_up_after_seconds"]))
                    product = catalogue.product(connection, PRODUCT)
                    assert product is not None
                    now = clock.business_now(connection)
                    looks.record(connection, who.customer_id, product, now=now - ago)
            except memory_engine.DatabaseUnreachable:
                return False
            return True

        until(is_kept, "the look is kept")

    def post(self, url: str, fields: dict[str, str], *, token: str | None = None) -> int | None:
        """A signed webhook; what it was answered with, None if by nothing."""
        signed = signature(token or self.provider.settings.twilio_auth_token, url, fields)
        headers = {"X-Twilio-Signature": signed}
        try:
            answer = self.http.post(url, data=fields, headers=headers)
        except httpx.TransportError:
            return None
        return answer.status_code

    def text_in(self, who: Address, said: str, sid: str) -> None:
        """Deliver a text until it is acknowledged, as a provider that does not give up."""
        fields = {
            "MessageSid": sid,
            "From": who.value,
            "To": self.provider.settings.twilio_from,
            "Body": said,
            "NumMedia": "0",
        }
        url = f"{self.url}/webhooks/twilio/sms"
        until(lambda: self.post(url, fields) == 200, f"{said!r} is acknowledged", seconds=60)

    def buy(self, who: Address, order_id: str) -> None:
        """Report an order until it is acknowledged, as the shop's own system would."""
        call = {
            "messageId": f"message of {order_id}",
            "anonymousId": who.customer_id,
            "event": "Order Completed",
            "properties": {
                "order_id": order_id,
                "total": 99,
                "currency": "USD",
                "products": [{"product_id": PRODUCT, "quantity": 1, "price": 99}],
            },
        }

        def is_taken() -> bool:
            try:
                answer = self.http.post(
                    f"{self.url}/v1/track",
                    json=call,
                    auth=(self.provider.settings.write_key, ""),
                )
            except httpx.TransportError:
                return False
            return answer.status_code == 200

        until(is_taken, f"{order_id} is acknowledged", seconds=60)

    # -- afterwards ----------------------------------------------------------------------------

    def rows(self, statement: str, **values: object) -> list[Any]:
        """What the database holds; nothing while it is away."""
        try:
            with memory_engine.transaction(self.engine) as connection:
                return list(connection.execute(text(statement), values))
        except memory_engine.DatabaseUnreachable:
            return []

    def settle(self, seconds: float = 120) -> bool:
        """Let time pass quickly until nothing more happens; False if that takes too long."""
        latest = time.monotonic() + seconds
        quiet = 0
        while quiet < 2:
            if time.monotonic() > latest:
                return False
            quiet = quiet + 1 if self._is_quiet() else 0
            time.sleep(0.25)
        return True

    def _is_quiet(self) -> bool:
        """Nothing waits, is under way or could be found again. What would be tried again later is
        tried now; whom a sender that is dead had in hand, its lease is over."""
        here = [one.status_callback for one in self.provider.accepted()]
        with memory_engine.transaction(self.engine) as connection:
            connection.execute(
                text(
                    "UPDATE outbox SET retry_at = clock_timestamp()"
                    " WHERE state IN ('ready', 'unknown') AND retry_at > clock_timestamp()"
                )
            )
            connection.execute(
                text(
                    "UPDATE outbox SET lease_until = clock_timestamp() - interval '1 s'"
                    " WHERE state = 'sending' AND lease_until < :began"
                ),
                {"began": self.sender_began_at + LEASE},
            )
            pending = connection.execute(
                text(
                    "SELECT (SELECT count(*) FROM inbox WHERE state = 'ready')"
                    " + (SELECT count(*) FROM outbox WHERE state IN ('ready', 'sending'))"
                    " + (SELECT count(*) FROM due WHERE state = 'waiting' AND due_at <= :now)"
                ),
                {"now": clock.business_now(connection)},
            ).scalar_one()
            unknown = connection.scalars(
                text("SELECT outbox_id FROM outbox WHERE state = 'unknown'")
            ).all()
        to_be_found = [one for one in unknown if any(f"?o={one}&" in (url or "") for url in here)]
        return not pending and not to_be_found


@contextmanager
def harmed_shop(home: Path, project: Path, model: training.TrainedModel) -> Iterator[HarmedShop]:
    """A shop in `home` (a `temporary_home`) whose agent has that small project's model."""
    server = EmbeddedServer(home)
    url = server.start()
    migrate.upgrade(url)
    engine = memory_engine.open_engine(url, pool_size=8)
    _fill(engine, project, model)
    port = fake_provider.free_port()
    site = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        provider = stack.enter_context(
            fake_provider.running(home, webhooks=site, sent_after=3600, delivered_after=3600)
        )
        environment = {
            **keyring.ENVIRONMENT,
            "DANGOL_HOME": str(home),
            "DANGOL_PORT": str(port),
            "DANGOL_LOG_LEVEL": "WARNING",
            "DATABASE_URL": url.replace("+psycopg", ""),
            "PUBLIC_BASE_URL": site,
            "TWILIO_API_BASE_URL": provider.url,
        }
        http = stack.enter_context(httpx.Client(timeout=5, trust_env=False, verify=NO_TLS))
        forks = {
            part: stack.enter_context(
                fork_server(*modules, environment=environment, log=home / f"{part}.log")
            )
            for part, modules in _LOADED.items()
        }
        shop = HarmedShop(
            engine=engine,
            server=server,
            provider=provider,
            url=site,
            fate=Fate(home),
            home=home,
            project=project,
            forks=forks,
            http=http,
        )
        starting = [threading.Thread(target=shop.start, args=(part,)) for part in forks]
        for thread in starting:
            thread.start()
        for thread in starting:
            thread.join()
        yield shop


def _fill(engine: Engine, project: Path, model: training.TrainedModel) -> None:
    training.publish(engine, project, model)
    with engine.begin() as connection:
        connection.execute(text(_WORDS.replace(":", "\\:")))
        connection.execute(text(ORDER_OF_COMMITS))
        clock.set_offset(connection, NOON - datetime.now(UTC))
