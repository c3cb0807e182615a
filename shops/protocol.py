"""What Dangol asks of a shop, whatever platform it runs on, and the shapes of the answers.

Shapes are frozen, keyword-only and aware of time zones; they know nothing of files or platforms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal, Protocol

Language = Literal["ko", "en"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class NaiveDatetime(ValueError):
    """A datetime without a time zone was given."""


def require_aware(moment: datetime) -> None:
    """Raise NaiveDatetime unless the moment has a time zone."""
    if moment.utcoffset() is None:
        raise NaiveDatetime(f"{moment.isoformat()} has no time zone")


@dataclass(frozen=True, kw_only=True)
class Words:
    """The same thing said in both languages."""

    ko: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Synonyms:
    """Other words customers use for a thing, per language; may be empty."""

    ko: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Money:
    """An amount, never negative, in a currency."""

    amount: Decimal
    currency: str
    """ISO 4217."""

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount < 0:
            raise ValueError(f"{self.amount} {self.currency} is not an amount of money")


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One thing that can be put into a basket."""

    sku: str
    size: str
    """Shoes: millimetres; children's clothes: height in centimetres; else a letter, or `one`."""
    size_us: str | None
    """The same size as an American knows it; shoes always have it."""
    width: str | None
    """Of shoes: an id of `Store.widths`."""
    colour: str
    """An id of `Store.colours`."""
    stock: int
    """How many are left, at least 0."""


SIGNS = ("hangul", "latin", "digits", "marks")
"""Kinds of signs that a text may be made of, beside the space."""


@dataclass(frozen=True, kw_only=True)
class TextRule:
    """What may be written on a product."""

    most_signs: int
    signs: tuple[str, ...]
    """Of SIGNS."""


@dataclass(frozen=True, kw_only=True)
class OptionValue:
    """One of the values that an option can have."""

    id: str
    label: Words
    synonyms: Synonyms
    surcharge: tuple[Money, ...]


@dataclass(frozen=True, kw_only=True)
class Option:
    """Something that can be made differently for one customer: a text, or one of some values."""

    id: str
    label: Words
    synonyms: Synonyms
    surcharge: tuple[Money, ...]
    """For having it at all; a value may cost more."""
    text: TextRule | None = None
    values: tuple[OptionValue, ...] = ()
    not_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By another option of the product, the values with which this one cannot be made."""


@dataclass(frozen=True, kw_only=True)
class SetPart:
    """One thing of a gift set that is picked from the stock."""

    id: str
    label: Words
    how_many: int
    of: tuple[str, ...]
    """Ids of the products it may be."""


@dataclass(frozen=True, kw_only=True)
class Product:
    """One product in all its variants."""

    product_id: str
    category: str
    """An id of `Store.categories`."""
    brand: str
    """An id of `Store.brands`."""
    for_whom: str
    """women, men, everyone or children. Sizes of `everyone` are US men's."""
    name: Words
    synonyms: Synonyms
    description: Words
    material: Words
    activities: tuple[str, ...]
    """Ids of `Store.activities`."""
    price: tuple[Money, ...]
    """One for each currency the shop sells in."""
    picture: str
    """File name of the picture."""
    added_on: date
    variants: tuple[Variant, ...]
    options: tuple[Option, ...] = ()
    """What a customer may have made differently."""
    parts: tuple[SetPart, ...] = ()
    """What a customer may pick for a gift set."""

    def price_in(self, currency: str) -> Money:
        """The price in that currency. Raises KeyError if it is not sold in it."""
        for money in self.price:
            if money.currency == currency:
                return money
        raise KeyError(currency)


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word of the shop's own vocabulary: a category, a colour, an activity, a brand …"""

    id: str
    label: Words
    synonyms: Synonyms


@dataclass(frozen=True, kw_only=True)
class Hours:
    """One weekday's hours, local to the face of the shop."""

    weekday: Weekday
    opens: time
    closes: time


@dataclass(frozen=True, kw_only=True)
class Week:
    """Hours per face, Monday first; a weekday that is missing is closed."""

    ko: tuple[Hours, ...]
    en: tuple[Hours, ...]


