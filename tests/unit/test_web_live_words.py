"""What the web part takes from the release without a dialogue is in domain.yml, with blanks that it
fills.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from marketing import campaigns, wording
from settings import PROJECT
from web import consent_results, live_words, opening

RESPONSES: dict[str, list[dict[str, Any]]] = yaml.load(
    (PROJECT / "domain.yml").read_text("utf-8"), yaml.CSafeLoader
)["responses"]
SHOP = {"shop_name": "숲길", "shop_phone": "02-0000-1127"}
NOTICE = {**SHOP, "day": "2026년 11월 27일", "way_out": "080-000-1127"}
TOLD = [
    (opening.RESPONSE, "web", SHOP),
    (campaigns.REPLIES, "web", SHOP),
    *((response, "sms", NOTICE) for response in consent_results.RESPONSES.values()),
    ("utter_way_out_by_answer", "web", SHOP),
    ("utter_way_out_by_call", "web", {**SHOP, "phone": "080-000-1127"}),
]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(("response", "channel", "values"), TOLD, ids=lambda part: str(part)[:30])
def test_each_has_a_wording_whose_blanks_are_filled(
    language: str, response: str, channel: str, values: dict[str, str]
) -> None:
    chosen = wording.choose(RESPONSES[response], language=language, channel=channel)
    assert chosen is not None
    assert "{" not in wording.fill(str(chosen["text"]), values)
    is_korean = any("가" <= sign <= "힣" for sign in str(chosen["text"]))
    assert is_korean == (language == "ko")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_offer_behind_a_link_has_its_quick_replies(language: str) -> None:
    chosen = wording.choose(RESPONSES[campaigns.REPLIES], language=language, channel="web")
    buttons = live_words.quick_replies(chosen)["buttons"]
    assert len(buttons) >= 3
    assert all(button["title"] and button["text"] for button in buttons)
