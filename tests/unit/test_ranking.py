"""Ranking by words: BM25 by hand, and what weighs beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import log

import pytest

from memory.ranking import (
    EVERY,
    HALF_FADED,
    About,
    Candidate,
    Ranked,
    bm25,
    inverse_frequency,
    pieces,
    rank,
)

NOW = datetime(2026, 11, 27, 5, 0, tzinfo=UTC)


def _turn(seq: int, words: str, *, direction: str = "in", days: float = 0) -> Candidate:
    """Each on a visit of its own, unless `days` say otherwise."""
    at = NOW - timedelta(days=days)
    return Candidate(
        seq=seq, direction=direction, at=at.timestamp(), said=f" {words} " if words else ""
    )


def _found(newest: Sequence[Candidate], asked: str, **given: object) -> list[Ranked]:
    about = About(words=asked.split(), **given)  # type: ignore[arg-type]
    return rank(newest, [], about, frequencies={EVERY: 0}, now=NOW, limit=10)


# Three texts of 3, 2 and 1 words, so 2 on average; k1 = 1.2, b = 0.75 (Robertson and Zaragoza 2009,
# equation 3.15 with the idf that is never negative). Worked out by hand:
#   boots twice in 3 words: 2·2.2 / (2 + 1.2·(0.25 + 0.75·1.5)) = 4.4 / 3.65
#   boots once in 1 word:   1·2.2 / (1 + 1.2·(0.25 + 0.75·0.5)) = 2.2 / 1.75
def test_bm25_is_the_published_formula() -> None:
    texts = [["boots", "red", "boots"], ["red", "cap"], ["boots"]]
    idf = log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    assert inverse_frequency(2, 3) == pytest.approx(idf) == pytest.approx(0.4700036)
    assert bm25(texts, {"boots": idf}) == pytest.approx(
        [idf * 4.4 / 3.65, 0.0, idf * 2.2 / 1.75], abs=1e-9
    )


def test_a_rare_word_outweighs_a_common_one() -> None:
    turns = [_turn(10 * n, "boots", days=n) for n in range(1, 6)] + [_turn(100, "compass", days=9)]
    found = _found(turns, "boots compass")
    assert (found[0].seq, found[0].because) == (100, ("compass",))


def test_a_word_that_every_customer_uses_tells_little() -> None:
    turns = [_turn(10, "delivery", days=1), _turn(20, "compass", days=2), _turn(30, "x", days=3)]
    about = About(words=["delivery", "compass"])
    frequencies = {EVERY: 1000, "delivery": 900}
    assert [
        one.seq for one in rank(turns, [], about, frequencies=frequencies, now=NOW, limit=10)
    ] == [20, 10]


def test_an_answer_belongs_to_its_question() -> None:
    turns = [
        _turn(1, "red cap", days=30),
        _turn(2, "boots", days=3),
        _turn(3, "yes size nine", direction="out", days=3),
        _turn(4, "thanks", days=2),
    ]
    found = {one.seq: one for one in _found(turns, "boots")}
    assert set(found) == {2, 3}  # 1 and 4 are of other visits
    assert found[3].score == pytest.approx(found[2].score / 2)
    assert found[3].because == ("boots",)


def test_the_time_and_the_speaker_that_are_named_weigh() -> None:
    turns = [
        _turn(10, "boots", days=1),
        _turn(20, "boots", days=2, direction="out"),
        _turn(30, "boots", days=200),
    ]
    may = {"since": NOW - timedelta(days=210), "until": NOW - timedelta(days=190)}
    assert [one.seq for one in _found(turns, "boots")] == [10, 20, 30]
    assert _found(turns, "boots", **may)[0].seq == 30
    assert _found(turns, "boots", said_by="out")[0].seq == 20


def test_what_is_old_fades_and_never_by_more_than_a_fifth() -> None:
    ages = (0, HALF_FADED.days, 100_000)
    turns = [_turn(10 * n, "boots", days=age) for n, age in enumerate(ages)]
    new, half, old = (one.score for one in _found(turns, "boots"))
    assert half / new == pytest.approx(0.9)
    assert old / new == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("kept", "typed"), [("sneaker", "sneeker"), ("고어텍스", "고어택스"), ("등산화", "등산와")]
)
def test_a_slip_of_the_keyboard_is_found_by_its_pieces(kept: str, typed: str) -> None:
    found = _found([_turn(10, kept, days=1), _turn(20, "배송 refund", days=2)], typed)
    assert [(one.seq, one.because) for one in found] == [(10, (kept,))]


def test_pieces_do_not_count_where_the_word_itself_is_found() -> None:
    found = _found([_turn(10, "sneaker", days=1), _turn(20, "sneakers", days=2)], "sneaker")
    assert [one.seq for one in found] == [10]


def test_short_words_and_numbers_have_no_pieces() -> None:
    assert pieces("boot") == pieces("270mm5") == pieces("모자") == frozenset()
    assert pieces("boots") == {" b", "bo", "oo", "ot", "ts", "s "}


def test_nothing_is_found_where_nothing_is_shared() -> None:
    assert _found([_turn(10, "boots", days=1)], "refund") == []
    assert _found([], "refund") == []