@dataclass(frozen=True, kw_only=True)
class Days:
    """A number of days per face."""

    ko: int
    en: int


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How an order reaches the customer."""

    cost: tuple[Money, ...]
    free_from: tuple[Money, ...]
    days_at_least: Days
    days_at_most: Days
    text: Words


@dataclass(frozen=True, kw_only=True)
class Returns:
    """How an order comes back; days count from delivery."""

    days: Days
    cost: tuple[Money, ...]
    text: Words


@dataclass(frozen=True, kw_only=True)
class Refunds:
    """How the money comes back, in business days from the return's arrival."""

    days_at_most: Days
    text: Words


@dataclass(frozen=True, kw_only=True)
class GiftWrapping:
    """Wrapping a present."""

    cost: tuple[Money, ...]
    text: Words


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A tier of customers, by what they have spent in twelve months."""

    label: Words
    spent_from: tuple[Money, ...]


@dataclass(frozen=True, kw_only=True)
class Points:
    """How points are earned and spent."""

    earn_percent: int
    """Of what is paid, 1 to 100."""
    worth: tuple[Money, ...]
    """Of one point."""
    least_to_spend: int
    """Fewer than that cannot be spent."""
    expire_after_days: int
    """0 if they do not."""
    how_to_spend: Words
    tiers: tuple[Tier, ...]
    """From the lowest up; may be empty."""


@dataclass(frozen=True, kw_only=True)
class TextSender:
    """What the shop declares of the number that its texts to one country come from."""

    is_two_way: bool
    """True if an answer to it arrives."""
    is_a2p_registered: bool
    """True if brand and campaign are registered with the American carriers."""
    is_kr_certified: bool
    """True if its provider holds the Korean certificate for bulk texts."""


@dataclass(frozen=True, kw_only=True)
class Gifts:
    """Ids of products that suit a day, best first; those that are not on sale are passed over."""

    anniversary: tuple[str, ...]
    birthday: tuple[str, ...]


KEPT_KINDS = (
    *("turns", "events", "facts", "inbox", "outbox", "decisions", "due", "offers", "hand_overs"),
    *("voice_items", "links", "sessions", "codes", "open_chats", "imports", "orders"),
    *("staff_alarms", "staff_tokens"),
)
"""Kinds of data whose time is limited (docs/data-rights.md)."""
TOPICS = (
    *("mothers_day", "fathers_day", "parents_day", "childrens_day", "valentines", "christmas"),
    *("anniversary", "birthday", "pets", "baby"),
)
"""What somebody may not want to hear of."""


@dataclass(frozen=True, kw_only=True)
class VoiceTopic:
    """Something that customers complain of, praise or wish for."""

    id: str
    label: Words
    """As it stands in a sentence: `배송`, `the delivery`."""
    team: str
    """Who hears of it."""
    words: Synonyms
    """A sentence with one of these is about it."""


@dataclass(frozen=True, kw_only=True)
class SurveyOption:
    """One of the answers to choose from."""

    id: str
    label: Words


@dataclass(frozen=True, kw_only=True)
class AskedOf:
    """Who may be asked: everybody, where nothing is said."""

    languages: tuple[str, ...] = ()
    bought: tuple[str, ...] = ()
    """Categories: one of them was bought."""


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A question of the shop's own, asked each person once at most."""

    id: str
    question: Words
    options: tuple[SurveyOption, ...]
    """Without any the answer is free."""
    asked_of: AskedOf
    team: str | None
    """Who hears the answers."""
    asked_from: date
    asked_until: date
    """Both days included."""


