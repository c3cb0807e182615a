"""The queue over HTTP, for the shop's own people: by their token alone, and every access on record
(RULES AU-1, CS-1).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from memory import clock, customers, facts, hand_overs, staff, turns
from memory.staff import Access
from tests.web_site import RunningSite

BASE = "/studio/api/hand-overs"


@pytest.fixture
def waiting(site: RunningSite) -> str:
    """Somebody who waits, with something to remember."""
    with site.engine.begin() as connection:
        now = clock.business_now(connection)
        customer = customers.create(connection, now=now, language="ko", name="미나")
        facts.learn(connection, customer, kind="shoe_size", value=270, said="270이에요", now=now)
        turns.append(
            connection,
            customer,
            [turns.Utterance(text="환불 언제 돼요?")],
            direction="in",
            channel="web",
            language="ko",
            at=now,
        )
        hand_overs.ask(
            connection,
            customer,
            channel="web",
            address_id=None,
            said="사람이요",
            topic="refund",
            now=now,
        )
    return customer


@pytest.fixture
def jisu(site: RunningSite) -> Iterator[httpx.Client]:
    """One of the shop's people."""
    with _client(site, _token(site, "지수")) as client:
        yield client


def _token(site: RunningSite, name: str, lifetime: timedelta = staff.LIFETIME) -> str:
    with site.engine.begin() as connection:
        return staff.issue(connection, name, lifetime=lifetime)


def _client(site: RunningSite, token: str) -> httpx.Client:
    return site.client(headers={"Authorization": f"Bearer {token}"})


def _seen(site: RunningSite, customer: str) -> list[tuple[str, str, str]]:
    with site.engine.begin() as connection:
        found: list[Access] = staff.accesses(connection, whose=customer)
    return [(one.name, one.way, one.action) for one in found]


def test_whoever_waits_is_listed_shown_taken_answered_and_given_back(
    site: RunningSite, jisu: httpx.Client, waiting: str
) -> None:
    answer = jisu.get(BASE)
    assert answer.headers["cache-control"] == "no-store"
    (listed,) = [one for one in answer.json()["hand_overs"] if one["customer_id"] == waiting]
    assert (listed["state"], listed["said"], listed["topic"]) == ("waiting", "사람이요", "refund")
    assert listed["taken_by"] is None
    shown = jisu.get(f"{BASE}/{waiting}").json()
    assert shown["customer"]["name"] == "미나"
    assert shown["customer"]["language"] == "ko"
    assert [(one["kind"], one["value"], one["said"]) for one in shown["facts"]] == [
        ("shoe_size", 270, "270이에요")
    ]
    assert "환불 언제 돼요?" in [one["facts"].get("text") for one in shown["timeline"]]
    assert jisu.post(f"{BASE}/{waiting}/take").json()["taken_by"] == "지수"
    said = jisu.post(f"{BASE}/{waiting}/say", json={"text": "지수예요, 내일 들어가요."})
    assert (said.status_code, said.json()) == (200, {"told_by_text": False})
    assert jisu.post(f"{BASE}/{waiting}/close").status_code == 200
    with site.engine.begin() as connection:
        (last,) = turns.newest(connection, waiting, limit=1)
        assert hand_overs.of_customer(connection, waiting) is None
    assert (last.text, last.payload) == ("지수예요, 내일 들어가요.", {"by": "지수"})


def test_every_access_is_on_record_and_cannot_be_changed(
    site: RunningSite, jisu: httpx.Client, waiting: str
) -> None:
    jisu.get(BASE)
    jisu.get(f"{BASE}/{waiting}")
    jisu.post(f"{BASE}/{waiting}/take")
    jisu.post(f"{BASE}/{waiting}/say", json={"text": "네"})
    jisu.post(f"{BASE}/{waiting}/close")
    assert _seen(site, waiting) == [
        ("지수", "api", action) for action in ("list", "show", "take", "say", "close")
    ]
    for statement in ("UPDATE staff_accesses SET name = 'x'", "DELETE FROM staff_accesses"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            site.engine.begin() as connection,
        ):
            connection.execute(text(statement))


