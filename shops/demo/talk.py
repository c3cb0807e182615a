"""What the synthetic customers said to the shop before today, and the facts it learnt from that."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from shops.demo.catalogue import CHILDREN
from shops.demo.people import EARLIEST_DAYS_AGO, Person
from shops.demo.taste import choose, is_shoe_for, suitable
from shops.goods import Product
from shops.protocol import ToldFact, Utterance
from shops.store import Store
from shops.values import Words

_SCENES_EACH = ((0, 1, 2, 3), (6, 6, 5, 3))
_TALKED_FOR_DAYS = 400


@dataclass(frozen=True, kw_only=True)
class Talk:
    """The past dialogue of one customer, oldest first."""

    utterances: tuple[Utterance, ...]
    facts: tuple[ToldFact, ...]


@dataclass(frozen=True, kw_only=True)
class _Setting:
    """Where and about what a scene is played."""

    person: Person
    store: Store
    products: Sequence[Product]
    draw: Random
    starts_at: datetime


def talk_of(
    person: Person, voice: Mapping[str, Any], products: Sequence[Product], store: Store
) -> Talk:
    """Play the scenes drawn for the person, each on its own day."""
    draw = person.draw("talk")
    scenes = _scenes(person, voice, draw)
    most = min(_TALKED_FOR_DAYS, person.days_known)
    days = sorted(draw.sample(range(EARLIEST_DAYS_AGO, most + 1), len(scenes)), reverse=True)
    utterances: list[Utterance] = []
    facts: list[ToldFact] = []
    for scene, days_ago in zip(scenes, days, strict=True):
        on_sale = suitable(person, products, person.day(days_ago))
        starts_at = person.moment(draw, days_ago)
        setting = _Setting(
            person=person, store=store, products=on_sale, draw=draw, starts_at=starts_at
        )
        said, told = _play(scene, setting)
        utterances += said
        facts += told
    return Talk(utterances=tuple(utterances), facts=tuple(facts))


def _scenes(person: Person, voice: Mapping[str, Any], draw: Random) -> list[Mapping[str, Any]]:
    by_name = {scene["name"]: scene for scene in voice["scenes"]}
    if "scenes" in person.cast:
        return [by_name[name] for name in person.cast["scenes"]]
    true = {person.activity, "shoes"}
    true |= {"wide"} if person.is_wide else set()
    true |= {"child"} if person.child_born_on else set()
    true |= {"married"} if person.married_on else set()
    possible = [scene for scene in voice["scenes"] if true.issuperset(scene["needs"])]
    drawn = draw.sample(possible, draw.choices(*_SCENES_EACH)[0])
    return list({scene.get("topic", scene["name"]): scene for scene in drawn}.values())


def _play(scene: Mapping[str, Any], setting: _Setting) -> tuple[list[Utterance], list[ToldFact]]:
    product = _product(scene, setting)
    if product is None:
        return [], []
    filled = _filled_in(setting, product)
    at = setting.starts_at
    said: list[Utterance] = []
    for direction, line in scene["lines"]:
        person = setting.person
        said.append(
            Utterance(
                user_id=person.user_id,
                direction=direction,
                text=line.format_map(filled),
                language=person.language,
                said_at=at,
            )
        )
        at += timedelta(seconds=setting.draw.randint(2, 40))
    return said, [_fact(tells, said, filled) for tells in scene["tells"]]


def _fact(
    tells: Mapping[str, Any], said: Sequence[Utterance], filled: Mapping[str, str]
) -> ToldFact:
    source = said[tells.get("line", 0)]
    return ToldFact(
        subject=tells["subject"],
        kind=tells["kind"],
        value=tells["value"].format_map(filled),
        said=source.text,
        told_at=source.said_at,
    )


def _product(scene: Mapping[str, Any], setting: _Setting) -> Product | None:
    """What the scene is about; None if the catalogue has nothing for it then."""
    person = setting.person
    if scene.get("product_for") == "child":
        wanted = [one for one in setting.products if _is_clothing(one)]
    elif "shoes" in scene["needs"] or "hiking" in scene["needs"]:
        wanted = [one for one in setting.products if is_shoe_for(person, one)]
    else:
        wanted = list(setting.products)
    cast = [one for one in wanted if one.product_id == person.cast.get("product")]
    return choose(person, setting.draw, cast or wanted) if wanted else None


def _is_clothing(product: Product) -> bool:
    return product.category == CHILDREN and all(one.width is None for one in product.variants)


def _filled_in(setting: _Setting, product: Product) -> dict[str, str]:
    person, on = setting.person, setting.starts_at.date()
    return {
        **_family(person, product, on),
        **_shop_words(person, setting.store),
        "product": _said(person, product.name),
        "size": person.shoe_size,
        "size_us": person.shoe_size_us,
    }


def _family(person: Person, product: Product, on: date) -> dict[str, str]:
    married, born = person.married_on or on, person.child_born_on or on
    size = person.child_clothing_size(on) or ""
    american = (one.size_us for one in product.variants if one.size == size)
    return {
        "age": str((on - born).days * 4 // 1461),
        "child_size": size,
        "child_size_us": next(american, None) or size,
        "year": str(married.year),
        "month": str(married.month),
        "month_name": calendar.month_name[married.month],
        "day": str(married.day),
        "month_day": married.strftime("%m-%d"),
        "year_month_day": married.isoformat(),
    }


def _shop_words(person: Person, store: Store) -> dict[str, str]:
    widths = {term.id: _said(person, term.label) for term in store.widths}
    return {
        "width": widths.get(person.width, person.width),
        "delivery": _said(person, store.delivery.text),
        "returns": _said(person, store.returns.text),
    }


def _said(person: Person, words: Words) -> str:
    return words.ko if person.language == "ko" else words.en
