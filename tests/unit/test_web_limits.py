"""The brake on how often somebody may ask."""

from __future__ import annotations

import pytest

from web.limits import Limit
from web.refusals import Refusal


class Clock:
    """Time that is told what it is."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_full_bucket_is_spent_and_fills_again() -> None:
    clock = Clock()
    limit = Limit(3, 6, clock=clock)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, pytest.approx(2)]
    clock.now = 1
    assert limit.take("a") == pytest.approx(1)
    clock.now = 2
    assert limit.take("a") == 0
    clock.now = 100
    assert [limit.take("a") for _ in range(4)][:3] == [0, 0, 0]


def test_keys_do_not_share() -> None:
    limit = Limit(1, 10, clock=Clock())
    assert limit.take("a") == 0
    assert limit.take("b") == 0
    assert limit.take("a") > 0


def test_a_refusal_says_how_long_to_wait() -> None:
    limit = Limit(1, 2.5, clock=Clock())
    limit.demand("a")
    with pytest.raises(Refusal) as caught:
        limit.demand("a")
    assert caught.value.status == 429
    assert caught.value.headers["Retry-After"] == "3"


def test_strangers_without_end_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.limits._MOST_KEPT", 100)
    limit = Limit(1, 1000, clock=Clock())
    for number in range(1000):
        limit.take(str(number))
    assert len(limit._buckets) == 100
    assert limit.take("999") > 0
