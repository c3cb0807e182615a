"""Every conversation of `test_<flow>.yml`, with the trained model and the real actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.conversations.conversation_files import (
    FOLDER,
    WrittenConversation,
    all_conversations,
)
from tests.conversations.real_shop import ROOT, Customer, Heard, RealShop


@pytest.mark.parametrize(
    "written",
    [pytest.param(one, id=f"{one.flow}: {one.case}") for one in all_conversations()],
)
def test_a_conversation_goes_as_it_is_written(
    real_shop: RealShop, written: WrittenConversation
) -> None:
    real_shop.travel_to(written.at)
    customer = real_shop.customer(written.channel, **written.customer)
    for other in written.others:
        real_shop.somebody_else(customer, other)
    for step in written.steps:
        heard = _take(step, real_shop, customer)
        _check_answer(step, heard)
        _check_facts(step, real_shop, customer)
        _check_what_else(step, heard, real_shop, customer)
    untold = real_shop.untold_consents()
    assert untold == [], "every act in the ledger is told with sender and date (RULES KR-5, I8)"


def _take(step: Mapping[str, Any], real_shop: RealShop, customer: Customer) -> Heard:
    real_shop.travel(
        days=step.get("days_later", 0),
        hours=step.get("hours_later", 0),
        minutes=step.get("minutes_later", 0),
    )
    for product_id in step.get("offered", ()):
        real_shop.is_offered(customer, product_id)
    if "buys" in step:
        real_shop.buys(customer, step["buys"])
    if "seen_to" in step:
        real_shop.sees_to(customer, step["seen_to"])
    said = step["says"]
    if "{code}" in said:
        said = str(said).replace("{code}", real_shop.last_code())
    return real_shop.hears(customer, said, by=step.get("by"))


def _check_answer(step: Mapping[str, Any], heard: Heard) -> None:
    said = f"{step['says']!r} ({heard.intent}) was answered: {heard.text!r} {heard.cards}"
    assert bool(heard.answers) is not step.get("silent", False), said
    if "understood" in step:
        assert heard.intent == step["understood"], said
    for part in step.get("contains", ()):
        assert str(part) in heard.text, f"{part!r} is missing. {said}"
    for part in step.get("lacks", ()):
        assert str(part) not in heard.text, f"{part!r} must not be said. {said}"
    wanted = step.get("cards")
    if wanted is not None:
        shown = len(heard.cards) if isinstance(wanted, int) else heard.cards
        assert shown == wanted, said
    assert set(step.get("buttons", ())) <= set(heard.buttons), f"{heard.buttons}. {said}"
    if "times" in step:
        assert len(heard.answers) == step["times"], said


def _check_facts(step: Mapping[str, Any], real_shop: RealShop, customer: Customer) -> None:
    held: dict[str, dict[str, Any]] = {"self": {}}
    for fact in real_shop.facts_of(customer):
        held.setdefault(fact.subject, {})[fact.kind] = fact.value
    own = held.pop("self")
    if "facts" in step:
        assert own == step["facts"], step["says"]
    if "family" in step:
        assert held == step["family"], step["says"]


def _check_what_else(
    step: Mapping[str, Any], heard: Heard, real_shop: RealShop, customer: Customer
) -> None:
    if "texts" in step:
        bodies = "\n".join(one.body for one in heard.texts)
        assert bool(bodies) is bool(step["texts"]), f"{step['says']!r} sent {bodies!r}"
        for part in step["texts"]:
            assert str(part) in bodies, f"{part!r} is missing: {step['says']!r} sent {bodies!r}"
    if "text_to" in step:
        assert {one.to for one in heard.texts} == {step["text_to"]}, step["says"]
    if "offers" in step:
        assert real_shop.offers_of(customer) == step["offers"], step["says"]
    if "waits" in step:
        assert real_shop.reminders_of(customer) == step["waits"], step["says"]
    if "voices" in step:
        assert real_shop.voices_of(customer) == step["voices"], step["says"]
    if "handed_over" in step:
        asked, wanted = real_shop.asked_of_people(customer), step["handed_over"]
        is_so = asked is None if wanted is False else str(wanted) in (asked or "")
        assert is_so, f"{step['says']!r}: the shop's people are asked {asked!r}"
    if "muted" in step:
        assert real_shop.muted_by(customer) == sorted(step["muted"]), step["says"]
    if "consents" in step:
        assert real_shop.ledger_of(customer) == step["consents"], step["says"]


def test_every_flow_has_conversations_on_both_channels_and_in_both_languages() -> None:
    flows = {path.stem for path in (ROOT / "data" / "rules").glob("*.yml")}
    written = {path.stem.removeprefix("test_") for path in FOLDER.glob("test_*.yml")}
    themes = {name for name in written if name.startswith("understanding_")}
    assert written - themes == flows
    conversations = list(all_conversations())
    for flow in written:
        here = [one for one in conversations if one.flow == flow]
        assert {one.channel for one in here} == {"web", "sms"}, flow
        is_korean = {is_in_korean(one) for one in here}
        assert is_korean == {True, False}, flow


def _said(written: WrittenConversation) -> str:
    return " ".join(str(step["says"]) for step in written.steps)


LEAST_STORIES, LEAST_UNHAPPY = 150, 60


def test_there_are_enough_stories_each_with_a_name_of_its_own() -> None:
    written = list(all_conversations())
    names = [(one.flow, one.case) for one in written]
    assert len(names) == len(set(names)) >= LEAST_STORIES


def test_enough_stories_are_of_what_goes_wrong_in_both_languages_and_on_both_channels() -> None:
    unhappy = [one for one in all_conversations() if one.is_unhappy]
    assert len(unhappy) >= LEAST_UNHAPPY
    for channel in ("web", "sms"):
        for is_korean in (True, False):
            here = [
                one for one in unhappy if one.channel == channel and is_in_korean(one) is is_korean
            ]
            assert here, (channel, is_korean)


def is_in_korean(written: WrittenConversation) -> bool:
    """Whether the customer writes any Hangul in it."""
    return any("가" <= sign <= "힣" for sign in _said(written))


def test_every_flow_keeps_one_stem() -> None:
    rules = {path.stem for path in (ROOT / "data" / "rules").glob("*.yml")}
    sentences = {path.stem for path in (ROOT / "data" / "nlu").glob("*.yml")}
    actions = {path.stem for path in (ROOT / "actions").glob("*.py")}
    assert rules == sentences
    assert rules <= actions


def test_a_rule_leads_from_every_intent_to_an_action_of_its_own_flow() -> None:
    for path in (ROOT / "data" / "rules").glob("*.yml"):
        for rule in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["rules"]:
            steps = [next(iter(step)) for step in rule["steps"]]
            assert steps[:2] == ["intent", "action"], rule["rule"]
