"""What is remembered belongs to the customer: shown on asking, forgotten on asking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions import own_orders
from actions.answer import Answer, reads
from actions.conversation import Conversation
from actions.data_rights import may_mean_something_else
from actions.facts import KINDS, kind_word, may_be_told, worded
from actions.family import SELF, is_child, somebody
from marketing import formats
from marketing.confirming_words import Deed, confirms
from memory import customers, forgetting, promises, stock_alerts
from memory.current import CurrentTurn
from memory.due import Due
from memory.facts import Fact

MOST_ORDERS = 3
_CHILDREN = ("child", "son", "daughter")
_KINDS_CALLED = {
    "size": ("shoe_size", "clothing_size"),
    "colour": ("colour_liked", "colour_disliked"),
    "brand": ("brand_liked", "brand_disliked"),
}
"""One word of a customer for several kinds of fact."""


class AskMyData(Answer):
    """Tells what is remembered, as far as it may be told here."""

    called = "action_ask_my_data"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """List the facts."""
        recalled = conversation.turn.recalled
        lines = [
            *_name_at_the_shop(conversation),
            *(
                worded(conversation, fact.kind, fact.value, fact.subject, fact.item)
                for fact in recalled.facts
                if may_be_told(conversation, fact)
            ),
        ]
        if lines:
            conversation.say("utter_my_data", facts="\n".join(f"· {line}" for line in lines))
        else:
            conversation.say("utter_my_data_nothing")
        if recalled.is_proven:
            _tell_orders(conversation)
            _tell_promises(conversation)
        elif conversation.turn.channel == "web":
            conversation.say("utter_more_after_log_in")
        elif recalled.is_silent:
            conversation.say("utter_number_silent", shop_url=conversation.turn.shop_url)


def _name_at_the_shop(conversation: Conversation) -> list[str]:
    """What the shop calls them, where they told no name themselves."""
    recalled = conversation.turn.recalled
    if recalled.name is None or not recalled.is_proven or recalled.fact("name") is not None:
        return []
    return [worded(conversation, "name", recalled.name)]


def _tell_orders(conversation: Conversation) -> None:
    bought = [
        product
        for order in conversation.turn.recalled.orders
        for line in order["lines"]
        if (product := conversation.shop.product(line["product_id"])) is not None
    ]
    names = list(dict.fromkeys(conversation.shop.name_of(one) for one in bought))[:MOST_ORDERS]
    if names:
        orders = formats.listing(names, conversation.turn.language)
        conversation.say("utter_my_orders", orders=orders)


def _tell_promises(conversation: Conversation) -> None:
    """What they are to be told, and when: on a day, or once it is back."""
    turn = conversation.turn
    lines = [
        _promise(conversation, one)
        for one in promises.waiting(turn.connection, turn.customer_id)
        if one.about["called"]
    ]
    if lines:
        conversation.say("utter_my_promises", lines="\n".join(f"· {line}" for line in lines))


def _promise(conversation: Conversation, occasion: Due) -> str:
    called = occasion.about["called"]
    if stock_alerts.is_one(occasion):
        return conversation.phrase("utter_my_stock_alert", called=called)
    day = own_orders.day_said(conversation, occasion.due_at)
    return conversation.phrase("utter_my_reminder", called=called, day=day)


class ForgetFact(Answer):
    """Forgets what is named; asks if nothing is."""

    called = "action_forget_fact"

    def answer(self, conversation: Conversation) -> None:
        """Close the facts."""
        kinds = list(_kinds(conversation))
        subject = _subject(conversation)
        if not kinds and subject != SELF:
            _forget_somebody(conversation, subject)
            return
        latest = None if kinds else _just_told(conversation)
        if latest is not None:
            kinds, subject = [latest.kind], latest.subject
        if not kinds:
            conversation.say("utter_which_to_forget")
            return
        _forget(conversation, kinds, subject)


def _kinds(conversation: Conversation) -> Iterable[str]:
    """The kinds of fact that the message names, by word or by what was said."""
    found: list[str] = []
    for entity in conversation.entities:
        name, value = str(entity["entity"]), str(entity["value"])
        named = value if name == "fact_kind" else name
        found.extend(_KINDS_CALLED.get(named, (named,)))
    return dict.fromkeys(kind for kind in found if kind in KINDS)


def _subject(conversation: Conversation) -> str:
    """Whose; an anniversary is the customer's own, whoever is named with it."""
    if "anniversary" in _kinds(conversation):
        return SELF
    return somebody(conversation)


def _just_told(conversation: Conversation) -> Fact | None:
    """The fact told last in this visit."""
    began = conversation.turn.recalled.visit_began_at
    lately = [one for one in conversation.turn.recalled.facts if one.valid_from >= began]
    return max(lately, key=lambda one: (one.valid_from, one.fact_id), default=None)


def _forget(conversation: Conversation, kinds: Sequence[str], subject: str) -> None:
    """Close them. Before a proof the answer is the same whether there was anything or not."""
    turn = conversation.turn
    gone = [kind for kind in kinds if _close(conversation, kind, subject)]
    if not turn.recalled.is_proven:
        gone = gone or list(kinds)
    words = [kind_word(conversation, kind) for kind in (gone or kinds)]
    response = "utter_forgotten" if gone else "utter_not_known"
    conversation.say(response, kinds=formats.listing(words, turn.language))


def _forget_somebody(conversation: Conversation, subject: str) -> None:
    """End all that was told of somebody; of the child, whichever child it was said of."""
    turn = conversation.turn
    for one in _CHILDREN if is_child(subject) else (subject,):
        _end(turn, kind=None, subject=one)
    conversation.say("utter_forgotten_somebody")


def _close(conversation: Conversation, kind: str, subject: str) -> bool:
    turn = conversation.turn
    if turn.recalled.is_silent:
        return False  # who may be a stranger ends nothing of the customer's
    ended = _end(turn, kind=kind, subject=subject)
    if kind == "name" and subject == SELF:
        customers.set_name(turn.connection, turn.customer_id, None)
        return ended > 0 or turn.recalled.name is not None
    return ended > 0


class ForgetEverything(Answer):
    """Forgets everything, once it was said twice."""

    called = "action_forget_everything"

    def answer(self, conversation: Conversation) -> None:
        """Ask first; forget, if that was asked last."""
        if conversation.open_question == "forget_everything":
            _forget_everything(conversation)
        else:
            conversation.ask("forget_everything", "utter_ask_forget_everything")


@reads("forget_everything")
def _read_answer(conversation: Conversation) -> bool:
    """Yes, unless it may have meant something else, or yes in words of its own, or no."""
    if conversation.intent == "deny":
        conversation.say("utter_kept_everything")
    elif confirms(conversation.turn.text, Deed.FORGET):
        _forget_everything(conversation)
    elif conversation.intent != "affirm":
        return False
    elif may_mean_something_else(conversation):
        conversation.ask("forget_everything", "utter_forget_in_words")
    else:
        _forget_everything(conversation)
    return True


def _forget_everything(conversation: Conversation) -> None:
    turn = conversation.turn
    if turn.recalled.is_silent:
        conversation.say("utter_number_silent", shop_url=turn.shop_url)
        return
    _end(turn, kind=None)
    customers.set_name(turn.connection, turn.customer_id, None)
    conversation.say("utter_forgotten_everything")


def _end(turn: CurrentTurn, *, kind: str | None, subject: str | None = None) -> int:
    return forgetting.forget(
        turn.connection,
        turn.customer_id,
        kind=kind,
        subject=subject,
        now=turn.now,
        before_seq=turn.seq,
    )
