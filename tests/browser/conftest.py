"""Fixtures: the shop with its parts, a Chromium, and visitors in it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect, sync_playwright

from agent import training
from command import browser as chromium
from command.console import Console
from command.frontend import build_if_needed
from settings import PROJECT
from tests.browser import local_shop
from tests.browser.local_shop import LocalShop
from tests.browser.visitor import Visit, Visitor
from tests.postgres import fresh_database, temporary_home, wait_for
from tests.running_shop import shared_home

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
Motion = Literal["no-preference", "reduce"]
LOCALES = {"ko": "ko-KR", "en": "en-US"}
TELEPHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=800)


# A first training and build on a slow machine are part of whichever test comes first.
FIRST_TEST_SECONDS = 480


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder the time that the first of them may need; those that wait for
    an agent come last, as it takes a while to load Rasa."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(FIRST_TEST_SECONDS))
    items.sort(key=lambda item: here in item.path.parents and "dialogue" in _fixtures_of(item))


def _fixtures_of(item: pytest.Item) -> list[str]:
    return list(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def made_once() -> Path:
    """Where the built widget and the trained model are kept."""
    home = shared_home().absolute()
    build_if_needed(home, Console())
    return home


@pytest.fixture(scope="session")
def local(
    postgres_url: str,
    migrated_template: str,
    made_once: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LocalShop]:
    """The demo shop: web serves, and an agent is about to."""
    model = training.trained(PROJECT, made_once, lambda _said: None)
    with (
        temporary_home() as home,
        fresh_database(postgres_url, template=migrated_template, is_durable=False) as url,
    ):
        shutil.copytree(made_once / "frontend" / "dist", home / "frontend" / "dist")
        shop = local_shop.fill(url, home, tmp_path_factory.mktemp("logs"))
        training.publish(shop.engine, PROJECT, model)
        try:
            shop.start("agent")
            shop.start("web")
            shop.wait_until_ready("web")
            yield shop
        finally:
            shop.close()


@pytest.fixture(scope="session")
def dialogue(local: LocalShop) -> LocalShop:
    """The shop, once its agent answers."""
    local.wait_until_ready("agent")
    return local


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine."""
    expect.set_options(timeout=15_000)
    found = chromium.find()
    assert found is not None, "no Chromium: ./dangol test browser installs or asks for one"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def visit(local: LocalShop, browser: Browser) -> Iterator[Visit]:
    """Makes visitors, each with a browser profile of their own."""
    contexts: list[BrowserContext] = []

    def make(
        language: str = "en", *, on_telephone: bool = False, motion: Motion = "reduce"
    ) -> Visitor:
        context = browser.new_context(
            locale=LOCALES[language],
            timezone_id="Asia/Seoul",
            viewport=TELEPHONE if on_telephone else DESK,
            has_touch=on_telephone,
            is_mobile=on_telephone,
            reduced_motion=motion,
        )
        contexts.append(context)
        return Visitor(shop=local, context=context, page=context.new_page())

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def telephone(local: LocalShop) -> Iterator[LocalShop]:
    """The shop, with the telephone behind its port."""
    port = local.settings.phone_url.rpartition(":")[2]
    local.start("phone", sys.executable, "-m", "command.fake_twilio", "--port", port)
    wait_for(lambda: _answers(local.settings.phone_url + "/phone"), seconds=30)
    yield local
    local.stop("phone")


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
