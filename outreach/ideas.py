"""What could be offered to somebody, before it is asked whether it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marketing import campaigns
from marketing.decisions import Reason, Refused
from memory import catalogue, prospects
from memory.prospects import Look
from outreach.case import Case, Product


@dataclass(frozen=True, kw_only=True)
class Idea:
    """One product on one occasion."""

    product: Product
    response: str
    """The words it is offered in."""
    since: datetime
    """Buying something of its kind after this makes it pointless."""
    not_before: datetime | None = None
    """So that the same campaign leaves them alone for a while."""
    is_personal: bool = False
    """It tells something of the customer: only to somebody who has shown who they are."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What the offer keeps: the day, the years."""
    blanks: Mapping[str, str] = field(default_factory=dict)
    """What only this campaign's words say."""


def of_a_look(case: Case) -> Idea | Refused:
    """The product that they looked at last, if they were not told of it since."""
    asked = case.connection, case.customer_id
    look = prospects.last_look(*asked) or Look(
        product_id=str(case.occasion.about["product_id"]), at=case.now
    )
    product = catalogue.product(case.connection, look.product_id)
    if product is None or not case.is_sold(product):
        return Refused(reason=Reason.UNKNOWN_PRODUCT)
    offered = prospects.last_offered(*asked, campaigns.BROWSE)
    if offered is not None and offered >= look.at:
        return Refused(reason=Reason.ALREADY_TOLD)
    return Idea(
        product=product,
        response=campaigns.words(campaigns.BROWSE),
        since=look.at - campaigns.REST_AFTER_PURCHASE,
        not_before=offered + campaigns.BROWSE_AGAIN_AFTER if offered is not None else None,
    )
