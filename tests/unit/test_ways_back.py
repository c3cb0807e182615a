"""Back, start over and cancel are whole messages; sentences that hold these words are not."""

from __future__ import annotations

import pytest

from marketing.ways_back import WayBack, way_back


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("back", WayBack.BACK),
        ("Go back, please.", WayBack.BACK),
        ("뒤로", WayBack.BACK),
        ("이전으로!", WayBack.BACK),
        ("start over", WayBack.START_OVER),
        ("처음부터", WayBack.START_OVER),
        ("처음부터 다시 할게요", WayBack.START_OVER),
        ("cancel", WayBack.CANCEL),
        ("취소할게요", WayBack.CANCEL),
        ("cancel my order", None),
        ("주문 취소해 주세요", None),
        ("I'll be back tomorrow", None),
        ("I want my money back", None),
        ("처음부터 마음에 안 들었어요", None),
        ("back pain", None),
        ("stop", None),
    ],
)
def test_a_way_back(text: str, way: WayBack | None) -> None:
    assert way_back(text) is way
