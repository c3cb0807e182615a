"""An order is to be cancelled or changed: the chat can do neither at the shop, and says so; a
person of the shop is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions import opt_out, own_orders
from actions.answer import Answer
from actions.conversation import Conversation
from actions.order_requests import begin, follows, is_waiting, step_for
from actions.order_status import tell
from marketing.order_state import Stage
from memory.orders import Order

_CANCEL = re.compile(
    r"취소|무르|없던|빼\s?주|\bcancel\w*|\bstop\b|\bcall\b.*\boff\b|\bscrap\b|\bkill\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"변경|수정|바꾸|바꿔|추가|배송지|주소|수량"
    r"|\bchang\w*|\bupdate\b|\bedit\b|\bmodify\b|\badd\b|\baddress\b|\bswitch\b|\bswap\b",
    re.IGNORECASE,
)


class ChangeOrder(Answer):
    """Somebody wants an order cancelled or changed."""

    called = "action_change_order"

    def answer(self, conversation: Conversation) -> None:
        """Hand the wish to a person, once it is known which order is meant."""
        if opt_out.is_clear_refusal(conversation) or not own_orders.may_hear(conversation):
            return
        if own_orders.says_it_is_not_theirs(conversation):
            return
        orders = _meant(conversation)
        if orders:
            text = conversation.turn.text
            begin(conversation, _wish(text), orders, is_plain=_is_plain(text))
        else:
            conversation.say("utter_no_orders")
            conversation.say("utter_order_ask_person")


@follows("cancel", "change")
def go_on(conversation: Conversation, order: Order, about: Mapping[str, Any]) -> None:
    """Tell the shop's people, unless it is cancelled; of an order that was sent, say that first."""
    stage = own_orders.stage(order)
    if stage is Stage.CANCELLED:
        tell(conversation, order)
        return
    if is_waiting(conversation, order, str(about["wish"])):
        return
    if stage is not Stage.TAKEN:
        conversation.say("utter_order_already_sent")
    step_for(about)(conversation, order, about)


def _is_plain(text: str) -> bool:
    return _CANCEL.search(text) is not None or _CHANGE.search(text) is not None


def _wish(text: str) -> str:
    """A cancellation, unless only a change is named: "cancel one and change the other" is for a
    person to sort out anyway."""
    is_change = _CHANGE.search(text) is not None and _CANCEL.search(text) is None
    return "change" if is_change else "cancel"


def _meant(conversation: Conversation) -> Sequence[Order]:
    """The order that is named, else those under way, else the last one."""
    numbered = own_orders.numbered(conversation)
    if numbered:
        return numbered
    found = own_orders.newest(conversation)
    under_way = [one for one in found if own_orders.is_under_way(conversation, one)]
    return own_orders.with_what_is_named(conversation, under_way) or under_way or found[:1]
