"""Answers to an offer, hours or days after it was made and on either channel: yes, too dear, not
now, no, why me (DESIGN M10). With two offers open it is asked which is meant; nothing vague is ever
taken for a yes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from actions import already_bought, checkout, consent, open_offers, remind
from actions.answer import Answer, reads
from actions.choices import is_a_number, means_all, named_in, only_points, place_in
from actions.concession import come_down
from actions.conversation import Conversation
from actions.learning import keeps_dislikes
from actions.reasons import say_why
from actions.recommend import recommend, wish_of
from actions.shop import Product
from actions.voices import hear_refusal
from marketing import recommendation, voices
from marketing.refusing_words import says_no
from memory import offers
from memory.offers import Offer

_BOUGHT_ELSEWHERE = re.compile(
    r"(다른|딴)\s*(데|곳|매장|가게)\S*\s*(이미\s*)?(샀|구매|구입|주문)"
    r"|\b(else\s?where|somewhere else|another (store|shop)|other (store|shop))\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"나중|다음에|담에|지금은|당장은|오늘은|이따|생각해|고민|\blater\b|\bnot (right )?now\b"
    r"|another (time|day)|next time|\btoday\b|think (about|it over)|let me think",
    re.IGNORECASE,
)

_MERE_YES = re.compile(
    r"\W*(yes|yeah|yep|ok|okay|sure|fine|deal|good|네|예|넵|응|ㅇㅇ|좋아요?|그래요?|콜|오케이)\W*",
    re.IGNORECASE,
)
_HEARD = re.compile(
    r"\W*((네|예|넵|아)[\s,]*)*(알겠어요?|알겠습니다|알았어요?|그렇군요|확인했어요|확인했습니다)\W*"
    r"|\W*((ok|okay|oh|ah|yes|yeah)[\s,]+)*(got it|i see|gotcha|noted|understood)\W*",
    re.IGNORECASE,
)
"""Whole messages that say no more than that the offer was read."""
_MERELY_AGREES = re.compile(
    r"\W*((네|예|응)[\s,]*)?(그렇(죠|지요?|습니다)|그쵸|맞(아요?|습니다|죠|지요?))\W*"
    r"|\W*((yes|yeah)[\s,]*)?(right|true|correct|exactly|indeed|(that|you)('?s| are|'re) "
    r"(right|true|correct))\W*",
    re.IGNORECASE,
)
"""Whole messages that find right what was said."""

Reply = Callable[[Conversation, Offer], None]


class AcceptOffer(Answer):
    """Yes to what was offered; where nothing was, it is an order of what was shown."""

    called = "action_accept_offer"

    def answer(self, conversation: Conversation) -> None:
        """Lead to the checkout."""
        if remind.says_yes(conversation) or takes_yes(conversation):
            return
        shown = conversation.shown_before()
        if len(shown) == 1:
            checkout.order(conversation, shown[0])
        else:
            conversation.ask("product", "utter_order_which")


class ObjectPrice(Answer):
    """Too dear."""

    called = "action_object_price"

    def answer(self, conversation: Conversation) -> None:
        """Come down once; where nothing was offered, show something cheaper."""
        if not reply_to_offer(conversation, "object_price"):
            _show_cheaper(conversation)


class PostponeOffer(Answer):
    """Not now."""

    called = "action_postpone_offer"

    def answer(self, conversation: Conversation) -> None:
        """Leave it at that."""
        if not reply_to_offer(conversation, "postpone"):
            conversation.say("utter_no_hurry")


class DeclineOffer(Answer):
    """No."""

    called = "action_decline_offer"

    def answer(self, conversation: Conversation) -> None:
        """Take the no; ask, if it holds no word of one ("that's my style")."""
        if not says_no(conversation.turn.text) and asks_what_is_meant(conversation):
            return
        if not (reply_to_offer(conversation, "decline") or keeps_dislikes(conversation)):
            conversation.say("utter_what_no")


class AskWhyMe(Answer):
    """Why was this sent to me?"""

    called = "action_ask_why_me"

    def answer(self, conversation: Conversation) -> None:
        """Say why; of texts in general, that nobody has to get them."""
        if consent.says_why(conversation):
            return
        if not reply_to_offer(conversation, "why"):
            say_why(conversation, None)


def takes_yes(conversation: Conversation) -> bool:
    """Take the message for a yes to the offer it can only mean; ask, if that is not certain. False
    if no offer can be meant."""
    is_plain = not (_is_doubtful(conversation) or _merely_agrees(conversation))
    if is_plain and reply_to_offer(conversation, "accept"):
        return True
    return asks_what_is_meant(conversation) or _says_it_is_over(conversation)


def asks_what_is_meant(conversation: Conversation) -> bool:
    """Ask which open offer is meant, and whether it is. False if there is none."""
    offered = open_offers.usable(conversation.turn)
    listed = [one for one in offered if conversation.shop.product(one.product_id) is not None]
    if len(listed) == 1:
        _ask_whether(conversation, listed[0])
    elif listed:
        _ask_which(conversation, listed, "accept")
    return bool(listed)


def _is_doubtful(conversation: Conversation) -> bool:
    """A yes that asks ("yes?"), or a mere "got it"."""
    text = unicodedata.normalize("NFKC", conversation.turn.text)
    is_mere = conversation.intent == "affirm" or _MERE_YES.fullmatch(text) is not None
    return ("?" in text and is_mere) or _HEARD.fullmatch(text) is not None


def _merely_agrees(conversation: Conversation) -> bool:
    """A "that's right": to an offer, which asks for nothing to be found right, it is no yes."""
    text = unicodedata.normalize("NFKC", conversation.turn.text).replace("\u2019", "'")
    return _MERELY_AGREES.fullmatch(text) is not None


def takes_no(conversation: Conversation) -> bool:
    """Take the message for a no to the offer at hand, a "not now" for that; ask, if it holds no
    word of a no. False if there is no offer: a mere no may be about anything else that was talked
    of."""
    if not conversation.offers_at_hand():
        return False
    if not says_no(conversation.turn.text):
        return asks_what_is_meant(conversation)
    is_later = _LATER.search(conversation.turn.text) is not None
    return reply_to_offer(conversation, "postpone" if is_later else "decline")


def says_yes_to_question(conversation: Conversation) -> bool:
    """A yes to "do you mean this one?"; to "which one?" and "which size?" it is no answer. False if
    none of these was asked."""
    question = conversation.open_question
    asked = asked_about(conversation)
    product = conversation.shop.product(conversation.question_about.get("product"))
    if question == "offer" and asked and _is_doubtful(conversation):
        _ask_whether(conversation, asked[0])
    elif question == "offer" and asked:
        accept(conversation, asked[0])
    elif question == "which_offer" and asked:
        _ask_which(conversation, asked, str(conversation.question_about.get("meant")))
    elif question == "order_size" and product is not None:
        checkout.ask_size(conversation, product, offer_of(conversation, product))
    else:
        return False
    return True


def says_no_to_question(conversation: Conversation) -> bool:
    """A no to a question about offers leaves them open. False if none was asked."""
    if conversation.open_question not in ("offer", "which_offer", "order_size"):
        return False
    conversation.say("utter_what_no")
    return True


def takes_thanks(conversation: Conversation) -> bool:
    """Thanks for an offer leave it open; False if none is meant."""
    at_hand = conversation.offers_at_hand()
    if len(at_hand) != 1:
        return False
    name = conversation.shop.name_of(checkout.product_of(conversation, at_hand[0]))
    conversation.say("utter_offer_thanked", product=name)
    return True


def reply_to_offer(conversation: Conversation, meant: str) -> bool:
    """Reply to the offer at hand in the way that is `meant` (a key of `_REPLIES`); with two, ask
    which. A product that is named decides. Whatever was talked of since, "too dear" is about what
    was offered if nothing else was shown; "yes" may be about anything. False if no offer is
    meant."""
    at_hand = conversation.offers_at_hand()
    if not at_hand and meant != "accept" and not conversation.shown_before():
        at_hand = open_offers.usable(conversation.turn)
    named = [str(one["product_id"]) for one in conversation.named_products()]
    chosen = [one for one in at_hand if one.product_id in named] or at_hand
    if named and chosen is at_hand:
        return False
    if len(chosen) == 1:
        _REPLIES[meant](conversation, chosen[0])
    elif chosen:
        _ask_which(conversation, chosen, meant)
    return bool(chosen)


def offer_of(conversation: Conversation, product: Product) -> Offer | None:
    """The open offer of that product."""
    usable = open_offers.usable(conversation.turn)
    return next((one for one in usable if one.product_id == product["product_id"]), None)


# -- which one ---------------------------------------------------------------------------------


def _ask_which(
    conversation: Conversation,
    among: Sequence[Offer],
    meant: str,
    response: str = "utter_which_offer",
) -> None:
    about = {"offers": [one.offer_id for one in among], "meant": meant}
    names = _names(conversation, among)
    conversation.ask("which_offer", response, about=about, choices=names)


def _names(conversation: Conversation, among: Sequence[Offer]) -> list[str]:
    return [conversation.shop.name_of(checkout.product_of(conversation, one)) for one in among]


def _ask_whether(conversation: Conversation, offer: Offer) -> None:
    name = conversation.shop.name_of(checkout.product_of(conversation, offer))
    about = {"offers": [offer.offer_id], "meant": "accept"}
    conversation.ask("offer", "utter_offer_meant", about=about, product=name)


def asked_about(conversation: Conversation) -> list[Offer]:
    """The offers that the open question is about, in the order in which they were told, those only
    that are still open and listed."""
    usable = {one.offer_id: one for one in open_offers.usable(conversation.turn)}
    asked = conversation.question_about.get("offers") or ()
    found = (usable[one] for one in asked if one in usable)
    return [one for one in found if conversation.shop.product(one.product_id) is not None]


@reads("which_offer")
def _read_choice(conversation: Conversation) -> bool:
    """By number, place or name among those that were told. A number is always meant as one of them,
    never as a size; one that is none of them, and "both", are asked again."""
    text = conversation.turn.text
    meant = str(conversation.question_about.get("meant"))
    open_ones = asked_about(conversation)
    if open_ones and means_all(text):
        _ask_which(conversation, open_ones, meant, "utter_which_offer_first")
    elif (chosen := _chosen(conversation, open_ones, meant)) is not None:
        _REPLIES[meant](conversation, chosen)
    elif open_ones and is_a_number(text):
        _ask_which(conversation, open_ones, meant)
    else:
        return False
    return True


def _chosen(conversation: Conversation, open_ones: Sequence[Offer], meant: str) -> Offer | None:
    """The one that the message points at, if it is open still, and if it does no more or says again
    in plain words what was meant: who talks about one of them has not taken it."""
    text = conversation.turn.text
    part = named_in(text, _names(conversation, open_ones))
    spans = [(int(one["start"]), int(one["end"])) for one in conversation.entities if "end" in one]
    says_it = conversation.intent in _SAYS_AGAIN[meant] or only_points(text, spans)
    if not says_it:
        return open_ones[part] if part is not None else None
    named = [str(one["product_id"]) for one in conversation.named_products()]
    if named:
        return next((one for one in open_ones if one.product_id in named), None)
    told = conversation.question_about.get("offers") or ()
    place = place_in(text, len(told))
    if place is not None:
        return next((one for one in open_ones if one.offer_id == told[place]), None)
    return open_ones[part] if part is not None else None


def _says_it_is_over(conversation: Conversation) -> bool:
    """Say so if what the message answers has been bought or withdrawn meanwhile."""
    closed = open_offers.closed_before_it_was_answered(conversation.turn)
    if closed is None:
        return False
    if closed.state == "bought":
        conversation.say("utter_offer_bought")
    else:
        conversation.say("utter_offer_over")
    return True


# -- what is done ------------------------------------------------------------------------------


def accept(conversation: Conversation, offer: Offer) -> None:
    """Lead to the checkout."""
    checkout.order(conversation, checkout.product_of(conversation, offer), offer)


def _postpone(conversation: Conversation, offer: Offer) -> None:
    turn = conversation.turn
    offers.answer(turn.connection, offer, "postponed", reason="postponed", now=turn.now)
    conversation.say("utter_offer_postponed")


def _decline(conversation: Conversation, offer: Offer) -> None:
    turn = conversation.turn
    if _BOUGHT_ELSEWHERE.search(turn.text) is not None:
        already_bought.rest(conversation, offer.category)
        return
    hear_refusal(conversation, checkout.product_of(conversation, offer))
    offers.answer(turn.connection, offer, "declined", reason="declined", now=turn.now)
    conversation.say("utter_offer_declined")


def _show_cheaper(conversation: Conversation) -> None:
    shown = conversation.named_products() or conversation.shown_before()
    if not shown:
        conversation.ask("category", "utter_ask_category")
        return
    if len(shown) == 1:
        hear_refusal(conversation, shown[0], topic=voices.PRICE)
    prices = [recommendation.price(one, conversation.shop.currency) for one in shown]
    category = str(shown[0]["category"])
    recommend(conversation, replace(wish_of(conversation), category=category, below=min(prices)))


_SAYS_AGAIN: Mapping[str, frozenset[str]] = {
    "accept": frozenset({"accept_offer", "affirm", "buy"}),
    "object_price": frozenset({"object_price"}),
    "postpone": frozenset({"postpone_offer"}),
    "decline": frozenset({"decline_offer", "deny"}),
    "why": frozenset({"ask_why_me"}),
}
_REPLIES: Mapping[str, Reply] = {
    "accept": accept,
    "object_price": come_down,
    "postpone": _postpone,
    "decline": _decline,
    "why": say_why,
}
