"""What the telephone's page says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "title": "전화기",
        "back_to_shop": "매장으로",
        "explained": "개발용 전화기예요. 여기서 주고받는 문자는 이 컴퓨터 밖으로 나가지 않아요.",
        "try": "이렇게 보내 보세요",
        "try_1": "안녕하세요, 등산화 추천해 주세요",
        "try_2": "제 신발 사이즈는 270이에요",
        "try_3": "수신거부",
        "shop": "숲길 · Trailhead",
        "my_number": "내 번호",
        "empty": "아직 문자가 없어요.\n아래에 써서 보내 보세요.",
        "placeholder": "문자 메시지",
        "send": "보내기",
        "messages": "주고받은 문자",
        "segments": "{count}건",
        "receiving": "보내는 중",
        "received": "전송됨",
        "failed": "전송 실패",
        "queued": "대기 중",
        "accepted": "접수됨",
        "sending": "보내는 중",
        "sent": "발송됨",
        "delivered": "도착함",
        "undelivered": "도착하지 않음",
        "canceled": "취소됨",
        "offline": "연결이 끊겼어요. 다시 시도하는 중이에요.",
        "not_sent": "보내지 못했어요. 잠시 뒤 다시 보내 주세요.",
        "today": "오늘",
        "yesterday": "어제",
    },
    "en": {
        "title": "Telephone",
        "back_to_shop": "To the shop",
        "explained": "A telephone for development. Its texts never leave this computer.",
        "try": "Things to try",
        "try_1": "Hi, can you recommend hiking boots?",
        "try_2": "My shoe size is US 9.5",
        "try_3": "STOP",
        "shop": "Trailhead · 숲길",
        "my_number": "My number",
        "empty": "No texts yet.\nWrite one below.",
        "placeholder": "Text message",
        "send": "Send",
        "messages": "Texts",
        "segments": "{count} SMS",
        "receiving": "Sending",
        "received": "Sent",
        "failed": "Not sent",
        "queued": "Queued",
        "accepted": "Accepted",
        "sending": "Sending",
        "sent": "Sent",
        "delivered": "Delivered",
        "undelivered": "Not delivered",
        "canceled": "Canceled",
        "offline": "No connection. Trying again.",
        "not_sent": "That could not be sent. Please try again in a moment.",
        "today": "Today",
        "yesterday": "Yesterday",
    },
}


def choose(asked: str | None, accept_language: str) -> str:
    """`ko` or `en`: what the address asks for, else what the browser prefers."""
    if asked in WORDS:
        return str(asked)
    for part in accept_language.split(","):
        language = part.partition(";")[0].strip().lower()[:2]
        if language in WORDS:
            return language
    return "en"
