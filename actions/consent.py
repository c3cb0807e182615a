"""Consent to offers by text, twice: said in the conversation after everything was told, then
confirmed on the number itself, by a word or by the button behind the link (RULES US-5, US-7, KR-4,
KR-5). Marketing and night are two questions; only a whole message from a closed list agrees.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any, ClassVar

from actions.answer import Answer
from actions.asking_again import asks_anew
from actions.conversation import Conversation
from actions.reasons import day_of
from actions.shop import Product
from actions.ways_out import is_two_way, number_here, way_out_of
from marketing import places
from marketing.agreeing_words import agrees, is_a_yes
from marketing.decisions import Question
from memory import consents, links, outbox, reconfirmations
from memory.recall import Number

MARKETING, NIGHT = "marketing", "night"
_CONFIRMATION = "confirmation"
"""The open question after the word on the number was asked for again."""

_NIGHT = re.compile(
    r"밤|야간|새벽|심야|아홉\s?시 이후|9시 이후|\bnights?\b|\bovernight\b", re.IGNORECASE
)
_WITHDRAW = re.compile(
    r"철회|취소|해지|그만 받|\bwithdraw\b|\bopt(?:ing)? out\b|\bunsubscribe\b|\bcancel\b",
    re.IGNORECASE,
)
_ASKS_WHY = re.compile(
    r"왜\s.*(받으라|받아야|동의하라|동의해야)|꼭\s.*(받|동의)|(받아야|동의해야)\s*(하|되|돼|만|해)|필수"
    r"|\bwhy (should|would|must) i\b"
    r"|\b(must|should) i (agree|consent)\b|\bdo i (have|need) to\b|\bmandatory\b|\brequired\b",
    re.IGNORECASE,
)


class AskConsent(Answer):
    """Somebody wants offers by text, or asks about them."""

    called = "action_ask_consent"

    def answer(self, conversation: Conversation) -> None:
        """Tell everything and ask for plain words; whoever asks why is asked nothing."""
        if says_why(conversation):
            return
        if _WITHDRAW.search(conversation.turn.text):
            conversation.say("utter_how_to_withdraw", way_out=way_out_of(conversation))
            return
        number = number_here(conversation)
        if number is None:
            about = {"then": "consent"}
            conversation.ask("phone", "utter_consent_needs_phone", about=about)
        else:
            _offer(conversation, number)


class GiveConsent(Answer):
    """Somebody agrees in plain words."""

    called = "action_give_consent"
    intent: ClassVar[str] = "give_consent"

    def answer(self, conversation: Conversation) -> None:
        """Take it for what was asked, if anything was."""
        asked = conversation.open_question or ""
        is_plain = agrees(conversation.turn.text)
        number = number_here(conversation)
        if confirms(conversation):
            return
        if number is not None and is_plain and asked.startswith("consent_"):
            _request(conversation, number, asked.removeprefix("consent_"))
        elif not (says_yes_vaguely(conversation) or reminds(conversation)):
            AskConsent().answer(conversation)


def goes_on(conversation: Conversation) -> None:
    """The number has just been proven for this: ask what they wanted to agree to."""
    _disclose(conversation, MARKETING)


def says_why(conversation: Conversation) -> bool:
    """Somebody asks why they should agree, or whether they must: they need not. False for anything
    else."""
    if _ASKS_WHY.search(conversation.turn.text) is None:
        return False
    conversation.say("utter_consent_voluntary", most=Question.most_a_day)
    return True


def says_yes_vaguely(conversation: Conversation) -> bool:
    """Anything but plain words to the disclosure: ask for them. False if none was shown."""
    asked = conversation.open_question
    if asked not in ("consent_marketing", "consent_night"):
        return False
    says_why(conversation)
    about = {"shown": _shown(conversation)}
    conversation.ask(asked, "utter_consent_plain_words", about=about)
    return True


def reminds(conversation: Conversation) -> bool:
    """A yes on the web while the number itself has not confirmed. False if nothing waits."""
    number = number_here(conversation)
    if conversation.turn.channel == "sms" or number is None or not number.standing.asked:
        return False
    _say_it_waits(conversation, number)
    return True


def says_no(conversation: Conversation) -> bool:
    """No to the disclosure, or on the number that was to confirm. False if nothing was asked, or
    an offer was told or a person has said something since."""
    turn = conversation.turn
    if (conversation.open_question or "").startswith("consent_"):
        conversation.say("utter_consent_not_given")
        return True
    number = _asked_here(conversation)
    if number is None or turn.recalled.is_person_newest or _offered_since(conversation, number):
        return False
    for purpose in sorted(number.standing.asked):
        _record(conversation, number, purpose, "refused", {"said": turn.text})
    conversation.say("utter_consent_refused", day=day_of(conversation, turn.now))
    return True


def confirms(conversation: Conversation) -> bool:
    """On the number itself: a word that confirms what was asked for there. Asks which is meant, if
    an offer was told since or a person has said something, and for the word, if it is vague. False
    if nothing was asked there, or a vague yes can only mean an offer."""
    number, said = _asked_here(conversation), conversation.turn.text
    if number is None:
        return False
    if conversation.turn.recalled.is_person_newest and (agrees(said) or is_a_yes(said)):
        conversation.ask(_CONFIRMATION, "utter_consent_agree_wanted")
    elif agrees(said):
        _confirm(conversation, number)
    elif is_a_yes(said):
        _take_yes(conversation, number)
    elif conversation.offers_at_hand() and conversation.intent != GiveConsent.intent:
        return False
    else:
        says_why(conversation)
        conversation.ask(_CONFIRMATION, "utter_consent_word_wanted")
    return True


def _take_yes(conversation: Conversation, number: Number) -> None:
    """A mere yes confirms only if nothing else was talked of since it was asked for."""
    offered = _offered_since(conversation, number)
    if offered:
        name = conversation.shop.name_of(offered[0])
        conversation.say("utter_consent_or_offer", product=name)
    elif conversation.open_question == _CONFIRMATION or not _wrote_since(conversation, number):
        _confirm(conversation, number)
    else:
        conversation.ask(_CONFIRMATION, "utter_consent_agree_wanted")


def _wrote_since(conversation: Conversation, number: Number) -> bool:
    """True if this is not the customer's first message after the consent was asked for."""
    asked_at = number.standing.asked_at
    return asked_at is not None and any(
        said["direction"] == "in" and datetime.fromisoformat(said["at"]) > asked_at
        for said in conversation.turn.recalled.lately
    )


