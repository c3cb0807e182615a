"""What a customer typed, made safe for Rasa: never a command, never too long (RULES IN-1, IN-4)."""

from __future__ import annotations

import re
import unicodedata

MOST_LETTERS = 2_000
WORD_JOINER = "\u2060"
"""Not white space for `str.strip`, no letter for the tokeniser: hides a leading slash from Rasa."""

_COMMAND = re.compile(r"(EXTERNAL:\s*)?/[^\s{\[@;]*\s*([{\[@;].*)?|EXTERNAL:.*", re.DOTALL)
_SLASHES = re.compile("[\uff0f\u2044\u2215\u29f8]")
"""Signs that look like the slash and may be made one on the way."""


def neutralised(text: str) -> str:
    """`text` without control signs, at most MOST_LETTERS long, never starting with a slash.

    Rasa reads a text that starts with "/" as an intent with its entities at full confidence; a
    word joiner in front makes it ordinary text (RULES IN-1).
    """
    seen = _bare(text)[:MOST_LETTERS]
    return WORD_JOINER + seen[: MOST_LETTERS - 1] if seen.startswith("/") else seen


def is_command(text: str) -> bool:
    """True if the whole text has the shape of Rasa's own commands (`/name`, `/name{…}`,
    `EXTERNAL: name`): nobody says that to a shop, so it is not guessed at either."""
    return _COMMAND.fullmatch(_SLASHES.sub("/", _bare(text))) is not None


def _bare(text: str) -> str:
    visible = "".join(
        sign if sign in "\n\t" or unicodedata.category(sign) != "Cc" else " " for sign in text
    )
    seen = [place for place, sign in enumerate(visible) if not _is_unseen(sign)]
    return visible[seen[0] : seen[-1] + 1] if seen else ""


def _is_unseen(sign: str) -> bool:
    """White space, and what formats text without showing: zero-width and direction marks."""
    return sign.isspace() or unicodedata.category(sign) in ("Cf", "Zs")
