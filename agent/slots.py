"""The slots that memory fills before every turn. Nothing that must last lives in a slot."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from marketing.disclosure import may_say
from memory.current import CurrentTurn
from memory.recall import Recalled


def memory_slots(current: CurrentTurn, declared: Container[str]) -> dict[str, Any]:
    """Value of each slot that the domain declares and memory fills: `language`, `channel`,
    `is_proven`, `customer_name`, and one per kind of fact about the customer that may be told here
    (DESIGN rule 13)."""
    recalled = current.recalled
    told: dict[str, Any] = {
        "language": current.language,
        "channel": current.channel,
        "is_proven": recalled.is_proven,
        "customer_name": _name(recalled),
    }
    for fact in recalled.facts:
        if fact.subject == "self" and may_say(
            fact.kind,
            is_proven=recalled.is_proven,
            learnt_at=fact.valid_from,
            visit_began_at=recalled.visit_began_at,
        ):
            told.setdefault(fact.kind, fact.value)
    return {name: value for name, value in told.items() if name in declared}


def _name(recalled: Recalled) -> str | None:
    said = recalled.fact("name")
    if said is not None and may_say(
        "name",
        is_proven=recalled.is_proven,
        learnt_at=said.valid_from,
        visit_began_at=recalled.visit_began_at,
    ):
        return str(said.value)
    return recalled.name if recalled.is_proven else None
