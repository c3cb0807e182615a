"""How long each kind of data is kept (개인정보 보호법 §21①, GDPR Art. 5(1)(e)). What has had its
time is deleted, or loses its words, in small batches; the store's `keep_days` may say otherwise.

What is not listed here stays as long as its person does: `memory.erasing` ends it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    func,
    select,
    tuple_,
    update,
)

from memory import catalogue
from memory.erasing import CUT_OFF, KEEP_ORDERS_DAYS
from memory.tables import (
    codes,
    decisions,
    due,
    events,
    facts,
    hand_overs,
    imports,
    inbox,
    links,
    offers,
    open_chats,
    order_lines,
    orders,
    outbox,
    sessions,
    staff_alarms,
    staff_tokens,
    turns,
    voice_items,
)

_YEAR = 365


@dataclass(frozen=True, kw_only=True)
class Period:
    """How long one kind of data is kept, and why no longer."""

    kind: str
    """Its name in `keep_days` and in the log."""
    days: int
    reason: str
    table: Table
    since: ColumnElement[datetime]
    """The moment from which the days are counted."""
    where: Sequence[ColumnElement[bool]] = ()
    blanks: Mapping[str, Any] = field(default_factory=dict)
    """Given, the row stays and these columns lose what they hold."""
    is_real_time: bool = False


def _of_orders(table: Table) -> Period:
    since = table.c.ordered_at if table is orders else _ordered_at()
    return Period(
        kind="orders",
        days=KEEP_ORDERS_DAYS,
        reason="전자상거래법 시행령 §6: contracts, five years; it belongs to nobody any more",
        table=table,
        since=since,
        where=(table.c.customer_id.startswith(CUT_OFF, autoescape=True),),
    )


def _ordered_at() -> ColumnElement[datetime]:
    return (
        select(orders.c.ordered_at)
        .where(
            orders.c.customer_id == order_lines.c.customer_id,
            orders.c.order_id == order_lines.c.order_id,
        )
        .scalar_subquery()
    )


PERIODS: Sequence[Period] = (
    Period(
        kind="turns",
        days=5 * _YEAR,
        reason="what was said is remembered for years, not for ever",
        table=turns,
        since=turns.c.at,
    ),
    Period(
        kind="events",
        days=2 * _YEAR,
        reason="what was looked at says nothing of today",
        table=events,
        since=events.c.occurred_at,
    ),
    Period(
        kind="facts",
        days=_YEAR,
        reason="corrected a year ago",
        table=facts,
        since=facts.c.valid_to,
    ),
    Period(
        kind="inbox",
        days=30,
        reason="the words stand in the turn; the provider's id alone tells a repeat",
        table=inbox,
        since=inbox.c.at,
        where=(inbox.c.state != "ready", inbox.c.text != ""),
        blanks={"text": "", "error": None},
    ),
    Period(
        kind="outbox",
        days=180,
        reason="what became of a text is known; its words stand in the turn",
        table=outbox,
        since=outbox.c.at,
        where=(outbox.c.state.not_in(("ready", "sending")), outbox.c.body != ""),
        blanks={"body": ""},
    ),
    Period(
        kind="decisions",
        days=2 * _YEAR,
        reason="nobody asks any more why",
        table=decisions,
        since=decisions.c.at,
    ),
    Period(
        kind="due",
        days=2 * _YEAR,
        reason="an occasion that is long over",
        table=due,
        since=due.c.closed_at,
        where=(due.c.state != "waiting",),
    ),
    Period(
        kind="offers",
        days=5 * _YEAR,
        reason="전자상거래법 시행령 §6: what a contract may rest on, five years",
        table=offers,
        since=offers.c.closed_at,
        where=(offers.c.state.not_in(("planned", "open")),),
    ),
    Period(
        kind="hand_overs",
        days=3 * _YEAR,
        reason="전자상거래법 시행령 §6: complaints and disputes, three years",
        table=hand_overs,
        since=hand_overs.c.closed_at,
        where=(hand_overs.c.state == "closed",),
    ),
    Period(
        kind="staff_alarms",
        days=180,
        reason="what became of a text is known",
        table=staff_alarms,
        since=staff_alarms.c.due_at,
        where=(staff_alarms.c.state.not_in(("ready", "sending")),),
    ),
    Period(
        kind="staff_tokens",
        days=180,
        reason="ended half a year ago",
        table=staff_tokens,
        since=func.least(staff_tokens.c.expires_at, staff_tokens.c.revoked_at),
        is_real_time=True,
    ),
    Period(
        kind="voice_items",
        days=3 * _YEAR,
        reason="전자상거래법 시행령 §6: complaints and disputes, three years",
        table=voice_items,
        since=voice_items.c.closed_at,
        where=(voice_items.c.state.in_(("done", "dismissed")),),
    ),
    Period(
        kind="links",
        days=30,
        reason="expired a month ago",
        table=links,
        since=links.c.expires_at,
    ),
    Period(
        kind="sessions",
        days=30,
        reason="ended a month ago",
        table=sessions,
        since=func.least(sessions.c.expires_at, sessions.c.revoked_at),
        is_real_time=True,
    ),
    Period(
        kind="codes",
        days=1,
        reason="a code counts for ten minutes; a day shows who asks for too many",
        table=codes,
        since=codes.c.expires_at,
        is_real_time=True,
    ),
    Period(
        kind="open_chats",
        days=1,
        reason="a stream that ended without saying so",
        table=open_chats,
        since=open_chats.c.seen_at,
        is_real_time=True,
    ),
    Period(
        kind="imports",
        days=_YEAR,
        reason="nobody brings that file in again",
        table=imports,
        since=imports.c.finished_at,
    ),
    _of_orders(order_lines),
    _of_orders(orders),
)


def days_of(connection: Connection, period: Period) -> int:
    """How many days it is kept at this shop."""
    told = catalogue.store_profile(connection).get("keep_days", {})
    return int(told.get(period.kind, period.days))


def apply(
    connection: Connection,
    period: Period,
    *,
    days: int,
    now: datetime,
    real_now: datetime,
    limit: int = 500,
) -> int:
    """End what has had its time, `limit` rows at most, rows that somebody holds left for the next
    time; returns how many there were."""
    table = period.table
    before = (real_now if period.is_real_time else now) - timedelta(days=days)
    key = list(table.primary_key.columns)
    over = (
        select(*key)
        .where(and_(period.since < before, *period.where))
        .limit(limit)
        .with_for_update(skip_locked=True, of=table)
    )
    is_over = tuple_(*key).in_(over)
    change = update(table).values(**period.blanks) if period.blanks else delete(table)
    return connection.execute(change.where(is_over)).rowcount