def test_a_line_that_was_changed_behind_the_ledgers_back_is_found(
    site: RunningSite, jisu: httpx.Client, waiting: str
) -> None:
    jisu.get(f"{BASE}/{waiting}")
    jisu.post(f"{BASE}/{waiting}/take")
    with site.engine.connect() as connection, connection.begin() as attempt:
        assert staff.first_broken(connection) is None
        (shown, taken) = [one.access_id for one in staff.accesses(connection, whose=waiting)]
        connection.execute(text("ALTER TABLE staff_accesses DISABLE TRIGGER USER"))
        connection.execute(
            text("UPDATE staff_accesses SET name = '민호' WHERE access_id = :id"), {"id": shown}
        )
        assert staff.first_broken(connection) == shown
        connection.execute(text("DELETE FROM staff_accesses WHERE access_id = :id"), {"id": shown})
        assert staff.first_broken(connection) == taken
        attempt.rollback()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/{customer}"),
        ("POST", "/{customer}/take"),
        ("POST", "/{customer}/say"),
        ("POST", "/{customer}/close"),
    ],
)
def test_nobody_without_a_token_that_counts_gets_anything(
    site: RunningSite, waiting: str, method: str, path: str
) -> None:
    visitor = site.visitor()
    expired = _token(site, "지수", timedelta(seconds=-1))
    revoked = _token(site, "민호")
    with site.engine.begin() as connection:
        assert staff.revoke(connection, "민호") == 1
    where = BASE + path.format(customer=waiting)
    refused: list[dict[str, str]] = [
        {},
        {"Authorization": ""},
        {"Authorization": f"Bearer {visitor.token}"},
        {"Authorization": f"Bearer {expired}"},
        {"Authorization": f"Bearer {revoked}"},
        {"Authorization": f"Bearer {'x' * 5000}"},
        {"Authorization": f"Basic {_token(site, '지수')}"},
        {"Cookie": f"dangol_session={_token(site, '지수')}"},
    ]
    with site.client() as client:
        for headers in refused:
            answer = client.request(method, where, headers=headers, json={"text": "네"})
            assert answer.status_code == 401, headers
            assert answer.headers["www-authenticate"] == "Bearer"
            assert "미나" not in answer.text
    assert _seen(site, waiting) == []


def test_another_site_cannot_act_for_them(
    site: RunningSite, jisu: httpx.Client, waiting: str
) -> None:
    answer = jisu.post(f"{BASE}/{waiting}/take", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_only_whoever_waits_is_shown(site: RunningSite, jisu: httpx.Client) -> None:
    with site.engine.begin() as connection:
        bystander = customers.create(connection, now=clock.business_now(connection), name="하늘")
    for name in (bystander, "cus_nobody", "%00", "a%20b", "x" * 2000):
        answer = jisu.get(f"{BASE}/{name}")
        assert answer.status_code == 404, name
        assert "하늘" not in answer.text
    assert _seen(site, bystander) == []


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"text": "  "}, 422, "say_nothing"),
        ({"text": "x" * 1601}, 422, "say_too_long"),
        ({"text": 5}, 422, "text_missing"),
        ({}, 422, "text_missing"),
    ],
)
def test_what_cannot_be_said_is_refused(
    jisu: httpx.Client, waiting: str, body: dict[str, object], status: int, error: str
) -> None:
    jisu.post(f"{BASE}/{waiting}/take")
    answer = jisu.post(f"{BASE}/{waiting}/say", json=body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_what_is_posted_again_is_said_once(
    site: RunningSite, jisu: httpx.Client, waiting: str
) -> None:
    jisu.post(f"{BASE}/{waiting}/take")
    where, key = f"{BASE}/{waiting}/say", {"Idempotency-Key": "6f0c-1"}
    answers = [jisu.post(where, json={"text": "내일 들어가요."}, headers=key) for _ in range(3)]
    assert [(one.status_code, one.json()) for one in answers] == [
        (200, {"told_by_text": False})
    ] * 3
    other = jisu.post(where, json={"text": "다른 말"}, headers=key)
    assert (other.status_code, other.json()["error"]) == (409, "key_used")
    bad = jisu.post(where, json={"text": "네"}, headers={"Idempotency-Key": "a b"})
    assert (bad.status_code, bad.json()["error"]) == (422, "key_not_valid")
    jisu.post(where, json={"text": "내일 들어가요."}, headers={"Idempotency-Key": "6f0c-2"})
    with site.engine.begin() as connection:
        said = [one.text for one in turns.newest(connection, waiting, limit=9, direction="out")]
    assert said == ["내일 들어가요."] * 2


def test_what_is_posted_twice_at_once_is_said_once(
    site: RunningSite, jisu: httpx.Client, waiting: str
) -> None:
    jisu.post(f"{BASE}/{waiting}/take")

    def post(_: int) -> int:
        key = {"Idempotency-Key": "at-once"}
        return jisu.post(f"{BASE}/{waiting}/say", json={"text": "네"}, headers=key).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(post, range(8))) == {200}
    with site.engine.begin() as connection:
        assert len(turns.newest(connection, waiting, limit=9, direction="out")) == 1


def test_it_must_be_taken_first_and_by_them(
    site: RunningSite, jisu: httpx.Client, waiting: str
) -> None:
    first = jisu.post(f"{BASE}/{waiting}/say", json={"text": "네"})
    assert (first.status_code, first.json()["error"]) == (409, "not_taken")
    with _client(site, _token(site, "민호")) as minho:
        minho.post(f"{BASE}/{waiting}/take")
    other = jisu.post(f"{BASE}/{waiting}/say", json={"text": "네"})
    assert (other.status_code, other.json()["error"]) == (409, "taken_by_another")


def test_what_a_token_is_stands_nowhere(site: RunningSite) -> None:
    token = _token(site, "지수")
    with site.engine.begin() as connection:
        rows = connection.execute(text("SELECT s::text FROM staff_tokens s")).scalars().all()
    assert token not in "".join(rows)
    assert token.removeprefix(staff.PREFIX) not in "".join(rows)