def _asked_here(conversation: Conversation) -> Number | None:
    """The number they write from, if a consent waits to be confirmed on it."""
    number = number_here(conversation) if conversation.turn.channel == "sms" else None
    return number if number is not None and number.standing.asked else None


def _offered_since(conversation: Conversation, number: Number) -> list[Product]:
    """The products offered after the consent was asked for, of which a yes may speak as well."""
    asked_at = number.standing.asked_at
    found = (
        conversation.shop.product(one.product_id)
        for one in conversation.offers_at_hand()
        if asked_at is None or one.opened_at is None or one.opened_at > asked_at
    )
    return [product for product in found if product is not None]


def _offer(conversation: Conversation, number: Number) -> None:
    """Ask, unless it was answered or cannot be asked."""
    wants_night = _NIGHT.search(conversation.turn.text) is not None
    standing = number.standing
    purpose = NIGHT if wants_night and standing.marketing else MARKETING
    if number.is_stopped:
        say_it_is_stopped(conversation, number.value)
    elif purpose == NIGHT and not _is_korean(number):
        conversation.say("utter_consent_no_night")
    elif standing.night if purpose == NIGHT else _holds(conversation, number):
        conversation.say("utter_consent_given_already", way_out=way_out_of(conversation))
    elif conversation.turn.channel == "sms":
        _ask_here(conversation, number, purpose)
    elif purpose in standing.asked:
        _say_it_waits(conversation, number)
    else:
        _disclose(conversation, purpose)


def _holds(conversation: Conversation, number: Number) -> bool:
    """True if the number has agreed, and not so long ago that it counts no more (RULES KR-6)."""
    turn = conversation.turn
    return number.standing.marketing and not (
        _is_korean(number)
        and reconfirmations.is_overdue(
            turn.connection, turn.customer_id, number.address_id, now=turn.now
        )
    )


def _disclose(conversation: Conversation, purpose: str, *, is_again: bool = False) -> None:
    """Everything that is agreed to, on the web; the answer must be in plain words."""
    about, told = {"is_again": is_again}, _told(conversation)
    if purpose == NIGHT:
        conversation.ask("consent_night", "utter_consent_disclosure_night", about=about, **told)
    else:
        conversation.ask("consent_marketing", "utter_consent_disclosure", about=about, **told)


@asks_anew("consent_marketing")
@asks_anew("consent_night")
def _disclose_again(conversation: Conversation) -> None:
    """Once, and never in short: whoever agrees has just been told everything."""
    asked = conversation.open_question
    if asked is not None and not conversation.question_about.get("is_again"):
        _disclose(conversation, asked.removeprefix("consent_"), is_again=True)


