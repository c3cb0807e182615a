"""`rotate-keys`: seals everything again under today's secret key, while the shop runs."""

from __future__ import annotations

import time

from rich.console import Console
from rich.progress import Progress

from memory import resealing, sealing
from memory.engine import Engine

PAUSE = 0.2
"""Seconds until rows that somebody held are looked at again."""


def rotate(engine: Engine, console: Console) -> None:
    """Seal what is left to be sealed, some rows a transaction: broken off, it goes on from there.
    Raises sealing.WrongKey."""
    with engine.connect() as connection:
        resealing.demand_keys(connection)
        left = resealing.waiting(connection)
    sealed = 0
    with Progress(console=console) as progress:
        bar = progress.add_task("Sealing", total=left)
        while left:
            with engine.begin() as connection:
                done = resealing.seal_some_again(connection)
                left = left - done if done else resealing.waiting(connection)
            sealed += done
            progress.update(bar, total=sealed + left, completed=sealed)
            if not done:
                time.sleep(PAUSE)
    _conclude(engine, console, sealed)


def _conclude(engine: Engine, console: Console, sealed: int) -> None:
    with engine.connect() as connection:
        today = sealing.keyring(connection).keys[0].key_id
        needed = resealing.needed_keys(connection)
    console.print(f"{sealed} sealed again; everything is under the key {today}.")
    for key_id, rows in needed.items():
        if key_id != today:
            console.print(
                f"The key {key_id} stays needed for {rows} suppressed addresses that are known by"
                " their hash only: leave it in DANGOL_OLD_SECRET_KEYS."
            )
    if needed.keys() <= {today}:
        console.print("DANGOL_OLD_SECRET_KEYS is not needed any more.")
