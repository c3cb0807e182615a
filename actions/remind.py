"""What somebody asks to be told later is promised for a day, and told once on it; the day is said
back. Without a number of theirs it is told at the next visit, and so is what has become pointless.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answer import Answer, reads, reads_first, says_last
from actions.checkout import order
from actions.conversation import Conversation, country_of
from actions.learning import LONGEST_SAID
from actions.opt_out import is_clear_refusal
from actions.product_words import things
from actions.recommend import recommend, wish_of
from actions.shop import Product
from marketing import dates, formats, past_words, reminders
from marketing.decisions import Reason
from marketing.greetings import zone_of
from marketing.stock import Asked
from memory import facts, offers, promises, stock_alerts
from memory.due import Due
from memory.gate import sender_for

QUESTION = "remind_when"
AT_VISIT = "told_at_visit"
"""Open after one thing was told at a visit: a yes is one to it."""
_WANTS_IT = frozenset({"accept_offer", "affirm", "buy"})
_ALSO_SAID_BY = frozenset(
    {
        *("postpone_offer", "decline_offer", "deny", "object_price", "tell_about_me"),
        *("nlu_fallback", "out_of_scope"),
    }
)
"""What a plain wish to be told later may be understood as."""
_OF_MESSAGES = re.compile(r"문자|광고|메시지|메세지|\b(texts?|ads?|messages?)\b", re.IGNORECASE)
_HANGUL_BEFORE = re.compile(r"[가-힣]*$")
_FAR = 300
"""Days after which a day is said with its year."""

About = Mapping[str, Any]
"""`category`, and what they `called` it; either may be None."""


class RemindMe(Answer):
    """Somebody wants to be told later."""

    called = "action_remind_me"

    def answer(self, conversation: Conversation) -> None:
        """Promise it for the day that was named; ask for one, if none was."""
        if is_clear_refusal(conversation):
            return
        about = _about(conversation)
        day = _day(conversation)
        if conversation.turn.recalled.is_silent:
            conversation.say("utter_number_silent", shop_url=conversation.turn.shop_url)
        elif day is None:
            conversation.ask(QUESTION, "utter_ask_remind_when", about=about)
        else:
            _promise(conversation, about, *day)


class CancelReminder(Answer):
    """Somebody does not want to be told any more."""

    called = "action_cancel_reminder"

    def answer(self, conversation: Conversation) -> None:
        """End what waits: of the goods that are named, or all."""
        turn = conversation.turn
        named = _about(conversation)["category"]
        waiting = promises.waiting(turn.connection, turn.customer_id)
        meant = [one for one in waiting if named in (None, one.about["category"])]
        if (not meant or _OF_MESSAGES.search(turn.text)) and is_clear_refusal(conversation):
            return
        if turn.recalled.is_silent or not meant:
            conversation.say("utter_no_reminder_waits")
            return
        for one in meant:
            category = one.about["category"]
            facts.close(
                turn.connection,
                turn.customer_id,
                kind=promises.FACT,
                item=category or "",
                now=turn.now,
            )
            promises.forget(turn.connection, turn.customer_id, [category], now=turn.now)
            stock_alerts.forget(turn.connection, turn.customer_id, category, now=turn.now)
        conversation.say("utter_reminder_cancelled")


@reads_first
def promises_plainly(conversation: Conversation) -> bool:
    """A wish to be told on a day that was named, whatever else was understood of it."""
    is_plain = any(one["kind"] == promises.FACT for one in conversation.read)
    day = _day(conversation) if is_plain and conversation.intent in _ALSO_SAID_BY else None
    if day is None or conversation.turn.recalled.is_silent:
        return False
    if not is_clear_refusal(conversation):
        _promise(conversation, _about(conversation), *day)
    return True


@reads(QUESTION)
def _read_day(conversation: Conversation) -> bool:
    """A day is enough, once it was asked for; "no" ends it."""
    day = _day(conversation)
    if conversation.intent == "deny":
        conversation.say("utter_no_hurry")
    elif day is None or "?" in conversation.turn.text:
        return False
    else:
        _promise(conversation, conversation.question_about or _about(conversation), *day)
    return True


def says_yes(conversation: Conversation) -> bool:
    """A yes to what has just been told on its day: show such goods. False if it was not that."""
    turn = conversation.turn
    lately = turn.recalled.lately
    last = lately[-1] if lately and lately[-1]["direction"] == "out" else None
    told = promises.told_in(turn.connection, turn.customer_id, last["seq"]) if last else None
    if told is None:
        return False
    _goes_on(conversation, told.about)
    return True


@reads(AT_VISIT)
def _read_yes(conversation: Conversation) -> bool:
    """A yes to what was told at a visit; anything else is about something else."""
    about = conversation.question_about
    names_another = any(
        one["product_id"] != about.get(promises.WHICH) for one in conversation.named_products()
    )
    if conversation.intent not in _WANTS_IT or names_another or "?" in conversation.turn.text:
        return False
    _goes_on(conversation, about)
    return True


def _goes_on(conversation: Conversation, about: Mapping[str, Any]) -> None:
    """To the checkout of what is back; of a kind of goods, to what there is of it."""
    category = about["category"]
    product = conversation.shop.product(about.get(promises.WHICH))
    if product is not None:
        asked = Asked(size=about["size"], width=about["width"], colour=about["colour"])
        order(conversation, product, asked=asked)
    elif category is None:
        conversation.ask("category", "utter_ask_category")
    else:
        recommend(conversation, replace(wish_of(conversation), category=category))


@says_last
def tells_at_visit(conversation: Conversation) -> None:
    """At the begin of a visit, what could not be sent, and what was not sent because it was
    bought: a line each, once."""
    turn = conversation.turn
    recalled = turn.recalled
    if recalled.visit_began_at != turn.now or recalled.is_silent:
        return
    untold = promises.untold(turn.connection, turn.customer_id)
    for occasion, reason in untold:
        _say_at_visit(conversation, occasion, reason)
        if len(untold) == 1 and reason != Reason.BOUGHT and conversation.asked is None:
            conversation.keep_open(AT_VISIT, occasion.about)
        promises.told_at_visit(turn.connection, occasion, now=turn.now)


def _say_at_visit(conversation: Conversation, occasion: Due, reason: str) -> None:
    called = occasion.about["called"]
    if stock_alerts.is_one(occasion) and reason != Reason.BOUGHT:
        product = conversation.shop.product(occasion.about[promises.WHICH])
        is_there = product is not None and stock_alerts.is_there(product, occasion)
        response = "utter_stock_alert_at_visit" if is_there else "utter_stock_alert_gone_again"
        conversation.say(response, called=called)
    elif called is None:
        conversation.say("utter_reminder_at_visit_of_nothing_named")
    elif reason == Reason.BOUGHT:
        conversation.say("utter_reminder_was_bought", called=called)
    else:
        asked = date.fromisoformat(occasion.about["asked_on"])
        language = conversation.turn.language
        conversation.say(
            "utter_reminder_at_visit",
            when=past_words.when(asked, conversation.today, language),
            it_is=formats.it_is(called, language),
        )


# -- what is meant -----------------------------------------------------------------------------


def _day(conversation: Conversation) -> tuple[str, date] | None:
    """What was said of the day, and the day that is meant by it."""
    read = [str(one["value"]) for one in conversation.read if one["kind"] == promises.FACT]
    for told in (*read, *conversation.values("moment")):
        day = reminders.day(told, today=conversation.today, country=_country(conversation))
        if day is not None:
            return told, day
    return None


def _country(conversation: Conversation) -> str:
    """Whose holidays count: where they are, else where their language is spoken."""
    by_language = "KR" if conversation.turn.language == "ko" else "US"
    return country_of(conversation.turn) or by_language


def _about(conversation: Conversation) -> About:
    """What is named, else what was offered or shown last."""
    for one in conversation.entities:
        product = conversation.shop.product(one["value"]) if one["entity"] == "product" else None
        if product is not None:
            return {"category": product["category"], "called": _said(conversation, one, product)}
    for one in conversation.entities:
        if one["entity"] == "category" and conversation.shop.label("categories", one["value"]):
            return {"category": one["value"], "called": _said(conversation, one)}
    shown = conversation.shown_before()
    categories = {str(one["category"]) for one in shown}
    if len(shown) == 1:
        return {
            "category": shown[0]["category"],
            "called": conversation.shop.name_of(shown[0]),
        }
    last = conversation.slots.get("last_category")
    category = categories.pop() if len(categories) == 1 else last
    called = things(conversation, category) if category else None
    return {"category": category, "called": called}


def _said(
    conversation: Conversation, entity: Mapping[str, Any], product: Product | None = None
) -> str:
    """Their own word for it: 책가방, where the shop knows 가방; the name of a product as the shop
    writes it."""
    text = conversation.turn.text
    start, end = int(entity["start"]), int(entity["end"])
    begin = _HANGUL_BEFORE.search(text[:start])
    said = text[begin.start() if begin else start : end].lower()
    name = conversation.shop.name_of(product) if product is not None else ""
    return name if said == name.lower() else said


# -- what is done ------------------------------------------------------------------------------


def _promise(conversation: Conversation, about: About, told: str, day: date) -> None:
    turn = conversation.turn
    category, called = about.get("category"), about.get("called")
    if turn.recalled.may_learn:
        facts.learn(
            turn.connection,
            turn.customer_id,
            kind=promises.FACT,
            value={
                "when": dates.later(told, today=conversation.today) or day.isoformat(),
                "about": category,
            },
            said=turn.text[:LONGEST_SAID],
            source_seq=turn.seq,
            now=turn.now,
        )
    promises.keep(
        turn.connection,
        turn.customer_id,
        category=category,
        called=called,
        day=day,
        asked_on=conversation.today,
        due_at=reminders.due_at(day, _zone(conversation)),
        now=turn.now,
    )
    _put_off_offers(conversation, category)
    is_far = (day - conversation.today).days > _FAR
    value = {"month": day.month, "day": day.day, "year": day.year if is_far else None}
    said = formats.day_of_year(value, turn.language)
    if is_reachable(conversation):
        conversation.say("utter_reminder_promised", day=said)
    else:
        conversation.ask("phone", "utter_reminder_promised_for_visit", day=said)


def _zone(conversation: Conversation) -> str:
    """By whose clock it is ten: their own, their number's, else the shop's."""
    recalled = conversation.turn.recalled
    numbers = [one.value for one in recalled.numbers]
    shops = str(conversation.shop.told("time_zone") or "UTC")
    return zone_of(recalled.time_zone, numbers, otherwise=shops)


def _put_off_offers(conversation: Conversation, category: str | None) -> None:
    turn = conversation.turn
    for one in conversation.offers_at_hand():
        if one.category == category:
            offers.answer(turn.connection, one, "postponed", reason="postponed", now=turn.now)


def is_reachable(conversation: Conversation) -> bool:
    """True if a text can go to a number of theirs."""
    return any(
        one.proof != "none"
        and not one.is_stopped
        and sender_for(conversation.shop.store, one.value) is not None
        for one in conversation.turn.recalled.numbers
    )
