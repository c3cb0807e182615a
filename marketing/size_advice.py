"""Which size of the shop's shoes suits somebody, and why: what they wear elsewhere, what they
bought and kept, what they told. The comparison with another brand is the shop's own word; none is
guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketing import sizes

_EUROPEAN = re.compile(
    r"(?:\beu[r]?o?(?:pean)?|유럽|유로)\s*(?:size|사이즈)?\s*(\d{2}(?:\.5)?)(?![\d.])"
    r"|(?<![\d.])(\d{2}(?:\.5)?)\s*(?:eu\b|eur\b|유럽)",
    re.IGNORECASE,
)
_STEP = 5
"""Millimetres between two sizes: half an American one."""


class Reason(StrEnum):
    """Why that size."""

    BRAND = "brand"
    """The shop has compared its shoes with that brand."""
    CONVERTED = "converted"
    """It was only converted: nobody has compared."""
    BOUGHT = "bought"
    TOLD = "told"


@dataclass(frozen=True, kw_only=True)
class Worn:
    """A pair they bought."""

    product_id: str
    millimetres: int
    was_returned: bool


@dataclass(frozen=True, kw_only=True)
class Advice:
    """A size of the shop's own."""

    millimetres: int
    reason: Reason
    difference: int = 0
    """Millimetres to what they wear in that brand."""
    worn: Worn | None = None


def european(text: str) -> int | None:
    """The length in millimetres, to the next 5, of a European size in a text: (length in cm + 1.5)
    × 1.5, the Paris point of 2/3 cm with 15 mm of room. None if there is none."""
    found = _EUROPEAN.search(text)
    if found is None:
        return None
    millimetres = float(found[1] or found[2]) / 0.15 - 15
    nearest = round(millimetres / _STEP) * _STEP
    return nearest if nearest in sizes.SHOES_MM else None


def as_european(millimetres: int) -> str:
    """The European size of a length, to the next half: 270 → `43`."""
    return f"{round((millimetres + 15) * 0.15 * 2) / 2:g}"


def advise(
    *,
    worn_there: int | None,
    brand: str | None,
    compared: Mapping[str, int],
    pairs: Sequence[Worn],
    told: int | None,
) -> Advice | None:
    """The size, the best reason first: what was said now, what was bought and kept, what was told
    before. `worn_there` is in millimetres, of that `brand` or of none; `pairs` the newest first.
    None if nothing is known."""
    if worn_there is not None:
        difference = compared.get(brand) if brand is not None else None
        if difference is None:
            return Advice(millimetres=worn_there, reason=Reason.CONVERTED)
        return Advice(
            millimetres=worn_there + difference, reason=Reason.BRAND, difference=difference
        )
    kept = next((one for one in pairs if not one.was_returned), None)
    if kept is not None:
        return Advice(millimetres=kept.millimetres, reason=Reason.BOUGHT, worn=kept)
    return Advice(millimetres=told, reason=Reason.TOLD) if told is not None else None
