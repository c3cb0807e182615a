"""Custom actions without a network: takes the place of Rasa's action endpoint.

Each action runs in a savepoint. One that fails leaves nothing behind but an apology; a database
that fails breaks the whole turn, which is then tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from rasa.utils.endpoints import ClientResponseError
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from agent.failures import trace_of
from agent.nlg import LiveWords
from marketing.errors import Unavailable
from memory import current
from memory.current import CurrentTurn
from memory.trouble import is_trouble

log = logging.getLogger(__name__)

APOLOGY = "utter_error"


class ActionsBroken(Unavailable):
    """The package of custom actions does not load: its error stands in the log above."""


class TurnBroken(BaseException):
    """The database failed under an action. Not an Exception, so that Rasa, which goes on after
    any failure of an action, lets it through."""


class InProcessActions:
    """What Rasa's RemoteAction asks of an endpoint: `url`, `kwargs` and `request`."""

    url = "in process"
    kwargs: Mapping[str, object] = {"enable_selective_domain": True}

    def __init__(self, executor: ActionExecutor, words: LiveWords) -> None:
        self._executor = executor
        self._words = words

    async def request(self, *, json: Mapping[str, Any], **_options: Any) -> dict[str, Any]:
        """Run the action that `json` names; its events, and its responses already worded.

        Raises TurnBroken, and ClientResponseError (400) where an action declines to run.
        """
        open_turn = current.turn()
        # Never released: the end of the transaction does it, and every statement costs a turn time.
        open_turn.connection.exec_driver_sql("SAVEPOINT before_action")
        try:
            answer: dict[str, Any] = await self._executor.run(json)
            responses = [self._worded(response, open_turn) for response in answer["responses"]]
        except ActionExecutionRejection as declined:
            _undo(open_turn)
            raise _declined(declined) from declined
        except Exception as error:
            if is_trouble(error):
                raise TurnBroken from error
            _undo(open_turn)
            _report(error, json["next_action"], open_turn)
            return {"events": [], "responses": [self._worded({"response": APOLOGY}, open_turn)]}
        return {"events": answer["events"], "responses": responses}

    def _worded(self, response: Mapping[str, Any], open_turn: CurrentTurn) -> dict[str, Any]:
        """The response with its words in place of their name, so that Rasa passes it on as it is
        and a blank without value fails inside the savepoint."""
        shown = {key: response.get(key) for key in ("text", "elements", "image", "custom")}
        name = response.get("response")
        buttons = list(response.get("buttons") or ())
        if name:
            worded = self._words.word(name, open_turn.language, open_turn.channel, response)
            buttons = [*worded.pop("buttons", ()), *buttons]
            shown = {**shown, **worded, "utter_action": name}
        return {key: value for key, value in {**shown, "buttons": buttons}.items() if value}


def load_actions(package: str = "actions") -> ActionExecutor:
    """An executor with every action of `package`, loaded by name as `rasa run actions` does.
    Raises ActionsBroken."""
    executor = ActionExecutor()
    try:
        executor.register_package(package)
    except SystemExit as stopped:
        raise ActionsBroken from stopped
    return executor


def _undo(open_turn: CurrentTurn) -> None:
    open_turn.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT before_action")


def _declined(declined: ActionExecutionRejection) -> ClientResponseError:
    import json

    told = {"action_name": declined.action_name, "error": str(declined)}
    return ClientResponseError(400, "declined", json.dumps(told))


def _report(error: Exception, action: str, open_turn: CurrentTurn) -> None:
    log.error(
        "Action %s failed (%s); its effects were undone and the customer got an apology.\n%s",
        action,
        type(error).__name__,
        trace_of(error),
        extra={
            "action": "action_failed",
            "failed_action": action,
            "customer_id": open_turn.customer_id,
            "seq": open_turn.seq,
        },
    )
