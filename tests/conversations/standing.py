"""What holds of a customer beyond words, as lines that can be compared, and customers of whom
something is open: an offer, a question, a consent that waits. Knows no action and no intent.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping

from tests.conversations.real_shop import Customer, RealShop

_HOLDS = """
SELECT 'customer ' || CASE WHEN erased_at IS NOT NULL THEN 'erased' ELSE 'there' END
    || CASE WHEN learning_stopped_at IS NOT NULL THEN ' learns_not' ELSE '' END AS line
  FROM customers WHERE customer_id = :id
UNION ALL SELECT 'offer ' || product_id || ' ' || state FROM offers WHERE customer_id = :id
UNION ALL SELECT 'consent ' || purpose || ' ' || action FROM consents
  WHERE customer_id = :id AND action <> 'requested'
UNION ALL SELECT DISTINCT 'consent ' || purpose || ' requested' FROM consents
  WHERE customer_id = :id AND action = 'requested'
UNION ALL SELECT 'marketing ' || marketing FROM permissions WHERE customer_id = :id
UNION ALL SELECT 'number ' || CASE WHEN unlinked_at IS NOT NULL THEN 'unlinked'
    WHEN stopped_at IS NOT NULL THEN 'stopped' ELSE 'open' END
  FROM addresses WHERE customer_id = :id AND kind = 'phone'
UNION ALL SELECT 'fact ' || kind || ' ' || subject FROM facts
  WHERE customer_id = :id AND valid_to IS NULL
UNION ALL SELECT 'muted ' || topic FROM muted_topics WHERE customer_id = :id
UNION ALL SELECT 'due ' || kind || ' ' || state FROM due WHERE customer_id = :id
UNION ALL SELECT 'waits for a person' FROM hand_overs
  WHERE customer_id = :id AND state <> 'closed'
UNION ALL SELECT 'coupon ' || product_id FROM coupons WHERE customer_id = :id
UNION ALL SELECT 'heard ' || kind || ' ' || topic FROM voice_items WHERE customer_id = :id
UNION ALL SELECT 'code sent' FROM codes WHERE customer_id = :id
"""

_TRACKER = "SELECT tracker FROM conversations WHERE customer_id = :id"

Opened = Callable[[RealShop], Customer]


def standing(real_shop: RealShop, customer: Customer) -> Counter[str]:
    """Every line that holds of this customer's own record, how often it does."""
    rows = real_shop.rows(_HOLDS, id=customer.customer_id)
    return Counter(str(row.line) for row in rows)


def changes(before: Counter[str], after: Counter[str]) -> list[str]:
    """What has come (`+ …`) and what has gone (`- …`)."""
    return [f"+ {line}" for line in (after - before)] + [f"- {line}" for line in (before - after)]


def tracker_of(real_shop: RealShop, customer: Customer) -> Mapping[str, object]:
    """Rasa's scratch pad, as it is kept."""
    (row,) = real_shop.rows(_TRACKER, id=customer.customer_id)
    return row.tracker or {}


def _number(country: str) -> str:
    if country == "KR":
        return f"+8210{secrets.randbelow(10**8):08}"
    return f"+1503555{secrets.randbelow(10**4):04}"


def offered_on_the_web(real_shop: RealShop) -> Customer:
    """Somebody logged in, to whom one product was offered just now."""
    customer = real_shop.customer(is_proven=True, known=[{"kind": "shoe_size", "value": 270}])
    real_shop.is_offered(customer, "sori-road")
    return customer


def offered_by_text(real_shop: RealShop) -> Customer:
    """Somebody with a number of their own, to whom one product was offered by text."""
    customer = real_shop.customer(
        "sms",
        number=_number("US"),
        consented=["marketing"],
        known=[{"kind": "shoe_size", "value": 270}],
    )
    real_shop.is_offered(customer, "sori-road")
    return customer


def offered_two(real_shop: RealShop) -> Customer:
    """Somebody who was asked which of two offers they mean."""
    customer = real_shop.customer(is_proven=True)
    real_shop.is_offered(customer, "sori-road")
    real_shop.is_offered(customer, "haru-20")
    real_shop.hears(customer, "네")
    return customer


def asked_for_consent(real_shop: RealShop) -> Customer:
    """Somebody to whom the disclosure was shown on the web."""
    customer = real_shop.customer(is_proven=True, number=_number("KR"), language="ko")
    real_shop.hears(customer, "세일 소식 문자로 받고 싶어요")
    return customer


def to_confirm_consent(real_shop: RealShop) -> Customer:
    """Somebody whose consent waits for a word on the number itself."""
    customer = real_shop.customer("sms", number=_number("US"), language="en")
    real_shop.hears(customer, "text me deals")
    return customer


def asked_to_erase(real_shop: RealShop) -> Customer:
    """Somebody logged in who was asked whether everything shall go."""
    customer = real_shop.customer(is_proven=True, known=[{"kind": "shoe_size", "value": 270}])
    real_shop.hears(customer, "내 정보 전부 삭제해 주세요")
    return customer


def asked_to_forget(real_shop: RealShop) -> Customer:
    """Somebody who was asked whether everything they told shall be forgotten."""
    customer = real_shop.customer(is_proven=True, known=[{"kind": "shoe_size", "value": 270}])
    real_shop.hears(customer, "forget everything about me")
    return customer


def asked_to_unlink(real_shop: RealShop) -> Customer:
    """Somebody logged in who was asked whether their number shall go."""
    customer = real_shop.customer(is_proven=True, number=_number("KR"), consented=["marketing"])
    real_shop.hears(customer, "제 번호 연결 끊어 주세요")
    return customer


def shown_a_product(real_shop: RealShop) -> Customer:
    """Somebody who looks at one product."""
    customer = real_shop.customer(known=[{"kind": "shoe_size", "value": 270}])
    real_shop.hears(customer, "소리 로드 얼마예요?")
    return customer


def asked_for_a_size(real_shop: RealShop) -> Customer:
    """Somebody who wants to buy what comes in sizes, and was asked for theirs."""
    customer = real_shop.customer()
    real_shop.hears(customer, "소리 로드 살게요")
    return customer


def offered_a_person(real_shop: RealShop) -> Customer:
    """Somebody who asks angrily, and was asked whether a person shall answer."""
    customer = real_shop.customer()
    real_shop.hears(customer, "소리 로드 얼마냐고요 진짜 열받네")
    return customer


def newcomer(real_shop: RealShop) -> Customer:
    """Somebody who was asked and offered nothing."""
    return real_shop.customer()


OPENED: Mapping[str, Opened] = {
    one.__name__: one
    for one in (
        offered_on_the_web,
        offered_by_text,
        offered_two,
        asked_for_consent,
        to_confirm_consent,
        asked_to_erase,
        asked_to_forget,
        asked_to_unlink,
        shown_a_product,
        asked_for_a_size,
        offered_a_person,
        newcomer,
    )
}
