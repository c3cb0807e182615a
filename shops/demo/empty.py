"""What `DANGOL_SHOP=empty` asks for: the demo shop before its first product and customer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from shops.demo.store_file import read_store
from shops.goods import Product
from shops.protocol import Customer, Event, Order, Utterance
from shops.store import Store
from shops.values import require_aware


class EmptyShop:
    """Hours and policies of the catalogue's `store.yml`, and nothing else."""

    def __init__(self, *, catalogue: Path, now: datetime) -> None:
        """Read the store. Raises CatalogueError; nothing here depends on `now`."""
        require_aware(now)
        self._store = read_store(catalogue / "store.yml")

    def store(self) -> Store:
        """What the shop says about itself."""
        return self._store

    def products(self) -> Iterator[Product]:
        """None."""
        yield from ()

    def customers(self) -> Iterator[Customer]:
        """None."""
        yield from ()

    def orders(self) -> Iterator[Order]:
        """None."""
        yield from ()

    def events(self) -> Iterator[Event]:
        """None."""
        yield from ()

    def dialogue(self) -> Iterator[Utterance]:
        """None."""
        yield from ()
