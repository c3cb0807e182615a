"""The shipped shop, opened once for all conversations: its model is trained only if it changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent import training
from agent.training import TrainedModel
from memory.engine import open_engine
from tests.conversations.real_shop import ROOT, RealShop
from tests.postgres import fresh_database
from tests.running_shop import shared_home

TRAINING_TAKES_AT_MOST = 600
"""Seconds; the first test that needs the model pays for it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whichever test comes first may have to wait for the training."""
    for item in items:
        if "shipped_model" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(TRAINING_TAKES_AT_MOST))


@pytest.fixture(scope="session")
def shipped_model() -> TrainedModel:
    """The model of this project's own files, kept from run to run."""
    return training.trained(ROOT, shared_home(), lambda _said: None)


@pytest.fixture(scope="session")
def real_shop(
    postgres_url: str, migrated_template: str, shipped_model: TrainedModel
) -> Iterator[RealShop]:
    """The shop as it is shipped, in a database of its own."""
    with fresh_database(postgres_url, template=migrated_template, is_durable=False) as url:
        engine = open_engine(url)
        shop = RealShop(engine, shipped_model)
        yield shop
        shop.close()
        engine.dispose()
