"""What somebody does not want to hear of is not spoken of again, until they say so themselves: only
the topic is kept, never why, and the answer shows and asks nothing. Everything else goes on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.answer import Answer, reads, reads_first
from actions.conversation import Conversation
from actions.opt_out import ends_advertising, is_clear_refusal
from actions.product_words import things
from marketing import formats, told
from marketing.opt_out import is_only_of
from marketing.past_words import PRODUCT_INTENTS
from marketing.told import MUTED_TOPIC
from memory import muting, turns

QUESTION = "mute_topic"
_OF_A_LOSS = "muted_by_loss"
"""The rule of what is answered with a word of comfort."""
_SPOKEN_OF_BY_NAME = frozenset(
    {
        *("mothers_day", "fathers_day", "parents_day", "childrens_day"),
        *("valentines", "christmas", "birthday"),
    }
)
"""Topics whose name may be said to somebody who has just told of a loss."""
_REFUSES = re.compile(
    r"말아|말고|마세|마요|지\s?마\b|빼|꺼|끄|그만|사양|패스|건너뛰|싫|않|상관\s?없|(필요|관심)\s?(도\s?)?없"
    r"|안\s?(받|보|듣|하|해|챙)"
    r"|\b(no|not|never|nothing|stop|skip|without|mute|turn off|leave (\w+ )?out|opt out)\b"
    r"|\btake me off\b|n['’]t\b",
    re.IGNORECASE,
)
"""Without one of these nothing is muted, whatever the message may be about."""
_OF_SOME = re.compile(
    r"특정|어떤|일부|주제|[가-힣]만\s|\b(some|certain|just|only|topics?|subjects?)\b", re.IGNORECASE
)
_INTENTS = ("mute_topic", "opt_out")


class MuteTopic(Answer):
    """Somebody does not want to hear of something that was not understood."""

    called = "action_mute_topic"

    def answer(self, conversation: Conversation) -> None:
        """Ask what; whoever wants no messages at all is heard as that."""
        text = conversation.turn.text
        if _OF_SOME.search(text) is not None or not is_clear_refusal(conversation):
            conversation.ask(QUESTION, "utter_ask_mute_topic")


class UnmuteTopic(Answer):
    """Somebody wants to hear of it again."""

    called = "action_unmute_topic"

    def answer(self, conversation: Conversation) -> None:
        """Lift what is named; ask, if nothing is. Whether it had been muted is told to nobody."""
        turn = conversation.turn
        topics = _named(conversation)
        if turn.recalled.is_silent:
            conversation.say("utter_number_silent", shop_url=turn.shop_url)
            return
        if not topics:
            conversation.say("utter_ask_unmute_topic")
            return
        for topic in topics:
            muting.lift(turn.connection, turn.customer_id, topic)
        conversation.say("utter_topic_unmuted", topic=_words(conversation, topics))


@reads_first
def mutes(conversation: Conversation) -> bool:
    """Mute what is plainly not wanted, whatever else was understood."""
    read = told.settled(conversation.read, today=conversation.today)
    found = [one for one in read if one.kind == MUTED_TOPIC]
    is_loss = any(one.rule == _OF_A_LOSS for one in found)
    if not is_loss and _asks_for_goods(conversation):
        return False
    topics = [str(one.value) for one in found] or _refused(conversation)
    if not topics:
        return False
    if not is_only_of(conversation.turn.text, _places(conversation)):
        return ends_advertising(conversation)
    _mute(conversation, topics, is_loss=is_loss)
    return True


@reads(QUESTION)
def _read_answer(conversation: Conversation) -> bool:
    """The name of a topic is enough, once it was asked for."""
    topics = _named(conversation)
    if not topics or "?" in conversation.turn.text or conversation.intent in PRODUCT_INTENTS:
        return False
    _mute(conversation, topics, is_loss=False)
    return True


def _asks_for_goods(conversation: Conversation) -> bool:
    """ "I need a present for Mother's Day, not a jacket" mutes nothing."""
    intent = conversation.intent
    names_goods = bool(conversation.values("category") or conversation.values("product"))
    return intent in PRODUCT_INTENTS or (names_goods and intent not in _INTENTS)


def _refused(conversation: Conversation) -> list[str]:
    """The topics and kinds of goods of a message that wants to be spared something."""
    is_meant = conversation.intent in _INTENTS and _REFUSES.search(conversation.turn.text)
    return _named(conversation) if is_meant else []


def _named(conversation: Conversation) -> list[str]:
    days = [one for one in conversation.values("fact_kind") if one in ("birthday", "anniversary")]
    goods = conversation.values("category") if not conversation.values("topic") else []
    return list(dict.fromkeys((*conversation.values("topic"), *goods, *days)))


def _places(conversation: Conversation) -> list[tuple[int, int]]:
    """Where in the message something is named that can be muted."""
    return [
        (int(one["start"]), int(one["end"]))
        for one in (*conversation.entities, *conversation.read)
        if one.get("entity") in ("topic", "category", "fact_kind") or one.get("kind") == MUTED_TOPIC
    ]


def _mute(conversation: Conversation, topics: Sequence[str], *, is_loss: bool) -> None:
    turn = conversation.turn
    conversation.is_last_word = True
    turn.afterwards.append(
        lambda: turns.leave_unspoken(turn.connection, turn.customer_id, turn.seq)
    )
    if turn.recalled.is_silent:
        conversation.say("utter_number_silent", shop_url=turn.shop_url)
        return
    for topic in topics:
        muting.mute(turn.connection, turn.customer_id, topic, source_seq=turn.seq, now=turn.now)
    spoken_of = [one for one in topics if not is_loss or one in _SPOKEN_OF_BY_NAME]
    if not spoken_of:
        conversation.say("utter_that_muted_sorry")
        return
    response = "utter_topic_muted_sorry" if is_loss else "utter_topic_muted"
    conversation.say(response, topic=_words(conversation, spoken_of))


def _words(conversation: Conversation, topics: Sequence[str]) -> str:
    words = [
        things(conversation, one)
        if conversation.shop.label("categories", one)
        else conversation.phrase(f"utter_topic_{one}")
        for one in dict.fromkeys(topics)
    ]
    return formats.listing(words, conversation.turn.language)
