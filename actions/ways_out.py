"""How advertising by text is ended, by the number it goes to: an answer where answers arrive, the
free call elsewhere (RULES US-10, KR-2).
"""

from __future__ import annotations

from actions.conversation import Conversation
from marketing import formats
from memory.gate import sender_for
from memory.recall import Number


def number_here(conversation: Conversation) -> Number | None:
    """The number that texts for this customer go to: the one they write from; else, once it is
    proven who writes, the one that was proven last, rather an open than a closed one."""
    turn = conversation.turn
    if turn.address_id is not None:
        return next(
            (one for one in turn.recalled.numbers if one.address_id == turn.address_id), None
        )
    if not turn.recalled.is_proven:
        return None
    proven = [one for one in turn.recalled.numbers if one.proof != "none"]
    return max(proven, key=lambda one: (not one.is_stopped, one.address_id), default=None)


def is_two_way(conversation: Conversation, number: str) -> bool:
    """True if an answer from that number (E.164) arrives."""
    sender = sender_for(conversation.shop.store, number)
    return sender is not None and sender.is_two_way


def way_out_of(conversation: Conversation, number: str | None = None) -> str:
    """`STOP으로 답장`, `무료수신거부 080-…`; for the number that texts go to, if none is given."""
    if number is None:
        here = number_here(conversation)
        number = here.value if here else None
    free_call = conversation.shop.store.get("opt_out_phone")
    if number is None:
        by_answer = conversation.turn.language == "en" or not free_call
    else:
        by_answer = is_two_way(conversation, number) or not free_call
    if by_answer:
        return conversation.phrase("utter_way_out_by_answer")
    return conversation.phrase("utter_way_out_by_call", phone=formats.phone(str(free_call)))
