"""Small parts of the agent: the note of a crash, the watchdog, the slots that memory fills."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.crash_note import CrashNote
from agent.slots import memory_slots
from memory.current import CurrentTurn
from memory.facts import Fact
from memory.recall import Recalled

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DECLARED = {"language", "channel", "is_proven", "customer_name", "shoe_size", "birthday"}


def test_a_note_outlives_its_process_and_is_its_own(tmp_path: Path) -> None:
    CrashNote(tmp_path / "run", "agent-1").write(42)
    assert CrashNote(tmp_path / "run", "agent-1").leftover() == 42
    assert CrashNote(tmp_path / "run", "agent-2").leftover() is None


def test_a_cleared_note_is_gone(tmp_path: Path) -> None:
    note = CrashNote(tmp_path, "agent-1")
    note.write(42)
    note.clear()
    note.clear()
    assert note.leftover() is None


def test_half_a_note_is_no_note(tmp_path: Path) -> None:
    (tmp_path / "agent-1.answering").write_text("", encoding="ascii")
    assert CrashNote(tmp_path, "agent-1").leftover() is None


@pytest.mark.parametrize(("seconds", "status"), [(0.1, 0), (30, 70)])
def test_the_watchdog_ends_a_process_whose_turn_lasts_too_long(seconds: float, status: int) -> None:
    code = (
        "import time; from agent.watchdog import Watchdog; dog = Watchdog(1); dog.start()\n"
        f"with dog.over(7): time.sleep({seconds})\n"
        "time.sleep(1.5)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60)
    assert done.returncode == status


def _fact(kind: str, value: object, *, subject: str = "self", days_ago: int = 30) -> Fact:
    return Fact(
        fact_id=1,
        subject=subject,
        kind=kind,
        value=value,
        said=None,
        source="said",
        source_seq=None,
        confidence=1.0,
        valid_from=NOW - timedelta(days=days_ago),
    )


def _turn(*known: Fact, is_proven: bool = False, name: str | None = None) -> CurrentTurn:
    recalled = Recalled(
        language="ko",
        name=name,
        country=None,
        time_zone=None,
        marketing="none",
        is_proven=is_proven,
        may_learn=True,
        facts=known,
        orders=(),
        viewed=(),
        lately=(),
        visit_began_at=NOW - timedelta(minutes=5),
    )
    nothing: Any = None
    return CurrentTurn(
        connection=nothing,
        customer_id="cus_1",
        channel="web",
        language="en",
        now=NOW,
        seq=1,
        text="hello",
        recalled=recalled,
        shop_url="http://localhost",
    )


def test_slots_hold_what_memory_holds_where_the_domain_declares_them() -> None:
    filled = memory_slots(_turn(_fact("shoe_size", 270), _fact("colour_liked", "red")), DECLARED)
    assert filled == {
        "language": "en",
        "channel": "web",
        "is_proven": False,
        "customer_name": None,
        "shoe_size": 270,
    }


@pytest.mark.parametrize(
    ("is_proven", "days_ago", "is_told"), [(True, 30, True), (False, 30, False), (False, 0, True)]
)
def test_dates_and_names_wait_for_a_proof_or_the_same_visit(
    is_proven: bool, days_ago: int, is_told: bool
) -> None:
    birthday = _fact("birthday", {"month": 5, "day": 3, "year": None}, days_ago=days_ago)
    called = _fact("name", "지우", days_ago=days_ago)
    filled = memory_slots(_turn(birthday, called, is_proven=is_proven), DECLARED)
    assert ("birthday" in filled) is is_told
    assert filled["customer_name"] == ("지우" if is_told else None)


def test_the_name_the_shop_knows_is_told_after_a_proof_only() -> None:
    assert memory_slots(_turn(name="지우"), DECLARED)["customer_name"] is None
    assert memory_slots(_turn(name="지우", is_proven=True), DECLARED)["customer_name"] == "지우"


def test_facts_about_others_fill_nothing() -> None:
    filled = memory_slots(_turn(_fact("shoe_size", 190, subject="child")), DECLARED)
    assert "shoe_size" not in filled
