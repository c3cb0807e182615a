"""What came of somebody's wish or complaint, told at the next visit to whoever it could not be
written to: once, after a proof, and in their own words; in the browser of somebody who never logs
in without those.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from actions.answer import says_last
from actions.conversation import Conversation
from actions.shop import Product
from marketing import formats, past_words, stock, voices
from marketing.campaigns import WISH_DONE
from marketing.greetings import zone_of
from marketing.topics import is_muted
from memory import addresses, hearing, muting, promises, voice
from memory.due import Due
from memory.voice import Item


@says_last
def tells_of_wishes(conversation: Conversation) -> None:
    """At the begin of a visit on the web. Not while a complaint of theirs is open."""
    turn, recalled = conversation.turn, conversation.turn.recalled
    begins = recalled.visit_began_at == turn.now and turn.channel == "web"
    if not begins or recalled.is_silent or not _may_hear(conversation):
        return
    for occasion in hearing.untold(turn.connection, turn.customer_id):
        if voice.has_open_complaint(turn.connection, turn.customer_id):
            return
        if _tell(conversation, occasion):
            promises.told_at_visit(turn.connection, occasion, now=turn.now)


def _may_hear(conversation: Conversation) -> bool:
    """After a proof; without one in the browser of somebody who has nothing to prove it by."""
    turn = conversation.turn
    return turn.recalled.is_proven or not addresses.of_customer(turn.connection, turn.customer_id)


def _tell(conversation: Conversation, occasion: Due) -> bool:
    """False if it has to wait: the product is not there, or not to be spoken of."""
    turn, about = conversation.turn, occasion.about
    item = voice.get(turn.connection, int(about["item_id"]), customer_id=turn.customer_id)
    product = conversation.shop.product(about["product_id"])
    if item is None or (about["product_id"] and product is None):
        return False
    if product is not None and not _may_be_shown(conversation, product):
        return False
    note = _note(item, turn.language)
    if note is None and product is None:
        return False
    is_proven = turn.recalled.is_proven
    if not is_proven and item.kind != voices.WISH:
        return False
    response = "utter_wish_came_true" if is_proven else "utter_wish_came_true_unsaid"
    conversation.say(
        response if product is not None else f"{response}_in_words",
        products=[product] if product is not None else (),
        when=_when(conversation, item),
        said=voices.quoted(item.said),
        news=note or conversation.phrase("utter_wish_news"),
        product=conversation.shop.name_of(product) if product is not None else "",
        thanks=_thanks(conversation, int(about.get("thanks") or 0)),
    )
    return True


def _may_be_shown(conversation: Conversation, product: Product) -> bool:
    """It is in stock, and speaks of nothing that they do not want to hear of."""
    turn = conversation.turn
    return stock.left(product, stock.Asked()) > 0 and not is_muted(
        muting.topics(turn.connection, turn.customer_id),
        campaign=WISH_DONE,
        category=str(product["category"]),
        product_id=str(product["product_id"]),
        stands_for=conversation.shop.store.get("topics", {}),
    )


def _note(item: Item, language: str) -> str | None:
    """What the shop says of it, in their language, else in any."""
    told = item.done_note or {}
    return told.get(language) or next(iter(told.values()), None)


def _when(conversation: Conversation, item: Item) -> str:
    clock = ZoneInfo(
        zone_of(
            conversation.turn.recalled.time_zone,
            [one.value for one in conversation.turn.recalled.numbers],
            otherwise=str(conversation.shop.told("time_zone") or "UTC"),
        )
    )
    day = item.at.astimezone(clock).date()
    return past_words.when(day, conversation.today, conversation.turn.language)


def _thanks(conversation: Conversation, given: int) -> str:
    if not given:
        return conversation.phrase("utter_wish_thanks")
    return conversation.phrase("utter_wish_thanks_in_points", points=formats.number(given))
