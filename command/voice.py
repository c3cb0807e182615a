"""`voice`: what customers complain of, wish for and praise, in their own words; handed to a team,
and closed with what came of it, of which whoever said it hears once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from command import why
from command.why import Tongue
from command.words import WORDS, Language
from marketing import voices
from marketing.errors import BadInput
from memory import catalogue, clock, hearing, voice
from memory.engine import Connection
from memory.voice import Item, NoSuchItem

MOST_QUOTED = 3
LONGEST_QUOTED = 200
_KIND_WORDS = {"answer": "survey_answer", "question": "unanswered_question"}
"""Kinds whose words are not their own names."""


def show(
    connection: Connection,
    language: Language,
    *,
    kind: str | None = None,
    topic: str | None = None,
    team: str | None = None,
) -> None:
    """Print what is open, what most people say first, with the newest of their words."""
    found = voice.find(connection, kind=kind, topic=topic, team=team)
    groups = sorted(_grouped(found), key=lambda one: (-len(_people(one)), one[0].item_id))
    for one in groups:
        print(_heading(connection, one, language))
        for item in one[:MOST_QUOTED]:
            print(_line(connection, item, language))
        if len(one) > MOST_QUOTED:
            print(WORDS[language]["voice_more"].format(count=len(one) - MOST_QUOTED))
    if not groups:
        print(WORDS[language]["voice_none"])


def show_item(connection: Connection, item_id: int, language: Language) -> None:
    """Print everything that is kept of one. Raises NoSuchItem."""
    item = voice.get(connection, item_id)
    if item is None:
        raise NoSuchItem(WORDS[language]["voice_unknown"].format(item=item_id))
    words = WORDS[language]
    state = words[f"voice_state_{item.state}"].format(team=item.team or words["voice_no_team"])
    feeling = [words[item.sentiment]] if item.sentiment else []
    print(" · ".join([_called(connection, item, language), *feeling, state]))
    print(_line(connection, item, language))
    outcome = [_product(connection, item.done_product_id, language) or ""]
    outcome += (item.done_note or {}).values()
    for line in filter(None, outcome):
        print(f"  → {line}")


def route(connection: Connection, item_id: int, team: str, language: Language) -> None:
    """Hand it to another team. Raises NoSuchItem."""
    item = _open(connection, item_id, language)
    voice.route(connection, item.customer_id, item.item_id, team=team)
    print(WORDS[language]["voice_routed"].format(item=item_id, team=team))


def dismiss(connection: Connection, item_id: int, language: Language) -> None:
    """Close it; nobody hears of it. Raises NoSuchItem."""
    item = _open(connection, item_id, language)
    now = clock.business_now(connection)
    voice.close(connection, item.customer_id, item.item_id, now=now, is_dismissed=True)
    print(WORDS[language]["voice_dismissed"].format(item=item_id))


def done(
    connection: Connection,
    item_ids: Sequence[int],
    language: Language,
    *,
    and_all_like_it: bool = False,
    product_id: str | None = None,
    note: Mapping[str, str] | None = None,
    thanks: int = 0,
) -> None:
    """Close items with what came of them; whoever said them hears of it once. Raises NoSuchItem,
    BadInput."""
    words = WORDS[language]
    if product_id is None and not note:
        raise BadInput(words["voice_done_with_nothing"])
    product = catalogue.product(connection, product_id) if product_id else None
    if product_id is not None and product is None:
        raise BadInput(words["voice_unknown_product"].format(product=product_id))
    items = {one: _open(connection, one, language) for one in item_ids}
    if and_all_like_it:
        for item in list(items.values()):
            items |= {one.item_id: one for one in voice.like(connection, item)}
    people = hearing.done(
        connection,
        list(items.values()),
        product_id=product_id,
        category=str(product["category"]) if product else None,
        note=note,
        thanks=thanks,
        now=clock.business_now(connection),
    )
    print(words["voice_done"].format(count=len(items), people=people))


def _open(connection: Connection, item_id: int, language: Language) -> Item:
    item = voice.get(connection, item_id)
    if item is None or item.state not in voice.OPEN_STATES:
        raise NoSuchItem(WORDS[language]["voice_unknown"].format(item=item_id))
    return item


def _grouped(items: Sequence[Item]) -> Iterator[list[Item]]:
    """What is done together, the newest first."""
    found = sorted(items, key=lambda one: (*map(str, _same(one)), -one.item_id))
    return (list(same) for _, same in groupby(found, key=_same))


def _same(item: Item) -> tuple[str | None, ...]:
    of_product = item.product_id if item.kind == voices.COMPLAINT else None
    return item.kind, item.topic, item.category, of_product, item.team


def _people(items: Sequence[Item]) -> set[str]:
    return {one.customer_id for one in items}


def _heading(connection: Connection, items: Sequence[Item], language: Language) -> str:
    """`wish · the size · hiking_shoes — 11 people, 14 items · Product team`."""
    words = WORDS[language]
    return words["voice_group"].format(
        what=_called(connection, items[0], language),
        people=len(_people(items)),
        count=len(items),
        team=items[0].team or words["voice_no_team"],
    )


def _called(connection: Connection, item: Item, language: Language) -> str:
    """What it is and what it is about."""
    of_what = item.product_id if item.kind == voices.COMPLAINT else None
    about = _product(connection, of_what, language) or item.category
    kind = WORDS[language][_KIND_WORDS.get(item.kind, item.kind)]
    return " · ".join([kind, item.topic, *([about] if about else [])])


def _line(connection: Connection, item: Item, language: Language) -> str:
    tongue: Tongue = why.tongue_for(connection, item.customer_id, language)
    said = voices.quoted(item.said, longest=LONGEST_QUOTED)
    return tongue.word(
        "voice_item",
        item=str(item.item_id),
        at=tongue.moment(item.at),
        who=item.customer_id,
        said=said,
    )


def _product(connection: Connection, product_id: str | None, language: Language) -> str | None:
    product = catalogue.product(connection, product_id) if product_id else None
    return str(product["name"][language]) if product else product_id
