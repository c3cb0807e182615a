"""Of everything that rules have read in a message, what stands: each thing once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Fact = dict[str, Any]
"""rule, kind, subject, reading, value, level, item, start, end, confidence and what the reading
needs besides."""


def settled(found: Iterable[Fact]) -> list[Fact]:
    """Each thing once: of readings of the same words the one that says most; of a kind with one
    value the last that was said. What is never kept silences its sentence."""
    facts = list(found)
    silenced = {fact["sentence"] for fact in facts if fact["level"] == "never"}
    kept: dict[tuple[str, str, str], Fact] = {}
    taken: list[Fact] = []
    for fact in sorted(facts, key=lambda one: (-one["words"], one["start"])):
        if fact["sentence"] in silenced and fact["level"] != "never":
            continue
        if any(_says_less(fact, other) for other in taken) or _is_of_a_pet(fact, facts):
            continue
        taken.append(fact)
        item = str(fact["value"]) if fact["item"] else ""
        kind = "clothes" if fact["reading"] == "size" and _is_of_clothes(fact) else fact["kind"]
        key = (kind, fact["subject"], item)
        other = kept.get(key)
        if other is None or (fact["start"] > other["start"] and not fact["item"]):
            kept[key] = fact
    ordered = sorted(kept.values(), key=lambda one: (one["start"], one["kind"]))
    return [{key: one[key] for key in one if key not in ("sentence", "words")} for one in ordered]


def _says_less(fact: Fact, other: Fact) -> bool:
    """True for a second reading of the same words."""
    overlap = fact["start"] < other["end"] and other["start"] < fact["end"]
    return overlap and _topic(fact["kind"]) == _topic(other["kind"])


def _is_of_clothes(fact: Fact) -> bool:
    """A letter, a chest size, a child's height; a small number is a shoe of a child or American."""
    said = str(fact["value"])
    is_number = said.replace(".", "", 1).isdigit()
    return not is_number or (not fact["of_shoe"] and 16 < float(said) < 200)


def _is_of_a_pet(fact: Fact, facts: Sequence[Fact]) -> bool:
    """True for the name of a dog, which is not the customer's."""
    pets = [other.get("name") for other in facts if other["kind"] == "pet"]
    return fact["kind"] == "name" and fact["value"] in pets


def _topic(kind: str) -> str:
    """Liking and disliking one thing exclude each other."""
    return kind.removesuffix("_liked").removesuffix("_disliked").removeprefix("dis")
