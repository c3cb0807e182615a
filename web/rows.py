"""The shape in which a kept utterance leaves over HTTP."""

from __future__ import annotations

from typing import Any

from memory.turns import Turn


def message(turn: Turn) -> dict[str, Any]:
    """One message row of DESIGN §4: seq, direction, text, channel, at (ISO 8601), buttons, cards;
    `by` is the person who says it, empty for the assistant and the customer."""
    return {
        "seq": turn.seq,
        "direction": turn.direction,
        "text": turn.text,
        "channel": turn.channel,
        "at": turn.at.isoformat(),
        "by": turn.payload.get("by") or "",
        "buttons": list(turn.payload.get("buttons", ())),
        "cards": list(turn.payload.get("cards", ())),
    }
