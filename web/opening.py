"""The first line of a web conversation: that this is an automatic assistant, and how to reach a
person. Its words are the live release's.
"""

from __future__ import annotations

import logging
from typing import Any

from marketing import wording
from marketing.errors import NothingLive
from memory import catalogue, clock, releases, turns
from memory.engine import Connection

log = logging.getLogger(__name__)

RESPONSE = "utter_automatic_assistant"


def write_opening(connection: Connection, customer_id: str, *, language: str) -> None:
    """Write the line, unless it is the last thing said already or no release is live."""
    if _was_just_said(connection, customer_id):
        return
    said = _opening(connection, language)
    if said is not None:
        turns.append(
            connection,
            customer_id,
            [said],
            direction="out",
            channel="web",
            language=language,
            at=clock.business_now(connection),
        )


def _was_just_said(connection: Connection, customer_id: str) -> bool:
    last = turns.last_seq(connection, customer_id)
    return any(
        turn.payload.get("opening") for turn in turns.after(connection, customer_id, last - 1)
    )


def _opening(connection: Connection, language: str) -> turns.Utterance | None:
    try:
        variants = releases.live(connection).words.get(RESPONSE, ())
    except NothingLive:
        return None
    chosen = wording.choose(variants, language=language, channel="web")
    if chosen is None:
        log.error("The live release has no first line.", extra={"action": "opening_missing"})
        return None
    try:
        text = wording.fill(str(chosen["text"]), _shop(connection, language))
    except KeyError as blank:
        log.error(
            "The first line has a blank that nobody fills.",
            extra={"action": "opening_not_filled", "blank": str(blank)},
        )
        return None
    return turns.Utterance(text=text, payload={"opening": True, **_quick_replies(chosen)})


def _shop(connection: Connection, language: str) -> dict[str, str]:
    store = catalogue.store_profile(connection)
    return {
        "shop_name": store.get("name", {}).get(language, "Dangol"),
        "shop_phone": store.get("phone", {}).get(language, ""),
    }


def _quick_replies(variant: wording.Variant) -> dict[str, Any]:
    buttons = [
        {"title": button["title"], "text": button["payload"]}
        for button in variant.get("buttons") or ()
    ]
    return {"buttons": buttons} if buttons else {}
