"""Whom an utterance is about: the customer, or somebody close to them who was named in it."""

from __future__ import annotations

import re

from actions.conversation import Conversation

SELF = "self"
_SUBJECT = {"wife": "partner", "husband": "partner"}
_CHILDREN = frozenset({"child", "son", "daughter", "nephew_or_niece", "grandchild"})
_SENTENCE_END = re.compile(r"[!?\n]|\.(?!\d)")
_ONESELF = re.compile(r"저는|제가|전\s|나는|내가|저희|\bi\b|\bi'm\b|\bmine\b", re.IGNORECASE)


def somebody(conversation: Conversation) -> str:
    """The first person named in the message, else the customer."""
    named = conversation.first("person")
    return SELF if named is None else _SUBJECT.get(named, named)


def is_child(subject: str) -> bool:
    """True for somebody who wears children's sizes."""
    return subject in _CHILDREN


def whose(conversation: Conversation, at: int) -> str:
    """Of whom what stands at that place of the text is said: the person named last before it in
    the same sentence, unless the customer comes in between."""
    text = conversation.turn.text
    began = max((end.end() for end in _SENTENCE_END.finditer(text, 0, at)), default=0)
    mentions = [(match.start(), SELF) for match in _ONESELF.finditer(text, began, at)]
    for entity in conversation.entities:
        start = int(entity.get("start") or 0)
        if entity["entity"] == "person" and began <= start < at:
            mentions.append((start, _SUBJECT.get(str(entity["value"]), str(entity["value"]))))
    return max(mentions, default=(0, SELF))[1]
