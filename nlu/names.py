"""The name a customer gives, found by the sentences people give it in.

Must not guess: a word is a name only where the customer says that it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entity import Entity

_NAME = r"([가-힣]{2,4}?|[A-Za-z]+)"
_SENTENCES = (
    re.compile(
        rf"(?:이름은?|이름이|성함은)\s*{_NAME}"
        r"(?=이에요|예요|에요|입니다|이야|야(?:\s|$)|이라고|라고|임|요?[.!]?$)"
    ),
    re.compile(
        rf"(?:저를|나를|저는|전|나는|그냥)\s*{_NAME}(?:이라고|라고)\s*(?:불러|합니다|해요|해|부르)"
    ),
    re.compile(
        r"\b(?:my name is|my name's|the name's|name is|i'm called|i am called|call me)\s+"
        r"([a-z][a-z'-]*)",
        re.IGNORECASE,
    ),
)
_NOT_A_NAME = re.compile(
    "(?:뭐|무엇|누구).*|an?|the|not|what|back|when|later|tomorrow|in|on|at|after|before|if|to|this|by"
    "|soon|please|crazy",
    re.IGNORECASE,
)


def find_names(text: str) -> Iterator[Entity]:
    """Entities `name`, as the customer wrote them."""
    for sentence in _SENTENCES:
        for match in sentence.finditer(text):
            if not _NOT_A_NAME.fullmatch(match.group(1)):
                yield Entity("name", match.group(1), match.start(1), match.end(1))
