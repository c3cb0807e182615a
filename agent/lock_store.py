"""Rasa's lock store, with nothing to lock: the claim of the inbox row already lets one turn of a
customer run at a time (DESIGN rule 2), and a process runs one turn at a time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock_store import LockStore


class ClaimedLockStore(LockStore):
    """Grants every lock at once."""

    def __init__(self, endpoint_config: object = None) -> None:
        """`endpoint_config` is what endpoints.yml says beside the class; nothing of it is used."""

    @asynccontextmanager
    async def lock(self, *_arguments: Any, **_keywords: Any) -> AsyncIterator[None]:
        """Run the body: whoever claimed the message may answer it."""
        yield
