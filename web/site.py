"""What every handler of this part shares, built once when it starts."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Request

from channels.protocol import Receiver
from memory import engine as memory_engine
from memory.engine import Connection, Engine
from settings import PROJECT, Settings
from web.limits import Limit
from web.measures import Measures
from web.streams import Streams


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The brakes of RULES IN-4."""

    messages: Limit
    """By customer."""
    sessions: Limit
    """By address."""
    log_ins: Limit
    """By address."""
    hints: Limit
    """Calls of the event API with a browser's key, by address."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """Everything a handler may use."""

    settings: Settings
    engine: Engine
    texts: Mapping[str, Receiver]
    streams: Streams
    limits: Limits
    measures: Measures
    origins: frozenset[str]
    """Where a browser may send a changing request from."""
    event_origins: frozenset[str]
    """Where it may call the event API from: the shop's other sites too."""
    scripts: Path | None
    """The folder of the built chat widget; None if it was not built."""
    pictures: Path

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction. Raises DatabaseUnreachable."""
        with memory_engine.transaction(self.engine) as connection:
            yield connection

    @property
    def is_https(self) -> bool:
        """True if browsers reach this site over https."""
        return self.settings.public_base_url.startswith("https://")


def build(settings: Settings, engine: Engine, texts: Mapping[str, Receiver], process: str) -> Site:
    """The shared things, from the settings; `process` is how this one is called. Starts
    nothing."""
    crowd = 1000 if settings.is_development else 60
    return Site(
        settings=settings,
        engine=engine,
        texts=texts,
        streams=Streams(engine, settings.database_url, process),
        limits=Limits(
            messages=Limit(20, 10),
            sessions=Limit(crowd, 60),
            log_ins=Limit(crowd // 2, 60),
            hints=Limit(2 * crowd, 60),
        ),
        measures=Measures(),
        origins=_origins(settings),
        event_origins=_origins(settings) | {origin_of(each) for each in settings.sites},
        scripts=_scripts(settings),
        pictures=PROJECT / "data" / "catalogue" / "pictures",
    )


def of(request: Request) -> Site:
    """The site this request is for."""
    site: Site = request.app.state.site
    return site


def address_of(request: Request) -> str:
    """Where a request comes from, for limits and never for identity. Behind a proxy on this
    machine or network it is the address that the proxy added last."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "")
    if forwarded and _is_near(peer):
        return forwarded.rpartition(",")[2].strip()[:64]
    return peer


def _is_near(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_private
    except ValueError:
        return False


def _origins(settings: Settings) -> frozenset[str]:
    local = {f"http://{host}:{settings.port}" for host in ("localhost", "127.0.0.1", "[::1]")}
    public = origin_of(settings.public_base_url)
    return frozenset({public} | (local if settings.is_development else set()))


def origin_of(address: str) -> str:
    """The origin of an address as a browser writes it: lower case, without the usual port."""
    parts = urlsplit(address.lower())
    usual = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}"


def _scripts(settings: Settings) -> Path | None:
    for folder in (settings.home / "frontend" / "dist", PROJECT / "frontend" / "dist"):
        if folder.is_dir():
            return folder
    return None
