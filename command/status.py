"""What runs from this DANGOL_HOME, as a table; and the restart of one part."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from command import running
from marketing.errors import NotFound
from memory import engine as memory_engine
from memory import parts
from memory.embedded import EmbeddedServer, ServerState
from settings import Settings


def show(settings: Settings) -> bool:
    """Print what runs; True if everything that should run is ready."""
    found = running.read(settings.home)
    if found is None:
        print("Dangol does not run from here. Start it with ./dangol up.")
        return False
    print(f"Dangol runs at {found.url} (process {found.pid}).")
    url = settings.database_url or _embedded_url(settings)
    if url is None:
        print("The database does not answer: see ./dangol doctor.")
        return False
    engine = memory_engine.open_engine(url, pool_size=1)
    try:
        memory_engine.check(engine)
        with engine.connect() as connection:
            known = parts.known(connection)
    finally:
        engine.dispose()
    Console().print(_table(known))
    missing = {"web", "agent", "outreach"} - {part.part for part in known if part.is_ready}
    return not missing


def _embedded_url(settings: Settings) -> str | None:
    server = EmbeddedServer(settings.home)
    return server.url if server.status().state is ServerState.RUNNING else None


def _table(known: list[parts.Part]) -> Table:
    table = Table("part", "process", "state", "since", "last heard of")
    now = datetime.now(UTC)
    for part in known:
        state = part.state if part.is_ready else f"{part.state}, silent"
        table.add_row(
            part.part,
            str(part.pid),
            "ready" if part.is_ready else state,
            f"{part.started_at.astimezone():%Y-%m-%d %H:%M:%S}",
            f"{(now - part.beat_at).total_seconds():.0f} s ago",
        )
    return table


def restart(settings: Settings, part: str) -> None:
    """Ask one part to stop; its supervisor starts it again. Raises NotFound."""
    found = running.read(settings.home)
    if found is None:
        raise NotFound("Dangol does not run from here. Start it with ./dangol up.")
    if part not in found.parts or part == "database":
        names = ", ".join(sorted(set(found.parts) - {"database"}))
        raise NotFound(f"There is no part {part!r} to restart; there are: {names}.")
    os.kill(found.parts[part], signal.SIGTERM)
    print(f"{part} was told to stop and is started again.")
