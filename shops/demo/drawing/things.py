"""Small things and gift boxes."""

from __future__ import annotations

from shops.demo.drawing.canvas import (
    CREAM,
    GOLD,
    NIGHT,
    Paint,
    box,
    disc,
    fill,
    inside,
    line,
    lines,
    mix,
    oval,
    placed,
)

_FRONT = "M96 268 H384 V378 C384 388 378 394 368 394 H112 C102 394 96 388 96 378 Z"


def cap(paint: Paint) -> str:
    """A cap with a soft brim to the right."""
    crown = "M98 282 C96 190 150 138 226 138 C300 140 344 196 344 282 Z"
    brim = "M210 262 C290 248 380 262 424 300 C432 310 424 320 410 318 C340 300 270 298 200 304 Z"
    panels = inside(
        crown,
        "panels",
        fill("M226 130 C290 140 350 190 350 290 H260 C270 230 256 176 226 130 Z", paint.dark, 0.5)
        + line("M226 138 C196 180 184 230 186 286", paint.deep, 4, 0.6)
        + line("M226 138 C262 180 272 230 268 286", paint.deep, 4, 0.6),
    )
    holes = (
        disc(150, 212, 6, paint.deep)
        + disc(222, 192, 6, paint.deep)
        + disc(300, 214, 6, paint.deep)
    )
    badge = fill("M196 262 L222 222 L240 246 L252 232 L274 262 Z", paint.accent)
    band = fill("M97 262 C180 250 270 250 343 262 L344 284 C270 274 180 274 98 284 Z", paint.dark)
    button = oval(226, 138, 13, 7, paint.accent)
    return (
        fill(crown, paint.base)
        + panels
        + holes
        + band
        + badge
        + button
        + fill(brim, paint.accent)
        + line("M218 288 C290 280 350 286 402 306", CREAM, 4, 0.6)
    )


def bottle(paint: Paint) -> str:
    """A flask whose lid is a cup."""
    body = "M178 176 C178 160 188 152 200 150 H280 C292 152 302 160 302 176 V372 C302 388 292 396"
    body += " 276 396 H204 C188 396 178 388 178 372 Z"
    lid = box(188, 74, 104, 74, mix(paint.base, NIGHT, 0.62), round_by=16)
    lid += box(188, 124, 104, 12, paint.accent)
    marks = (
        fill("M256 140 H320 V410 H256 Z", paint.dark, 0.35)
        + box(196, 160, 14, 220, "#ffffff", round_by=7)
        + fill("M178 346 L214 290 L238 322 L262 276 L302 340 V400 H178 Z", paint.accent, 0.9)
        + disc(262, 234, 17, paint.accent, 0.9)
    )
    handle = line("M302 196 C344 196 344 300 302 300", paint.deep, 12)
    steam = lines(
        (
            "M216 58 C206 46 226 38 216 24",
            "M242 58 C232 44 252 36 242 20",
            "M268 58 C258 46 278 38 268 24",
        ),
        "#ffffff",
        6,
        0.85,
    )
    return handle + fill(body, paint.base) + inside(body, "flask", marks) + lid + steam


def poles(paint: Paint) -> str:
    """A pair of trekking poles, crossed."""
    one = (
        line("M0 -150 L0 150", "#9aa2aa", 11)
        + line("M0 -150 L0 20", paint.base, 15)
        + line("M0 -30 L0 -20 M0 10 L0 20", paint.accent, 19)
        + line("M0 -186 L0 -128", "#c39a6b", 25)
        + line("M-6 -186 L-6 -134", "#d9b88d", 5, 0.8)
        + fill("M-18 -194 C-18 -214 18 -214 18 -194 Z", NIGHT)
        + line("M6 -190 C50 -176 44 -126 8 -138", NIGHT, 6)
        + oval(0, 120, 27, 9, NIGHT)
        + line("M0 150 L0 176", NIGHT, 7)
    )
    return placed(one, x=240, y=230, turn=27) + placed(one, x=240, y=230, turn=-27)


