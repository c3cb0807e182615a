"""Which open offers a message may be about: they come from memory, so they are known days later and
after a restart; what was talked of since decides whether "yes" means them (DESIGN M10).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from memory import offers as kept_offers
from memory.current import CurrentTurn
from memory.offers import ANSWERABLE, Offer

ENDED = ("bought", "cancelled")

_SPEAK_OF_OFFERS = frozenset(
    {
        *("accept_offer", "affirm", "ask_why_me", "decline_offer", "deny"),
        *("greet", "object_price", "postpone_offer", "thank"),
    }
)
"""Intents of a customer's message after which the offers still are what is talked of."""


def usable(turn: CurrentTurn) -> list[Offer]:
    """The open offers that may be spoken of here, newest first and one a product: before a proof,
    those only that were told in this very chat (DESIGN rule 13)."""
    found: dict[str, Offer] = {}
    for offer in turn.recalled.offers:
        if turn.recalled.is_proven or offer.channel == "web":
            found.setdefault(offer.product_id, offer)
    return list(found.values())


def at_hand(turn: CurrentTurn, shown: Collection[str]) -> list[Offer]:
    """Those that a message without a subject is about. If something else was talked of after the
    newest in this visit, only those whose product is among the ones `shown` last; none, if a person
    was heard since."""
    offers = usable(turn)
    if turn.recalled.is_person_newest and not are_newest(turn):
        return []
    since = _said_in_this_visit_after(turn, offers)
    if not since:
        return offers
    spoken_of = [offer for offer in offers if offer.product_id in shown]
    if spoken_of:
        return spoken_of
    return offers if since[-1]["intent"] in _SPEAK_OF_OFFERS and not shown else []


def are_newest(turn: CurrentTurn) -> bool:
    """True if an offer has been told since the customer last wrote: it is what they answer."""
    offers = usable(turn)
    heard = [_at(said) for said in turn.recalled.lately if said["direction"] == "in"]
    return bool(offers and heard) and _opened_at(offers[0]) > heard[-1]


def closed_before_it_was_answered(turn: CurrentTurn) -> Offer | None:
    """The offer that was told last, if it has been bought or withdrawn before this first message
    since then."""
    told = [
        one
        for one in kept_offers.of_customer(turn.connection, turn.customer_id)
        if one.opened_at is not None and (turn.recalled.is_proven or one.channel == "web")
    ]
    last = max(told, key=_opened_at, default=None)
    if last is None or last.state not in ENDED or turn.now - _opened_at(last) > ANSWERABLE:
        return None
    heard = [_at(said) for said in turn.recalled.lately if said["direction"] == "in"]
    return None if heard and heard[-1] >= _opened_at(last) else last


def is_of_somebody_unproven(turn: CurrentTurn, offer: Offer) -> bool:
    """True if the offer was opened behind a link by whoever holds the telephone: nothing remembered
    of its owner is told."""
    return offer.of_customer_id is not None and not turn.recalled.is_proven


def owner(offer: Offer) -> tuple[str, int]:
    """Whose offer it is: the customer's and the offer's id, of the one that a copy was made of."""
    if offer.of_customer_id is not None and offer.of_offer_id is not None:
        return offer.of_customer_id, offer.of_offer_id
    return offer.customer_id, offer.offer_id


def _said_in_this_visit_after(turn: CurrentTurn, offers: list[Offer]) -> list[Mapping[str, Any]]:
    if not offers:
        return []
    since = max(_opened_at(offers[0]), turn.recalled.visit_began_at)
    return [
        said for said in turn.recalled.lately if said["direction"] == "in" and _at(said) >= since
    ]


def _opened_at(offer: Offer) -> datetime:
    assert offer.opened_at is not None
    return offer.opened_at


def _at(said: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(said["at"])
