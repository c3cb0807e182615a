"""The one link of a text: the offer it opens, the consent it confirms, and the way out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import func, select

from memory import addresses, clock, consents, customers, links, merging, offers, sessions
from memory.offers import Offer
from memory.tables import consents as consents_table
from memory.tables import customers as customers_table
from memory.tables import offers as offers_table
from memory.tables import outbox
from tests.web_site import FIRST_LINE, NOW, RunningSite

_NUMBERS = iter(range(1000, 9999))
TOLD = {
    "ko": "릿지 GTX 어떠세요? 비 오는 산길도 이 한 켤레면 돼요.",
    "en": "How about the Ridge GTX? It keeps your feet dry.",
}
"""What is said of the product to anybody."""
DISCLOSURE = "숲길이 광고 문자를 한 주에 한 번까지 보내요.\n언제든 그만 받으실 수 있어요."


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A link that was sent, and what it is about."""

    token: str
    customer: str
    address_id: int
    offer_id: int | None = None

    @property
    def path(self) -> str:
        """Where it leads."""
        return f"/l/{self.token}"


def _offered(site: RunningSite, language: str = "en", state: str = "open") -> Linked:
    """An offer that went by text, with its link."""
    number = f"+{'8210000' if language == 'ko' else '1503555'}{next(_NUMBERS)}"
    with site.engine.begin() as connection:
        now = clock.business_now(connection)
        address = customers.of_address(
            connection, "phone", number, proof="code", now=now, language=language
        )
        consents.record(
            connection,
            address.customer_id,
            purpose="marketing",
            action="given",
            evidence={"said": "YES"},
            now=now,
            address_id=address.address_id,
        )
        offer_id = offers.plan(
            connection,
            address.customer_id,
            campaign="browse",
            occurrence="today",
            product_id="ridge-gtx",
            category="hiking_shoes",
            about={"size": "270", "width": "wide", "day": "2027-07-12"},
            language=language,
            text=TOLD[language],
            now=now,
        )
        assert offer_id is not None
        if state != "planned":
            offers.open_up(connection, address.customer_id, offer_id, channel="sms", now=now)
        if state == "bought":
            offers.cancel(connection, address.customer_id, state="bought", reason="bought", now=now)
        token = links.issue(
            connection,
            address.customer_id,
            kind="offer",
            address_id=address.address_id,
            offer_id=offer_id,
            now=now,
        )
    return Linked(
        token=token,
        customer=address.customer_id,
        address_id=address.address_id,
        offer_id=offer_id,
    )


def _asked(site: RunningSite, *purposes: str, country: str = "KR", ago: float = 0) -> Linked:
    """A consent that was asked for `ago` hours ago on the web, with its link."""
    number = f"+{'8210000' if country == 'KR' else '1503555'}{next(_NUMBERS)}"
    with site.engine.begin() as connection:
        now = clock.business_now(connection)
        address = customers.of_address(connection, "phone", number, proof="code", now=now)
        for purpose in purposes:
            consents.record(
                connection,
                address.customer_id,
                purpose=purpose,
                action="requested",
                evidence={"text": f"{DISCLOSURE} <{purpose}>", "version": 7, "language": "ko"},
                now=now - timedelta(hours=ago),
                address_id=address.address_id,
            )
        token = links.issue(
            connection,
            address.customer_id,
            kind="consent",
            address_id=address.address_id,
            now=now,
        )
    return Linked(token=token, customer=address.customer_id, address_id=address.address_id)


def _shown(page: str) -> str:
    content = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())


def _rows(browser: httpx.Client) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = browser.get("/chat/messages").json()["messages"]
    return rows


def _ledger(site: RunningSite, linked: Linked) -> list[tuple[str, str]]:
    with site.engine.connect() as connection:
        rows = connection.execute(
            select(consents_table.c.purpose, consents_table.c.action)
            .where(consents_table.c.customer_id == linked.customer)
            .order_by(consents_table.c.consent_id)
        )
        return [(row.purpose, row.action) for row in rows]


