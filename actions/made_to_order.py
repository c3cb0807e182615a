"""What is asked of a product that is being put together, and what is shown of it in the end: how it
is to be made, what it costs, and the way to the checkout with all of it filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.conversation import Conversation
from actions.product_stock import is_about
from actions.shop import Product
from marketing import customising, formats
from marketing.customising import DECLINED, Chosen, Missing

QUESTION = "customise"
MOST_CHOICES = 8
"""More are named in a row."""

State = dict[str, Any]
"""`product`, `picks`, `options`; `asked` (`name`, `dimension`, `values`, `labels`,
`is_numbered`), None at the end; `trail`, what was asked before."""


def product_of(conversation: Conversation, state: State) -> Product:
    """The product that it is, still listed."""
    product = conversation.shop.product(state["product"])
    assert product is not None
    return product


def ask_next(
    conversation: Conversation,
    state: State,
    *,
    noted: Sequence[str] = (),
    is_first: bool = False,
) -> None:
    """Ask for one thing that is missing, or show what has been put together."""
    product = product_of(conversation, state)
    is_about(conversation, product)
    missing = customising.missing(product, _chosen_so_far(state), conversation.shop.products)
    if missing is None:
        show(conversation, product, state)
        return
    before = state.get("asked")
    if before is not None and noted:
        step = [before["name"], before["dimension"]]
        state["trail"] = [*(one for one in state["trail"] if one != step), step]
    labels = _labels(conversation, product, missing)
    wanted = customising.option(product, missing.name) if missing.dimension is None else None
    values = [*missing.values, *([DECLINED] if wanted is not None else [])]
    if wanted is not None:
        labels.append(conversation.phrase("utter_word_leave_out"))
    is_listed = missing.dimension == "size" or len(labels) > MOST_CHOICES + 1
    state["asked"] = {
        "name": missing.name,
        "dimension": missing.dimension,
        "values": values,
        "labels": labels,
        "is_numbered": not is_listed,
    }
    conversation.composing = state
    conversation.keep_open(QUESTION, {})
    told: dict[str, Any] = {
        "noted": _noted(conversation, product, noted, is_first=is_first),
        "what": _what(conversation, product, missing),
    }
    if is_listed:
        told["sizes"] = formats.listing(labels, conversation.shop.language)
        conversation.say("utter_customise_ask_listed", **told)
    elif wanted is not None and wanted.get("text"):
        most = wanted["text"]["most_signs"]
        conversation.say("utter_customise_ask_text", choices=labels, most=most, **told)
    else:
        conversation.say("utter_customise_ask_choice", choices=labels, **told)


def _noted(
    conversation: Conversation, product: Product, noted: Sequence[str], *, is_first: bool
) -> str:
    chosen = ", ".join(noted)
    if is_first:
        return conversation.phrase(
            "utter_customise_begun", product=", ".join([conversation.shop.name_of(product), *noted])
        )
    return conversation.phrase("utter_customise_noted", chosen=chosen) if noted else ""


def _what(conversation: Conversation, product: Product, missing: Missing) -> str:
    """What is asked for, with what it costs on top."""
    shop = conversation.shop
    if missing.dimension is not None:
        named = {one["id"]: one["label"][shop.language] for one in product.get("parts") or ()}
        dimension = conversation.phrase(f"utter_word_{missing.dimension}")
        part = named.get(missing.name)
        is_whole = missing.dimension == "product" and part is not None
        return str(part) if is_whole else " ".join(filter(None, [part, dimension]))
    option = customising.option(product, missing.name)
    assert option is not None
    label = str(option["label"][shop.language])
    return _with_sum(conversation, label, option.get("surcharge") or {})


def _labels(conversation: Conversation, product: Product, missing: Missing) -> list[str]:
    if missing.dimension is not None:
        return [_dimension_label(conversation, product, missing, value) for value in missing.values]
    option = customising.option(product, missing.name)
    assert option is not None
    return [
        _with_sum(
            conversation, one["label"][conversation.shop.language], one.get("surcharge") or {}
        )
        for one in option.get("values") or ()
    ]


def _dimension_label(
    conversation: Conversation, product: Product, missing: Missing, value: str
) -> str:
    part = next(one for one in customising.parts(product) if one.part_id == missing.name)
    if missing.dimension == "size":
        pick = {"size": value}
        found = customising.fitting(part, pick, conversation.shop.products)
        return conversation.shop.size_label(found[0][1]) if found else value
    return word(conversation, str(missing.dimension), value)


def word(conversation: Conversation, dimension: str, value: str) -> str:
    """A product, a size, a width or a colour as it is called here."""
    shop = conversation.shop
    if dimension == "product":
        product = shop.product(value)
        return shop.name_of(product) if product is not None else value
    sections = {"colour": "colours", "width": "widths", "size": "sizes"}
    return shop.label(sections[dimension], value) or value


def _with_sum(conversation: Conversation, label: str, surcharge: Mapping[str, str]) -> str:
    amount = customising.surcharge({"surcharge": surcharge}, None, conversation.shop.currency)
    return f"{label} (+{conversation.shop.money(amount)})" if amount else label


def _chosen_so_far(state: State) -> Chosen:
    return Chosen(picks=state["picks"], options=state["options"])


def show(
    conversation: Conversation,
    product: Product,
    state: State,
    *,
    response: str = "utter_customise_done",
) -> None:
    """The specification, what it comes to, and the way to the checkout with it filled in."""
    shop, listed = conversation.shop, conversation.shop.products
    chosen = _chosen_so_far(state)
    sku = customising.sku(product, chosen, listed)
    made = customising.specification(product, chosen, listed)
    lines = [_called(conversation, product, sku)]
    for label, value in customising.in_words(product, made, listed, shop.store, shop.language):
        lines.append(conversation.phrase("utter_word_chosen", what=label, value=value))
    conversation.composing = {**state, "asked": None}
    is_about(conversation, product)
    conversation.say(
        response,
        lines="\n".join(lines),
        price=shop.money(customising.price(product, state["options"], shop.currency)),
        link=shop.checkout_of_made(sku, made),
    )
    conversation.keep_open(QUESTION, {})


def _called(conversation: Conversation, product: Product, sku: str) -> str:
    variant = next(one for one in product["variants"] if one["sku"] == sku)
    shop = conversation.shop
    is_sized = variant["size"] != "one"
    words = [
        shop.name_of(product),
        shop.label("colours", variant["colour"]) if not product.get("parts") else None,
        shop.size_label(variant) if is_sized else None,
        shop.label("widths", variant["width"]) if variant.get("width") == "wide" else None,
    ]
    return " ".join(str(one) for one in words if one)
