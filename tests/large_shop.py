"""A shop that has been in business for years, written straight into the database by COPY: people,
what they did and what they said. Made up from the product's own example sentences, always the same.
"""

from __future__ import annotations

import json
import random
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice, repeat
from pathlib import Path

import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from memory.engine import Connection, Engine
from nlu.search_words import search_words

PROJECT = Path(__file__).resolve().parents[1]
CUSTOMERS, EVENTS, TURNS = 200_000, 4_000_000, 2_000_000
LONG, SHORT = 25_000, 25
"""Turns of the two customers that are compared."""
NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
_YEARS = timedelta(days=4 * 365)
_CHUNK = 10_000
_MARKED = re.compile(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})")
_ANSWERS = (
    "네, 265 와이드가 남아 있어요. 장바구니에 담아 드릴까요?",
    "배송은 보통 이틀 걸려요.",
    "Yes, we have it in 9.5 wide. Want the link?",
    "Returns are free within 30 days.",
)
_EVENTS = ("Product Viewed", "Page Viewed", "Product Viewed", "Product Added")


@dataclass(frozen=True, kw_only=True)
class LargeShop:
    """Who is in it."""

    customer_ids: Sequence[str]
    long: str
    """The customer of 25,000 turns."""
    short: str
    """The customer of 25 turns."""
    sentences: Sequence[str]
    """What is said in it."""


def load(engine: Engine, product_ids: Sequence[str]) -> LargeShop:
    """Fill an empty, migrated database; its indexes are kept up meanwhile, as they are."""
    chance = random.Random(20261127)
    sentences = _sentences()
    ids = [_customer_id(chance) for _ in range(CUSTOMERS)]
    shop = LargeShop(customer_ids=ids, long=ids[0], short=ids[1], sentences=sentences)
    counts = _turn_counts(chance)
    with _progress() as progress, engine.begin() as connection:

        def write(table: str, columns: str, rows: Iterable[str], total: int) -> None:
            bar = progress.add_task(table, total=total)
            _copy(
                connection, f"{table} ({columns})", rows, lambda done: progress.advance(bar, done)
            )

        began = (NOW - _YEARS).isoformat()
        write("customers", "customer_id, language, created_at", _people(ids, began), CUSTOMERS)
        write(
            "conversations",
            "customer_id, last_seq",
            (f"{one}\t{count}\n" for one, count in zip(ids, counts, strict=True)),
            CUSTOMERS,
        )
        write(
            "permissions",
            "customer_id, marketing, changed_at",
            (f"{one}\tnone\t{began}\n" for one in ids),
            CUSTOMERS,
        )
        write(
            "facts",
            "customer_id, kind, value, source, confidence, valid_from",
            _facts(chance, ids, began),
            2 * CUSTOMERS,
        )
        write(
            "orders",
            "customer_id, order_id, ordered_at, total, currency",
            _orders(chance, ids),
            CUSTOMERS,
        )
        write(
            "turns",
            "customer_id, seq, direction, channel, text, language, words, at",
            _turns(chance, ids, counts, sentences),
            sum(counts),
        )
        write(
            "events",
            "customer_id, name, properties, occurred_at",
            _events(chance, ids, product_ids),
            EVENTS,
        )
    _tidy(engine)
    return shop


def _sentences() -> list[str]:
    """The customers' sentences of the dialogue files, without their marks."""
    found: list[str] = []
    for path in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            lines = str(block.get("examples", "")).splitlines()
            found += [
                re.sub(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", line[2:]) for line in lines
            ]
    return sorted({" ".join(line.split()).replace("\\", "") for line in found} - {""})


def _customer_id(chance: random.Random) -> str:
    return "cus_" + urlsafe_b64encode(chance.randbytes(16)).decode().rstrip("=")


def _turn_counts(chance: random.Random) -> list[int]:
    """Many say little and few say much, as everywhere."""
    weights = [chance.paretovariate(1.2) for _ in range(CUSTOMERS - 2)]
    each = (TURNS - LONG - SHORT) / sum(weights)
    counts = [min(int(weight * each), 5000) for weight in weights]
    for place in range(TURNS - LONG - SHORT - sum(counts)):
        counts[place % len(counts)] += 1
    return [LONG, SHORT, *counts]


def _people(ids: Sequence[str], began: str) -> Iterator[str]:
    for place, one in enumerate(ids):
        yield f"{one}\t{'ko' if place % 2 else 'en'}\t{began}\n"


def _facts(chance: random.Random, ids: Sequence[str], began: str) -> Iterator[str]:
    for one in ids:
        yield f"{one}\tshoe_size\t{chance.randrange(220, 300, 5)}\tsaid\t1\t{began}\n"
        yield f'{one}\twidth\t"wide"\tsaid\t0.7\t{began}\n'


def _orders(chance: random.Random, ids: Sequence[str]) -> Iterator[str]:
    for place, one in enumerate(ids):
        yield f"{one}\tL{place}\t{_moment(chance)}\t{chance.randrange(20, 300)}\tUSD\n"


def _turns(
    chance: random.Random, ids: Sequence[str], counts: Sequence[int], sentences: Sequence[str]
) -> Iterator[str]:
    said = [_said(sentence) for sentence in sentences]
    answered = [_said(sentence) for sentence in _ANSWERS]
    for one, count in zip(ids, counts, strict=True):
        step = _YEARS / max(count, 1)
        for seq in range(1, count + 1):
            way, spoken = ("in", said) if seq % 2 else ("out", answered)
            at = (NOW - _YEARS + step * seq).isoformat()
            yield f"{one}\t{seq}\t{way}\tweb\t{chance.choice(spoken)}\t{at}\n"


def _said(sentence: str) -> str:
    words = ",".join(json.dumps(word, ensure_ascii=False) for word in search_words(sentence))
    language = "ko" if re.search("[가-힣]", sentence) else "en"
    return f"{sentence}\t{language}\t{{{words}}}".replace("\\", "\\\\")


def _events(chance: random.Random, ids: Sequence[str], product_ids: Sequence[str]) -> Iterator[str]:
    done = [
        f"{name}\t{json.dumps({'product_id': product_id})}"
        for name in _EVENTS
        for product_id in product_ids
    ]
    for one in islice(chain.from_iterable(repeat(ids)), EVENTS):
        yield f"{one}\t{chance.choice(done)}\t{_moment(chance)}\n"


def _moment(chance: random.Random) -> str:
    return (NOW - _YEARS * chance.random()).isoformat()


def _copy(
    connection: Connection, into: str, rows: Iterable[str], tell: Callable[[int], None]
) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    every = iter(rows)
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        while chunk := list(islice(every, _CHUNK)):
            copy.write("".join(chunk))
            tell(len(chunk))


def _tidy(engine: Engine) -> None:
    """What the server's own vacuum does in time."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in ("customers", "facts", "orders", "turns", "events"):
            connection.exec_driver_sql(f"VACUUM ANALYZE {table}")


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description:14}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
