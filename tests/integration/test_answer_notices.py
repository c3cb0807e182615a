"""Whoever has left the chat when a person answers is told by a service text with a link into the
conversation; the link proves nothing (STORIES 7, decision 22).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from memory import (
    addresses,
    catalogue,
    clock,
    customers,
    hand_overs,
    open_chats,
    releases,
    sessions,
    talking,
    turns,
)
from tests.web_site import NOW, RunningSite

SECRET = "환불은 내일 카드로 들어가요."
WORDS = {
    "utter_answer_arrived": {
        "ko": "[{shop_name}] 문의하신 {topic} 답변이 도착했어요. {link}",
        "en": "{shop_name}: the answer to your question about {topic} is here. {link}",
    },
    "utter_answer_arrived_of_nothing_named": {
        "ko": "[{shop_name}] 문의하신 내용의 답변이 도착했어요. {link}",
        "en": "{shop_name}: the answer to your question is here. {link}",
    },
    "utter_topic_refund": {"ko": "환불", "en": "your refund"},
    "utter_code_text": {"ko": "[{shop_name}] {code}", "en": "{shop_name}: {code}"},
    "utter_code_sent": {
        "ko": "여섯 자리를 여기에 적어 주세요.",
        "en": "Enter the six digits here.",
    },
}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody who has asked for a person in the chat, and the token of their session."""

    customer: str
    token: str
    number: str


@pytest.fixture
def words(site: RunningSite) -> None:
    with site.engine.begin() as connection:
        releases.publish(
            connection,
            inputs_digest="x",
            files={},
            words={
                name: [
                    {
                        "text": said,
                        "condition": [{"type": "slot", "name": "language", "value": in_}],
                    }
                    for in_, said in wordings.items()
                ]
                for name, wordings in WORDS.items()
            },
            model=b"",
            now=NOW,
        )


_numbers = iter(range(2000, 9999))


def _waits(
    site: RunningSite, *, proof: str = "code", topic: str | None = "refund", language: str = "ko"
) -> Waiting:
    country = "+8210000" if language == "ko" else "+1503555"
    number = f"{country}{next(_numbers)}"
    with site.engine.begin() as connection:
        now = clock.business_now(connection)
        customer = customers.create(connection, now=now, language=language, name="한별")
        addresses.add(
            connection, customer_id=customer, kind="phone", value=number, proof=proof, now=now
        )
        token = sessions.open_session(connection, customer)
        hand_overs.ask(
            connection,
            customer,
            channel="web",
            address_id=None,
            said="사람이요",
            topic=topic,
            now=now,
        )
        hand_overs.take(connection, customer, by="지수", now=now)
    return Waiting(customer=customer, token=token, number=number)


def _answers(site: RunningSite, who: Waiting, said: str = SECRET, minutes: int = 0) -> bool:
    with site.engine.begin() as connection:
        found = hand_overs.of_customer(connection, who.customer)
        assert found is not None
        now = clock.business_now(connection) + timedelta(minutes=minutes)
        return talking.say(connection, found, said, shop_url=site.url, now=now)


def _texts(site: RunningSite, who: Waiting) -> list[dict[str, Any]]:
    with site.engine.begin() as connection:
        rows = connection.execute(
            text("SELECT * FROM outbox WHERE customer_id = :whose ORDER BY outbox_id"),
            {"whose": who.customer},
        )
        return [dict(row._mapping) for row in rows]


def _path(body: str) -> str:
    found = re.search(r"/l/[\w-]+", body)
    assert found is not None
    return found.group()


def test_it_is_a_service_text_with_a_link_and_nothing_else(site: RunningSite, words: None) -> None:
    who = _waits(site)
    assert _answers(site, who)
    (sent,) = _texts(site, who)
    with site.engine.begin() as connection:
        shop = catalogue.store_profile(connection)["name"]["ko"]
    path = _path(sent["body"])
    assert sent["body"] == f"[{shop}] 문의하신 환불 답변이 도착했어요. {site.url}{path}"
    assert (sent["message_class"], sent["purpose"]) == ("service", "answer_notice")
    assert "광고" not in sent["body"]
    assert "한별" not in sent["body"]


def test_in_english_and_about_nothing_named(site: RunningSite, words: None) -> None:
    who = _waits(site, topic=None, language="en")
    assert _answers(site, who, "It's on its way.")
    (sent,) = _texts(site, who)
    assert "the answer to your question is here. http" in sent["body"]


