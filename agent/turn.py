"""One turn is one transaction: claim → recall → Rasa and its actions → what is said → tracker →
done, committed together or not at all (DESIGN rule 1).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rasa.core.channels.channel import UserMessage

from agent import speech, two_requests, unfinished
from agent.incoming_text import is_command, neutralised
from agent.model import Model
from agent.speech import Speech
from marketing.opt_out import Refusal, refusal
from memory import answers, current, customers, inbox, outbox, recall, reserved_words, turns
from memory.answers import Understood
from memory.current import CurrentTurn
from memory.engine import Connection
from memory.inbox import Claimed
from memory.ranking import About
from memory.recall import Recalled
from memory.turns import Utterance
from nlu.language import Language, detect
from nlu.looking_back import looking_back
from nlu.neutral import is_neutral
from nlu.search_words import search_words

log = logging.getLogger(__name__)

AGAIN = "utter_again"
INTRODUCTION = "utter_automatic_assistant"
SEEN_TOO = "utter_seen_too"
SILENT_NUMBER = "utter_number_silent"
NOTHING_TO_SAY = "utter_sorry"
NOT_UNDERSTOOD = {"name": "nlu_fallback", "confidence": 1.0}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long a turn may take, in seconds of real time."""

    statement: float = 5
    lock: float = 3
    turn: float = 15
    """The watchdog's."""
    rest: float = 3
    """How long the beginning of a message waits for its rest."""


def claim(connection: Connection, limits: Limits) -> Claimed | None:
    """Set this transaction's time limits and claim a message; None if nothing waits."""
    return inbox.claim(connection, statement_seconds=limits.statement, lock_seconds=limits.lock)


def answer(
    connection: Connection,
    claimed: Claimed,
    model: Model,
    loop: asyncio.AbstractEventLoop,
    *,
    shop_url: str,
    limits: Limits,
) -> bool:
    """Answer the claimed message in the caller's transaction; while a person talks to the customer,
    leave it to them. False if it is the beginning of a message and now waits for its rest. Whatever
    it raises, the caller must roll back."""
    began = time.perf_counter()
    now = claimed.now
    pieces = inbox.with_rest(connection, claimed)
    claimed = unfinished.joined(pieces)
    about = _about(claimed.text, now)
    first = pieces[0].seq
    turn = _open(connection, claimed, about, now=now, shop_url=shop_url, before_seq=first)
    if turn.recalled.is_with_person:
        _leave_to_the_person(connection, turn)
        inbox.finish(connection, *(piece.inbox_id for piece in pieces))
        return True
    parsed = _parsed(model, claimed.text, loop)
    if limits.rest and _waits(pieces, turn, parsed):
        inbox.wait_for_rest(connection, pieces, seconds=limits.rest)
        return False
    model.words.begin([said["text"] for said in turn.recalled.lately if said["direction"] == "out"])
    out = Speech(claimed.channel)
    with current.opened(turn):
        _let_rasa_answer(model, turn, claimed, parsed, out, loop)
        if out.is_empty:
            _say_something(model, turn, out)
        _keep(connection, claimed, turn, model, parsed, out.messages)
    if len(pieces) > 1:
        inbox.finish(connection, *(piece.inbox_id for piece in pieces[:-1]))
    for work in turn.afterwards:
        work()
    log.info(
        "Answered in %.0f ms.",
        1000 * (time.perf_counter() - began),
        extra={
            "action": "turn_answered",
            "inbox_id": claimed.inbox_id,
            "customer_id": claimed.customer_id,
        },
    )
    return True


