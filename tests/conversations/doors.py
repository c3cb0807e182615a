"""The doors of a running web part: a chat message and a provider's callback, as they come over
HTTP. Says what was answered; answers no customer.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import httpx

from command.phone.exchange import signature
from tests.conversations.random_messages import Message
from tests.conversations.real_shop import Customer, RealShop
from tests.web_site import RunningSite, serving

SHOPS_NUMBER = "+15005550006"


@dataclass(frozen=True, kw_only=True)
class Passed:
    """What a door answered, and what it has stored."""

    status: int
    customer: Customer
    """With the token they have now."""
    inbox_id: int | None
    """None if nothing was stored."""
    text: str = ""
    """As it was stored."""


class Doors:
    """Both doors, for one request after the other."""

    def __init__(self, site: RunningSite, shop: RealShop) -> None:
        self._site = site
        self._shop = shop
        self._client = site.client()

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def pass_through(self, customer: Customer, message: Message) -> Passed:
        """Send it as its writer's browser or their provider would."""
        last = self._last()
        if customer.channel == "web":
            answer = self._post_chat(customer, message)
            told = answer.json() if answer.status_code == 202 else {}
            customer = replace(customer, token=told.get("token", customer.token))
        else:
            answer = self._post_text(customer, message)
        stored = self._stored_since(last)
        return Passed(
            status=answer.status_code,
            customer=customer,
            inbox_id=stored[0] if stored else None,
            text=stored[1] if stored else "",
        )

    def _post_chat(self, customer: Customer, message: Message) -> httpx.Response:
        body = message.raw
        if body is None:
            body = json.dumps({"text": message.text}).encode("ascii")
        headers = {
            "Authorization": f"Bearer {customer.token}",
            "Content-Type": "application/json",
        }
        return self._client.post("/chat/messages", content=body, headers=headers)

    def _post_text(self, customer: Customer, message: Message) -> httpx.Response:
        """A raw body is signed as the provider would sign it, so that it gets past the check."""
        body = message.raw
        if body is None:
            fields = {
                "MessageSid": f"SM{secrets.token_hex(16)}",
                "From": customer.number or "",
                "To": SHOPS_NUMBER,
                "Body": message.text,
                "NumMedia": "0",
            }
            body = urlencode(fields, errors="surrogatepass").encode("ascii")
        url = f"{self._site.url}/webhooks/twilio/sms"
        signed = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
        headers = {
            "X-Twilio-Signature": signature(self._site.settings.twilio_auth_token, url, signed),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self._client.post("/webhooks/twilio/sms", content=body, headers=headers)

    def _last(self) -> int:
        (row,) = self._shop.rows("SELECT coalesce(max(inbox_id), 0) AS last FROM inbox")
        return int(row.last)

    def _stored_since(self, last: int) -> tuple[int, str] | None:
        rows = self._shop.rows(
            "SELECT i.inbox_id, t.text FROM inbox i JOIN turns t "
            "ON t.customer_id = i.customer_id AND t.seq = i.seq "
            "WHERE i.inbox_id > :last ORDER BY i.inbox_id",
            last=last,
        )
        assert len(rows) <= 1
        return (int(rows[0].inbox_id), str(rows[0].text)) if rows else None


@contextmanager
def open_doors(database_url: str, home: Path, shop: RealShop) -> Iterator[Doors]:
    """A web part on the shop's database for the body."""
    with serving(database_url, home) as site:
        doors = Doors(site, shop)
        try:
            yield doors
        finally:
            doors.close()
