"""A person is asked for, or offered to whoever is angry, is not understood twice running or has
bought a lot: the conversation is put in their queue, and the customer is told their place, when
somebody answers, and asked whether to be told of it by text. Whoever waits can leave the queue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from actions import basket
from actions.answer import Answer, reads, reads_first, says_last
from actions.conversation import Conversation
from marketing import answer_times, formats, hand_over_topics, person_wanted, recommendation
from marketing.anger import is_angry
from marketing.answer_times import Promise
from marketing.opening_hours import Open
from marketing.opt_out import refusal
from memory import events, hand_overs
from memory.hand_overs import HandOver

LONGEST_SAID = 300
_QUESTION = "human"
"""Open after somebody was put in the queue: a no leaves it again."""
_TEXT_QUESTION = "human_text"
"""Whether they want to be told of the answer by text."""
OFFER = "human_offer"
MISUNDERSTOOD = "misunderstood"
"""Why a person is offered beside the topics."""
_LEAVES = re.compile(
    r"(상담|사람|직원|담당자|연결|대기|줄)\S*\s*(\S+\s+)?\S*"
    r"(취소|필요\s*없|필요하지\s*않|안\s*(하|해도|할|기다|받)|그만|됐|괜찮|빼\s*주|빠질)"
    r"|기다리지\s*않을|안\s*기다릴"
    r"|\bnever\s?mind\b"
    r"|\b(no|don'?t need|don'?t want|no longer (need|want)|cancel|forget)\s"
    r"(a |an |the |that |my |about the |about a |to talk to (a |an |any)?|to wait for (a |an )?)*"
    r"(person|human|agent|representative|someone|anyone|hand-?over|place in line)\b"
    r"|\b(leave|out of) (the )?(line|queue)\b|\bdon'?t want to wait\b|\bwon'?t wait\b",
    re.IGNORECASE,
)
_OF_AN_ORDER = re.compile(
    r"주문|결제|예약|카드|환불|반품|\border|\brefund|\bpayment", re.IGNORECASE
)
"""What may be cancelled as well, with the help of a person."""
_BY_TEXT = re.compile(
    r"^\W*(네|예|응|어|ㅇㅇ|넵|좋아요|그래요)?\W*(꼭|그냥)?\s*문자(로|도)?\s*"
    r"(좀\s*)?(알려|보내|주세요|줘|부탁|받을|받고|해)[^?]*$"
    r"|^\W*(yes|yeah|sure|ok(ay)?|please)?\W*(please )?text (me|it)\b[^?]*$",
    re.IGNORECASE,
)
_NOT_BY_TEXT = re.compile(r"말고|말아|마세요|안\s*(보내|받)|\b(don'?t|do not|no)\b", re.IGNORECASE)
_SAYS_LITTLE = frozenset({"nlu_fallback", "out_of_scope", "deny"})
"""How anger alone may be understood: such a message has no other answer."""
_FRESH = timedelta(days=1)
"""How long after a purchase a person is offered for it."""


class AskHuman(Answer):
    """Hands the conversation over."""

    called = "action_ask_human"

    def answer(self, conversation: Conversation) -> None:
        """Put it in the queue, once, and tell when somebody answers; ask first, if that was not
        plainly asked for."""
        if leaves(conversation):
            return
        if person_wanted.is_plain(conversation.turn.text) or _is_queued(conversation):
            hand_over(conversation)
        else:
            offer(conversation, "asked", "utter_human_meant")


@reads(_TEXT_QUESTION)
@reads(_QUESTION)
def leaves(conversation: Conversation) -> bool:
    """Somebody who waits says that no person is needed any more. False for anything else; whoever
    is with a person already is not heard here."""
    said = conversation.turn.text.replace("\u2019", "'")
    if _LEAVES.search(said) is None or _OF_AN_ORDER.search(said) is not None:
        return _wants_text(conversation, said)
    return _leave(conversation)


def says_yes(conversation: Conversation) -> bool:
    """Yes to being told by text, or to a person who was offered. False if neither was asked."""
    if conversation.open_question == _TEXT_QUESTION:
        _promise_text(conversation)
    elif _was_just_offered(conversation):
        hand_over(conversation, str(conversation.question_about.get("reason")))
    else:
        return False
    return True


def says_no(conversation: Conversation) -> bool:
    """No, straight after they were put in the queue or were asked something of it, or in words of
    its own. False if they do not wait."""
    turn = conversation.turn
    if conversation.open_question == _TEXT_QUESTION:
        hand_overs.want_text(turn.connection, turn.customer_id, False)
        conversation.say("utter_human_no_text")
        return True
    if conversation.open_question == OFFER:
        conversation.say("utter_human_not_needed")
        return True
    if conversation.open_question == _QUESTION:
        return _leave(conversation)
    return leaves(conversation)


def _was_just_offered(conversation: Conversation) -> bool:
    """True for an offer of its own; for one beside the topics only in the same visit."""
    if conversation.question_about.get("reason") == MISUNDERSTOOD:
        return conversation.turn.recalled.visit_began_at < conversation.turn.now
    return conversation.open_question == OFFER


def offer(conversation: Conversation, reason: str, response: str, **details: str) -> None:
    """Offer a person in the words of `response`; a plain yes to it puts them in the queue."""
    turn = conversation.turn
    about = {"reason": reason, **details}
    events.record(
        turn.connection, turn.customer_id, events.HUMAN_OFFERED, about, occurred_at=turn.now
    )
    conversation.ask(OFFER, response, about=about)


def offer_for_value(
    conversation: Conversation, amount: Decimal, currency: str, *, named: str
) -> bool:
    """Offer a person, once for what is `named` (an order, a basket), if it comes to as much as the
    shop says. False if not, or if something else was asked."""
    least = conversation.shop.store.get("human_from_amount", {}).get(currency)
    if least is None or amount < Decimal(least) or conversation.asked is not None:
        return False
    if _is_queued(conversation) or _was_offered(conversation, {"reason": "value", "named": named}):
        return False
    offer(conversation, "value", "utter_human_for_value", named=named)
    return True


@reads_first
def soothes(conversation: Conversation) -> bool:
    """Anger in words that ask for nothing else: sorry, and a person."""
    if conversation.intent not in _SAYS_LITTLE or not _is_to_be_soothed(conversation):
        return False
    offer(conversation, "anger", "utter_human_for_anger")
    return True


@says_last
def offers_person(conversation: Conversation) -> None:
    """After an answer to somebody who is angry, has just bought a lot, or is about to."""
    recalled = conversation.turn.recalled
    if _is_to_be_soothed(conversation):
        if conversation.asked is None:
            offer(conversation, "anger", "utter_human_for_anger")
        else:
            conversation.say("utter_human_on_asking")
        return
    if conversation.asked is None and recalled.is_proven and not recalled.is_silent:
        for amount, currency, named in _of_value(conversation):
            if offer_for_value(conversation, amount, currency, named=named):
                return


def _of_value(conversation: Conversation) -> Iterator[tuple[Decimal, str, str]]:
    """What they have just bought, are about to buy, or have put into their basket lately."""
    shop, turn = conversation.shop, conversation.turn
    order = turn.recalled.orders[0] if turn.recalled.orders else None
    is_fresh = order and datetime.fromisoformat(order["ordered_at"]) > turn.now - _FRESH
    if order is not None and is_fresh and order["total"] is not None:
        yield Decimal(str(order["total"])), order["currency"], str(order["order_id"])
    product = shop.product(conversation.led_to) if conversation.led_to is not None else None
    if product is not None:
        price = recommendation.price(product, shop.currency)
        yield price, shop.currency, f"{conversation.led_to} {conversation.today.isoformat()}"
    held = basket.worth(conversation, touched_since=turn.now - _FRESH)
    if held is not None:
        yield held[0], shop.currency, held[1]


def _is_to_be_soothed(conversation: Conversation) -> bool:
    """Angry, not asking for a person already, and not offered one in this visit."""
    turn = conversation.turn
    return (
        is_angry(turn.text)
        and conversation.intent != "ask_human"
        and conversation.asked != OFFER
        and refusal(turn.text) is None
        and not _is_queued(conversation)
        and not _was_offered(conversation, {"reason": "anger"}, since=turn.recalled.visit_began_at)
    )


def _was_offered(
    conversation: Conversation, about: dict[str, str], since: datetime | None = None
) -> bool:
    turn = conversation.turn
    return events.has_happened(
        turn.connection, turn.customer_id, events.HUMAN_OFFERED, about, since=since
    )


def _is_queued(conversation: Conversation) -> bool:
    turn = conversation.turn
    return hand_overs.of_customer(turn.connection, turn.customer_id) is not None


def _leave(conversation: Conversation) -> bool:
    turn = conversation.turn
    if not hand_overs.leave(turn.connection, turn.customer_id, now=turn.now):
        return False
    conversation.say("utter_human_left")
    return True


def _wants_text(conversation: Conversation, said: str) -> bool:
    """ "Yes, text me" says more than yes."""
    if conversation.open_question != _TEXT_QUESTION or _BY_TEXT.search(said) is None:
        return False
    if _NOT_BY_TEXT.search(said) is not None:
        return says_no(conversation)
    _promise_text(conversation)
    return True


def _promise_text(conversation: Conversation) -> None:
    """To a number of their own; whoever has none is asked for one."""
    turn = conversation.turn
    hand_overs.want_text(turn.connection, turn.customer_id, True)
    recalled = turn.recalled
    has_number = any(one.proof != "none" and not one.is_stopped for one in recalled.numbers)
    if recalled.is_proven and has_number:
        conversation.say("utter_human_text_promised")
    else:
        conversation.ask("phone", "utter_human_text_where", about={"then": "human"})


def hand_over(conversation: Conversation, reason: str = "asked") -> None:
    """Put the conversation in the queue, once, and tell its place and when somebody answers."""
    is_new = queue(conversation, conversation.turn.text, reason)
    conversation.keep_open(_QUESTION, {})
    conversation.say("utter_human_queued" if is_new else "utter_human_waiting")
    tell_when(conversation)


def tell_when(conversation: Conversation) -> None:
    """Say their place in the queue, and when somebody answers."""
    turn = conversation.turn
    found = hand_overs.of_customer(turn.connection, turn.customer_id)
    if found is not None:
        _say_place(conversation, found)
        _say_when(conversation, found, _local_now(conversation))


def _local_now(conversation: Conversation) -> datetime:
    """By the clock of the shop's people."""
    zone = ZoneInfo(str(conversation.shop.told("time_zone") or "UTC"))
    return conversation.turn.now.astimezone(zone)


