"""A person is asked for: the conversation is put in their queue, and how to reach one is told, now
or when next. Whoever waits can leave the queue by saying so.
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from actions.conversation import Answer, Conversation, reads
from marketing import formats, opening_hours
from marketing.opening_hours import Open
from memory import events, hand_overs

LONGEST_SAID = 300
_QUESTION = "human"
"""Open after somebody was put in the queue: a no leaves it again."""
_LEAVES = re.compile(
    r"(상담|사람|직원|담당자|연결|대기|줄)\S*\s*(\S+\s+)?\S*"
    r"(취소|필요\s*없|필요하지\s*않|안\s*(하|해도|할|기다|받)|그만|됐|괜찮|빼\s*주|빠질)"
    r"|기다리지\s*않을|안\s*기다릴"
    r"|\bnever\s?mind\b"
    r"|\b(no|don'?t need|don'?t want|no longer (need|want)|cancel|forget)\s"
    r"(a |an |the |that |my |about the |about a |to talk to (a |an |any)?|to wait for (a |an )?)*"
    r"(person|human|agent|representative|someone|anyone|hand-?over|place in line)\b"
    r"|\b(leave|out of) (the )?(line|queue)\b|\bdon'?t want to wait\b|\bwon'?t wait\b",
    re.IGNORECASE,
)
_OF_AN_ORDER = re.compile(
    r"주문|결제|예약|카드|환불|반품|\border|\brefund|\bpayment", re.IGNORECASE
)
"""What may be cancelled as well, with the help of a person."""


class AskHuman(Answer):
    """Hands the conversation over."""

    called = "action_ask_human"

    def answer(self, conversation: Conversation) -> None:
        """Put it in the queue, once, and tell when somebody answers."""
        if leaves(conversation):
            return
        conversation.keep_open(_QUESTION, {})
        conversation.say("utter_human_queued" if _queue(conversation) else "utter_human_waiting")
        turn, shop = conversation.turn, conversation.shop
        hours = shop.told("human_hours")
        if not hours:
            conversation.say("utter_human_unknown")
            return
        local_now = turn.now.astimezone(ZoneInfo(str(shop.told("time_zone"))))
        state = opening_hours.status(hours, local_now)
        if isinstance(state, Open):
            closes = formats.clock_time(state.closes_at.timetz(), turn.language)
            conversation.say("utter_human_open", closes=closes)
        elif state.opens_at is not None:
            next_time = formats.moment(state.opens_at, local_now, turn.language)
            conversation.say("utter_human_closed", next_time=next_time)


@reads(_QUESTION)
def leaves(conversation: Conversation) -> bool:
    """Somebody who waits says that no person is needed any more. False for anything else; whoever
    is with a person already is not heard here."""
    said = conversation.turn.text.replace("\u2019", "'")
    if _LEAVES.search(said) is None or _OF_AN_ORDER.search(said) is not None:
        return False
    return _leave(conversation)


def says_no(conversation: Conversation) -> bool:
    """No, straight after they were put in the queue, or in words of its own. False if they do not
    wait."""
    if conversation.open_question == _QUESTION:
        return _leave(conversation)
    return leaves(conversation)


def _leave(conversation: Conversation) -> bool:
    turn = conversation.turn
    if not hand_overs.leave(turn.connection, turn.customer_id, now=turn.now):
        return False
    conversation.say("utter_human_left")
    return True


def _queue(conversation: Conversation) -> bool:
    """Keep that it was asked; False if they wait already."""
    turn = conversation.turn
    asked = {"channel": turn.channel, "seq": turn.seq}
    events.record(
        turn.connection,
        turn.customer_id,
        events.HUMAN_ASKED_FOR,
        asked,
        occurred_at=turn.now,
    )
    return hand_overs.ask(
        turn.connection,
        turn.customer_id,
        channel=turn.channel,
        address_id=turn.address_id,
        said=turn.text[:LONGEST_SAID],
        now=turn.now,
    )
