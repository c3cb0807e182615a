"""`./dangol import`: brings a file of the shop's into memory, a chunk of rows a transaction. What
was interrupted goes on where it stood; what was imported before changes nothing.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import typer

from command import database, import_products, import_progress, import_readers, import_rows
from command import import_source as sources
from command import import_words as words
from command.import_errors import NotRead
from command.import_readers import Row, Table
from command.import_rejected import Rejected
from command.import_rows import MOST_ROWS, Read, Reading
from command.import_source import Source
from command.words import Language
from marketing.errors import BadInput
from memory import catalogue, clock, imports
from memory import engine as memory_engine
from memory.engine import Connection, DatabaseUnreachable, Engine
from memory.importing import consents, events, orders, people, products, suppressions
from memory.imports import Place
from settings import Settings

Face = Literal["ko", "en"]

_CHUNK = 2000
"""Rows of one transaction, more or less."""
_TRIES = 5
_SECONDS = 120
_ZONES: Mapping[str, str] = {"ko": "Asia/Seoul", "en": "America/Los_Angeles"}
_CURRENCIES: Mapping[str, str] = {"ko": "KRW", "en": "USD"}
_NEED_SUPPRESSIONS = ("customers", "consents")


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """How one kind of file is read and written."""

    read: Callable[[Sequence[Row], Reading], Read]
    write: Callable[[Connection, Sequence[Any], datetime], Mapping[int, str]]
    """Returns, by their place, why a record was not taken, or not wholly."""
    group_by: str | None = None
    """The field that rows of one record have in common; they stand together."""


def _write_suppressions(
    connection: Connection, given: Sequence[Any], now: datetime
) -> Mapping[int, str]:
    suppressions.write(connection, [one for row in given for one in row], now=now)
    return {}


def _write_events(connection: Connection, given: Sequence[Any], now: datetime) -> Mapping[int, str]:
    events.write(connection, given, now=now)
    return {}


_KINDS: Mapping[str, _Kind] = {
    "products": _Kind(
        read=import_products.product,
        write=lambda connection, given, now: products.write(connection, given, now=now),
        group_by="product_id",
    ),
    "customers": _Kind(
        read=import_rows.customer,
        write=lambda connection, given, now: people.write(connection, given, now=now),
    ),
    "orders": _Kind(
        read=import_rows.order,
        write=lambda connection, given, now: orders.write(connection, given, now=now),
        group_by="order_id",
    ),
    "events": _Kind(read=import_rows.event, write=_write_events),
    "consents": _Kind(
        read=import_rows.consent,
        write=lambda connection, given, now: consents.write(connection, given, now=now),
    ),
    "suppressions": _Kind(read=import_rows.suppression, write=_write_suppressions),
}


def run(settings: Settings, kind: str, given: str, face: Face, language: Language) -> bool:
    """Import a file (`-` is stdin); returns whether every row of it is in. Raises BadInput."""
    try:
        with (
            sources.opened(given) as source,
            import_readers.opened(source, kind) as table,
            database.opened(settings) as engine,
        ):
            return _Import(engine, kind, source, table, face, language).run()
    except NotRead as error:
        raise BadInput(words.explained(error, language, {})) from error


class _Import:
    """One file on its way."""

    def __init__(
        self,
        engine: Engine,
        kind: str,
        source: Source,
        table: Table,
        face: Face,
        language: Language,
    ) -> None:
        self._engine = engine
        self._kind_name = kind
        self._kind = _KINDS[kind]
        self._name = "stdin" if source.is_stdin else source.path.name
        self._table = table
        self._language = language
        self._rejected = Rejected(source, kind, table.names)
        self._digest = hashlib.sha256(f"{kind} {face} {source.digest}".encode()).hexdigest()
        with memory_engine.transaction(engine) as connection:
            self._reading = _reading(connection, face)
            self._needs_suppressions = kind in _NEED_SUPPRESSIONS and not imports.has_suppressions(
                connection
            )

    def run(self) -> bool:
        self._say_how_it_is_read()
        place = self._begin()
        groups = self._groups()
        self._pass_over(groups, place)
        before, began = place.rows_done, time.monotonic()
        with import_progress.shown(self._name, self._language) as bar:
            for chunk in _chunks(groups):
                place = self._persistently(chunk, place)
                bar.move(place.rows_done - before, self._table.place())
        with memory_engine.transaction(self._engine) as connection:
            imports.finish(connection, self._digest)
        self._say_how_it_ended(place, place.rows_done - before, time.monotonic() - began)
        return place.rows_rejected == 0

    def _begin(self) -> Place:
        """Where it stands. Without the file of the rows rejected so far it begins anew: nothing
        is written twice."""
        with memory_engine.transaction(self._engine) as connection:
            place = imports.begin(
                connection, self._digest, kind=self._kind_name, file_name=self._name
            )
            if not self._rejected.keep(place.rows_rejected):
                anew = Place(rows_done=0, rows_rejected=0)
                imports.move(connection, self._digest, place, anew)
                self._rejected.keep(0)
                place = anew
        if place.rows_done:
            self._say("goes_on", rows=f"{place.rows_done:,}")
        return place

    def _groups(self) -> Iterator[list[Row]]:
        """The rows of one record, as they stand together."""
        group: list[Row] = []
        for row in self._table.rows:
            if group and (not self._is_one(group[0], row) or len(group) == MOST_ROWS):
                yield group
                group = []
            group.append(row)
        if group:
            yield group

    def _is_one(self, first: Row, row: Row) -> bool:
        field = self._kind.group_by
        return field is not None and self._key(first) == self._key(row) is not None

    def _key(self, row: Row) -> str | None:
        """What the rows of one record have in common; two tills may count alike."""
        value = row.fields.get(self._kind.group_by or "")
        return None if value is None else f"{value}\n{row.fields.get('store', '')}"

    def _pass_over(self, groups: Iterator[list[Row]], place: Place) -> None:
        done = 0
        while done < place.rows_done:
            keys = []
            for group in groups:
                done += len(group)
                keys.append(self._key(group[0]))
                if len(keys) == _CHUNK or done >= place.rows_done:
                    break
            else:
                break
            with memory_engine.transaction(self._engine) as connection:
                imports.first_time(connection, [key for key in keys if key is not None])

    def _persistently(self, chunk: Sequence[Sequence[Row]], place: Place) -> Place:
        """A database that is too busy, or that had to choose between two, is asked again."""
        for attempt in range(1, _TRIES + 1):
            try:
                return self._take(chunk, place)
            except DatabaseUnreachable:
                if attempt == _TRIES:
                    raise
                self._rejected.keep(place.rows_rejected)
                time.sleep(0.1 * 2**attempt)
        raise AssertionError

    def _take(self, chunk: Sequence[Sequence[Row]], place: Place) -> Place:
        """One transaction: the rows, what is wrong with some of them, and the place after them."""
        why: dict[int, str] = {}
        read: dict[int, Read] = {}
        for number, group in enumerate(chunk):
            try:
                read[number] = self._read(group)
            except NotRead as error:
                why[number] = words.explained(error, self._language, self._table.columns.fields)
        with memory_engine.transaction(self._engine, seconds=_SECONDS) as connection:
            why |= self._write(connection, chunk, read)
            rejected = [(row, why[number]) for number in sorted(why) for row in chunk[number]]
            after = Place(
                rows_done=place.rows_done + sum(map(len, chunk)),
                rows_rejected=place.rows_rejected + len(rejected),
            )
            imports.move(connection, self._digest, place, after)
            self._rejected.add(rejected)
        return after

    def _read(self, group: Sequence[Row]) -> Read:
        for row in group:
            if row.wrong is not None:
                raise NotRead(row.wrong)
        return self._kind.read(group, self._reading)

    def _write(
        self, connection: Connection, chunk: Sequence[Sequence[Row]], read: Mapping[int, Read]
    ) -> dict[int, str]:
        why: dict[int, str] = {}
        places = list(read)
        if self._kind.group_by is not None:
            keys = {number: self._key(chunk[number][0]) or "" for number in places}
            new = imports.first_time(connection, list(keys.values()))
            for number in places:
                if keys[number] in new:
                    new.remove(keys[number])
                else:
                    why[number] = self._reason("rows_apart")
            places = [number for number in places if number not in why]
        for number in places:
            if (remark := read[number].remark) is not None:
                why[number] = self._reason(remark)
        records = [read[number].record for number in places]
        for place, reason in self._kind.write(connection, records, self._reading.now).items():
            why[places[place]] = self._reason(reason)
        return why

    def _reason(self, reason: str) -> str:
        return words.explained(NotRead(reason), self._language, {})

    def _say_how_it_is_read(self) -> None:
        if self._kind_name != "products":
            self._say("face", zone=self._reading.zone.key, currency=self._reading.currency)
        others = self._table.columns.others
        if others and self._kind_name != "events":
            self._say("passed_over", names=", ".join(filter(None, others)))
        if self._needs_suppressions:
            self._say("no_suppressions")

    def _say(self, key: str, **blanks: object) -> None:
        typer.echo(words.said(key, self._language, **blanks), err=True)

    def _say_how_it_ended(self, place: Place, rows: int, seconds: float) -> None:
        key = "some_in" if place.rows_rejected else "all_in"
        typer.echo(
            words.said(
                key,
                self._language,
                file=self._name,
                rows=f"{place.rows_done:,}",
                rejected=f"{place.rows_rejected:,}",
                rejects=self._rejected.path,
                seconds=f"{seconds:.1f}",
                rate=f"{rows / max(seconds, 1e-3):,.0f}",
            )
        )


def _chunks(groups: Iterator[list[Row]]) -> Iterator[list[list[Row]]]:
    chunk: list[list[Row]] = []
    count = 0
    for group in groups:
        chunk.append(group)
        count += len(group)
        if count >= _CHUNK:
            yield chunk
            chunk, count = [], 0
    if chunk:
        yield chunk


def _reading(connection: Connection, face: Face) -> Reading:
    store = catalogue.store_profile(connection)
    return Reading(
        zone=ZoneInfo(store.get("time_zone", {}).get(face, _ZONES[face])),
        currency=store.get("currency", {}).get(face, _CURRENCIES[face]),
        now=clock.business_now(connection),
        store=store,
    )
