"""Stops the embedded database when the supervisor is gone, after the other parts have left.

The supervisor starts the database; this small process, which outlives it by a few seconds, sees to
it that a killed supervisor leaves nothing running.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from memory.embedded import EmbeddedServer

PATIENCE_SECONDS = 6.0
"""Parts leave within five seconds of the supervisor's death."""


def main() -> int:
    """Wait for SIGTERM or the end of the lifeline, then stop the database of the given home."""
    home, lifeline = Path(sys.argv[1]), int(os.environ["DANGOL_LIFELINE_FD"])
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    orphaned = threading.Event()

    def watch() -> None:
        while os.read(lifeline, 1):
            pass
        orphaned.set()
        told.set()

    threading.Thread(target=watch, daemon=True).start()
    while not told.wait(3600):
        pass
    if orphaned.is_set():
        time.sleep(PATIENCE_SECONDS)
    EmbeddedServer(home).stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
