"""Reads the conversations of `test_<flow>.yml` and `test_understanding_<theme>.yml`: who writes,
what they say, what must come of it.

conversations:
- case: a use case, in words
  unhappy: false          # true if something is wrong, refused, unclear, missing or not done
  language: ko            # what the customer is known to write; optional
  channel: web            # or sms
  country: US             # whose money they pay in; optional
  proven: false           # logged in at the shop
  name: 김민수             # what the shop calls them
  at: 2026-11-23T14:00:00+09:00
  number: "+15035550142"  # theirs; the one they write from, by text
  facts: [{kind: shoe_size, value: 270, subject: self}]     # told yesterday, or days_ago
  viewed: [ridge-gtx]     # pages seen a few minutes ago
  bought: [sori-road]
  orders: [{number: "1043", products: [sori-road/SOR-NVY-270-R], days_ago: 3, total: 119000,
            told: [{event: Order Shipped, days_ago: 1, carrier: CJ}]}]
                          # by name, or by name/sku; a `total` that was told is given back
  basket: [{event: Product Added, product_id: sori-road, sku: SOR-NVY-270-R}]    # an hour ago
  points: [{earned: 1190, order: "1043", days_ago: 3}, {spent: 1000, days_ago: 1}]     # or expired
  consents: [marketing]   # given two days ago, on their number
  offers: [{product: ridge-gtx, days_ago: 3, campaign: browse, about: {size: "270"}}]     # open
  others: [{number: "+821055550001", name: 영희, facts: […], stopped: true, shows: ridge-gtx}]
                          # somebody else; `shows`: this customer has opened the link of their offer
  steps:
  - says: 러닝화 추천해 주세요     # {code}: the one texted last; a list is said in a row
    days_later: 1         # before it is said; or hours_later, minutes_later
    offered: [ridge-gtx]  # told to them before it is said
    buys: ridge-gtx       # at the checkout, before it is said
    seen_to: {product: ridge-gtx, note: {ko: …}, points: 2000}    # done, of what they wished for
    by: "+15035550142"    # written from this number, by text; `web` again in the chat
    understood: ask_recommendation
    contains: [270]       # in the answers, all of them together
    lacks: [사이즈를 알려]
    cards: [sori-road]    # exactly these, or a number of them
    buttons: [러닝화]      # at least these
    facts: {shoe_size: 270}         # what holds afterwards of the customer, exactly
    family: {child: {clothing_size: "90"}}    # and of others, exactly
    texts: [인증번호]       # in the texts that this sent, beside the answer; [] for none
    text_to: "+15035550142"         # where they went
    offers: {ridge-gtx: accepted}   # what became of these offers
    waits: [packs 책가방 2027-03-02T10:00+09:00]    # every reminder: of what, called what, when
    voices: [bought_elsewhere packs haru-20]    # every item for the shop: kind, topic, product
    muted: [mothers_day]  # every topic that is not spoken of
    consents: [marketing requested, marketing given]     # the whole ledger of their number
    times: 1              # how many messages the answer is
    handed_over: 주문번호 1043     # in what the shop's people are asked; false if they are not
    silent: true          # nothing is answered
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from tests.conversations.real_shop import ROOT

FOLDER = ROOT / "tests" / "conversations"
OF_A_CONVERSATION = frozenset(
    (
        *("case", "unhappy", "language", "channel", "country", "proven", "name", "at", "number"),
        "facts",
        *(
            "viewed",
            "bought",
            "orders",
            "basket",
            "points",
            "consents",
            "offers",
            "others",
            "steps",
        ),
    )
)
OF_A_STEP = frozenset(
    (
        *("says", "days_later", "hours_later", "minutes_later", "offered", "buys", "by"),
        "seen_to",
        *("understood", "contains", "lacks", "cards", "buttons", "facts", "family", "silent"),
        *("times",),
        *("texts", "text_to", "offers", "consents", "muted", "waits", "voices"),
        *("handed_over",),
    )
)


@dataclass(frozen=True, kw_only=True)
class WrittenConversation:
    """One conversation of a file."""

    flow: str
    case: str
    is_unhappy: bool
    channel: str
    at: datetime
    customer: Mapping[str, Any]
    others: list[Mapping[str, Any]]
    steps: list[Mapping[str, Any]]


def all_conversations() -> Iterator[WrittenConversation]:
    """Every conversation of every file, in order."""
    for path in sorted(FOLDER.glob("test_*.yml")):
        content = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        for written in content["conversations"]:
            yield _conversation(path, written)


def _conversation(path: Path, written: Mapping[str, Any]) -> WrittenConversation:
    _refuse_unknown(path, written, OF_A_CONVERSATION)
    for step in written["steps"]:
        _refuse_unknown(path, step, OF_A_STEP)
    at = written.get("at") or datetime.fromisoformat("2026-11-23T14:00:00+09:00")
    assert at.tzinfo is not None, f"{path.name}: {written['case']}: `at` needs a time zone"
    return WrittenConversation(
        flow=path.stem.removeprefix("test_"),
        case=written["case"],
        is_unhappy=written.get("unhappy", False),
        channel=written.get("channel", "web"),
        at=at,
        customer={
            "is_proven": written.get("proven", False),
            "name": written.get("name"),
            "language": written.get("language"),
            "known": written.get("facts", ()),
            "viewed": written.get("viewed", ()),
            "bought": written.get("bought", ()),
            "ordered": written.get("orders", ()),
            "basket": written.get("basket", ()),
            "moved_points": written.get("points", ()),
            "country": written.get("country"),
            "number": written.get("number"),
            "consented": written.get("consents", ()),
            "offered": written.get("offers", ()),
        },
        others=list(written.get("others", ())),
        steps=list(written["steps"]),
    )


def _refuse_unknown(path: Path, given: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = set(given) - known
    assert not unknown, f"{path.name}: nothing is called {', '.join(sorted(unknown))} there"
