"""What was being asked is asked again after an aside, and gone back to once another question is
settled."""

from __future__ import annotations

from collections.abc import Callable

from actions.conversation import Conversation

Asker = Callable[[Conversation], None]
"""Asks again what was being asked, with what was kept of it."""

_ASKERS: dict[str, Asker] = {}
_ASKED_IN_SHORT = frozenset({"code", "order_size", "phone", "remind_when"})
"""Questions that are asked again by `utter_again_…`. None takes a mere yes."""
_OF_A_NUMBER = frozenset({"code", "phone"})
"""Two questions of one form."""


def asks_anew(question: str) -> Callable[[Asker], Asker]:
    """Marks who asks a question again after an aside."""

    def mark(asker: Asker) -> Asker:
        _ASKERS[question] = asker
        return asker

    return mark


def ask_again(conversation: Conversation) -> None:
    """What was being asked before the aside; later, if that has asked something itself."""
    question, asked = conversation.open_question, conversation.asked
    if question is None or not _is_asked_again(question):
        return
    before = conversation.slots.get("question_before")
    is_same_form = asked == question or {asked, question} <= _OF_A_NUMBER
    if asked is None:
        _ask_as_before(conversation, question)
    elif not is_same_form:
        about = dict(conversation.question_about)
        before = {"question": question, "about": about, "before": before}
    conversation.question_before = before


def go_back(conversation: Conversation) -> None:
    """To what was being asked before the question that has just been settled."""
    before = conversation.slots.get("question_before")
    if before is not None and conversation.asked is None:
        conversation.gone_back_to = before
        _ask_as_before(conversation, before["question"])
        before = before["before"]
    conversation.question_before = before


def _is_asked_again(question: str) -> bool:
    return question in _ASKED_IN_SHORT or question in _ASKERS


def _ask_as_before(conversation: Conversation, question: str) -> None:
    if question in _ASKERS:
        _ASKERS[question](conversation)
    else:
        about = conversation.question_about
        conversation.ask(question, f"utter_again_{question}", about=about)
