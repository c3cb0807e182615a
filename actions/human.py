"""A person is asked for: the conversation is put in their queue, and how to reach one is told, now
or when next.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from actions.conversation import Answer, Conversation
from marketing import formats, opening_hours
from marketing.opening_hours import Open
from memory import events, hand_overs

LONGEST_SAID = 300


class AskHuman(Answer):
    """Hands the conversation over."""

    called = "action_ask_human"

    def answer(self, conversation: Conversation) -> None:
        """Put it in the queue, once, and tell when somebody answers."""
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
