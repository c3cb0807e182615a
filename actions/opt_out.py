"""No more advertising: recorded at once, for the person, on whatever channel it is said (RULES
US-3, KR-11). In a text message, free words close the number as STOP does.
"""

from __future__ import annotations

from actions.conversation import Answer, Conversation
from memory import consents, reserved_words


class OptOut(Answer):
    """Withdraws the consent to marketing."""

    called = "action_opt_out"

    def answer(self, conversation: Conversation) -> None:
        """Record and confirm."""
        turn = conversation.turn
        if turn.channel == "sms":
            reserved_words.stop_in_other_words(
                turn.connection, turn.customer_id, seq=turn.seq, said=turn.text, now=turn.now
            )
            conversation.say("utter_texts_stopped")
            return
        consents.lock_permission(turn.connection, turn.customer_id)
        consents.record(
            turn.connection,
            turn.customer_id,
            purpose="marketing",
            action="withdrawn",
            evidence={"channel": turn.channel, "seq": turn.seq, "said": turn.text},
            now=turn.now,
        )
        conversation.say("utter_opted_out")