def _promise(conversation: Conversation) -> Promise:
    shop = conversation.shop
    minutes = shop.store.get("human_answer_within_minutes")
    within = timedelta(minutes=int(minutes)) if minutes else None
    week = shop.told("human_hours") or {}
    return answer_times.promise(week, _country(shop.language), _local_now(conversation), within)


def _country(language: str) -> str:
    """Whose holidays the shop's people have who speak it."""
    return "KR" if language == "ko" else "US"


def queue(conversation: Conversation, said: str, reason: str = "asked") -> bool:
    """Keep what a person is asked for, and why; False if they wait already."""
    turn = conversation.turn
    asked = {"channel": turn.channel, "seq": turn.seq}
    events.record(
        turn.connection,
        turn.customer_id,
        events.HUMAN_ASKED_FOR,
        asked,
        occurred_at=turn.now,
    )
    return hand_overs.ask(
        turn.connection,
        turn.customer_id,
        channel=turn.channel,
        address_id=turn.address_id,
        said=said[:LONGEST_SAID],
        now=turn.now,
        reason=reason,
        topic=hand_over_topics.topic_of(_said_in_this_visit(conversation)),
        promise=_promise(conversation),
    )


def _said_in_this_visit(conversation: Conversation) -> list[str]:
    """By the customer, the newest first."""
    recalled = conversation.turn.recalled
    before = [
        str(one["text"])
        for one in reversed(recalled.lately)
        if one["direction"] == "in" and datetime.fromisoformat(one["at"]) >= recalled.visit_began_at
    ]
    return [conversation.turn.text, *before]