def _told(conversation: Conversation, number: Number | None = None) -> dict[str, Any]:
    value = number.value if number else None
    return {"most": Question.most_a_day, "way_out": way_out_of(conversation, value)}


def _ask_here(conversation: Conversation, number: Number, purpose: str) -> None:
    """The same in a text message: its answer on the number is the confirmation."""
    response = "utter_consent_request_night" if purpose == NIGHT else "utter_consent_request"
    told = _told(conversation, number)
    _record_request(conversation, number, purpose, conversation.phrase(response, **told))
    conversation.say(response, **told)


def _request(conversation: Conversation, number: Number, purpose: str) -> None:
    """They agreed on the web: write it down, and ask on the number itself."""
    turn = conversation.turn
    _record_request(conversation, number, purpose, _shown(conversation))
    told = _told(conversation, number)
    if is_two_way(conversation, number.value):
        response = "utter_consent_request_night" if purpose == NIGHT else "utter_consent_request"
        body = conversation.phrase(response, **told)
        conversation.say("utter_consent_asked_by_text")
    else:
        token = links.issue(
            turn.connection,
            turn.customer_id,
            kind="consent",
            address_id=number.address_id,
            now=turn.now,
        )
        link = f"{turn.shop_url}/l/{token}"
        body = conversation.phrase("utter_consent_request_by_link", link=link)
        conversation.say("utter_consent_asked_by_link")
    outbox.put(
        turn.connection,
        key=f"consent:{turn.customer_id}:{turn.seq}",
        customer_id=turn.customer_id,
        address_id=number.address_id,
        message_class="service",
        purpose="consent_request",
        body=body,
        now=turn.now,
        not_after=turn.now + consents.CONFIRM_WITHIN,
    )


def _confirm(conversation: Conversation, number: Number) -> None:
    """Given; told with the sender's name, what was agreed to and the date (RULES KR-5)."""
    turn = conversation.turn
    purpose = MARKETING if MARKETING in number.standing.asked else NIGHT
    asked = consents.asked_evidence(
        turn.connection, turn.customer_id, purpose, address_id=number.address_id
    )
    _record(conversation, number, purpose, "given", {**asked, "said": turn.text})
    response = "utter_night_consent_given" if purpose == NIGHT else "utter_consent_given"
    way_out = way_out_of(conversation, number.value)
    conversation.say(response, day=day_of(conversation, turn.now), way_out=way_out)
    if purpose == MARKETING and _is_korean(number):
        _ask_here(conversation, number, NIGHT)


def _record_request(conversation: Conversation, number: Number, purpose: str, shown: str) -> None:
    """Exactly what was shown, when and where (RULES US-7)."""
    turn = conversation.turn
    evidence: dict[str, object] = {
        "text": shown,
        "digest": hashlib.sha256(shown.encode()).hexdigest(),
        "version": turn.recalled.release_id,
        "language": turn.language,
        "brand": conversation.shop.name,
        "said": turn.text,
        "not_a_condition": True,
    }
    _record(conversation, number, purpose, "requested", evidence)


def _record(
    conversation: Conversation,
    number: Number,
    purpose: str,
    action: str,
    evidence: dict[str, object],
) -> None:
    turn = conversation.turn
    consents.lock_permission(turn.connection, turn.customer_id)
    consents.record(
        turn.connection,
        turn.customer_id,
        purpose=purpose,
        action=action,
        evidence={
            **evidence,
            "channel": turn.channel,
            "seq": turn.seq,
            "inbox_id": turn.inbox_id,
        },
        now=turn.now,
        address_id=number.address_id,
    )


def _shown(conversation: Conversation) -> str:
    """Everything the shop said of what is asked, word for word: all of the disclosure, and how it
    asked for plain words after each vague yes."""
    said_last: list[str] = []
    for one in reversed(conversation.turn.recalled.lately):
        if one["direction"] == "out":
            said_last.insert(0, one["text"])
        elif said_last:
            break
    before = conversation.question_about.get("shown")
    return "\n".join([before, *said_last] if before else said_last)


def _say_it_waits(conversation: Conversation, number: Number) -> None:
    is_by_word = is_two_way(conversation, number.value)
    response = "utter_consent_asked_by_text" if is_by_word else "utter_consent_asked_by_link"
    conversation.ask(_CONFIRMATION, response)


def say_it_is_stopped(conversation: Conversation, number: str) -> None:
    """The number has asked for no more texts: only it can say otherwise."""
    is_by_word = is_two_way(conversation, number)
    conversation.say("utter_number_stopped" if is_by_word else "utter_number_stopped_one_way")


def _is_korean(number: Number) -> bool:
    return places.place_of(number.value).country == "KR"