def headlamp(paint: Paint) -> str:
    """A lamp on an elastic band, shining."""
    beam = fill("M250 250 L500 112 V416 Z", "#fff3c4", 0.75)
    band = line("M92 226 C120 132 300 118 336 206", paint.accent, 30)
    band += line("M92 226 C120 132 300 118 336 206", CREAM, 4, 1, "12 14")
    loop = line("M92 226 C74 300 120 356 214 338", paint.deep, 26)
    shell = fill(
        "M206 212 C206 196 218 188 234 188 H308 C332 188 344 204 344 224 V296"
        " C344 318 332 330 308 330 H234 C218 330 206 322 206 306 Z",
        paint.base,
    )
    glass = (
        disc(288, 258, 50, NIGHT) + disc(288, 258, 39, "#fff1b8") + disc(288, 258, 21, "#ffffff")
    )
    button = box(218, 200, 46, 16, paint.deep, round_by=8)
    rays = lines(("M362 258 H420", "M356 218 L404 194", "M356 298 L404 322"), "#f2c65a", 9)
    return beam + loop + band + shell + button + glass + rays


def anniversary_box(paint: Paint) -> str:
    """An open box with a record, a small cake and a bottle."""
    record = disc(172, 208, 84, NIGHT) + "".join(
        f'<circle cx="172" cy="208" r="{radius}" fill="none" stroke="#565d68" stroke-width="2.5"/>'
        for radius in (74, 62, 50)
    )
    record += disc(172, 208, 32, paint.base) + disc(172, 208, 6, CREAM)
    record += line("M118 158 C130 144 146 136 160 134", "#8b929c", 5, 0.8)
    return (
        _box_back(paint)
        + record
        + placed(_bottle_neck(), x=326, y=70)
        + _cake(248, 216)
        + _box_front(paint)
        + _bow(paint)
        + _heart(330, 338, paint.accent)
    )


def baby_box(paint: Paint) -> str:
    """An open box with a bobble hat, tiny socks and an acorn rattle."""
    hat = fill("M120 268 C116 188 150 146 196 146 C242 146 276 188 272 268 Z", "#8fc3b4")
    hat += "".join(
        line(f"M{x} 256 C{x} 216 {x + 6} 186 196 150", "#74a99a", 4) for x in (144, 172, 214, 242)
    )
    hat += box(110, 228, 172, 40, CREAM, round_by=18) + disc(196, 134, 27, CREAM)
    rattle = line("M332 270 L332 196", "#b98c5f", 15) + disc(332, 170, 42, GOLD)
    rattle += fill("M288 166 C288 134 308 118 332 118 C356 118 376 134 376 166 Z", "#92694a")
    rattle += disc(320, 184, 5, NIGHT) + disc(345, 184, 5, NIGHT)
    rattle += line("M325 196 C330 201 335 201 340 196", NIGHT, 4)
    return _box_back(paint) + hat + rattle + _box_front(paint) + _bow(paint) + _steps(300, 330)


def parents_box(paint: Paint) -> str:
    """An open box with a warm bottle, rolled socks and a checked blanket."""
    blanket = box(112, 196, 140, 90, "#c4524a", round_by=18)
    blanket += "".join(box(x, 196, 10, 90, "#e9c9a8") for x in (142, 178, 214))
    blanket += "".join(box(112, y, 140, 8, "#8f3b36") for y in (218, 248))
    flask = box(274, 118, 58, 160, "#34476b", round_by=14) + box(
        278, 88, 50, 42, NIGHT, round_by=10
    )
    flask += box(274, 178, 58, 16, GOLD)
    rolled = disc(358, 236, 32, "#86709f") + line(
        "M358 236 c8 -8 16 2 8 12 c-10 10 -26 2 -24 -14 c4 -18 30 -20 38 -2", "#bfaed0", 5
    )
    return (
        _box_back(paint)
        + blanket
        + flask
        + rolled
        + _box_front(paint)
        + _bow(paint)
        + _heart(330, 338, paint.accent)
    )


