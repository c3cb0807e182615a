"""A row of a file, or the rows of one order or product, as what memory takes. Every refusal is a
`NotRead` that names the column.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from command import import_values as values
from command.import_columns import PREFIX
from command.import_errors import NotRead
from command.import_readers import Row
from memory.importing import consents, events, orders, people
from memory.importing.who import Whose
from memory.orders import OrderLine
from memory.suppressions import Suppressed

_AHEAD = timedelta(days=1)
"""Clocks differ; what is dated later than that has not happened."""
_LARGEST_EVENT = 32 << 10
"""Bytes of an event's properties, as the event API takes them."""
MOST_ROWS = 1000
"""Of one order or product."""
TAKES_NO_TEXTS = "phone_takes_no_texts"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What decides about a cell besides the cell."""

    zone: ZoneInfo
    """Of moments that name none."""
    currency: str
    """Of amounts that name none."""
    now: datetime
    store: Mapping[str, Any]
    """The shop's profile, with the words for its categories, brands, colours."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """What memory takes."""

    record: Any
    remark: str | None = None
    """A key of `import_words.REASONS`: what was left out."""


def customer(rows: Sequence[Row], reading: Reading) -> Read:
    """One customer."""
    row = rows[0]
    number = cell(row, "phone", values.phone)
    whose = Whose(
        customer_id=cell(row, "customer_id", values.identifier),
        phone=number.value if number is not None and number.may_take_texts else None,
        email=cell(row, "email", values.email),
    )
    _require_somebody(whose)
    told = {
        "birthday": cell(row, "birthday", values.day_of_year),
        "anniversary": cell(row, "anniversary", values.day_of_year),
        "shoe_size": cell(row, "shoe_size", _shoe_size),
    }
    record = people.Imported(
        whose=whose,
        name=cell(row, "name", lambda value: values.text(value, most=100)),
        language=cell(row, "language", values.language),
        country=cell(row, "country", values.country),
        time_zone=cell(row, "time_zone", values.time_zone),
        joined_at=_past(row, "joined_at", reading),
        facts={kind: value for kind, value in told.items() if value is not None},
    )
    is_left_out = number is not None and not number.may_take_texts
    return Read(record=record, remark=TAKES_NO_TEXTS if is_left_out else None)


def _shoe_size(value: Any) -> int:
    found = values.whole(str(value).casefold().removesuffix("mm"), least=100)
    if found > 400:
        raise NotRead("not_a_shoe_size", value=value)
    return found


def order(rows: Sequence[Row], reading: Reading) -> Read:
    """One order; its lines are one row each."""
    first = rows[0]
    total, currency = _total(first, reading)
    for row in rows[1:]:
        if _total(row, reading) != (total, currency):
            raise NotRead("totals_differ", column="total")
    whose = _whose(first)
    if any(_whose(row) != whose for row in rows[1:]):
        raise NotRead("customers_differ")
    lines = [row for row in rows if "product_id" in row.fields or "sku" in row.fields]
    return Read(
        record=orders.Imported(
            whose=whose,
            order_id=needed(first, "order_id", values.identifier),
            ordered_at=_needed_past(first, "ordered_at", reading),
            total=total,
            currency=currency,
            store=cell(first, "store", values.identifier),
            lines=[_line(row, total if len(lines) == 1 else None, currency) for row in lines],
        )
    )


def _total(row: Row, reading: Reading) -> tuple[Decimal, str]:
    found, beside = needed(row, "total", values.amount)
    currency = cell(row, "currency", values.currency) or beside or reading.currency
    return needed(row, "total", lambda _: values.in_coins(found, currency)), currency


def _line(row: Row, total: Decimal | None, currency: str) -> OrderLine:
    """`total` is the order's if the line is its only one: then the price follows from it."""
    quantity = cell(row, "quantity", lambda value: values.whole(value, least=1)) or 1
    given = cell(row, "unit_price", values.amount)
    if given is None and total is None:
        raise NotRead("missing", column="unit_price")
    price = given[0] if given is not None else (total or Decimal()) / quantity
    sku = cell(row, "sku", values.identifier)
    return OrderLine(
        product_id=cell(row, "product_id", values.identifier) or sku or "",
        sku=sku,
        quantity=quantity,
        unit_price=price.quantize(Decimal("0.01"), ROUND_HALF_UP),
    )


