"""Why something was offered: what was said, then what was bought, then the consent it rests on;
never what was looked at (DESIGN rule 13).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions import open_offers
from actions.conversation import Conversation
from actions.ways_out import way_out_of
from marketing import formats, voices
from memory import consents, voice
from memory.offers import Offer
from memory.voice import Item

_SAID: Mapping[str, str] = {
    "anniversary": "utter_why_anniversary",
    "birthday": "utter_why_birthday",
}


def say_why(conversation: Conversation, offer: Offer | None) -> None:
    """Say why `offer` was made; without one, why anything is sent at all."""
    turn = conversation.turn
    if offer is not None and open_offers.is_of_somebody_unproven(turn, offer):
        conversation.say("utter_why_link", way_out=way_out_of(conversation))
        return
    day = _day_told(conversation, offer)
    if offer is not None and day is not None:
        conversation.say(_SAID[offer.campaign], day=formats.day_of_year(day, turn.language))
    item = _item_of(conversation, offer)
    if item is not None:
        conversation.say("utter_why_wish", said=voices.quoted(item.said))
    agreed = consents.given_at(turn.connection, turn.customer_id, "marketing")
    if agreed is not None and turn.recalled.is_proven:
        day_said = day_of(conversation, agreed)
        conversation.say("utter_why_consent", day=day_said, way_out=way_out_of(conversation))
    elif day is None and item is None:
        conversation.say("utter_why_nothing")


def _item_of(conversation: Conversation, offer: Offer | None) -> Item | None:
    """What they said that the offer comes of."""
    item_id = offer.about.get("item_id") if offer is not None else None
    if item_id is None or not conversation.turn.recalled.is_proven:
        return None
    turn = conversation.turn
    return voice.get(turn.connection, int(item_id), customer_id=turn.customer_id)


def day_of(conversation: Conversation, moment: datetime) -> str:
    """The date of a moment where the shop is."""
    zone = str(conversation.shop.told("time_zone") or "UTC")
    at = moment.astimezone(ZoneInfo(zone))
    date = {"year": at.year, "month": at.month, "day": at.day}
    return formats.day_of_year(date, conversation.turn.language)


def _day_told(conversation: Conversation, offer: Offer | None) -> Mapping[str, Any] | None:
    """The personal date that an offer is for, if they are still remembered to have told it."""
    if offer is None or offer.campaign not in _SAID:
        return None
    kept: Mapping[str, Any] | None = conversation.remembered(offer.campaign)
    return kept
