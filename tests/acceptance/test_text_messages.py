"""Text messages between a telephone and a shop whose parts are real processes, with the fake
provider between them over HTTP. Nobody understands anything here: that needs a model.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

import httpx
import pytest
import yaml
from sqlalchemy import Engine, create_engine, text

import settings as settings_module
from command.phone.exchange import signature
from memory import customers, outbox, releases
from settings import PROJECT, Settings
from tests import keyring
from tests.fake_provider import until
from tests.postgres import fresh_database, temporary_home
from tests.running_shop import free_port

PHONE = "+15035550199"
PARTS = {
    "web": ("-m", "bootstrap", "web"),
    "outreach": ("-m", "bootstrap", "outreach"),
    "phone": ("-m", "command.fake_twilio", "--port"),
}


@dataclass
class Line:
    """The parts that a text message passes through."""

    settings: Settings
    engine: Engine
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    logs: list[IO[bytes]] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.settings.public_base_url

    def start(self, part: str) -> None:
        """Start a part (again)."""
        log = (self.settings.home / f"{part}.log").open("ab")
        self.logs.append(log)
        port = (str(self.settings.port + 1),) if part == "phone" else ()
        self.processes[part] = subprocess.Popen(
            (sys.executable, *PARTS[part], *port),
            cwd=PROJECT,
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def kill(self, part: str) -> None:
        """As a power cut would."""
        self.processes[part].kill()
        assert self.processes[part].wait(20) == -signal.SIGKILL

    def stop(self) -> None:
        """End what still runs, in order."""
        for process in self.processes.values():
            process.terminate()
        ended = [process.wait(20) for process in self.processes.values()]
        for log in self.logs:
            log.close()
        assert set(ended) <= {0, -signal.SIGKILL}

    def said(self) -> str:
        """Everything the parts have logged."""
        return "".join(
            path.read_text(encoding="utf-8") for path in self.settings.home.glob("*.log")
        )

    def answers(self, path: str) -> bool:
        """True if the public port answers there."""
        try:
            return httpx.get(self.base + path, timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def texts(self) -> list[dict[str, Any]]:
        """What the telephone shows."""
        answer = httpx.get(f"{self.base}/phone/api/texts", params={"number": PHONE}, timeout=10)
        found: list[dict[str, Any]] = answer.raise_for_status().json()["texts"]
        return found

    def from_shop(self) -> list[str]:
        """The texts the shop has sent to the telephone."""
        return [one["text"] for one in self.texts() if not one["mine"]]

    def type(self, words: str) -> None:
        """Write a text on the telephone and wait until the shop has it."""
        sent = httpx.post(
            f"{self.base}/phone/api/texts", json={"number": PHONE, "text": words}, timeout=10
        )
        sid = sent.raise_for_status().json()["id"]
        until(
            lambda: any(one["id"] == sid and one["status"] == "received" for one in self.texts()),
            "the shop has taken the text",
        )

    def ask(self, statement: str, **values: Any) -> list[Any]:
        """Rows of the database."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(statement), values))

    def put(self, key: str, body: str) -> int:
        """A message from the shop that waits to be sent."""
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            who = customers.of_address(connection, "phone", PHONE, proof="inbound", now=now)
            outbox_id = outbox.put(
                connection,
                key=key,
                customer_id=who.customer_id,
                address_id=who.address_id,
                message_class="reply",
                body=body,
                now=now,
            )
        assert outbox_id is not None
        return outbox_id

    def state(self, outbox_id: int) -> tuple[str, str]:
        """State and the provider's status of a message."""
        ((state, status),) = self.ask(
            "SELECT state, provider_status FROM outbox WHERE outbox_id = :id", id=outbox_id
        )
        return state, status

    def webhook(
        self, fields: dict[str, str], *, signed_by: str | None = None, path: str = "sms"
    ) -> httpx.Response:
        """What the provider would post; signed by our token unless another is given."""
        url = f"{self.base}/webhooks/twilio/{path}"
        token = self.settings.twilio_auth_token if signed_by is None else signed_by
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if token:
            headers["X-Twilio-Signature"] = signature(token, url, fields)
        return httpx.post(url, content=urlencode(fields), headers=headers, timeout=10)


@pytest.fixture(scope="module")
def line(postgres_url: str, migrated_template: str) -> Iterator[Line]:
    with (
        temporary_home() as home,
        fresh_database(postgres_url, template=migrated_template) as url,
    ):
        running = _prepare(home, url)
        try:
            for part in PARTS:
                running.start(part)
            until(lambda: running.answers("/phone"), f"parts answer\n{home}", seconds=60)
            until(lambda: _is_ready(running), "outreach is ready", seconds=60)
            yield running
        finally:
            running.stop()
            running.engine.dispose()


def _prepare(home: Path, url: str) -> Line:
    port = free_port()
    chosen = {
        **keyring.ENVIRONMENT,
        "DANGOL_HOME": str(home),
        "DATABASE_URL": url,
        "DANGOL_PORT": str(port),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "DANGOL_SHOP": "demo",
        "PYTHONPATH": str(PROJECT),
        "PYTHONUNBUFFERED": "1",
    }
    engine = create_engine(url)
    domain = yaml.load((PROJECT / "domain.yml").read_text("utf-8"), yaml.CSafeLoader)
    with engine.begin() as connection:
        releases.publish(
            connection,
            inputs_digest="words only",
            files={},
            words=domain["responses"],
            model=b"",
            now=datetime.now(UTC),
        )
    return Line(settings_module.read(chosen), engine, {**os.environ, **chosen})


