"""Whom a wish is for: the customer, or somebody close to them who was named in it."""

from __future__ import annotations

from actions.conversation import Conversation
from marketing.told import is_child as is_child
from marketing.told import relation

SELF = "self"
_PARTNERS = frozenset({"wife", "husband", "partner"})


def somebody(conversation: Conversation) -> str:
    """Of whom we know something, by the name or by the word with which they are named in the
    message; else the first person named in it; else the customer."""
    known = list(dict.fromkeys(fact.subject for fact in conversation.turn.recalled.facts))
    by_name = [one for one in known if _is_named(one, conversation.turn.text)]
    if by_name:
        return by_name[0]
    named = conversation.first("person")
    if named is None:
        return SELF
    alike = [one for one in known if _is_same(relation(one), named)]
    return alike[0] if len(alike) == 1 else named


def _is_named(subject: str, text: str) -> bool:
    name = subject.partition(":")[2]
    return (len(name) > 1 and not name.isascii() and name in text) or (
        len(name) > 1 and name[:1].isupper() and name in text
    )


def _is_same(known: str, named: str) -> bool:
    """A spouse is known by either word."""
    return known == named or ({known, named} <= _PARTNERS and "partner" in (known, named))
