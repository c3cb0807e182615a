"""The first line of a web conversation: that this is an automatic assistant, and how to reach a
person. Its words are the live release's.
"""

from __future__ import annotations

from memory import addresses, clock, turns
from memory.engine import Connection
from web import live_words

RESPONSE = "utter_automatic_assistant"


def write_opening(connection: Connection, customer_id: str, *, language: str) -> None:
    """Write the line, unless it is the last thing said already or no release is live."""
    if _was_just_said(connection, customer_id):
        return
    said = _opening(connection, language)
    if said is not None:
        turns.append(
            connection,
            customer_id,
            [said],
            direction="out",
            channel="web",
            language=language,
            at=clock.business_now(connection),
        )


def ask_for_a_number(connection: Connection, customer_id: str, *, language: str) -> None:
    """Ask whoever has lost their number to a stranger, and has no other, for the new one."""
    if not addresses.has_lost_the_number(connection, customer_id):
        return
    said = live_words.told(connection, "utter_number_lost", language=language)
    if said is not None:
        turns.append(
            connection,
            customer_id,
            [turns.Utterance(text=said, payload={"opening": True})],
            direction="out",
            channel="web",
            language=language,
            at=clock.business_now(connection),
        )


def _was_just_said(connection: Connection, customer_id: str) -> bool:
    last = turns.last_seq(connection, customer_id)
    return any(
        turn.payload.get("opening") for turn in turns.after(connection, customer_id, last - 1)
    )


def _opening(connection: Connection, language: str) -> turns.Utterance | None:
    chosen = live_words.of_response(connection, RESPONSE, language=language)
    if chosen is None:
        return None
    text = live_words.filled(connection, chosen, RESPONSE, language=language)
    if text is None:
        return None
    return turns.Utterance(text=text, payload={"opening": True, **live_words.quick_replies(chosen)})
