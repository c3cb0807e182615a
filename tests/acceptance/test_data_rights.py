"""What issue 4 wants to see: six things told in three visits to the web chat, nothing asked twice,
and all six listed, corrected and erased by text; and a copy of everything before they go.
"""

from __future__ import annotations

import io
import json
import re
import secrets
import zipfile
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from memory import byte_search
from memory.byte_search import Needle
from tests.running_shop import RunningShop, Visitor, wait_for

TOLD = (
    ("my shoe size is US 9", "I love running"),
    ("I have wide feet", "my birthday is May 3"),
    ("our wedding anniversary is July 12", "my favorite color is navy"),
)
"""Visit by visit."""
KNOWN = ("270", "unning", "ide", "May 3", "July 12", "avy")
CORRECTED = ("280", "unning", "ide", "May 3", "July 12", "avy")
SENTENCE = "my neighbour's parrot Obstler whistles the anthem"
"""Words that nobody else says."""


@dataclass
class Telephone:
    """A telephone in a pocket."""

    shop: RunningShop
    number: str
    heard: int = field(default=0)

    def texts(self) -> list[str]:
        """What the shop has texted."""
        answer = httpx.get(
            f"{self.shop.base}/phone/api/texts", params={"number": self.number}, timeout=10
        )
        found: list[dict[str, Any]] = answer.json()["texts"]
        return [one["text"] for one in found if not one["mine"]]

    def hear(self) -> str:
        """The next text."""
        found = wait_for(lambda: self.texts()[self.heard :], what="a text")
        self.heard += 1
        return found[0]

    def ask(self, words: str) -> str:
        """Write something and read the answer."""
        typed = {"number": self.number, "text": words}
        httpx.post(f"{self.shop.base}/phone/api/texts", json=typed, timeout=10).raise_for_status()
        return self.hear()


def lives_through_three_visits(shop: RunningShop) -> tuple[Visitor, list[str]]:
    """Six things in three visits; whoever told them, and what the shop said."""
    visitor = shop.visitor("en")
    answers = []
    for visit in TOLD:
        answers += [visitor.ask(said) for said in visit]
        assert shop.command("clock", "+1d").returncode == 0
    answers.append(visitor.ask(SENTENCE))
    return visitor, answers


def links_the_number(visitor: Visitor, phone: Telephone) -> None:
    visitor.ask(f"text me at {phone.number}")
    code = re.search(r"\d{6}", phone.hear())
    assert code is not None
    visitor.ask(code.group())


@pytest.mark.timeout(600)
def test_six_things_told_in_the_chat_are_listed_corrected_and_erased_by_text(
    demo: RunningShop,
) -> None:
    visitor, answers = lives_through_three_visits(demo)
    said = visitor.ask("recommend running shoes")
    assert not any("size do you" in each.lower() for each in [*answers, said])
    phone = Telephone(demo, f"+1503555{secrets.randbelow(10**4):04}")
    links_the_number(visitor, phone)

    listed = phone.ask("what do you know about me?")
    assert [thing for thing in KNOWN if thing not in listed] == [], listed
    phone.ask("no, my shoe size is US 10")
    listed = phone.ask("what do you know about me?")
    assert [thing for thing in CORRECTED if thing not in listed] == [], listed

    page = phone.ask("give me all my data")
    found = re.search(r"/my-data/[\w-]+", page)
    assert found is not None, page
    path = f"{demo.base}{found.group()}"
    httpx.post(f"{path}/code", timeout=10).raise_for_status()
    code = re.search(r"\d{6}", phone.hear())
    assert code is not None
    copy = httpx.post(f"{path}/file", data={"code": code.group()}, timeout=30)
    with zipfile.ZipFile(io.BytesIO(copy.content)) as archive:
        turns = json.loads(archive.read("turns.json"))
    assert SENTENCE in {turn["text"] for turn in turns}

    assert "forget everything" in phone.ask("forget everything")
    phone.ask("forget everything")
    listed = phone.ask("what do you know about me?")
    assert not any(thing in listed for thing in (*KNOWN, *CORRECTED)), listed

    assert "delete my account" in phone.ask("delete my account")
    assert "all erased" in phone.ask("delete my account")
    assert (
        httpx.get(
            f"{demo.base}/chat/messages",
            headers={"Authorization": f"Bearer {visitor.token}"},
            timeout=10,
        ).status_code
        == 401
    )
    done = demo.command(
        "erase-customer",
        visitor.customer,
        "--purge",
        "--look-for",
        SENTENCE,
        "--look-for",
        phone.number,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing is left." in done.stdout
    needle = Needle(kind="said", text=SENTENCE)
    assert byte_search.search([demo.home / "postgres", demo.home / "logs"], [needle]) == []
