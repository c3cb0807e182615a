"""How long a text is to those who carry it, the limits of RULES §2.5; and the page's words."""

from __future__ import annotations

import pytest

from command.phone import segments, words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("가" * 70, 1),
        ("가" * 71, 2),
        ("가" * 134, 2),
        ("가" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 69 + "가", 1),
        ("a" * 70 + "가", 2),
        ("line\nbreak @ £5", 1),
    ],
)
def test_segments(text: str, count: int) -> None:
    assert segments.count(text) == count


@pytest.mark.parametrize(
    ("text", "count", "kind"),
    [
        ("", 0, "SMS"),
        ("a" * 90, 90, "SMS"),
        ("a" * 91, 91, "LMS"),
        ("가" * 45, 90, "SMS"),
        ("가" * 45 + ".", 91, "LMS"),
        ("가나\n다", 7, "SMS"),
        # 똠 is in CP949 and not in the older EUC-KR; emoji are in neither.
        ("똠방각하", 8, "SMS"),
        ("😀", 1, "SMS"),
        ("[숲길] 인증번호 482913", 22, "SMS"),
    ],
)
def test_korean_relays_count_bytes(text: str, count: int, kind: str) -> None:
    assert (segments.korean_bytes(text), segments.korean_kind(text)) == (count, kind)


def test_a_korean_handset_shows_the_carriers_mark_and_what_it_can_write() -> None:
    shown = segments.on_korean_handset("[숲길] 신상이에요 😀\nhttp://shop.example/o/a")
    assert shown == "[Web발신]\n[숲길] 신상이에요 ?\nhttp://shop.example/o/a"


def test_both_languages_say_the_same_things() -> None:
    assert set(words.WORDS["ko"]) == set(words.WORDS["en"])
    assert all(said.strip() for table in words.WORDS.values() for said in table.values())


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("ko", "en-US,en;q=0.9", "ko"),
        ("en", "ko-KR", "en"),
        (None, "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        (None, "fr-FR,ko;q=0.5", "ko"),
        (None, "", "en"),
        ("xx", "de", "en"),
        ("<script>", "", "en"),
    ],
)
def test_the_language_of_the_page(asked: str | None, accepted: str, language: str) -> None:
    assert words.choose(asked, accepted) == language
