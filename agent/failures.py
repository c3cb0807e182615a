"""What happens when a turn breaks: tried again a little later, and after the last attempt given up
with an apology. Logs say where it broke, never what the customer wrote.
"""

from __future__ import annotations

import logging
import time
import traceback
from threading import Event

from agent.nlg import shop_values
from memory import catalogue, clock, customers, inbox, outbox, releases, turns
from memory.engine import Connection, Engine
from memory.inbox import Claimed
from memory.trouble import AWAY
from memory.turns import Utterance
from nlu.language import Language, detect

log = logging.getLogger(__name__)


def trace_of(error: BaseException) -> str:
    """Where it broke, innermost cause included, without messages: those may quote the customer."""
    told: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        frames = traceback.extract_tb(seen.__traceback__)
        told += [f"{type(seen).__name__}, raised at"]
        told += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(told)


def set_back(engine: Engine, inbox_id: int, error: str, stop: Event) -> None:
    """Count a broken attempt at a message, in a transaction of its own; the last one ends with an
    apology. An unreachable database is waited out, as long as the process may run."""
    while True:
        try:
            with engine.begin() as connection:
                if not inbox.set_back(connection, inbox_id, error):
                    _apologise(connection, inbox.get(connection, inbox_id))
            return
        except AWAY:
            log.warning(
                "The database did not take a failed attempt; trying again.",
                extra={"action": "set_back_failed", "inbox_id": inbox_id},
            )
            if stop.is_set():
                return
            time.sleep(1)


def _worded(connection: Connection, given_up: Claimed, language: str) -> str | None:
    """None if nothing is live or the wording has a blank that nobody fills here: giving up must
    not depend on words."""
    try:
        return releases.notice(
            connection,
            "utter_error",
            language=language,
            channel=given_up.channel,
            values=shop_values(catalogue.store_profile(connection), language),
        )
    except KeyError as error:
        log.error(
            "The apology has a blank that nobody fills (%s).",
            error,
            extra={"action": "wording_broken", "response": "utter_error"},
        )
        return None


def _apologise(connection: Connection, given_up: Claimed) -> None:
    log.error(
        "A message was given up after %d attempts.",
        given_up.attempts,
        extra={
            "action": "message_given_up",
            "inbox_id": given_up.inbox_id,
            "customer_id": given_up.customer_id,
        },
    )
    known = customers.get(connection, given_up.customer_id).language
    usual: Language = "en" if known == "en" else "ko"
    language = detect(given_up.text, usual, is_remembered=known is not None)
    said = _worded(connection, given_up, language)
    if said is None:
        return
    now = clock.business_now(connection)
    turns.append(
        connection,
        given_up.customer_id,
        [Utterance(text=said)],
        direction="out",
        channel=given_up.channel,
        language=language,
        at=now,
    )
    if given_up.address_id is not None:
        outbox.put(
            connection,
            key=f"reply:{given_up.inbox_id}",
            customer_id=given_up.customer_id,
            address_id=given_up.address_id,
            message_class="reply",
            body=said,
            now=now,
        )
