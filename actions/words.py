"""The words of the live release, for phrases that go into a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from marketing.errors import NothingLive
from marketing.wording import Variant
from memory import releases
from memory.current import CurrentTurn

Words = Mapping[str, Sequence[Variant]]


class _Kept:
    """The words last read: a release never changes, and is asked for in nearly every turn."""

    def __init__(self) -> None:
        self._of: tuple[str, int] | None = None
        self._words: Words = {}

    def read(self, turn: CurrentTurn, release_id: int) -> Words:
        of = (str(turn.connection.engine.url), release_id)
        if of != self._of:
            self._words = releases.words(turn.connection, release_id)
            self._of = of
        return self._words


@lru_cache(maxsize=1)
def _kept() -> _Kept:
    return _Kept()


def words_of(turn: CurrentTurn) -> Words:
    """The words of the release that was live when the turn began. Raises NothingLive."""
    if turn.recalled.release_id is None:
        raise NothingLive
    return _kept().read(turn, turn.recalled.release_id)
