"""What somebody who asks for a person seems to want."""

from __future__ import annotations

import pytest

from marketing.hand_over_topics import topic_of


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        (["사람이요", "언제 돼요?", "환불", "저기요"], "refund"),
        (["주문한 거 환불해 주세요"], "refund"),
        (["상담원", "택배가 안 와요"], "delivery"),
        (["사이즈 교환하고 싶어요"], "exchange"),
        (["i was charged twice"], "payment"),
        (["a person please", "where is my order"], "order"),
        (["I want my money back"], "refund"),
        (["talk to a human", "do you sell tents?"], None),
        ([], None),
    ],
)
def test_the_newest_words_that_name_a_matter_count(said: list[str], topic: str | None) -> None:
    assert topic_of(said) == topic
