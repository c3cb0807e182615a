"""Work that comes round by the clock. APScheduler is a ticker in UTC here and nothing more: what is
due is rows in the database (docs/decisions/0011).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

MISFIRE_GRACE_SECONDS = 3600
"""The library's default of one second would silently drop a tick after a busy second."""


class Ticker:
    """Calls functions again and again, one at a time, each never twice at once."""

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": MISFIRE_GRACE_SECONDS,
            },
        )

    def every(self, seconds: float, name: str, work: Callable[[], object]) -> None:
        """Call `work` every so many seconds; what it raises is logged and it is called again."""

        def guarded() -> None:
            try:
                work()
            except Exception:
                log.exception(
                    "Work by the clock failed.", extra={"action": "tick_failed", "tick": name}
                )

        self._scheduler.add_job(guarded, "interval", seconds=seconds, id=name, name=name)

    def start(self) -> None:
        """Begin ticking on a thread of its own."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking, when what runs now has ended."""
        self._scheduler.shutdown(wait=True)
