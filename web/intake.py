"""Takes the calls of the event API in, each once: those that are only kept in few statements for
many of them, those from which more follows one by one. What the shop's system says counts; what a
browser says is a hint.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from memory import clock, events, linking, named
from memory.engine import Connection
from memory.events import Happened
from memory.named import Named
from web import commerce, happenings, identities, tracking, visitors
from web import site as sites
from web.site import Site
from web.tracking import Call, CallNotValid

log = logging.getLogger(__name__)

Refused = dict[int, CallNotValid]
"""Why a call was not taken, by its place."""
_HINTS = {
    tracking.PAGE_VIEWED: tracking.PAGE_VIEWED,
    **{name: name for name in commerce.BROWSING},
    events.ORDER_COMPLETED: events.PURCHASE_SEEN,
}
"""What a browser may say, and what is kept of it."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """A call at its place in what was sent."""

    place: int
    call: Call


def from_shop(site: Site, given: Sequence[Given]) -> Refused:
    """Take the calls of the shop's own system in, in their order as far as they name the same
    people; returns those that could not be. Raises DatabaseUnreachable, after which all can be
    sent again."""
    refused: Refused = {}
    waiting: list[Given] = []
    waited_for: set[str] = set()
    for each in given:
        if not _acts(each.call):
            waiting.append(each)
            waited_for |= each.call.names
            continue
        if waited_for & each.call.names:
            refused |= _keep(site, waiting)
            waiting, waited_for = [], set()
        try:
            _act(site, each.call)
        except CallNotValid as refusal:
            refused[each.place] = refusal
    return refused | _keep(site, waiting)


def _acts(call: Call) -> bool:
    return call.links or call.event in happenings.ABOUT_ORDERS


def _act(site: Site, call: Call) -> None:
    """In a transaction of its own."""
    with site.transaction() as connection:
        key = _shops(call)
        if key is not None and not events.take_once(connection, key):
            return
        now = clock.business_now(connection)
        if call.links:
            identities.identify(connection, call, now=now)
            return
        happenings.record_of_order(
            connection,
            identities.customer_of(connection, call, now=now),
            call.event,
            call.values,
            at=now - call.age,
            now=now,
        )


def _keep(site: Site, waiting: Sequence[Given]) -> Refused:
    """In one transaction. A stranger whom one of the calls names begins a customer."""
    if not waiting:
        return {}
    refused: Refused = {}
    happened = []
    with site.transaction() as connection:
        now = clock.business_now(connection)
        whose = _customers(connection, [each.call for each in waiting], now)
        for each in waiting:
            call = each.call
            found = (
                whose.log_ins.get(call.user_id)
                if call.user_id is not None
                else whose.visitors.get(call.anonymous_id or "")
            )
            if found is None:
                refused[each.place] = identities.unknown_visitor()
                continue
            happened.append(_happened(call, found, call.event, _shops(call), now))
        happenings.record_all(connection, happened, now=now)
    return refused


def _customers(connection: Connection, calls: Iterable[Call], now: datetime) -> Named:
    by_log_in = {call.user_id: call for call in calls if call.user_id is not None}
    by_visitor = {
        call.anonymous_id: call
        for call in calls
        if call.user_id is None and call.anonymous_id is not None
    }
    found = named.held(connection, user_ids=by_log_in.keys(), anonymous_ids=by_visitor.keys())
    found.log_ins.update(
        named.begin(
            connection,
            named.LOG_IN,
            {
                user_id: identities.language_of(call)
                for user_id, call in by_log_in.items()
                if user_id not in found.log_ins
            },
            proof=identities.PROOF,
            now=now,
        )
    )
    found.visitors.update(
        named.begin(
            connection,
            named.VISITOR,
            {
                anonymous_id: identities.language_of(call)
                for anonymous_id, call in by_visitor.items()
                if anonymous_id not in found.visitors and not identities.was_minted(anonymous_id)
            },
            proof=identities.NO_PROOF,
            now=now,
        )
    )
    return found


def _shops(call: Call) -> str | None:
    return events.of_shop(call.message_id) if call.message_id is not None else None


def _happened(
    call: Call, customer_id: str, name: str, message_id: str | None, now: datetime
) -> Happened:
    return Happened(
        customer_id=customer_id,
        name=name,
        properties=call.values,
        occurred_at=now - call.age,
        message_id=message_id,
    )


def from_browser(site: Site, request: Request, given: Sequence[Given]) -> None:
    """Take hints: the browsing route of whoever the session of this browser stands for, else of an
    anonymous visitor while nobody is known behind them: anybody may read the key. Whatever else
    it says is passed over. Refuses with 429 too many strangers from one address."""
    hints = [each.call for each in given if each.call.event in _HINTS]
    if len(hints) < len(given):
        log.info("A browser's hint is passed over.", extra={"action": "hint_passed_over"})
    if not hints:
        return
    with site.transaction() as connection:
        now = clock.business_now(connection)
        whose = _behind_browser(connection, site, request, hints, now)
        happened = [
            _happened(
                call,
                found,
                _HINTS[call.event],
                f"browser:{found}:{call.message_id}" if call.message_id is not None else None,
                now,
            )
            for call in hints
            if (found := whose.get(call.anonymous_id or "")) is not None
        ]
        happenings.record_all(connection, happened, now=now)


def _behind_browser(
    connection: Connection, site: Site, request: Request, hints: Iterable[Call], now: datetime
) -> dict[str, str]:
    """Whose each anonymous id is; the session knows better than what a script says."""
    asked = {call.anonymous_id or "": call for call in hints}
    session = visitors.known(connection, request)
    if session is not None:
        for anonymous_id in sorted(asked.keys() - {""}):
            identities.join_route(connection, anonymous_id, session.customer_id, now=now)
        held = named.held(connection, user_ids=(), anonymous_ids=[session.customer_id])
        return {each: one for each in asked for one in held.visitors.values()}
    found = named.held(connection, user_ids=(), anonymous_ids=asked.keys() - {""}).visitors
    strangers = asked.keys() - found.keys() - {""}
    for anonymous_id in sorted(each for each in strangers if not identities.was_minted(each)):
        site.limits.sessions.demand(sites.address_of(request))
        call = asked[anonymous_id]
        found[anonymous_id] = identities.visitor(connection, call, now=now)
    return {each: one for each, one in found.items() if not linking.has_log_in(connection, one)}
