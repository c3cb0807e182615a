"""What can go wrong with a shop. The docstring of each error says when it is raised.

ShopError
├── CatalogueError
└── UnknownShop
"""

from __future__ import annotations


class ShopError(Exception):
    """A shop cannot be read."""


class CatalogueError(ShopError):
    """A file of the catalogue is wrong; nothing of it was loaded."""

    def __init__(self, file: str, place: str, reason: str) -> None:
        self.file = file
        self.place = place
        self.reason = reason
        super().__init__(": ".join(part for part in (file, place, reason) if part))


class UnknownShop(ShopError):
    """No shop adapter has that name."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"there is no shop {name!r}; DANGOL_SHOP can be {' or '.join(known)}")