def _evidence(site: RunningSite, linked: Linked) -> Mapping[str, Any]:
    with site.engine.connect() as connection:
        found: Mapping[str, Any] = connection.scalars(
            select(consents_table.c.evidence)
            .where(consents_table.c.customer_id == linked.customer)
            .order_by(consents_table.c.consent_id.desc())
            .limit(1)
        ).one()
        return found


def _texts(site: RunningSite, linked: Linked) -> list[tuple[str, str, str]]:
    with site.engine.connect() as connection:
        rows = connection.execute(
            select(outbox.c.message_class, outbox.c.purpose, outbox.c.body).where(
                outbox.c.customer_id == linked.customer
            )
        )
        return [(row.message_class, row.purpose, row.body) for row in rows]


def _copies(site: RunningSite, linked: Linked) -> Sequence[Offer]:
    with site.engine.connect() as connection:
        rows = connection.execute(
            select(offers_table.c.customer_id, offers_table.c.offer_id).where(
                offers_table.c.of_customer_id == linked.customer
            )
        ).all()
        return [offers.get(connection, row.customer_id, row.offer_id) for row in rows]


def _count_of_customers(site: RunningSite) -> int:
    with site.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(customers_table)) or 0)


# -- an offer ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "name", "price", "reply", "way_out"),
    [
        ("ko", "릿지 GTX", "189,000원", "좋아요", "광고 그만 받기 (무료수신거부)"),
        ("en", "Ridge GTX", "$159", "Yes, please", "Stop marketing texts"),
    ],
)
def test_the_link_opens_the_conversation_with_its_offer_as_the_open_question(
    site: RunningSite, language: str, name: str, price: str, reply: str, way_out: str
) -> None:
    linked = _offered(site, language)
    with site.client(headers={"Accept-Language": "en"}) as browser:
        page = browser.get(linked.path)
        assert page.status_code == 200
        assert page.headers["content-language"] == language
        first, offer = _rows(browser)
        customer = browser.post("/chat/session").json()["customer"]
        browser.get(linked.path)
        assert len(_rows(browser)) == 2  # told once
    for said in (name, price, way_out):
        assert said in _shown(page.text)
    assert re.search(r"<dangol-chat [^>]*begin-open", page.text)
    assert first["text"] == FIRST_LINE[language]
    assert offer["text"] == TOLD[language]
    assert (offer["direction"], offer["channel"]) == ("out", "web")
    assert [button["title"] for button in offer["buttons"]] == [reply]
    (card,) = offer["cards"]
    assert (card["product_id"], card["title"], card["price"]) == ("ridge-gtx", name, price)
    assert card["url"] == f"{site.settings.public_base_url}/products/ridge-gtx"
    (copy,) = _copies(site, linked)
    assert (copy.customer_id, copy.state, copy.about) == (customer, "open", {})
    assert copy.text == TOLD[language]
    assert customer != linked.customer


def test_nothing_remembered_is_shown_to_whoever_holds_the_telephone(site: RunningSite) -> None:
    linked = _offered(site)
    with site.engine.begin() as connection:
        customers.set_name(connection, linked.customer, "Sam Whitaker")
    with site.client() as browser:
        seen = browser.get(linked.path).text + browser.get("/chat/messages").text
        assert browser.post("/chat/session").json()["customer"] != linked.customer
        with site.engine.connect() as connection:
            found = sessions.find(connection, browser.cookies["dangol_session"])
    assert found is not None
    assert found.proof == "none"
    for remembered in ("Sam", "Whitaker", "270", "2027-07-12"):
        assert remembered not in seen


def test_whose_offer_it_is_gets_no_copy(site: RunningSite) -> None:
    linked = _offered(site)
    with site.engine.begin() as connection:
        token = sessions.open_session(connection, linked.customer, proof="code")
    with site.client(cookies={"dangol_session": token}) as browser:
        assert browser.get(linked.path).status_code == 200
        assert _rows(browser) == []
    assert _copies(site, linked) == []


