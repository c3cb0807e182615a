"""A product of a file in the shape of the catalogue: one row for each variant, or one JSON object
that is shaped so already. Words that the shop's `store.yml` does not know stand for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from command import import_values as values
from command.import_columns import folded
from command.import_errors import NotRead
from command.import_readers import Row
from command.import_rows import Read, Reading, cell, needed
from shops.demo.pictures import NO_PICTURE

_LANGUAGES = ("ko", "en")
_PRICES = {"price_krw": "KRW", "price_usd": "USD"}


def product(rows: Sequence[Row], reading: Reading) -> Read:
    """One product; what its first row says of it counts."""
    row = rows[0]
    name = _words(row, "name")
    if not any(name.values()):
        raise NotRead("missing", column="name_ko")
    added_on = cell(row, "added_on", values.day)
    return Read(
        record={
            "product_id": needed(row, "product_id", values.identifier),
            "category": _term(row, "category", "categories", reading) or _missing("category"),
            "brand": _term(row, "brand", "brands", reading) or "",
            "for_whom": cell(row, "for_whom", values.for_whom) or "everyone",
            "name": name,
            "synonyms": {
                language: _listed(row, f"synonyms_{language}", language) for language in _LANGUAGES
            },
            "description": _words(row, "description"),
            "material": _words(row, "material"),
            "activities": [
                _known(word, "activities", reading) for word in _listed(row, "activities", None)
            ],
            "price": _prices(row),
            "picture": cell(row, "picture", values.identifier) or NO_PICTURE,
            "added_on": added_on.isoformat() if added_on else None,
            "variants": _variants(rows, reading),
        }
    )


def _missing(column: str) -> str:
    raise NotRead("missing", column=column)


def _words(row: Row, stem: str) -> dict[str, str]:
    """A text in both languages; where one is missing the other is said."""
    given = row.fields.get(f"{stem}_ko")
    if isinstance(given, dict):
        said = {one: values.text(given.get(one) or "") for one in _LANGUAGES}
    else:
        said = {one: cell(row, f"{stem}_{one}", values.text) or "" for one in _LANGUAGES}
    other = said["ko"] or said["en"]
    return {language: text or other for language, text in said.items()}


def _listed(row: Row, field: str, language: str | None) -> list[str]:
    given = row.fields.get(field) or (row.fields.get("synonyms_ko") if language else None)
    if isinstance(given, dict):
        given = given.get(language) or []
    elif language and field not in row.fields:
        return []
    words = given if isinstance(given, list) else str(given or "").replace(";", ",").split(",")
    return [word for one in words if (word := values.text(one, most=100))]


def _term(row: Row, field: str, section: str, reading: Reading) -> str | None:
    written = cell(row, field, values.identifier)
    return None if written is None else _known(written, section, reading)


def _known(written: str, section: str, reading: Reading) -> str:
    """The id of what the shop calls so; else the word itself."""
    for term in reading.store.get(section, ()):
        names = [term["id"], *term["label"].values()]
        for synonyms in (term.get("synonyms") or {}).values():
            names.extend(synonyms)
        if folded(written) in map(folded, names):
            return str(term["id"])
    return written


def _prices(row: Row) -> dict[str, str]:
    given = row.fields.get("price")
    if isinstance(given, dict):
        found = {values.currency(code): values.amount(one)[0] for code, one in given.items()}
    else:
        found = {
            code: read[0]
            for field, code in _PRICES.items()
            if (read := cell(row, field, values.amount)) is not None
        }
        if given is not None and not found:
            amount, beside = needed(row, "price", values.amount)
            currency = cell(row, "currency", values.currency) or beside
            if currency is None:
                raise NotRead("no_currency", column="price")
            found = {currency: amount}
    if not found:
        raise NotRead("missing", column="price")
    return {code: _written(amount, code) for code, amount in found.items()}


def _written(amount: Decimal, currency: str) -> str:
    whole = values.in_coins(amount, currency)
    return str(whole) if whole == whole.to_integral() and currency == "KRW" else f"{whole:.2f}"


def _variants(rows: Sequence[Row], reading: Reading) -> list[dict[str, Any]]:
    nested = rows[0].fields.get("variants")
    if nested is None:
        found = [_variant(row, reading) for row in rows]
    elif isinstance(nested, list) and all(isinstance(one, dict) for one in nested) and nested:
        number = rows[0].number
        found = [
            _variant(Row(number, {**_product_of(rows[0]), **_filled(one)}, {}, ""), reading)
            for one in nested
        ]
    else:
        raise NotRead("not_an_object", column="variants")
    if len({one["sku"] for one in found}) != len(found):
        raise NotRead("variants_alike", column="sku")
    return found


def _product_of(row: Row) -> dict[str, Any]:
    return {"product_id": row.fields.get("product_id")}


def _filled(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if value not in (None, "")}


def _variant(row: Row, reading: Reading) -> dict[str, Any]:
    size = cell(row, "size", values.identifier) or "one"
    colour = _term(row, "colour", "colours", reading) or ""
    width = _term(row, "width", "widths", reading)
    parts = [needed(row, "product_id", values.identifier), colour, size, width]
    return {
        "sku": cell(row, "sku", values.identifier) or "-".join(filter(None, parts)),
        "size": size,
        "size_us": cell(row, "size_us", values.identifier),
        "width": width,
        "colour": colour,
        "stock": needed(row, "stock", values.whole),
    }
