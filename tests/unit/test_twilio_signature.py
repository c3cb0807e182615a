"""Signatures of webhooks (RULES TW-1, F4): right ones in every shape pass, anything else does not.

What a right signature is comes from the provider's documented example and from the plain formula
below, not from the code under test.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from urllib.parse import quote_plus

import pytest

import settings
from channels.twilio import incoming
from channels.twilio.signature import SignatureCheck, read_form
from marketing.errors import NotVerified

TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://chat.example.com"
PATH = "/webhooks/twilio/sms"
Pairs = Sequence[tuple[str, str]]

PLAIN: Pairs = [("Body", "hello"), ("From", "+15035550142"), ("MessageSid", "SM1")]


def sign(url: str, pairs: Pairs, token: str = TOKEN, digest: str = "sha1") -> str:
    """The formula of Twilio's security page."""
    text = url + "".join(key + value for key, value in sorted(set(pairs)))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), digest).digest()).decode()


def form(pairs: Pairs) -> bytes:
    return "&".join(f"{quote_plus(key)}={quote_plus(value)}" for key, value in pairs).encode()


def is_verified(
    path: str,
    signature: str | None,
    body: bytes,
    *,
    bases: tuple[str, ...] = (PUBLIC,),
    token: str = TOKEN,
    header: str = "x-twilio-signature",
    more: dict[str, str] | None = None,
) -> bool:
    headers = {**(more or {}), **({header: signature} if signature is not None else {})}
    try:
        SignatureCheck(token, bases).demand(path, headers, read_form(body))
    except NotVerified:
        return False
    return True


def test_the_example_of_the_providers_documentation() -> None:
    body = (
        b"CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&From=%2B12349013030"
        b"&To=%2B18005551212"
    )
    check = SignatureCheck("12345", ("https://mycompany.com",))
    headers = {"X-Twilio-Signature": "0/KCTR6DLpKmkAf8muzZqo1nDgQ="}
    check.demand("/myapp.php?foo=1&bar=2", headers, read_form(body))


RIGHT: dict[str, Pairs] = {
    "plain": PLAIN,
    "no fields at all": [],
    "blank fields": [("Body", ""), ("FromCity", ""), ("FromZip", ""), ("MessageSid", "SM1")],
    "messaging service": [*PLAIN, ("MessagingServiceSid", "MG" + "2c" * 16)],
    "opt-out type": [*PLAIN, ("OptOutType", "STOP")],
    "korean": [("Body", "안녕하세요, 등산화 있어요?")],
    "emoji": [("Body", "👟👨‍👩‍👧 ok")],
    "white space around": [("Body", "  stop by tomorrow \n")],
    "line breaks": [("Body", "one\r\ntwo\nthree")],
    "plus, percent, ampersand": [("Body", "1+1=2 & 100% sure?")],
    "equals signs": [("Body", "a=b==c")],
    "zero-width and full-width": [("Body", "S\u200bT\u200bOP ＳＴＯＰ")],
    "nul and controls": [("Body", "a\x00b\x07c")],
    "sixteen hundred signs": [("Body", "가" * 1600)],
    "a megabyte": [("Body", "x" * 1_000_000)],
    "two values of one key": [("MediaUrl", "https://b"), ("MediaUrl", "https://a")],
    "the same pair twice": [("Body", "x"), ("Body", "x")],
    "keys out of order": [("To", "2"), ("Body", "1"), ("ApiVersion", "3")],
    "upper before lower case": [("body", "1"), ("Body", "2"), ("BODY", "3")],
    "ten pictures": [(f"MediaUrl{number}", f"https://x/{number}") for number in range(10)],
}


@pytest.mark.parametrize("pairs", RIGHT.values(), ids=RIGHT)
def test_a_right_signature_passes(pairs: Pairs) -> None:
    assert is_verified(PATH, sign(PUBLIC + PATH, pairs), form(pairs))


@pytest.mark.parametrize(
    ("bases", "path", "signed_url"),
    [
        ((PUBLIC,), PATH, "https://chat.example.com:443" + PATH),
        (("http://localhost:8080",), PATH, "http://localhost:8080" + PATH),
        (("http://localhost:8080",), PATH, "http://localhost" + PATH),
        (("http://localhost:8080", "http://127.0.0.1:8080"), PATH, "http://127.0.0.1:8080" + PATH),
        ((PUBLIC,), PATH + "?o=7&k=ab", PUBLIC + PATH + "?o=7&k=ab"),
        ((PUBLIC,), PATH + "?note=%EA%B0%80+%2B", PUBLIC + PATH + "?note=%EA%B0%80+%2B"),
        (("https://example.com/shop",), PATH, "https://example.com/shop" + PATH),
    ],
)
def test_the_address_it_was_signed_for(bases: tuple[str, ...], path: str, signed_url: str) -> None:
    assert is_verified(path, sign(signed_url, PLAIN), form(PLAIN), bases=bases)


def test_the_name_of_the_header_may_be_in_any_case() -> None:
    signature = sign(PUBLIC + PATH, PLAIN)
    assert is_verified(PATH, signature, form(PLAIN), header="X-TWILIO-Signature")


GOOD = sign(PUBLIC + PATH, PLAIN)
BLANK: Pairs = [*PLAIN, ("FromCity", "")]

