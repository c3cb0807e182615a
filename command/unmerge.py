"""`unmerge`: the merges of a customer, and the undoing of one."""

from __future__ import annotations

from rich.console import Console

from memory import unmerging
from memory.engine import Connection
from memory.unmerging import Merge


def show(connection: Connection, customer_id: str, console: Console) -> None:
    """The merges that a customer has come out of, oldest first."""
    listed = unmerging.of_customer(connection, customer_id)
    if not listed:
        console.print(f"{customer_id} was never made of two.")
    for merge in listed:
        console.print(line(merge))


def line(merge: Merge) -> str:
    """A merge in one line."""
    undone = f", undone {merge.undone_at:%F %R}" if merge.undone_at else ""
    return (
        f"merge {merge.merge_id}: {merge.gone} became {merge.stays}"
        f" on {merge.at:%F %R} UTC by {merge.proof}{undone}"
    )
