"""The words of the live release, as the planner says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from marketing import wording
from marketing.errors import NothingLive
from memory import releases
from memory.engine import Connection

Words = Mapping[str, Sequence[wording.Variant]]


class WordingBroken(Exception):
    """The live release has no wording of that name for language and channel, or one with a blank
    that nobody fills."""


class LiveWords:
    """Reads the words again only when another release is live."""

    def __init__(self) -> None:
        self._kept: tuple[int, Words] | None = None

    def read(self, connection: Connection) -> Words | None:
        """The words that are live; None while nothing is."""
        try:
            release_id = releases.live_id(connection)
        except NothingLive:
            return None
        if self._kept is None or self._kept[0] != release_id:
            self._kept = (release_id, releases.words(connection, release_id))
        return self._kept[1]


def said(
    words: Words, response: str, *, language: str, channel: str, values: Mapping[str, object]
) -> str:
    """A response in its wording for that language and channel, blanks filled in. Raises
    WordingBroken."""
    chosen = wording.choose(words.get(response, ()), language=language, channel=channel)
    if chosen is None:
        raise WordingBroken(f"{response} is not there in {language} on {channel}.")
    try:
        return wording.fill(str(chosen["text"]), values)
    except KeyError as blank:
        raise WordingBroken(f"{response} has a blank {blank}.") from blank


def buttons(words: Words, response: str, *, language: str) -> list[dict[str, str]]:
    """The buttons of a response on the web: what they show, and what pressing them says."""
    chosen = wording.choose(words.get(response, ()), language=language, channel="web")
    return [
        {"title": button["title"], "text": button.get("payload") or button["title"]}
        for button in (chosen or {}).get("buttons", ())
    ]