def _is_ready(running: Line) -> bool:
    return bool(running.ask("SELECT 1 FROM parts WHERE part = 'outreach' AND state = 'ready'"))


def test_stop_is_confirmed_once_then_silence_until_start(line: Line) -> None:
    line.type("STOP")
    until(lambda: len(line.from_shop()) == 1, "the confirmation")
    assert "START" in line.from_shop()[0]
    line.type("hello?")
    line.type("stop!!")
    refused = line.put("while stopped", "a reply that must not go out")
    until(lambda: line.state(refused)[0] == "refused", "the gate has refused it")
    assert len(line.from_shop()) == 1
    line.type("HELP")
    until(lambda: len(line.from_shop()) == 2, "help")
    assert "Msg & data rates may apply" in line.from_shop()[1]
    line.type("START")
    until(lambda: len(line.from_shop()) == 3, "texts are on again")
    with line.engine.connect() as connection:
        customer_id = customers.resolve(connection, PHONE)
    assert line.ask(
        "SELECT marketing FROM permissions WHERE customer_id = :id", id=customer_id
    ) == [("refused",)]


def test_a_message_is_seen_from_queued_to_delivered(line: Line) -> None:
    outbox_id = line.put("hello", "Trailhead: your boots are here. 신발이 왔어요 👟")
    until(lambda: line.state(outbox_id) == ("delivered", "delivered"), "the delivery report")
    (shown,) = [one for one in line.texts() if one["text"].startswith("Trailhead: your boots")]
    assert (shown["status"], shown["mine"], shown["segments"]) == ("delivered", False, 1)


def test_a_sender_killed_while_the_provider_answers_sends_nothing_twice(line: Line) -> None:
    fault = {"answer": "hang", "accept": True, "seconds": 20}
    httpx.post(f"{line.settings.phone_url}/faults", json=fault, timeout=10).raise_for_status()
    outbox_id = line.put("killed", "exactly once, please")
    until(lambda: "exactly once, please" in line.from_shop(), "the provider has it")
    line.kill("outreach")
    line.start("outreach")
    until(lambda: line.state(outbox_id)[0] == "delivered", "the report has settled it", seconds=60)
    after = line.put("after", "sent by the next one")
    until(lambda: line.state(after)[0] == "delivered", "the next message", seconds=60)
    assert line.from_shop().count("exactly once, please") == 1


def test_the_telephone_keeps_its_texts_over_a_restart(line: Line) -> None:
    before = line.texts()
    line.kill("phone")
    line.start("phone")
    until(lambda: line.answers("/phone"), "the telephone is there again", seconds=60)
    assert line.texts() == before


def inbound(sid: str, body: str, **more: str) -> dict[str, str]:
    return {
        "MessageSid": sid,
        "AccountSid": "AC" + "0" * 32,
        "From": "+15035550177",
        "To": "+15005550006",
        "Body": body,
        "NumMedia": "0",
        "FromCity": "",
        **more,
    }


@pytest.mark.parametrize("signed_by", ["", "somebody-elses-token"])
@pytest.mark.parametrize("path", ["sms", "status"])
def test_what_the_provider_did_not_sign_is_refused_and_noted(
    line: Line, signed_by: str, path: str
) -> None:
    before = line.ask("SELECT count(*) FROM inbox")
    answer = line.webhook(inbound("SM" + "a" * 32, "STOP"), signed_by=signed_by, path=path)
    assert answer.status_code == 403
    assert line.ask("SELECT count(*) FROM inbox") == before
    assert "callback was refused" in line.said()


def test_the_same_message_delivered_again_is_one_turn(line: Line) -> None:
    fields = inbound("SM" + "b" * 32, "do you have socks?")
    assert [line.webhook(fields).status_code for _ in range(3)] == [200] * 3
    assert line.ask("SELECT count(*) FROM turns WHERE text = 'do you have socks?'") == [(1,)]


@pytest.mark.parametrize(
    ("sid", "body", "more"),
    [
        ("c", "", {"NumMedia": "1", "MediaUrl0": "https://x/1"}),
        ("d", "", {}),
        ("e", "😀", {}),
        ("f", "nul \x00 and bell \x07", {}),
        ("1", "가" * 3000, {}),
        ("2", "/restart", {}),
    ],
)
def test_odd_texts_are_taken(line: Line, sid: str, body: str, more: dict[str, str]) -> None:
    fields = inbound("SM" + sid * 32, body, **more)
    assert line.webhook(fields).status_code == 200
    assert line.ask(
        "SELECT count(*) FROM inbox WHERE provider_id = :sid", sid=fields["MessageSid"]
    ) == [(1,)]


def test_neither_numbers_nor_texts_are_logged(line: Line) -> None:
    said = line.said()
    assert "accepted" in said
    for canary in (PHONE, PHONE[1:], "15035550177", "exactly once", "do you have socks"):
        assert canary not in said
