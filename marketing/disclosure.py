"""What may be told to whom: nothing personal before a proof (DESIGN rule 13)."""

from __future__ import annotations

from datetime import datetime, timedelta

SAY = frozenset(
    {
        *("shoe_size", "clothing_size", "width", "activity", "language"),
        *("colour_liked", "colour_disliked", "brand_liked", "brand_disliked"),
        *("style_liked", "style_disliked", "need", "objection", "promise", "has"),
    }
)
"""Kinds of fact that point at nobody: told to whoever writes in this conversation."""

VISIT = timedelta(minutes=30)
"""A visit ends after this much silence (the customary web-analytics session)."""


def may_say(kind: str, *, is_proven: bool, learnt_at: datetime, visit_began_at: datetime) -> bool:
    """True if a fact of `kind` may be told now: harmless kinds always; the rest (names, family,
    dates) only after a proof, or within the very visit in which it was said."""
    return kind in SAY or is_proven or learnt_at >= visit_began_at
