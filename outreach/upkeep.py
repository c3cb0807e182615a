"""What memory owes its customers while they sleep: goodbyes cleared away, the bytes of whoever was
erased purged, and nothing kept longer than its time. Changes nothing that is still in use.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from memory import catalogue, clock, erasing, purging, retention
from memory import engine as memory_engine
from memory.embedded import EmbeddedServer
from memory.engine import Connection, Engine
from memory.retention import Period

log = logging.getLogger(__name__)

NIGHT = range(3, 5)
"""Hours by the shop's clock in which tables may be written anew."""
AT_THE_LATEST = timedelta(hours=30)
"""Where no night came: the part does not run at night, say."""
BATCH = 500
KEEP_LOGS = timedelta(days=90)


def clear_goodbyes(engine: Engine) -> int:
    """Delete what goodbyes have left; returns how many rows there were."""
    with memory_engine.transaction(engine) as connection:
        return erasing.sweep(connection, now=clock.business_now(connection))


class Nights:
    """Does the night's work once a night."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self._engine = engine
        self._home = home
        self._done: datetime | None = None

    def look(self) -> None:
        """Do it if it is night at the shop and it was not done yet; purge also if it is late."""
        with memory_engine.transaction(self._engine) as connection:
            now = clock.business_now(connection)
            local = now.astimezone(_zone(connection))
        is_due = self._done is None or now - self._done > timedelta(hours=12)
        if local.hour in NIGHT and is_due:
            self._done = now
            keep_to_periods(self._engine)
            forget_logs(self._home / "logs", datetime.now(UTC))
            purge_erased(self._engine, self._home, before=now - erasing.SWEEP_AFTER)
        else:
            purge_erased(self._engine, self._home, before=now - AT_THE_LATEST)


def _zone(connection: Connection) -> ZoneInfo:
    zones = catalogue.store_profile(connection).get("time_zone", {})
    return ZoneInfo(zones.get("ko") or "UTC")


def purge_erased(engine: Engine, home: Path, *, before: datetime) -> int:
    """Have the bytes gone of whoever was erased before that business time; returns how many people
    that were."""
    with memory_engine.transaction(engine) as connection:
        whose = erasing.unpurged(connection, before=before)
    if not whose:
        return 0
    for customer_id in whose:
        with memory_engine.transaction(engine) as connection:
            erasing.finish(connection, customer_id, now=clock.business_now(connection))
    reach = EmbeddedServer(home).reach_of(engine.url.render_as_string(hide_password=False))
    done = purging.purge(engine, whose, reach=reach, say=_log_progress)
    with memory_engine.transaction(engine) as connection:
        purging.record(connection, whose, now=clock.business_now(connection))
    log.info(
        "Whoever was erased is gone from the files too.",
        extra={
            "action": "purged",
            "count": len(whose),
            "left_to_operator": list(done.left_to_operator),
        },
    )
    return len(whose)


def _log_progress(line: str) -> None:
    log.info("Writing anew: %s", line, extra={"action": "purging"})


def keep_to_periods(engine: Engine) -> dict[str, int]:
    """End everything that has had its time; returns how many rows of each kind there were."""
    ended: dict[str, int] = {}
    for period in retention.PERIODS:
        rows = _keep_to(engine, period)
        ended[period.kind] = ended.get(period.kind, 0) + rows
    return ended


def _keep_to(engine: Engine, period: Period) -> int:
    rows, last = 0, BATCH
    while last == BATCH:
        with memory_engine.transaction(engine, seconds=60) as connection:
            days = retention.days_of(connection, period)
            last = retention.apply(
                connection,
                period,
                days=days,
                now=clock.business_now(connection),
                real_now=datetime.now(UTC),
                limit=BATCH,
            )
        rows += last
        if last:
            log.info(
                "%s: %d rows had their %d days: %s.",
                period.kind,
                rows,
                days,
                period.reason,
                extra={"action": "period_over", "kind": period.kind, "rows": rows},
            )
    return rows


def forget_logs(folder: Path, now: datetime) -> int:
    """Delete log files to which nothing was added for KEEP_LOGS (real time); returns how many."""
    old = [
        path
        for path in folder.rglob("*.log*")
        if path.is_file() and path.stat().st_mtime < (now - KEEP_LOGS).timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
        log.info("A log had its time: %s.", path.name, extra={"action": "log_forgotten"})
    return len(old)
