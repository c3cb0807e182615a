"""What there is to look for after a purge: what only this person has, or has said. Read before they
are erased; kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Table, func, literal_column, select

from memory import addresses
from memory.byte_search import Needle
from memory.tables import customers, facts, hand_overs, metadata, turns, voice_items

MOST_SENTENCES = 60
SHORTEST_SENTENCE = 12
"""Characters: what is shorter is said by many."""
_SAID = (turns.c.text, facts.c.said, hand_overs.c.said, voice_items.c.said)


def of(connection: Connection, whose: Sequence[str]) -> list[Needle]:
    """Their numbers, e-mail addresses, names, and the newest sentences they typed."""
    found = {
        Needle(kind=one.kind, text=one.value)
        for known in whose
        for one in addresses.of_customer(connection, known)
        if one.kind in ("phone", "email")
    }
    names = connection.scalars(
        select(customers.c.name).where(
            customers.c.customer_id.in_(whose), customers.c.name.is_not(None)
        )
    )
    found |= {Needle(kind="name", text=name) for name in names}
    return sorted(found, key=lambda one: (one.kind, one.text)) + _sentences(connection, whose)


def _sentences(connection: Connection, whose: Sequence[str]) -> list[Needle]:
    said: dict[str, None] = {}
    for column in _SAID:
        table = column.table
        asked = select(column).where(
            table.c.customer_id.in_(whose), func.length(column) >= SHORTEST_SENTENCE
        )
        if table is turns:
            asked = asked.where(turns.c.direction == "in").order_by(turns.c.seq.desc())
        for text in connection.scalars(asked.limit(MOST_SENTENCES)):
            said.setdefault(text)
    return [Needle(kind="said", text=text) for text in list(said)[:MOST_SENTENCES]]


def of_others(connection: Connection, needle: Needle) -> bool:
    """True if a row that lives now holds it: somebody else has the name, or has said the same, or
    it is an example of the dialogue."""
    texts = {needle.text, needle.text.replace('"', '""')}
    return any(
        _holds(connection, table, text) for table in metadata.sorted_tables for text in texts
    )


def _holds(connection: Connection, table: Table, text: str) -> bool:
    """True if that text stands anywhere in a row."""
    whole: ColumnElement[str] = literal_column(f'"{table.name}"::text')
    found = select(table.c[0]).where(func.strpos(whole, text) > 0).limit(1)
    return connection.execute(found).first() is not None
