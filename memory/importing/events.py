"""What customers did, from the shop's history. It is kept and sets nothing off."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from memory import bulk
from memory.events import of_shop
from memory.importing import who
from memory.importing.who import Whose
from memory.tables import events


@dataclass(frozen=True, kw_only=True)
class Imported:
    """Something that was done."""

    whose: Whose
    name: str
    properties: Mapping[str, Any]
    occurred_at: datetime
    message_id: str | None
    """Of the shop's system, as its live events carry it."""


def write(connection: Connection, given: Sequence[Imported], *, now: datetime) -> None:
    """Keep events, each once for its id; one without is known again by all that it says."""
    ids = who.resolve(connection, [one.whose for one in given], now=now)
    rows: dict[str, dict[str, Any]] = {}
    for customer_id, one in zip(ids, given, strict=True):
        message_id = of_shop(one.message_id) if one.message_id else _digest(one)
        rows[message_id] = {
            "customer_id": customer_id,
            "name": one.name,
            "properties": dict(one.properties),
            "occurred_at": one.occurred_at,
            "message_id": message_id,
        }
    new = connection.scalars(
        text(
            "INSERT INTO event_messages (message_id, received_at)"
            " SELECT unnest(CAST(:ids AS text[])), :now ON CONFLICT DO NOTHING"
            " RETURNING message_id"
        ),
        {"ids": list(rows), "now": datetime.now(UTC)},
    ).all()
    bulk.insert(connection, events, [rows[message_id] for message_id in new])


def _digest(one: Imported) -> str:
    whose = [one.whose.customer_id, one.whose.phone, one.whose.email]
    said = [whose, one.name, one.occurred_at.isoformat(), dict(one.properties)]
    written = json.dumps(said, sort_keys=True, default=str).encode()
    return f"import:{hashlib.sha256(written).hexdigest()}"