def test_a_visitor_keeps_the_conversation_they_have(site: RunningSite) -> None:
    linked, visitor = _offered(site), site.visitor("en")
    visitor.say("hello")
    with site.client(cookies={"dangol_session": visitor.token}) as browser:
        answer = browser.get(linked.path)
        texts = [row["text"] for row in _rows(browser)]
    assert "set-cookie" not in answer.headers
    assert texts == [FIRST_LINE["en"], "hello", TOLD["en"]]


def test_a_link_outlives_a_merge(site: RunningSite) -> None:
    linked, visitor = _offered(site), site.visitor()
    with site.engine.begin() as connection:
        merging.merge(
            connection, gone=linked.customer, stays=visitor.customer, proof="code", now=NOW
        )
    with site.client() as browser:
        assert "Ridge GTX" in _shown(browser.get(linked.path).text)
        assert browser.post(f"{linked.path}/opt-out").status_code == 200
    with site.engine.begin() as connection:
        assert consents.lock_permission(connection, visitor.customer) == "refused"


@pytest.mark.parametrize("state", ["bought", "planned"])
def test_an_offer_that_is_not_open_is_not_told(site: RunningSite, state: str) -> None:
    linked = _offered(site, "ko", state)
    with site.client() as browser:
        page = browser.get(linked.path)
        texts = [row["text"] for row in _rows(browser)]
    assert page.status_code == 200
    assert "마감된 안내예요" in _shown(page.text)
    assert "무료수신거부" in _shown(page.text)
    assert texts == [FIRST_LINE["ko"]]
    assert _copies(site, linked) == []


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"Sec-Purpose": "prefetch"}),
        ("GET", {"User-Agent": "facebookexternalhit/1.1 Facebot Twitterbot/1.0"}),
        ("GET", {"User-Agent": "Mozilla/5.0 (compatible; kakaotalk-scrap/1.0)"}),
        ("GET", {"User-Agent": "WhatsApp/2.24.6.77 A"}),
        ("GET", {"User-Agent": "Signal-Android/7.2.4 Android/34"}),
        ("GET", {"User-Agent": "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)"}),
    ],
)
def test_a_messenger_that_looks_ahead_opens_nothing(
    site: RunningSite, method: str, headers: dict[str, str]
) -> None:
    linked, before = _offered(site), _count_of_customers(site)
    with site.client(headers=headers) as browser:
        answer = browser.request(method, linked.path)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert _count_of_customers(site) == before
    assert _copies(site, linked) == []


# -- the way out -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [("ko", "광고 문자를 더 보내지 않을게요"), ("en", "No more marketing texts")],
)
def test_one_press_ends_advertising_for_the_person(
    site: RunningSite, language: str, said: str
) -> None:
    """RULES KR-2: no log-in, no reason, and what was still to come is ended with it."""
    linked = _offered(site, language)
    with site.client(headers={"User-Agent": "A Telephone"}) as browser:
        page = browser.get(linked.path).text
        action = re.findall(r'action="(/l/[^"]+/opt-out[^"]*)"', page)[0]
        for _ in range(2):
            answer = browser.post(html.unescape(action))
            assert answer.status_code == 200
    told = _shown(answer.text)
    assert said in told
    assert {"ko": "숲길", "en": "Trailhead"}[language] in told
    assert re.search(r"20\d\d", told)  # the date (RULES KR-5)
    assert _ledger(site, linked) == [("marketing", "given"), ("marketing", "withdrawn")]
    evidence = _evidence(site, linked)
    assert (evidence["channel"], evidence["user_agent"]) == ("web", "A Telephone")
    assert evidence["ip"] == "127.0.0.1"
    assert linked.token not in str(evidence)
    with site.engine.begin() as connection:
        assert consents.lock_permission(connection, linked.customer) == "refused"
        assert linked.offer_id is not None
        offer = offers.get(connection, linked.customer, linked.offer_id)
    assert offer.state == "cancelled"


