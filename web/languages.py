"""Which language a page is in: what was chosen, else what the browser asks for."""

from __future__ import annotations

from fastapi import Request

KOREAN, ENGLISH = "ko", "en"
KNOWN = frozenset({KOREAN, ENGLISH})
COOKIE = "dangol_language"


def of_page(request: Request) -> str:
    """By `?lang=`, else the cookie of an earlier choice, else Accept-Language."""
    return (
        chosen(request.query_params.get("lang"))
        or chosen(request.cookies.get(COOKIE))
        or preferred(request.headers.get("accept-language", ""))
    )


def of_link(request: Request, language: str) -> str:
    """For a page that a text leads to: by `?lang=`, else as the text was written."""
    return chosen(request.query_params.get("lang")) or language


def spoken_at(number: str) -> str:
    """What is spoken where a telephone number is."""
    return KOREAN if number.startswith("+82") else ENGLISH


def chosen(given: object) -> str | None:
    """The language that was asked for; None if it is not one of ours."""
    return given if isinstance(given, str) and given in KNOWN else None


def preferred(accept_language: str) -> str:
    """The one of ours that an Accept-Language header (RFC 9110 §12.5.4) prefers; else English."""
    best, best_weight = ENGLISH, 0.0
    for part in accept_language[:1000].split(","):
        tag, _, parameter = part.strip().partition(";")
        language = tag.strip().lower().split("-")[0]
        weight = _weight(parameter)
        if language in KNOWN and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
