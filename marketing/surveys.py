"""Whom a question of the shop's may be put to, and what an answer chooses. A survey is what the
shop's profile says of it (`surveys`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

Survey = Mapping[str, Any]

MUTED = "surveys"
"""The topic of whoever does not want to be asked."""
_NAMES = re.compile(
    r"설문|조사|앙케[이트]|여론|\b(surveys?|questionnaires?|polls?)\b", re.IGNORECASE
)
_REFUSES = re.compile(
    r"안\s?(할|하|해|받)|하지\s?(마|말|않)|그만|싫|사양|거절|빼\s?주|됐|귀찮|필요\s?없|묻지\s?(마|말)"
    r"|\b(no|not|never|stop|skip|quit|without|hate)\b|n['’]t\b|\bopt out\b",
    re.IGNORECASE,
)


def next_of(
    surveys: Sequence[Survey],
    *,
    today: date,
    language: str,
    bought: Collection[str],
    asked: Collection[str],
) -> Survey | None:
    """The first that may be put to somebody of that language who has `bought` these categories and
    has been `asked` these before."""
    return next(
        (
            one
            for one in surveys
            if one["id"] not in asked
            and date.fromisoformat(one["asked_from"]) <= today
            and today <= date.fromisoformat(one["asked_until"])
            and _is_for(one["asked_of"], language, bought)
        ),
        None,
    )


def _is_for(asked_of: Mapping[str, Any], language: str, bought: Collection[str]) -> bool:
    languages, categories = asked_of["languages"], asked_of["bought"]
    return (not languages or language in languages) and (
        not categories or not set(categories).isdisjoint(bought)
    )


def speaks_of_surveys(text: str) -> bool:
    """True for a message that names them."""
    return _NAMES.search(text) is not None


def refuses(text: str) -> bool:
    """True for whoever wants to be asked none: "설문 안 할래요", "no more surveys"."""
    return speaks_of_surveys(text) and _REFUSES.search(text) is not None
