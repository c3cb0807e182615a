"""Reads the words of what was said while no turn read it: a person had taken the conversation, or
it is from before words were kept. Here, as only the agent has the analyser of Korean loaded.
"""

from __future__ import annotations

import logging

from memory import turns
from memory.engine import Engine
from memory.trouble import AWAY
from nlu.search_words import search_words

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Some tens of milliseconds: a message that comes meanwhile hardly waits."""


def read_some(engine: Engine) -> bool:
    """Read a few utterances, if any are unread; True if there may be more."""
    try:
        with engine.begin() as connection:
            unread = turns.unread(connection, limit=AT_ONCE)
            if unread:
                turns.keep_words(connection, unread, [search_words(one.text) for one in unread])
    except AWAY:
        log.warning("The database does not answer.", extra={"action": "database_away"})
        return False
    return len(unread) == AT_ONCE
