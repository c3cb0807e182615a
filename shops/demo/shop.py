"""The demo shop behind the protocol: a catalogue folder, and customers made up as of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from shops.demo.catalogue import load_catalogue
from shops.demo.people import people, read_script
from shops.demo.purchases import orders_of, views_of
from shops.demo.talk import talk_of
from shops.protocol import (
    Customer,
    Event,
    Order,
    Product,
    Store,
    ToldFact,
    Utterance,
    require_aware,
)


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
        self._script = read_script()
        self._people = tuple(people(now, self._script))
        self._talks = {
            person.user_id: talk_of(
                person, self._script[person.language], self._products, self._store
            )
            for person in self._people
        }

    def store(self) -> Store:
        """What the shop says about itself."""
        return self._store

    def products(self) -> Iterator[Product]:
        """Everything on sale, as the file orders it."""
        yield from self._products

    def customers(self) -> Iterator[Customer]:
        """The two hundred, `demo-001` first."""
        for person in self._people:
            yield Customer(
                user_id=person.user_id,
                name=person.name,
                language=person.language,
                country=person.country,
                time_zone=person.time_zone,
                phone=person.phone,
                email=person.email,
                joined_at=person.joined_at,
                facts=self._facts(person.user_id),
            )

    def orders(self) -> Iterator[Order]:
        """What they bought, in sizes that fit."""
        for person in self._people:
            yield from orders_of(person, self._products, self._currency(person.language))

    def events(self) -> Iterator[Event]:
        """The product pages they opened lately."""
        for person in self._people:
            yield from views_of(person, self._products, self._currency(person.language))

    def dialogue(self) -> Iterator[Utterance]:
        """What was said with them."""
        for talk in self._talks.values():
            yield from talk.utterances

    def _facts(self, user_id: str) -> tuple[ToldFact, ...]:
        return self._talks[user_id].facts

    def _currency(self, language: str) -> str:
        return self._store.currency.ko if language == "ko" else self._store.currency.en
