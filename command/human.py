"""`human`: the queue of customers who asked for a person, for whoever answers them until the studio
has an inbox. While one is taken the automatic assistant is silent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from command import why
from command.why import Tongue
from command.words import WORDS, Language
from marketing import formats
from marketing.errors import BadInput
from memory import clock, customers, facts, hand_overs, talking, turns
from memory.engine import Connection
from memory.facts import Fact
from memory.hand_overs import HandOver, NotWaiting
from memory.talking import LONGEST, CannotSay
from memory.turns import Turn

MOST_SHOWN = 20
LONGEST_IN_LIST = 80


def show_queue(connection: Connection, language: Language) -> None:
    """Print who waits and who is being talked to, longest first."""
    found = hand_overs.queue(connection)
    for one in found:
        tongue = why.tongue_for(connection, one.customer_id, language)
        said = turns.newest(connection, one.customer_id, limit=1, direction="in")
        words = " ".join((said[-1].text if said else one.said).split())
        print(f"{_state(connection, one, tongue)}: {_shortened(words)}")
    if not found:
        print(WORDS[language]["nobody_waits"])


def show_customer(connection: Connection, given: str, language: Language) -> None:
    """Print what is known of a customer and the end of the conversation. Raises NotFound."""
    customer_id = customers.resolve(connection, given)
    tongue = why.tongue_for(connection, customer_id, language)
    waiting = hand_overs.of_customer(connection, customer_id)
    print(_state(connection, waiting, tongue) if waiting else _named(connection, customer_id))
    known = facts.known(connection, customer_id)
    print(tongue.word("facts") + ":" if known else tongue.word("no_facts"))
    for fact in known:
        print(f"  {_fact(fact, language)}")
    for turn in turns.newest(connection, customer_id, limit=MOST_SHOWN):
        print(_turn(turn, tongue))


def take(connection: Connection, given: str, language: Language, *, by: str) -> None:
    """`by` talks to the customer from now on, also instead of somebody else. Raises NotFound, which
    NotWaiting is."""
    found, tongue = _in_queue(connection, given, language)
    hand_overs.take(connection, found.customer_id, by=by, now=clock.business_now(connection))
    is_taken_over = found.taken_by not in (None, by)
    word = "taken_over" if is_taken_over else "taken"
    print(tongue.word(word, who=found.customer_id, by=by, before=str(found.taken_by)))


def say(
    connection: Connection, given: str, text: str, language: Language, *, shop_url: str
) -> None:
    """Say something to a customer who is taken, on the channel that they asked on; who has left the
    chat is told by text. Raises NotFound, BadInput."""
    found, tongue = _in_queue(connection, given, language)
    now = clock.business_now(connection)
    try:
        is_told = talking.say(connection, found, text, shop_url=shop_url, now=now)
    except CannotSay as error:
        values = {"who": found.customer_id, "most": str(LONGEST)}
        raise BadInput(tongue.word(error.reason, **values)) from error
    print(tongue.word("said", channel=tongue.word(f"by_{found.channel}")))
    if is_told:
        print(tongue.word("told_by_text"))


def close(connection: Connection, given: str, language: Language) -> None:
    """The assistant answers the customer again. Raises NotFound."""
    found, tongue = _in_queue(connection, given, language)
    hand_overs.close(connection, found.customer_id, now=clock.business_now(connection))
    print(tongue.word("was_closed", who=found.customer_id))


def _in_queue(connection: Connection, given: str, language: Language) -> tuple[HandOver, Tongue]:
    customer_id = customers.resolve(connection, given)
    tongue = why.tongue_for(connection, customer_id, language)
    found = hand_overs.of_customer(connection, customer_id)
    if found is None:
        raise NotWaiting(tongue.word("not_in_queue", who=customer_id))
    return found, tongue


def _state(connection: Connection, found: HandOver, tongue: Tongue) -> str:
    """`cus_… Mina · chat · waiting since 2026-11-26 08:10:41 KST`."""
    at = tongue.moment(found.asked_at)
    state = (
        tongue.word("is_waiting", at=at)
        if found.taken_by is None
        else tongue.word("is_taken", by=found.taken_by, at=at)
    )
    who = _named(connection, found.customer_id)
    return f"{who} · {tongue.word(f'by_{found.channel}')} · {state}"


def _named(connection: Connection, customer_id: str) -> str:
    name = customers.get(connection, customer_id).name
    return f"{customer_id} {name}" if name else customer_id


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST_IN_LIST else words[: LONGEST_IN_LIST - 1] + "…"


def _fact(fact: Fact, language: Language) -> str:
    whose = "" if fact.subject == "self" else f"{fact.subject} · "
    said = f" — “{fact.said}”" if fact.said else ""
    return f"{whose}{fact.kind}: {_value(fact.value, language)}{said}"


def _value(value: Any, language: Language) -> str:
    if isinstance(value, Mapping) and "month" in value:
        return formats.day_of_year(value, language)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _turn(turn: Turn, tongue: Tongue) -> str:
    whose = "from_customer" if turn.direction == "in" else "from_shop"
    who = turn.payload.get("by") or tongue.word(whose)
    return f"{tongue.moment(turn.at)} {who} ({tongue.word(f'by_{turn.channel}')}): {turn.text}"
