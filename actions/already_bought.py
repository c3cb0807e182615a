"""Somebody has got it somewhere else: a kind word, and such goods rest for a while. No cheaper
price, and no refusal of anything else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from actions.answer import Answer, reads
from actions.conversation import Conversation
from actions.learning import LONGEST_SAID
from actions.opt_out import is_clear_refusal
from actions.product_words import things
from marketing import dates
from memory import elsewhere, offers, voice
from memory.offers import Offer

QUESTION = "bought_what"
REASON = "bought_elsewhere"
_HERE = re.compile(r"여기서|\bfrom you\b|\bat your (store|shop)\b", re.IGNORECASE)
_ASKS = re.compile(r"[?？]")


class AlreadyBought(Answer):
    """Somebody has got it already."""

    called = "action_already_bought"

    def answer(self, conversation: Conversation) -> None:
        """Let such goods rest; ask which, if that is not clear, and leave a question alone."""
        text, category = conversation.turn.text, _category(conversation)
        if is_clear_refusal(conversation):
            return
        if _ASKS.search(text):
            conversation.say("utter_rephrase")
        elif category is None:
            about = {"said": text, "since": _since(conversation).isoformat()}
            conversation.ask(QUESTION, "utter_ask_bought_what", about=about)
        else:
            rest(conversation, category)


@reads(QUESTION)
def _read_what(conversation: Conversation) -> bool:
    """The name of the goods is enough, once it was asked for."""
    category = _named(conversation)
    if category is None or _ASKS.search(conversation.turn.text):
        return False
    about = conversation.question_about
    rest(conversation, category, said=about["said"], since=date.fromisoformat(about["since"]))
    return True


def rest(
    conversation: Conversation,
    category: str,
    *,
    said: str | None = None,
    since: date | None = None,
) -> None:
    """Keep that they have such a thing, close what was offered of it, and say that it rests; where
    nothing may be kept, no more than a kind word. `said` and `since` are this message's, if they
    are not given."""
    turn = conversation.turn
    said = said or turn.text
    closed = [one for one in turn.recalled.offers if one.category == category]
    for one in closed:
        offers.answer(turn.connection, one, "declined", reason=REASON, now=turn.now)
    if turn.recalled.is_silent or not turn.recalled.may_learn:
        conversation.say("utter_offer_declined")
        return
    for whose in _whose(conversation, closed):
        elsewhere.bought(
            turn.connection,
            whose,
            category,
            since=since or _since(conversation),
            said=said[:LONGEST_SAID],
            source_seq=turn.seq if whose == turn.customer_id else None,
            now=turn.now,
        )
    if not _is_here(conversation, said):
        _hear(conversation, category, said, closed)
    conversation.say("utter_bought_elsewhere", things=things(conversation, category))


def _is_here(conversation: Conversation, said: str) -> bool:
    """True if it was bought in this shop after all."""
    name = re.escape(conversation.shop.name)
    by_name = re.compile(rf"{name}\s?에서|\b(?:from|at) {name}\b", re.IGNORECASE)
    return any(one.search(said) for one in (_HERE, by_name))


def _hear(conversation: Conversation, category: str, said: str, closed: Sequence[Offer]) -> None:
    turn = conversation.turn
    voice.record(
        turn.connection,
        turn.customer_id,
        kind=REASON,
        topic=category,
        product_id=closed[0].product_id if closed else None,
        said=said,
        source_seq=turn.seq,
        now=turn.now,
    )


def _whose(conversation: Conversation, closed: Sequence[Offer]) -> list[str]:
    """Who is left alone: who says it, and whoever the text behind the link was sent to."""
    owners = sorted({one.of_customer_id for one in closed if one.of_customer_id is not None})
    return [*owners, conversation.turn.customer_id]


def _named(conversation: Conversation) -> str | None:
    products = conversation.named_products()
    if products:
        return str(products[0]["category"])
    return conversation.term("category", "categories")


def _category(conversation: Conversation) -> str | None:
    """Of what is named, else of what was offered or shown last; None if that is of two kinds."""
    named = _named(conversation)
    if named is not None:
        return named
    spoken_of = {str(one["category"]) for one in conversation.shown_before()}
    if spoken_of:
        return spoken_of.pop() if len(spoken_of) == 1 else None
    last: str | None = conversation.slots.get("last_category")
    return last


def _since(conversation: Conversation) -> date:
    """The day that was named, if it is past; else today."""
    today = conversation.today
    for told in conversation.values("moment"):
        found = dates.place(told, today=today)
        day = date(found.year, found.month or 1, found.day or 1) if found is not None else today
        if day < today:
            return day
    return today