@pytest.mark.parametrize(
    ("language", "hour", "held_until", "within"),
    [
        ("ko", 14, None, timedelta(days=14)),
        ("ko", 3, 8, timedelta(days=14)),
        ("en", 3, None, timedelta(minutes=5)),
    ],
)
def test_who_opts_out_is_told_so_by_text_once(
    site: RunningSite, language: str, hour: int, held_until: int | None, within: timedelta
) -> None:
    """The sender, the act and the date (RULES KR-5): in Korea not at night, elsewhere at once or
    not at all (US-4)."""
    seoul = ZoneInfo("Asia/Seoul")
    then = datetime(2026, 11, 24, hour, 30, tzinfo=seoul)
    with _at(site, then):
        linked = _offered(site, language)
        with site.client() as browser:
            for _ in range(3):
                assert browser.post(f"{linked.path}/opt-out").status_code == 200
    day, brand = {
        "ko": ("2026년 11월 24일", "숲길"),
        "en": ("November 23, 2026", "Trailhead"),  # by the clock of Portland
    }[language]
    assert _texts(site, linked) == [
        ("service", "consent_result", f"[{brand}] {day} marketing ended.")
    ]
    with site.engine.connect() as connection:
        (row,) = connection.execute(
            select(outbox.c.hold_until, outbox.c.not_after, outbox.c.at).where(
                outbox.c.customer_id == linked.customer
            )
        )
    assert row.not_after - row.at == within
    assert row.hold_until == (
        datetime(2026, 11, 24, held_until, tzinfo=seoul) if held_until else None
    )


@contextmanager
def _at(site: RunningSite, moment: datetime) -> Iterator[None]:
    """The site at that business time."""
    with site.engine.begin() as connection:
        clock.set_offset(connection, moment - datetime.now(UTC))
    try:
        yield
    finally:
        with site.engine.begin() as connection:
            clock.set_offset(connection, timedelta())


def test_nothing_is_agreed_to_or_refused_by_looking(site: RunningSite) -> None:
    offered, asked = _offered(site), _asked(site, "marketing", "night")
    with site.client() as browser:
        for linked in (offered, asked):
            for path in (linked.path, f"{linked.path}/opt-out", f"{linked.path}/confirm"):
                browser.get(path)
                browser.head(path)
    assert _ledger(site, offered) == [("marketing", "given")]
    assert _ledger(site, asked) == [("marketing", "requested"), ("night", "requested")]


# -- a consent ---------------------------------------------------------------------------------


def test_the_page_shows_what_was_shown_and_one_press_agrees(site: RunningSite) -> None:
    linked = _asked(site, "marketing")
    with site.client(headers={"User-Agent": "A Telephone"}) as browser:
        page = browser.get(linked.path)
        assert page.headers["content-language"] == "ko"
        told = _shown(page.text)
        assert "숲길이 광고 문자를 한 주에 한 번까지 보내요. 언제든" in told
        assert "<marketing>" in told
        assert "동의해요" in told
        answer = browser.post(f"{linked.path}/confirm", data={"purpose": "marketing"})
        again = browser.post(f"{linked.path}/confirm", data={"purpose": "marketing"})
        session = browser.cookies.get("dangol_session")
    assert "동의해 주셔서 감사해요" in _shown(answer.text)
    assert "광고 문자 수신 동의" in _shown(answer.text)
    assert re.search(r"20\d\d년 \d+월 \d+일", _shown(answer.text))
    assert "이미 동의하셨어요" in _shown(again.text)
    assert session is None
    assert _ledger(site, linked) == [("marketing", "requested"), ("marketing", "given")]
    evidence = _evidence(site, linked)
    assert evidence["text"] == f"{DISCLOSURE} <marketing>"
    assert (evidence["version"], evidence["user_agent"]) == (7, "A Telephone")
    ((kind, purpose, body),) = _texts(site, linked)
    assert (kind, purpose) == ("service", "consent_result")
    assert re.fullmatch(
        r"\[숲길\] 20\d\d년 \d+월 \d+일 marketing agreed\. Call 080-000-1127\.", body
    )
    with site.engine.begin() as connection:
        standing = consents.standing(
            connection, linked.customer, linked.address_id, now=clock.business_now(connection)
        )
        assert consents.lock_permission(connection, linked.customer) == "given"
    assert (standing.marketing, standing.night) == (True, False)


