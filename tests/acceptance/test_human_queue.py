"""A person takes a conversation over and gives it back, in the chat and by text."""

from __future__ import annotations

import secrets
from typing import Any

import httpx

from tests.running_shop import RunningShop, wait_for


def human(shop: RunningShop, *arguments: str) -> str:
    """What the command says."""
    done = shop.command("human", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_in_the_chat_the_assistant_is_silent_while_a_person_answers(demo: RunningShop) -> None:
    visitor = demo.visitor()
    visitor.ask("상담원이랑 얘기하고 싶어요")
    assert f"{visitor.customer} · chat · waiting since" in human(demo, "list")
    human(demo, "take", visitor.customer, "--as", "지수")
    asked = visitor.seen
    visitor.say("제 신발 사이즈는 270이에요")
    human(demo, "say", visitor.customer, "안녕하세요, 지수입니다.")
    assert visitor.answer() == "안녕하세요, 지수입니다."
    shown = human(demo, "show", visitor.customer)
    assert "with 지수" in shown
    assert "지수 (chat): 안녕하세요, 지수입니다." in shown
    human(demo, "close", visitor.customer)
    assert "260" in visitor.ask("제 신발 사이즈는 260이에요")
    said = [row["text"] for row in visitor.rows(asked) if row["direction"] == "out"]
    assert said[0] == "안녕하세요, 지수입니다."
    assert not any("270" in text for text in said)
    assert visitor.customer not in human(demo, "list")


def test_by_text_a_persons_words_reach_the_telephone(demo: RunningShop) -> None:
    phone = f"+1503555{secrets.randbelow(10**4):04}"

    def texts() -> list[str]:
        answer = httpx.get(f"{demo.base}/phone/api/texts", params={"number": phone}, timeout=10)
        found: list[dict[str, Any]] = answer.json()["texts"]
        return [one["text"] for one in found if not one["mine"]]

    def write(words: str) -> None:
        typed = {"number": phone, "text": words}
        httpx.post(f"{demo.base}/phone/api/texts", json=typed, timeout=10).raise_for_status()

    write("I want to talk to a real person")
    wait_for(texts, what="the assistant's answer")
    assert "text · waiting since" in human(demo, "list")
    human(demo, "take", phone, "--as", "Kim")
    human(demo, "say", phone, "Kim here. How can I help?")
    wait_for(lambda: "Kim here. How can I help?" in texts(), what="the person's text")
    human(demo, "close", phone)
    write("my shoe size is US 9.5")
    wait_for(lambda: "9.5" in texts()[-1], what="the assistant again")


def test_nobody_who_waits_is_said_in_one_line(demo: RunningShop) -> None:
    customer = demo.visitor().customer
    for arguments in (("take", customer), ("say", customer, "hello"), ("close", customer)):
        done = demo.command("human", *arguments)
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
        assert "has not asked for a person" in done.stderr
