"""What is kept of a consent: the very words that were shown and said (RULES US-7)."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pytest

from tests.conversations.real_shop import Customer, RealShop

MONDAY = datetime.fromisoformat("2026-11-23T14:00:00+09:00")


@pytest.fixture(autouse=True)
def on_a_monday(real_shop: RealShop) -> None:
    real_shop.travel_to(MONDAY)


def test_the_evidence_of_a_consent_is_what_was_shown_and_said(real_shop: RealShop) -> None:
    number = "+15035550501"
    customer = real_shop.customer(is_proven=True, language="en", number=number)
    shown = real_shop.hears(customer, "send me deals by text").answers[0].text
    real_shop.hears(customer, "I agree")
    real_shop.hears(customer, "YES", by=number)
    requested, given = real_shop.rows(
        "SELECT action, evidence, address_id FROM consents WHERE customer_id = :id "
        "ORDER BY consent_id",
        id=customer.customer_id,
    )
    # RULES US-7: the very words, their digest, version and language, where and when, the brand.
    assert requested.evidence["text"] == shown
    assert requested.evidence["digest"] == hashlib.sha256(shown.encode()).hexdigest()
    assert requested.evidence["version"] is not None
    assert (requested.evidence["language"], requested.evidence["brand"]) == ("en", "Trailhead")
    assert (requested.evidence["channel"], requested.evidence["said"]) == ("web", "I agree")
    assert requested.evidence["not_a_condition"] is True
    assert (given.action, given.address_id) == ("given", requested.address_id)
    assert given.evidence["text"] == shown
    assert (given.evidence["channel"], given.evidence["said"]) == ("sms", "YES")
    (message,) = real_shop.rows(
        "SELECT provider_id FROM inbox WHERE inbox_id = :id", id=given.evidence["inbox_id"]
    )
    assert message.provider_id
    (permission,) = real_shop.rows(
        "SELECT marketing FROM permissions WHERE customer_id = :id", id=customer.customer_id
    )
    assert permission.marketing == "given"


@pytest.mark.parametrize(
    ("language", "number", "wish", "vaguely", "agreement"),
    [
        ("en", "+15035550511", "send me deals by text", ["yes"], "I agree"),
        ("en", "+15035550512", "send me deals by text", ["ok", "yes", "sure"], "I agree"),
        ("ko", "+821050000511", "세일 소식 문자로 받을래요", ["네"], "동의합니다"),
    ],
)
def test_the_evidence_holds_the_disclosure_after_a_vague_yes_too(
    real_shop: RealShop,
    language: str,
    number: str,
    wish: str,
    vaguely: list[str],
    agreement: str,
) -> None:
    customer = real_shop.customer(is_proven=True, language=language, number=number)
    shown = "\n".join(real_shop.hears(customer, said).text for said in (wish, *vaguely))
    assert _evidence(real_shop, customer) == []
    real_shop.hears(customer, agreement)
    (requested,) = _evidence(real_shop, customer)
    # RULES US-7: the exact text of the disclosure, and of every question until they agreed.
    assert requested["text"] == shown
    assert requested["digest"] == hashlib.sha256(shown.encode()).hexdigest()
    assert requested["said"] == agreement


def test_after_an_aside_the_evidence_is_the_disclosure_that_was_shown_again(
    real_shop: RealShop,
) -> None:
    customer = real_shop.customer(is_proven=True, language="en", number="+15035550514")
    shown = real_shop.hears(customer, "send me deals by text").text
    shown_again = real_shop.hears(customer, "how long does delivery take?").text
    assert shown_again.endswith(shown)
    real_shop.hears(customer, "I agree")
    (requested,) = _evidence(real_shop, customer)
    assert requested["text"] == shown_again


def _evidence(real_shop: RealShop, customer: Customer) -> list[dict[str, object]]:
    rows = real_shop.rows(
        "SELECT evidence FROM consents WHERE customer_id = :id ORDER BY consent_id",
        id=customer.customer_id,
    )
    return [row.evidence for row in rows]
