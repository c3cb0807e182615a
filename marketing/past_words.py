"""What of a past conversation may be said again: said and bought, never browsed, and nothing
personal before a proof (DESIGN rule 13).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

ABOUT_GOODS = frozenset(
    {
        *("product", "category", "brand", "colour", "size", "width", "activity"),
        *("product_topic", "store_topic", "money", "moment"),
    }
)
"""Kinds of entity that point at goods and at nobody."""

PRODUCT_INTENTS = ("ask_price", "ask_stock", "ask_product", "ask_recommendation")
"""Questions by which somebody has asked about a product."""

_MONTH = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def may_repeat(entity_kinds: Iterable[str], *, is_proven: bool) -> bool:
    """True if it may be said which goods an earlier visit asked about: after a proof always; before
    it, if nothing but goods was named there. "A present for my wife" is for whoever said it."""
    return is_proven or set(entity_kinds) <= ABOUT_GOODS


def when(day: date, today: date, language: str) -> str:
    """A day gone by as one says it today, to stand before "you asked" or 물어보신: `아까`, `어제`,
    `며칠 전에`, `지난주에`, `이달 초에`, `지난 5월에`, `2024년 5월에`; `earlier today`,
    `yesterday`, `a few days ago`, `last week`, `earlier this month`, `last May`, `in May 2024`."""
    days = (today - day).days
    months = 12 * (today.year - day.year) + today.month - day.month
    is_korean = language == "ko"
    if days < 1:
        return "아까" if is_korean else "earlier today"
    if days == 1:
        return "어제" if is_korean else "yesterday"
    if days < 7:
        return "며칠 전에" if is_korean else "a few days ago"
    if days < 14:
        return "지난주에" if is_korean else "last week"
    if months == 0:
        return "이달 초에" if is_korean else "earlier this month"
    if months < 12:
        return f"지난 {day.month}월에" if is_korean else f"last {_MONTH[day.month - 1]}"
    year, month = day.year, day.month
    return f"{year}년 {month}월에" if is_korean else f"in {_MONTH[month - 1]} {year}"
