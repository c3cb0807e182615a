""" "Back", "start over" and "cancel", whatever is being asked: whole messages, read before anything
else. Nothing that was done is undone by them.
"""

from __future__ import annotations

from actions import consent, human, link_phone
from actions.answer import reads, reads_first
from actions.choices import is_a_number, place_in
from actions.conversation import Conversation
from actions.recommend import recommend
from actions.store_info import tell_topic
from marketing.ways_back import WayBack, way_back

TOPICS = "topic"
"""Open after the topics were listed: by text message with numbers."""
_LISTED = ("recommend", "delivery", "hours", "human")
"""What the numbers of `utter_start_over` and `utter_offer_person` stand for."""
_WITH_WAYS_OF_THEIR_OWN = frozenset({"customise", "customise_which"})
"""There "start over" means what is being put together."""


@reads_first
def goes_back(conversation: Conversation) -> bool:
    """Leaves what is being asked. A cancel where nothing is being asked is a plain no."""
    if conversation.open_question in _WITH_WAYS_OF_THEIR_OWN:
        return False
    way = way_back(conversation.turn.text)
    if way is WayBack.START_OVER:
        _starts_over(conversation)
    elif way is WayBack.BACK:
        _steps_back(conversation)
    elif way is WayBack.CANCEL and conversation.open_question:
        _cancels(conversation)
    else:
        return False
    return True


def lists_topics(conversation: Conversation, response: str) -> None:
    """Say a response that lists what can be asked, and a person."""
    conversation.ask(TOPICS, response)


@reads(TOPICS)
def takes_number(conversation: Conversation) -> bool:
    """A number of the list. False for anything else."""
    place = place_in(conversation.turn.text, len(_LISTED))
    if place is None or not is_a_number(conversation.turn.text):
        return False
    chosen = _LISTED[place]
    if chosen == "recommend":
        recommend(conversation)
    elif chosen == "human":
        human.hand_over(conversation)
    else:
        tell_topic(conversation, chosen)
    return True


def _starts_over(conversation: Conversation) -> None:
    conversation.shown, conversation.already_shown = [], []
    conversation.category, conversation.looked_up = "", {}
    lists_topics(conversation, "utter_start_over")


def _steps_back(conversation: Conversation) -> None:
    """To what was shown before the question, else to the topics."""
    seen = conversation.shown_before()
    if seen:
        conversation.say("utter_back_to_shown", products=seen)
    else:
        lists_topics(conversation, "utter_back_to_topics")


def _cancels(conversation: Conversation) -> None:
    takers = (link_phone.drops_it, human.says_no, consent.says_no)
    if not any(takes(conversation) for takes in takers):
        conversation.say("utter_cancelled")
