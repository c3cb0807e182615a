"""Keeps a fragment ("do", "해") from being taken for an answer because longer answers hold it.

Must come after the classifier in the pipeline; what more is said is `nlu.clear_word_guard`'s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.component import LearningComponent, set_intent
from nlu.language import has_hangul
from nlu.text_features import normalise

_FILE = "answers.json"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_REPEATED = re.compile(r"(.)\1+")

Words = tuple[str, ...]


def words_said(text: str) -> Words:
    """The words of a text, folded, no letter twice running: "Yesss!!" is "yes"."""
    return tuple(_WORD.findall(_REPEATED.sub(r"\1", normalise(text))))


def is_fragment(text: str, answers: Collection[Words], longest: int) -> bool:
    """True if `text` is at most so long and holds none of the answers whole, or is in Latin letters
    and has no word in common with any of them."""
    words = words_said(text)
    joined = "".join(words)
    if _length(joined) <= longest:
        return not any(_holds(words, joined, one) for one in answers)
    return not has_hangul(joined) and not any(set(words) & set(one) for one in answers)


def _length(joined: str) -> int:
    """In letters; a syllable of Hangul is two or three."""
    return sum(3 if has_hangul(sign) else 1 for sign in joined)


def _holds(words: Words, joined: str, answer: Words) -> bool:
    """Korean words may be written together."""
    if has_hangul("".join(answer)):
        return "".join(answer) in joined
    return any(
        words[place : place + len(answer)] == answer
        for place in range(len(words) - len(answer) + 1)
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WholeAnswerGuard(LearningComponent):
    """Replaces the intent of a short message that is no whole answer."""

    _answers: Collection[Words] = ()
    """Once trained or loaded."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`intents`: those that answer; `longest`: letters (three a Hangul syllable) of a
        message that must hold an example whole; `unclear`: what a fragment means instead."""
        return {"intents": [], "longest": 9, "unclear": "unsure"}

    def _learn(self, training_data: TrainingData) -> None:
        """The examples of all these intents: an acceptance may be said as a mere yes."""
        self._answers = {
            words_said(example.get(TEXT) or "")
            for example in training_data.intent_examples
            if example.get(INTENT) in self._config["intents"]
        } - {()}

    def _keep(self, folder: Path) -> None:
        stored = sorted(self._answers)
        (folder / _FILE).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")

    def _recall(self, folder: Path) -> None:
        stored = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        self._answers = {tuple(one) for one in stored}

    def _read(self, message: Message) -> None:
        intent = str((message.get(INTENT) or {}).get("name"))
        longest = int(self._config["longest"])
        is_answer = intent in self._config["intents"]
        if is_answer and is_fragment(message.get(TEXT) or "", self._answers, longest):
            set_intent(message, str(self._config["unclear"]))
