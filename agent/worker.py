"""The agent's process: prepares the ground for Rasa and answers messages until told to stop. One
turn at a time; any number of processes may run (DESIGN rule 2).
"""

from __future__ import annotations

import shutil
import tempfile
from threading import Event

from memory.engine import Engine
from memory.parts import Heartbeat
from settings import Settings


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
    try:
        # A folder of this process's own, so that what a killed one left can be thrown away.
        temporary = settings.home / "tmp" / heartbeat.part
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        tempfile.tempdir = str(temporary)
        from agent import stand_ins

        stand_ins.install()
        # Rasa takes seconds to import, and may only be imported once the stand-ins are there.
        from agent import answering, patches

        patches.apply()
        answering.Answering(
            settings, engine, heartbeat, stop, actions=actions, turn_seconds=turn_seconds
        ).run()
    finally:
        heartbeat.end()
