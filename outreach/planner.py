"""Looks at what is due: what could be offered, whether it may be, which way, in which words; then
writes the offer, or why there is none. One occasion is one transaction; nothing is sent here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from marketing import campaigns
from marketing.decisions import Allowed, Held, Reason, Refused
from memory import clock, decisions, due, gate, open_chats, prospects
from memory import engine as memory_engine
from memory.decisions import Decision
from memory.due import Due
from memory.engine import DatabaseUnreachable, Engine
from memory.gate import About
from memory.reconfirmations import KIND
from outreach import ideas, making, personal_dates, reconfirmations, reminders, wishes
from outreach.case import Case, open_case
from outreach.ideas import Idea
from outreach.live_words import LiveWords, WordingBroken
from outreach.making import SMS, WEB, Made

log = logging.getLogger(__name__)

PUT_OFF = timedelta(hours=1)
"""Business time. An occasion that makes the planner stumble must not hold up all others."""
_IDEAS: Mapping[str, Callable[[Case], Idea | Refused]] = {
    campaigns.BROWSE: ideas.of_a_look,
    campaigns.ANNIVERSARY: personal_dates.of_a_day,
    campaigns.BIRTHDAY: personal_dates.of_a_day,
    campaigns.WISH_DONE: wishes.of_a_wish,
}
_NO_OFFERS: Mapping[str, Callable[[Case], None]] = {
    KIND: reconfirmations.tell,
    campaigns.REMINDER: reminders.tell,
}


class Planning:
    """The steps of planning. Safe to share by processes: the database decides who plans what."""

    def __init__(self, engine: Engine, shop_url: str) -> None:
        """`shop_url` is where the shop's pages are; no trailing slash."""
        self._engine = engine
        self._shop_url = shop_url
        self._words = LiveWords()

    def plan_next(self) -> bool:
        """Deal with the occasion that has been due longest; False if none is, or if nobody has
        published any words yet."""
        occasion: Due | None = None
        try:
            with memory_engine.transaction(self._engine) as connection:
                now = clock.business_now(connection)
                words = self._words.read(connection)
                occasion = due.claim(connection, now=now)
                if occasion is None or words is None:
                    return False
                _deal_with(
                    open_case(connection, occasion, words=words, shop_url=self._shop_url, now=now)
                )
        except DatabaseUnreachable:
            raise
        except Exception:
            if occasion is None:
                raise
            self._put_off(occasion)
        return True

    def _put_off(self, occasion: Due) -> None:
        log.exception(
            "An occasion could not be planned.",
            extra={"action": "planning_failed", "kind": occasion.kind, "due_id": occasion.due_id},
        )
        with memory_engine.transaction(self._engine) as connection:
            due.hold(connection, occasion, until=clock.business_now(connection) + PUT_OFF)


def _deal_with(case: Case) -> None:
    if case.occasion.kind in _NO_OFFERS:
        _NO_OFFERS[case.occasion.kind](case)
        return
    idea = _IDEAS[case.occasion.kind](case)
    if isinstance(idea, Refused):
        product_id = case.occasion.about.get("product_id")
        _end(case, "not_sent", idea.reason, {"product_id": product_id} if product_id else {})
        return
    way = _way(case, idea)
    details = {"product_id": idea.product["product_id"]}
    answer = _may(case, idea, way)
    if isinstance(answer, Held):
        due.hold(case.connection, case.occasion, until=answer.until)
        told = {**details, "until": answer.until.isoformat()}
        _record(case, "held", answer.reason, told, channel=way)
        return
    made = answer if isinstance(answer, Refused) else _make(case, idea, way, answer)
    decision = "not_sent" if isinstance(made, Refused) else made.decision
    _end(case, decision, made.reason, details, channel=way)


def _way(case: Case, idea: Idea) -> str:
    """Where the chat is open an offer goes there; a personal one only if nobody else can have it
    open."""
    is_open = open_chats.is_open(case.connection, case.customer_id)
    if is_open and idea.is_personal:
        is_open = prospects.are_sessions_proven(case.connection, case.customer_id)
    return WEB if is_open else SMS


def _may(case: Case, idea: Idea, way: str) -> Allowed | Held | Refused:
    number = case.number if way == SMS else None
    answer = gate.decide(
        case.connection,
        case.customer_id,
        About(
            campaign=case.occasion.kind,
            product_id=str(idea.product["product_id"]),
            category=str(idea.product["category"]),
            since=idea.since,
            latest=case.occasion.latest,
            needs_no_purchase=not idea.is_personal,
        ),
        address_id=number.address_id if number else None,
        now=case.now,
    )
    if isinstance(answer, Refused):
        return answer
    if way == SMS and number is None:
        return Refused(reason=Reason.NO_ADDRESS)
    if number is not None and idea.is_personal and not number.is_proven:
        return Refused(reason=Reason.NUMBER_NOT_PROVEN)
    if isinstance(answer, Allowed) and idea.not_before is not None and case.now < idea.not_before:
        return Held(until=idea.not_before, reason=Reason.CAP_REACHED)
    return answer


def _make(case: Case, idea: Idea, way: str, allowed: Allowed) -> Made | Refused:
    try:
        if way == SMS and case.number is not None:
            return making.by_text(case, idea, case.number, allowed)
        return making.in_chat(case, idea)
    except WordingBroken as broken:
        log.error("No offer can be made: %s", broken, extra={"action": "wording_broken"})
        return Refused(reason=Reason.WORDING_BROKEN)


def _end(
    case: Case,
    decision: str,
    reason: Reason,
    details: Mapping[str, Any],
    channel: str | None = None,
) -> None:
    """The occasion is dealt with; of a day that comes every year the next one waits."""
    _record(case, decision, reason, details, channel=channel)
    due.finish(case.connection, case.occasion, reason=reason, now=case.now)
    if case.occasion.kind in campaigns.PERSONAL_DATES:
        personal_dates.wait_for_the_next(case, is_forgotten=reason is Reason.FACT_FORGOTTEN)


def _record(
    case: Case,
    decision: str,
    reason: Reason,
    details: Mapping[str, Any],
    *,
    channel: str | None,
) -> None:
    """Once: whoever looks at ten products at night is held once, not ten times."""
    line = Decision(
        campaign=case.occasion.kind,
        occurrence=case.occasion.occurrence,
        decision=decision,
        reason=reason,
        channel=channel,
        details=details,
        at=case.now,
    )
    lately = decisions.of_customer(
        case.connection, case.customer_id, campaign=line.campaign, limit=1
    )
    if not any(replace(one, at=line.at) == line for one in lately):
        decisions.record(case.connection, case.customer_id, line)
