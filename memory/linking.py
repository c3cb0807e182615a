"""Linking a number to the person in the chat, once they have typed the code that was sent to it
(RULES ID-4).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from memory import addresses, merging

PROOF = "code"


class Linked(StrEnum):
    """What came of it."""

    LINKED = "linked"
    BELONGS_TO_ANOTHER_LOGIN = "belongs_to_another_login"
    """Two people whom the shop knows apart are not made one by a number they share."""
    NOT_PROVEN = "not_proven"
    """Somebody known is not joined to another number by a browser that has not shown who it is."""


def link(
    connection: Connection, customer_id: str, phone: str, *, now: datetime, is_proven: bool = True
) -> Linked:
    """The number (E.164) is theirs: both channels are one person from now on, with one memory and
    one conversation. `is_proven`: who writes has shown that they are that customer."""
    if not is_proven and not may_prove(connection, customer_id, phone):
        return Linked.NOT_PROVEN
    found = addresses.find(connection, "phone", phone)
    if (
        found is not None
        and found.customer_id != customer_id
        and has_log_in(connection, customer_id)
        and has_log_in(connection, found.customer_id)
    ):
        return Linked.BELONGS_TO_ANOTHER_LOGIN
    if found is None:
        added = addresses.add(
            connection, customer_id=customer_id, kind="phone", value=phone, proof=PROOF, now=now
        )
        # If it was not added, somebody has just written from it for the first time.
        return Linked.LINKED if added else link(connection, customer_id, phone, now=now)
    merging.merge(connection, gone=found.customer_id, stays=customer_id, proof=PROOF, now=now)
    addresses.prove(connection, customer_id, found.address_id, proof=PROOF, now=now)
    return Linked.LINKED


def may_prove(connection: Connection, customer_id: str, phone: str) -> bool:
    """True if a code sent to that number shows who somebody unproven is: whoever is known already
    is shown by a number of their own alone."""
    has_it = any(
        one.kind == "phone" and one.value == phone
        for one in addresses.of_customer(connection, customer_id)
    )
    return has_it or not is_known(connection, customer_id)


def is_known(connection: Connection, customer_id: str) -> bool:
    """True for a customer with a log-in or a number that was proven: not a mere visitor."""
    return any(
        one.kind == "login" or (one.kind == "phone" and one.proof != "none")
        for one in addresses.of_customer(connection, customer_id)
    )


def has_log_in(connection: Connection, customer_id: str) -> bool:
    """True if the shop knows this customer by a log-in."""
    return any(one.kind == "login" for one in addresses.of_customer(connection, customer_id))
