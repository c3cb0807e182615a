"""The follow-ups that are built in: what they are called, in which words they are made, how often.
Constants only; when a personal date is due is the business of `greetings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

BROWSE = "browse"
"""They looked at a product and left."""
ANNIVERSARY = "anniversary"
BIRTHDAY = "birthday"
PERSONAL_DATES = frozenset({ANNIVERSARY, BIRTHDAY})
"""Kinds of fact too: days of the customer's own that come every year."""
REMINDER = "reminder"
"""They asked to be told again."""
WISH_DONE = "wish_done"
"""What they wished for, or complained of, has been seen to."""
WHATEVER_IS_BOUGHT = PERSONAL_DATES | {WISH_DONE}
"""Told whatever else they have bought of the kind."""

BROWSE_AGAIN_AFTER = timedelta(hours=24)
"""From one follow-up on a look to the next."""

REST_AFTER_PURCHASE = timedelta(days=14)
"""Whoever has just bought something of a kind is not told of another of it."""

_REST_AFTER_BUYING_ELSEWHERE = timedelta(days=365)
"""Where the shop does not say how long such goods last."""

REPLIES = "utter_offer_replies"
"""Whose buttons stand under an offer in the chat."""
NAME_PHRASE = "utter_offer_name"
SIZE_PHRASE = "utter_offer_size"
_WORDS = {
    BROWSE: "utter_offer_browse",
    ANNIVERSARY: "utter_offer_anniversary",
    BIRTHDAY: "utter_offer_birthday",
    WISH_DONE: "utter_offer_wish_done",
}
_WORDS_WITH_YEARS = {ANNIVERSARY: "utter_offer_anniversary_years"}


def words(campaign: str, *, are_years_known: bool = False) -> str:
    """The response of domain.yml in which an offer of the campaign is made; a birthday is never
    counted."""
    plain = _WORDS[campaign]
    return _WORDS_WITH_YEARS.get(campaign, plain) if are_years_known else plain


def rest_after_buying(category: str, rest_days: Mapping[str, int]) -> timedelta:
    """How long whoever has got such goods elsewhere is left alone about them; `rest_days` are the
    shop's own, by category."""
    days = rest_days.get(category)
    return _REST_AFTER_BUYING_ELSEWHERE if days is None else timedelta(days=days)
