"""Shows what suits: what is remembered is used and never asked again; what is not there is never
shown; why it was chosen is said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.conversation import Answer, Conversation
from actions.family import somebody
from actions.product_words import in_size, not_carried_brand, things
from marketing import recommendation, stock
from marketing.recommendation import Choice, Wish

_MORE = ("다른", "더 ", "또 ", "else", "more", "other", "another")
"""Words that ask for something other than what was just shown."""
_CHILDRENS_ACTIVITY = {"hiking_shoes": "hiking", "running_shoes": "running"}
_CHILDREN = frozenset({"child", "son", "daughter"})


class AskRecommendation(Answer):
    """Recommends, or asks the one thing that is missing."""

    called = "action_ask_recommendation"

    def answer(self, conversation: Conversation) -> None:
        """Recommend."""
        brand = not_carried_brand(conversation)
        if brand is not None:
            conversation.say("utter_brand_not_carried", brand=brand)
        recommend(conversation)


def recommend(conversation: Conversation) -> None:
    """Show up to three products that fit what was said and what is remembered."""
    if not conversation.shop.products:
        conversation.say("utter_no_products")
        return
    wants_more = any(word in conversation.turn.text.casefold() for word in _MORE)
    wish = wish_of(conversation, goes_on=wants_more)
    if not _says_enough(wish):
        conversation.ask("category", "utter_ask_category")
        return
    before = _shown(conversation) if wants_more else frozenset()
    choice = recommendation.choose(conversation.shop.products, wish, already_shown=before)
    conversation.category = wish.category
    _show(conversation, wish, choice, is_more=bool(before))


def wish_of(conversation: Conversation, *, goes_on: bool = False) -> Wish:
    """What they are looking for: this message first, then what is remembered of whom it is for."""
    whom = somebody(conversation)
    category = conversation.term("category", "categories")
    if category is None and (goes_on or conversation.slots.get("open_question") == "shoe_size"):
        category = conversation.slots.get("last_category")
    shoe_size = conversation.remembered("shoe_size", whom)
    wish = Wish(
        category=category,
        activity=conversation.term("activity", "activities"),
        fond_of=conversation.remembered("activity", whom),
        brand=conversation.term("brand", "brands"),
        colour=conversation.term("colour", "colours"),
        shoe_size=None if shoe_size is None else str(shoe_size),
        clothing_size=conversation.remembered("clothing_size", whom),
        width=conversation.term("width", "widths") or conversation.remembered("width", whom),
        at_most=conversation.most_to_spend(),
        currency=conversation.shop.currency,
        for_child=whom in _CHILDREN,
    )
    return _for_children(_with_size_said(conversation, wish))


def _with_size_said(conversation: Conversation, wish: Wish) -> Wish:
    said = conversation.first("size")
    if said is None:
        return wish
    return replace(wish, shoe_size=said, clothing_size=said)


def _for_children(wish: Wish) -> Wish:
    """Children's shoes stand among children's wear."""
    if not wish.for_child or wish.category == recommendation.GIFTS:
        return wish
    activity = wish.activity or _CHILDRENS_ACTIVITY.get(wish.category or "")
    return replace(wish, category=recommendation.CHILDREN, activity=activity)


def _says_enough(wish: Wish) -> bool:
    return any((wish.category, wish.activity, wish.fond_of, wish.brand, wish.at_most))


def _shown(conversation: Conversation) -> frozenset[str]:
    return frozenset(str(one["product_id"]) for one in conversation.shown_before())


def _show(conversation: Conversation, wish: Wish, choice: Choice, *, is_more: bool) -> None:
    if not choice.products:
        conversation.say("utter_no_more" if is_more else "utter_recommend_nothing")
        return
    what = _what(conversation, wish)
    where: dict[str, Any] = {"what": what, "link": conversation.shop.url}
    size = recommendation.size_for(choice.products[0], wish)
    if choice.given_up:
        conversation.say("utter_recommend_close", products=choice.products, **where)
    elif choice.used_size and size is not None:
        shown_in = in_size(conversation, size, choice.products[0], wish.width)
        conversation.say(
            "utter_recommend_in_size", products=choice.products, in_size=shown_in, **where
        )
    else:
        conversation.say("utter_recommend", products=choice.products, **where)
        if _lacks_shoe_size(wish, choice):
            conversation.ask("shoe_size", "utter_ask_shoe_size")


def _lacks_shoe_size(wish: Wish, choice: Choice) -> bool:
    are_shoes = all(stock.has_widths(one) for one in choice.products)
    return are_shoes and wish.shoe_size is None and not wish.for_child


def _what(conversation: Conversation, wish: Wish) -> str:
    """`등산에 좋은 150,000원 이하 남색 재킷`, `navy jackets up to $150 for hiking`."""
    shop = conversation.shop
    what = things(conversation, wish.category)
    if wish.brand is not None:
        brand = shop.label("brands", wish.brand)
        what = conversation.phrase("utter_what_of_brand", what=what, brand=brand)
    if wish.colour is not None:
        colour = shop.label("colours", wish.colour)
        what = conversation.phrase("utter_what_in_colour", what=what, colour=colour)
    if wish.at_most is not None:
        money = shop.money(wish.at_most)
        what = conversation.phrase("utter_what_within_budget", what=what, money=money)
    activity = wish.activity or (wish.fond_of if wish.category is None else None)
    if activity is not None:
        label = shop.label("activities", activity) or activity
        what = conversation.phrase("utter_what_for_activity", what=what, activity=label)
    return what
