"""The linear intent classifier as a Rasa component (docs/decisions/0004).

Must refuse what the model does not know: a refused message has the intent `nlu_fallback`. Stands
after the entity extractor in the pipeline, for the entities of a text are features of it.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.component import LearningComponent
from nlu.entity_finder import EntityFinder
from nlu.faq_entries import read_entries, to_json
from nlu.linear_model import LinearModel, Opinion
from nlu.training import NothingToLearn, TrainingSettings, train

INTENT_MARGIN = "intent_margin"
"""How far on its own side of the best intent a message lies, trusted or not; for measurements."""
_RANKING_LENGTH = "ranking_length"
_ACTING_INTENTS = "acting_intents"
_ACTING_MARGIN = "acting_margin"
_ACTING_KNOWN_SHARE = "acting_known_share"
_FAQ_INTENT = "faq_intent"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(LearningComponent, IntentClassifier):
    """TF-IDF of words and character n-grams, a linear SVM, calibrated and able to refuse."""

    _model: LinearModel | None = None
    """Once trained or loaded."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The fields of `TrainingSettings`, the length of the ranking, and what acting needs.

        Intents that act (accept, buy, forget, opt out) must be told plainly: margin and share of
        known n-grams reach these, and more than half of the words are known. The questions of
        data/faq are examples of the intent `faq_intent`, where there are others of it.
        """
        settings = TrainingSettings()
        defaults = {field.name: getattr(settings, field.name) for field in fields(settings)}
        return {
            **defaults,
            _RANKING_LENGTH: 10,
            _ACTING_INTENTS: [],
            _ACTING_MARGIN: 0.58,
            _ACTING_KNOWN_SHARE: 0.7,
            _FAQ_INTENT: "ask_faq",
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that Rasa checks for before it trains."""
        return ["sklearn", "scipy", "safetensors"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The questions of data/faq, which are no training data of Rasa's."""
        return f"{super().fingerprint_addon(config)} {to_json(read_entries())}"

    def _learn(self, training_data: TrainingData) -> None:
        """From every example that has a text and an intent."""
        examples = [
            (example.get(TEXT), example.get(INTENT))
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        ]
        if self._config[_FAQ_INTENT] in training_data.intents:
            examples += [(one, self._config[_FAQ_INTENT]) for one in _faq_questions()]
        texts = [text for text, _ in examples]
        intents = [intent for _, intent in examples]
        finder = EntityFinder()
        settings = {field.name: self._config[field.name] for field in fields(TrainingSettings)}
        self._model = train(
            texts,
            intents,
            TrainingSettings(**settings),
            lambda text: [(one.entity, one.value) for one in finder.find(text)],
        )

    def _keep(self, folder: Path) -> None:
        if self._model is not None:
            self._model.save(folder)

    def _recall(self, folder: Path) -> None:
        self._model = LinearModel.load(folder)

    def _read(self, message: Message) -> None:
        """Sets intent and ranking, `nlu_fallback` first where the message is refused."""
        if self._model is None:
            raise NothingToLearn("the classifier is used before it was trained")
        entities = [(found["entity"], str(found["value"])) for found in message.get(ENTITIES, [])]
        opinion = self._model.opinion(message.get(TEXT) or "", entities)
        ranking = [{"name": name, "confidence": share} for name, share in opinion.ranking]
        if not self._trusts(opinion):
            refused = {
                "name": DEFAULT_NLU_FALLBACK_INTENT_NAME,
                "confidence": 1.0 - opinion.ranking[0][1],
            }
            ranking.insert(0, refused)
        message.set(INTENT_MARGIN, opinion.margin)
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(
            INTENT_RANKING_KEY, ranking[: self._config[_RANKING_LENGTH]], add_to_output=True
        )

    def _trusts(self, opinion: Opinion) -> bool:
        if opinion.ranking[0][0] not in self._config[_ACTING_INTENTS]:
            return opinion.is_trusted
        return (
            opinion.is_trusted
            and opinion.margin >= self._config[_ACTING_MARGIN]
            and opinion.known_share >= self._config[_ACTING_KNOWN_SHARE]
            and opinion.known_word_share > 0.5
        )


def _faq_questions() -> list[str]:
    return [
        question
        for entry in read_entries()
        for wordings in entry.questions.values()
        for question in wordings
    ]
