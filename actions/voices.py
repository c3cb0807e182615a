"""What the shop should hear is kept as an item, with its topic, what it is about and how they feel,
and handed to the team of that topic. Nothing is kept of somebody who wants nothing kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from actions.choices import is_a_number
from actions.conversation import Conversation
from actions.shop import Product
from marketing import voices
from marketing.sentiment import Sentiment, sentiment
from memory import voice


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What was made of a message."""

    topic: str
    product: Product | None
    """Named, bought or shown."""
    may_name_product: bool
    """True if they named it themselves, it was shown here, or they have shown who they are."""
    sentiment: Sentiment
    is_kept: bool


def hear(
    conversation: Conversation,
    kind: str,
    *,
    felt: Sentiment | None = None,
    topic: str | None = None,
    product: Product | None = None,
    has_no_product: bool = False,
    team: str | None = None,
    said: str | None = None,
    seq: int | None = None,
) -> Heard:
    """Keep the message as an item of that kind. What is given is not read from it."""
    turn, topics = conversation.turn, conversation.shop.store.get("voice_topics", ())
    topic = topic or voices.topic_of(turn.text, topics)
    felt = felt or sentiment(turn.text)
    if product is not None or has_no_product:
        may_name = True
    else:
        product, may_name = _about(conversation, kind)
    is_kept = turn.recalled.may_learn and not turn.recalled.is_silent
    if is_kept:
        voice.record(
            turn.connection,
            turn.customer_id,
            kind=kind,
            topic=topic,
            product_id=str(product["product_id"]) if product else None,
            category=_category(conversation, product),
            sentiment=felt,
            said=(said or turn.text)[: voices.LONGEST],
            team=team or voices.team_of(topic, topics),
            source_seq=seq or turn.seq,
            now=turn.now,
        )
    return Heard(
        topic=topic, product=product, may_name_product=may_name, sentiment=felt, is_kept=is_kept
    )


def hear_refusal(conversation: Conversation, product: Product, *, topic: str | None = None) -> None:
    """Keep why something is not taken, if the message says why; a number chooses, and says
    nothing."""
    if is_a_number(conversation.turn.text):
        return
    topics = conversation.shop.store.get("voice_topics", ())
    text = conversation.turn.text
    topic = topic or voices.topic_of(text, topics)
    is_objection = any(one.get("kind") == "objection" for one in conversation.read)
    if topic != voices.OTHER or is_objection or voices.gives_reason(text):
        hear(conversation, voices.REFUSAL, topic=topic, product=product)


def hear_question(conversation: Conversation, said: str, seq: int) -> None:
    """Keep a question that nothing answers, with the turn it was asked in, once of everybody."""
    turn = conversation.turn
    before = voice.said_of(turn.connection, turn.customer_id, voices.QUESTION)
    if any(voices.is_same(one, said[: voices.LONGEST]) for one in before):
        return
    topics = conversation.shop.store.get("voice_topics", ())
    hear(
        conversation,
        voices.QUESTION,
        topic=voices.FAQ,
        has_no_product=True,
        team=voices.team_of(voices.OTHER, topics),
        said=said,
        seq=seq,
    )


def label(conversation: Conversation, topic: str) -> str | None:
    """What a topic is called in a sentence; None for whatever is about none."""
    if topic == voices.OTHER:
        return None
    return conversation.shop.label("voice_topics", topic)


def _about(conversation: Conversation, kind: str) -> tuple[Product | None, bool]:
    """The product that is named; else, of what they have, the one that it can only be; else the one
    that was shown. A wish is of nothing that they have."""
    named = conversation.named_products()
    if named:
        return named[0], True
    bought = [] if kind == voices.WISH else _bought(conversation)
    if len(bought) == 1:
        return bought[0], conversation.turn.recalled.is_proven
    shown = conversation.shown_before()
    return (shown[0], True) if len(shown) == 1 else (None, False)


def _bought(conversation: Conversation) -> list[Product]:
    """What they have bought, of the kind that is named, if one is."""
    category = conversation.term("category", "categories")
    ids = dict.fromkeys(
        line["product_id"] for order in conversation.turn.recalled.orders for line in order["lines"]
    )
    found = (conversation.shop.product(one) for one in ids)
    return [one for one in found if one is not None and category in (None, one["category"])]


def _category(conversation: Conversation, product: Product | None) -> str | None:
    if product is not None:
        return str(product["category"])
    return conversation.term("category", "categories")
