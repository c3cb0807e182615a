"""Which drawing shows which product of the demo shop. `python -m shops.demo.pictures FOLDER` writes
them all; the results are kept with the catalogue, and nothing draws while the shop runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from shops.demo.drawing import bags, clothes, shoes, things
from shops.demo.drawing.canvas import INKS, Paint, picture, shadow

Drawing = Callable[[Paint], str]
SKY, MEADOW, SAND, DUSK, ROSE = "#7fb0cf", "#7ea57a", "#d9b36c", "#9a8fb8", "#d99a8f"
NO_PICTURE = "no-picture.svg"
"""Hills without a thing in front: for products that were imported without a picture."""
_STANDS: Final = {
    "shoe": (252, 352, 192),
    "small": (258, 346, 168),
    "bag": (240, 392, 150),
    "slim": (240, 398, 92),
}
"""Where the shadow of a thing falls; clothes hang and have none."""
_PICTURES: Final[Mapping[str, tuple[str, str, str, str, Drawing]]] = {
    "sori-road": ("shoe", SKY, "navy", "orange", partial(shoes.running_shoe, emblem="waves")),
    "dawn-light": ("shoe", ROSE, "pink", "purple", partial(shoes.running_shoe, emblem="leaf")),
    "tempo-five": ("shoe", SKY, "orange", "navy", partial(shoes.running_shoe, emblem="bolt")),
    "cloudmoss": (
        *("shoe", MEADOW, "mint", "navy"),
        partial(shoes.running_shoe, emblem="ripple", is_plush=True),
    ),
    "pinetrack": ("shoe", SAND, "green", "yellow", partial(shoes.trail_shoe, emblem="leaf")),
    "first-five": ("shoe", SAND, "blue", "yellow", partial(shoes.running_shoe, emblem="chevron")),
    "night-glow": (
        *("shoe", DUSK, "black", "yellow"),
        partial(shoes.running_shoe, emblem="bolt", shines=True),
    ),
    "riverside-walk": ("shoe", SKY, "grey", "red", shoes.slip_on),
    "ridge-gtx": ("shoe", MEADOW, "grey", "red", partial(shoes.trail_shoe, emblem="chevron")),
    "ridge-mid": ("shoe", MEADOW, "brown", "red", shoes.boot),
    "granite-boot": ("shoe", DUSK, "beige", "navy", shoes.boot),
    "dulle-walk": ("shoe", MEADOW, "purple", "mint", shoes.dial_shoe),
    "mossback": ("shoe", SAND, "green", "beige", partial(shoes.trail_shoe, emblem="waves")),
    "snowline-boot": ("shoe", SKY, "brown", "beige", partial(shoes.boot, is_warm=True)),
    "stream-sandal": ("shoe", SKY, "navy", "orange", shoes.sandal),
    "drizzle-shell": ("clothes", SKY, "yellow", "navy", clothes.shell),
    "breeze-wind": ("clothes", SAND, "sky", "navy", clothes.windbreaker),
    "ember-down": ("clothes", DUSK, "orange", "navy", clothes.puffer),
    "lamb-fleece": ("clothes", MEADOW, "beige", "green", clothes.fleece),
    "four-season": ("clothes", ROSE, "purple", "yellow", clothes.long_jacket),
    "padded-vest": ("clothes", SAND, "navy", "orange", clothes.vest),
    "haru-20": ("bag", SAND, "green", "orange", bags.daypack),
    "overnight-45": ("bag", MEADOW, "orange", "navy", bags.tall_pack),
    "spring-school": ("bag", ROSE, "sky", "yellow", bags.school_bag),
    "acorn-pack": ("bag", SAND, "brown", "red", bags.acorn_pack),
    "swift-vest": ("clothes", SKY, "blue", "yellow", bags.running_vest),
    "pocket-hip": ("clothes", MEADOW, "yellow", "navy", bags.hip_pack),
    "puddle-jacket": ("clothes", SKY, "yellow", "blue", clothes.raincoat),
    "cub-fleece": ("clothes", ROSE, "brown", "beige", partial(clothes.fleece, has_ears=True)),
    "snowball-down": ("clothes", SKY, "red", "mint", clothes.puffer),
    "tumble-pants": ("clothes", SAND, "navy", "orange", clothes.trousers),
    "little-ridge": ("small", MEADOW, "red", "navy", partial(shoes.child_shoe, is_rugged=True)),
    "hop-runner": ("small", ROSE, "sky", "yellow", partial(shoes.child_shoe, is_rugged=False)),
    "merino-socks": ("clothes", MEADOW, "grey", "red", partial(clothes.socks, is_tall=True)),
    "run-socks": ("clothes", SAND, "mint", "navy", partial(clothes.socks, is_tall=False)),
    "sun-cap": ("clothes", MEADOW, "white", "green", things.cap),
    "warm-bottle": ("slim", ROSE, "green", "yellow", things.bottle),
    "trek-poles": ("clothes", MEADOW, "black", "orange", things.poles),
    "glow-lamp": ("clothes", DUSK, "orange", "navy", things.headlamp),
    "anniversary-box": ("bag", ROSE, "red", "beige", things.anniversary_box),
    "first-walk-set": ("bag", SKY, "yellow", "white", things.baby_box),
    "parents-walk-set": ("bag", SAND, "green", "beige", things.parents_box),
    "runner-set": ("bag", SKY, "blue", "yellow", things.runner_box),
}


def drawn() -> Iterator[tuple[str, str, str]]:
    """Each product's id, the colour it is shown in, and its picture as SVG text."""
    for product_id, (stands, ground, base, accent, drawing) in _PICTURES.items():
        marks = drawing(Paint(base=INKS[base], accent=INKS[accent]))
        below = shadow(*_STANDS[stands]) if stands in _STANDS else ""
        title = escape(product_id.replace("-", " "))
        yield product_id, base, picture(below + marks, ground, title)


def write_pictures(folder: Path) -> None:
    """Write every picture into the folder as `<product_id>.svg`, and one for what has none."""
    (folder / NO_PICTURE).write_text(picture("", SAND, "no picture"), encoding="utf-8")
    for product_id, _, drawing in drawn():
        (folder / f"{product_id}.svg").write_text(drawing, encoding="utf-8")


if __name__ == "__main__":
    write_pictures(Path(sys.argv[1]))
