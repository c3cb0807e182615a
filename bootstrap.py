"""The one file that knows everyone: builds a part from the settings and runs it.

`python -m bootstrap web|agent|outreach [--name NAME]` is how the supervisor starts a part. Parts
never import this file.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import settings as settings_module
from marketing.errors import DangolError
from memory import engine as memory_engine
from memory.engine import Engine
from memory.parts import Heartbeat
from memory.sealing import Keyring
from settings import Settings
from shops.errors import ShopError

if TYPE_CHECKING:
    from shops.protocol import Shop

log = logging.getLogger("bootstrap")

LIFELINE = "DANGOL_LIFELINE_FD"
"""Names the inherited pipe that the supervisor holds open while it lives."""


def main() -> int:
    """Run the part named on the command line until it is told to stop."""
    parser = argparse.ArgumentParser(prog="bootstrap")
    parser.add_argument("part", choices=sorted(PARTS))
    parser.add_argument("--name", help="how this process is called in health and logs")
    given = parser.parse_args()
    configure_logging()
    stop = threading.Event()
    stop_on_signal(stop)
    stop_with_the_supervisor(stop)
    try:
        PARTS[given.part](settings_module.read(), given.name or given.part, stop)
    except (DangolError, ShopError, settings_module.SettingsError) as error:
        log.error("%s", error, extra={"action": "part_refused"})
        return 2
    return 0


def configure_logging() -> None:
    """One line per event on stderr; the supervisor adds the part's name in front."""
    logging.basicConfig(
        stream=sys.stderr,
        level=os.environ.get("DANGOL_LOG_LEVEL", "INFO").upper(),
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        datefmt="%H:%M:%S",
        force=True,
    )
    for noisy in (
        "httpx",
        "httpcore",
        "apscheduler",
        "twilio",
        "uvicorn.access",
        "rasa",
        "rasa_sdk",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def stop_on_signal(stop: threading.Event) -> None:
    """SIGTERM and SIGINT ask for an orderly stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def stop_with_the_supervisor(stop: threading.Event) -> None:
    """When the pipe from the supervisor closes, however it died, stop; after five seconds, hard."""
    descriptor = os.environ.get(LIFELINE)
    if descriptor is None:
        return

    def watch() -> None:
        while os.read(int(descriptor), 1):
            pass
        log.warning("The supervisor is gone.", extra={"action": "lifeline_closed"})
        stop.set()
        threading.Timer(5, os._exit, args=(1,)).start()

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def open_memory(settings: Settings, *, pool_size: int = 5, name: str = "dangol") -> Engine:
    """An engine on the shop's database that opens its sealed addresses."""
    keyring = Keyring.of(settings.secret_keys)
    return memory_engine.open_engine(
        settings.database_url, keyring=keyring, pool_size=pool_size, name=name
    )


def run_web(settings: Settings, name: str, stop: threading.Event) -> None:
    """The only part that faces the network."""
    from channels.twilio import incoming
    from web import server

    engine = open_memory(settings, pool_size=20, name=f"dangol-{name}")
    memory_engine.check(engine)
    server.run(
        settings,
        engine,
        texts={"twilio": incoming.receiver(settings)},
        heartbeat=Heartbeat(engine, name),
        stop=stop,
    )


def run_agent(settings: Settings, name: str, stop: threading.Event) -> None:
    """Rasa as a library: one turn at a time."""
    from agent import worker

    engine = open_memory(settings, pool_size=3, name=f"dangol-{name}")
    memory_engine.check(engine)
    worker.run(settings, engine, heartbeat=Heartbeat(engine, name), stop=stop)


def open_shop(settings: Settings) -> Shop:
    """The shop that DANGOL_SHOP names. Raises a ShopError."""
    from shops import registry

    return registry.open_shop(
        settings.shop,
        catalogue=settings_module.PROJECT / "data" / "catalogue",
        now=datetime.now(UTC),
    )


def run_outreach(settings: Settings, name: str, stop: threading.Event) -> None:
    """Scheduled jobs, the sender and the link to the shop's systems."""
    from channels.twilio import outgoing
    from outreach import worker

    engine = open_memory(settings, pool_size=8, name=f"dangol-{name}")
    memory_engine.check(engine)
    worker.run(
        settings,
        engine,
        senders={"sms": outgoing.sender(settings)},
        shop=open_shop(settings),
        heartbeat=Heartbeat(engine, name),
        stop=stop,
    )


PARTS: dict[str, Callable[[Settings, str, threading.Event], None]] = {
    "web": run_web,
    "agent": run_agent,
    "outreach": run_outreach,
}


if __name__ == "__main__":
    sys.exit(main())
