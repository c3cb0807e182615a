"""One person on two channels, one follow-up, and the purchase that stops it (STORIES 2 and 3): real
processes, the trained model, two telephones.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.acceptance.test_clock import utc
from tests.acceptance.test_why import report
from tests.running_shop import RunningShop, Visitor, wait_for

# The shop may have to be trained and started first.
pytestmark = pytest.mark.timeout(480)


@dataclass(frozen=True, kw_only=True)
class Telephone:
    """A telephone whose texts the fake provider keeps."""

    shop: RunningShop
    number: str

    def texts(self) -> list[str]:
        """What the shop has texted, oldest first."""
        asked: dict[str, str | int] = {"number": self.number, "known": -1}
        answer = httpx.get(f"{self.shop.base}/phone/api/texts", params=asked, timeout=10)
        return [text["text"] for text in answer.json()["texts"] if not text["mine"]]

    def receives(self, after: int) -> str:
        """The next text after so many."""
        found: list[str] = wait_for(
            lambda: self.texts()[after:], seconds=60, what=f"text {after + 1} on {self.number}"
        )
        return found[0]

    def asks(self, said: str) -> str:
        """Text the shop; its answer."""
        before = len(self.texts())
        typed = {"number": self.number, "text": said}
        sent = httpx.post(f"{self.shop.base}/phone/api/texts", json=typed, timeout=10)
        assert sent.status_code == 201, sent.text
        return self.receives(before)


@pytest.fixture
def telephone(demo: RunningShop) -> Telephone:
    """In Oregon, at ten past three in the afternoon, whatever other tests did to the clock."""
    afternoon = utc(demo).replace(hour=23, minute=10, second=0)
    if afternoon < utc(demo):
        afternoon += timedelta(days=1)
    assert demo.command("clock", afternoon.isoformat()).returncode == 0
    return Telephone(shop=demo, number=f"+1503555{secrets.randbelow(10**4):04}")


def link(visitor: Visitor, telephone: Telephone) -> None:
    """Give the number in the chat and type the code that comes."""
    before = len(telephone.texts())
    visitor.ask(f"please go on by text, my number is {telephone.number}")
    code = re.search(r"\b\d{6}\b", telephone.receives(before))
    assert code is not None
    assert "verified" in visitor.ask(code.group())


def agree(visitor: Visitor, telephone: Telephone) -> None:
    """Ask for offers by text, and confirm it on the telephone."""
    visitor.ask("yes please text me your deals")
    before = len(telephone.texts())
    visitor.ask("I agree")
    assert "reply YES" in telephone.receives(before)
    assert "you agreed on" in telephone.asks("YES")


def look_at(demo: RunningShop, customer: str, product_id: str) -> None:
    properties = {"product_id": product_id}
    report(demo, "track", anonymousId=customer, event="Product Viewed", properties=properties)


def buy(demo: RunningShop, customer: str, product_id: str, **more: Any) -> None:
    report(
        demo,
        "track",
        anonymousId=customer,
        event="Order Completed",
        properties={
            "order_id": f"TR-{secrets.token_hex(4)}",
            "currency": "USD",
            "products": [{"product_id": product_id, "quantity": 1, "price": 159}],
            **more,
        },
    )


def test_an_offer_is_answered_after_everything_was_killed_and_ends_with_the_purchase(
    demo: RunningShop, telephone: Telephone
) -> None:
    visitor = demo.visitor("en")
    visitor.ask("my shoe size is US 9.5")
    link(visitor, telephone)
    assert "275 mm" in telephone.asks("what do you know about me?")
    agree(visitor, telephone)

    look_at(demo, visitor.customer, "ridge-gtx")
    before = len(telephone.texts())
    assert demo.command("clock", "+1m").returncode == 0
    print(demo.command("why", visitor.customer).stdout)
    offer = telephone.receives(before)
    assert offer.startswith("Trailhead: ")
    assert offer.endswith("Reply STOP to opt out.")
    assert "Ridge GTX" in offer
    assert "9.5" in offer

    for part in ("agent", "outreach", "web", "phone"):
        demo.kill(part)
    demo.wait_until_healthy()
    answer = telephone.asks("still there? kinda pricey")
    assert "$159" in answer
    coupon = re.search(r"/checkout\?\S*coupon=(\w+)", answer)
    assert coupon is not None
    assert "coupon=" not in telephone.asks("that's still too expensive").replace(
        f"coupon={coupon.group(1)}", ""
    )

    buy(demo, visitor.customer, "ridge-gtx", coupon=coupon.group(1), total=143.1)
    told = demo.command("why", telephone.number).stdout
    assert "sent by text" in told
    assert "bought at" in told
    look_at(demo, visitor.customer, "run-socks")
    before = len(telephone.texts())
    buy(demo, visitor.customer, "run-socks", total=15)
    assert demo.command("clock", "+2m").returncode == 0
    assert telephone.texts()[before:] == []


def test_whoever_buys_first_gets_no_text(demo: RunningShop, telephone: Telephone) -> None:
    visitor = demo.visitor("en")
    link(visitor, telephone)
    agree(visitor, telephone)
    before = len(telephone.texts())
    look_at(demo, visitor.customer, "ridge-gtx")
    buy(demo, visitor.customer, "ridge-gtx", total=159)
    assert demo.command("clock", "+2m").returncode == 0
    assert telephone.texts()[before:] == []
    (line,) = demo.command("why", visitor.customer, "browse").stdout.splitlines()
    assert "not sent — bought at " in line
