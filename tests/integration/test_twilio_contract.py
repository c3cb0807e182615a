"""What we send to the provider, and what the fake answers, held against the provider's own
description of its API (RULES F20), cut to the routes for messages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from channels.protocol import Message
from tests import fake_provider
from tests.fake_provider import NUMBER, FakeProvider

API = json.loads(Path(__file__).with_name("twilio_messages_api.json").read_text(encoding="utf-8"))
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
ONE = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json"


def as_json_schema(part: Any) -> Any:
    """OpenAPI's `nullable` and references, in the words of JSON Schema."""
    if isinstance(part, list):
        return [as_json_schema(one) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return as_json_schema(API["components"]["schemas"][name])
    changed = {key: as_json_schema(value) for key, value in part.items() if key != "nullable"}
    if part.get("nullable"):
        return {"anyOf": [changed, {"type": "null"}]}
    return changed


def check_answer(path: str, verb: str, status: str, answer: Any) -> None:
    described = API["paths"][path][verb]["responses"][status]["content"]["application/json"]
    Draft202012Validator(as_json_schema(described["schema"])).validate(answer)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeProvider]:
    with fake_provider.running(tmp_path_factory.mktemp("home")) as running:
        yield running


def call(provider: FakeProvider, verb: str, path: str, **more: Any) -> httpx.Response:
    account = provider.settings.twilio_account_sid
    url = provider.url + path.replace("{AccountSid}", account)
    auth = (account, provider.settings.twilio_auth_token)
    return httpx.request(verb, url, auth=auth, **more)


@pytest.mark.parametrize("valid_for", [None, timedelta(minutes=5)])
@pytest.mark.parametrize("twilio_from", ["+15005550006", "MG" + "2c" * 16])
def test_what_we_send_is_what_the_api_describes(
    tmp_path: Path, valid_for: timedelta | None, twilio_from: str
) -> None:
    asked: list[dict[str, str]] = []
    with fake_provider.running(tmp_path, twilio_from=twilio_from) as provider:
        create = provider.exchange.create
        provider.exchange.create = lambda fields: (asked.append(dict(fields)), create(fields))[1]  # type: ignore[method-assign]
        provider.sender().send(
            Message(outbox_id=1, recipient=NUMBER, body="안녕하세요 👟", valid_for=valid_for)
        )
    (sent,) = asked
    body = API["paths"][MESSAGES]["post"]["requestBody"]["content"]
    schema = body["application/x-www-form-urlencoded"]["schema"]
    assert set(schema.get("required", [])) <= set(sent)
    for name, value in sent.items():
        described = as_json_schema(schema["properties"][name])
        if described.get("type") == "integer":
            Draft202012Validator(described).validate(int(value))
        else:
            Draft202012Validator(described).validate(value)


def test_a_new_message_has_the_shape_of_the_api(provider: FakeProvider) -> None:
    fields = {"To": NUMBER, "From": "+15005550006", "Body": "hi"}
    answer = call(provider, "POST", MESSAGES, data=fields)
    assert answer.status_code == 201
    check_answer(MESSAGES, "post", "201", answer.json())
    assert answer.json()["status"] == "queued"
    assert abs(parsedate_to_datetime(answer.json()["date_created"]) - datetime.now(UTC)) < (
        timedelta(minutes=1)
    )


def test_a_list_has_the_shape_of_the_api_and_its_pages_hang_together(
    provider: FakeProvider,
) -> None:
    provider.exchange.forget()
    for place in range(5):
        call(
            provider,
            "POST",
            MESSAGES,
            data={"To": NUMBER, "From": "+15005550006", "Body": f"text {place}"},
        )
    path, bodies, pages = MESSAGES + "?PageSize=2&To=" + NUMBER.replace("+", "%2B"), [], 0
    while path:
        page = call(provider, "GET", path).json()
        check_answer(MESSAGES, "get", "200", page)
        bodies += [one["body"] for one in page["messages"]]
        path, pages = page["next_page_uri"], pages + 1
    assert bodies == [f"text {place}" for place in (4, 3, 2, 1, 0)]
    assert pages == 3


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"To": NUMBER}, 1),
        ({"To": "+15035550000"}, 0),
        ({"From": "+15005550006"}, 1),
        ({"DateSent": "today"}, 1),
        ({"DateSent": "2020-01-01"}, 0),
        ({"DateSent>": "2020-01-01"}, 1),
        ({"DateSent>": "2999-01-01"}, 0),
        ({"DateSent<": "2020-01-01"}, 0),
        ({"DateSent<": "2999-01-01T00:00:00Z"}, 1),
    ],
)
def test_a_list_is_filtered(provider: FakeProvider, query: dict[str, str], count: int) -> None:
    provider.exchange.forget()
    call(provider, "POST", MESSAGES, data={"To": NUMBER, "From": "+15005550006", "Body": "x"})
    today = datetime.now(UTC).date().isoformat()
    params = {key: today if value == "today" else value for key, value in query.items()}
    assert len(call(provider, "GET", MESSAGES, params=params).json()["messages"]) == count


def test_one_message_can_be_fetched(provider: FakeProvider) -> None:
    made = call(
        provider, "POST", MESSAGES, data={"To": NUMBER, "From": "+15005550006", "Body": "x"}
    ).json()
    answer = call(provider, "GET", ONE.replace("{Sid}", made["sid"]))
    check_answer(ONE, "get", "200", answer.json())
    assert answer.json()["sid"] == made["sid"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "555"}, 21211),
        ({"To": "+15005550001"}, 21211),
        ({"To": "+15005550004"}, 21610),
        ({"From": ""}, 21603),
        ({"From": "+15005550099"}, 21606),
        ({"Body": " "}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"StatusCallback": "localhost/hook"}, 21609),
        ({"ValidityPeriod": "36001"}, 20001),
        ({"ValidityPeriod": "abc"}, 20001),
    ],
)
def test_a_bad_request_is_refused_in_the_providers_shape(
    provider: FakeProvider, changed: dict[str, str], code: int
) -> None:
    fields = {"To": NUMBER, "From": "+15005550006", "Body": "x", **changed}
    answer = call(provider, "POST", MESSAGES, data=fields)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert set(answer.json()) == {"code", "message", "more_info", "status"}


def test_what_is_not_there_is_not_found(provider: FakeProvider) -> None:
    answer = call(provider, "GET", ONE.replace("{Sid}", "SM" + "0" * 32))
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_told_to_it_handles_opt_out_as_the_provider_does(provider: FakeProvider) -> None:
    provider.exchange.forget()
    httpx.put(f"{provider.url}/opt-out-handling", params={"is_on": True}).raise_for_status()
    try:
        stop = provider.exchange.text_the_shop(NUMBER, "Stop")
        assert stop.as_inbound_webhook()["OptOutType"] == "STOP"
        fields = {"To": NUMBER, "From": "+15005550006", "Body": "x"}
        assert call(provider, "POST", MESSAGES, data=fields).json()["code"] == 21610
        provider.exchange.text_the_shop(NUMBER, "START")
        assert call(provider, "POST", MESSAGES, data=fields).status_code == 201
    finally:
        provider.exchange.handles_opt_out = False


def test_ids_are_as_the_api_describes(provider: FakeProvider) -> None:
    pattern = API["components"]["schemas"]["api.v2010.account.message"]["properties"]["sid"]
    texts = [provider.exchange.text_the_shop(NUMBER, "hi") for _ in range(20)]
    assert all(re.fullmatch(pattern["pattern"], text.sid) for text in texts)
    assert len({text.sid for text in texts}) == 20