def event(rows: Sequence[Row], reading: Reading) -> Read:
    """One event; columns that are none of ours are its properties."""
    row = rows[0]
    properties = {
        **(cell(row, "properties", _object) or {}),
        **{name.removeprefix(PREFIX): _plain(value) for name, value in row.others.items()},
    }
    if len(json.dumps(properties, ensure_ascii=False).encode()) > _LARGEST_EVENT:
        raise NotRead("properties_too_large", column="properties")
    return Read(
        record=events.Imported(
            whose=_whose(row),
            name=needed(row, "event", values.identifier),
            properties=properties,
            occurred_at=_needed_past(row, "occurred_at", reading),
            message_id=cell(row, "message_id", values.identifier),
        )
    )


def _object(value: Any) -> dict[str, Any]:
    try:
        found = value if isinstance(value, dict) else json.loads(str(value))
    except ValueError:
        found = None
    if not isinstance(found, dict) or "\\u0000" in json.dumps(found):
        raise NotRead("not_an_object")
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def consent(rows: Sequence[Row], reading: Reading) -> Read:
    """One consent, which needs its words, its date and where it was given; or one refusal, which
    needs nothing."""
    row = rows[0]
    is_given = needed(row, "action", values.action) == "given"
    record = consents.Imported(
        whose=_whose(row),
        purpose=cell(row, "purpose", values.purpose) or "marketing",
        is_given=is_given,
        text=cell(row, "text", values.text),
        at=_past(row, "at", reading),
        source=cell(row, "source", values.text),
    )
    evidence = {"text": record.text, "at": record.at, "source": record.source}
    lacking = [name for name, value in evidence.items() if value is None]
    if is_given and lacking:
        raise NotRead("consent_without_evidence", missing=", ".join(lacking))
    return Read(record=record)


def suppression(rows: Sequence[Row], reading: Reading) -> Read:
    """The addresses of a row."""
    row = rows[0]
    number = cell(row, "phone", values.phone)
    named = (
        ("phone", number.value if number is not None else None),
        ("email", cell(row, "email", values.email)),
    )
    found = [
        Suppressed(
            kind=kind,
            value=value,
            reason="list",  # whatever else is told of a person does not outlive an erasure
            at=_past(row, "at", reading) or reading.now,
        )
        for kind, value in named
        if value is not None
    ]
    if not found:
        raise NotRead("nobody_named_by_address")
    return Read(record=found)


def _whose(row: Row) -> Whose:
    number = cell(row, "phone", values.phone)
    whose = Whose(
        customer_id=cell(row, "customer_id", values.identifier),
        phone=number.value if number is not None else None,
        email=cell(row, "email", values.email),
    )
    _require_somebody(whose)
    return whose


def _require_somebody(whose: Whose) -> None:
    if not any(True for _ in whose.addresses()):
        raise NotRead("nobody_named")


def _past(row: Row, field: str, reading: Reading) -> datetime | None:
    found = cell(row, field, lambda value: values.moment(value, reading.zone))
    if found is not None and found > reading.now + _AHEAD:
        raise NotRead("in_the_future", column=field, value=row.fields[field])
    return found


def _needed_past(row: Row, field: str, reading: Reading) -> datetime:
    found = _past(row, field, reading)
    if found is None:
        raise NotRead("missing", column=field)
    return found


def needed[Value](row: Row, field: str, read: Callable[[Any], Value]) -> Value:
    found = cell(row, field, read)
    if found is None:
        raise NotRead("missing", column=field)
    return found


def cell[Value](row: Row, field: str, read: Callable[[Any], Value]) -> Value | None:
    """What the cell says; None if it is empty."""
    value = row.fields.get(field)
    if value is None:
        return None
    try:
        return read(value)
    except NotRead as error:
        raise NotRead(error.reason, **{"column": field, **error.blanks}) from None
