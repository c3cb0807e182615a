"""Agent processes for tests: started within milliseconds by a server that has loaded Rasa already,
stopped at a chosen point of a turn, and killed as hard as one likes.
"""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import sys
import threading
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import settings as settings_module
import tests.keyring  # noqa: F401 - lends the engine its keys
from agent import stand_ins
from memory.engine import open_engine
from memory.parts import Heartbeat
from tests import small_project

stand_ins.install()

# Loaded here so that every process forked from the server has it.
import rasa.engine.recipes.default_components  # noqa: E402, F401 - a model's parts

import agent.answering  # noqa: E402
import agent.worker  # noqa: E402

FOREVER = 600.0


def start(
    url: str,
    home: Path,
    project: Path,
    *,
    name: str = "agent-1",
    pause_at: str | None = None,
    turn_seconds: float = 15,
    actions: str = small_project.ACTIONS,
) -> BaseProcess:
    """An agent process at work. With `pause_at` (`module:function` or `module:Class.method`) it
    stops there, before the call, and has written `home/paused` when it does."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(
        target=_run, args=(url, home, project, name, pause_at, turn_seconds, actions)
    )
    process.start()
    return process


def wait_until_paused(home: Path, process: BaseProcess, seconds: float = 60) -> None:
    """Return when the process has come to its pause, and forget that it has."""
    deadline = time.monotonic() + seconds
    while not (home / "paused").exists():
        assert process.is_alive(), f"the agent ended with {process.exitcode}"
        assert time.monotonic() < deadline, "the agent never came to its pause"
        time.sleep(0.02)
    (home / "paused").unlink()


def kill(process: BaseProcess) -> None:
    """kill -9, and wait for the end."""
    process.kill()
    process.join(20)


def _run(
    url: str,
    home: Path,
    project: Path,
    name: str,
    pause_at: str | None,
    turn_seconds: float,
    actions: str,
) -> None:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    sys.path.insert(0, str(project))
    if pause_at is not None:
        _pause(pause_at, home / "paused")
    environment = {"DANGOL_HOME": str(home), "DATABASE_URL": url.replace("+psycopg", "")}
    engine = open_engine(url, pool_size=3, name=f"dangol-{name}")
    agent.worker.run(
        settings_module.read(environment),
        engine,
        Heartbeat(engine, name),
        threading.Event(),
        actions=actions,
        turn_seconds=turn_seconds,
    )


def _pause(at: str, mark: Path) -> None:
    module, _, path = at.partition(":")
    *owners, attribute = path.split(".")
    owner: Any = importlib.import_module(module)
    for step in owners:
        owner = getattr(owner, step)
    original = getattr(owner, attribute)

    def paused(*arguments: Any, **keywords: Any) -> Any:
        mark.touch()
        time.sleep(FOREVER)
        return original(*arguments, **keywords)

    setattr(owner, attribute, paused)
