"""How many text messages a text is sent as (RULES §2.5)."""

from __future__ import annotations

from math import ceil

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Cost two places each (3GPP TS 23.038)."""


def count(text: str) -> int:
    """Segments of `text`: 160 or 153 GSM-7 places, 70 or 67 UTF-16 units; at least 1."""
    if all(sign in GSM_7 or sign in GSM_7_EXTENDED for sign in text):
        units, alone, in_parts = sum(2 if s in GSM_7_EXTENDED else 1 for s in text), 160, 153
    else:
        units, alone, in_parts = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if units <= alone else ceil(units / in_parts)
