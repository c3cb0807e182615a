"""The turn that is being answered in this process: who, on which connection, at what time.

`agent` opens it; custom actions ask for it. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from marketing.errors import Unavailable
from memory.recall import Recalled


class NoTurn(Unavailable):
    """No turn is open here: actions run inside the agent, or with DATABASE_URL set."""


@dataclass(kw_only=True)
class CurrentTurn:
    """What an action may use to answer. Nothing of it changes in a turn but the language."""

    connection: Connection
    customer_id: str
    channel: str
    language: str
    """Of the answer; another one from the moment in which it is asked for."""
    now: datetime
    seq: int
    """The place of the customer's utterance in the conversation."""
    text: str
    recalled: Recalled
    """What memory held when the turn began."""
    shop_url: str
    """Where the shop's pages are; no trailing slash."""
    address_id: int | None = None
    """The number they write from; None on web."""
    inbox_id: int | None = None
    """The message that is being answered."""
    afterwards: list[Callable[[], object]] = field(default_factory=list)
    """What is to be done in this transaction when the answer has been written."""


_current: ContextVar[CurrentTurn | None] = ContextVar("current_turn", default=None)


def turn() -> CurrentTurn:
    """The open turn. Raises NoTurn."""
    found = _current.get()
    if found is None:
        raise NoTurn
    return found


def opened_now() -> CurrentTurn | None:
    """The open turn, or None where there is none (Rasa's own commands)."""
    return _current.get()


@contextmanager
def opened(current: CurrentTurn) -> Iterator[CurrentTurn]:
    """Make `current` the open turn for the body."""
    token = _current.set(current)
    try:
        yield current
    finally:
        _current.reset(token)