def runner_box(paint: Paint) -> str:
    """An open box with a medal, a cap and a notebook."""
    book = placed(
        box(-44, -70, 88, 130, "#c4524a", round_by=8)
        + box(-44, -70, 16, 130, "#8f3b36", round_by=6)
        + line("M-12 -36 H28 M-12 -14 H28", CREAM, 6),
        x=168,
        y=206,
        turn=-9,
    )
    ribbon = fill("M262 110 L290 110 L318 190 L290 196 Z", "#eebf4f") + fill(
        "M352 110 L324 110 L294 190 L324 196 Z", "#e08a48"
    )
    medal = disc(306, 216, 44, GOLD) + disc(306, 216, 33, "#f3d48b")
    medal += line("M300 202 L309 196 V236", "#a8742c", 8)
    return (
        _box_back(paint)
        + book
        + ribbon
        + medal
        + _box_front(paint)
        + _bow(paint)
        + _steps(300, 330)
    )


def _box_back(paint: Paint) -> str:
    return box(104, 232, 272, 60, paint.deep, round_by=6)


def _box_front(paint: Paint) -> str:
    rim = box(86, 256, 308, 34, paint.light, round_by=8)
    side = fill("M300 268 H384 V394 H300 Z", paint.dark, 0.25)
    return fill(_FRONT, paint.base) + inside(_FRONT, "front", side) + rim


def _bow(paint: Paint) -> str:
    band = box(172, 256, 32, 138, paint.accent)
    left = fill("M186 270 C150 228 112 236 116 268 C118 298 156 296 186 276 Z", paint.accent)
    right = fill("M190 270 C226 228 264 236 260 268 C258 298 220 296 190 276 Z", paint.accent)
    folds = lines(
        ("M180 271 C160 262 146 258 136 262", "M196 271 C216 262 230 258 240 262"),
        mix(paint.accent, NIGHT, 0.3),
        5,
    )
    tails = fill("M180 276 L152 338 L176 330 L188 346 L196 284 Z", paint.accent)
    return band + tails + left + right + folds + disc(188, 273, 16, mix(paint.accent, NIGHT, 0.14))


def _cake(x: float, y: float) -> str:
    layers = box(-48, 8, 96, 52, "#f5dfbf", round_by=8) + box(-48, 24, 96, 12, "#d98b86")
    cream = fill(
        "M-52 14 C-52 -8 52 -8 52 14 C46 26 36 26 30 16 C24 28 10 28 4 16 C-4 28 -18 28"
        " -24 16 C-32 28 -48 26 -52 14 Z",
        "#fffaf2",
    )
    candle = box(-4, -38, 8, 34, "#e39bab", round_by=3) + fill(
        "M0 -58 C-9 -46 -7 -38 0 -38 C7 -38 9 -46 0 -58 Z", "#f0b44a"
    )
    berries = disc(-26, 0, 9, "#c4524a") + disc(26, 0, 9, "#c4524a")
    return placed(candle + layers + cream + berries, x=x, y=y)


def _bottle_neck() -> str:
    return (
        fill(
            "M-16 30 H16 V84 C16 104 36 108 36 140 V220 H-36 V140 C-36 108 -16 104 -16 84 Z",
            "#4f7a5b",
        )
        + fill("M-18 22 C-18 4 18 4 18 22 V66 H-18 Z", GOLD)
        + box(-36, 140, 72, 52, CREAM, round_by=3)
        + line("M-18 160 H18 M-10 174 H10", "#c9a767", 4)
        + line("M-24 126 C-22 116 -18 110 -12 106", "#9dc0a4", 5, 0.9)
    )


def _heart(x: float, y: float, colour: str) -> str:
    return placed(
        fill(
            "M0 22 C-34 0 -26 -26 -8 -24 C-3 -23 0 -18 0 -14 C0 -18 3 -23 8 -24 C26 -26 34 0 0 22"
            " Z",
            colour,
        ),
        x=x,
        y=y,
    )


def _steps(x: float, y: float) -> str:
    sole = oval(0, 0, 9, 15, CREAM) + oval(1, 21, 6, 6, CREAM)
    return placed(sole, x=x, y=y, turn=24) + placed(sole, x=x + 40, y=y - 14, turn=24)
