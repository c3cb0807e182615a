"""The shapes of the protocol as plain JSON values, to be kept or sent by whoever asked a shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime, time
from typing import Any

from shops.goods import Product
from shops.store import Hours, Store, Week
from shops.values import Money


def product_as_json(product: Product) -> dict[str, Any]:
    """A product as JSON, keyed as in data/catalogue/products.yml; amounts are decimal strings."""
    return _object(product)


def store_as_json(store: Store) -> dict[str, Any]:
    """The store as JSON; hours are keyed by weekday, amounts by currency."""
    return _object(store)


def _object(value: Any) -> dict[str, Any]:
    return {field.name: _json(getattr(value, field.name)) for field in fields(value)}


def _json(value: Any) -> Any:
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return _json_of_tuple(value)
    if isinstance(value, Week):
        return {"ko": _by_weekday(value.ko), "en": _by_weekday(value.en)}
    return _object(value)


def _by_weekday(week: tuple[Hours, ...]) -> dict[str, dict[str, str]]:
    return {
        hours.weekday: {"opens": _json(hours.opens), "closes": _json(hours.closes)}
        for hours in week
    }


def _json_of_tuple(values: tuple[Any, ...]) -> Any:
    if values and all(isinstance(value, Money) for value in values):
        return {money.currency: str(money.amount) for money in values}
    return [_json(value) for value in values]
