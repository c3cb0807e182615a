"""What an action works with: what was heard, what is remembered, and the means to answer.

This and `actions.answer` alone know the shapes of rasa_sdk. Entity values are untrusted: each is
looked up in the catalogue before it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import open_offers
from actions.shop import Product, Shop, open_shop
from actions.words import words_of
from marketing import places, sizes, wording
from marketing.errors import NothingLive
from marketing.told import is_child
from memory.current import CurrentTurn
from memory.offers import Offer

Entity = Mapping[str, Any]

_OF_THE_PERSON = frozenset({"shoe_size", "survey"})
"""Questions that nothing the customer wants depends on."""
_RANGE = re.compile(r"\s*대")
_BARE_SIZE = re.compile(r"\W*(\d{1,2}(?:\.5)?|[2-4]?x{0,3}[sml])\W*", re.IGNORECASE)
_SIZE_QUESTIONS = frozenset(
    {"exchange_for", "order_size", "shoe_size", "size_advice", "stock_alert"}
)
_LIKE_A_SIZE = re.compile(
    r"(?<![\d.,$₩#-])(\d{3}|(?<=size )\d{2})(?![\d.,]|\s*(?:원|만|천|개|명|번|일|년|km|g\b|ml|%))",
    re.IGNORECASE,
)


@dataclass(kw_only=True)
class Conversation:
    """One customer's turn, while it is being answered."""

    turn: CurrentTurn
    shop: Shop
    dispatcher: CollectingDispatcher
    intent: str
    entities: Sequence[Entity]
    slots: Mapping[str, Any]
    read: Sequence[Mapping[str, Any]] = ()
    """What nlu has read of facts in the message (docs/facts.md)."""
    faq: Mapping[str, Any] | None = None
    """What nlu has found for the message in data/faq (docs/faq.md)."""
    asked: str | None = None
    """The question that this answer leaves open."""
    asked_about: Mapping[str, Any] | None = None
    """What its answer will need: `offers`, `product` …"""
    misunderstandings: int = 0
    """How often running the customer was not understood, after this answer."""
    shown: list[str] | None = None
    """Products this answer has shown; None leaves what was shown before, here as below, and what is
    empty clears it."""
    already_shown: list[str] | None = None
    """Everything shown for one wish, after this answer; None leaves what it was."""
    category: str | None = None
    """The category this answer was about; None leaves the one before."""
    question_before: Mapping[str, Any] | None = None
    """What was being asked before the question that this answer leaves open, and is asked again
    once that is settled: `question`, `about`, `before`."""
    gone_back_to: Mapping[str, Any] | None = None
    """That question, while it is asked again."""
    composing: Mapping[str, Any] | None = None
    """What is being put together, after this answer; empty ends it, None leaves what it was."""
    has_asked_of_person: bool = False
    """True if this answer asks something of the person without leaving a question open."""
    led_to: str | None = None
    """The product whose checkout this answer leads to."""
    is_last_word: bool = False
    """True if nothing may be added to this answer."""
    looked_up: Mapping[str, str | None] | None = None
    """The product, size, width and colour whose stock this answer told; None leaves the one
    before."""

    def say(
        self,
        response: str,
        *,
        products: Sequence[Product] = (),
        choices: Sequence[str] = (),
        **values: Any,
    ) -> None:
        """Utter a response of domain.yml, with product cards on the web. `products` are what is
        shown, `choices` what may be answered: quick replies on the web; in the words of a text
        message either is `{list}`, the choices with numbers."""
        if products:
            self.shown = [str(one["product_id"]) for one in products]
            values = {"list": self.shop.lines(products), **values}
        if choices:
            numbered = (f"{place} {choice}" for place, choice in enumerate(choices, start=1))
            values = {"list": "\n".join(numbered), **values}
        is_web = self.turn.channel == "web"
        cards = [self.shop.card(one) for one in products] if is_web else []
        buttons = [{"title": one, "payload": one} for one in choices] if is_web else []
        self.dispatcher.utter_message(
            response=response, elements=cards, buttons=buttons, **self._filled(values)
        )

    def count_misunderstanding(self) -> bool:
        """They were not understood; True if they were not the last time either."""
        before = int(self.slots.get("misunderstandings") or 0)
        self.misunderstandings = before + 1
        return before > 0

    def phrase(self, response: str, **values: object) -> str:
        """A piece of a sentence, from the same words. Raises NothingLive."""
        turn = self.turn
        variants = words_of(turn).get(response, ())
        chosen = wording.choose(variants, language=turn.language, channel=turn.channel)
        if chosen is None:
            raise NothingLive(f"The live release has no words for {response}.")
        return wording.fill(str(chosen["text"]), self._filled(values))

    def fill(self, text: str) -> str:
        """A text of the shop's own, with its name, telephone and mail address filled in."""
        return wording.fill(text, self._filled({}))

    def ask(
        self, question: str, response: str, *, about: Mapping[str, Any] | None = None, **values: Any
    ) -> None:
        """Utter a question that the next utterance may answer, and keep what it is about."""
        self.say(response, **values)
        self.asked = question
        self.asked_about = about

    def keep_open(self, question: str, about: Mapping[str, Any]) -> None:
        """Leave a question open that was asked in other words."""
        self.asked = question
        self.asked_about = about

    @property
    def may_ask_of_person(self) -> bool:
        """False once something was asked of the person in this visit: whatever they do not tell by
        themselves is asked for once at most, and never only to know it."""
        asked_at = self.slots.get("asked_of_person_at")
        began = self.turn.recalled.visit_began_at
        was_asked = asked_at is not None and datetime.fromisoformat(asked_at) >= began
        return not (was_asked or self.has_asked_of_person)

    @property
    def today(self) -> date:
        """The day it is for the customer: by their own clock, else by the shop's."""
        zone = self.turn.recalled.time_zone or str(self.shop.told("time_zone") or "UTC")
        return self.turn.now.astimezone(ZoneInfo(zone)).date()

    @property
    def open_question(self) -> str | None:
        """What was asked last, unless an offer or a person of the shop has come in between."""
        if self.gone_back_to is not None:
            return str(self.gone_back_to["question"])
        question: str | None = self.slots.get("open_question")
        is_over = open_offers.are_newest(self.turn) or self.turn.recalled.is_person_newest
        return None if is_over else question

    @property
    def question_about(self) -> Mapping[str, Any]:
        """What was kept with the open question."""
        if self.gone_back_to is not None:
            return self.gone_back_to["about"] or {}
        return self.slots.get("question_about") or {}

    def _filled(self, values: Mapping[str, object]) -> dict[str, object]:
        shop = self.shop
        own = {"shop_name": shop.name, "shop_phone": shop.phone, "shop_email": shop.email}
        return {**own, **values}

    def values(self, name: str) -> list[str]:
        """What was said of one kind of entity, in text order."""
        return [str(one["value"]) for one in self.entities if one.get("entity") == name]

    def first(self, name: str) -> str | None:
        """The first entity of a kind."""
        return next(iter(self.values(name)), None)

    def term(self, name: str, section: str) -> str | None:
        """The first entity of a kind that is in that section of the store's vocabulary."""
        known = (value for value in self.values(name) if self.shop.label(section, value))
        return next(known, None)

    def named_products(self) -> list[Product]:
        """The products that were named."""
        found = (self.shop.product(value) for value in self.values("product"))
        return [product for product in found if product is not None]

    def offers_at_hand(self) -> list[Offer]:
        """The offers that this message may be an answer to, newest first: those that were told or
        spoken of last. Their products are still listed."""
        shown = self.slots.get("last_products") or ()
        found = open_offers.at_hand(self.turn, shown)
        return [one for one in found if self.shop.product(one.product_id) is not None]

    def shown_before(self) -> list[Product]:
        """The products shown or offered last, still listed."""
        offered = [one.product_id for one in self.offers_at_hand()]
        shown = offered or self.slots.get("last_products") or ()
        found = (self.shop.product(value) for value in shown)
        return [product for product in found if product is not None]

    def size_said(self) -> str | None:
        """The size that was said, even one that does not exist ("350 있어요?")."""
        said = self.first("size")
        if said is not None:
            return said
        spans = [(int(one.get("start") or 0), int(one.get("end") or 0)) for one in self.entities]
        for number in _LIKE_A_SIZE.finditer(self.turn.text):
            if not any(start <= number.start() < end for start, end in spans):
                return number.group(1)
        return None

    def most_to_spend(self) -> Decimal | None:
        """The sum named as the most to pay, in the shop's currency; 10만 원대 ends at 20만."""
        for entity in self._money():
            if entity.get("role") != "at_least":
                named = _decimal(entity)
                is_range = _RANGE.match(self.turn.text, int(entity.get("end") or 0)) is not None
                return named + _step(named) if named and is_range else named
        return None

    def least_to_spend(self) -> Decimal | None:
        """The sum named as the least to pay, in the shop's currency."""
        found = (_decimal(one) for one in self._money() if one.get("role") == "at_least")
        return next(found, None)

    def _money(self) -> list[Entity]:
        in_currency = f" {self.shop.currency}"
        return [
            one
            for one in self.entities
            if one.get("entity") == "money" and str(one["value"]).endswith(in_currency)
        ]

    def remembered(self, kind: str, subject: str = "self") -> Any:
        """The value of a fact that holds, if there is one; a child's size only while it fits."""
        fact = self.turn.recalled.fact(kind, subject)
        if fact is None or sizes.is_outgrown(
            kind, of_child=is_child(subject), told_at=fact.valid_from, now=self.turn.now
        ):
            return None
        return fact.value

    def events(self) -> list[dict[str, Any]]:
        """What the next turn needs, as slots."""
        kept: dict[str, object] = {
            "open_question": self.asked,
            "question_about": dict(self.asked_about) if self.asked_about else None,
            "question_before": self.question_before if self.asked else None,
            "misunderstandings": self.misunderstandings,
        }
        if self.has_asked_of_person or self.asked in _OF_THE_PERSON:
            kept["asked_of_person_at"] = self.turn.now.isoformat()
        left = {
            "last_products": self.shown,
            "already_shown": self.already_shown,
            "last_category": self.category,
            "last_looked_up": self.looked_up,
            "composing": self.composing,
        }
        kept.update({name: value or None for name, value in left.items() if value is not None})
        changed = {name: value for name, value in kept.items() if self.slots.get(name) != value}
        return [SlotSet(name, value) for name, value in changed.items()]