WRONG: dict[str, tuple[str, str | None, bytes]] = {
    "no header": (PATH, None, form(PLAIN)),
    "empty header": (PATH, "", form(PLAIN)),
    "white space for a header": (PATH, "   ", form(PLAIN)),
    "not base64": (PATH, "!" * 28, form(PLAIN)),
    "letters beyond ascii": (PATH, "é" * 28, form(PLAIN)),
    "cut short": (PATH, GOOD[:-1], form(PLAIN)),
    "something behind it": (PATH, GOOD + "=", form(PLAIN)),
    "two signatures": (PATH, f"{GOOD},{GOOD}", form(PLAIN)),
    "lower case": (PATH, GOOD.lower(), form(PLAIN)),
    "another token": (PATH, sign(PUBLIC + PATH, PLAIN, "f" * 32), form(PLAIN)),
    "an empty token": (PATH, sign(PUBLIC + PATH, PLAIN, ""), form(PLAIN)),
    "another digest": (PATH, sign(PUBLIC + PATH, PLAIN, digest="sha256"), form(PLAIN)),
    "no fields signed": (PATH, sign(PUBLIC + PATH, []), form(PLAIN)),
    "another sender": (PATH, GOOD, form([("Body", "hello"), ("From", "+1"), PLAIN[2]])),
    "another text": (PATH, GOOD, form([("Body", "hello "), *PLAIN[1:]])),
    "a field more": (PATH, GOOD, form([*PLAIN, ("OptOutType", "STOP")])),
    "a blank field more": (PATH, GOOD, form(BLANK)),
    "a field less": (PATH, GOOD, form(PLAIN[:2])),
    "a blank field less": (PATH, sign(PUBLIC + PATH, BLANK), form(PLAIN)),
    "a second value": (PATH, GOOD, form([*PLAIN, ("From", "+15035550199")])),
    "key and value moved apart": (PATH, GOOD, form([("Bodyhello", ""), *PLAIN[1:]]) + b"x"),
    "another host": (PATH, sign("https://evil.example" + PATH, PLAIN), form(PLAIN)),
    "http for https": (PATH, sign("http://chat.example.com" + PATH, PLAIN), form(PLAIN)),
    "another port": (PATH, sign("https://chat.example.com:8443" + PATH, PLAIN), form(PLAIN)),
    "another path": ("/webhooks/twilio/status", GOOD, form(PLAIN)),
    "a slash more": (PATH + "/", GOOD, form(PLAIN)),
    "a query more": (PATH + "?o=1", GOOD, form(PLAIN)),
    "a query less": (PATH, sign(PUBLIC + PATH + "?o=1", PLAIN), form(PLAIN)),
    "a fragment": (PATH, sign(PUBLIC + PATH + "#rc=1", PLAIN), form(PLAIN)),
    "a whole address for a path": (PUBLIC + PATH, sign(PUBLIC + PUBLIC + PATH, PLAIN), form(PLAIN)),
    "an empty path": ("", sign(PUBLIC, PLAIN), form(PLAIN)),
    "a host smuggled into the path": (
        "@evil.example" + PATH,
        sign(PUBLIC + "@evil.example" + PATH, PLAIN),
        form(PLAIN),
    ),
}


@pytest.mark.parametrize(("path", "signature", "body"), WRONG.values(), ids=WRONG)
def test_anything_else_does_not(path: str, signature: str | None, body: bytes) -> None:
    assert not is_verified(path, signature, body)


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"])
def test_no_header_adds_an_address(name: str) -> None:
    evil = sign("https://evil.example" + PATH, PLAIN)
    assert not is_verified(PATH, evil, form(PLAIN), more={name: "evil.example"})


BASE_ENVIRONMENT = {
    "DATABASE_URL": "postgresql://db/dangol",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_FROM": "+12025550123",
    **{name: f"{name}-long-enough-value" for name in settings.SECRET_NAMES},
}


def test_development_knows_this_machine_production_only_the_setting() -> None:
    development = settings.read({**BASE_ENVIRONMENT, "PUBLIC_BASE_URL": PUBLIC}, port=8123)
    assert incoming.accepted_base_urls(development) == (
        PUBLIC,
        "http://localhost:8123",
        "http://127.0.0.1:8123",
    )
    production = settings.read(
        {**BASE_ENVIRONMENT, "PUBLIC_BASE_URL": PUBLIC, "DANGOL_ENV": "production"}, port=8123
    )
    assert incoming.accepted_base_urls(production) == (PUBLIC,)


@pytest.mark.parametrize(
    "body",
    [
        '{"Body": "안녕"}'.encode(),
        b"Body=\xff\xfe",
        "Body=안녕".encode(),
        b"&".join(b"a%d=1" % number for number in range(500)),
    ],
)
def test_a_body_that_no_form_could_be_signed_as_is_refused_as_unsigned(body: bytes) -> None:
    receiver = incoming.TwilioReceiver(auth_token=TOKEN, secret_keys=("s",), base_urls=(PUBLIC,))
    with pytest.raises(NotVerified):
        receiver.verify_and_parse_message(PATH, {"x-twilio-signature": GOOD}, body)


def test_the_formula_above_is_the_documented_one() -> None:
    """So that the other cases stand on the provider's own example."""
    pairs = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+12349013030"),
        ("Digits", "1234"),
        ("From", "+12349013030"),
        ("To", "+18005551212"),
    ]
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign(url, pairs, "12345") == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
