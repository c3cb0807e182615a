"""A question of the shop's own is put to somebody once, at a moment that suits, and only to whoever
is content; whoever has an opinion of their own is heard at any time. "No surveys" holds for good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from actions.answer import Answer, reads, reads_first, says_last
from actions.asking_again import asks_anew
from actions.choices import holds_a_question, is_a_number, named_in, place_in
from actions.conversation import Conversation
from actions.opt_out import is_clear_refusal
from actions.voices import hear
from marketing import surveys, voices
from marketing.past_words import PRODUCT_INTENTS
from marketing.sentiment import UNHAPPY, Sentiment, sentiment
from marketing.surveys import Survey
from memory import events, hand_overs, muting, voice

QUESTION = "survey"
_OPINION = "opinion"
"""Open after somebody said that they have one."""
_SUITS = frozenset({*PRODUCT_INTENTS, "ask_store_info", "thank"})
"""After such an answer a question may be put."""
_NO_ANSWER = frozenset({"ask_human", "ask_help", "greet", "thank"})
_LONGEST_SKIP = 12
_SAYS_MORE = 14
_LETTER = re.compile(r"[^\W\d_]")
"""Characters beside which "I have an idea" says the idea as well."""
_ANNOUNCES = re.compile(
    r"의견|건의|제안|아이디어|피드백|한마디|말씀|있(어요|습니다|는데요?)|드릴게요|할게요|하나|"
    r"하고\s?싶\S*|좀|제"
    r"|\b(i|i['’]?ve|have|got|an?|some|idea|opinion|suggestions?|feedback|thought|for|you|can|"
    r"may|give|leave"
    r"|share|make|here['’]?s|just|my|want|to|i['’]?d|like|your|the|store|shop|guys|is|that|"
    r"please)\b|\W",
    re.IGNORECASE,
)
_SKIPS = re.compile(
    r"안\s?(할|해|하)|넘어가|건너|패스|됐어|글쎄|\b(skip|pass|rather not|"
    r"none of your)\b",
    re.IGNORECASE,
)


class GiveOpinion(Answer):
    """They have something to say, or want to be asked nothing."""

    called = "action_give_opinion"

    def answer(self, conversation: Conversation) -> None:
        """Hear what was said with it; ask for it, if nothing was. Whoever asks for a survey may be
        asked again."""
        text = conversation.turn.text
        if is_clear_refusal(conversation):
            return
        if surveys.speaks_of_surveys(text):
            turn = conversation.turn
            muting.lift(turn.connection, turn.customer_id, surveys.MUTED)
            survey = _next(conversation)
            if survey is None:
                conversation.say("utter_no_survey")
            else:
                _ask(conversation, survey)
        elif len(_ANNOUNCES.sub("", text)) >= _SAYS_MORE:
            _hear_opinion(conversation)
        else:
            conversation.ask(_OPINION, "utter_ask_opinion")


@reads_first
def refuses(conversation: Conversation) -> bool:
    """ "No surveys", whatever else was understood of it: for good. Whoever wants no messages at all
    is heard as that."""
    if not surveys.refuses(conversation.turn.text):
        return False
    if is_clear_refusal(conversation):
        return True
    turn = conversation.turn
    muting.mute(turn.connection, turn.customer_id, surveys.MUTED, source_seq=turn.seq, now=turn.now)
    conversation.say("utter_no_surveys_then")
    return True


@reads(_OPINION)
def _read_opinion(conversation: Conversation) -> bool:
    says_nothing = _LETTER.search(conversation.turn.text) is None
    if says_nothing or _is_of_another_matter(conversation):
        return False
    if is_clear_refusal(conversation):
        return True
    conversation.is_last_word = True
    if conversation.intent == "deny":
        conversation.say("utter_survey_skipped")
    else:
        _hear_opinion(conversation)
    return True


@reads(QUESTION)
def _read_answer(conversation: Conversation) -> bool:
    """An option by its number or its words, or free words; "no" and "pass" are no answer."""
    survey = _by_id(conversation, str(conversation.question_about.get("survey")))
    text = conversation.turn.text
    chosen = _chosen(conversation, survey) if survey is not None else None
    if survey is None or (chosen is None and _is_of_another_matter(conversation)):
        return False
    if is_clear_refusal(conversation):
        return True
    conversation.is_last_word = True
    if chosen is None and _is_none(conversation):
        conversation.say("utter_survey_skipped")
        return True
    said = f"{text.strip()} ({chosen})" if chosen and is_a_number(text) else None
    hear(
        conversation,
        voices.ANSWER,
        topic=str(survey["id"]),
        team=survey["team"],
        said=said,
        has_no_product=True,
    )
    conversation.say("utter_survey_thanked")
    return True


def _is_of_another_matter(conversation: Conversation) -> bool:
    """It asks something itself, or wants goods that it names: the question is let go."""
    if holds_a_question(conversation.turn.text) or conversation.intent in _NO_ANSWER:
        return True
    wants_goods = conversation.intent in (*PRODUCT_INTENTS, "buy")
    return wants_goods and bool(conversation.values("product") or conversation.values("category"))


def _is_none(conversation: Conversation) -> bool:
    """No, a number of nothing, or "pass"."""
    text = conversation.turn.text
    is_skipped = len(text) <= _LONGEST_SKIP and _SKIPS.search(text) is not None
    return conversation.intent == "deny" or is_a_number(text) or is_skipped


@says_last
def asks(conversation: Conversation) -> None:
    """Put a question after something was answered, if nothing speaks against it."""
    if conversation.intent in _SUITS and _suits(conversation):
        survey = _next(conversation)
        if survey is not None:
            _ask(conversation, survey)


def _suits(conversation: Conversation) -> bool:
    """Not at the begin of a visit, beside another question or an open offer, after another question
    about the person, to somebody unhappy, misunderstood or waiting for a person."""
    turn, recalled, slots = conversation.turn, conversation.turn.recalled, conversation.slots
    if conversation.asked is not None or slots.get("open_question") is not None:
        return False
    if recalled.visit_began_at == turn.now or recalled.is_silent or not recalled.may_learn:
        return False
    if not conversation.may_ask_of_person or slots.get("misunderstandings"):
        return False
    if recalled.offers or _is_unhappy(conversation):
        return False
    return hand_overs.of_customer(turn.connection, turn.customer_id) is None


def _is_unhappy(conversation: Conversation) -> bool:
    """By anything said in this visit, or by a complaint that is open."""
    turn = conversation.turn
    began = turn.recalled.visit_began_at
    said = [
        str(one["text"])
        for one in turn.recalled.lately
        if one["direction"] == "in" and datetime.fromisoformat(one["at"]) >= began
    ]
    is_said = any(sentiment(text) in UNHAPPY for text in (*said, turn.text))
    return is_said or voice.has_open_complaint(turn.connection, turn.customer_id)


def _next(conversation: Conversation) -> Survey | None:
    turn = conversation.turn
    known = conversation.shop.store.get("surveys", ())
    if not known or surveys.MUTED in muting.topics(turn.connection, turn.customer_id):
        return None
    return surveys.next_of(
        known,
        today=conversation.today,
        language=turn.language,
        bought=_bought(conversation),
        asked=events.surveys_asked(turn.connection, turn.customer_id),
    )


def _bought(conversation: Conversation) -> set[str]:
    lines = (line for order in conversation.turn.recalled.orders for line in order["lines"])
    found = (conversation.shop.product(line["product_id"]) for line in lines)
    return {str(one["category"]) for one in found if one is not None}


def _by_id(conversation: Conversation, survey_id: str) -> Survey | None:
    known = conversation.shop.store.get("surveys", ())
    return next((one for one in known if one["id"] == survey_id), None)


def _ask(conversation: Conversation, survey: Survey) -> None:
    """Asked is asked, whether it is answered or not."""
    turn = conversation.turn
    events.record(
        turn.connection,
        turn.customer_id,
        events.SURVEY_ASKED,
        {"survey": survey["id"], "seq": turn.seq},
        occurred_at=turn.now,
    )
    responses = ("utter_survey", "utter_survey_with_options")
    _put(conversation, survey, responses, is_again=False)


@asks_anew(QUESTION)
def _ask_again(conversation: Conversation) -> None:
    """Once, after a question of theirs."""
    about = conversation.question_about
    survey = _by_id(conversation, str(about.get("survey")))
    if survey is not None and not about.get("is_again"):
        responses = ("utter_again_survey", "utter_again_survey_with_options")
        _put(conversation, survey, responses, is_again=True)


def _put(
    conversation: Conversation, survey: Survey, responses: tuple[str, str], *, is_again: bool
) -> None:
    """In the first of `responses`, or in the second if there are options."""
    language = conversation.turn.language
    options = _labels(survey, language)
    conversation.ask(
        QUESTION,
        responses[bool(options)],
        about={"survey": survey["id"], "is_again": is_again},
        choices=options,
        wording=survey["question"][language],
    )


def _labels(survey: Mapping[str, object], language: str) -> list[str]:
    options = survey["options"]
    assert isinstance(options, list)
    return [str(one["label"][language]) for one in options]


def _chosen(conversation: Conversation, survey: Survey) -> str | None:
    """The label of the option that was chosen."""
    labels = _labels(survey, conversation.turn.language)
    text = conversation.turn.text.strip()
    if text in labels:
        return text
    place = place_in(text, len(labels))
    if place is None:
        place = named_in(text, labels)
    return labels[place] if place is not None else None


def _hear_opinion(conversation: Conversation) -> None:
    felt = sentiment(conversation.turn.text)
    is_wish = voices.is_wish(conversation.turn.text) or felt is Sentiment.NEUTRAL
    kind = voices.COMPLAINT if felt in UNHAPPY else voices.WISH if is_wish else voices.PRAISE
    hear(conversation, kind, felt=felt)
    conversation.say("utter_opinion_thanked")
