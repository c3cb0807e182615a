"""Who is who by the shop's word (proof `shop`): its log-ins, the telephone and e-mail of each, and
the anonymous visitor who turned out to be one of its customers.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import phonenumbers

from memory import addresses, customers, linking, merging, named, sessions
from memory.engine import Connection
from web import languages, tracking
from web.tracking import Call, CallNotValid

log = logging.getLogger(__name__)

PROOF = "shop"
NO_PROOF = "none"
VISITOR = named.VISITOR
_LONGEST_NAME = 100


def was_minted(anonymous_id: str) -> bool:
    """True for an id as only we make them: if it is nobody's it is wrong, or they were erased."""
    return anonymous_id.startswith(customers.PREFIX)


def unknown_visitor() -> CallNotValid:
    """Why such a call is refused."""
    return CallNotValid("anonymous_id_unknown", "`anonymousId` is no visitor of this site.")


def customer_of(connection: Connection, call: Call, *, now: datetime) -> str:
    """Whom a call of the shop's own system is about. A log-in or a visitor that is new is a new
    customer. Raises CallNotValid."""
    if call.user_id is not None:
        return _log_in(connection, call.user_id, now, language_of(call)).customer_id
    return visitor(connection, call, now=now)


def visitor(connection: Connection, call: Call, *, now: datetime) -> str:
    """Whom its anonymous id stands for; somebody new if nobody. Raises CallNotValid."""
    found = visitor_of(connection, call)
    if found is not None:
        return found
    if call.anonymous_id is None or was_minted(call.anonymous_id):
        raise unknown_visitor()
    return customers.of_address(
        connection,
        VISITOR,
        call.anonymous_id,
        proof=NO_PROOF,
        now=now,
        language=language_of(call),
    ).customer_id


def visitor_of(connection: Connection, call: Call) -> str | None:
    """The visitor that we know by the anonymous id, or whoever they turned out to be."""
    if call.anonymous_id is None:
        return None
    # An anonymous id is a visitor's: never a number, or the log-in of somebody else.
    return named.visitor(connection, call.anonymous_id)


def identify(connection: Connection, call: Call, *, now: datetime) -> None:
    """What the shop's own system says of a customer: their visitor, name, number and e-mail
    address. Without a log-in nothing is linked. Raises CallNotValid."""
    if call.user_id is None:
        customer_of(connection, call, now=now)
        return
    if call.kind == tracking.ALIAS:
        _rename(connection, call, now)
    visitor = visitor_of(connection, call)
    known = logged_in(
        connection, call.user_id, visitor=visitor, now=now, language=language_of(call)
    )
    if visitor is None:
        _claim(connection, call, known, now)
    elif customers.resolve(connection, visitor) == known:
        sessions.prove(connection, known, proof=PROOF)
    name = _name(call.values)
    if name:
        customers.name_by_shop(connection, known, name, at=now - call.age)
    for kind, value in _addresses(connection, known, call.values):
        _vouch(connection, known, kind, value, now)


def _rename(connection: Connection, call: Call, now: datetime) -> None:
    """A user id of before, and nobody is known by the new one: it is another name of theirs."""
    before = addresses.find(connection, "login", call.anonymous_id or "")
    if before is not None and call.user_id is not None:
        addresses.add(
            connection,
            customer_id=before.customer_id,
            kind="login",
            value=call.user_id,
            proof=PROOF,
            now=now,
        )


def _claim(connection: Connection, call: Call, known: str, now: datetime) -> None:
    """What is told later of that anonymous id is told of them."""
    if call.anonymous_id is not None and not was_minted(call.anonymous_id):
        addresses.add(
            connection,
            customer_id=known,
            kind=VISITOR,
            value=call.anonymous_id,
            proof=NO_PROOF,
            now=now,
        )


