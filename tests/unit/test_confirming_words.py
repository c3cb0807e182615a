"""A yes that names again what is to be done confirms it; anything with more in it does not."""

from __future__ import annotations

import pytest

from marketing.confirming_words import Deed, confirms, names


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("네 지워주세요", Deed.ERASE),
        ("네, 제 정보 전부 삭제해 주세요!", Deed.ERASE),
        ("예 탈퇴해 주세요", Deed.ERASE),
        ("응 싹 다 지워줘", Deed.ERASE),
        ("넵 확실합니다", Deed.ERASE),
        ("Yes, erase all of my data please", Deed.ERASE),
        ("yeah I’m sure.", Deed.ERASE),
        ("네 다 잊어줘요", Deed.FORGET),
        ("ok, forget everything", Deed.FORGET),
        ("네 번호 연결 해제해 주세요", Deed.UNLINK),
        ("yes please, disconnect the number", Deed.UNLINK),
    ],
)
def test_a_yes_with_the_deed_confirms(text: str, deed: Deed) -> None:
    assert confirms(text, deed)


@pytest.mark.parametrize(
    "text",
    [
        "지워 주세요",
        "네 지우면 안 돼요",
        "네 지워 주지 마세요",
        "네 지워 주세요?",
        "네 배송지만 지워 주세요",
        "네 지워질까 봐요",
        "응 다 지웠어?",
        "네 잊어 주세요",
        "네 끊어 주세요",
        "yes, don't delete it",
        "yes delete my address",
        "yes if you delete it",
        "yes, I'm not sure",
        "I'm sure",
        "yes",
        "",
    ],
)
def test_anything_else_erases_nothing(text: str) -> None:
    assert not confirms(text, Deed.ERASE)


def test_a_deed_is_asked_for_again_by_its_name_alone() -> None:
    for text in (
        "unlink my number",
        "제 번호 연결 끊어 주세요",
        "please disconnect my phone number",
    ):
        assert names(text, Deed.UNLINK)
    for text in ("okay who is this", "누구세요", "wrong person"):
        assert not names(text, Deed.UNLINK)
