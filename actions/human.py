"""How to reach a person, now or when next; that somebody asked is kept for the shop."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from actions.conversation import Answer, Conversation
from marketing import formats, opening_hours
from marketing.opening_hours import Open
from memory import events


class AskHuman(Answer):
    """Tells the way to a person."""

    called = "action_ask_human"

    def answer(self, conversation: Conversation) -> None:
        """Tell, and remember that it was asked."""
        turn, shop = conversation.turn, conversation.shop
        asked = {"channel": turn.channel, "seq": turn.seq}
        events.record(
            turn.connection,
            turn.customer_id,
            events.HUMAN_ASKED_FOR,
            asked,
            occurred_at=turn.now,
        )
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