def join_route(connection: Connection, anonymous_id: str, known: str, *, now: datetime) -> None:
    """The way of this browser before it had a session is theirs who have the session now: what only
    this browser can name, and what nobody is known by."""
    found = None if was_minted(anonymous_id) else named.visitor(connection, anonymous_id)
    if found not in (None, known) and named.is_route_only(connection, found):
        merging.merge(connection, gone=found, stays=known, proof=NO_PROOF, now=now)


def logged_in(
    connection: Connection,
    user_id: str,
    *,
    visitor: str | None,
    now: datetime,
    language: str | None = None,
) -> str:
    """The customer of that log-in, by the shop's word, with what the anonymous visitor said and
    did joined to it."""
    address = _log_in(connection, user_id, now, language)
    if visitor is not None:
        _join(connection, visitor=visitor, known=address.customer_id, now=now)
    if address.proof != PROOF:
        addresses.prove(connection, address.customer_id, address.address_id, proof=PROOF, now=now)
    return address.customer_id


def _log_in(
    connection: Connection, user_id: str, now: datetime, language: str | None
) -> addresses.Address:
    """Proven late: a merge locks a customer before their addresses."""
    return addresses.find(connection, "login", user_id) or customers.of_address(
        connection, "login", user_id, proof=PROOF, now=now, language=language
    )


def _join(connection: Connection, *, visitor: str, known: str, now: datetime) -> bool:
    """Make one of two; False for two whom the shop knows apart by their log-ins: they stay two."""
    if visitor == known:
        return True
    if linking.has_log_in(connection, visitor):
        log.warning(
            "Two customers with a log-in each were named as one.",
            extra={"action": "two_known_people", "customer_id": known, "other": visitor},
        )
        return False
    merging.merge(connection, gone=visitor, stays=known, proof=PROOF, now=now)
    return True


def language_of(call: Call) -> str | None:
    """What the sender's program speaks; None if it is none of ours."""
    return languages.chosen(call.locale[:2].lower())


def _vouch(connection: Connection, known: str, kind: str, value: str, now: datetime) -> None:
    """The address is theirs; whoever wrote from it so far was they."""
    held = addresses.find(connection, kind, value)
    if held is None:
        addresses.add(connection, customer_id=known, kind=kind, value=value, proof=PROOF, now=now)
    elif _join(connection, visitor=held.customer_id, known=known, now=now) and held.proof == "none":
        addresses.prove(connection, known, held.address_id, proof=PROOF, now=now)


def _name(traits: Mapping[str, Any]) -> str:
    parts = [traits.get(name) for name in ("firstName", "lastName")]
    joined = " ".join(part for part in parts if isinstance(part, str))
    told = traits.get("name") or joined
    return told.strip()[:_LONGEST_NAME] if isinstance(told, str) else ""


def _addresses(
    connection: Connection, known: str, traits: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    phone, email = traits.get("phone"), traits.get("email")
    if phone:
        told = str(phone).strip() if isinstance(phone, str | int) else ""
        yield "phone", _e164(told, _country(connection, known, traits, told))
    if email:
        yield "email", _email(email)


def _country(connection: Connection, known: str, traits: Mapping[str, Any], phone: str) -> str:
    """Where a number without a country's code is dialled; no American one begins with a zero."""
    address = traits.get("address")
    country = address.get("country") if isinstance(address, Mapping) else None
    if isinstance(country, str) and country.strip().upper() in phonenumbers.SUPPORTED_REGIONS:
        return country.strip().upper()
    customer = customers.get(connection, known)
    is_korean = customer.language == languages.KOREAN or phone.startswith("0")
    return customer.country or ("KR" if is_korean else "US")


def _e164(told: str, country: str) -> str:
    try:
        number = phonenumbers.parse("+" + told[2:] if told.startswith("00") else told, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise CallNotValid("phone_not_valid", "`traits.phone` is no telephone number.")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _email(given: object) -> str:
    told = given.strip().lower() if isinstance(given, str) else ""
    before, _, after = told.rpartition("@")
    if not before or "." not in after or len(told) > 254 or " " in told:
        raise CallNotValid("email_not_valid", "`traits.email` is no e-mail address.")
    return told
