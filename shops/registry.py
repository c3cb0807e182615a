"""Which adapter a shop's name means. A new platform is a folder and a line here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from shops.demo.empty import EmptyShop
from shops.demo.shop import DemoShop
from shops.errors import UnknownShop
from shops.protocol import Shop

_SHOPS: Final[dict[str, Callable[..., Shop]]] = {"demo": DemoShop, "empty": EmptyShop}


def shop_names() -> list[str]:
    """The names DANGOL_SHOP may have."""
    return sorted(_SHOPS)


def open_shop(name: str, *, catalogue: Path, now: datetime) -> Shop:
    """The shop of that name, its catalogue read from a folder.

    Raises UnknownShop naming those there are, and CatalogueError if a file is wrong.
    """
    if name not in _SHOPS:
        raise UnknownShop(name, shop_names())
    return _SHOPS[name](catalogue=catalogue, now=now)
