"""Which whole messages leave what is being asked: one step back, all the way, or not at all.

A bare CANCEL, END or QUIT by text message never comes here: there it is an opt-out (RULES US-1).
"""

from __future__ import annotations

from enum import StrEnum

from marketing.opt_out import normalise


class WayBack(StrEnum):
    """Where a customer wants to go."""

    BACK = "back"
    START_OVER = "start_over"
    CANCEL = "cancel"


_WORDS = {
    WayBack.BACK: (
        *("BACK", "GOBACK", "PREVIOUS", "UNDO", "BACKPLEASE", "GOBACKPLEASE", "ONESTEPBACK"),
        *("뒤로", "뒤로요", "뒤로가기", "뒤로가", "뒤로가줘", "뒤로가주세요", "뒤로갈래요"),
        *(
            "이전",
            "이전으로",
            "이전으로요",
            "이전으로가기",
            "이전으로가주세요",
            "이전단계",
            "이전단계로",
        ),
    ),
    WayBack.START_OVER: (
        *("STARTOVER", "STARTAGAIN", "RESTART", "BEGINAGAIN", "FROMTHESTART", "MAINMENU", "MENU"),
        *("STARTOVERPLEASE", "LETSSTARTOVER", "FROMTHEBEGINNING", "FROMTHETOP"),
        *(
            "처음부터",
            "처음부터요",
            "처음부터다시",
            "처음부터다시요",
            "처음부터다시할게요",
            "처음으로",
        ),
        *(
            "다시처음부터",
            "다시시작",
            "다시시작할게요",
            "처음부터할게요",
            "처음부터할래요",
            "처음으로요",
        ),
        *("처음으로가기", "처음으로돌아가기", "처음화면", "메뉴"),
    ),
    WayBack.CANCEL: (
        *("CANCEL", "CANCELIT", "CANCELTHIS", "CANCELTHAT", "CANCELPLEASE", "NEVERMIND"),
        *("취소", "취소요", "취소할게요", "취소할래요", "취소해줘", "취소해주세요", "취소해요"),
    ),
}
_WAY_OF = {word: way for way, words in _WORDS.items() for word in words}


def way_back(text: str) -> WayBack | None:
    """Where the whole message wants to go, if it says nothing else."""
    return _WAY_OF.get(normalise(text))
