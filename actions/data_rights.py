"""A copy of everything, and the end of everything: asked for in the conversation, given to whoever
has shown who they are. What goes for good is asked about first, and never ends by a yes that may
have meant something else.
"""

from __future__ import annotations

from actions.answer import Answer, reads
from actions.conversation import Conversation
from marketing.confirming_words import Deed, confirms
from memory import addresses, erasing, export_links
from memory.erasing import Farewell


def may_mean_something_else(conversation: Conversation) -> bool:
    """True if a bare yes could also answer an offer, or a consent that waits to be confirmed."""
    recalled = conversation.turn.recalled
    return bool(recalled.offers) or any(one.standing.asked for one in recalled.numbers)


class ExportMyData(Answer):
    """Gives a link to a copy of everything."""

    called = "action_export_my_data"

    def answer(self, conversation: Conversation) -> None:
        """A link that works once, for whoever has proven who they are."""
        turn = conversation.turn
        if not turn.recalled.is_proven:
            conversation.say("utter_export_needs_proof")
            return
        token = export_links.issue(
            turn.connection, turn.customer_id, address_id=turn.address_id, now=turn.now
        )
        conversation.say("utter_export_link", link=f"{turn.shop_url}/my-data/{token}")


class EraseMe(Answer):
    """Erases the customer, once it was said twice."""

    called = "action_erase_me"

    def answer(self, conversation: Conversation) -> None:
        """Say what goes and what stays, and ask; erase, if that was asked last."""
        if _is_known_and_unproven(conversation):
            conversation.say("utter_erase_needs_proof")
        elif conversation.open_question == "erase_me":
            _erase(conversation)
        else:
            _ask(conversation)


@reads("erase_me")
def _read_answer(conversation: Conversation) -> bool:
    """Yes, unless it may have meant something else, or yes in words of its own, or no."""
    if conversation.intent == "deny":
        conversation.say("utter_kept_me")
    elif _is_known_and_unproven(conversation):
        return False
    elif confirms(conversation.turn.text, Deed.ERASE):
        _erase(conversation)
    elif conversation.intent != "affirm":
        return False
    elif may_mean_something_else(conversation):
        conversation.ask("erase_me", "utter_erase_in_words")
    else:
        _erase(conversation)
    return True


def _ask(conversation: Conversation) -> None:
    years, rest = divmod(erasing.days_of_orders(conversation.turn.connection), 365)
    if years == 0 and rest == 0:
        conversation.ask("erase_me", "utter_ask_erase_me_with_orders")
    else:
        conversation.ask("erase_me", "utter_ask_erase_me", years=max(1, years + (rest > 0)))


def _is_known_and_unproven(conversation: Conversation) -> bool:
    """True if the shop knows whose this memory is, and whoever writes has not shown that it is
    theirs."""
    turn = conversation.turn
    return not turn.recalled.is_proven and bool(
        addresses.of_customer(turn.connection, turn.customer_id)
    )


def _erase(conversation: Conversation) -> None:
    """At the end of this turn, when its goodbye is written; locked now, in the order of all."""
    turn = conversation.turn
    conversation.is_last_word = True
    conversation.say("utter_erased")
    erasing.hold(turn.connection, turn.customer_id)
    farewell = Farewell(after_seq=turn.seq, inbox_id=turn.inbox_id, address_id=turn.address_id)
    turn.afterwards.append(
        lambda: erasing.erase(turn.connection, turn.customer_id, now=turn.now, farewell=farewell)
    )
