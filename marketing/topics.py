"""What an advertisement speaks of, for whoever has asked not to hear of it: the occasion it is made
for, the kind of goods, and what the shop says that its goods stand for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

_NEAR: Mapping[str, frozenset[str]] = {
    "mothers_day": frozenset({"parents_day"}),
    "fathers_day": frozenset({"parents_day"}),
    "parents_day": frozenset({"mothers_day", "fathers_day"}),
}
"""Korea keeps one day for both parents: whoever mutes one day does not hear of its kin."""


def is_muted(
    muted: Collection[str],
    *,
    campaign: str | None,
    category: str | None,
    product_id: str | None,
    stands_for: Mapping[str, Collection[str]],
) -> bool:
    """True if the offer speaks of something of `muted`. `stands_for` is the shop's own word: by
    topic, the ids of categories and products that are about it."""
    silent = {*muted, *(near for topic in muted for near in _NEAR.get(topic, ()))}
    spoken_of = {category, campaign}
    spoken_of |= {
        topic for topic, ids in stands_for.items() if category in ids or product_id in ids
    }
    return not silent.isdisjoint(spoken_of)