def begin(turn: CurrentTurn, dispatcher: CollectingDispatcher, tracker: Tracker) -> Conversation:
    """The conversation as it stands when an action starts."""
    return Conversation(
        turn=turn,
        shop=shop_of(turn),
        dispatcher=dispatcher,
        intent=str((tracker.latest_message.get("intent") or {}).get("name") or ""),
        entities=_entities(
            [
                *(tracker.latest_message.get("entities") or ()),
                *_size_answered(turn.text, tracker.slots.get("open_question")),
            ]
        ),
        slots=tracker.slots,
        read=tracker.latest_message.get("facts") or (),
        faq=tracker.latest_message.get("faq"),
    )


def shop_of(turn: CurrentTurn) -> Shop:
    """The shop as this turn's customer is told of it."""
    return open_shop(
        turn.connection,
        turn.recalled.shop_digest,
        language=turn.language,
        country=country_of(turn),
        url=turn.shop_url,
    )


def country_of(turn: CurrentTurn) -> str | None:
    """Where they pay: what is known of them, else where their number is. An offer tells its price
    in the same currency."""
    recalled = turn.recalled
    numbers = [one.value for one in recalled.numbers]
    return recalled.country or (places.place_of(numbers[0]).country if numbers else None)


def _size_answered(text: str, question: str | None) -> list[Entity]:
    """ "9" and "m" are sizes where a size was asked for; anywhere else they may be anything."""
    bare = _BARE_SIZE.fullmatch(text) if question in _SIZE_QUESTIONS else None
    if bare is None:
        return []
    size = bare.group(1).upper()
    return [{"entity": "size", "value": size, "start": bare.start(1), "end": bare.end(1)}]


def _entities(found: Iterable[Entity]) -> list[Entity]:
    usable = [one for one in found if one.get("entity") and one.get("value") is not None]
    return sorted(usable, key=lambda one: int(one.get("start") or 0))


def _step(amount: Decimal) -> Decimal:
    """How far a range of round sums goes: 10만 원대 to 20만, 5만 원대 to 6만."""
    return Decimal(100_000) if amount % 100_000 == 0 else Decimal(10_000)


def _decimal(money: Entity) -> Decimal | None:
    try:
        return Decimal(str(money["value"]).split(" ")[0])
    except InvalidOperation:
        return None
