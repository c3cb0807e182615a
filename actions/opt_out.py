"""No more advertising: recorded at once, for the person, on whatever channel it is said (RULES
US-3, KR-11), and said with the sender, the act and the date (KR-5). In a text message, clear words
close the number as STOP does; unclear ones pause marketing and are asked about (RULES US-2).
"""

from __future__ import annotations

from actions.answer import Answer
from actions.conversation import Conversation
from actions.reasons import day_of
from marketing.opt_out import Refusal, refusal
from memory import reserved_words
from memory.refusals import refuse_marketing


class OptOut(Answer):
    """Withdraws the consent to marketing."""

    called = "action_opt_out"

    def answer(self, conversation: Conversation) -> None:
        """Record and confirm; a sentence that refuses nothing is not understood."""
        if not ends_advertising(conversation):
            conversation.say("utter_rephrase")


def is_clear_refusal(conversation: Conversation) -> bool:
    """True for clear words that want no messages, whatever else was understood of them: they are
    heard as that then, and nothing else (RULES US-2)."""
    return refusal(conversation.turn.text) is Refusal.CLEAR and ends_advertising(conversation)


def ends_advertising(conversation: Conversation) -> bool:
    """Do what a sentence that refuses messages asks; False if it refuses none."""
    turn = conversation.turn
    wish = refusal(turn.text)
    if wish is None:
        return False
    conversation.is_last_word = True
    if turn.channel == "sms" and wish is Refusal.CLEAR:
        reserved_words.stop_in_other_words(
            turn.connection, turn.customer_id, seq=turn.seq, said=turn.text, now=turn.now
        )
        conversation.say("utter_texts_stopped", day=day_of(conversation, turn.now))
        return True
    refuse_marketing(
        turn.connection,
        turn.customer_id,
        evidence={"channel": turn.channel, "seq": turn.seq, "said": turn.text},
        now=turn.now,
    )
    is_asked = turn.channel == "sms"
    response = "utter_opt_out_unclear" if is_asked else "utter_opted_out"
    conversation.say(response, day=day_of(conversation, turn.now))
    return True
