"""A product or a gift set is put together in the dialogue, one question at a time, until the shop
can make it; the checkout gets what was chosen. Nothing is ordered here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions import human, specifying
from actions.answer import Answer, reads, says_last
from actions.asking_again import asks_anew
from actions.conversation import Conversation
from actions.made_to_order import MOST_CHOICES, QUESTION, State, ask_next, product_of, show, word
from actions.product_stock import asked_for, is_about
from actions.shop import Product
from actions.specifying import CORRECTS, Said
from marketing import customising, formats, person_wanted
from marketing.customising import DECLINED, ITSELF, Refused

WHICH = "customise_which"
_ENDS = re.compile(
    r"\W*(아니[요야]?|음|아)?\W*(그만\s*(할|둘|하)\S*|그만|안\s*(할|만들)\S*|취소\S*(\s*(해|할)\S*)?|됐\S*|관둘\S*|"
    r"(let'?s )?(never ?mind|forget (it|about it|this)|drop it|cancel( (it|this|that))?)|"
    r"i (changed my mind|don'?t want (it|this)( any ?more)?))\W*",
    re.IGNORECASE,
)
_RESTARTS = re.compile(
    r"처음부터|처음으로|다시\s*시작|새로\s*(할|시작|만들)"
    r"|\bstart(ing)? (over|again)\b|\bfrom scratch\b|\bfrom the (beginning|start|top)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\W*(뒤로|이전|전\s*단계|앞)\S*(\s*(가|돌아)\S*)?\W*|\W*(go )?back( one step)?\W*"
    r"|\W*previous( (step|question))?\W*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\W*(?:no\.?\s*)?(\d)\s*번?\s*(?:이?요|으?로\s*\S*)?\W*", re.IGNORECASE)
_LEAVES = frozenset(
    {
        *("ask_human", "complaint", "erase_me", "export_my_data", "forget_everything"),
        *("goodbye", "mute_topic", "opt_out", "stop_learning", "unlink_phone"),
    }
)
"""Intents after which putting together is not gone on with."""
_WANTS_IT = frozenset({"accept_offer", "affirm", "buy"})
_SAYS_LITTLE = frozenset({"affirm", "deny", "nlu_fallback", "out_of_scope", "customise"})
_ASKS = re.compile(
    r"[?？]|얼마|언제|어떻게|\b(how|when|what|can|could|do|does|is)\b", re.IGNORECASE
)


class Customise(Answer):
    """Somebody wants something made or put together."""

    called = "action_customise"

    def answer(self, conversation: Conversation) -> None:
        """Go on with what is being put together, or begin."""
        state = _state(conversation)
        named = [one for one in conversation.named_products() if customising.can_be_made(one)]
        if state is not None and (not named or _is_known(conversation, state, named)):
            if not _goes_on(conversation, state):
                ask_next(conversation, state)
        else:
            _begin_one(conversation, named)


def _begin_one(conversation: Conversation, named: Sequence[Product]) -> None:
    """Begin with what is meant; ask which, if that is not plain; say so if it cannot be made."""
    shop = conversation.shop
    makeable = [one for one in shop.products if customising.can_be_made(one)]
    plain = [one for one in conversation.named_products() if one not in makeable]
    shown = [one for one in conversation.shown_before() if one in makeable]
    meant = named or (shown if not plain and not _names_kind(conversation) else [])
    if not makeable:
        conversation.say("utter_customise_none")
    elif len(meant) == 1:
        begin(conversation, meant[0])
    else:
        if plain:
            conversation.say("utter_customise_not_this", product=shop.name_of(plain[0]))
        _ask_which(conversation, meant or _that_can(conversation, makeable))


def _names_kind(conversation: Conversation) -> bool:
    return conversation.term("category", "categories") is not None


def _that_can(conversation: Conversation, makeable: Sequence[Product]) -> list[Product]:
    """Those of a kind that is named, else those with an option that is named, else all."""
    category = conversation.term("category", "categories")
    of_kind = [one for one in makeable if one["category"] == category]
    text = conversation.turn.text
    with_option = [one for one in makeable if specifying.names_option(text, one)]
    return of_kind or with_option or list(makeable)


def _ask_which(conversation: Conversation, products: Sequence[Product]) -> None:
    if len(products) == 1:
        begin(conversation, products[0])
        return
    shown = products[:MOST_CHOICES]
    conversation.say(
        "utter_customise_which",
        products=shown,
        choices=[conversation.shop.name_of(one) for one in shown],
    )
    about = {"products": [str(one["product_id"]) for one in shown]}
    conversation.keep_open(WHICH, about)


@asks_anew(WHICH)
def _ask_which_again(conversation: Conversation) -> None:
    listed = (conversation.shop.product(one) for one in conversation.question_about["products"])
    if still_listed := [one for one in listed if one is not None]:
        _ask_which(conversation, still_listed)


@reads(WHICH)
def _read_which(conversation: Conversation) -> bool:
    """A number, a name or a product of those that were listed."""
    listed = [conversation.shop.product(one) for one in conversation.question_about["products"]]
    text = conversation.turn.text
    if _ENDS.fullmatch(text):
        conversation.say("utter_customise_ended")
        return True
    number = _NUMBER.fullmatch(text)
    place = int(number[1]) - 1 if number else -1
    named = [one for one in listed if one in conversation.named_products()]
    chosen = listed[place] if 0 <= place < len(listed) else next(iter(named), None)
    if chosen is None or "?" in text:
        return False
    begin(conversation, chosen)
    return True


def begin(conversation: Conversation, product: Product) -> None:
    """Start with what the message says, and with the size that is remembered."""
    state: State = {"product": str(product["product_id"]), "picks": {}, "options": {}, "trail": []}
    is_about(conversation, product)
    if customising.gone(product, conversation.shop.products) is not None:
        conversation.say("utter_customise_sold_out", product=conversation.shop.name_of(product))
        return
    _remember_size(conversation, product, state)
    said = specifying.read(conversation, product, None)
    noted = _apply(conversation, product, state, said)
    if noted is not None:
        ask_next(conversation, state, noted=noted, is_first=True)


def _remember_size(conversation: Conversation, product: Product, state: State) -> None:
    asked = asked_for(conversation, product)
    if product["for_whom"] == "children" or conversation.size_said() is not None:
        return
    known = {"size": asked.size, "width": asked.width}
    pick = {name: value for name, value in known.items() if value is not None}
    itself = customising.parts(product)[0]
    if asked.size and customising.fitting(itself, pick, conversation.shop.products):
        state["picks"][ITSELF] = pick


# -- while it is put together ------------------------------------------------------------------


def _state(conversation: Conversation) -> State | None:
    kept = conversation.slots.get("composing") or None
    if kept is None or conversation.shop.product(kept["product"]) is None:
        return None
    return {**kept, "picks": dict(kept["picks"]), "options": dict(kept["options"])}


def _is_known(conversation: Conversation, state: State, named: Sequence[Product]) -> bool:
    parts = customising.parts(product_of(conversation, state))
    known = {product_id for part in parts for product_id in part.product_ids}
    return all(one["product_id"] in known for one in named)


@reads(QUESTION)
def _read_answer(conversation: Conversation) -> bool:
    """Whatever is said of it; a question is left to whoever answers it."""
    state = _state(conversation)
    if state is None:
        return False
    asked, text = state["asked"], conversation.turn.text
    is_listed = asked is not None and _chosen(text, asked) is not None
    if _is_something_else(conversation) and not is_listed:
        return False
    if not is_listed and _answers_offer_of_person(conversation, state):
        return True
    return _goes_on(conversation, state)


def _answers_offer_of_person(conversation: Conversation, state: State) -> bool:
    """A plain yes or no to a person, who was offered because nothing was understood."""
    if conversation.question_about.get("reason") != human.MISUNDERSTOOD:
        return False
    if conversation.intent == "affirm":
        return human.says_yes(conversation)
    if conversation.intent != "deny" or _ENDS.fullmatch(conversation.turn.text):
        return False
    conversation.say("utter_human_not_needed")
    ask_next(conversation, state)
    return True


def _is_something_else(conversation: Conversation) -> bool:
    """True for what is never said of a product; "Team Jo" asks for nobody."""
    if conversation.intent == "ask_human":
        return person_wanted.names_a_person(conversation.turn.text)
    return conversation.intent in _LEAVES


def _goes_on(conversation: Conversation, state: State) -> bool:
    """Take the message as said of what is put together; False if it is about something else."""
    text, product = conversation.turn.text, product_of(conversation, state)
    if _ENDS.fullmatch(text):
        conversation.composing = {}
        conversation.say("utter_customise_ended")
    elif _RESTARTS.search(text):
        conversation.say("utter_customise_restarted")
        fresh = {**state, "picks": {}, "options": {}, "trail": []}
        ask_next(conversation, fresh)
    elif _BACK.fullmatch(text) and state["trail"]:
        ask_next(conversation, _one_back(state))
    else:
        return _takes(conversation, product, state)
    return True


def _one_back(state: State) -> State:
    *before, last = state["trail"]
    name, dimension = last
    options = {key: value for key, value in state["options"].items() if key != name}
    picks = dict(state["picks"])
    if dimension is not None:
        picks[name] = {key: value for key, value in picks[name].items() if key != dimension}
    return {**state, "options": options, "picks": picks, "trail": before}


def _takes(conversation: Conversation, product: Product, state: State) -> bool:
    asked = state.get("asked")
    said = _read(conversation, product, asked)
    if said:
        noted = _apply(conversation, product, state, said)
        if noted is not None:
            ask_next(conversation, state, noted=noted)
        return True
    if asked is None:
        if conversation.intent in _WANTS_IT and "?" not in conversation.turn.text:
            show(conversation, product, state, response="utter_customise_link_again")
            return True
        return False
    if conversation.intent in _SAYS_LITTLE and "?" not in conversation.turn.text:
        _ask_again(conversation, state)
        return True
    return False


def _ask_again(conversation: Conversation, state: State) -> None:
    """Ask again; the second time running offer a person, too, and say what else can be done."""
    if conversation.count_misunderstanding():
        human.offer(conversation, human.MISUNDERSTOOD, "utter_customise_offer_person")
        ask_next(conversation, state)
        conversation.keep_open(QUESTION, {"reason": human.MISUNDERSTOOD})
    else:
        conversation.say("utter_customise_not_understood")
        ask_next(conversation, state)


def _read(conversation: Conversation, product: Product, asked: Mapping[str, Any] | None) -> Said:
    """An answer by its number or its very words, a text that was asked for, else what is named."""
    text = conversation.turn.text
    chosen = _chosen(text, asked) if asked else None
    if asked is not None and chosen is not None:
        return _as_said(asked, chosen)
    said = specifying.read(conversation, product, asked)
    wanted = customising.option(product, asked["name"]) if asked else None
    if wanted is None or not wanted.get("text") or wanted["id"] in said.options:
        is_question = _ASKS.search(text) is not None and conversation.intent.startswith("ask_")
        return Said() if is_question else said or _size_unheard_of(conversation, asked)
    if said and (CORRECTS.search(text) or specifying.names_option(text, product, but=wanted["id"])):
        return said
    if "?" in text or conversation.intent == "affirm":
        return Said()
    return Said(options={str(wanted["id"]): customising.written(text)})


def _size_unheard_of(conversation: Conversation, asked: Mapping[str, Any] | None) -> Said:
    """A number that is no size of anything, where a size was asked for."""
    size = conversation.size_said()
    if asked is None or asked["dimension"] != "size" or size is None:
        return Said()
    return _as_said(asked, size)


def _chosen(text: str, asked: Mapping[str, Any]) -> str | None:
    labels, values = asked["labels"], asked["values"]
    folded = "".join(text.casefold().split())
    for label, value in zip(labels, values, strict=True):
        if folded.strip(".!") == "".join(label.casefold().split()):
            return str(value)
    number = _NUMBER.fullmatch(text)
    if number and asked["is_numbered"] and 1 <= int(number[1]) <= len(values):
        return str(values[int(number[1]) - 1])
    return None


def _as_said(asked: Mapping[str, Any], value: str) -> Said:
    if asked["dimension"] is None:
        return Said(options={asked["name"]: value})
    return Said(picks={asked["name"]: {asked["dimension"]: value}})


def _apply(
    conversation: Conversation, product: Product, state: State, said: Said
) -> list[str] | None:
    """Keep what was said, as far as it can be had; returns what was noted, in words. None if
    something cannot: that has been said, and the question stays open."""
    listed, shop = conversation.shop.products, conversation.shop
    noted: list[str] = []
    refusals: list[tuple[str, dict[str, Any]]] = []
    for part in customising.parts(product):
        wanted = said.picks.get(part.part_id)
        if wanted:
            pick = customising.picked(part, state["picks"].get(part.part_id, {}), wanted, listed)
            if pick is None:
                refusals.append(("utter_customise_gone", {}))
            else:
                state["picks"][part.part_id] = pick
                noted += [word(conversation, name, value) for name, value in wanted.items()]
    for one in customising.options(product):
        value = said.options.get(str(one["id"]))
        if value is None:
            continue
        why = customising.refused(product, one, value, state["options"])
        if why is not None:
            refusals.append(_refusal(conversation, product, one, value, why, state["options"]))
            continue
        state["options"][one["id"]] = value
        label = customising.label_of(one, value, shop.language)
        is_plain = value == DECLINED
        noted.append(
            conversation.phrase("utter_word_without", what=one["label"][shop.language])
            if is_plain
            else conversation.phrase(
                "utter_word_chosen", what=one["label"][shop.language], value=label
            )
        )
    for response, values in refusals:
        conversation.say(response, **values)
    if not refusals:
        return noted
    ask_next(conversation, state, noted=noted)
    return None


def _refusal(
    conversation: Conversation,
    product: Product,
    option: customising.Option,
    value: str,
    why: str,
    others: Mapping[str, str],
) -> tuple[str, dict[str, Any]]:
    shop = conversation.shop
    what = option["label"][shop.language]
    if why == Refused.NOT_WITH:
        found = customising.conflict(product, str(option["id"]), value, others)
        assert found is not None
        beside = customising.option(product, found[0])
        assert beside is not None
        other = customising.label_of(beside, found[1], shop.language)
        chosen = "" if option.get("text") else customising.label_of(option, value, shop.language)
        return "utter_customise_not_with", {
            "what": f"{what} {chosen}".rstrip(),
            "other": f"{beside['label'][shop.language]} {other}",
        }
    most, signs = option["text"]["most_signs"], _signs(conversation, option)
    if why == Refused.TOO_LONG:
        return "utter_customise_too_long", {"what": what, "most": most, "count": len(value)}
    return "utter_customise_signs", {"what": what, "signs": signs}


def _signs(conversation: Conversation, option: customising.Option) -> str:
    kinds = [conversation.phrase(f"utter_word_{one}") for one in option["text"]["signs"]]
    return formats.listing(kinds, conversation.shop.language)


@says_last
def resumes(conversation: Conversation) -> None:
    """After a question in the middle the composing goes on where it was."""
    is_open = conversation.open_question == QUESTION and conversation.composing is None
    state = _state(conversation) if is_open else None
    if state is None or conversation.asked is not None or conversation.intent in _LEAVES:
        return
    if state.get("asked") is None:
        conversation.keep_open(QUESTION, {})
    else:
        ask_next(conversation, state)
