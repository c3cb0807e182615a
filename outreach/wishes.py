"""What came of a wish or a complaint, offered to whoever said it: in their own words and nobody
else's, with the product that it led to.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from marketing import campaigns, formats, past_words, voices
from marketing.decisions import Reason, Refused
from memory import catalogue, personal_dates, voice
from outreach.case import Case
from outreach.ideas import Idea
from outreach.live_words import said


def of_a_wish(case: Case) -> Idea | Refused:
    """The product, with what they said and when. A note without a product advertises nothing and
    waits for the next visit; so does what is not sold where they are."""
    about = case.occasion.about
    item = voice.get(case.connection, int(about["item_id"]), customer_id=case.customer_id)
    if item is None:
        return Refused(reason=Reason.FACT_FORGOTTEN)
    if about["product_id"] is None:
        return Refused(reason=Reason.AT_NEXT_VISIT)
    product = catalogue.product(case.connection, str(about["product_id"]))
    if product is None or not case.is_sold(product):
        return Refused(reason=Reason.UNKNOWN_PRODUCT)
    return Idea(
        product=product,
        response=campaigns.words(campaigns.WISH_DONE),
        since=case.now,
        is_personal=True,
        about={"item_id": item.item_id},
        blanks={
            "when": _when(case, item.at),
            "said": voices.quoted(item.said),
            "news": (item.done_note or {}).get(case.language) or _phrase(case, "utter_wish_news"),
            "thanks": _thanks(case),
        },
    )


def _when(case: Case, at: datetime) -> str:
    clock = ZoneInfo(personal_dates.zone(case.connection, case.customer_id))
    today = case.now.astimezone(clock).date()
    return past_words.when(at.astimezone(clock).date(), today, case.language)


def _thanks(case: Case) -> str:
    given = int(case.occasion.about.get("thanks") or 0)
    if not given:
        return _phrase(case, "utter_wish_thanks")
    return _phrase(case, "utter_wish_thanks_in_points", points=formats.number(given))


def _phrase(case: Case, response: str, **values: object) -> str:
    return said(case.words, response, language=case.language, channel="sms", values=values)
