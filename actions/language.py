"""The language of the answers, asked for expressly: spoken from this very answer on, and kept until
the customer writes plainly in the other.
"""

from __future__ import annotations

from actions.answer import Answer, reads
from actions.choices import place_in
from actions.conversation import Conversation, shop_of
from memory import facts

_QUESTION = "which_language"
_SPOKEN = ("ko", "en")
_CHOICES = ("한국어", "English")
"""In its own language each, in the order of `_SPOKEN`."""
_STILL_ASKED = frozenset({"category", "shoe_size", "which_offer"})
"""Questions that stay open without being asked again: their answers say the same in any language,
and are no yes."""
LONGEST_SAID = 300


class SwitchLanguage(Answer):
    """Speaks the language that is asked for; asks which, if it was not named."""

    called = "action_switch_language"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Switch, or ask."""
        named = set(conversation.values("language"))
        wanted = [one for one in _SPOKEN if one in named]
        if len(wanted) == 1:
            _speak(conversation, wanted[0])
        elif named and not wanted:
            conversation.ask(_QUESTION, "utter_language_not_spoken", choices=_CHOICES)
        else:
            conversation.ask(_QUESTION, "utter_ask_language", choices=_CHOICES)


@reads(_QUESTION)
def _read_choice(conversation: Conversation) -> bool:
    """A number of the list; a language that is named leads here by its own intent."""
    place = place_in(conversation.turn.text, len(_CHOICES))
    if place is None:
        return False
    _speak(conversation, _SPOKEN[place])
    return True


def _speak(conversation: Conversation, language: str) -> None:
    """Answer in it from now on. What was asked in the other language stays asked."""
    conversation.turn.language = language
    conversation.shop = shop_of(conversation.turn)
    _remember(conversation, language)
    conversation.say("utter_language")
    if conversation.open_question in _STILL_ASKED:
        conversation.keep_open(conversation.open_question, conversation.question_about)


def _remember(conversation: Conversation, language: str) -> None:
    """Keep that it was asked for; the agent itself keeps what the last answer was in."""
    turn = conversation.turn
    if turn.recalled.may_learn and not turn.recalled.is_silent:
        facts.learn(
            turn.connection,
            turn.customer_id,
            kind="language",
            value=language,
            now=turn.now,
            said=turn.text[:LONGEST_SAID],
            source_seq=turn.seq,
        )
