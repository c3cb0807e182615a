"""A process that says how it is while an earlier word of it is still on its way: the later word
holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine

from memory import parts
from memory.engine import open_engine
from memory.parts import Heartbeat

PATIENCE = 10.0


@dataclass
class Held:
    """The first word that a heartbeat tells, which does not arrive before it is let go."""

    began: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def first_word(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held, tell = Held(), parts.beat

    def tell_later(*given: Any, **named: Any) -> None:
        if not held.began.is_set():
            held.began.set()
            assert held.let_go.wait(PATIENCE)
        tell(*given, **named)

    monkeypatch.setattr(parts, "beat", tell_later)
    yield held
    held.let_go.set()


def _while_it_is_held(first_word: Held, heartbeat: Heartbeat, act: Callable[[], None]) -> None:
    """Start the heartbeat, act while its first word is on its way, and let both arrive."""
    heartbeat.start()
    assert first_word.began.wait(PATIENCE)
    acting = threading.Thread(target=act)
    acting.start()
    acting.join(0.3)  # long enough for whatever does not wait for the first word
    first_word.let_go.set()
    acting.join(PATIENCE)
    assert not acting.is_alive()


def _known(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return {part.part: part.state for part in parts.known(connection)}


def test_an_earlier_word_does_not_undo_a_later_one(engine: Engine, first_word: Held) -> None:
    heartbeat = Heartbeat(engine, "web")
    _while_it_is_held(first_word, heartbeat, lambda: heartbeat.say("ready"))
    for _ in range(10):  # the first word is still to be committed; the next is two seconds off
        assert _known(engine) == {"web": "ready"}
        time.sleep(0.05)
    heartbeat.end()
    heartbeat.join(PATIENCE)


def test_who_has_left_says_no_more(engine: Engine, first_word: Held) -> None:
    heartbeat = Heartbeat(engine, "web")
    _while_it_is_held(first_word, heartbeat, heartbeat.end)
    heartbeat.join(PATIENCE)
    assert _known(engine) == {}
    heartbeat.beat()
    assert _known(engine) == {}