def _let_rasa_answer(
    model: Model,
    turn: CurrentTurn,
    claimed: Claimed,
    parsed: dict[str, Any],
    out: Speech,
    loop: asyncio.AbstractEventLoop,
) -> None:
    """The message, or the two requests in it one after the other: the second knows the answer to
    the first. What is left is named."""
    found = two_requests.requests_in(claimed.text, parsed, lambda text: _parsed(model, text, loop))
    is_whole = len(found.answered) == 1 and found.left is None
    for place, (said, understood) in enumerate(found.answered):
        asked = turn
        if not is_whole:
            recalled = turn.recalled
            if place:
                recalled = replace(recalled, tracker=model.store.row)
            asked = replace(turn, text=said, recalled=recalled)
        with current.opened(asked):
            message = _message(claimed, said, understood, out)
            loop.run_until_complete(model.rasa.handle_message(message))
    if found.left is not None:
        seen = model.words.word(SEEN_TOO, turn.language, turn.channel, {"said": found.left})
        button = {"title": found.left, "payload": found.left}
        out.messages.append({**seen, "buttons": [button]})


def _waits(pieces: Sequence[Claimed], turn: CurrentTurn, parsed: Mapping[str, Any]) -> bool:
    """Unless it has waited for as long as it may."""
    newest = pieces[-1]
    has_waited = newest.rest_until is not None or len(pieces) >= unfinished.MOST_PIECES
    return not has_waited and unfinished.is_unfinished(
        newest.text,
        parsed,
        is_awaited=unfinished.is_answer_awaited(turn),
        goes_on=len(pieces) > 1,
    )


def _leave_to_the_person(connection: Connection, turn: CurrentTurn) -> None:
    """Nothing is answered; a refusal counts all the same, in whatever words (RULES US-2)."""
    if refusal(turn.text) is Refusal.CLEAR:
        reserved_words.stop_in_other_words(
            connection, turn.customer_id, seq=turn.seq, said=turn.text, now=turn.now
        )


def _about(text: str, now: datetime) -> About:
    """What memory is to look for."""
    past = looking_back(text, now)
    asks_for_past = past.refers or past.said_by is not None or past.since is not None
    return About(
        words=search_words(text),
        said_by=past.said_by,
        since=past.since,
        until=past.until,
        refers_back=past.refers,
        in_passing=not asks_for_past,
    )


def _open(
    connection: Connection,
    claimed: Claimed,
    about: About,
    *,
    now: datetime,
    shop_url: str,
    before_seq: int,
) -> CurrentTurn:
    recalled = recall.recall(
        connection,
        claimed.customer_id,
        now=now,
        before_seq=before_seq,
        is_proven=claimed.proof != "none",
        about=about,
        address_id=claimed.address_id,
    )
    return CurrentTurn(
        connection=connection,
        customer_id=claimed.customer_id,
        channel=claimed.channel,
        language=_language(claimed.text, recalled),
        now=now,
        seq=claimed.seq,
        text=claimed.text,
        recalled=recalled,
        shop_url=shop_url,
        address_id=claimed.address_id,
        inbox_id=claimed.inbox_id,
    )


def _language(text: str, recalled: Recalled) -> Language:
    """The language to answer in. One that was asked for expressly stays through everything that is
    not plainly in the other."""
    usual = _usual_language(recalled)
    asked_for = recalled.fact("language")
    if asked_for is not None and asked_for.value == usual and is_neutral(text):
        return usual
    return detect(text, usual, is_remembered=recalled.language is not None)


def _usual_language(recalled: Recalled) -> Language:
    """What they wrote before, else what their country speaks."""
    if recalled.language is not None:
        return "en" if recalled.language == "en" else "ko"
    return "ko" if recalled.country in (None, "KR") else "en"


def _parsed(model: Model, text: str, loop: asyncio.AbstractEventLoop) -> dict[str, Any]:
    """What Rasa understands. A text in the shape of its own commands is not interpreted at all."""
    said = neutralised(text)
    if is_command(text):
        return {"text": said, "intent": dict(NOT_UNDERSTOOD), "entities": []}
    parsed: dict[str, Any] = loop.run_until_complete(model.rasa.parse_message(said))
    return parsed


def _message(claimed: Claimed, said: str, parsed: dict[str, Any], out: Speech) -> UserMessage:
    """What Rasa is told."""
    return UserMessage(
        neutralised(said),
        output_channel=out,
        sender_id=claimed.customer_id,
        parse_data=parsed,
        input_channel=claimed.channel,
        message_id=str(claimed.inbox_id),
    )


