"""A number that has turned out to be a stranger's (STORIES 5), or that its customer gives up. It is
taken from the customer who had it, with what was pending to it; they keep everything else. Whoever
holds it now is somebody new, of whom nothing is known.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from memory import addresses, consents, customers, offers, outbox
from memory.addresses import Address
from memory.tables import address_lookup, hand_overs, inbox, links
from memory.tables import addresses as addresses_table
from memory.tables import consents as ledger
from memory.tables import customers as customers_table

REASON = "wrong_number"
GIVEN_UP = "unlinked"


def free(
    connection: Connection, number: str, *, provider_id: str, said: str, now: datetime
) -> None:
    """Take the number from whoever has it, because its holder has just said that it is theirs. To
    be asked before the message is stored, so that it is stored as a stranger's. Nothing is done
    twice: for a message that is delivered again, or a stranger who says it again. A number that has
    said STOP stays closed."""
    found = _locked(connection, number)
    if found is None or _is_stored(connection, provider_id) or is_said_again(connection, found):
        return
    unlink(connection, found, evidence={"reason": REASON, "channel": "sms", "said": said}, now=now)
    if found.stopped_at is not None:
        holder = customers.of_address(connection, "phone", number, proof="inbound", now=now)
        addresses.set_stopped(connection, holder.customer_id, holder.address_id, found.stopped_at)


def give_up(
    connection: Connection,
    customer_id: str,
    address_id: int,
    *,
    evidence: dict[str, object],
    now: datetime,
) -> None:
    """Its customer does not want it connected any more. Locks the customer row. Raises
    sqlalchemy.exc.NoResultFound if they have no such address."""
    connection.execute(
        select(customers_table.c.customer_id)
        .where(customers_table.c.customer_id == customer_id)
        .with_for_update()
    )
    address = addresses.get(connection, customer_id, address_id)
    unlink(connection, address, evidence={"reason": GIVEN_UP, **evidence}, now=now)


def unlink(
    connection: Connection, address: Address, *, evidence: dict[str, object], now: datetime
) -> None:
    """The address is its customer's no longer: its consent ends in the ledger, what was pending to
    it is cancelled, its links open nothing. The caller has locked the customer row."""
    customer_id, address_id = address.customer_id, address.address_id
    consents.lock_permission(connection, customer_id)
    for purpose in ("texts", "marketing", "night"):
        consents.record(
            connection,
            customer_id,
            purpose=purpose,
            action="ended",
            evidence=evidence,
            now=now,
            address_id=address_id,
        )
    reason = str(evidence["reason"])
    offers.cancel(
        connection,
        customer_id,
        state="cancelled",
        reason=reason,
        now=now,
        address_id=address_id,
    )
    outbox.cancel_waiting(connection, customer_id, address_id, reason=reason)
    connection.execute(
        update(links)
        .where(links.c.customer_id == customer_id, links.c.address_id == address_id)
        .values(expires_at=now)
    )
    connection.execute(
        update(hand_overs)
        .where(
            hand_overs.c.customer_id == customer_id,
            hand_overs.c.address_id == address_id,
            hand_overs.c.state != "closed",
        )
        .values(state="closed", closed_at=now)
    )
    connection.execute(
        delete(address_lookup).where(
            address_lookup.c.customer_id == customer_id, address_lookup.c.address_id == address_id
        )
    )
    connection.execute(
        update(addresses_table)
        .where(
            addresses_table.c.customer_id == customer_id,
            addresses_table.c.address_id == address_id,
        )
        .values(unlinked_at=now)
    )


def is_said_again(connection: Connection, address: Address, *, inbox_id: int | None = None) -> bool:
    """True if the last that came from the number, before that message if one is named, was just
    this: it was a stranger's already."""
    earlier = [inbox.c.customer_id == address.customer_id]
    if inbox_id is not None:
        earlier.append(inbox.c.inbox_id < inbox_id)
    last = select(func.max(inbox.c.inbox_id)).where(*earlier).scalar_subquery()
    found = connection.scalar(
        select(ledger.c.consent_id)
        .where(
            ledger.c.customer_id == address.customer_id,
            ledger.c.address_id == address.address_id,
            ledger.c.evidence["reason"].astext == REASON,
            ledger.c.evidence["inbox_id"].as_integer() == last,
        )
        .limit(1)
    )
    return found is not None


def _locked(connection: Connection, number: str) -> Address | None:
    """Its owner by now, locked as a merge locks them: who has looked the number up for another
    message waits, and then finds it taken away."""
    while found := addresses.find(connection, "phone", number):
        merged_into = connection.scalar(
            select(customers_table.c.merged_into)
            .where(customers_table.c.customer_id == found.customer_id)
            .with_for_update()
        )
        if merged_into is None:
            return addresses.find(connection, "phone", number)
    return None


def _is_stored(connection: Connection, provider_id: str) -> bool:
    known = select(inbox.c.inbox_id).where(
        inbox.c.channel == "sms", inbox.c.provider_id == provider_id
    )
    return connection.scalar(known) is not None
