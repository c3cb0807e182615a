"""Questions that the shop has answered in data/faq: the answer, or what may have been meant, or
that it is not known. Nothing is answered that nobody has written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.answer import Answer, reads
from actions.choices import place_in
from actions.conversation import Conversation
from actions.store_info import tells_topics
from actions.voices import hear_question

_QUESTION = "which_faq"

FaqEntry = Mapping[str, Any]


class AskFaq(Answer):
    """Answers what nlu has found."""

    called = "action_ask_faq"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Tell, ask back, tell what the store says of the matter, or say that it is not known."""
        found = conversation.faq or {}
        entries = found.get("entries") or ()
        if not entries:
            if not tells_topics(conversation):
                turn = conversation.turn
                _is_not_known(conversation, turn.text, turn.seq)
        elif found.get("is_sure"):
            _tell(conversation, entries[0])
        else:
            _ask_back(conversation, entries)


@reads(_QUESTION)
def _read_choice(conversation: Conversation) -> bool:
    """A number of the list, yes to the only one, or no to all."""
    entries: Sequence[FaqEntry] = conversation.question_about.get("entries") or ()
    place = place_in(conversation.turn.text, len(entries))
    if place is not None:
        _tell(conversation, entries[place])
    elif conversation.intent == "affirm" and len(entries) == 1:
        _tell(conversation, entries[0])
    elif conversation.intent == "deny":
        about = conversation.question_about
        _is_not_known(conversation, str(about["said"]), int(about["seq"]))
    else:
        return False
    return True


def _tell(conversation: Conversation, entry: FaqEntry) -> None:
    language = conversation.turn.language
    answer = entry["answer"][language]
    if conversation.turn.channel == "sms":
        answer = entry["sms"].get(language, answer)
    conversation.say("utter_faq", answer=conversation.fill(answer))


def _ask_back(conversation: Conversation, entries: Sequence[FaqEntry]) -> None:
    language = conversation.turn.language
    questions = [one["question"][language] for one in entries]
    turn = conversation.turn
    about = {"entries": list(entries), "said": turn.text, "seq": turn.seq}
    conversation.ask(_QUESTION, "utter_faq_did_you_mean", about=about, choices=questions)


def _is_not_known(conversation: Conversation, said: str, seq: int) -> None:
    """Say so; the shop's people see what was asked."""
    hear_question(conversation, said, seq)
    conversation.count_misunderstanding()
    conversation.say("utter_faq_not_known")
