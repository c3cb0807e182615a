"""Provider callbacks on a running site, signed as the provider signs them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from channels.twilio.signature import callback_key
from memory import addresses, customers, outbox
from memory.tables import inbox, turns
from memory.tables import outbox as outbox_table
from tests.web_site import NOW, RunningSite

SMS = "/webhooks/twilio/sms"
_number = iter(range(100, 1000))


def a_number() -> str:
    """A fresh number that is never given out."""
    return f"+1503555{next(_number):04d}"


def form(sender: str, body: str = "hello", **changes: str) -> dict[str, str]:
    """The fields of an incoming text as the provider sends them, blank ones included."""
    return {
        "MessageSid": f"SM{abs(hash((sender, body))):032x}"[:34],
        "AccountSid": "AC" + "0" * 32,
        "From": sender,
        "To": "+15005550006",
        "Body": body,
        "NumMedia": "0",
        "FromCity": "",
        "FromState": "",
        **changes,
    }


def send(
    site: RunningSite,
    fields: Mapping[str, str],
    path: str = SMS,
    *,
    base: str | None = None,
    signature: str | None = None,
) -> httpx.Response:
    """Post it with the signature for `base` (default: the public address)."""
    address = (base or site.settings.public_base_url) + path
    signed = RequestValidator(site.settings.twilio_auth_token).compute_signature(address, fields)
    with site.client() as provider:
        return provider.post(
            path,
            content=urlencode(fields),
            headers={
                "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
                "X-Twilio-Signature": signed if signature is None else signature,
            },
        )


def stored(site: RunningSite, sender: str) -> list[Any]:
    """What the inbox holds from that number."""
    with site.engine.connect() as connection:
        address = addresses.find(connection, "phone", sender)
        if address is None:
            return []
        return list(
            connection.execute(
                select(inbox).where(inbox.c.customer_id == address.customer_id)
            ).mappings()
        )


def test_a_signed_text_is_stored_and_answered_with_empty_twiml(site: RunningSite) -> None:
    sender = a_number()
    answer = send(site, form(sender, "270 있어요?"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text.endswith("<Response></Response>")
    (row,) = stored(site, sender)
    assert (row["channel"], row["text"], row["proof"], row["state"]) == (
        "sms",
        "270 있어요?",
        "inbound",
        "ready",
    )
    assert row["address_id"] is not None


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_in_development_this_machine_has_two_names(site: RunningSite, host: str) -> None:
    base = f"http://{host}:{site.settings.port}"
    assert send(site, form(a_number()), base=base).status_code == 200
    query = f"{SMS}?a=%20b&c="
    assert send(site, form(a_number()), query, base=base).status_code == 200


@pytest.mark.parametrize("signature", ["", "wrong", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="])
def test_a_wrong_signature_is_refused_and_logged(
    site: RunningSite, signature: str, caplog: pytest.LogCaptureFixture
) -> None:
    sender = a_number()
    answer = send(site, form(sender), signature=signature)
    assert (answer.status_code, answer.json()["error"]) == (403, "not_verified")
    assert stored(site, sender) == []
    (line,) = [record for record in caplog.records if record.name == "web.webhooks"]
    assert line.action == "text_refused"  # type: ignore[attr-defined]
    assert sender not in caplog.text


def test_no_signature_another_address_or_a_changed_field_is_refused(site: RunningSite) -> None:
    sender = a_number()
    fields = form(sender)
    with site.client() as stranger:
        assert stranger.post(SMS, data=fields).status_code == 403
        assert stranger.post("/webhooks/twilio/status", data=fields).status_code == 403
        assert stranger.post(SMS, content=b"").status_code == 403
        forwarded = {"X-Forwarded-Host": "evil.example", "Host": "evil.example"}
        assert stranger.post(SMS, data=fields, headers=forwarded).status_code == 403
    assert send(site, fields, base="https://evil.example").status_code == 403
    validator = RequestValidator(site.settings.twilio_auth_token)
    signature = validator.compute_signature(site.settings.public_base_url + SMS, fields)
    changed = {**fields, "Body": "changed"}
    assert send(site, changed, signature=signature).status_code == 403
    without_blanks = {name: value for name, value in fields.items() if value}
    assert send(site, without_blanks, signature=signature).status_code == 403
    assert stored(site, sender) == []


def test_the_same_message_delivered_often_is_one_turn(site: RunningSite) -> None:
    sender = a_number()
    codes: list[int] = []
    threads = [
        threading.Thread(target=lambda: codes.append(send(site, form(sender)).status_code))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 6
    (row,) = stored(site, sender)
    with site.engine.connect() as connection:
        said = connection.scalar(
            select(func.count()).select_from(turns).where(turns.c.customer_id == row["customer_id"])
        )
    assert said == 1


@pytest.mark.parametrize(
    ("body", "media", "kept"),
    [
        ("", "1", "📷"),
        ("", "0", "…"),
        ("  \n ", "0", "…"),
        ("look", "2", "look"),
        ("😀", "0", "😀"),
        ("/restart", "0", "/restart"),
        ("a\x00b\x07c", "0", "abc"),
        ("가" * 5000, "0", "가" * 2000),
    ],
)
def test_a_text_is_never_refused_for_what_it_says(
    site: RunningSite, body: str, media: str, kept: str
) -> None:
    sender = a_number()
    assert send(site, form(sender, body, NumMedia=media)).status_code == 200
    assert [row["text"] for row in stored(site, sender)] == [kept]


def test_bytes_that_are_no_utf8_are_taken(site: RunningSite) -> None:
    sender = a_number()
    raw = urlencode(form(sender, "X")).replace("Body=X", "Body=%FF%FEhello")
    fields = form(sender, "��hello")
    fields["MessageSid"] = form(sender, "X")["MessageSid"]
    signature = RequestValidator(site.settings.twilio_auth_token).compute_signature(
        site.settings.public_base_url + SMS, fields
    )
    with site.client() as provider:
        answer = provider.post(SMS, content=raw, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200
    assert [row["text"] for row in stored(site, sender)] == ["��hello"]


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
def test_signed_but_incomplete_is_a_clear_refusal(site: RunningSite, missing: str) -> None:
    fields = {name: value for name, value in form(a_number()).items() if name != missing}
    answer = send(site, fields)
    assert answer.status_code == 422
    assert missing in answer.json()["message"]


def test_too_large_a_callback_is_not_read(site: RunningSite) -> None:
    assert send(site, form(a_number(), "a" * 300_000)).status_code == 413


def test_a_stop_is_obeyed_before_the_answer(site: RunningSite) -> None:
    sender = a_number()
    assert send(site, form(sender, "STOP")).status_code == 200
    (row,) = stored(site, sender)
    assert row["state"] == "done"
    with site.engine.connect() as connection:
        address = addresses.find(connection, "phone", sender)
        said = connection.execute(
            select(outbox_table.c.purpose, outbox_table.c.body).where(
                outbox_table.c.customer_id == row["customer_id"]
            )
        ).all()
    assert address is not None
    assert address.stopped_at is not None
    assert [tuple(each) for each in said] == [
        ("stop_confirmation", "You get no more texts from Trailhead.")
    ]


def test_a_stop_the_provider_confirmed_itself_is_not_confirmed_again(site: RunningSite) -> None:
    sender = a_number()
    assert send(site, form(sender, "STOP", OptOutType="STOP")).status_code == 200
    (row,) = stored(site, sender)
    with site.engine.connect() as connection:
        written = connection.scalar(
            select(func.count())
            .select_from(outbox_table)
            .where(outbox_table.c.customer_id == row["customer_id"])
        )
    assert written == 0


def test_texts_of_a_number_the_shop_knows_join_that_customer(site: RunningSite) -> None:
    sender = a_number()
    with site.engine.begin() as connection:
        owner = customers.create(connection, now=NOW)
        addresses.add(
            connection, customer_id=owner, kind="phone", value=sender, proof="none", now=NOW
        )
    send(site, form(sender, "it is me"))
    (row,) = stored(site, sender)
    assert row["customer_id"] == owner


def _a_sent_text(site: RunningSite) -> int:
    with site.engine.begin() as connection:
        address = customers.of_address(connection, "phone", a_number(), proof="inbound", now=NOW)
        outbox_id = outbox.put(
            connection,
            key=f"test:{address.address_id}",
            customer_id=address.customer_id,
            address_id=address.address_id,
            message_class="reply",
            body="hello",
            now=NOW,
        )
    assert outbox_id is not None
    return outbox_id


def _report(status: str, **more: str) -> dict[str, str]:
    return {"MessageSid": "SM" + "1" * 32, "MessageStatus": status, **more}


def test_reports_move_a_message_forward_only(site: RunningSite) -> None:
    outbox_id = _a_sent_text(site)
    key = callback_key(site.settings.secret_key, outbox_id)
    path = f"/webhooks/twilio/status?o={outbox_id}&k={key}"
    seen = []
    for status in ("sent", "delivered", "queued", "delivered"):
        assert send(site, _report(status), path).status_code == 204
        with site.engine.connect() as connection:
            seen.append(
                connection.scalars(
                    select(outbox_table.c.state).where(outbox_table.c.outbox_id == outbox_id)
                ).one()
            )
    assert seen == ["accepted", "delivered", "delivered", "delivered"]


def test_a_report_for_an_address_we_did_not_give_out_is_refused(site: RunningSite) -> None:
    outbox_id = _a_sent_text(site)
    for query in ("", f"?o={outbox_id}", f"?o={outbox_id}&k=forged", "?o=x&k=y"):
        answer = send(site, _report("delivered"), f"/webhooks/twilio/status{query}")
        assert answer.status_code == 403
