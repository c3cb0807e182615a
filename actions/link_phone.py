"""Going on by text: a number is given, a code goes there, and typing it makes one person and one
conversation of both channels (DESIGN M2, RULES ID-4). Whose number it was before is told to nobody:
the answer is the same for every number.
"""

from __future__ import annotations

import re
from datetime import timedelta

from actions import consent, open_offers
from actions.answer import Answer, reads
from actions.asking_again import go_back
from actions.conversation import Conversation
from marketing import phone_numbers
from memory import addresses, codes, customers, linking, offers, outbox
from memory.addresses import Address
from memory.codes import Checked
from memory.gate import sender_for
from memory.linking import Linked

CODE_WITHIN = timedelta(minutes=10)
_AGAIN = re.compile(
    r"다시|재전송|재발송|안\s*[왔와]|못 받|새 (코드|인증)|\bagain\b|\bresend\b|\bnew\b|\bnever\b"
    r"|n't\b|\bno code\b|\bnot\b",
    re.IGNORECASE,
)
_ANY_LETTER = re.compile(r"[^\W\d_]")
_LENGTH = 6


class GivePhone(Answer):
    """Somebody gives a number, or wants to go on by text."""

    called = "action_give_phone"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Send a code to the number, or ask for one."""
        turn = conversation.turn
        written = conversation.first("phone")
        waiting = turn.recalled.code_sent_to
        if written is not None:
            _take(conversation, written)
        elif waiting is not None and _AGAIN.search(turn.text):
            _send_code(conversation, waiting)
        elif (number := _of_the_link(conversation)) is not None:
            _send_code(conversation, number)
        elif _goes_on_already(conversation):
            conversation.say("utter_number_known")
        else:
            conversation.ask("phone", "utter_ask_phone")


class GiveCode(Answer):
    """Somebody types a code."""

    called = "action_give_code"

    def answer(self, conversation: Conversation) -> None:
        """Check it, if one was sent."""
        turn = conversation.turn
        if codes.typed_in(turn.text) is not None and turn.recalled.code_sent_to is not None:
            _check(conversation)
        elif turn.channel == "sms":
            conversation.say("utter_code_belongs_to_web")
        else:
            conversation.ask("phone", "utter_no_code_waits")


@reads("phone")
def _read_phone(conversation: Conversation) -> bool:
    written = conversation.first("phone")
    if written is not None:
        _take(conversation, written)
        return True
    digits = _digits(conversation.turn.text)
    if len(digits) <= _LENGTH or _ANY_LETTER.search(conversation.turn.text):
        return False
    _ask_again(conversation)
    return True


@reads("code")
def _read_code(conversation: Conversation) -> bool:
    """Digits alone are a try, whatever their number; so is a code in a sentence."""
    text = conversation.turn.text
    if conversation.first("phone") is not None:
        return False
    if codes.typed_in(text) is not None:
        _check(conversation)
    elif _digits(text) and not _ANY_LETTER.search(text):
        conversation.ask("code", "utter_code_six_digits", about=conversation.question_about)
    else:
        return False
    return True


def asks_again(conversation: Conversation) -> bool:
    """A yes to the question for a number or a code is no answer. False if neither was asked."""
    if conversation.open_question == "phone":
        about = conversation.question_about
        conversation.ask("phone", "utter_ask_phone", about=about)
    elif conversation.open_question == "code":
        about = conversation.question_about
        conversation.ask("code", "utter_code_six_digits", about=about)
    else:
        return False
    return True


def drops_it(conversation: Conversation) -> bool:
    """They would rather not; what was being asked before goes on. False if neither number nor code
    was asked for."""
    if conversation.open_question not in ("phone", "code"):
        return False
    conversation.say("utter_link_dropped")
    go_back(conversation)
    return True


def _take(conversation: Conversation, written: str) -> None:
    number = phone_numbers.read(written)
    if number is None:
        _ask_again(conversation)
    elif not number.may_take_texts or sender_for(conversation.shop.store, number.value) is None:
        about = conversation.question_about
        conversation.ask("phone", "utter_phone_takes_no_texts", about=about)
    elif _is_theirs(conversation, number.value):
        _say_it_is_known(conversation, number.value)
    else:
        _send_code(conversation, number.value)


def _say_it_is_known(conversation: Conversation, number: str) -> None:
    """Only whoever has proven a number is told that it has said STOP."""
    if any(one.value == number and one.is_stopped for one in conversation.turn.recalled.numbers):
        consent.say_it_is_stopped(conversation, number)
    else:
        conversation.say("utter_number_known")


def _ask_again(conversation: Conversation) -> None:
    about = conversation.question_about
    conversation.ask("phone", "utter_phone_unreadable", about=about)


def _is_theirs(conversation: Conversation, number: str) -> bool:
    """True if this conversation is proven and goes on by that number already."""
    recalled = conversation.turn.recalled
    return recalled.is_proven and any(
        one.value == number and one.proof != "none" for one in recalled.numbers
    )


def _goes_on_already(conversation: Conversation) -> bool:
    recalled = conversation.turn.recalled
    return any(_is_theirs(conversation, one.value) for one in recalled.numbers)


def _of_the_link(conversation: Conversation) -> str | None:
    """The number whose text brought them here, if they came by the link of an offer: it is asked
    for a code without being shown."""
    turn = conversation.turn
    for offer in turn.recalled.offers:
        if open_offers.is_of_somebody_unproven(turn, offer):
            owner, offer_id = open_offers.owner(offer)
            address_id = offers.get(turn.connection, owner, offer_id).address_id
            if address_id is not None:
                return addresses.get(turn.connection, owner, address_id).value
    return None


def _send_code(conversation: Conversation, number: str) -> None:
    """To whoever has the number: that it may belong to somebody already, or has said STOP and so
    gets nothing, is not told."""
    turn = conversation.turn
    try:
        code = codes.issue(turn.connection, turn.customer_id, number)
    except codes.TooMany:
        conversation.say("utter_codes_too_many")
        return
    to = _address(conversation, number)
    if to.stopped_at is None:
        outbox.put(
            turn.connection,
            key=f"code:{turn.customer_id}:{turn.seq}",
            customer_id=to.customer_id,
            address_id=to.address_id,
            message_class="service",
            purpose="code",
            body=conversation.phrase("utter_code_text", code=code),
            now=turn.now,
            not_after=turn.now + CODE_WITHIN,
        )
    conversation.ask("code", "utter_code_sent", about=conversation.question_about)


def _address(conversation: Conversation, number: str) -> Address:
    """The address of that number, whoever has it. A number that is new belongs to nobody in this
    chat until the code is typed: whoever writes from it first must not get into this memory."""
    turn = conversation.turn
    found = addresses.find(turn.connection, "phone", number)
    if found is not None:
        return found
    return customers.of_address(
        turn.connection,
        "phone",
        number,
        proof="none",
        now=turn.now,
        language=turn.language,
    )


def _check(conversation: Conversation) -> None:
    turn = conversation.turn
    about = conversation.question_about
    checked, number = codes.take(turn.connection, turn.customer_id, turn.text)
    if checked is Checked.RIGHT and number is not None:
        _link(conversation, number)
    elif checked is Checked.WRONG:
        conversation.ask("code", "utter_code_wrong", about=about)
    else:
        conversation.ask("phone", "utter_code_spent", about=about)


def _link(conversation: Conversation, number: str) -> None:
    turn = conversation.turn
    linked = linking.link(
        turn.connection,
        turn.customer_id,
        number,
        now=turn.now,
        is_proven=turn.recalled.is_proven,
    )
    if linked is not Linked.LINKED:
        conversation.say("utter_not_linked")
        return
    conversation.say("utter_linked")
    if conversation.question_about.get("then") == "consent":
        consent.goes_on(conversation)
    elif conversation.question_about.get("then") == "human":
        conversation.say("utter_human_text_promised")


def _digits(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())
