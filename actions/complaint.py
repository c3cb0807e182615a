"""A complaint, a wish or a kind word is heard, kept in the customer's own words and handed to a
team. The answer to a complaint shows nothing and sells nothing; whoever is angry gets a person at
once.
"""

from __future__ import annotations

import re

from actions.answer import Answer, reads, reads_first, says_last
from actions.choices import only_points, place_in
from actions.conversation import Conversation
from actions.human import hand_over
from actions.opt_out import is_clear_refusal
from actions.voices import Heard, hear, label
from marketing import voices
from marketing.past_words import PRODUCT_INTENTS
from marketing.sentiment import UNHAPPY, Sentiment, sentiment
from memory import hand_overs

QUESTION = "person"
"""Open after a person was offered."""
_WANTS_PERSON = re.compile(
    r"상담|사람|직원|담당자|연결(?!\S*\s*(끊|해제|취소))"
    r"|\b(person|human|someone|somebody|agent|talk)\b",
    re.IGNORECASE,
)
_NO = re.compile(r"안\s|아니|괜찮|됐|필요\s?없|\bno\b|n['’]t\b", re.IGNORECASE)
"""That no person is wanted, beside a word for one. Narrower than `refusing_words`: "not a bot, a
person" and "봇 말고 사람" want one."""
_ASKED_FOR = ("opinion", "survey")
"""Questions whose answers are heard as such (`survey`)."""
_SAYS_NOTHING_ELSE = ("nlu_fallback", "out_of_scope")
_MAY_WISH_TOO = (*PRODUCT_INTENTS, "tell_about_me")


class Complain(Answer):
    """Something went wrong."""

    called = "action_complain"

    def answer(self, conversation: Conversation) -> None:
        """Hear it; what turns out to be a wish or praise is taken as that."""
        if is_clear_refusal(conversation):
            return
        felt = sentiment(conversation.turn.text)
        if felt not in UNHAPPY and voices.is_wish(conversation.turn.text):
            _wish(conversation)
        elif felt is Sentiment.POSITIVE:
            _praise(conversation)
        else:
            _complaint(conversation, felt)


class WishFor(Answer):
    """The shop has not got what they would like."""

    called = "action_wish_for"

    def answer(self, conversation: Conversation) -> None:
        """Keep the wish; an angry one is a complaint."""
        if is_clear_refusal(conversation):
            return
        felt = sentiment(conversation.turn.text)
        if felt is Sentiment.ANGRY:
            _complaint(conversation, felt)
        else:
            _wish(conversation)


class Praise(Answer):
    """Something went well."""

    called = "action_praise"

    def answer(self, conversation: Conversation) -> None:
        """Take it to heart, unless the words say the opposite."""
        felt = sentiment(conversation.turn.text)
        if felt in UNHAPPY:
            _complaint(conversation, felt)
        else:
            _praise(conversation)


@reads_first
def hears_anger(conversation: Conversation) -> bool:
    """Anger, or a plain wish, in words of which nothing else was made."""
    is_asked_for = conversation.open_question in _ASKED_FOR
    if conversation.intent not in _SAYS_NOTHING_ELSE or is_asked_for:
        return False
    felt = sentiment(conversation.turn.text)
    topic = voices.topic_of(conversation.turn.text, _topics(conversation))
    if felt is Sentiment.ANGRY and topic != voices.OTHER:
        _complaint(conversation, felt)
    elif voices.is_wish(conversation.turn.text):
        _wish(conversation)
    else:
        return False
    return True


@says_last
def hears_wish(conversation: Conversation) -> None:
    """A wish beside a question that was answered: it is kept as well, in one more line."""
    is_beside = conversation.intent in _MAY_WISH_TOO and voices.is_wish(conversation.turn.text)
    if is_beside and hear(conversation, voices.WISH).is_kept:
        conversation.say("utter_wish_kept_too")


@reads(QUESTION)
def _read_answer(conversation: Conversation) -> bool:
    """Whether a person is wanted, after one was offered."""
    text = conversation.turn.text
    place = place_in(text, 2) if only_points(text, ()) else None
    is_no = conversation.intent == "deny" or place == 1
    if is_no or (_WANTS_PERSON.search(text) and _NO.search(text)):
        conversation.say("utter_no_person_wanted")
    elif conversation.intent == "affirm" or place == 0 or _WANTS_PERSON.search(text):
        hand_over(conversation)
    else:
        return False
    return True


def _complaint(conversation: Conversation, felt: Sentiment) -> None:
    """What is said in complaint is never neutral."""
    is_angry = felt is Sentiment.ANGRY
    meant = Sentiment.ANGRY if is_angry else Sentiment.NEGATIVE
    heard = hear(conversation, voices.COMPLAINT, felt=meant)
    conversation.is_last_word = True
    _say_sorry(conversation, heard)
    turn = conversation.turn
    if hand_overs.of_customer(turn.connection, turn.customer_id) is not None:
        conversation.say("utter_human_waiting")
    elif is_angry:
        hand_over(conversation)
    else:
        choices = [conversation.phrase("utter_person_yes"), conversation.phrase("utter_person_no")]
        conversation.ask(QUESTION, "utter_offer_person_to_talk", choices=choices)


def _say_sorry(conversation: Conversation, heard: Heard) -> None:
    what = label(conversation, heard.topic)
    product = heard.product if heard.may_name_product else None
    name = conversation.shop.name_of(product) if product else ""
    if what is None and not name:
        conversation.say("utter_complaint_heard")
    elif what is None:
        conversation.say("utter_complaint_heard_of", what=name)
    elif not name or heard.topic == "service":
        conversation.say("utter_complaint_heard_of", what=what)
    else:
        conversation.say("utter_complaint_heard_of_product", what=what, product=name)


def _wish(conversation: Conversation) -> None:
    heard = hear(conversation, voices.WISH)
    conversation.say("utter_wish_kept" if heard.is_kept else "utter_wish_thanked")


def _praise(conversation: Conversation) -> None:
    hear(conversation, voices.PRAISE, felt=Sentiment.POSITIVE)
    conversation.say("utter_praise_thanked")


def _topics(conversation: Conversation) -> list[voices.Topic]:
    return list(conversation.shop.store.get("voice_topics", ()))
