"""How long a shop keeps what, as its store.yml says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from settings import PROJECT
from shops.demo.store_file import read_store
from shops.errors import CatalogueError
from shops.shape import store_as_json


def store_with(folder: Path, keep_days: Any) -> Path:
    """The demo shop's file, with that in it."""
    shipped = (PROJECT / "data" / "catalogue" / "store.yml").read_text(encoding="utf-8")
    content = yaml.safe_load(shipped)
    content["store"]["keep_days"] = keep_days
    path = folder / "store.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def test_a_shop_that_says_nothing_keeps_the_usual_times() -> None:
    store = read_store(PROJECT / "data" / "catalogue" / "store.yml")
    assert store_as_json(store)["keep_days"] == {}


def test_a_shop_may_name_times_of_its_own(tmp_path: Path) -> None:
    store = read_store(store_with(tmp_path, {"turns": 1095, "orders": 0}))
    assert store_as_json(store)["keep_days"] == {"turns": 1095, "orders": 0}


@pytest.mark.parametrize("wrong", [{"turnz": 3}, {"turns": -1}, {"turns": "long"}, ["turns"]])
def test_a_kind_or_a_time_that_is_none_is_refused(tmp_path: Path, wrong: Any) -> None:
    with pytest.raises(CatalogueError, match="keep_days"):
        read_store(store_with(tmp_path, wrong))
