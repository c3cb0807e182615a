"""`doctor`: looks at everything that has to be right, and says how to mend what is not."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from rich.console import Console
from rich.markup import escape

from bootstrap import open_memory
from command import browser, database, running
from marketing.errors import DangolError
from memory import clock, migrate, releases, resealing, sealing
from memory.embedded_errors import EmbeddedServerError
from memory.engine import Connection, Engine
from settings import Settings

ROOM_NEEDED = 2 * 1024**3


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one look found. `mend` says what to do; empty when all is well."""

    what: str
    says: str
    mend: str = ""


def show(settings: Settings) -> bool:
    """Print every finding; True if nothing has to be mended."""
    console = Console(soft_wrap=True, highlight=False)
    all_well = True
    for look in (_python, _home, _disk, _database, _node, _browser, _running):
        for finding in look(settings):
            mark = "[red]✗[/]" if finding.mend else "[green]✓[/]"
            console.print(f"{mark} {finding.what}: {escape(finding.says)}")
            if finding.mend:
                all_well = False
                console.print(f"    → {escape(finding.mend)}")
    return all_well


def _python(_: Settings) -> list[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    mend = "" if version.startswith("3.12") else "Start through ./dangol, which takes Python 3.12."
    return [Finding(what="Python", says=version, mend=mend)]


def _home(settings: Settings) -> list[Finding]:
    is_writable = os.access(settings.home, os.W_OK)
    mend = "" if is_writable else "Set DANGOL_HOME to a folder that you may write to."
    return [Finding(what="DANGOL_HOME", says=str(settings.home), mend=mend)]


def _disk(settings: Settings) -> list[Finding]:
    free = shutil.disk_usage(settings.home).free
    mend = "" if free > ROOM_NEEDED else "Free some space: 2 GB are needed."
    return [Finding(what="Disk", says=f"{free / 1024**3:.1f} GB free", mend=mend)]


def _database(settings: Settings) -> list[Finding]:
    try:
        with database.borrowed(settings) as ready:
            where = "DATABASE_URL" if settings.database_url else "embedded PostgreSQL"
            found = [Finding(what="Database", says=f"{where} answers")]
            engine = open_memory(ready, pool_size=1)
            try:
                return [*found, *_inside(engine)]
            finally:
                engine.dispose()
    except (DangolError, EmbeddedServerError) as error:
        mend = "Start the server DATABASE_URL names, or unset it to use the embedded one."
        return [Finding(what="Database", says=str(error), mend=mend)]


def _inside(engine: Engine) -> list[Finding]:
    with engine.connect() as connection:
        here, newest = migrate.current(connection), migrate.newest()
        if here != newest:
            says = f"at revision {here or 'none'}, the newest is {newest}"
            return [Finding(what="Tables", says=says, mend="Run ./dangol migrate.")]
        ahead = clock.offset(connection)
        found = [
            Finding(what="Tables", says=f"revision {here}"),
            Finding(what="Clock", says=f"business time {datetime.now(UTC) + ahead:%F %R} UTC"),
            _keys(connection),
        ]
        try:
            live = releases.live(connection)
            releases.model_bytes(connection, live.release_id)
        except DangolError as error:
            return [*found, Finding(what="Model", says=str(error), mend="Run ./dangol train.")]
        return [*found, Finding(what="Model", says=f"release {live.release_id} is live")]


def _keys(connection: Connection) -> Finding:
    try:
        resealing.demand_keys(connection)
    except sealing.WrongKey as error:
        mend = "Put the key they were sealed under into DANGOL_OLD_SECRET_KEYS (docs/keys.md)."
        return Finding(what="Secret key", says=str(error), mend=mend)
    return Finding(what="Secret key", says="opens every address")


def _node(_: Settings) -> list[Finding]:
    node = shutil.which("node")
    return [Finding(what="Node.js", says=node or "not on PATH: the packaged one is taken")]


def _browser(_: Settings) -> list[Finding]:
    found = browser.find()
    says = str(found) if found else "no Chromium: the browser tests cannot run"
    mend = "" if found else "On Debian: apt-get install chromium fonts-noto-cjk."
    return [Finding(what="Browser for tests", says=says, mend=mend)]


def _running(settings: Settings) -> list[Finding]:
    found = running.read(settings.home)
    if found is None:
        return [Finding(what="Parts", says="not running (./dangol up starts them)")]
    return [_health(found.url)]


def _health(url: str) -> Finding:
    try:
        answer = httpx.get(f"{url}/healthz", timeout=5)
    except httpx.HTTPError as error:
        mend = "See logs/web.log in DANGOL_HOME; ./dangol restart web."
        return Finding(what="Parts", says=f"web does not answer ({error})", mend=mend)
    mend = "" if answer.status_code == 200 else "See the logs folder in DANGOL_HOME."
    return Finding(what="Parts", says=answer.text[:300], mend=mend)
