"""Links as they stand in texts that were sent: what opens behind them, for browsers to open."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from sqlalchemy import text

from memory import addresses, clock, consents, customers, hand_overs, links, offers, talking
from memory.addresses import Address
from memory.engine import Connection
from tests.browser.local_shop import LocalShop

TEXT = {
    "ko": "비 오는 날에도 발이 젖지 않는 릿지 GTX예요.",
    "en": "The Ridge GTX keeps your feet dry in the rain.",
}
DISCLOSURE = {
    "ko": "숲길이 광고 문자를 하루 한 번까지 보내요. 언제든 그만 받으실 수 있어요.",
    "en": "Trailhead sends up to one marketing text a day. You can stop at any time.",
}
_COUNT = itertools.count(1000)


@dataclass(frozen=True, kw_only=True)
class SentLink:
    """A link in a text."""

    path: str
    customer: str


def of_an_offer(shop: LocalShop, language: str) -> SentLink:
    """An offer that went by text and is open."""
    with shop.engine.begin() as connection:
        now = clock.business_now(connection)
        address = _number(connection, language)
        offer_id = offers.plan(
            connection,
            address.customer_id,
            campaign="browse",
            occurrence="today",
            product_id="ridge-gtx",
            category="hiking_shoes",
            about={},
            language=language,
            text=TEXT[language],
            now=now,
        )
        assert offer_id is not None
        offers.open_up(connection, address.customer_id, offer_id, channel="sms", now=now)
        return _link(connection, address, "offer", offer_id)


def of_a_consent(shop: LocalShop, language: str) -> SentLink:
    """A consent that waits to be confirmed."""
    with shop.engine.begin() as connection:
        address = _number(connection, language)
        consents.record(
            connection,
            address.customer_id,
            purpose="marketing",
            action="requested",
            evidence={"text": DISCLOSURE[language]},
            now=clock.business_now(connection),
            address_id=address.address_id,
        )
        return _link(connection, address, "consent", None)


def of_an_answer(shop: LocalShop, said: str) -> SentLink:
    """A person's answer to somebody who has left the chat."""
    with shop.engine.begin() as connection:
        address, now = _number(connection, "en"), clock.business_now(connection)
        hand_overs.ask(
            connection,
            address.customer_id,
            channel="web",
            address_id=None,
            said="a person please",
            topic=None,
            now=now,
        )
        hand_overs.take(connection, address.customer_id, by="Jo", now=now)
        waiting = hand_overs.of_customer(connection, address.customer_id)
        assert waiting is not None
        assert talking.say(connection, waiting, said, shop_url=shop.url, now=now)
    return SentLink(path=f"/l/{_texted(shop, address, '/l/')}", customer=address.customer_id)


def code_of(shop: LocalShop, sent: SentLink) -> str:
    """The code that was texted to the number of a link."""
    with shop.engine.begin() as connection:
        number = next(iter(addresses.of_customer(connection, sent.customer)))
    return _texted(shop, number, "your code is ")


def _texted(shop: LocalShop, address: Address, after: str) -> str:
    """The word behind some words of the newest text to an address."""
    with shop.engine.begin() as connection:
        body: str = connection.execute(
            text("SELECT body FROM outbox WHERE address_id = :it ORDER BY outbox_id DESC LIMIT 1"),
            {"it": address.address_id},
        ).scalar_one()
    return body.partition(after)[2].split()[0].rstrip(".")


def _number(connection: Connection, language: str) -> Address:
    country = "+8210000" if language == "ko" else "+1503555"
    return customers.of_address(
        connection,
        "phone",
        f"{country}{next(_COUNT)}",
        proof="code",
        now=clock.business_now(connection),
        language=language,
    )


def _link(connection: Connection, address: Address, kind: str, offer_id: int | None) -> SentLink:
    token = links.issue(
        connection,
        address.customer_id,
        kind=kind,
        address_id=address.address_id,
        offer_id=offer_id,
        now=clock.business_now(connection),
    )
    return SentLink(path=f"/l/{token}", customer=address.customer_id)
