"""The agent's process: prepares the ground for Rasa and answers messages until told to stop. One
turn at a time; any number of processes may run (DESIGN rule 2).
"""

from __future__ import annotations

import logging
import tempfile
from threading import Event

from memory.engine import Engine
from memory.parts import Heartbeat
from settings import Settings

log = logging.getLogger(__name__)


def run(
    settings: Settings,
    engine: Engine,
    heartbeat: Heartbeat,
    stop: Event,
    *,
    actions: str = "actions",
    turn_seconds: float = 15,
) -> None:
    """Answer messages until `stop` is set. `actions` is the package of custom actions; a turn
    longer than `turn_seconds` ends the process. Raises ActionsBroken."""
    heartbeat.start()
    temporary = settings.home / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(temporary)
    from agent import stand_ins

    stand_ins.install()
    # Rasa takes seconds to import, and may only be imported once the stand-ins are there.
    from agent import answering, patches

    patches.apply()
    answering.Answering(
        settings, engine, heartbeat, stop, actions=actions, turn_seconds=turn_seconds
    ).run()
    heartbeat.end()
