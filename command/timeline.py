"""`timeline`: what one customer said, did, bought, told, was offered, agreed to and earned, the
newest first, a page at a time. Reads only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from command import why
from command.timeline_words import WORDS
from command.why import Tongue
from command.words import Language
from marketing import formats
from memory import customers, timeline
from memory.engine import Connection
from memory.timeline import THE_END, Entry

LONGEST = 100
"""Characters of what was said, in one line."""


def show(
    connection: Connection,
    given: str,
    *,
    before: str | None,
    limit: int,
    language: Language,
    is_json: bool,
) -> None:
    """Print a page about a customer (an id, a user id, a phone), and how to get the next one.
    Raises NotFound, NoSuchPlace."""
    customer_id = customers.resolve(connection, given)
    place = THE_END if before is None else timeline.read_place(before)
    tongue = why.tongue_for(connection, customer_id, language)
    entries = timeline.page(connection, customer_id, before=place, limit=limit + 1)
    for entry in entries[:limit]:
        print(as_json(entry) if is_json else as_words(entry, tongue))
    if is_json:
        return
    if not entries:
        print(word(tongue, "nothing", who=given))
    elif len(entries) > limit:
        print(word(tongue, "older", who=given, place=entries[limit - 1].place))


def word(tongue: Tongue, name: str, **values: object) -> str:
    """One of the words; a state or a reason that has none stays as it is."""
    return WORDS[tongue.language].get(name, name).format(**values)


def as_words(entry: Entry, tongue: Tongue) -> str:
    """`2026-11-26 08:10:41 KST  customer (chat)  do you have it in 9?`."""
    said = _TELLS[entry.place.kind](entry.what, tongue)
    return f"{tongue.moment(entry.place.at)}  {_who(entry, tongue)}  {said}"


def as_json(entry: Entry) -> str:
    """One object in one line; `place` is where the next page goes on."""
    kept = {
        "at": entry.place.at.isoformat(),
        "what": entry.place.kind,
        "place": str(entry.place),
        "facts": entry.what,
    }
    return json.dumps(kept, ensure_ascii=False)


def _who(entry: Entry, tongue: Tongue) -> str:
    if entry.place.kind != "turn":
        return word(tongue, entry.place.kind)
    channel = word(tongue, entry.what["channel"])
    by = entry.what["payload"].get("by")
    if by is not None:
        return word(tongue, "by", by=by, channel=channel)
    return word(tongue, entry.what["direction"], channel=channel)


def _turn(what: Mapping[str, Any], _: Tongue) -> str:
    return _shortened(what["text"])


def _event(what: Mapping[str, Any], tongue: Tongue) -> str:
    properties = what["properties"]
    told = properties.get("product_id") or properties.get("path") or properties.get("order_id")
    return f"{what['name']} · {tongue.products.get(told, told)}" if told else str(what["name"])


def _order(what: Mapping[str, Any], tongue: Tongue) -> str:
    lines = [_line(line, tongue) for line in what["lines"] or ()]
    return word(
        tongue,
        "ordered" if what["store"] is None else "ordered_at",
        order=what["order_id"],
        store=what["store"],
        products=formats.listing(lines, tongue.language) or word(tongue, "no_lines"),
        total=_money(what["total"], what["currency"], tongue),
    )


def _line(line: Mapping[str, Any], tongue: Tongue) -> str:
    name = tongue.products.get(line["product_id"], line["product_id"])
    if line["quantity"] == 1:
        return str(name)
    return word(tongue, "times", product=name, quantity=line["quantity"])


def _refund(what: Mapping[str, Any], tongue: Tongue) -> str:
    total = _money(what["refunded"], what["currency"], tongue)
    return word(tongue, "refunded", order=what["order_id"], total=total)


def _fact(what: Mapping[str, Any], tongue: Tongue) -> str:
    value = what["value"]
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    said = word(tongue, "learnt", subject=what["subject"], kind=what["kind"], value=told)
    if what["valid_to"] is not None:
        said = word(tongue, "until", what=said, at=str(what["valid_to"])[:10])
    quoted = what["said"] and _shortened(what["said"])
    return word(tongue, "said", what=said, said=quoted) if quoted else said


def _offer(what: Mapping[str, Any], tongue: Tongue) -> str:
    product = tongue.products.get(what["product_id"], what["product_id"])
    state = tongue.with_reason(word(tongue, what["state"]), what["reason"])
    campaign = tongue.about(what["campaign"], None)
    return word(tongue, "of", product=product, campaign=campaign, state=state)


def _consent(what: Mapping[str, Any], tongue: Tongue) -> str:
    purpose, action = word(tongue, what["purpose"]), word(tongue, what["action"])
    return word(tongue, "permission", purpose=purpose, action=action)


def _points(what: Mapping[str, Any], tongue: Tongue) -> str:
    name = "earned" if what["to_account"] == "customer" else "spent"
    return word(tongue, name, amount=f"{what['amount']:,}", reason=what["reason"])


_TELLS: Mapping[str, Callable[[Mapping[str, Any], Tongue], str]] = {
    "turn": _turn,
    "event": _event,
    "order": _order,
    "refund": _refund,
    "fact": _fact,
    "offer": _offer,
    "consent": _consent,
    "points": _points,
}


def _money(amount: Any, currency: str, tongue: Tongue) -> str:
    return formats.money(Decimal(str(amount)), currency, tongue.language)


def _shortened(said: str) -> str:
    """In one line."""
    words = " ".join(said.split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
