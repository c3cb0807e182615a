"""What the sender makes of everything a provider can do (RULES TW-3, §2.4, F2), over HTTP."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from channels.protocol import Accepted, Message, NotTaken, Outcome, Refusal, Rejected, Unknown
from channels.twilio import provider_api
from outreach.sender import LEASE
from tests import fake_provider
from tests.fake_provider import NUMBER, FakeProvider

NOTE = Message(outbox_id=7, recipient=NUMBER, body="Trailhead: see you tomorrow.")


@pytest.fixture(scope="module")
def module_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeProvider]:
    with fake_provider.running(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
def provider(module_provider: FakeProvider) -> FakeProvider:
    """One fake for all, empty at the start of each test."""
    module_provider.exchange.forget()
    return module_provider


def test_a_message_is_taken_with_all_that_belongs_to_it(provider: FakeProvider) -> None:
    outcome = provider.sender().send(NOTE)
    (kept,) = provider.accepted()
    assert outcome == Accepted(provider_id=kept.sid, status="queued")
    assert (kept.recipient, kept.body, kept.sender) == (NUMBER, NOTE.body, "+15005550006")
    assert kept.status_callback is not None
    assert kept.status_callback.startswith("http://127.0.0.1:9/webhooks/twilio/status?o=7&k=")


def test_a_messaging_service_sends_in_its_own_name(tmp_path: Path) -> None:
    service = "MG" + "2c" * 16
    with fake_provider.running(tmp_path, twilio_from=service) as provider:
        outcome = provider.sender().send(NOTE)
        (kept,) = provider.accepted()
    assert outcome == Accepted(provider_id=kept.sid, status="accepted")
    assert kept.service_sid == service


@pytest.mark.parametrize(
    ("valid_for", "seconds"),
    [
        (timedelta(minutes=5), "300"),
        (timedelta(seconds=90.9), "90"),
        (timedelta(hours=12), "36000"),
        (timedelta(seconds=0.2), "1"),
    ],
)
def test_the_provider_may_hold_a_message_no_longer_than_it_is_wanted(
    provider: FakeProvider, monkeypatch: pytest.MonkeyPatch, valid_for: timedelta, seconds: str
) -> None:
    asked: list[dict[str, str]] = []
    create = provider.exchange.create
    monkeypatch.setattr(provider.exchange, "create", lambda f: (asked.append(f), create(f))[1])
    note = Message(outbox_id=7, recipient=NUMBER, body="hi", valid_for=valid_for)
    assert isinstance(provider.sender().send(note), Accepted)
    assert asked[0]["ValidityPeriod"] == seconds


CODES: list[tuple[int, int, Outcome]] = [
    (400, 21610, Rejected(reason=Refusal.OPTED_OUT, code=21610)),
    (400, 21211, Rejected(reason=Refusal.BAD_NUMBER, code=21211)),
    (400, 21614, Rejected(reason=Refusal.BAD_NUMBER, code=21614)),
    (400, 21635, Rejected(reason=Refusal.BAD_NUMBER, code=21635)),
    (400, 30006, Rejected(reason=Refusal.BAD_NUMBER, code=30006)),
    (400, 21408, Rejected(reason=Refusal.COUNTRY_NOT_ENABLED, code=21408)),
    (400, 21606, Rejected(reason=Refusal.SENDER_CANNOT_SEND, code=21606)),
    (400, 21212, Rejected(reason=Refusal.SENDER_CANNOT_SEND, code=21212)),
    (400, 21612, Rejected(reason=Refusal.SENDER_CANNOT_SEND, code=21612)),
    (400, 30004, Rejected(reason=Refusal.BLOCKED, code=30004)),
    (400, 30007, Rejected(reason=Refusal.BLOCKED, code=30007)),
    (400, 30034, Rejected(reason=Refusal.BLOCKED, code=30034)),
    (400, 30036, Rejected(reason=Refusal.EXPIRED, code=30036)),
    (400, 30003, Rejected(reason=Refusal.UNREACHABLE, code=30003)),
    (400, 21617, Rejected(reason=Refusal.INVALID, code=21617)),
    (404, 20404, Rejected(reason=Refusal.INVALID, code=20404)),
    (429, 20429, NotTaken(reason="too_many_requests")),
    (400, 21611, NotTaken(reason="too_many_requests")),
    (429, 30001, NotTaken(reason="too_many_requests")),
    (401, 20003, NotTaken(reason="log_in_refused", needs_an_operator=True)),
    (500, 20500, Unknown(reason="http_500")),
    (502, 20502, Unknown(reason="http_502")),
    (503, 20503, Unknown(reason="http_503")),
    (504, 20504, Unknown(reason="http_504")),
    (302, 0, Unknown(reason="http_302")),
]


@pytest.mark.parametrize(("status", "code", "outcome"), CODES)
def test_every_answer_has_its_meaning(
    provider: FakeProvider, status: int, code: int, outcome: Outcome
) -> None:
    provider.fault(answer="error", status=status, code=code)
    assert provider.sender().send(NOTE) == outcome
    assert provider.accepted() == []


def test_the_provider_says_how_long_to_wait(provider: FakeProvider) -> None:
    provider.fault(answer="error", status=429, code=20429, retry_after=17)
    assert provider.sender().send(NOTE) == NotTaken(
        reason="too_many_requests", wait=timedelta(seconds=17)
    )


@pytest.mark.parametrize("accept", [True, False])
@pytest.mark.parametrize(
    "fault",
    [
        {"answer": "hang", "seconds": 3},
        {"answer": "drop"},
        {"answer": "error", "status": 500},
        {"answer": "cut", "accept": True},
        {"answer": "drip", "accept": True},
        {"answer": "garbage", "accept": True},
        {"answer": "no_sid", "accept": True},
    ],
    ids=lambda fault: fault["answer"],
)
def test_when_nobody_knows_it_is_called_unknown_whatever_happened(
    provider: FakeProvider, fault: dict[str, Any], accept: bool
) -> None:
    provider.fault(**{"accept": accept, **fault})
    assert isinstance(provider.sender(read_seconds=0.5).send(NOTE), Unknown)
    assert len(provider.accepted()) == int(accept or fault.get("accept", False))


def test_nobody_there_is_provably_not_taken(provider: FakeProvider) -> None:
    nowhere = f"http://127.0.0.1:{fake_provider.free_port()}"
    assert provider.sender(twilio_api_base_url=nowhere).send(NOTE) == NotTaken(
        reason="no_connection:ConnectError"
    )


def test_a_name_that_nobody_has_is_provably_not_taken(provider: FakeProvider) -> None:
    outcome = provider.sender(twilio_api_base_url="http://twilio.invalid").send(NOTE)
    assert isinstance(outcome, NotTaken)


def test_a_failed_handshake_is_provably_not_taken(provider: FakeProvider) -> None:
    over_tls = provider.url.replace("http://", "https://")
    assert isinstance(provider.sender(twilio_api_base_url=over_tls).send(NOTE), NotTaken)
    assert provider.accepted() == []


def test_a_listener_that_takes_the_request_and_resets_is_unknown(provider: FakeProvider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def read_and_reset() -> None:
            connection, _ = listener.accept()
            connection.recv(1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()

        thread = threading.Thread(target=read_and_reset)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        outcome = provider.sender(twilio_api_base_url=url).send(NOTE)
        thread.join()
    assert isinstance(outcome, Unknown)


def test_one_call_is_one_request(provider: FakeProvider) -> None:
    """Two faults wait; a client that tried again would meet both."""
    provider.fault(answer="drop", times=1)
    provider.fault(answer="error", status=503)
    assert provider.sender().send(NOTE) == Unknown(reason="no_answer:RemoteProtocolError")
    assert provider.sender().send(NOTE) == Unknown(reason="http_503")
    assert isinstance(provider.sender().send(NOTE), Accepted)


def test_what_the_provider_holds_can_be_asked_for(provider: FakeProvider) -> None:
    sender = provider.sender()
    for body in ("one", "two", "three"):
        sender.send(Message(outbox_id=1, recipient=NUMBER, body=body))
    sender.send(Message(outbox_id=2, recipient="+15035550143", body="somebody else's"))
    kept = sender.kept(NUMBER, since=datetime.now(UTC))
    assert kept is not None
    assert {one.body for one in kept} == {"one", "two", "three"}
    assert {one.provider_id for one in kept} == {
        text.sid for text in provider.accepted() if text.recipient == NUMBER
    }


def test_a_provider_that_cannot_be_asked_says_nothing(provider: FakeProvider) -> None:
    nowhere = f"http://127.0.0.1:{fake_provider.free_port()}"
    sender = provider.sender(twilio_api_base_url=nowhere)
    assert sender.kept(NUMBER, since=datetime.now(UTC)) is None
    assert provider.sender(twilio_auth_token="wrong").kept(NUMBER, since=datetime.now(UTC)) is None


def test_neither_number_nor_text_is_logged(
    provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    provider.sender().send(NOTE)
    provider.fault(answer="error", status=400, code=21211)
    provider.sender().send(NOTE)
    assert NUMBER not in caplog.text
    assert NUMBER[1:] not in caplog.text
    assert NOTE.body not in caplog.text


def test_a_call_is_over_within_the_lease() -> None:
    longest = provider_api.CONNECT_SECONDS + 2 * provider_api.READ_SECONDS
    assert timedelta(seconds=longest) < LEASE


def test_the_fake_asks_who_calls(provider: FakeProvider) -> None:
    account = provider.settings.twilio_account_sid
    url = f"{provider.url}/2010-04-01/Accounts/{account}/Messages.json"
    refused = httpx.post(url, data={"To": NUMBER, "Body": "x"}, auth=(account, "wrong"))
    assert refused.status_code == 401
    assert refused.json()["code"] == 20003
