"""Questions that a marketer has answered, as a Rasa component: the entries go with the model, and
what a message asks for becomes its property `faq`, with the intent that answers it.

Must not touch a message that acts (accept, buy, consent, opt out): only intents named in the
configuration give way. Stands after the classifier and before the unknown-text guard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.component import LearningComponent, set_intent
from nlu.faq_entries import Entry, from_json, read_entries, to_json
from nlu.faq_search import FaqSearch, Match, says_enough

FAQ = "faq"

_KEPT_IN = "faq.json"
_POINTS_AT_GOODS = re.compile(
    r"[이그저][거건것]|(?<![가-힣])[이그저]\s[가-힣]|\b(?:it|this|that|these|those|them)\b",
    re.IGNORECASE,
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FaqReader(LearningComponent):
    """Sets `faq` of a message that asks for an entry, or for something like one."""

    _entries: Sequence[Entry] = ()
    _search: FaqSearch | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`intent` is the one that answers; scores from 0 to 1 as `nlu.faq_search` gives them.

        A message that was understood as that intent, or not at all, is answered from `answered` on
        if no other entry comes within `lead`, and asked back from `asked_back` on
        (`asked_back_unknown`, if it was not understood). One of the `yielding` intents is answered
        from `answered_instead` on, unless it points at goods ("it"). A single word is
        asked back; what points at goods is not, but given to the next likely intent.
        """
        return {
            "intent": "ask_faq",
            "unknown": ["nlu_fallback", "out_of_scope"],
            "yielding": [],
            "answered": 0.46,
            "lead": 0.08,
            "answered_instead": 0.6,
            "asked_back": 0.25,
            "asked_back_unknown": 0.36,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The entries, which are no training data of Rasa's: other ones want another model."""
        return f"{super().fingerprint_addon(config)} {to_json(read_entries())}"

    def _learn(self, training_data: TrainingData) -> None:
        """The entries of data/faq; none, if nothing there leads to their intent. Raises
        nlu.faq_entries.BrokenFaq."""
        is_answered = self._config["intent"] in training_data.intents
        self._entries = read_entries() if is_answered else ()

    def _keep(self, folder: Path) -> None:
        (folder / _KEPT_IN).write_text(to_json(self._entries), encoding="utf-8")

    def _recall(self, folder: Path) -> None:
        self._entries = from_json((folder / _KEPT_IN).read_text(encoding="utf-8"))
        self._search = FaqSearch(self._entries)

    def _read(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        understood = str((message.get(INTENT) or {}).get("name"))
        needed = self._needed(understood, text)
        if needed is None:
            return
        answered, asked_back = needed
        best = self._search.best(text) if self._search else []
        found = [one for one in best if one.score >= asked_back]
        lead = best[0].score - max((one.score for one in best[1:]), default=0.0) if best else 0.0
        is_sure = bool(found) and found[0].score >= answered and lead >= self._config["lead"]
        if is_sure and says_enough(text):
            self._set(message, found[:1], is_sure=True)
        elif understood == self._config["intent"] and _POINTS_AT_GOODS.search(text):
            self._give_back(message)
        elif found:
            self._set(message, found, is_sure=False)

    def _give_back(self, message: Message) -> None:
        """To the next likely intent, if that is one that yields: it was hardly meant for us."""
        ranking = message.get(INTENT_RANKING_KEY) or []
        others = [one for one in ranking if one["name"] != self._config["intent"]]
        if others and others[0]["name"] in self._config["yielding"]:
            message.set(INTENT, others[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, others, add_to_output=True)

    def _needed(self, understood: str, text: str) -> tuple[float, float] | None:
        """From which scores on the message is answered and asked back; None if it is not for us."""
        config = self._config
        if understood == config["intent"]:
            return config["answered"], config["asked_back"]
        if not says_enough(text):
            return None
        if understood in config["unknown"]:
            return config["answered"], config["asked_back_unknown"]
        if understood in config["yielding"] and not _POINTS_AT_GOODS.search(text):
            return config["answered_instead"], config["answered_instead"]
        return None

    def _set(self, message: Message, found: Sequence[Match], *, is_sure: bool) -> None:
        entries = [
            {
                "id": one.entry.id,
                "question": {by: asked[0] for by, asked in one.entry.questions.items()},
                "answer": one.entry.answer,
                "sms": one.entry.sms,
            }
            for one in found
        ]
        message.set(FAQ, {"is_sure": is_sure, "entries": entries}, add_to_output=True)
        set_intent(message, self._config["intent"], min(found[0].score, 1.0))
