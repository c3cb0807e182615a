"""Recall: what the next turn needs to know of a customer, in one round trip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from marketing.avoidance import JUST_BOUGHT
from marketing.disclosure import VISIT
from marketing.silence import is_silent
from memory import sealing, search
from memory.codes import MOST_TRIES
from memory.consents import Standing, standing_of
from memory.facts import Fact
from memory.offers import ANSWERABLE, Offer
from memory.ranking import About
from memory.search import Past

MOST_PAST = 5
"""Past turns that a turn is given."""

_COLUMNS = """
    SELECT c.language, c.name, c.country, c.time_zone, p.marketing, v.tracker,
      c.learning_stopped_at IS NULL AS may_learn,
      (SELECT s.digest FROM shop s) AS shop_digest,
      (SELECT r.release_id FROM releases r WHERE r.is_live) AS release_id,
      (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f.valid_from, f.fact_id), '[]')
         FROM facts f WHERE f.customer_id = c.customer_id AND f.valid_to IS NULL) AS facts,
      (SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM (
         SELECT o.order_id, o.ordered_at, o.total, o.currency, o.refunded,
           (SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.line), '[]') FROM order_lines l
             WHERE l.customer_id = o.customer_id AND l.order_id = o.order_id) AS lines
           FROM orders o WHERE o.customer_id = c.customer_id
           ORDER BY o.ordered_at DESC LIMIT 5) o) AS orders,
      (SELECT coalesce(jsonb_agg(DISTINCT l.product_id), '[]')
         FROM order_lines l JOIN orders o USING (customer_id, order_id)
         WHERE l.customer_id = c.customer_id AND o.ordered_at > :bought_since) AS just_bought,
      (SELECT coalesce(jsonb_agg(DISTINCT l.product_id), '[]')
         FROM order_lines l JOIN orders o USING (customer_id, order_id)
         WHERE l.customer_id = c.customer_id AND (l.given_back OR (o.refunded > 0 AND (
           o.refunded >= o.total OR NOT EXISTS (
             SELECT FROM order_lines b WHERE b.customer_id = l.customer_id
               AND b.order_id = l.order_id AND b.given_back))))) AS given_back,
      (SELECT coalesce(jsonb_agg(v.product_id), '[]') FROM (
         SELECT e.properties ->> 'product_id' AS product_id FROM events e
           WHERE e.customer_id = c.customer_id AND e.name = 'Product Viewed'
             AND e.occurred_at > :since
           ORDER BY e.occurred_at DESC LIMIT 10) v) AS viewed,
      (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.seq), '[]') FROM (
         SELECT t.seq, t.direction, t.text, t.intent, t.at, t.payload ->> 'by' AS person
           FROM turns t
           WHERE t.customer_id = c.customer_id AND t.seq < :seq AND NOT t.payload ? 'by_machine'
           ORDER BY t.seq DESC LIMIT 12) t) AS lately,
      (SELECT coalesce(jsonb_agg(to_jsonb(o) ORDER BY o.opened_at DESC, o.offer_id DESC), '[]')
         FROM offers o WHERE o.customer_id = c.customer_id AND o.state = 'open'
           AND o.opened_at > :answerable) AS offers,
      (SELECT jsonb_build_object('key_id', k.key_id, 'sealed', k.sealed)
         FROM codes k WHERE k.customer_id = c.customer_id AND k.closed_at IS NULL
           AND k.tries < :most_tries AND k.expires_at > clock_timestamp()
         ORDER BY k.code_id DESC LIMIT 1) AS code_sent_to,
      EXISTS (SELECT FROM hand_overs h WHERE h.customer_id = c.customer_id
           AND h.state = 'taken') AS is_with_person,
      (SELECT coalesce(jsonb_agg(to_jsonb(n) ORDER BY n.address_id), '[]') FROM (
         SELECT a.address_id, a.key_id, a.sealed, a.proof, a.stopped_at IS NOT NULL AS is_stopped,
           a.last_heard_at,
           (SELECT coalesce(jsonb_agg(to_jsonb(l)), '[]') FROM (
              SELECT DISTINCT ON (s.purpose) s.purpose, s.action, s.at FROM consents s
                WHERE s.customer_id = a.customer_id
                  AND (s.address_id = a.address_id OR s.action IN ('refused', 'withdrawn'))
                  AND s.purpose IN ('marketing', 'night')
                ORDER BY s.purpose, s.consent_id DESC) l) AS ledger
           FROM addresses a WHERE a.customer_id = c.customer_id AND a.kind = 'phone'
             AND a.unlinked_at IS NULL) n
      ) AS numbers,
