"""Somebody at a browser before the shop: what they see and do, and what went wrong meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Request,
    expect,
)

from tests.browser.local_shop import LocalShop


@dataclass(kw_only=True)
class Visitor:
    """One browser profile with one page."""

    shop: LocalShop
    context: BrowserContext
    page: Page
    problems: list[str] = field(default_factory=list)
    """Errors on the console, scripts that failed, dialogs, requests to other places."""

    def __post_init__(self) -> None:
        self.watch(self.page)

    def watch(self, page: Page) -> None:
        """Write down what goes wrong on a page."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("dialog", self._asked)
        page.on("request", self._requested)

    def another_tab(self) -> Page:
        """A second page of the same browser profile."""
        page = self.context.new_page()
        self.watch(page)
        return page

    def go(self, path: str = "/") -> None:
        """Open a page of the shop."""
        self.page.goto(self.shop.url + path)

    @property
    def chat(self) -> Locator:
        """The widget."""
        return self.page.locator("dangol-chat")

    @property
    def writing(self) -> Locator:
        """The field one writes in."""
        return self.chat.locator("textarea")

    @property
    def rows(self) -> Locator:
        """What was said, as far as the server has told it."""
        return self.chat.locator(".row[data-seq]")

    @property
    def answers(self) -> Locator:
        """What the shop has said."""
        return self.chat.locator(".row.out .bubble")

    @property
    def own_words(self) -> Locator:
        """What the visitor has said, on its way or told back."""
        return self.chat.locator(".row.in .bubble")

    @property
    def notice(self) -> Locator:
        """The line above the writing field."""
        return self.chat.locator(".notice")

    def open_chat(self) -> None:
        """Open the widget; returns when the conversation is there."""
        self.chat.locator(".launcher").click()
        expect(self.rows.first).to_be_visible()

    def say(self, text: str) -> None:
        """Write and press Enter."""
        self.writing.fill(text)
        self.writing.press("Enter")

    def ask(self, text: str) -> str:
        """Say something and wait for the dialogue's answer, all bubbles of it."""
        before = self.answers.count()
        own = self.own_words.count()
        self.say(text)
        expect(self.answers.nth(before)).to_be_visible(timeout=20_000)
        expect(self.rows.locator(".bubble").filter(has_text=text).last).to_be_visible()
        assert self.own_words.count() == own + 1
        return "\n".join(self.answers.all_inner_texts()[before:])

    def heard(self) -> list[tuple[str, str]]:
        """The conversation on screen: direction and text, in order."""
        found: list[list[str]] = self.rows.evaluate_all(
            "rows => rows.map(row => [row.classList.contains('in') ? 'in' : 'out',"
            " row.querySelector('.bubble')?.textContent ?? ''])"
        )
        return [(direction, text) for direction, text in found]

    def customer(self) -> str:
        """Whom the server takes this browser for."""
        opened: dict[str, Any] = self.context.request.post(
            f"{self.shop.url}/chat/session", data={}
        ).json()
        return str(opened["customer"])

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def _asked(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((self.shop.url + "/", "data:image/svg+xml")):
            self.problems.append(f"request: {request.url}")


Visit = Callable[..., Visitor]
"""Makes a visitor: `visit(language="en", on_telephone=False, motion="reduce")`."""
