"""What the live release says where no dialogue speaks: its first line, quick replies, notices."""

from __future__ import annotations

import logging
from typing import Any

from marketing import wording
from marketing.errors import NothingLive
from memory import catalogue, releases
from memory.engine import Connection

log = logging.getLogger(__name__)


def of_response(
    connection: Connection, response: str, *, language: str, channel: str = "web"
) -> wording.Variant | None:
    """The wording of a response; None, and a line in the log, if there is none."""
    try:
        variants = releases.live(connection).words.get(response, ())
    except NothingLive:
        return None
    chosen = wording.choose(variants, language=language, channel=channel)
    if chosen is None:
        log.error(
            "The live release has no such wording.",
            extra={"action": "wording_missing", "response": response},
        )
    return chosen


def told(
    connection: Connection, response: str, *, language: str, channel: str = "web", **more: str
) -> str | None:
    """Its text with all blanks filled: with what is known of the shop, and `more`. None, and a line
    in the log, if there is no such wording, or it has a blank that nobody fills."""
    chosen = of_response(connection, response, language=language, channel=channel)
    return filled(connection, chosen, response, language=language, **more) if chosen else None


def filled(
    connection: Connection, chosen: wording.Variant, response: str, *, language: str, **more: str
) -> str | None:
    """The text of a chosen wording, as `told` tells it."""
    try:
        return wording.fill(str(chosen["text"]), {**_of_the_shop(connection, language), **more})
    except KeyError as blank:
        log.error(
            "A wording has a blank that nobody fills.",
            extra={"action": "wording_not_filled", "response": response, "blank": str(blank)},
        )
        return None


def quick_replies(variant: wording.Variant | None) -> dict[str, Any]:
    """Its buttons as they stand in a row's payload; nothing if it has none."""
    buttons = [
        {"title": button["title"], "text": button["payload"]}
        for button in (variant or {}).get("buttons") or ()
    ]
    return {"buttons": buttons} if buttons else {}


def _of_the_shop(connection: Connection, language: str) -> dict[str, str]:
    store = catalogue.store_profile(connection)
    return {
        "shop_name": store.get("name", {}).get(language, "Dangol"),
        "shop_phone": store.get("phone", {}).get(language, ""),
    }
