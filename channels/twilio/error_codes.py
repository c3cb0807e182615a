"""What Twilio's error codes mean for us (RULES §2.4)."""

from __future__ import annotations

from channels.protocol import Refusal

_REFUSALS = {
    Refusal.OPTED_OUT: (21610,),
    Refusal.BAD_NUMBER: (21211, 21214, 21217, 21614, 21635, 30005, 30006),
    Refusal.COUNTRY_NOT_ENABLED: (21408,),
    Refusal.SENDER_CANNOT_SEND: (21212, 21606, 21612, 21703),
    Refusal.BLOCKED: (30004, 30007, 30034),
    Refusal.EXPIRED: (30036,),
    Refusal.UNREACHABLE: (30003,),
}
_MEANING = {code: refusal for refusal, codes in _REFUSALS.items() for code in codes}

RATE_LIMITED = frozenset({20429, 21611, 30001, 14107})
"""Not taken because there is too much at once: safe to try again later."""
LOG_IN_REFUSED = frozenset({20003, 20005, 20008})
"""Our own account or token is wrong: no message is at fault."""


def meaning(code: int) -> Refusal:
    """The reason in our words; `invalid` for any other code."""
    return _MEANING.get(code, Refusal.INVALID)
