"""Everything that is kept of one person, as files for them to take away (GDPR Art. 15 and 20,
개인정보 보호법 §35, RULES GD-1). What is written follows from the schema: a table or a column is
left out only where a reason stands here.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

import yaml
from sqlalchemy import Column, Connection, Table, select

from memory import addresses, personal

Progress = Callable[[str, int], None]
"""Told the table that is being written and how many of its rows are."""

_SECRET = "proves who somebody is; it is kept as a digest only"  # noqa: S105
_OPENED = "the number or address itself is written in its place"
_HASH = "a keyed hash to look up by; the number or address itself is written"
LEFT_OUT_TABLES: Mapping[str, str] = {
    "address_lookup": "the addresses once more, as keyed hashes to look up by",
}
LEFT_OUT_COLUMNS: Mapping[str, str] = {
    "addresses.key_id": _OPENED,
    "addresses.sealed": _OPENED,
    "codes.digest": _SECRET,
    "codes.key_id": _OPENED,
    "codes.phone_index": _HASH,
    "codes.salt": _SECRET,
    "codes.sealed": _OPENED,
    "conversations.tracker": "the software's scratch pad: what it holds is in the turns",
    "links.token_digest": _SECRET,
    "offers.of_customer_id": "somebody else's id",
    "offers.of_offer_id": "somebody else's offer",
    "sessions.token_digest": _SECRET,
    "turns.words": "made from the text, to search by",
}
_SEALED: Mapping[str, str] = {"addresses": "value", "codes": "phone"}
"""Table → the name under which what it holds sealed is written."""
_WORDS = Path(__file__).parent / "exporting.yml"
_ROWS_AT_ONCE = 500


def tables() -> list[Table]:
    """The tables that are written, by name."""
    return [table for table in personal.tables() if table.name not in LEFT_OUT_TABLES]


def columns(table: Table) -> list[Column[Any]]:
    """The columns that are written as they stand."""
    return [one for one in table.c if f"{table.name}.{one.name}" not in LEFT_OUT_COLUMNS]


def as_json(
    connection: Connection,
    customer_id: str,
    *,
    now: datetime,
    out: IO[str],
    progress: Progress = lambda _table, _rows: None,
) -> dict[str, int]:
    """One JSON object: `about`, and under `tables` a list of rows for each table. Returns how many
    rows each has."""
    whose = personal.ids_of(connection, customer_id)
    counted: dict[str, int] = {}
    out.write('{"about": ' + _dumped(_about(customer_id, whose, now)) + ',\n"tables": {')
    for place, table in enumerate(tables()):
        out.write(("," if place else "") + f'\n"{table.name}": ')
        counted[table.name] = _write_rows(connection, table, whose, out, progress)
    out.write("}}\n")
    return counted


def as_zip(
    connection: Connection,
    customer_id: str,
    *,
    now: datetime,
    out: IO[bytes],
    progress: Progress = lambda _table, _rows: None,
) -> dict[str, int]:
    """A ZIP with a file for each table, one `about.json`, and README.txt in Korean and English."""
    whose = personal.ids_of(connection, customer_id)
    counted: dict[str, int] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", _dumped(_about(customer_id, whose, now)) + "\n")
        archive.writestr("README.txt", readme())
        for table in tables():
            with TextIOWrapper(archive.open(f"{table.name}.json", "w"), encoding="utf-8") as file:
                counted[table.name] = _write_rows(connection, table, whose, file, progress)
    return counted


def _about(customer_id: str, whose: Sequence[str], now: datetime) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "also_known_as": [one for one in whose if one != customer_id],
        "exported_at": now,
        "left_out": {**LEFT_OUT_TABLES, **LEFT_OUT_COLUMNS},
    }


def _write_rows(
    connection: Connection, table: Table, whose: Sequence[str], out: IO[str], progress: Progress
) -> int:
    count = 0
    out.write("[")
    for count, row in enumerate(_rows(connection, table, whose), start=1):
        out.write(("," if count > 1 else "") + "\n" + _dumped(row))
        if count % _ROWS_AT_ONCE == 0:
            progress(table.name, count)
    out.write("\n]" if count else "]")
    progress(table.name, count)
    return count


def _rows(
    connection: Connection, table: Table, whose: Sequence[str]
) -> Iterator[Mapping[str, Any]]:
    sealed_as = _SEALED.get(table.name)
    written = [one for one in columns(table) if one.name != sealed_as]
    sealed = [table.c[name] for name in ("value", "sealed", "key_id") if name in table.c]
    asked = select(*{one.name: one for one in [*written, *(sealed if sealed_as else ())]}.values())
    found = connection.execute(
        asked.where(table.c.customer_id.in_(whose)).order_by(*table.primary_key.columns),
        execution_options={"yield_per": _ROWS_AT_ONCE},
    )
    for row in found:
        values = {one.name: getattr(row, one.name) for one in written}
        if sealed_as is not None:
            values[sealed_as] = addresses.opened(connection, row)
        if values.get("purpose") == "code":
            values["body"] = None  # a code that proves who somebody is
        yield values


def readme() -> str:
    """What is in each file, in Korean and English."""
    words = _words()
    lines = [words["opening"]["ko"], "", words["opening"]["en"], ""]
    for table in tables():
        told = words["tables"][table.name]
        lines.append(f"{table.name}.json — {told['ko']} / {told['en']}")
    return "\n".join(lines) + "\n"


@cache
def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return found


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | timedelta):
        return str(value)
    raise TypeError(type(value).__name__)