"""
_CUSTOMER = """
      FROM customers c JOIN permissions p USING (customer_id)
                       JOIN conversations v USING (customer_id)
      WHERE c.customer_id = :customer_id
"""
_QUERY = text(_COLUMNS + search.COLUMNS + _CUSTOMER)


@dataclass(frozen=True, kw_only=True)
class Number:
    """A telephone number of the customer, and what may be sent there."""

    address_id: int
    value: str
    """E.164."""
    proof: str
    """`none` also if it was silent for so long that it may be somebody else's."""
    is_stopped: bool
    standing: Standing
    is_silent: bool = False


@dataclass(frozen=True, kw_only=True)
class Recalled:
    """What memory holds, as of the start of a turn."""

    language: str | None
    name: str | None
    country: str | None
    time_zone: str | None
    marketing: str
    is_proven: bool
    may_learn: bool
    """False if they asked that nothing be kept."""
    facts: Sequence[Fact]
    orders: Sequence[Mapping[str, Any]]
    """Newest first, five at most: order_id, ordered_at, total, currency, refunded, lines."""
    viewed: Sequence[str]
    """Product ids seen in the last day, newest first. Used, never recited as browsing."""
    lately: Sequence[Mapping[str, Any]]
    """The last dozen utterances before this one, oldest first: seq, direction, text, intent, at,
    and the person of the shop who said it, if one did."""
    visit_began_at: datetime
    tracker: Mapping[str, Any] | None = None
    """Rasa's scratch pad of this conversation, if there is one."""
    shop_digest: str = ""
    """Changes whenever the catalogue does; empty before the first sync."""
    release_id: int | None = None
    """What is live."""
    offers: Sequence[Offer] = ()
    """The offers that an answer may be about, newest first."""
    just_bought: Sequence[str] = ()
    """Products of every order of the last `JUST_BOUGHT`."""
    given_back: Sequence[str] = ()
    """Products that came back, of whatever order; all of an order, if it is not told which."""
    code_sent_to: str | None = None
    """The number that a code was sent to and that waits for it to be typed."""
    is_with_person: bool = False
    """True while a person answers: the assistant is silent."""
    is_silent: bool = False
    """True if the number that writes was silent for long: nothing from before is here."""
    numbers: Sequence[Number] = ()
    about: About | None = None
    """What is asked now."""
    nearest: Sequence[Past] = ()
    """Of earlier visits, what has to do with what is said now; the nearest first, each with why."""

    @property
    def is_person_newest(self) -> bool:
        """True if what the customer heard last was said by a person of the shop."""
        heard = [one for one in self.lately if one["direction"] == "out"]
        return bool(heard) and heard[-1]["person"] is not None

    def fact(self, kind: str, subject: str = "self") -> Fact | None:
        """The fact of that kind that holds now."""
        for fact in self.facts:
            if fact.kind == kind and fact.subject == subject:
                return fact
        return None


