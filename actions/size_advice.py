"""Which size to take: by what is worn in another brand, as far as the shop has compared it, by what
was bought and kept, by what was told. Another brand's size is never kept as the customer's own.
"""

from __future__ import annotations

import re
from typing import Any

from actions.answer import Answer, reads
from actions.asking_again import asks_anew
from actions.conversation import Conversation
from actions.family import SELF, somebody
from actions.product_info import in_question
from actions.product_stock import is_about
from actions.shop import Product
from marketing import size_advice, sizes, stock
from marketing.size_advice import Advice, Reason, Worn
from marketing.stock import Asked
from memory import orders

QUESTION = "size_advice"
_BY_DIFFERENCE = {
    0: "utter_size_advice_same_than_brand",
    -1: "utter_size_advice_smaller_than_brand",
    1: "utter_size_advice_larger_than_brand",
}
"""By whether the size advised is smaller or larger than theirs."""
_BY_REASON = {
    Reason.CONVERTED: "utter_size_advice_converted",
    Reason.BOUGHT: "utter_size_advice_bought",
    Reason.TOLD: "utter_size_advice_told",
}
_WOMEN = re.compile(r"\bwom[ae]n|\bladies|여성|여자", re.IGNORECASE)
_CENTIMETRES = re.compile(r"(?<![\d.])(2\d(?:\.\d)?)\s*(?:cm|센치|센티)", re.IGNORECASE)
_WIDE = "wide"


class SizeAdvice(Answer):
    """Somebody does not know which size to take."""

    called = "action_size_advice"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Say a size and why; ask one thing, if nothing is known."""
        _advise(conversation, brand=_brand(conversation))


@asks_anew(QUESTION)
def _ask_again(conversation: Conversation) -> None:
    brand = conversation.question_about.get("brand")
    if brand is None:
        conversation.ask(QUESTION, "utter_size_advice_ask", about={})
    else:
        _ask_in_brand(conversation, str(brand))


def _ask_in_brand(conversation: Conversation, brand: str) -> None:
    conversation.ask(
        QUESTION,
        "utter_size_advice_which_in_brand",
        about={"brand": brand},
        brand=_brand_label(conversation, brand),
    )


@reads(QUESTION)
def _read_answer(conversation: Conversation) -> bool:
    """A size, or a brand, and nothing asked."""
    brand = _brand(conversation)
    if "?" in conversation.turn.text or (_said(conversation) is None and brand is None):
        return False
    _advise(conversation, brand=brand or conversation.question_about.get("brand"))
    return True


def _advise(conversation: Conversation, *, brand: str | None) -> None:
    worn_there = _said(conversation)
    if worn_there is None and brand is not None:
        _ask_in_brand(conversation, brand)
        return
    pairs = _pairs(conversation)
    advice = size_advice.advise(
        worn_there=worn_there,
        brand=brand,
        compared=conversation.shop.store.get("brand_sizes") or {},
        pairs=pairs,
        told=_told(conversation),
    )
    if advice is None:
        conversation.ask(QUESTION, "utter_size_advice_ask", about={})
        return
    _say(conversation, advice, worn_there, brand)
    _say_what_came_back(conversation, advice, pairs)
    _say_of_width(conversation)
    _say_of_product(conversation, advice)


# -- what is known -----------------------------------------------------------------------------


def _brand(conversation: Conversation) -> str | None:
    """Another brand that was named, or one of the shop's own that it has compared."""
    return conversation.term("brand", "other_brands") or conversation.term("brand", "brands")


def _brand_label(conversation: Conversation, brand: str) -> str:
    shop = conversation.shop
    return shop.label("other_brands", brand) or shop.label("brands", brand) or brand


