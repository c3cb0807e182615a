"""What must not be proposed to somebody: what they dislike, are allergic to, have just bought or
have sent back. Knows nothing of why it is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Product = Mapping[str, Any]

JUST_BOUGHT = timedelta(days=90)
"""For so long the same thing is not proposed again."""

_MADE_OF: Mapping[str, re.Pattern[str]] = {
    allergen: re.compile(rf"\b({words})\b", re.IGNORECASE)
    for allergen, words in {
        "wool": "wool|merino|cashmere",
        "down": "down|feathers?",
        "leather": "leather|suede|nubuck",
        "latex": "latex|rubber",
        "rubber": "latex|rubber",
        "nickel": "nickel",
        "synthetic": "synthetic|polyester|nylon|acrylic|elastane|spandex",
        "milk": "milk|butter|cream|cheese",
        "nuts": "nuts?|almonds?|walnuts?|peanuts?|pecans?",
    }.items()
}
"""By allergen (docs/facts.md), the words for it in the English material of a product."""


_NAMED: Mapping[str, re.Pattern[str]] = {
    material: re.compile(words, re.IGNORECASE)
    for material, words in {
        "wool": r"양모|모직|메리노|(?<![가-힣])울(?![가-힣])|\b(?:wool|merino)\b",
        "down": r"오리털|거위털|구스\s?다운|\b(?:goose|duck) down\b|\bfeathers?\b",
        "leather": r"가죽|스웨이드|\b(?:leather|suede)\b",
        "synthetic": r"합성\s?섬유|폴리에스터|나일론|\b(?:synthetics?|polyester|nylon)\b",
    }.items()
}
"""By material as `_MADE_OF` has it, how customers call it."""
_PARTS = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"벨크로|찍찍이|\bvelcro\b|\bhook[- ]and[- ]loop\b",
        r"다이얼|\bdials?\b",
        r"지퍼|\bzip(?:s|pers?)?\b",
        r"후드|\bhoods?\b|\bhooded\b",
        r"^끈|(?:신발\s?|다이얼\s)끈|끈\s?(?:을|으로)\s(?:조|묶어)|(?<!without )\blaces\b",
        r"메시|망사|\bmesh\b",
        r"니트|\bknit\b",
        r"반짝이|글리터|\bglitter\b|\bsequins?\b",
    )
)
"""Parts of goods in both languages, as they are said and as products are described."""
BRIGHT = "bright"
BRIGHT_COLOURS = frozenset({"red", "orange", "yellow", "pink", "mint"})
_STYLES: Mapping[str, re.Pattern[str]] = {
    style: re.compile(words, re.IGNORECASE)
    for style, words in {
        "light": r"가벼운|경량|\b(?:featherweight|lightweight)\b"
        r"|\blight (?:\w+ )?(?:shoes?|boots?|pack|jacket)\b",
        "heavy": r"묵직|중량감|\b(?:heavyweight|hefty)\b",
        "plain": r"심플|단순한|무늬 없|\b(?:minimal|plain)\b",
        "bright": r"화려|형광|\bneon\b|\bbright colors\b",
        "soft": r"푹신|쿠션|\b(?:cushion(?:ed|y|ing)|plush)\b",
        "firm": r"딱딱|단단|\b(?:stiff|rigid)\b",
        "ankle": r"발목을|하이탑|\bwith an ankle\b|\b(?:high|mid)-(?:top|cut)\b|\bankle-high\b",
        "low": r"로우컷|\blow-(?:top|cut)\b",
        "heel": r"굽이 높|높은 굽|통굽|키높이|\b(?:high heels?|high-heeled|platform)\b",
        "loose": r"헐렁|오버핏|넉넉한 품|\b(?:loose|baggy|oversized|relaxed fit)\b",
        "tight": r"슬림|딱 붙|\b(?:slim|skinny|close-fitting)\b",
        "pattern": r"무늬(?! 없)|체크|꽃|\b(?:patterned|stripe[sd]?|plaid|floral)\b",
        "logo": r"로고|\blogos?\b",
    }.items()
}
"""By style (docs/facts.md), the words with which a product is described so."""


@dataclass(frozen=True, kw_only=True)
class Avoided:
    """Ids of colours, brands, allergens, styles and products."""

    colours: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    allergens: frozenset[str] = frozenset()
    styles: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    """What they dislike in words of their own."""
    products: frozenset[str] = frozenset()


def is_avoided(product: Product, avoided: Avoided) -> bool:
    """True if the product as a whole is not to be proposed; a colour alone only takes variants."""
    return (
        product["product_id"] in avoided.products
        or product["brand"] in avoided.brands
        or any(is_made_of(product, allergen) for allergen in avoided.allergens)
        or any(is_in_style(product, style) for style in avoided.styles)
        or any(has_what_is_said(product, words) for words in avoided.words)
    )


def is_made_of(product: Product, allergen: str) -> bool:
    """True if the shop tells that the product holds it; what is not told is not known."""
    words = _MADE_OF.get(allergen)
    material = product.get("material") or {}
    return words is not None and words.search(str(material.get("en") or "")) is not None


def is_in_style(product: Product, style: str) -> bool:
    """True if the shop describes the product so; what is not told is not known. Bright is a matter
    of colours."""
    words = _STYLES.get(style)
    return words is not None and words.search(_described(product)) is not None


def has_what_is_said(product: Product, words: str) -> bool:
    """True if it has a part, or is of a material, that these words name ("벨크로", "velcro shoes").
    Anything else that somebody dislikes ("오이", "rain") says nothing of goods."""
    of_parts = (part for part in _PARTS if part.search(words))
    return any(part.search(_described(product)) for part in of_parts) or any(
        _NAMED[material].search(words) and is_made_of(product, material) for material in _NAMED
    )


def _described(product: Product) -> str:
    told = (product.get("description"), product.get("material"))
    return " ".join(str(text) for one in told if one for text in one.values())


def without_colours(product: Product, colours: frozenset[str]) -> Product:
    """The product with the variants in other colours only."""
    if not colours:
        return product
    kept = [one for one in product["variants"] if one["colour"] not in colours]
    return {**product, "variants": kept}
