from __future__ import annotations
import pytest
from memory import addresses

@pytest.mark.parametrize("said", ["문자 다시 보내 주세요", "문자로 답 주세요", "please don't call, text me", "non-stop hiking", "do you have bus stop posters", "알림 받을 수 있어요?", "can I stop by tomorrow?", "stop by tomorrow?", "문자로 알려 주세요"])
def test_who_asks_for_texts_is_not_stopped(real_shop, said):
    anna = real_shop.customer("sms")
    real_shop.hears(anna, "안녕하세요")
    real_shop.hears(anna, said)
    with real_shop.engine.connect() as connection:
        assert addresses.get(connection, anna.customer_id, anna.address_id).stopped_at is None

def test_a_picture_from_an_american_number_is_answered_in_english(real_shop):
    anna = real_shop.customer("sms")  # as web makes them: no language, no country
    heard = real_shop.hears(anna, "📷")
    print(heard.text)
    assert not any("가" <= c <= "힣" for c in heard.text)

def test_an_anonymous_guess_is_not_confirmed(real_shop):
    day = {"kind": "anniversary", "value": {"month": 5, "day": 3, "year": None}}
    knows = real_shop.customer("web", language="en", known=[day])
    blank = real_shop.customer("web", language="en")
    said = "Our wedding anniversary is May 3"
    a, b = real_shop.hears(knows, said).text, real_shop.hears(blank, said).text
    assert a == b, (a, b)
