"""The shop's clock, moved by its command while everything runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import httpx

from memory.embedded import EmbeddedServer
from tests.postgres import ask
from tests.running_shop import RunningShop

PROMPT = timedelta(seconds=30)
SECRET = "long enough for a secret"
PRODUCTION = {
    "DANGOL_ENV": "production",
    "DATABASE_URL": "postgresql://nobody/nothing",
    "PUBLIC_BASE_URL": "https://shop.example",
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_FROM": "+15005550006",
    "TWILIO_AUTH_TOKEN": SECRET,
    "DANGOL_SECRET_KEY": SECRET,
    "DANGOL_WRITE_KEY": SECRET,
    "DANGOL_BROWSER_KEY": SECRET,
}


def utc(shop: RunningShop) -> datetime:
    """Business time, as the command tells it."""
    told = shop.command("clock").stdout.splitlines()
    assert [line.partition("  ")[2] for line in told] == ["UTC", "Seoul", "New York", "Los Angeles"]
    return datetime.fromisoformat(told[0].removesuffix("  UTC") + "+00:00")


def test_what_falls_due_on_the_way_is_decided_in_order_at_its_own_time(demo: RunningShop) -> None:
    before = utc(demo)
    done = demo.command("clock", "+100d")
    assert done.returncode == 0, done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["Shop clock"]
    assert timedelta(days=100) <= utc(demo) - before < timedelta(days=100, minutes=5)
    decided = ask(
        EmbeddedServer(demo.home).url,
        "SELECT d.at, u.due_at FROM decisions d JOIN due u ON u.customer_id = d.customer_id"
        " AND u.kind = d.campaign AND u.occurrence = d.occurrence ORDER BY d.decision_id",
    )
    moments = [at for at, _ in decided]
    assert len(moments) > 3, "the demo's customers have anniversaries all through the year"
    assert moments == sorted(moments)  # type: ignore[type-var]
    for at, due_at in decided:
        assert timedelta() <= at - due_at < PROMPT  # type: ignore[operator]


def test_the_telephones_follow_the_same_clock_and_may_move_it(demo: RunningShop) -> None:
    address = f"{demo.base}/phone/api/clock"
    before = datetime.fromisoformat(httpx.get(address, timeout=10).json()["now"])
    assert abs(before - utc(demo)) < PROMPT
    moved = httpx.post(address, json={"by": "+2h"}, timeout=60)
    assert moved.status_code == 200
    assert timedelta(hours=2) <= utc(demo) - before < timedelta(hours=2) + PROMPT
    assert "goes forward" in httpx.post(address, json={"by": "-2h"}, timeout=60).json()["message"]


def test_it_goes_forward_only_and_says_so_in_one_line(demo: RunningShop) -> None:
    for given, reason in (("-1d", "only goes forward"), ("tomorrow", "is not a time")):
        done = demo.command("clock", given)
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
        assert reason in done.stderr


def test_in_production_time_is_what_it_is(tmp_path: Path) -> None:
    done = RunningShop(tmp_path).command("clock", "+1d", **PRODUCTION)
    assert done.returncode == 1
    assert "development only" in done.stderr
