"""Imports into a database of a test's own, as the command line runs them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from command import imports
from memory import clock
from memory import engine as memory_engine
from outreach import shop_sync
from settings import Settings, read
from shops.registry import open_shop
from tests import keyring
from tests.postgres import ask

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
CATALOGUE = Path(__file__).resolve().parents[1] / "data" / "catalogue"


class ImportShop:
    """The empty shop, with hours and words and nothing else, at a time that stands."""

    def __init__(self, url: str, folder: Path, *, shop: str = "empty") -> None:
        self.url = url
        self.folder = folder
        self.settings: Settings = read(
            {**keyring.ENVIRONMENT, "DATABASE_URL": url, "DANGOL_HOME": str(folder / "home")}
        )
        self.engine = memory_engine.open_engine(url)
        opened = open_shop(shop, catalogue=CATALOGUE, now=NOW)
        shop_sync.load(self.engine, opened, NOW, lambda _: None)
        self.stand_at(NOW)

    def stand_at(self, now: datetime) -> None:
        """The shop's clock says that it is `now`, and some seconds later for the test's length."""
        with self.engine.begin() as connection:
            clock.set_offset(connection, now - datetime.now(UTC))

    def bring(self, kind: str, content: str | bytes | Sequence[Mapping[str, Any]]) -> bool:
        """Import a file with that content; JSON lines if it is a list."""
        return imports.run(self.settings, kind, str(self.file(kind, content)), "ko", "en")

    def file(self, kind: str, content: str | bytes | Sequence[Mapping[str, Any]]) -> Path:
        """A file with that content."""
        if not isinstance(content, str | bytes):
            content = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in content)
        written = content if isinstance(content, bytes) else content.encode()
        path = self.folder / f"{kind}.txt"
        path.write_bytes(written)
        return path

    def rejected(self, kind: str, end: str = "csv") -> str:
        """What the file of rejected rows says; empty if there is none."""
        path = self.folder / f"{kind}.txt.rejected.{end}"
        return path.read_text(encoding="utf-8-sig") if path.exists() else ""

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of a statement."""
        return ask(self.url, statement)

    def everything(self, *tables: str) -> dict[str, Iterable[Any]]:
        """Every row of some tables with the transaction that wrote it: equal if nothing was even
        touched."""
        return {
            name: sorted(map(str, self.ask(f"SELECT xmin::text, t.* FROM {name} t")))
            for name in tables
        }
