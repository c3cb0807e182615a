"""What nlu has read of facts is kept with the customer's words, and said back; nothing is kept
while they want nothing remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from actions.conversation import Conversation
from actions.facts import KINDS, is_as_known, may_be_told, worded
from actions.family import somebody
from marketing import formats, sizes, told
from marketing.told import MUTED_TOPIC, Told
from memory import facts
from memory.facts import Fact

LONGEST_SAID = 300
IN_PASSING = 0.7
"""How sure we are of what was said as part of a wish."""
_OF_A_WISH = ("shoe_size", "clothing_size", "width")
_WOMEN = re.compile(r"women|ladies|여성|여자", re.IGNORECASE)
_DISLIKES = frozenset({"brand_disliked", "colour_disliked", "dislikes", "style_disliked"})


def told_in(conversation: Conversation) -> list[Told]:
    """Every fact in the message."""
    read = told.settled(conversation.read, today=conversation.today, close=_close(conversation))
    return [one for one in read if one.kind != MUTED_TOPIC]


def _close(conversation: Conversation) -> list[str]:
    """Who may be meant by "she" or a name alone: those who may be spoken of here, whoever was
    spoken of last first."""
    known = reversed(conversation.turn.recalled.facts)
    whose = (fact.subject for fact in known if may_be_told(conversation, fact))
    return list(dict.fromkeys(subject for subject in whose if subject != "self"))


def size_told(conversation: Conversation) -> list[Told]:
    """The sizes and widths in an answer to the question for them, or in a wish: those of whoever it
    is for, however briefly they are named ("270", "270 와이드 러닝화")."""
    found = [one for one in told_in(conversation) if one.kind in _OF_A_WISH]
    return found or list(_named(conversation))


def _named(conversation: Conversation) -> Iterator[Told]:
    whom = somebody(conversation)
    said = conversation.first("size")
    is_woman = _WOMEN.search(conversation.turn.text) is not None or whom in ("wife", "mother")
    meant = sizes.meant(said or "", of_child=told.is_child(whom), of_woman=is_woman)
    if isinstance(meant, sizes.ShoeSize):
        yield Told(kind="shoe_size", value=meant.millimetres, subject=whom)
    elif isinstance(meant, sizes.ClothingSize):
        yield Told(kind="clothing_size", value=meant.label, subject=whom)
    width = conversation.term("width", "widths")
    if width is not None:
        yield Told(kind="width", value=width, subject=whom)


def keep(conversation: Conversation, told_facts: Sequence[Told]) -> None:
    """Learn the facts and say what was kept, what was changed and what was known already."""
    turn = conversation.turn
    if told_facts and turn.recalled.is_silent:
        conversation.say("utter_number_silent", shop_url=turn.shop_url)
        return
    if told_facts and not _may_learn(conversation):
        conversation.say("utter_not_kept")
        return
    said: dict[str, list[str]] = {}
    for one in told_facts:
        held = _held(conversation, one)
        response = "utter_corrected" if _learn(conversation, one) else "utter_kept_already"
        if held is None or not may_be_told(conversation, held):
            response = "utter_kept"
        if one.kind in KINDS:
            said.setdefault(response, []).append(_worded(conversation, one))
    for response, kept in said.items():
        words = formats.listing(list(dict.fromkeys(kept)), conversation.turn.language)
        conversation.say(response, facts=words)


def keeps_dislikes(conversation: Conversation) -> bool:
    """Keep what they do not like, which sounds like a no ("푹신한 신발은 별로예요"). False if
    nothing of the kind is told."""
    disliked = [one for one in told_in(conversation) if one.kind in _DISLIKES]
    if disliked:
        keep(conversation, disliked)
    return bool(disliked)


def keep_in_passing(conversation: Conversation) -> None:
    """Keep what a wish tells by the way, where nothing is known yet, and say so: it need not be
    asked for again. Nothing that is known is changed by a wish: it may be for somebody else."""
    found = [*told_in(conversation), *size_told(conversation)]
    by_key = {(one.kind, one.subject, one.item): one for one in reversed(found)}
    new = [one for one in reversed(by_key.values()) if _held(conversation, one) is None]
    if not new or not _may_learn(conversation):
        return
    for one in new:
        _learn(conversation, one, confidence=IN_PASSING)
    words = [_worded(conversation, one) for one in new if one.kind in KINDS]
    if words:
        facts_said = formats.listing(words, conversation.turn.language)
        conversation.say("utter_kept", facts=facts_said)


def _worded(conversation: Conversation, one: Told) -> str:
    return worded(conversation, one.kind, one.value, one.subject, one.item)


def _may_learn(conversation: Conversation) -> bool:
    recalled = conversation.turn.recalled
    return recalled.may_learn and not recalled.is_silent


def _held(conversation: Conversation, one: Told) -> Fact | None:
    """What is known in its place."""
    return next((fact for fact in conversation.turn.recalled.facts if is_as_known(fact, one)), None)


def _learn(conversation: Conversation, one: Told, confidence: float = 1.0) -> bool:
    turn = conversation.turn
    return facts.learn(
        turn.connection,
        turn.customer_id,
        kind=one.kind,
        value=one.value,
        subject=one.subject,
        item=one.item,
        now=turn.now,
        said=turn.text[:LONGEST_SAID],
        source_seq=turn.seq,
        rule=one.rule,
        confidence=min(confidence, one.confidence),
    )
