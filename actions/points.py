"""Points: what there is, what came and went, how they are earned and spent, and the tier; as far as
the shop has told. Nothing is spent here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from actions import own_orders
from actions.answer import Answer
from actions.conversation import Conversation
from actions.shop import Product
from marketing import recommendation
from marketing.membership import Tier, earned, standing
from memory import orders, points
from memory.points import Transfer

MOST_MOVEMENTS = 3
TIER_BY = timedelta(days=365)
"""Tiers go by what was spent in the last twelve months."""
_TIER = re.compile(
    r"등급|멤버십|\bvip\b|\btiers?\b|\blevels?\b|\bmember\w*|\bgold\b", re.IGNORECASE
)
_SPEND = re.compile(
    r"써|쓰|쓸|사용|로\s*(?:결제|살|계산)|얼마부터|\bspend\b|\buse\b|\bredeem\w*|\bpay\b|\bminimum\b"
    r"|\bworth\b",
    re.IGNORECASE,
)
_EARN = re.compile(
    r"적립(?!금)|모으|모아|쌓(?!였|인|아\s?둔)|주나요|줘요|퍼센트|\bearns?\b|\bget\b|\bprogram\b|\bwork\b",
    re.IGNORECASE,
)
_EXPIRE = re.compile(r"유효|소멸|사라|없어지|\bexpir\w*", re.IGNORECASE)
_MISSING = re.compile(r"안\s*(?:들어|쌓)|왜|누락|\bmissing\b|\bdidn'?t\b|\bwhy\b", re.IGNORECASE)


class AskPoints(Answer):
    """Answers what is asked about points."""

    called = "action_ask_points"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """The programme to anybody; the balance and the tier after a proof."""
        recalled = conversation.turn.recalled
        programme = conversation.shop.store.get("points")
        is_shown = recalled.is_proven and not recalled.is_silent
        if is_shown:
            _tell_balance(conversation, has_programme=programme is not None)
        elif programme is None:
            conversation.say("utter_points_none")
        if programme is not None:
            _tell_programme(conversation, programme, is_shown=is_shown)
        if not is_shown and programme is not None:
            conversation.say("utter_points_need_proof")
        if is_shown and _MISSING.search(conversation.turn.text):
            conversation.say("utter_order_ask_person")


def _tell_balance(conversation: Conversation, *, has_programme: bool) -> None:
    """How many there are, and the last movements; without a programme only if there are any."""
    turn = conversation.turn
    balance = points.balance(turn.connection, turn.customer_id)
    if not has_programme and not balance:
        conversation.say("utter_points_none")
        return
    conversation.say("utter_points_balance", points=f"{balance:,}")
    moved = points.history(turn.connection, turn.customer_id, limit=MOST_MOVEMENTS)
    if moved:
        lines = "\n".join(_movement(conversation, one) for one in reversed(moved))
        conversation.say("utter_points_moved", lines=lines)


def _movement(conversation: Conversation, moved: Transfer) -> str:
    """`11월 20일 +1,190P 적립(주문번호 1043)`; why it came is the shop's own note, and not told."""
    way = "earned" if moved.to_account == points.CUSTOMER else moved.to_account
    order = (
        conversation.phrase("utter_points_of_order", number=moved.order_id)
        if moved.order_id
        else ""
    )
    day = own_orders.day_said(conversation, moved.at)
    return conversation.phrase(
        f"utter_points_{way}", day=day, points=f"{moved.amount:,}", order=order
    )


def _tell_programme(
    conversation: Conversation, programme: Mapping[str, Any], *, is_shown: bool
) -> None:
    text = conversation.turn.text
    asked = [one for one in (_EARN, _SPEND, _EXPIRE, _TIER) if one.search(text)]
    if _EARN in asked or not (asked or is_shown):
        _tell_earning(conversation, programme)
    if _SPEND in asked or not (asked or is_shown):
        conversation.say(
            "utter_points_spend",
            least=f"{programme['least_to_spend']:,}",
            worth=_worth(conversation, programme),
            how=programme["how_to_spend"][conversation.turn.language],
        )
    if _EXPIRE in asked:
        days = programme["expire_after_days"]
        conversation.say("utter_points_expire" if days else "utter_points_last", days=days)
    if _TIER in asked:
        _tell_tier(conversation, programme["tiers"], is_shown=is_shown)


def _tell_earning(conversation: Conversation, programme: Mapping[str, Any]) -> None:
    shop = conversation.shop
    percent = programme["earn_percent"]
    conversation.say("utter_points_earn", percent=percent)
    product = _product_meant(conversation)
    if product is not None and _EARN.search(conversation.turn.text):
        worth = Decimal(programme["worth"][shop.currency])
        price = recommendation.price(product, shop.currency)
        conversation.say(
            "utter_points_of_product",
            product=shop.name_of(product),
            points=f"{earned(price, percent=percent, worth=worth):,}",
        )


def _product_meant(conversation: Conversation) -> Product | None:
    """The one that is named, else the only one last shown."""
    meant = conversation.named_products() or conversation.shown_before()
    return meant[0] if len(meant) == 1 else None


def _worth(conversation: Conversation, programme: Mapping[str, Any]) -> str:
    """What a hundred points are worth."""
    shop = conversation.shop
    return shop.money(100 * Decimal(programme["worth"][shop.currency]))


def _tell_tier(
    conversation: Conversation, told: Sequence[Mapping[str, Any]], *, is_shown: bool
) -> None:
    shop, turn = conversation.shop, conversation.turn
    if not told:
        conversation.say("utter_points_no_tiers")
        return
    tiers = [
        Tier(
            label=one["label"][turn.language],
            spent_from=Decimal(one["spent_from"][shop.currency]),
        )
        for one in told
    ]
    listed = [
        conversation.phrase("utter_tier_line", tier=one.label, amount=shop.money(one.spent_from))
        for one in tiers
    ]
    conversation.say("utter_tiers", tiers="\n".join(listed))
    if not is_shown:
        return
    spent = orders.spent(
        turn.connection, turn.customer_id, currency=shop.currency, since=turn.now - TIER_BY
    )
    mine, following = standing(spent, tiers)
    called = mine.label if mine is not None else conversation.phrase("utter_no_tier")
    conversation.say("utter_tier_now", tier=called, spent=shop.money(spent))
    if following is not None:
        missing = shop.money(following.spent_from - spent)
        conversation.say("utter_tier_next", tier=following.label, missing=missing)
