"""Why no follow-up was sent: the shop reports a look and a purchase, and the command says it."""

from __future__ import annotations

import json
import secrets
from typing import Any

import httpx

from tests.running_shop import RunningShop


def report(shop: RunningShop, call: str, **said: Any) -> None:
    """What the shop's own system would send."""
    key = (shop.home / "secrets" / "dangol_write_key").read_text(encoding="utf-8").strip()
    answer = httpx.post(f"{shop.base}/v1/{call}", json=said, auth=(key, ""), timeout=10)
    assert answer.status_code == 200, answer.text


def test_a_purchase_is_why_the_follow_up_was_not_sent(demo: RunningShop) -> None:
    customer = demo.visitor().customer
    phone = f"+1503555{secrets.randbelow(10**4):04}"
    report(demo, "identify", anonymousId=customer, userId="u-why", traits={"phone": phone})
    look = {"product_id": "ridge-gtx"}
    report(demo, "track", anonymousId=customer, event="Product Viewed", properties=look)
    waits = demo.command("why", phone)
    assert "after a look · Ridge GTX: waits for its time" in waits.stdout
    report(
        demo,
        "track",
        anonymousId=customer,
        event="Order Completed",
        properties={
            "order_id": "TR-1043",
            "total": 189,
            "currency": "USD",
            "products": [{"product_id": "ridge-gtx", "quantity": 1, "price": 189}],
        },
    )
    (english,) = demo.command("why", customer, "browse").stdout.splitlines()
    assert "after a look · Ridge GTX: not sent — bought at " in english
    assert english.endswith(" (order TR-1043)")
    (korean,) = demo.command("why", "u-why", LANG="ko_KR.UTF-8").stdout.splitlines()
    assert korean.endswith("에 구매함 (주문 TR-1043)")
    (line,) = demo.command("why", customer, "--json").stdout.splitlines()
    assert json.loads(line)["reason"] == "bought"


def test_who_is_unknown_is_said_in_one_line(demo: RunningShop) -> None:
    done = demo.command("why", "cus_nobody")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "cus_nobody" in done.stderr
