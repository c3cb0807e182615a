"""Topics that a customer does not want to hear of: kept until they lift them themselves. Why is
never kept.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from marketing.decisions import Reason
from marketing.topics import is_muted
from memory import catalogue, consents, offers
from memory.offers import Offer
from memory.tables import muted_topics


def mute(
    connection: Connection, customer_id: str, topic: str, *, source_seq: int | None, now: datetime
) -> None:
    """Never speak of `topic` again, a topic or a category: offers that do are withdrawn. Locks the
    permission row, which every send locks: none is begun after this has been committed."""
    consents.lock_permission(connection, customer_id)
    connection.execute(
        insert(muted_topics)
        .values(customer_id=customer_id, topic=topic, source_seq=source_seq, muted_at=now)
        .on_conflict_do_nothing()
    )
    for offer in offers.of_customer(connection, customer_id):
        if offer.state in offers.PENDING and _speaks_of(connection, offer, topic):
            offers.withdraw(connection, offer, reason=Reason.MUTED, now=now)


def lift(connection: Connection, customer_id: str, topic: str) -> bool:
    """Speak of it again; False if it was not muted."""
    found = connection.execute(
        delete(muted_topics)
        .where(muted_topics.c.customer_id == customer_id, muted_topics.c.topic == topic)
        .returning(muted_topics.c.topic)
    )
    return found.one_or_none() is not None


def topics(connection: Connection, customer_id: str) -> frozenset[str]:
    """The topics and categories that are not spoken of."""
    found = select(muted_topics.c.topic).where(muted_topics.c.customer_id == customer_id)
    return frozenset(connection.scalars(found))


def _speaks_of(connection: Connection, offer: Offer, topic: str) -> bool:
    return is_muted(
        {topic},
        campaign=offer.campaign,
        category=offer.category,
        product_id=offer.product_id,
        stands_for=catalogue.store_profile(connection).get("topics", {}),
    )
