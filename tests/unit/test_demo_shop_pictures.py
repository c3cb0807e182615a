"""The generator and the pictures kept with the catalogue say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from shops.demo.catalogue import load_catalogue
from shops.demo.drawing.canvas import INKS, mix
from shops.demo.pictures import drawn, write_pictures

FOLDER = Path(__file__).parents[2] / "data" / "catalogue"


def test_the_kept_pictures_are_the_drawn_ones(tmp_path: Path) -> None:
    write_pictures(tmp_path)
    kept = {path.name: path.read_text() for path in (FOLDER / "pictures").iterdir()}
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == kept


def test_each_product_is_shown_in_a_colour_it_is_sold_in() -> None:
    store_colours = {one.id for one in load_catalogue(FOLDER).store.colours}
    sold = {one.product_id: one.variants[0].colour for one in load_catalogue(FOLDER).products}
    assert {product_id: colour for product_id, colour, _ in drawn()} == sold
    assert set(INKS) == store_colours


def test_no_two_products_look_alike() -> None:
    pictures = [text for _, _, text in drawn()]
    assert len(set(pictures)) == len(pictures)


@pytest.mark.parametrize(("share", "blend"), [(0, "#000000"), (0.5, "#808040"), (1, "#ffff80")])
def test_colours_blend(share: float, blend: str) -> None:
    assert mix("#000000", "#ffff80", share) == blend
