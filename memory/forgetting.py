"""What a customer wants forgotten: the facts go, those that were corrected before as well, and what
was said of them is not found again. The conversation itself stays as it was; `memory.erasing` ends
it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, update

from memory import facts, stock_alerts
from memory.tables import facts as facts_table
from memory.tables import turns


def forget(
    connection: Connection,
    customer_id: str,
    *,
    kind: str | None,
    now: datetime,
    before_seq: int,
    subject: str | None = None,
) -> int:
    """Forget the facts of a kind (None: of every kind) and subject (None: anybody's), and do not
    come back to what was said of them before `before_seq`; without kind and subject, to nothing
    that was. Returns how many facts held."""
    ended = facts.close(connection, customer_id, kind=kind, subject=subject, now=now)
    if kind is None and subject is None:
        stock_alerts.forget(connection, customer_id, None, now=now)
    gone = delete(facts_table).where(
        facts_table.c.customer_id == customer_id, facts_table.c.valid_to.is_not(None)
    )
    if kind is not None:
        gone = gone.where(facts_table.c.kind == kind)
    if subject is not None:
        gone = gone.where(facts_table.c.subject == subject)
    told_at = set(connection.scalars(gone.returning(facts_table.c.source_seq))) - {None}
    unfound = update(turns).where(turns.c.customer_id == customer_id, turns.c.seq < before_seq)
    if kind is not None or subject is not None:
        near = {seq + step for seq in told_at for step in (0, 1)}  # with the answer to it
        unfound = unfound.where(turns.c.seq.in_(near))
    connection.execute(unfound.values(words=[], intent=None, entities=None))
    return ended
