"""The calls of the Segment HTTP tracking API, read strictly: what kind, about whom, what, how long
ago. Decides nothing and knows no database.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from web import commerce
from web.incoming_text import without_control_characters
from web.refusals import Refusal

IDENTIFY, TRACK, PAGE, SCREEN, ALIAS = "identify", "track", "page", "screen", "alias"
KINDS = frozenset({IDENTIFY, TRACK, PAGE, SCREEN, ALIAS})
GROUP = "group"
"""The one call of the API that means nothing here: a customer of a shop is one person."""
PAGE_VIEWED, SCREEN_VIEWED = "Page Viewed", "Screen Viewed"
_VIEWED = {PAGE: PAGE_VIEWED, SCREEN: SCREEN_VIEWED}

_LONGEST_ID = 255
_DEEPEST = 12
_OLDEST = timedelta(days=3650)


class CallNotValid(Refusal):
    """The call cannot be taken as it is."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(400, code, message)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call."""

    kind: str
    message_id: str | None
    """The sender's own id: the same one again is the same call."""
    user_id: str | None
    """The shop's id of a customer it knows."""
    anonymous_id: str | None
    """A visitor's id, minted by us or by the shop's page; of an alias: who the user was before."""
    event: str
    """What happened; empty for `identify` and `alias`."""
    values: Mapping[str, Any]
    """`traits` of an identify, else `properties`."""
    locale: str
    age: timedelta
    """How long ago it happened, by the sender's own clock."""

    @property
    def links(self) -> bool:
        """True if it says who somebody is, and not what they did."""
        return self.kind in (IDENTIFY, ALIAS)

    @property
    def names(self) -> frozenset[str]:
        """Every id that it names."""
        return frozenset(one for one in (self.user_id, self.anonymous_id) if one is not None)


def read(kind: str, given: object, *, sent_at: object = None, received_at: datetime) -> Call:
    """One call of that kind, as JSON was read; `received_at` is real time, and `sent_at` that of a
    batch. Raises CallNotValid."""
    if not isinstance(given, dict):
        raise CallNotValid("not_an_object", "A call must be a JSON object.")
    user_id = _identifier(given, "userId")
    anonymous_id = _identifier(given, "previousId" if kind == ALIAS else "anonymousId")
    if user_id is None and anonymous_id is None:
        raise CallNotValid("nobody_named", "A call needs a `userId` or an `anonymousId`.")
    return Call(
        kind=kind,
        message_id=_identifier(given, "messageId"),
        user_id=user_id,
        anonymous_id=anonymous_id,
        event=_event(kind, given),
        values=_values(kind, given),
        locale=_locale(given.get("context")),
        age=_age(given, sent_at, received_at),
    )


def _identifier(given: Mapping[str, Any], name: str) -> str | None:
    found = given.get(name)
    if found is None:
        return None
    told = str(found) if isinstance(found, int) and not isinstance(found, bool) else found
    if not isinstance(told, str) or len(told) > _LONGEST_ID or not told.isprintable():
        raise CallNotValid("id_not_valid", f"`{name}` must be a text of up to {_LONGEST_ID} signs.")
    return told.strip() or None


def _event(kind: str, given: Mapping[str, Any]) -> str:
    if kind != TRACK:
        return _VIEWED.get(kind, "")
    name = given.get("event")
    told = without_control_characters(name).strip() if isinstance(name, str) else ""
    if not told or len(told) > _LONGEST_ID:
        raise CallNotValid("event_missing", "`event` must say in a few words what happened.")
    return commerce.standard_name(told)


def _values(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A page's name stands beside its properties."""
    if kind == IDENTIFY:
        return _object(given, "traits")
    if kind not in _VIEWED:
        return _object(given, "properties")
    named = {name: given[name] for name in ("name", "category") if given.get(name)}
    kept: dict[str, Any] = _kept(named, "name", 0)
    return {**kept, **_object(given, "properties")}


def _object(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = given.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise CallNotValid("not_an_object", f"`{name}` must be a JSON object.")
    kept: dict[str, Any] = _kept(found, name, 0)
    return kept


def _kept(value: Any, name: str, depth: int) -> Any:
    """What a database takes: text without control characters, and numbers that are numbers."""
    if depth > _DEEPEST:
        raise CallNotValid("too_deep", f"`{name}` holds objects in objects without end.")
    if isinstance(value, str):
        return without_control_characters(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise CallNotValid("number_not_valid", f"`{name}` holds a number that is none.")
    if isinstance(value, dict):
        return {
            _kept(key, name, depth): _kept(each, name, depth + 1) for key, each in value.items()
        }
    if isinstance(value, list):
        return [_kept(each, name, depth + 1) for each in value]
    return value


def _locale(context: object) -> str:
    found = context.get("locale") if isinstance(context, dict) else None
    return found if isinstance(found, str) else ""


def _age(given: Mapping[str, Any], sent_at: object, received_at: datetime) -> timedelta:
    """Segment's correction: `receivedAt - (sentAt - originalTimestamp)`. The two of the sender are
    of one clock, which need not be right; a `timestamp` beside a `receivedAt` has been corrected on
    its way here. What is in the future, or older than ten years, is taken for now."""
    told = _moment(given.get("timestamp"))
    if told is not None and _moment(given.get("receivedAt")) is not None:
        age = received_at - told
    else:
        happened = _moment(given.get("originalTimestamp")) or told
        sent = _moment(given.get("sentAt")) or _moment(sent_at) or received_at
        age = sent - happened if happened is not None else timedelta()
    return age if timedelta() < age < _OLDEST else timedelta()


def _moment(given: object) -> datetime | None:
    """ISO 8601; without a zone it is UTC. None for anything else."""
    if not isinstance(given, str):
        return None
    try:
        found = datetime.fromisoformat(given.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