def _say_place(conversation: Conversation, found: HandOver) -> None:
    ahead = hand_overs.ahead_of(conversation.turn.connection, found)
    if ahead:
        conversation.say("utter_human_place", ahead=ahead, place=ahead + 1)
    else:
        conversation.say("utter_human_next")


def _say_when(conversation: Conversation, found: HandOver, local_now: datetime) -> None:
    shop, language = conversation.shop, conversation.turn.language
    hours = shop.told("human_hours")
    if not hours:
        conversation.say("utter_human_unknown")
        return
    state = answer_times.status(hours, _country(shop.language), local_now)
    if isinstance(state, Open):
        _say_promise(conversation, found, local_now)
        closes = formats.clock_time(state.closes_at.timetz(), language)
        conversation.say("utter_human_open", closes=closes)
    elif state.opens_at is not None:
        next_time = formats.moment(state.opens_at, local_now, language)
        conversation.say("utter_human_closed", next_time=next_time)
        _say_promise(conversation, found, local_now)
        if conversation.turn.channel == "web" and found.wants_text is None:
            conversation.ask(_TEXT_QUESTION, "utter_human_ask_text")


def _say_promise(conversation: Conversation, found: HandOver, local_now: datetime) -> None:
    if found.promised_at is None:
        return
    if found.promised_at <= local_now:
        conversation.say("utter_human_late")
        return
    by = formats.moment(
        found.promised_at.astimezone(local_now.tzinfo), local_now, conversation.turn.language
    )
    conversation.say("utter_human_promised", promised=by)
