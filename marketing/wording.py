"""Which wording of a response is said: by language and channel, with its blanks filled in.

The variants are those of `domain.yml`: a list of objects with `text` and, where they apply to some
only, `channel` and `condition` on the slot `language`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Variant = Mapping[str, Any]

_BLANK = re.compile(r"\{([a-z_]+)\}")


def choose(
    variants: Sequence[Variant], *, language: str, channel: str, turn: int = 0
) -> Variant | None:
    """The variant for this language and channel; among equals the `turn`-th in rotation.

    A wording for the customer's language beats one without; within it, one for the channel beats
    one for all. A wording for another language or channel is never taken. None if nothing fits.
    """
    best: list[Variant] = []
    best_rank = (-1, -1)
    for variant in variants:
        rank = _rank(variant, language, channel)
        if rank is None or rank < best_rank:
            continue
        best = [*best, variant] if rank == best_rank else [variant]
        best_rank = rank
    return best[turn % len(best)] if best else None


def fill(text: str, values: Mapping[str, object]) -> str:
    """`text` with each `{name}` replaced by its value. An unknown name raises KeyError: a customer
    must never see a blank."""
    return _BLANK.sub(lambda blank: str(values[blank.group(1)]), text)


def _rank(variant: Variant, language: str, channel: str) -> tuple[int, int] | None:
    said_in = _language_of(variant)
    on = variant.get("channel")
    if said_in not in (None, language) or on not in (None, channel):
        return None
    return (int(said_in is not None), int(on is not None))


def _language_of(variant: Variant) -> str | None:
    for condition in variant.get("condition") or ():
        if condition.get("type") == "slot" and condition.get("name") == "language":
            return str(condition.get("value"))
    return None
