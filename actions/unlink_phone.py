"""A number of their own is given up: asked about once, then taken from them with its consent. What
is remembered of them stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.answer import Answer, reads
from actions.choices import place_in
from actions.conversation import Conversation
from actions.data_rights import may_mean_something_else
from actions.opt_out import is_clear_refusal
from actions.reasons import day_of
from marketing import phone_numbers
from marketing.confirming_words import Deed, confirms, names
from memory import wrong_numbers
from memory.recall import Number

QUESTION = "unlink_phone"
WHICH = "which_number"
_LAST_DIGITS = 4


class UnlinkPhone(Answer):
    """Somebody does not want a number of theirs connected any more."""

    called = "action_unlink_phone"

    def answer(self, conversation: Conversation) -> None:
        """Ask once; do it, if that was asked last."""
        turn = conversation.turn
        if is_clear_refusal(conversation):
            return
        if turn.recalled.is_silent:
            conversation.say("utter_number_silent", shop_url=turn.shop_url)
        elif not turn.recalled.is_proven:
            conversation.say("utter_unlink_needs_proof")
        elif (asked := _asked_about(conversation)) is None:
            _ask(conversation, _meant(conversation))
        elif names(turn.text, Deed.UNLINK):
            _unlink(conversation, asked)
        else:
            _ask(conversation, [asked])


@reads(QUESTION)
def _read_answer(conversation: Conversation) -> bool:
    """Yes, unless it may have meant something else, or yes in words of its own, or no."""
    asked = _asked_about(conversation)
    if conversation.intent == "deny":
        conversation.say("utter_unlink_kept")
    elif asked is None or not _is_proven(conversation):
        return False
    elif confirms(conversation.turn.text, Deed.UNLINK):
        _unlink(conversation, asked)
    elif conversation.intent != "affirm":
        return False
    elif may_mean_something_else(conversation):
        about = conversation.question_about
        conversation.ask(QUESTION, "utter_unlink_in_words", about=about)
    else:
        _unlink(conversation, asked)
    return True


@reads(WHICH)
def _read_which(conversation: Conversation) -> bool:
    """By its place among those that were told, or by its last digits."""
    told = conversation.question_about.get("addresses") or ()
    theirs = {one.address_id: one for one in _theirs(conversation)}
    listed = [theirs[one] for one in told if one in theirs]
    if conversation.intent == "deny":
        conversation.say("utter_unlink_kept")
        return True
    place = place_in(conversation.turn.text, len(told))
    digits = re.sub(r"\D", "", conversation.turn.text)
    named = [one for one in listed if digits.endswith(one.value[-_LAST_DIGITS:])]
    if place is not None and told[place] in theirs:
        named = [theirs[told[place]]]
    if len(named) != 1 or not _is_proven(conversation):
        return False
    _ask(conversation, named)
    return True


def _is_proven(conversation: Conversation) -> bool:
    recalled = conversation.turn.recalled
    return recalled.is_proven and not recalled.is_silent


def _theirs(conversation: Conversation) -> list[Number]:
    """The numbers that they have shown to be theirs."""
    return [one for one in conversation.turn.recalled.numbers if one.proof != "none"]


def _meant(conversation: Conversation) -> Sequence[Number]:
    """The number that is named, else the one they write from, else all of theirs."""
    theirs = _theirs(conversation)
    if conversation.first("phone") is not None:
        return _named(conversation, theirs)
    written_from = [one for one in theirs if one.address_id == conversation.turn.address_id]
    return written_from or theirs


def _named(conversation: Conversation, among: Sequence[Number]) -> list[Number]:
    read = [phone_numbers.read(one) for one in conversation.values("phone")]
    named = {one.value for one in read if one is not None}
    return [one for one in among if one.value in named]


def _asked_about(conversation: Conversation) -> Number | None:
    """The number that the open question is about, if it is theirs still."""
    if conversation.open_question != QUESTION:
        return None
    asked = conversation.question_about.get("address")
    return next((one for one in _theirs(conversation) if one.address_id == asked), None)


def _ask(conversation: Conversation, meant: Sequence[Number]) -> None:
    if not meant:
        conversation.say("utter_unlink_none")
    elif len(meant) == 1:
        about = {"address": meant[0].address_id}
        conversation.ask(
            QUESTION, "utter_ask_unlink", about=about, number=_called(conversation, meant[0])
        )
    else:
        addresses = [one.address_id for one in meant]
        choices = [_called(conversation, one) for one in meant]
        conversation.ask(
            WHICH, "utter_ask_unlink_which", about={"addresses": addresses}, choices=choices
        )


def _called(conversation: Conversation, number: Number) -> str:
    """By its end alone: others may see the screen."""
    return conversation.phrase("utter_number_ending", last=number.value[-_LAST_DIGITS:])


def _unlink(conversation: Conversation, number: Number) -> None:
    turn = conversation.turn
    wrong_numbers.give_up(
        turn.connection,
        turn.customer_id,
        number.address_id,
        evidence={"channel": turn.channel, "seq": turn.seq, "said": turn.text},
        now=turn.now,
    )
    conversation.is_last_word = True
    conversation.say(
        "utter_unlinked",
        number=_called(conversation, number),
        day=day_of(conversation, turn.now),
    )