@dataclass(frozen=True, kw_only=True)
class Store:
    """What the shop says about itself, for each of its two faces, and its vocabulary."""

    name: Words
    tagline: Words
    time_zone: Words
    """IANA names."""
    currency: Words
    address: Words
    phone: Words
    """As it is written where the face is read."""
    opt_out_phone: str
    """The free number that a Korean advertisement carries."""
    text_senders: Mapping[str, TextSender]
    """By country; texts to any other are no advertisements."""
    email: Words
    opening_hours: Week
    holidays: Words
    human_hours: Week
    """When a person answers."""
    delivery: Delivery
    returns: Returns
    refunds: Refunds
    payment: Words
    gift_wrapping: GiftWrapping
    follow_up_after_seconds: int
    """How long after the last look at a product it is written about, at least 1."""
    price_concession_percent: int
    """How much of the price is given up when a customer finds an offer too dear, 0 to 90."""
    gifts: Gifts
    size_help: Words
    categories: tuple[Term, ...]
    colours: tuple[Term, ...]
    activities: tuple[Term, ...]
    widths: tuple[Term, ...]
    sizes: tuple[Term, ...]
    """Names of sizes that are neither a number nor a letter."""
    brands: tuple[Term, ...]
    other_brands: tuple[Term, ...]
    """Well-known brands the shop does not carry."""
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By topic of TOPICS, the categories and products that are about it."""
    rest_days: Mapping[str, int] = field(default_factory=dict)
    """By category, how many days whoever got such goods elsewhere is left alone about them."""
    human_answer_within_minutes: int | None = None
    """How long a person takes to answer at most, in minutes of `human_hours`; None promises
    nothing."""
    human_from_amount: tuple[Money, ...] = ()
    """From what a purchase comes to on a person is offered, in each currency; empty for never."""
    staff_phones: tuple[str, ...] = ()
    """E.164: who is told by text that somebody waits for a person."""
    brand_sizes: Mapping[str, int] = field(default_factory=dict)
    """By brand, what to add in millimetres to the size worn in it; 0 if it is the same."""
    points: Points | None = None
    """None: there are none."""
    keep_days: Mapping[str, int] = field(default_factory=dict)
    """How many days each of KEPT_KINDS is kept, where it is not the usual time."""
    voice_topics: tuple[VoiceTopic, ...] = ()
    """The first of two that a sentence is about alike counts."""
    surveys: tuple[Survey, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody with a log-in at the shop."""

    user_id: str
    name: str
    language: Language
    country: Literal["KR", "US"]
    time_zone: str
    phone: str
    """E.164."""
    email: str
    joined_at: datetime
    facts: tuple[ToldFact, ...]

    def __post_init__(self) -> None:
        require_aware(self.joined_at)


@dataclass(frozen=True, kw_only=True)
class ToldFact:
    """Something the customer told the shop."""

    subject: str
    """`self`, or whom it is about: `child`, `partner`."""
    kind: str
    value: str
    said: str
    """The customer's own words."""
    told_at: datetime

    def __post_init__(self) -> None:
        require_aware(self.told_at)


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """One variant of a product in an order."""

    product_id: str
    sku: str
    quantity: int
    unit_price: Money


@dataclass(frozen=True, kw_only=True)
class Order:
    """A purchase the shop confirmed."""

    order_id: str
    user_id: str
    ordered_at: datetime
    total: Money
    lines: tuple[OrderLine, ...]

    def __post_init__(self) -> None:
        require_aware(self.ordered_at)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something a customer did, named as in Segment's e-commerce events."""

    event_id: str
    user_id: str
    name: str
    properties: Mapping[str, str]
    occurred_at: datetime

    def __post_init__(self) -> None:
        require_aware(self.occurred_at)


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """One line of past dialogue, on the web chat."""

    user_id: str
    direction: Literal["in", "out"]
    """`in` is from the customer."""
    text: str
    language: Language
    said_at: datetime

    def __post_init__(self) -> None:
        require_aware(self.said_at)


class Shop(Protocol):
    """A shop platform. Iterators may page through the platform lazily; each yields a thing once."""

    def store(self) -> Store:
        """What the shop says about itself."""

    def products(self) -> Iterator[Product]:
        """Everything on sale, in the shop's own order."""

    def customers(self) -> Iterator[Customer]:
        """Everybody with a log-in."""

    def orders(self) -> Iterator[Order]:
        """Every order of those customers, oldest first for each customer."""

    def events(self) -> Iterator[Event]:
        """What those customers did, oldest first for each customer."""

    def dialogue(self) -> Iterator[Utterance]:
        """What was said with those customers, oldest first for each customer."""
