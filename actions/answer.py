"""How an action answers: whoever reads the open question, or everything, is asked before it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.asking_again import ask_again, go_back
from actions.conversation import Conversation, begin
from memory import current

Reader = Callable[[Conversation], bool]
"""Looks whether a message plainly answers the question that is open; if so, answers it in turn."""

NOTHING_ASKED = ""
"""The question that is open when there is none."""
_READERS: dict[str, Reader] = {}
_FIRST: list[Reader] = []
_LAST: list[Callable[[Conversation], None]] = []


def reads_first(reader: Reader) -> Reader:
    """Marks who looks at every message before anybody else, and answers in turn what nobody else
    may answer."""
    _FIRST.append(reader)
    return reader


def says_last(speaker: Callable[[Conversation], None]) -> Callable[[Conversation], None]:
    """Marks who may add a line to every answer."""
    _LAST.append(speaker)
    return speaker


def reads(question: str) -> Callable[[Reader], Reader]:
    """Marks who reads the answers to a question. It is asked before the action that the intent
    leads to: "270", "1" and "482913" say little by themselves."""

    def mark(reader: Reader) -> Reader:
        _READERS[question] = reader
        return reader

    return mark


class Answer(Action, ABC):
    """A custom action: subclasses say what they are `called` in domain.yml and answer in `answer`.
    Any answer closes the question that was open and forgets misunderstandings, unless it says
    otherwise; an aside asks again what was being asked."""

    called: ClassVar[str]
    is_aside: ClassVar[bool] = False
    """True if it only tells something, so that what was being asked goes on."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return self.called

    @abstractmethod
    def answer(self, conversation: Conversation) -> None:
        """Read, decide and utter."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """What rasa_sdk calls. Raises memory.current.NoTurn outside a turn."""
        conversation = begin(current.turn(), dispatcher, tracker)
        reader = _READERS.get(conversation.open_question or NOTHING_ASKED)
        first = any(one(conversation) for one in _FIRST)
        if not first and reader is not None and reader(conversation):
            go_back(conversation)
        elif not first:
            self.answer(conversation)
            if self.is_aside:
                ask_again(conversation)
        for speaker in () if conversation.is_last_word else _LAST:
            speaker(conversation)
        return conversation.events()