def test_each_purpose_is_agreed_to_by_itself(site: RunningSite) -> None:
    """RULES KR-4: four distinct consents; here the two that are asked for by text."""
    linked = _asked(site, "marketing", "night")
    with site.client() as browser:
        assert len(re.findall('name="purpose"', browser.get(linked.path).text)) == 2
        browser.post(f"{linked.path}/confirm", data={"purpose": "night"})
        left = browser.get(linked.path).text
    assert re.findall('name="purpose" value="([a-z]+)"', left) == ["marketing"]
    assert _ledger(site, linked)[2:] == [("night", "given")]
    assert next(body for _, _, body in _texts(site, linked)).endswith(
        "night agreed. Call 080-000-1127."
    )


def test_an_american_is_told_how_to_answer(site: RunningSite) -> None:
    linked = _asked(site, "marketing", country="US")
    with site.client() as browser:
        page = browser.post(f"{linked.path}/confirm")
    assert "Thank you for agreeing" in _shown(page.text)
    assert next(body for _, _, body in _texts(site, linked)).endswith("Answer STOP.")


@pytest.mark.parametrize("purpose", ["night", "service", "", "x" * 300, "\x00"])
def test_what_was_not_asked_for_cannot_be_given(site: RunningSite, purpose: str) -> None:
    linked = _asked(site, "marketing")
    with site.client() as browser:
        answer = browser.post(f"{linked.path}/confirm", data={"purpose": purpose})
    assert answer.status_code == 200
    assert _ledger(site, linked) == [("marketing", "requested")]
    assert _texts(site, linked) == []


def test_a_request_that_is_a_day_old_was_not_confirmed(site: RunningSite) -> None:
    linked = _asked(site, "marketing", ago=25)
    with site.client() as browser:
        page = browser.get(linked.path)
        browser.post(f"{linked.path}/confirm", data={"purpose": "marketing"})
    assert "확인할 동의가 없어요" in _shown(page.text)
    assert _ledger(site, linked) == [("marketing", "requested")]


def test_the_link_of_an_offer_agrees_to_nothing(site: RunningSite) -> None:
    linked = _offered(site)
    with site.client() as browser:
        answer = browser.post(f"{linked.path}/confirm", data={"purpose": "marketing"})
    assert answer.status_code == 404
    assert _ledger(site, linked) == [("marketing", "given")]


# -- links that do not count --------------------------------------------------------------------


@pytest.mark.parametrize("token", ["x", "A" * 12, "%00", "..%2f..", "가", "a" * 2000])
@pytest.mark.parametrize("rest", ["", "/opt-out", "/confirm"])
def test_a_made_up_link_is_said_in_words(site: RunningSite, token: str, rest: str) -> None:
    with site.client(headers={"Accept": "text/html", "Accept-Language": "ko"}) as browser:
        answer = browser.request("POST" if rest else "GET", f"/l/{token}{rest}")
    assert answer.status_code == 404
    assert "열 수 없는 링크예요" in answer.text or "%2f" in token


def test_an_old_link_is_over(site: RunningSite) -> None:
    with site.engine.begin() as connection:
        long_ago = clock.business_now(connection) - links.LIFETIME - timedelta(minutes=1)
        customer = customers.create(connection, now=long_ago)
        address_id = addresses.add(
            connection,
            customer_id=customer,
            kind="phone",
            value=f"+1503555{next(_NUMBERS)}",
            proof="code",
            now=long_ago,
        )
        assert address_id is not None
        token = links.issue(
            connection, customer, kind="offer", address_id=address_id, offer_id=1, now=long_ago
        )
    with site.client() as browser:
        answer = browser.get(f"/l/{token}")
    assert (answer.status_code, answer.json()["error"]) == (404, "link_not_valid")


@pytest.mark.parametrize("rest", ["/opt-out", "/confirm"])
def test_another_site_cannot_press_for_a_visitor(site: RunningSite, rest: str) -> None:
    linked = _asked(site, "marketing")
    with site.client(headers={"Origin": "https://evil.example"}) as browser:
        answer = browser.post(linked.path + rest, data={"purpose": "marketing"})
    assert (answer.status_code, answer.json()["error"]) == (403, "other_origin")
    assert _ledger(site, linked) == [("marketing", "requested")]
