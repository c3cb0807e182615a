"""How long a text is, as the telephone companies that carry it count (RULES §2.5)."""

from __future__ import annotations

from math import ceil

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Cost two places each (3GPP TS 23.038)."""
KOREAN = "cp949"
KOREAN_MARK = "[Web발신]"
"""What Korean carriers put before a text that no telephone wrote; not counted to the sender."""
LONGEST_KOREAN_SMS = 90


def count(text: str) -> int:
    """Segments of `text`: 160 or 153 GSM-7 places, 70 or 67 UTF-16 units; at least 1."""
    if all(sign in GSM_7 or sign in GSM_7_EXTENDED for sign in text):
        units, alone, in_parts = sum(2 if s in GSM_7_EXTENDED else 1 for s in text), 160, 153
    else:
        units, alone, in_parts = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if units <= alone else ceil(units / in_parts)


def korean_bytes(text: str) -> int:
    """Bytes of `text` at a Korean relay: two for Hangul, one for ASCII."""
    return len(text.encode(KOREAN, "replace"))


def korean_kind(text: str) -> str:
    """`SMS` (단문) up to 90 bytes, else `LMS` (장문)."""
    return "SMS" if korean_bytes(text) <= LONGEST_KOREAN_SMS else "LMS"


def on_korean_handset(text: str) -> str:
    """`text` as it is read in Korea: marked by the carrier, a `?` for what CP949 cannot write."""
    return f"{KOREAN_MARK}\n{text.encode(KOREAN, 'replace').decode(KOREAN)}"
