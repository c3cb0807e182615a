"""Runs this part: one port, handlers in threads, and a prompt end when it is told to stop."""

from __future__ import annotations

import gc
import logging
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import uvicorn

from channels.protocol import Receiver
from marketing.errors import Unavailable
from memory.engine import Engine
from memory.parts import Heartbeat
from settings import Settings
from web import application
from web import site as sites
from web.site import Site

log = logging.getLogger(__name__)

_WAITING_CONNECTIONS = 2048
_SECONDS_TO_FINISH = 3


class PortTaken(Unavailable):
    """Another program has the port: stop it, or choose another with --port."""


def run(
    settings: Settings,
    engine: Engine,
    texts: Mapping[str, Receiver],
    heartbeat: Heartbeat,
    stop: threading.Event,
) -> None:
    """Serve until `stop` is set. Raises PortTaken."""
    listening = listen(settings)
    site = sites.build(settings, engine, texts, heartbeat.part)
    server = _Server(_configuration(site), heartbeat)
    threading.Thread(
        target=_end_on, args=(stop, site, server), name="stop-watch", daemon=True
    ).start()
    heartbeat.start()
    try:
        server.run(sockets=[listening])
    finally:
        stop.set()
        site.streams.presence.wait_for_the_end()
        heartbeat.end()
        listening.close()
        engine.dispose()


def listen(settings: Settings) -> socket.socket:
    """The open port: on this machine only in development, where anybody may log in as anybody.
    Raises PortTaken."""
    host = "127.0.0.1" if settings.is_development else "0.0.0.0"  # noqa: S104
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, settings.port))
    except OSError as error:
        opened.close()
        raise PortTaken(
            f"Port {settings.port} cannot be used ({error.strerror}): stop the program that has "
            "it, or choose another with --port."
        ) from error
    opened.listen(_WAITING_CONNECTIONS)
    return opened


class _Server(uvicorn.Server):
    """Leaves signals to the process, and says `ready` once it serves."""

    def __init__(self, configuration: uvicorn.Config, heartbeat: Heartbeat) -> None:
        super().__init__(configuration)
        self._heartbeat = heartbeat

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None are captured: the process turns them into `stop`."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve, then say so. What is loaded by now stays: looking through it again and again
        would cost a tenth of every request."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        threading.Thread(target=self._heartbeat.say, args=("ready",), daemon=True).start()


def _configuration(site: Site) -> uvicorn.Config:
    return uvicorn.Config(
        application.build(site),
        log_config=None,
        access_log=False,
        proxy_headers=False,
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        timeout_keep_alive=10,
    )


def _end_on(stop: threading.Event, site: Site, server: uvicorn.Server) -> None:
    stop.wait()
    site.streams.end()
    server.should_exit = True
