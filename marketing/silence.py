"""When a number has been silent for so long that it may be somebody else's by now: numbers are
given out again. Its proof has then lapsed, until a code brings it back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

SILENCE = timedelta(days=180)
"""Without a text, a code, an opened link or a log-in of its owner."""


def is_silent(last_heard_at: datetime | None, *, now: datetime) -> bool:
    """True if its owner was last heard too long ago; business time."""
    return last_heard_at is not None and now - last_heard_at > SILENCE
