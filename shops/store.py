"""What a shop says about itself, for each of its two faces, and the vocabulary it uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from shops.values import Money, Synonyms, Words

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


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
