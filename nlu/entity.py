"""The shape of one recognised entity, shared by everything that recognises them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entity:
    """A value named in `text[start:end]`, offsets in code points."""

    entity: str
    value: str
    start: int
    end: int
    role: str | None = None

    def overlaps(self, other: Entity) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def as_rasa(self, extractor: str) -> dict[str, Any]:
        """The dictionary Rasa's trackers and actions know."""
        found: dict[str, Any] = {
            "entity": self.entity,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            "extractor": extractor,
        }
        if self.role is not None:
            found["role"] = self.role
        return found


def longest_first(entities: Iterable[Entity]) -> list[Entity]:
    """Those that overlap no longer (or, of equal length, earlier listed) one, in text order."""
    found = list(entities)
    if len(found) < 2:
        return found
    kept: list[Entity] = []
    for entity in sorted(found, key=lambda one: one.start - one.end):
        if not any(map(entity.overlaps, kept)):
            kept.append(entity)
    return sorted(kept, key=lambda one: (one.start, one.end))
