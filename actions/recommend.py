"""Shows what suits: what is remembered is used and never asked again; what is not there is never
shown; why it was chosen is said.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from actions.answer import Answer
from actions.conversation import Conversation
from actions.facts import may_be_told
from actions.family import SELF, is_child, somebody
from actions.learning import keep_in_passing
from actions.pointing import cheapest_shown, wants_cheapest
from actions.product_words import in_size, not_carried_brand, things
from actions.suggestion import avoided, brands_bought, liked, say_because
from marketing import recommendation, sizes, stock
from marketing.recommendation import Choice, Wish

_MORE = re.compile(
    r"다른|더 |또 |비슷한|\belse\b|\bmore\b|\bother\b|\banother\b|\bsimilar\b|cheaper",
    re.IGNORECASE,
)
"""Words that ask for something other than what was just shown."""
_CHEAPER = re.compile(r"더 싼|더 저렴|좀 싼|cheaper|less expensive", re.IGNORECASE)
_CHILDRENS_ACTIVITY = {"hiking_shoes": "hiking", "running_shoes": "running"}
_NARROWER = ("size", "width", "colour", "money")
"""Entities that say more about what was looked for before."""
_SAYS_WHAT = ("category", "product", "brand", "activity", "person", *_NARROWER)
"""Entities that say what is looked for."""


class AskRecommendation(Answer):
    """Recommends, or asks the one thing that is missing."""

    called = "action_ask_recommendation"

    def answer(self, conversation: Conversation) -> None:
        """Recommend."""
        brand = not_carried_brand(conversation)
        if brand is not None:
            conversation.say("utter_brand_not_carried", brand=brand)
        if brand is not None or not shows_cheapest(conversation):
            recommend(conversation)
        keep_in_passing(conversation)


def shows_cheapest(conversation: Conversation) -> bool:
    """Show the cheapest of those that were just shown, else of the kind that is looked for, else of
    all that is there. False if that is not asked for."""
    if not wants_cheapest(conversation.turn.text):
        return False
    says_what = any(conversation.values(name) for name in _SAYS_WHAT)
    cheapest = None if says_what else cheapest_shown(conversation)
    if cheapest is None:
        recommend(conversation)
    else:
        conversation.say("utter_cheapest_shown", products=[cheapest], link=conversation.shop.url)
    return True


def recommend(conversation: Conversation, wish: Wish | None = None) -> None:
    """Show up to three products that fit a wish: what was said and what is remembered, if it is not
    given."""
    if not conversation.shop.products:
        conversation.say("utter_no_products")
        return
    wish = wish or wish_of(conversation)
    if not _says_enough(wish):
        conversation.ask("category", "utter_ask_category")
        return
    wants_more = _MORE.search(conversation.turn.text) is not None
    before = _shown(conversation) if wants_more else frozenset()
    choice = recommendation.choose(
        conversation.shop.products, wish, already_shown=before, may_give_up=not before
    )
    choice = _named_first(conversation, wish, choice)
    conversation.category = wish.category
    _show(conversation, wish, choice, is_more=bool(before))
    conversation.already_shown = [*sorted(before), *(one["product_id"] for one in choice.products)]


def _named_first(conversation: Conversation, wish: Wish, choice: Choice) -> Choice:
    """A product named in the request stands at the head, if it is there."""
    named = [one for one in conversation.named_products() if recommendation.fits(one, wish)]
    others = [one for one in choice.products if one not in named]
    return replace(choice, products=[*named, *others][: recommendation.MOST])


def wish_of(conversation: Conversation) -> Wish:
    """What they are looking for: this message first, then what is remembered of whom it is for."""
    whom = somebody(conversation)
    size = conversation.size_said()
    shoe_size = size or conversation.remembered("shoe_size", whom)
    wish = Wish(
        category=_category(conversation),
        activity=conversation.term("activity", "activities"),
        fond_of=conversation.remembered("activity", whom),
        brand=conversation.term("brand", "brands"),
        colour=conversation.term("colour", "colours"),
        shoe_size=None if shoe_size is None else str(shoe_size),
        clothing_size=size or conversation.remembered("clothing_size", whom),
        width=conversation.term("width", "widths") or conversation.remembered("width", whom),
        at_least=conversation.least_to_spend(),
        at_most=conversation.most_to_spend(),
        below=_cheaper_than(conversation),
        currency=conversation.shop.currency,
        for_child=is_child(whom),
        for_grown_up=whom != SELF and not is_child(whom),
        only_shoes=any(stock.has_widths(one) for one in conversation.named_products()),
        avoided=avoided(conversation, whom),
        liked=liked(conversation, "brand_liked", whom) | liked(conversation, "colour_liked", whom),
        bought=brands_bought(conversation) if whom == SELF else frozenset(),
        cheapest_first=wants_cheapest(conversation.turn.text),
    )
    return _by_liking(_for_children(_for_giving(wish)))


def _category(conversation: Conversation) -> str | None:
    """The category named, or that of the product named; else, where the message only narrows or
    widens what was looked for, the one before."""
    named = conversation.term("category", "categories")
    if named is not None:
        return named
    for product in conversation.named_products():
        return str(product["category"])
    says_what = any(conversation.values(name) for name in ("activity", "brand", "person"))
    goes_on = (
        _MORE.search(conversation.turn.text) is not None
        or wants_cheapest(conversation.turn.text)
        or any(conversation.values(name) for name in _NARROWER)
        or conversation.open_question == "shoe_size"
    )
    before: str | None = conversation.slots.get("last_category")
    return before if goes_on and not says_what else None


def _cheaper_than(conversation: Conversation) -> Decimal | None:
    """The price of the cheapest product last shown, where something cheaper is asked for."""
    if _CHEAPER.search(conversation.turn.text) is None:
        return None
    currency = conversation.shop.currency
    prices = [recommendation.price(one, currency) for one in conversation.shown_before()]
    return min(prices, default=None)


def _for_giving(wish: Wish) -> Wish:
    """Something to give is a gift set, unless something else was named."""
    if wish.activity != "gifts" or wish.category not in (None, recommendation.GIFTS):
        return wish
    return replace(wish, category=recommendation.GIFTS, activity=None)


def _for_children(wish: Wish) -> Wish:
    """Children's shoes stand among children's wear."""
    if not wish.for_child or wish.category == recommendation.GIFTS:
        return wish
    activity = _CHILDRENS_ACTIVITY.get(wish.category or "")
    return replace(
        wish,
        category=recommendation.CHILDREN,
        activity=wish.activity or activity,
        only_shoes=wish.only_shoes or activity is not None,
    )


def _by_liking(wish: Wish) -> Wish:
    """Where nothing else is said, what they like doing decides; of what is cheapest, nothing."""
    says_what = any((wish.category, wish.activity, wish.brand))
    if wish.cheapest_first and not says_what:
        return replace(wish, for_anybody=not (wish.for_child or wish.for_grown_up))
    return wish if says_what else replace(wish, activity=wish.fond_of)


def _says_enough(wish: Wish) -> bool:
    sums = (wish.at_least, wish.at_most, wish.below)
    return any((wish.category, wish.activity, wish.brand, wish.cheapest_first, *sums))


def _shown(conversation: Conversation) -> frozenset[str]:
    shown = (str(one["product_id"]) for one in conversation.shown_before())
    return frozenset(shown) | frozenset(conversation.slots.get("already_shown") or ())


def _show(conversation: Conversation, wish: Wish, choice: Choice, *, is_more: bool) -> None:
    if not choice.products:
        conversation.say("utter_no_more" if is_more else "utter_recommend_nothing")
        return
    what = things_wished(conversation, wish)
    where: dict[str, Any] = {"what": what, "link": conversation.shop.url}
    size = recommendation.size_for(choice.products[0], wish)
    plain, sized = "utter_recommend", "utter_recommend_in_size"
    if wish.cheapest_first:
        plain, sized = "utter_cheapest", "utter_cheapest_in_size"
    if choice.given_up:
        conversation.say("utter_recommend_close", products=choice.products, **where)
    elif choice.used_size and size is not None:
        shown_in = in_size(conversation, size, choice.products[0], wish.width)
        conversation.say(sized, products=choice.products, in_size=shown_in, **where)
    else:
        conversation.say(plain, products=choice.products, **where)
    say_because(conversation, somebody(conversation), choice.products, choice.given_up)
    if not choice.given_up and not choice.used_size and conversation.may_ask_of_person:
        if _ask_whether_grown(conversation, wish, choice):
            return
        if _lacks_shoe_size(wish, choice):
            conversation.ask("shoe_size", "utter_ask_shoe_size")


def _ask_whether_grown(conversation: Conversation, wish: Wish, choice: Choice) -> bool:
    """A child's size of long ago is asked about, not proposed; True if it was."""
    if not wish.for_child:
        return False
    are_shoes = all(stock.has_widths(one) for one in choice.products)
    kind = "shoe_size" if are_shoes else "clothing_size"
    told = conversation.turn.recalled.fact(kind, somebody(conversation))
    larger = sizes.next_larger(kind, told.value) if told is not None else None
    is_known = wish.shoe_size if are_shoes else wish.clothing_size
    if told is None or larger is None or is_known or not may_be_told(conversation, told):
        return False
    conversation.say("utter_child_grown", size=told.value, larger=larger)
    conversation.has_asked_of_person = True
    return True


def _lacks_shoe_size(wish: Wish, choice: Choice) -> bool:
    are_shoes = all(stock.has_widths(one) for one in choice.products)
    return are_shoes and wish.shoe_size is None and not wish.for_child


def things_wished(conversation: Conversation, wish: Wish) -> str:
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
    if wish.at_least is not None:
        money = shop.money(wish.at_least)
        what = conversation.phrase("utter_what_from", what=what, money=money)
    if wish.below is not None:
        what = conversation.phrase("utter_what_cheaper", what=what)
    if wish.activity is not None:
        label = shop.label("activities", wish.activity) or wish.activity
        what = conversation.phrase("utter_what_for_activity", what=what, activity=label)
    return what