def recall(
    connection: Connection,
    customer_id: str,
    *,
    now: datetime,
    before_seq: int,
    is_proven: bool,
    about: About | None = None,
    address_id: int | None = None,
) -> Recalled:
    """Everything the turn at `before_seq` needs; `about` is what is asked there, `address_id` the
    number it came from: only this visit, if that has been silent for long. In one round trip, with
    one more for the words of earlier visits that it calls to mind, if there are any (and a
    third for those beyond the newest turns). Raises sqlalchemy.exc.NoResultFound."""
    row = connection.execute(
        _QUERY,
        {
            "customer_id": customer_id,
            "seq": before_seq,
            "since": now - timedelta(days=1),
            "bought_since": now - JUST_BOUGHT,
            "answerable": now - ANSWERABLE,
            "most_tries": MOST_TRIES,
            **search.parameters(about),
        },
    ).one()
    began = _visit_began(row.lately, now)
    recalled = Recalled(
        language=row.language,
        name=row.name,
        country=row.country,
        time_zone=row.time_zone,
        marketing=row.marketing,
        is_proven=is_proven,
        may_learn=row.may_learn,
        facts=[_fact(found) for found in row.facts],
        orders=row.orders,
        just_bought=row.just_bought,
        given_back=row.given_back,
        viewed=row.viewed,
        lately=row.lately,
        visit_began_at=began,
        tracker=row.tracker,
        shop_digest=row.shop_digest or "",
        release_id=row.release_id,
        offers=[_offer(found) for found in row.offers],
        code_sent_to=_opened(connection, row.code_sent_to) if row.code_sent_to else None,
        is_with_person=row.is_with_person,
        numbers=[_number(connection, found, now) for found in row.numbers],
        about=about,
        nearest=_nearest(connection, customer_id, about, row, began=began, now=now),
    )
    is_silent = any(one.is_silent for one in recalled.numbers if one.address_id == address_id)
    return _of_this_visit(recalled) if is_silent else recalled


def _of_this_visit(recalled: Recalled) -> Recalled:
    """What a stranger who has got the number would know: what they have said themselves."""
    began = recalled.visit_began_at
    lately = [one for one in recalled.lately if datetime.fromisoformat(one["at"]) >= began]
    return replace(
        recalled,
        is_silent=True,
        is_proven=False,
        name=None,
        facts=[fact for fact in recalled.facts if fact.valid_from >= began],
        orders=[],
        just_bought=[],
        given_back=[],
        viewed=[],
        lately=lately,
        tracker=recalled.tracker if lately else None,
        offers=[],
        nearest=(),
    )


def _nearest(
    connection: Connection,
    customer_id: str,
    about: About | None,
    row: Any,
    *,
    began: datetime,
    now: datetime,
) -> Sequence[Past]:
    """What this visit has said is at hand anyway."""
    newest = search.candidates(row.past)
    if about is None or not newest or newest[-1].at >= began.timestamp():
        return ()
    ranked = search.nearest(
        connection,
        customer_id,
        about,
        newest=newest,
        frequencies=row.frequencies,
        now=now,
        limit=MOST_PAST,
        until=began,
    )
    return search.told(connection, customer_id, ranked)


def _fact(found: Mapping[str, Any]) -> Fact:
    kept = {key: found[key] for key in Fact.__dataclass_fields__}
    return Fact(**{**kept, "valid_from": datetime.fromisoformat(found["valid_from"])})


def _offer(found: Mapping[str, Any]) -> Offer:
    kept = {key: found[key] for key in Offer.__dataclass_fields__}
    moments = {key: datetime.fromisoformat(found[key]) for key in ("planned_at", "opened_at")}
    return Offer(**{**kept, **moments})


def _opened(connection: Connection, found: Mapping[str, Any]) -> str:
    """What is sealed; in JSON bytes are written in hexadecimal behind a mark."""
    sealed = bytes.fromhex(found["sealed"].removeprefix(r"\x"))
    return sealing.open_(connection, found["key_id"], sealed)


def _number(connection: Connection, found: Mapping[str, Any], now: datetime) -> Number:
    ledger = [
        (line["purpose"], line["action"], datetime.fromisoformat(line["at"]))
        for line in found["ledger"]
    ]
    heard = found["last_heard_at"]
    silent = is_silent(datetime.fromisoformat(heard) if heard else None, now=now)
    return Number(
        address_id=found["address_id"],
        value=_opened(connection, found),
        proof="none" if silent else found["proof"],
        is_stopped=found["is_stopped"],
        standing=standing_of(ledger, now=now),
        is_silent=silent,
    )


def _visit_began(lately: Sequence[Mapping[str, Any]], now: datetime) -> datetime:
    """Going back through the customer's utterances, where the last long silence ended."""
    began = now
    for spoken in reversed(lately):
        if spoken["direction"] != "in":
            continue
        at = datetime.fromisoformat(spoken["at"])
        if began - at > VISIT:
            break
        began = at
    return began
