"""The Korean–English tokeniser as a Rasa component.

Takes the place of Rasa's own, which drops Hangul words as "emoji" beside Latin ones
(docs/decisions/0005).
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from nlu.code_digest import code_digest
from nlu.spans import split


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class KoreanEnglishTokenizer(Tokenizer):
    """Kiwi for Hangul, a pattern for everything else."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's three settings about splitting intent names, all off."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that Rasa checks for before it trains."""
        return ["kiwipiepy", "regex"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """As the components of `nlu.component` have it."""
        return code_digest()

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute of the message, as Rasa wants them."""
        text = message.get(attribute)
        tokens = [Token(text[span.start : span.end], span.start) for span in split(text)]
        return list(self._apply_token_pattern(tokens))
