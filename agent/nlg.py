"""What is said, in the words of the live release: chosen by language and channel, filled with the
values of the moment, and not word for word what was just said. Without a release the words of
domain.yml serve (stock commands).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from marketing import wording
from marketing.errors import NotFound
from memory import current

Words = Mapping[str, Sequence[wording.Variant]]


class NoWording(NotFound):
    """The live release has no wording of that name for this language and channel."""


class LiveWords(TemplatedNaturalLanguageGenerator):
    """Rasa's generator, on the words of the live release."""

    def __init__(self, endpoint_config: object = None, domain: Any = None) -> None:
        """As Rasa builds a generator named in endpoints.yml: with the words of `domain`."""
        super().__init__(domain.responses if domain is not None else {})
        self.shop: Mapping[str, Any] = {}
        """The store profile, for `{shop_…}` blanks."""
        self._said: list[str] = []

    def begin(self, said_lately: Sequence[str]) -> None:
        """A turn begins; `said_lately` are the bot's last texts, oldest first."""
        self._said = list(said_lately)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **values: Any
    ) -> dict[str, Any]:
        """The response as Rasa wants it. Raises NoWording; KeyError for a blank without value."""
        values.pop("domain_responses", None)
        slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value is not None}
        open_turn = current.opened_now()
        language = open_turn.language if open_turn else str(slots.get("language") or "ko")
        return self.word(utter_action, language, output_channel, {**slots, **values})

    def word(
        self, name: str, language: str, channel: str, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """One response, worded. Raises NoWording; KeyError for a blank without value."""
        heard_on = "sms" if channel == "sms" else "web"
        filled = {**shop_values(self.shop, language), **_shop_url(), **values}
        options = _options(self.responses.get(name, ()), language, heard_on)
        if not options:
            raise NoWording(f"There is no wording {name} for {language} on {heard_on}.")
        chosen = min(
            (_fill_variant(option, filled) for option in options),
            key=lambda worded: self._last_said(worded.get("text") or ""),
        )
        self._said.append(chosen.get("text") or "")
        return chosen

    def _last_said(self, text: str) -> int:
        """How lately the text was said, -1 if it was not; a text message may hold several."""
        for place in range(len(self._said) - 1, -1, -1):
            if text in self._said[place]:
                return place
        return -1


def shop_values(store: Mapping[str, Any], language: str) -> dict[str, str]:
    """`shop_name`, `shop_phone` and every other plain text of the store profile, by language."""
    values = {"shop_name": "Dangol", "shop_phone": "", "shop_email": ""}
    for name, kept in store.items():
        said = kept.get(language) if isinstance(kept, Mapping) else kept
        if isinstance(said, str):
            values[f"shop_{name}"] = said
    return values


def _shop_url() -> dict[str, str]:
    open_turn = current.opened_now()
    return {"shop_url": open_turn.shop_url} if open_turn else {}


def _options(
    variants: Sequence[wording.Variant], language: str, channel: str
) -> list[wording.Variant]:
    """Every variant that fits equally well, each once, in its own order."""
    options: list[wording.Variant] = []
    for turn in range(len(variants)):
        chosen = wording.choose(variants, language=language, channel=channel, turn=turn)
        if chosen is not None and chosen not in options:
            options.append(chosen)
    return options


def _fill_variant(variant: wording.Variant, values: Mapping[str, Any]) -> dict[str, Any]:
    filled = {
        key: value for key, value in variant.items() if key not in {"condition", "channel", "id"}
    }
    if filled.get("text"):
        filled["text"] = wording.fill(filled["text"], values)
    if filled.get("buttons"):
        filled["buttons"] = [
            {key: wording.fill(str(text), values) for key, text in button.items()}
            for button in filled["buttons"]
        ]
    return filled