def test_whoever_has_the_chat_open_gets_no_text(site: RunningSite, words: None) -> None:
    who = _waits(site)
    with site.engine.begin() as connection:
        open_chats.tell(connection, "web-test", [who.customer])
    assert not _answers(site, who)
    assert _texts(site, who) == []


def test_a_number_that_nobody_has_proven_gets_none(site: RunningSite, words: None) -> None:
    who = _waits(site, proof="none")
    assert not _answers(site, who)
    assert _texts(site, who) == []


def test_whoever_wants_no_text_gets_none(site: RunningSite, words: None) -> None:
    who = _waits(site)
    with site.engine.begin() as connection:
        assert hand_overs.want_text(connection, who.customer, False)
    assert not _answers(site, who)
    assert _texts(site, who) == []


def test_a_burst_of_answers_is_told_once_and_a_later_one_again(
    site: RunningSite, words: None
) -> None:
    who = _waits(site)
    assert [_answers(site, who, minutes=after) for after in (0, 1, 30)] == [True, False, False]
    with site.engine.begin() as connection:
        turns.append(
            connection,
            who.customer,
            [turns.Utterance(text="고마워요, 하나만 더요")],
            direction="in",
            channel="web",
            language="ko",
            at=clock.business_now(connection) + timedelta(minutes=31),
        )
    assert _answers(site, who, minutes=32)
    assert _answers(site, who, minutes=33 + 60)
    assert len(_texts(site, who)) == 3


def test_at_night_it_waits_for_the_morning_in_korea(site: RunningSite, words: None) -> None:
    who = _waits(site)
    night = datetime(2026, 12, 7, 13, 30, tzinfo=UTC)  # 22:30 in Seoul
    with site.engine.begin() as connection:
        found = hand_overs.of_customer(connection, who.customer)
        assert found is not None
        talking.say(connection, found, SECRET, shop_url=site.url, now=night)
    (sent,) = _texts(site, who)
    assert sent["hold_until"] == datetime(2026, 12, 7, 23, 0, tzinfo=UTC)


def test_the_link_opens_the_conversation_for_its_own_browser(
    site: RunningSite, words: None
) -> None:
    who = _waits(site)
    _answers(site, who)
    path = _path(_texts(site, who)[0]["body"])
    with site.client(cookies={"dangol_session": who.token}) as browser:
        page = browser.get(path).text
        rows = browser.get("/chat/messages").json()["messages"]
    assert "begin-open" in page
    assert "이 페이지의 대화창에서" in page
    assert rows[-1]["text"] == SECRET


def test_another_browser_sees_nothing_of_it(site: RunningSite, words: None) -> None:
    who = _waits(site)
    _answers(site, who)
    path = _path(_texts(site, who)[0]["body"])
    with site.client() as browser:
        page = browser.get(path)
        assert browser.get("/chat/messages").status_code == 401
        head = browser.head(path)
    assert (page.status_code, head.status_code) == (200, 200)
    for secret in (SECRET, "환불", "한별", who.number, who.customer, "begin-open"):
        assert secret not in page.text
    assert len(_texts(site, who)) == 1


def test_a_code_goes_to_the_number_only_when_it_is_asked_for_and_opens_the_conversation(
    site: RunningSite, words: None
) -> None:
    who = _waits(site)
    _answers(site, who)
    path = _path(_texts(site, who)[0]["body"])
    with site.client() as browser:
        browser.get(path)
        assert len(_texts(site, who)) == 1
        page = browser.post(f"{path}/code")
        assert SECRET not in page.text
        assert "begin-open" in page.text
        sent = _texts(site, who)[-1]
        assert (sent["purpose"], sent["message_class"]) == ("code", "service")
        rows = browser.get("/chat/messages").json()["messages"]
    assert all(SECRET not in row["text"] for row in rows)
    assert rows[-1]["text"] == WORDS["utter_code_sent"]["ko"]


def test_codes_are_few(site: RunningSite, words: None) -> None:
    who = _waits(site)
    _answers(site, who)
    path = _path(_texts(site, who)[0]["body"])
    with site.client() as browser:
        pages = [browser.post(f"{path}/code").text for _ in range(6)]
    assert "한 시간 뒤에" in pages[-1]


def test_a_link_to_something_else_sends_no_code(site: RunningSite) -> None:
    with site.client() as browser:
        assert browser.post("/l/made-up/code").status_code == 404
