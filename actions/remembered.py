"""What was said and bought in earlier visits, when the customer refers to it or asks the same
again. What was only looked at is never told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from actions.answer import Answer
from actions.conversation import Conversation
from actions.product_stock import stock_of
from actions.shop import Product
from marketing import formats, past_words
from marketing.past_words import PRODUCT_INTENTS
from memory import search
from memory.search import Past, Spoken

MOST_SHOWN = 3
MOST_ORDERS = 5
LONGEST_QUOTE = 160

_BOUGHT = re.compile(
    r"샀|산\s?(?:거|게|건|것|신발|옷)|구매|구입|주문|\bbought\b|\bbuy\b|\border(?:ed|s)?\b|\bpurchase",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"뭐라고|무슨\s?(?:말|얘기|이야기)|"
    r"\bwhat (?:did|have) (?:i|you) (?:say|said|tell|told|mention)",
    re.IGNORECASE,
)


class AskRemembered(Answer):
    """Tells what was bought, what was said, or which products were spoken of."""

    called = "action_ask_remembered"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Look it up."""
        text = conversation.turn.text
        if _BOUGHT.search(text):
            _tell_orders(conversation)
        elif _WORDS.search(text):
            _tell_words(conversation)
        elif not _show_products(conversation):
            _say_not_found(conversation)


def refers_back(conversation: Conversation) -> bool:
    """True for "the shoes I asked about last week"."""
    about = conversation.turn.recalled.about
    return about is not None and about.refers_back


def meant(conversation: Conversation) -> list[Product]:
    """The products of earlier visits that a message refers to, which is then said; none if it does
    not, or nothing is found."""
    found = _products(conversation) if refers_back(conversation) else None
    if found is None:
        return []
    at, products = found
    if len(products) == 1:
        _say_which(conversation, at, products[0])
    return products


def mention(conversation: Conversation, product: Product) -> None:
    """Say that they have bought the product, or asked about it in an earlier visit, if so; once a
    visit."""
    product_id = str(product["product_id"])
    if refers_back(conversation) or product_id in (conversation.slots.get("last_products") or ()):
        return
    bought = _bought_at(conversation, product_id) if conversation.turn.recalled.is_proven else None
    if bought is not None:
        conversation.say("utter_bought_before", when=_when(conversation, bought))
        return
    for past in conversation.turn.recalled.nearest:
        if _may_repeat(conversation, past) and product_id in _named(past.spoken):
            conversation.say("utter_asked_before", when=_when(conversation, past.spoken.at))
            return


def _show_products(conversation: Conversation) -> bool:
    """Show them again; of one whose size is asked for, whether it is there."""
    found = _products(conversation)
    if found is None:
        return False
    at, products = found
    if len(products) == 1 and conversation.size_said() is not None:
        _say_which(conversation, at, products[0])
        stock_of(conversation, products[0])
        return True
    when = _when(conversation, at)
    conversation.say("utter_remembered_products", products=products[:MOST_SHOWN], when=when)
    return True


def _say_which(conversation: Conversation, at: datetime, product: Product) -> None:
    name = conversation.shop.name_of(product)
    conversation.say("utter_remembered_product", when=_when(conversation, at), product=name)


def _products(conversation: Conversation) -> tuple[datetime, list[Product]] | None:
    """When, and the listed products of the nearest past turn that names or was shown some; of the
    kind that is named now, if one is."""
    category = conversation.term("category", "categories")
    for past in _asked_before(conversation):
        ids = _ids(past, are_shop_words_meant=_means_shop(conversation))
        listed = (conversation.shop.product(product_id) for product_id in ids)
        products = [
            one for one in listed if one is not None and category in (None, one["category"])
        ]
        if products:
            return past.spoken.at, products
    return None


def _asked_before(conversation: Conversation) -> Iterator[Past]:
    """Past questions about products that may be told here: those nearest to what is said, then the
    last ones."""
    turn = conversation.turn
    lately = search.asked_lately(
        turn.connection,
        turn.customer_id,
        PRODUCT_INTENTS,
        before_seq=turn.seq,
        until=turn.recalled.visit_began_at,
    )
    for past in (*turn.recalled.nearest, *lately):
        if past.spoken.direction == "in" and _may_repeat(conversation, past):
            yield past


