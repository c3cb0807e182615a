"""Telephone numbers and e-mail addresses come in by every door there is and are then searched for,
in any way of writing, in all that is stored and logged: they stand nowhere but in what people have
typed themselves (RULES PII-1).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from sqlalchemy import text

from command.phone.exchange import signature
from memory import addresses, codes, customers, linking, people
from tests.import_shop import ImportShop
from tests.postgres import connect
from tests.web_site import RunningSite, fill, serving

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
TYPED = {"turns": {"text", "words", "entities"}, "inbox": {"text"}, "outbox": {"body"}}
"""What people and the shop have written themselves; the trackers of conversations are copies."""
TRACKERS = {"conversations": {"tracker"}}


class Canary:
    """A number and an e-mail address that come in by one door, and how they might be written."""

    def __init__(self, place: int) -> None:
        digits = f"{place}{secrets.randbelow(10**5):05}"
        self.phone = f"+82105{digits[:3]}{digits[3:]}0"[:13]
        self.email = f"canary{secrets.token_hex(5)}@mail.example"

    def forms(self) -> set[bytes]:
        """As a search would have to look for them."""
        digits = self.phone[1:]
        national = "0" + digits[2:]
        shown = (
            *(digits, national, digits[-8:], f"{national[:3]}-{national[3:7]}-{national[7:]}"),
            *(self.email, self.email.upper(), self.email.partition("@")[0]),
        )
        return {form for one in shown for form in (one.encode(), one.encode().hex().encode())}


@pytest.fixture
def canaries() -> list[Canary]:
    return [Canary(place) for place in range(1, 7)]


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[RunningSite]:
    fill(database_url)
    with serving(database_url, tmp_path / "home") as running:
        yield running


def _texted(site: RunningSite, phone: str, said: str) -> None:
    fields = {
        "MessageSid": f"SM{secrets.token_hex(16)}",
        "From": phone,
        "To": "+15005550006",
        "Body": said,
        "NumMedia": "0",
    }
    url = f"{site.settings.public_base_url}/webhooks/twilio/sms"
    headers = {
        "X-Twilio-Signature": signature(site.settings.twilio_auth_token, url, fields),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    with site.client() as client:
        path = "/webhooks/twilio/sms"
        assert client.post(path, content=urlencode(fields), headers=headers).status_code == 200


def _identified(site: RunningSite, canary: Canary) -> None:
    call = {
        "userId": f"u-{secrets.token_hex(4)}",
        "traits": {"phone": canary.phone, "email": canary.email, "name": "Canary"},
    }
    with site.client(auth=(site.settings.write_key, "")) as client:
        assert client.post("/v1/identify", json=call).status_code == 200


def _linked_in_chat(site: RunningSite, canary: Canary) -> None:
    visitor = site.visitor()
    visitor.say(f"text me at {canary.phone} or write to {canary.email}")
    with site.engine.begin() as connection:
        codes.issue(connection, visitor.customer, canary.phone)
        linking.link(connection, visitor.customer, canary.phone, now=NOW)


def _loaded(site: RunningSite, canary: Canary) -> None:
    person = people.Person(
        user_id=f"u-{secrets.token_hex(4)}",
        name="Canary",
        language="ko",
        country="KR",
        time_zone="Asia/Seoul",
        phone=canary.phone,
        email=canary.email,
        joined_at=NOW,
        facts=(),
        orders=(),
        events=(),
        turns=(),
    )
    with site.engine.begin() as connection:
        people.load(connection, [person], now=NOW)


def _imported(url: str, folder: Path, customer: Canary, suppressed: Canary) -> None:
    shop = ImportShop(url, folder)
    assert shop.bring("suppressions", f"phone,email\n{suppressed.phone},{suppressed.email}\n")
    assert shop.bring("customers", f"user_id,phone,email\nm-1,{customer.phone},{customer.email}\n")
    shop.engine.dispose()


def _stored(url: str) -> dict[str, bytes]:
    """Every table as its rows are stored, without what was typed; bytes in hexadecimal."""
    with connect(url) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relkind IN ('r', 'p') AND NOT relispartition"
            )
        ]
        return {name: _copied(connection, name) for name in names}


def _copied(connection: psycopg.Connection, name: str) -> bytes:
    left_out = (TYPED | TRACKERS).get(name, set())
    columns = [
        row[0]
        for row in connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped",
            (name,),
        )
        if row[0] not in left_out
    ]
    listed = ", ".join(f'"{column}"' for column in columns)
    statement = f'COPY (SELECT {listed} FROM "{name}") TO STDOUT'
    with connection.cursor().copy(statement.encode()) as copied:
        return b"".join(bytes(part) for part in copied)


def test_no_canary_is_found(
    site: RunningSite,
    database_url: str,
    tmp_path: Path,
    canaries: list[Canary],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    texting, shop_word, in_chat, from_shop, in_file, suppressed = canaries
    with caplog.at_level(logging.DEBUG):
        for said in ("270 있어요?", "STOP", "START"):
            _texted(site, texting.phone, said)
        _texted(site, texting.phone, "누구세요?")
        _identified(site, shop_word)
        _linked_in_chat(site, in_chat)
        _loaded(site, from_shop)
        _imported(database_url, tmp_path, in_file, suppressed)
    _all_are_found_by_their_verbs(site, canaries)
    stored = _stored(database_url)
    assert len(stored["addresses"]) > 500
    assert "customers" in stored
    logged = (caplog.text + "".join(capfd.readouterr())).encode()
    for canary in canaries:
        for form in canary.forms():
            assert [name for name, rows in stored.items() if form in rows] == [], form
            assert form not in logged, form


def _all_are_found_by_their_verbs(site: RunningSite, canaries: list[Canary]) -> None:
    """Otherwise there would be nothing to search for."""
    texting, shop_word, in_chat, from_shop, in_file, _suppressed = canaries
    with site.engine.connect() as connection:
        for canary in (texting, shop_word, in_chat, from_shop, in_file):
            assert addresses.find(connection, "phone", canary.phone) is not None
        for canary in (shop_word, from_shop, in_file):
            assert customers.resolve(connection, canary.email)
        assert connection.scalar(text("SELECT count(*) FROM suppressions")) == 2


def test_what_a_customer_typed_stays_theirs_to_read(
    site: RunningSite, canaries: list[Canary]
) -> None:
    _linked_in_chat(site, canaries[0])
    with site.engine.connect() as connection:
        typed = connection.scalars(text("SELECT text FROM turns WHERE direction = 'in'")).all()
    assert any(canaries[0].phone in one for one in typed)


CARDS = {
    "4242424242424242": ("4242 4242-4242 4242", "card: 4242424242424242 thx"),
    "378282246310005": ("3782 822463 10005", "378282246310005로 결제해 주세요"),
    "6205500000000000004": ("６２０５５０００００００００００００４", "6205-5000-0000-0000-004"),
}
"""Numbers that card companies publish for tests, and how they may be typed."""


def test_no_card_number_is_kept(
    site: RunningSite,
    database_url: str,
    canaries: list[Canary],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    visitor = site.visitor()
    with caplog.at_level(logging.DEBUG):
        for written in (form for forms in CARDS.values() for form in forms):
            visitor.say(written)
            _texted(site, canaries[0].phone, written)
    with connect(database_url) as connection:
        kept = [
            row[0]
            for table in ("inbox", "turns", "outbox", "events", "conversations")
            for row in connection.execute(f"SELECT to_jsonb(t)::text FROM {table} t".encode())
        ]
    assert sum("•" * 4 in one for one in kept) == 2 * 2 * 2 * len(CARDS)
    logged = caplog.text + "".join(capfd.readouterr())
    for card, forms in CARDS.items():
        for form in (card, *forms):
            assert not any(form in one for one in kept), form
            assert form not in logged, form
