"""What Twilio's requests become: from payloads as it sends them, and from damaged ones."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode

import pytest

from channels.protocol import IncomingText, StatusReport
from channels.twilio.incoming import TwilioReceiver
from channels.twilio.outgoing import TwilioSender
from command.phone.exchange import signature
from marketing.errors import BadInput, NotVerified

TOKEN = "0123456789abcdef0123456789abcdef"
SECRET = "the-secret-key-of-these-tests"
PUBLIC = "https://chat.example.com"
SMS = "/webhooks/twilio/sms"
STATUS = "/webhooks/twilio/status"
PAYLOADS = Path(__file__).with_name("twilio_payloads")
SID = "1b7f0a6a3f4be2d6a0a7e6d21f4c9e55"

RECEIVER = TwilioReceiver(auth_token=TOKEN, secret_keys=(SECRET,), base_urls=(PUBLIC,))


def payload(name: str) -> dict[str, str]:
    captured = (PAYLOADS / f"{name}.form").read_text(encoding="ascii")
    return dict(parse_qsl(captured, keep_blank_values=True))


def receive(fields: dict[str, str]) -> IncomingText:
    headers = {"x-twilio-signature": signature(TOKEN, PUBLIC + SMS, fields)}
    return RECEIVER.verify_and_parse_message(SMS, headers, urlencode(fields).encode())


def report(path: str, fields: dict[str, str]) -> StatusReport:
    headers = {"x-twilio-signature": signature(TOKEN, PUBLIC + path, fields)}
    return RECEIVER.verify_and_parse_status(path, headers, urlencode(fields).encode())


def callback_path(outbox_id: int, secret: str = SECRET) -> str:
    sender = TwilioSender(
        SimpleNamespace(messages=None),
        twilio_from="+15005550006",
        callback_base=STATUS,
        secret_key=secret,
    )
    return sender.callback_url(outbox_id)


def test_a_text_from_an_american_number() -> None:
    assert receive(payload("us_long_code")) == IncomingText(
        provider_id="SM" + SID,
        sender="+15035550142",
        recipient="+15005550006",
        text="Do you have the Ridge GTX in 9.5?",
        media_count=0,
        opt_out_type=None,
    )


def test_a_messaging_service_changes_nothing() -> None:
    assert receive(payload("messaging_service")) == receive(payload("us_long_code"))


def test_a_korean_text_whose_sender_has_no_city() -> None:
    received = receive(payload("korean_blank_geography"))
    assert received.text == "안녕하세요, 등산화 270 있어요? 👟"
    assert received.sender == "+821000000142"


def test_an_opt_out_that_the_provider_has_answered() -> None:
    received = receive(payload("advanced_opt_out_stop"))
    assert (received.text, received.opt_out_type) == ("STOP", "STOP")


def test_a_picture_without_words() -> None:
    received = receive(payload("picture_only"))
    assert (received.provider_id, received.text, received.media_count) == ("MM" + SID, "", 1)


def test_a_short_code_as_sender() -> None:
    assert receive(payload("short_code")).sender == "12345"


def test_control_characters_are_left_out_and_lines_kept() -> None:
    assert receive(payload("lines_and_controls")).text == "first line\nsecond\tline end"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("MessageSid", ""),
        ("MessageSid", "SM1; DROP TABLE inbox"),
        ("MessageSid", "S" * 65),
        ("From", ""),
        ("From", "whatsapp:+15035550142"),
        ("From", "+0123"),
        ("From", "+1503555014212345"),
        ("To", "me"),
    ],
)
def test_a_signed_text_without_what_it_needs_is_bad_input(field: str, value: str) -> None:
    with pytest.raises(BadInput, match=field):
        receive({**payload("us_long_code"), field: value})


def test_a_signed_text_with_two_senders_is_bad_input() -> None:
    fields = payload("us_long_code")
    body = urlencode([*fields.items(), ("From", fields["From"])]).encode()
    headers = {"x-twilio-signature": signature(TOKEN, PUBLIC + SMS, fields)}
    with pytest.raises(BadInput, match="From"):
        RECEIVER.verify_and_parse_message(SMS, headers, body)


@pytest.mark.parametrize("count", ["", "x", "-1", "²", "9" * 30])
def test_a_strange_number_of_pictures_counts_as_none(count: str) -> None:
    assert receive({**payload("us_long_code"), "NumMedia": count}).media_count == 0


def test_an_unsigned_text_is_not_read() -> None:
    body = urlencode(payload("us_long_code")).encode()
    with pytest.raises(NotVerified):
        RECEIVER.verify_and_parse_message(SMS, {}, body)


@pytest.mark.parametrize(
    ("name", "status", "error_code"),
    [
        ("status_sent", "sent", None),
        ("status_delivered", "delivered", None),
        ("status_delivered_messaging_service", "delivered", None),
        ("status_undelivered", "undelivered", 30006),
    ],
)
def test_a_status_report(name: str, status: str, error_code: int | None) -> None:
    assert report(callback_path(42), payload(name)) == StatusReport(
        outbox_id=42, provider_id="SM" + SID, status=status, error_code=error_code
    )


def forged_paths() -> dict[str, str]:
    own, other = callback_path(42), callback_path(43)
    return {
        "no query": STATUS,
        "no key": f"{STATUS}?o=42",
        "an empty key": f"{STATUS}?o=42&k=",
        "another message's key": own.split("&")[0] + "&" + other.split("&")[1],
        "another secret's key": callback_path(42, "another-secret"),
        "a key cut short": own[:-1],
        "a key in capitals": own.split("k=")[0] + "k=" + own.split("k=")[1].upper() + "A",
        "no number": f"{STATUS}?o=x&k=1",
        "a negative number": f"{STATUS}?o=-42&k=1",
        "a number in other digits": f"{STATUS}?o=٤٢&k=1",
        "a huge number": f"{STATUS}?o={'9' * 40}&k=1",
        "letters beyond ascii as key": f"{STATUS}?o=42&k=%C3%A9",
    }


@pytest.mark.parametrize("path", forged_paths().values(), ids=forged_paths())
def test_a_callback_address_that_we_did_not_give_out_is_refused(path: str) -> None:
    with pytest.raises(NotVerified):
        report(path, payload("status_delivered"))


def test_a_status_report_signed_by_somebody_else_is_refused() -> None:
    path, fields = callback_path(42), payload("status_delivered")
    headers = {"x-twilio-signature": signature("f" * 32, PUBLIC + path, fields)}
    with pytest.raises(NotVerified):
        RECEIVER.verify_and_parse_status(path, headers, urlencode(fields).encode())


@pytest.mark.parametrize(("field", "value"), [("MessageStatus", ""), ("MessageSid", "")])
def test_a_status_report_without_its_status_is_bad_input(field: str, value: str) -> None:
    with pytest.raises(BadInput, match=field):
        report(callback_path(42), {**payload("status_delivered"), field: value})


def test_which_message_may_only_be_said_once() -> None:
    with pytest.raises(BadInput):
        report(callback_path(42) + "&o=43", payload("status_delivered"))


def test_a_callback_that_was_given_out_under_the_key_before_still_holds() -> None:
    rotated = TwilioReceiver(auth_token=TOKEN, secret_keys=("today's", SECRET), base_urls=(PUBLIC,))
    path = callback_path(12).removeprefix(PUBLIC)
    fields = {"MessageSid": "SM" + SID, "MessageStatus": "sent"}
    headers = {"x-twilio-signature": signature(TOKEN, PUBLIC + path, fields)}
    found = rotated.verify_and_parse_status(path, headers, urlencode(fields).encode())
    assert found.outbox_id == 12
