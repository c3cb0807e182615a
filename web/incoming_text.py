"""What a customer typed, made safe to keep. Refuses what nobody can have typed; keeps the words."""

from __future__ import annotations

import re
import unicodedata

from marketing import card_numbers
from web.refusals import Refusal

LONGEST = 2000
"""Characters (RULES IN-4)."""
PICTURE_ONLY = "📷"
"""Kept for a text message that carries pictures and says nothing: the dialogue asks for words."""
NOTHING_SAID = "…"
"""Kept for a text message that is empty."""
_KEPT = frozenset("\n\t")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_MESSAGE_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")


def chat_text(given: object) -> str:
    """The text of a chat message without control characters and numbers of cards.

    Refuses with 422 what is no text, empty, longer than LONGEST, or holds U+0000 or half a
    surrogate pair.
    """
    if not isinstance(given, str):
        raise Refusal(422, "text_missing", "`text` must be a string.")
    if len(given) > LONGEST:
        raise Refusal(422, "text_too_long", f"The text is longer than {LONGEST} characters.")
    if "\x00" in given or any(unicodedata.category(sign) == "Cs" for sign in given):
        raise Refusal(422, "text_not_valid", "The text holds characters that are not text.")
    cleaned = without_control_characters(given)
    if not _can_be_seen(cleaned):
        raise Refusal(422, "text_empty", "The text is empty.")
    return card_numbers.masked(cleaned)


def sms_text(given: str, *, media_count: int) -> str:
    """What to keep of a text message: it is never refused, cut after LONGEST characters, and the
    number of a card in it is not kept."""
    cleaned = card_numbers.masked(without_control_characters(given))[:LONGEST]
    if _can_be_seen(cleaned):
        return cleaned
    return PICTURE_ONLY if media_count else NOTHING_SAID


def message_id(given: object) -> str | None:
    """The sender's own id of a message, for safe retries; None if there is none."""
    if given is None:
        return None
    if not isinstance(given, str) or not _MESSAGE_ID.fullmatch(given):
        raise Refusal(
            422, "message_id_not_valid", "`message_id` must be 1 to 100 of A-Z a-z 0-9 . _ : -"
        )
    return given


def without_control_characters(text: str) -> str:
    """`text` without control characters and surrogates; line breaks and tabs stay."""
    if text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign for sign in lines if sign in _KEPT or unicodedata.category(sign) not in {"Cc", "Cs"}
    )


def _can_be_seen(text: str) -> bool:
    return any(unicodedata.category(sign) not in _UNSEEN for sign in text)
