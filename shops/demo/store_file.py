"""Reads `store.yml`: what a shop says about itself, and its vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shops.demo.fields import CURRENCIES, LANGUAGES, Fields, read_yaml
from shops.store import (
    KEPT_KINDS,
    TOPICS,
    Delivery,
    Gifts,
    GiftWrapping,
    Hours,
    Points,
    Refunds,
    Returns,
    Store,
    Term,
    TextSender,
    Tier,
    VoiceTopic,
    Week,
    Weekday,
)
from shops.values import Money, Words

WEEKDAYS = cast(tuple[Weekday, ...], get_args(Weekday))
PHONE = r"[+(]?[0-9][0-9() -]{5,18}[0-9]"
EMAIL = r"[^@\s]+@[^@\s]+\.[a-z]+"
_VOCABULARY = (
    *("categories", "colours", "activities", "widths", "sizes", "brands", "other_brands"),
)
_FIELDS = (
    *("name", "tagline", "time_zone", "currency", "address", "phone", "opt_out_phone", "email"),
    *("opening_hours", "holidays", "human_hours", "delivery", "returns", "refunds", "payment"),
    *("gift_wrapping", "size_help", "text_senders", "follow_up_after_seconds"),
    *("price_concession_percent", "gifts"),
)
_OPTIONAL = (
    *("keep_days", "topics", "rest_days", "human_answer_within_minutes", "human_from_amount"),
    *("staff_phones", "voice_topics", "brand_sizes", "points"),
)
_E164 = r"\+[1-9][0-9]{7,14}"
_COUNTRIES = ("KR", "US")
_SENDER_FIELDS = ("is_two_way", "is_a2p_registered", "is_kr_certified")
_VOICE_FIELDS = ("id", "label", "team", "words")
_SHORT_NAME = "[a-z0-9]+(_[a-z0-9]+)*"
_MOST_PERCENT = 90
_DIFFERENCES = range(-20, 25, 5)
"""Millimetres between the shop's size and another brand's."""
_POINTS_FIELDS = ("earn_percent", "worth", "least_to_spend", "expire_after_days", "how_to_spend")


def read_store(path: Path) -> Store:
    """Read and check the file. Raises CatalogueError naming the file and the field."""
    top = read_yaml(path, ("store", *_VOCABULARY))
    terms = {key: tuple(_terms(top, key)) for key in _VOCABULARY}
    fields = top.inside("store", _FIELDS, _OPTIONAL)
    return Store(
        name=fields.words("name"),
        tagline=fields.words("tagline"),
        time_zone=_time_zones(fields),
        currency=_both(fields, "currency", "|".join(CURRENCIES), "a currency sold in"),
        address=fields.words("address"),
        phone=_both(fields, "phone", PHONE, "a number such as (503) 555-0127"),
        opt_out_phone=fields.text("opt_out_phone", PHONE, "a number such as 080-000-1127"),
        text_senders=_text_senders(fields),
        email=_both(fields, "email", EMAIL, "an e-mail address"),
        opening_hours=_week(fields, "opening_hours"),
        holidays=fields.words("holidays"),
        human_hours=_week(fields, "human_hours"),
        delivery=_delivery(fields),
        returns=_returns(fields),
        refunds=_refunds(fields),
        payment=fields.words("payment"),
        gift_wrapping=_gift_wrapping(fields),
        follow_up_after_seconds=_follow_up_after(fields),
        price_concession_percent=_concession(fields),
        gifts=_gifts(fields),
        size_help=fields.words("size_help"),
        human_answer_within_minutes=_answer_within(fields),
        human_from_amount=_human_from(fields),
        staff_phones=_staff_phones(fields),
        points=_points(fields),
        keep_days=_keep_days(fields),
        topics=_topics(fields),
        rest_days=_rest_days(fields, [one.id for one in terms["categories"]]),
        voice_topics=tuple(_voice_topics(fields)),
        brand_sizes=_brand_sizes(fields, [*terms["brands"], *terms["other_brands"]]),
        surveys=(),
        **terms,
    )


def _both(fields: Fields, key: str, pattern: str, hint: str) -> Words:
    both = fields.inside(key, LANGUAGES)
    return Words(ko=both.text("ko", pattern, hint), en=both.text("en", pattern, hint))


def _text_senders(store: Fields) -> dict[str, TextSender]:
    senders = store.inside("text_senders", (), _COUNTRIES)
    return {
        country: TextSender(**{name: fields.yes_or_no(name) for name in _SENDER_FIELDS})
        for country in _COUNTRIES
        if senders.has(country)
        for fields in [senders.inside(country, _SENDER_FIELDS)]
    }


def _follow_up_after(store: Fields) -> int:
    seconds = store.number("follow_up_after_seconds")
    if seconds == 0:
        raise store.refusal("follow_up_after_seconds", "must be at least 1")
    return seconds


def _concession(store: Fields) -> int:
    percent = store.number("price_concession_percent")
    if percent > _MOST_PERCENT:
        raise store.refusal("price_concession_percent", f"must be at most {_MOST_PERCENT}")
    return percent


def _answer_within(store: Fields) -> int | None:
    key = "human_answer_within_minutes"
    if not store.has(key):
        return None
    minutes = store.number(key)
    if minutes == 0:
        raise store.refusal(key, "must be at least 1")
    return minutes


def _human_from(store: Fields) -> tuple[Money, ...]:
    return store.prices("human_from_amount") if store.has("human_from_amount") else ()


def _staff_phones(store: Fields) -> tuple[str, ...]:
    phones = store.texts("staff_phones") if store.has("staff_phones") else ()
    for phone in phones:
        if re.fullmatch(_E164, phone) is None:
            raise store.refusal("staff_phones", "must be numbers such as +821000001127")
    return phones


def _keep_days(store: Fields) -> dict[str, int]:
    if not store.has("keep_days"):
        return {}
    kinds = store.inside("keep_days", (), KEPT_KINDS)
    return {kind: kinds.number(kind) for kind in KEPT_KINDS if kinds.has(kind)}


def _points(store: Fields) -> Points | None:
    if not store.has("points"):
        return None
    fields = store.inside("points", _POINTS_FIELDS, ("tiers",))
    percent, least = fields.number("earn_percent"), fields.number("least_to_spend")
    if not 1 <= percent <= 100:
        raise fields.refusal("earn_percent", "must be from 1 to 100")
    if least == 0:
        raise fields.refusal("least_to_spend", "must be at least 1")
    return Points(
        earn_percent=percent,
        worth=fields.prices("worth"),
        least_to_spend=least,
        expire_after_days=fields.number("expire_after_days"),
        how_to_spend=fields.words("how_to_spend"),
        tiers=tuple(_tiers(fields)) if fields.has("tiers") else (),
    )


def _tiers(points: Fields) -> Iterator[Tier]:
    below: dict[str, Decimal] = {}
    for fields in points.records("tiers", "label", ("label", "spent_from")):
        spent_from = fields.prices("spent_from", may_be_nothing=True)
        for one in spent_from:
            if one.amount <= below.get(one.currency, Decimal(-1)):
                raise fields.refusal("spent_from", "must be more than that of the tier before")
            below[one.currency] = one.amount
        yield Tier(label=fields.words("label"), spent_from=spent_from)


def _topics(store: Fields) -> dict[str, tuple[str, ...]]:
    if not store.has("topics"):
        return {}
    listed = store.inside("topics", (), TOPICS)
    return {topic: listed.texts(topic) for topic in TOPICS if listed.has(topic)}


def _rest_days(store: Fields, categories: Sequence[str]) -> dict[str, int]:
    if not store.has("rest_days"):
        return {}
    days = store.inside("rest_days", (), tuple(categories))
    return {category: days.number(category) for category in categories if days.has(category)}


def _voice_topics(store: Fields) -> Iterator[VoiceTopic]:
    taken: set[str] = set()
    listed = store.has("voice_topics")
    for fields in store.records("voice_topics", "id", _VOICE_FIELDS) if listed else ():
        topic = fields.text("id", _SHORT_NAME, "a short name such as delivery")
        if topic in taken:
            raise fields.refusal("id", f"{topic!r} is there twice")
        taken.add(topic)
        yield VoiceTopic(
            id=topic,
            label=fields.words("label"),
            team=fields.text("team"),
            words=fields.synonyms("words"),
        )


def _brand_sizes(store: Fields, brands: Sequence[Term]) -> dict[str, int]:
    """Sizes go by 5 mm, which is half an American one."""
    if not store.has("brand_sizes"):
        return {}
    fields = store.inside("brand_sizes", (), tuple(one.id for one in brands))
    return {one.id: fields.whole(one.id, _DIFFERENCES) for one in brands if fields.has(one.id)}


def _gifts(store: Fields) -> Gifts:
    fields = store.inside("gifts", ("anniversary", "birthday"))
    return Gifts(anniversary=fields.texts("anniversary"), birthday=fields.texts("birthday"))


def _time_zones(fields: Fields) -> Words:
    zones = fields.words("time_zone")
    for name in (zones.ko, zones.en):
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise fields.refusal("time_zone", f"{name!r} is no time zone") from error
    return zones


def _week(fields: Fields, key: str) -> Week:
    both = fields.inside(key, LANGUAGES)
    return Week(ko=tuple(_hours(both, "ko")), en=tuple(_hours(both, "en")))


def _hours(both: Fields, language: str) -> Iterator[Hours]:
    days = both.inside(language, (), WEEKDAYS)
    for weekday in WEEKDAYS:
        if not days.has(weekday):
            continue
        hours = days.inside(weekday, ("opens", "closes"))
        opens, closes = hours.clock_time("opens"), hours.clock_time("closes")
        if opens >= closes:
            raise hours.refusal("closes", "must be later than `opens`")
        yield Hours(weekday=weekday, opens=opens, closes=closes)


def _delivery(store: Fields) -> Delivery:
    fields = store.inside(
        "delivery", ("cost", "free_from", "days_at_least", "days_at_most", "text")
    )
    at_least, at_most = fields.days("days_at_least"), fields.days("days_at_most")
    if at_least.ko > at_most.ko or at_least.en > at_most.en:
        raise fields.refusal("days_at_most", "must not be less than `days_at_least`")
    return Delivery(
        cost=fields.prices("cost", may_be_nothing=True),
        free_from=fields.prices("free_from", may_be_nothing=True),
        days_at_least=at_least,
        days_at_most=at_most,
        text=fields.words("text"),
    )


def _returns(store: Fields) -> Returns:
    fields = store.inside("returns", ("days", "cost", "text"))
    return Returns(
        days=fields.days("days"),
        cost=fields.prices("cost", may_be_nothing=True),
        text=fields.words("text"),
    )


def _refunds(store: Fields) -> Refunds:
    fields = store.inside("refunds", ("days_at_most", "text"))
    return Refunds(days_at_most=fields.days("days_at_most"), text=fields.words("text"))


def _gift_wrapping(store: Fields) -> GiftWrapping:
    fields = store.inside("gift_wrapping", ("cost", "text"))
    return GiftWrapping(cost=fields.prices("cost", may_be_nothing=True), text=fields.words("text"))


def _terms(top: Fields, key: str) -> Iterator[Term]:
    taken: set[str] = set()
    for fields in top.records(key, "id", ("id", "label", "synonyms")):
        term = Term(
            id=fields.text("id", "[A-Za-z0-9]+(_[a-z0-9]+)*", "a short name such as gift_sets"),
            label=fields.words("label"),
            synonyms=fields.synonyms("synonyms"),
        )
        words = {term.label.ko, term.label.en, *term.synonyms.ko, *term.synonyms.en}
        claimed = {f"id {term.id}", *(word.casefold() for word in words)}
        if twice := claimed & taken:
            raise fields.refusal("", f"{sorted(twice)[0]!r} is said of another of the {key}")
        taken |= claimed
        yield term