def _means_shop(conversation: Conversation) -> bool:
    about = conversation.turn.recalled.about
    return about is not None and about.said_by == "out"


def _ids(past: Past, *, are_shop_words_meant: bool) -> list[str]:
    """The products they named, else those that the answer showed; the other way round if the shop's
    words are meant."""
    cards = past.after.payload.get("cards", ()) if past.after is not None else ()
    shown = [str(card["product_id"]) for card in cards]
    named = _named(past.spoken)
    return (shown or named) if are_shop_words_meant else (named or shown)


def _named(spoken: Spoken) -> list[str]:
    found = (str(one["value"]) for one in spoken.entities if one.get("entity") == "product")
    return list(dict.fromkeys(found))


def _may_repeat(conversation: Conversation, past: Past) -> bool:
    kinds = [str(one.get("entity")) for one in past.spoken.entities]
    is_about_goods = past.spoken.intent in PRODUCT_INTENTS
    is_proven = conversation.turn.recalled.is_proven
    return is_about_goods and past_words.may_repeat(kinds, is_proven=is_proven)


def _tell_words(conversation: Conversation) -> None:
    """Quote what they said, or what the shop answered; only to whoever is proven."""
    recalled = conversation.turn.recalled
    if not recalled.is_proven:
        conversation.say("utter_past_after_log_in")
        return
    meant = [past.spoken for past in recalled.nearest if past.spoken.direction == "in"]
    response = "utter_remembered_said"
    if _means_shop(conversation):
        answers = [past.after for past in recalled.nearest if past.spoken.direction == "in"]
        meant = [one for one in answers if one is not None and one.direction == "out"]
        response = "utter_remembered_answer"
    if not meant:
        _say_not_found(conversation)
        return
    said = meant[0].text.strip()
    said = said if len(said) <= LONGEST_QUOTE else f"{said[:LONGEST_QUOTE]}…"
    conversation.say(response, when=_when(conversation, meant[0].at), said=said)


def _tell_orders(conversation: Conversation) -> None:
    """List what they ordered, in the time that is named if one is."""
    turn = conversation.turn
    if not turn.recalled.is_proven:
        conversation.say("utter_past_after_log_in")
        return
    lines = [
        conversation.phrase("utter_order_line", day=_day(conversation, at), products=names)
        for at, names in _orders(conversation)
    ]
    if lines:
        conversation.say("utter_remembered_orders", orders="\n".join(lines[:MOST_ORDERS]))
    else:
        conversation.say("utter_remembered_no_orders")


def _orders(conversation: Conversation) -> Iterator[tuple[datetime, str]]:
    """When, and the names of what is still known of each order, the newest first."""
    about, shop = conversation.turn.recalled.about, conversation.shop
    for order in conversation.turn.recalled.orders:
        at = datetime.fromisoformat(order["ordered_at"])
        if (
            about is not None
            and about.since
            and about.until
            and not about.since <= at < about.until
        ):
            continue
        bought = (shop.product(line["product_id"]) for line in order["lines"])
        names = [shop.name_of(one) for one in bought if one is not None]
        if names:
            yield at, formats.listing(list(dict.fromkeys(names)), shop.language)


def _bought_at(conversation: Conversation, product_id: str) -> datetime | None:
    for order in conversation.turn.recalled.orders:
        if any(line["product_id"] == product_id for line in order["lines"]):
            return datetime.fromisoformat(order["ordered_at"])
    return None


def _say_not_found(conversation: Conversation) -> None:
    conversation.ask("product", "utter_remembered_nothing")


def _when(conversation: Conversation, at: datetime) -> str:
    day, today = _local(conversation, at, conversation.turn.now)
    return past_words.when(day.date(), today.date(), conversation.turn.language)


def _day(conversation: Conversation, at: datetime) -> str:
    """The date; its year only if it is another one."""
    day, today = _local(conversation, at, conversation.turn.now)
    year = day.year if day.year != today.year else None
    value = {"year": year, "month": day.month, "day": day.day}
    return formats.day_of_year(value, conversation.turn.language)


def _local(conversation: Conversation, *moments: datetime) -> Sequence[datetime]:
    """By the shop's clock."""
    zone = ZoneInfo(str(conversation.shop.told("time_zone") or "UTC"))
    return [moment.astimezone(zone) for moment in moments]