def _said(conversation: Conversation) -> int | None:
    """The length that was said, in millimetres, American and European sizes turned into it."""
    text = conversation.turn.text
    european = size_advice.european(text)
    if european is not None:
        return european
    length = _CENTIMETRES.search(text)
    if length is not None:
        return -(-int(float(length[1]) * 10) // 5) * 5
    is_woman = _WOMEN.search(text) is not None
    for said in conversation.values("size"):
        meant = sizes.meant(said, of_woman=is_woman)
        if isinstance(meant, sizes.ShoeSize):
            return meant.millimetres
    return None


def _told(conversation: Conversation) -> int | None:
    told = conversation.remembered("shoe_size", somebody(conversation))
    return told if isinstance(told, int) else None


def _pairs(conversation: Conversation) -> list[Worn]:
    """The shoes they bought, the newest first; nobody's before a proof."""
    turn = conversation.turn
    if not turn.recalled.is_proven or somebody(conversation) != SELF:
        return []
    bought = orders.bought(turn.connection, turn.customer_id)
    found = ((one, _millimetres(conversation, one.sku)) for one in bought)
    return [
        Worn(product_id=one.product_id, millimetres=length, was_returned=one.was_returned)
        for one, length in found
        if length is not None
    ]


def _millimetres(conversation: Conversation, sku: str | None) -> int | None:
    for product in conversation.shop.products:
        for variant in product["variants"]:
            if sku is not None and variant["sku"] == sku and product["for_whom"] != "children":
                is_shoe = variant.get("width") is not None and str(variant["size"]).isdigit()
                return int(variant["size"]) if is_shoe else None
    return None


# -- what is said ------------------------------------------------------------------------------


def _say(
    conversation: Conversation, advice: Advice, worn_there: int | None, brand: str | None
) -> None:
    told: dict[str, Any] = {"size": _called(conversation, advice.millimetres)}
    if worn_there is not None:
        told["theirs"] = _in_all(conversation, worn_there)
        told["brand"] = _brand_label(conversation, brand) if brand else ""
    if advice.worn is not None:
        product = conversation.shop.product(advice.worn.product_id)
        told["product"] = conversation.shop.name_of(product) if product is not None else ""
    if advice.reason == Reason.BRAND:
        sign = (advice.difference > 0) - (advice.difference < 0)
        conversation.say(_BY_DIFFERENCE[sign], difference=abs(advice.difference), **told)
    elif advice.reason == Reason.CONVERTED and brand is not None:
        conversation.say("utter_size_advice_not_compared", **told)
    else:
        conversation.say(_BY_REASON[advice.reason], **told)


def _called(conversation: Conversation, millimetres: int) -> str:
    """As sizes are called here; in English men's, as the shop's are."""
    if conversation.turn.language == "ko":
        return str(millimetres)
    return sizes.american(millimetres)


def _in_all(conversation: Conversation, millimetres: int) -> str:
    """`270mm (US 9, EU 43)`."""
    american, european = sizes.american(millimetres), size_advice.as_european(millimetres)
    return conversation.phrase(
        "utter_word_size_in_all", millimetres=millimetres, american=american, european=european
    )


def _say_what_came_back(conversation: Conversation, advice: Advice, pairs: list[Worn]) -> None:
    """A pair of that very size that was sent back is a reason to doubt it."""
    back = next(
        (one for one in pairs if one.was_returned and one.millimetres == advice.millimetres), None
    )
    product = conversation.shop.product(back.product_id) if back is not None else None
    if back is not None and product is not None:
        name = conversation.shop.name_of(product)
        size = _called(conversation, back.millimetres)
        conversation.say("utter_size_advice_came_back", product=name, size=size)


def _say_of_width(conversation: Conversation) -> None:
    """Wide feet take a wide shoe, not a longer one."""
    said = conversation.term("width", "widths")
    width = said or conversation.remembered("width", somebody(conversation))
    if width == _WIDE:
        conversation.say("utter_size_advice_wide")


def _say_of_product(conversation: Conversation, advice: Advice) -> None:
    """Whether the pair they ask about is there in it; else what the shop says of sizes."""
    products = [one for one in in_question(conversation) if stock.has_widths(one)]
    shop = conversation.shop
    if len(products) == 1:
        _say_what_is_there(conversation, products[0], advice)
    elif advice.reason == Reason.TOLD and shop.told("size_help"):
        conversation.say("utter_store_text", answer=shop.told("size_help"))


def _say_what_is_there(conversation: Conversation, product: Product, advice: Advice) -> None:
    shop = conversation.shop
    is_there = stock.left(product, Asked(size=str(advice.millimetres))) > 0
    response = "utter_size_advice_is_there" if is_there else "utter_size_advice_is_not_there"
    size = _called(conversation, advice.millimetres)
    conversation.say(response, product=shop.name_of(product), size=size)
    is_about(conversation, product)
