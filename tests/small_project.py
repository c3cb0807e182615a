"""A small Rasa project of the tests' own, so that tests of the agent do not change with the shop's
conversation: understood by keywords, answered by actions that read and write memory.
"""

from __future__ import annotations

import sys
from pathlib import Path

ACTIONS = "small_actions"

CONFIG = """
recipe: default.v1
assistant_id: small
language: ko
pipeline:
- name: WhitespaceTokenizer
- name: KeywordIntentClassifier
- name: FallbackClassifier
  threshold: 0.5
policies:
- name: RulePolicy
  core_fallback_action_name: utter_sorry
"""

NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - 안녕하세요
- intent: tell_size
  examples: |
    - size
    - 사이즈
- intent: fail
  examples: |
    - explode
- intent: say_nothing
  examples: |
    - silence
- intent: fall
  examples: |
    - segfault
- intent: give_consent
  examples: |
    - give_consent
- intent: cards
  examples: |
    - cards
"""

RULES = "version: '3.1'\nrules:\n" + "".join(
    f"- rule: {intent}\n  steps:\n  - intent: {intent}\n  - action: {action}\n"
    for intent, action in {
        "greet": "utter_greet",
        "tell_size": "action_tell_size",
        "fail": "action_fail",
        "say_nothing": "action_say_nothing",
        "fall": "action_fall",
        "give_consent": "utter_consent",
        "cards": "action_cards",
        "nlu_fallback": "utter_sorry",
    }.items()
)

INTENTS = ["greet", "tell_size", "fail", "say_nothing", "fall", "give_consent", "cards"]
RUNS = ["action_tell_size", "action_fail", "action_say_nothing", "action_fall", "action_cards"]
WORDS = {
    "utter_greet": [("안녕하세요!", "Hello!"), ("반가워요!", "Good to see you!")],
    "utter_noted": [("{shoe_size} 적어 둘게요.", "Noted: {shoe_size}.")],
    "utter_consent": [("동의하셨어요.", "You have agreed.")],
    "utter_error": [("죄송해요, 오류예요.", "Sorry, an error.")],
    "utter_sorry": [("못 알아들었어요.", "I did not understand.")],
    "utter_automatic_assistant": [("{shop_name} 자동 응답이에요.", "{shop_name} automatic reply.")],
    "utter_cards": [("이건 어떠세요?", "How about these?")],
}

SOURCE = """
from __future__ import annotations

import os

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from memory import current, facts


class TellSize(Action):
    def name(self):
        return "action_tell_size"

    def run(self, dispatcher, tracker, domain):
        turn = current.turn()
        size = "".join(sign for sign in turn.text if sign.isdigit()) or "0"
        facts.learn(
            turn.connection, turn.customer_id, kind="shoe_size", value=int(size), now=turn.now
        )
        dispatcher.utter_message(response="utter_noted", shoe_size=size)
        return [SlotSet("asked", turn.text)]


class Fail(Action):
    def name(self):
        return "action_fail"

    def run(self, dispatcher, tracker, domain):
        turn = current.turn()
        facts.learn(turn.connection, turn.customer_id, kind="colour", value="red", now=turn.now)
        dispatcher.utter_message(response="utter_greet")
        raise RuntimeError(f"quotes {turn.text}")


class SayNothing(Action):
    def name(self):
        return "action_say_nothing"

    def run(self, dispatcher, tracker, domain):
        return []


class Fall(Action):
    def name(self):
        return "action_fall"

    def run(self, dispatcher, tracker, domain):
        os.kill(os.getpid(), 11)


class Cards(Action):
    def name(self):
        return "action_cards"

    def run(self, dispatcher, tracker, domain):
        card = {"product_id": "p1", "title": "P", "price": "1", "url": "/p1", "picture": "p1.svg"}
        dispatcher.utter_message(
            response="utter_cards",
            elements=[card],
            buttons=[{"title": "Hi", "payload": "hello"}],
        )
        return []
"""


def domain(words: dict[str, list[tuple[str, str]]] | None = None) -> str:
    """domain.yml with these words (Korean, English), each a variant."""
    lines = ["version: '3.1'", "session_config:", "  carry_over_slots_to_new_session: false"]
    lines += [f"intents: {INTENTS}", f"actions: {RUNS}", "slots:"]
    lines += [
        f"  {name}: {{type: any, mappings: [{{type: custom}}]}}"
        for name in ("language", "channel", "is_proven", "customer_name", "shoe_size", "asked")
    ]
    lines.append("responses:")
    for name, variants in (words or WORDS).items():
        lines.append(f"  {name}:")
        for korean, english in variants:
            for language, said in (("ko", korean), ("en", english)):
                lines.append(f'  - text: "{said}"')
                lines.append(f"    condition: [{{type: slot, name: language, value: {language}}}]")
    return "\n".join(lines) + "\n"


def write(folder: Path) -> Path:
    """Write the project into `folder` and make its actions importable; returns `folder`."""
    (folder / "data" / "nlu").mkdir(parents=True)
    (folder / "data" / "rules").mkdir()
    (folder / ACTIONS).mkdir()
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "domain.yml").write_text(domain(), encoding="utf-8")
    (folder / "data" / "nlu" / "small.yml").write_text(NLU, encoding="utf-8")
    (folder / "data" / "rules" / "small.yml").write_text(RULES, encoding="utf-8")
    (folder / ACTIONS / "__init__.py").write_text(SOURCE, encoding="utf-8")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    return folder
