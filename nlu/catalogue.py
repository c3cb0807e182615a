"""The words of the shop's catalogue that entities are recognised by.

The agent keeps the snapshot fresh through `set_snapshot`; a new catalogue needs no training.
Must not read a database: without an agent the snapshot comes from the files under data/catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CATALOGUE_FOLDER = Path(__file__).resolve().parent.parent / "data" / "catalogue"

# Sections of store.yml and the entity each becomes.
SECTIONS: Mapping[str, str] = {
    "categories": "category",
    "brands": "brand",
    "other_brands": "brand",
    "colours": "colour",
    "activities": "activity",
    "widths": "width",
    "sizes": "size",
}


@dataclass(frozen=True)
class CatalogueEntry:
    """One thing a customer can name."""

    entity: str
    """Name of the entity: product, category, brand, colour, activity, width or size."""
    identifier: str
    """Value of the entity: product_id, category id, …"""
    phrases: tuple[str, ...]
    """How customers write it, in either language."""


@dataclass(frozen=True)
class CatalogueSnapshot:
    """Everything a customer can name, at one moment."""

    entries: tuple[CatalogueEntry, ...] = ()


def snapshot_of(
    products: Iterable[Mapping[str, Any]], words: Mapping[str, Iterable[Mapping[str, Any]]]
) -> CatalogueSnapshot:
    """A snapshot of products and of the shop's words.

    `products` have `product_id`, `name {ko, en}` and optionally `synonyms {ko, en}`; `words` holds
    the sections of store.yml (`SECTIONS`), each a list of `{id, label {ko, en}, synonyms {…}}`.
    """
    entries = [_entry("product", one["product_id"], one, "name") for one in products]
    for section, entity in SECTIONS.items():
        entries.extend(_entry(entity, one["id"], one, "label") for one in words.get(section, ()))
    return CatalogueSnapshot(tuple(entries))


def _entry(entity: str, identifier: Any, thing: Mapping[str, Any], label: str) -> CatalogueEntry:
    phrases = dict.fromkeys(phrase.strip() for phrase in _phrases(thing, label))
    return CatalogueEntry(entity, str(identifier), tuple(filter(None, phrases)))


def _phrases(thing: Mapping[str, Any], label: str) -> Iterator[str]:
    yield from (str(name) for name in thing[label].values())
    for synonyms in (thing.get("synonyms") or {}).values():
        yield from (str(synonym) for synonym in synonyms)


def read_snapshot(folder: Path = CATALOGUE_FOLDER) -> CatalogueSnapshot:
    """The snapshot of products.yml and store.yml in `folder`; empty where they are missing."""
    products = _read(folder / "products.yml").get("products") or []
    return snapshot_of(products, _read(folder / "store.yml"))


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    # The C loader, where libyaml is there, takes a tenth of the time of yaml.safe_load.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = path.read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, Loader=loader) or {}  # noqa: S506 both are safe
    return content


class _Holder:
    """The snapshot in use, shared by every component of this process."""

    snapshot: CatalogueSnapshot | None = None


def set_snapshot(snapshot: CatalogueSnapshot) -> None:
    """Makes `snapshot` the one that messages are read with from now on."""
    _Holder.snapshot = snapshot


def current_snapshot() -> CatalogueSnapshot:
    """The snapshot in use; if none was set, the one of the files, read once."""
    if _Holder.snapshot is None:
        _Holder.snapshot = read_snapshot()
    return _Holder.snapshot
