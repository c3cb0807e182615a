"""The demo shop behind the protocol: a catalogue folder, and customers made up as of a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from shops.demo.catalogue import load_catalogue
from shops.demo.people import Person, people, read_script
from shops.demo.purchases import deliveries_of, orders_of, views_of
from shops.demo.talk import Talk, talk_of
from shops.goods import Product
from shops.protocol import Customer, Event, Order, Utterance
from shops.store import Store
from shops.values import require_aware


class DemoShop:
    """A shop whose customers and past are synthetic.

    The customers' past is dated from the UTC day of `now`: ask for it once, or it comes again with
    the same identifiers and later dates.
    """

    def __init__(self, *, catalogue: Path, now: datetime) -> None:
        """Load the catalogue folder. Raises CatalogueError; `now` must be aware."""
        require_aware(now)
        loaded = load_catalogue(catalogue)
        self._store = loaded.store
        self._products = loaded.products
        self._now = now

    @cached_property
    def _script(self) -> Mapping[str, Any]:
        return read_script()

    @cached_property
    def _people(self) -> tuple[Person, ...]:
        return tuple(people(self._now, self._script))

    @cached_property
    def _talks(self) -> tuple[Talk, ...]:
        return tuple(
            talk_of(person, self._script[person.language], self._products, self._store)
            for person in self._people
        )

    def store(self) -> Store:
        """What the shop says about itself."""
        return self._store

    def products(self) -> Iterator[Product]:
        """Everything on sale, as the file orders it."""
        yield from self._products

    def customers(self) -> Iterator[Customer]:
        """The two hundred, `demo-001` first."""
        for person, talk in zip(self._people, self._talks, strict=True):
            yield Customer(
                user_id=person.user_id,
                name=person.name,
                language=person.language,
                country=person.country,
                time_zone=person.time_zone,
                phone=person.phone,
                email=person.email,
                joined_at=person.joined_at,
                facts=talk.facts,
            )

    def orders(self) -> Iterator[Order]:
        """What they bought, in sizes that fit."""
        for person in self._people:
            yield from orders_of(person, self._products, self._currency(person.language))

    def events(self) -> Iterator[Event]:
        """The product pages they opened lately, and how far their orders came."""
        for person in self._people:
            currency = self._currency(person.language)
            orders = orders_of(person, self._products, currency)
            told = [
                *views_of(person, self._products, currency),
                *deliveries_of(person, orders),
            ]
            yield from sorted(told, key=lambda one: one.occurred_at)

    def dialogue(self) -> Iterator[Utterance]:
        """What was said with them."""
        for talk in self._talks:
            yield from talk.utterances

    def _currency(self, language: str) -> str:
        return self._store.currency.ko if language == "ko" else self._store.currency.en
