"""`human`: the queue of customers who asked for a person, for whoever answers them until the studio
has an inbox. While one is taken the automatic assistant is silent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from getpass import getuser
from typing import Any

from command import timeline, why
from command.why import Tongue
from command.words import WORDS, Language
from marketing import formats
from marketing.errors import BadInput, NotFound
from memory import clock, customers, hand_overs, staff, talking, turns, whole_memory
from memory.engine import Connection
from memory.facts import Fact
from memory.hand_overs import HandOver, NotWaiting
from memory.talking import LONGEST, CannotSay
from memory.turns import Turn

MOST_SHOWN = 20
_TOLD_APART = frozenset({"turn", "fact"})
LONGEST_IN_LIST = 80


def show_queue(connection: Connection, language: Language) -> None:
    """Print who waits and who is being talked to, longest first: what they were put in the queue
    for, and their last words."""
    found = hand_overs.queue(connection)
    _note(connection, "list", None)
    for one in found:
        _note(connection, "list", one.customer_id)
        tongue = why.tongue_for(connection, one.customer_id, language)
        said = turns.newest(connection, one.customer_id, limit=1, direction="in")
        wish, newest = (
            " ".join(each.split()) for each in (one.said, said[-1].text if said else "")
        )
        print(f"{_state(connection, one, tongue)}: {_shortened(wish)}")
        if newest not in ("", wish):
            print(f"  … {_shortened(newest)}")
    if not found:
        print(WORDS[language]["nobody_waits"])


def show_customer(connection: Connection, given: str, language: Language) -> None:
    """Print all that is kept of a customer: what was asked, what is known, what is offered, what
    they did and bought, and the end of the conversation. Raises NotFound."""
    customer_id = customers.resolve(connection, given)
    _note(connection, "show", customer_id)
    tongue = why.tongue_for(connection, customer_id, language)
    known = whole_memory.of(connection, customer_id, now=clock.business_now(connection))
    waiting = known.hand_over
    print(_state(connection, waiting, tongue) if waiting else _named(connection, customer_id))
    if known.customer.language:
        print(tongue.word("writes_in", language=known.customer.language))
    if waiting:
        _show_wish(waiting, known.ahead, tongue)
    print(tongue.word("facts") + ":" if known.facts else tongue.word("no_facts"))
    for fact in known.facts:
        print(f"  {_fact(fact, language)}")
    for offer in known.open_offers:
        product = tongue.about(offer.campaign, offer.product_id)
        print(tongue.word("is_offered", what=product, text=offer.text))
    for entry in reversed(known.timeline):
        if entry.place.kind not in _TOLD_APART:
            print(timeline.as_words(entry, tongue))
    for turn in turns.newest(connection, customer_id, limit=MOST_SHOWN):
        print(_turn(turn, tongue))


def take(connection: Connection, given: str, language: Language, *, by: str) -> None:
    """`by` talks to the customer from now on, also instead of somebody else. Raises NotFound, which
    NotWaiting is."""
    found, tongue = _in_queue(connection, given, language)
    hand_overs.take(connection, found.customer_id, by=by, now=clock.business_now(connection))
    _note(connection, "take", found.customer_id)
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
    _note(connection, "say", found.customer_id)
    print(tongue.word("said", channel=tongue.word(f"by_{found.channel}")))
    if is_told:
        print(tongue.word("told_by_text"))


def close(connection: Connection, given: str, language: Language) -> None:
    """The assistant answers the customer again. Raises NotFound."""
    found, tongue = _in_queue(connection, given, language)
    hand_overs.close(connection, found.customer_id, now=clock.business_now(connection))
    _note(connection, "close", found.customer_id)
    print(tongue.word("was_closed", who=found.customer_id))


def give_token(connection: Connection, name: str, language: Language, *, days: int) -> None:
    """Print a new token for one of the shop's people, once. Raises BadInput."""
    called = name.strip()
    if not 0 < len(called) <= staff.LONGEST_NAME or not called.isprintable():
        raise BadInput(WORDS[language]["token_name"].format(most=staff.LONGEST_NAME))
    token = staff.issue(connection, called, lifetime=timedelta(days=days))
    _note(connection, f"token for {called}", None)
    print(token)


def revoke_tokens(connection: Connection, name: str, language: Language) -> None:
    """End every token of one of the shop's people. Raises NotFound."""
    ended = staff.revoke(connection, name.strip())
    if not ended:
        raise NotFound(WORDS[language]["no_token"].format(who=name))
    _note(connection, f"tokens of {name.strip()} ended", None)
    print(WORDS[language]["tokens_ended"].format(who=name, count=ended))


def show_accesses(connection: Connection, given: str | None, language: Language) -> None:
    """Print who of the shop's people saw or did what, of one customer or of all. Raises NotFound,
    and BadInput if the ledger was changed."""
    whose = customers.resolve(connection, given) if given else None
    for one in staff.accesses(connection, whose=whose):
        at = f"{one.at:%Y-%m-%d %H:%M:%S} UTC"
        print(f"{at}  {one.name} ({one.way})  {one.action}  {one.whose or ''}".rstrip())
    broken = staff.first_broken(connection)
    if broken is not None:
        raise BadInput(WORDS[language]["ledger_broken"].format(line=broken))


def _note(connection: Connection, action: str, whose: str | None) -> None:
    """Whoever is at the command line has seen or done it (RULES AU-1)."""
    staff.note(connection, name=getuser(), way="command", action=action, whose=whose)


def _show_wish(found: HandOver, ahead: int, tongue: Tongue) -> None:
    """What they want and until when they are answered."""
    reason = tongue.word(f"asked_for_{found.reason}")
    print(tongue.word("asked_for", reason=reason, said=_shortened(" ".join(found.said.split()))))
    if found.promised_at is not None and found.answered_at is None:
        print(tongue.word("promised", at=tongue.moment(found.promised_at), ahead=str(ahead)))


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
