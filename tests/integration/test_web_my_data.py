"""The link to a copy of everything: it works once, for a quarter of an hour, and never for whoever
only has the link.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from memory import clock, customers, export_links, sessions
from memory.tables import outbox
from tests.web_site import RunningSite

_NUMBERS = iter(range(2000, 9999))
HTML = {"Accept": "text/html"}


def given_in_the_chat(site: RunningSite, *, proof: str = "shop") -> tuple[str, str, str]:
    """A customer, the token of their browser, and the path of a link."""
    with site.engine.begin() as connection:
        now = clock.business_now(connection)
        customer_id = customers.create(connection, now=now, name="한지훈", language="ko")
        session = sessions.open_session(connection, customer_id, proof=proof)
        token = export_links.issue(connection, customer_id, address_id=None, now=now)
    return customer_id, session, f"/my-data/{token}"


def sent_by_text(site: RunningSite) -> tuple[str, str]:
    """A customer with a number, and the path of a link."""
    with site.engine.begin() as connection:
        now = clock.business_now(connection)
        address = customers.of_address(
            connection,
            "phone",
            f"+1503555{next(_NUMBERS)}",
            proof="inbound",
            now=now,
            language="en",
        )
        token = export_links.issue(
            connection, address.customer_id, address_id=address.address_id, now=now
        )
    return address.customer_id, f"/my-data/{token}"


def browser(site: RunningSite, session: str | None = None) -> httpx.Client:
    client = site.client(headers=HTML)
    if session is not None:
        client.cookies.set("dangol_session", session)
    site.opened.append(client)
    return client


def texted(site: RunningSite, customer_id: str) -> str:
    """The code that was texted last."""
    with site.engine.connect() as connection:
        bodies = connection.scalars(
            select(outbox.c.body)
            .where(outbox.c.customer_id == customer_id, outbox.c.purpose == "code")
            .order_by(outbox.c.outbox_id)
        ).all()
    found = re.search(r"\d{6}", bodies[-1])
    assert found is not None
    return found.group()


def tables(answer: httpx.Response) -> dict[str, Any]:
    """What is in the file."""
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {
            name.removesuffix(".json"): json.loads(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".json")
        }


def test_the_proven_browser_downloads_it_once(site: RunningSite) -> None:
    customer_id, session, path = given_in_the_chat(site)
    client = browser(site, session)
    page = client.get(path)
    assert page.status_code == 200
    assert "내려받기" in page.text
    found = tables(client.post(f"{path}/file"))
    assert found["customers"][0]["customer_id"] == customer_id
    assert found["customers"][0]["name"] == "한지훈"
    assert client.post(f"{path}/file").status_code == 404
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("who", ["nobody", "somebody else", "unproven"])
def test_who_only_has_the_link_has_nothing(site: RunningSite, who: str) -> None:
    _, session, path = given_in_the_chat(site, proof="none" if who == "unproven" else "shop")
    if who != "unproven":
        session = given_in_the_chat(site)[1] if who == "somebody else" else ""
    client = browser(site, session or None)
    assert "내려받기" not in client.get(path).text
    refused = client.post(f"{path}/file")
    assert refused.headers["content-type"].startswith("text/html")
    assert client.post(f"{path}/code").status_code == 200
    with site.engine.connect() as connection:
        token = path.rpartition("/")[2]
        assert export_links.find(connection, token, now=clock.business_now(connection)) is not None


def test_looking_ahead_uses_nothing_up(site: RunningSite) -> None:
    _, session, path = given_in_the_chat(site)
    for _ in range(3):
        browser(site).get(path)
        browser(site).head(path)
    assert tables(browser(site, session).post(f"{path}/file"))


def test_by_text_a_code_that_goes_to_the_number_opens_it(site: RunningSite) -> None:
    customer_id, path = sent_by_text(site)
    client = browser(site)
    assert "Text me the code" in client.get(path).text
    assert "six digits" in client.post(f"{path}/code").text
    code = texted(site, customer_id)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert "not the right code" in client.post(f"{path}/file", data={"code": wrong}).text
    found = tables(client.post(f"{path}/file", data={"code": code}))
    assert found["addresses"][0]["value"].startswith("+1503555")
    assert all(row["body"] is None for row in found["outbox"] if row["purpose"] == "code")
    assert client.post(f"{path}/file", data={"code": code}).status_code == 404


def test_codes_are_not_guessed(site: RunningSite) -> None:
    customer_id, path = sent_by_text(site)
    client = browser(site)
    client.post(f"{path}/code")
    code = texted(site, customer_id)
    for step in range(1, 6):
        client.post(f"{path}/file", data={"code": f"{(int(code) + step) % 10**6:06}"})
    answer = client.post(f"{path}/file", data={"code": code})
    assert answer.headers["content-type"].startswith("text/html")


def test_nobodys_telephone_rings_all_day(site: RunningSite) -> None:
    _, path = sent_by_text(site)
    client = browser(site)
    for _ in range(3):
        client.post(f"{path}/code")
    assert "too many codes" in client.post(f"{path}/code").text


def test_after_a_quarter_of_an_hour_it_is_over(site: RunningSite) -> None:
    _, session, path = given_in_the_chat(site)
    with site.engine.begin() as connection:
        before = clock.offset(connection)
        clock.set_offset(connection, before + timedelta(minutes=16))
    try:
        assert browser(site, session).get(path).status_code == 404
    finally:
        with site.engine.begin() as connection:
            clock.set_offset(connection, before)


def test_a_link_that_was_made_up_is_none(site: RunningSite) -> None:
    assert browser(site).get("/my-data/nothing").status_code == 404
    _, _, path = given_in_the_chat(site)
    assert browser(site).get(path.replace("/my-data/", "/l/")).status_code == 404