def _say_something(model: Model, turn: CurrentTurn, out: Speech) -> None:
    log.error(
        "A turn produced nothing to say; the customer was told so.",
        extra={"action": "turn_without_words", "customer_id": turn.customer_id, "seq": turn.seq},
    )
    out.messages.append(model.words.word(NOTHING_TO_SAY, turn.language, turn.channel, {}))


def _understood(turn: CurrentTurn, parsed: Mapping[str, Any]) -> Understood:
    """How the message was read."""
    intent: Mapping[str, Any] = parsed.get("intent") or {}
    about = turn.recalled.about
    return Understood(
        language=turn.language,
        intent=str(intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0.0),
        entities=[_entity(entity) for entity in parsed.get("entities") or ()],
        words=about.words if about else (),
    )


def _entity(found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: found[key] for key in ("entity", "value", "start", "end") if key in found}


def _offer_of_a_code(model: Model, turn: CurrentTurn) -> str:
    """To a number that was silent for long: how they get their memory back."""
    where = {"shop_url": turn.shop_url}
    return str(model.words.word(SILENT_NUMBER, turn.language, turn.channel, where)["text"])


def _not_word_for_word(
    model: Model, turn: CurrentTurn, utterances: list[Utterance]
) -> list[Utterance]:
    """An answer that would be the last one once more says that it is."""
    answer = "\n".join(one.text for one in utterances)
    is_again = bool(answer.strip()) and _said_last(turn).endswith(answer)
    if not is_again or not model.words.responses.get(AGAIN):
        return utterances
    lead = str(model.words.word(AGAIN, turn.language, turn.channel, {})["text"])
    first, *others = utterances
    return [Utterance(text=f"{lead} {first.text}", payload=first.payload), *others]


def _said_last(turn: CurrentTurn) -> str:
    """What the customer was told before they wrote."""
    told: list[str] = []
    for said in reversed(turn.recalled.lately):
        if said["direction"] == "out":
            told.insert(0, str(said["text"]))
        elif told:
            break
    return "\n".join(told)


def _keep(
    connection: Connection,
    claimed: Claimed,
    turn: CurrentTurn,
    model: Model,
    parsed: Mapping[str, Any],
    messages: Sequence[Mapping[str, Any]],
) -> None:
    """What was understood and said becomes rows: of the conversation, and for a text message of the
    outbox."""
    utterances = _not_word_for_word(model, turn, speech.for_web(messages))
    if claimed.address_id is not None:
        texts = [utterance.text for utterance in utterances]
        is_last = reserved_words.is_stopped_by_turn(
            connection, turn.customer_id, claimed.address_id, now=turn.now
        )
        if not is_last and not turns.has_spoken(connection, turn.customer_id, turn.channel):
            introduction = model.words.word(INTRODUCTION, turn.language, turn.channel, {})
            texts.insert(0, str(introduction["text"]))
        if turn.recalled.is_silent and not turn.recalled.lately:
            texts = list(dict.fromkeys((*texts, _offer_of_a_code(model, turn))))
        utterances = [speech.for_sms(texts)]
        outbox.put(
            connection,
            key=f"reply:{claimed.inbox_id}",
            customer_id=turn.customer_id,
            address_id=claimed.address_id,
            message_class="reply",
            body=utterances[0].text,
            now=turn.now,
            purpose="stop_confirmation" if is_last else "answer",
            not_after=turn.now + reserved_words.CONFIRM_WITHIN if is_last else None,
        )
    if turn.language != turn.recalled.language:
        customers.set_language(connection, turn.customer_id, turn.language)
    answers.keep(
        connection,
        turn.customer_id,
        utterances,
        inbox_id=claimed.inbox_id,
        seq=turn.seq,
        understood=_understood(turn, parsed),
        channel=turn.channel,
        at=turn.now,
        tracker=model.store.row,
    )
