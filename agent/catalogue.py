"""Keeps what messages are read with in step with the catalogue in memory; no training is needed
for a new product."""

from __future__ import annotations

import logging
from typing import Any

from memory import catalogue
from memory.engine import Connection
from nlu.catalogue import set_snapshot, snapshot_of

log = logging.getLogger(__name__)


class KnownCatalogue:
    """The catalogue this process knows."""

    def __init__(self) -> None:
        self._digest: str | None = None
        self._store: dict[str, Any] = {}

    def refresh(self, connection: Connection) -> dict[str, Any]:
        """Read the catalogue again if it has changed; returns the store profile.

        Before the first sync, and for an empty shop, nothing is known by name.
        """
        digest = catalogue.digest(connection)
        if digest != self._digest:
            self._store = catalogue.store_profile(connection)
            products = catalogue.listed(connection)
            set_snapshot(snapshot_of(products, self._store))
            self._digest = digest
            log.info(
                "The catalogue has %d products.",
                len(products),
                extra={"action": "catalogue_loaded"},
            )
        return self._store
