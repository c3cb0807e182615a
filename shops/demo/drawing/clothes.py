"""Jackets, trousers and socks, laid out flat and seen from the front."""

from __future__ import annotations

from shops.demo.drawing.canvas import (
    CREAM,
    NIGHT,
    Paint,
    box,
    disc,
    fill,
    inside,
    line,
    lines,
    mirrored,
    mix,
    placed,
)

_BODY = (
    "M176 118 C156 124 136 132 124 144 C134 210 138 300 134 384 C134 394 140 398 150 399"
    " C210 405 270 405 330 399 C340 398 346 394 346 384 C342 300 346 210 356 144"
    " C344 132 324 124 304 118 C284 134 196 134 176 118 Z"
)
_SLEEVE = (
    "M132 138 C104 152 90 188 80 238 C72 280 66 318 62 348 C61 358 66 364 76 366 L104 370"
    " C114 371 119 366 121 357 L146 236 Z"
)
_CUFF = "M64 340 L60 360 C60 366 64 369 72 370 L106 375 C114 376 118 372 119 365 L123 346 Z"
_HOOD = (
    "M172 128 C160 96 176 56 240 54 C304 56 320 96 308 128 C290 148 262 158 240 160"
    " C218 158 190 148 172 128 Z"
)
_HOOD_INSIDE = (
    "M192 126 C186 98 200 78 240 76 C280 78 294 98 288 126 C276 144 258 152 240 154"
    " C222 152 204 144 192 126 Z"
)
_COLLAR = "M178 124 C174 104 178 92 190 86 C220 78 260 78 290 86 C302 92 306 104 302 124 L240 158 Z"
_ZIP = "M240 152 L240 400"


def shell(paint: Paint) -> str:
    """A rain jacket with a hood and taped seams."""
    seams = mirrored(line("M146 176 C180 168 210 170 236 178", paint.light, 4, 0.8))
    drops = "".join(
        fill(f"M{x} {y} c-8 12 -8 20 0 20 c8 0 8 -8 0 -20 Z", "#ffffff", 0.55)
        for x, y in ((176, 226), (210, 268), (292, 214), (316, 276), (274, 340), (178, 342))
    )
    return (
        _sleeves(paint)
        + _trunk(paint)
        + seams
        + drops
        + _pockets(paint)
        + _hood(paint)
        + _zip(paint)
    )


def windbreaker(paint: Paint) -> str:
    """A thin jacket in two tones with a stand-up collar."""
    chest = inside(
        _BODY,
        "chest",
        fill("M110 110 H370 V210 L240 254 L110 210 Z", paint.accent)
        + line("M110 222 L240 266 L370 222", CREAM, 8),
    )
    return _sleeves(paint) + _trunk(paint) + chest + _pockets(paint) + _collar(paint) + _zip(paint)


def puffer(paint: Paint, *, has_hood: bool = True) -> str:
    """A down jacket in quilted rows."""
    rows = inside(_BODY, "rows", _quilting(paint, range(168, 400, 42)))
    sleeves = inside(_SLEEVE, "arm", _quilting(paint, range(178, 380, 38)))
    arms = mirrored(fill(_SLEEVE, paint.dark) + sleeves + fill(_CUFF, paint.deep))
    top = _hood(paint) if has_hood else _collar(paint)
    return arms + _trunk(paint) + rows + top + _zip(paint)


def vest(paint: Paint) -> str:
    """A quilted jacket without sleeves."""
    rows = inside(_BODY, "rows", _quilting(paint, range(168, 400, 46)))
    holes = mirrored(line("M134 146 C150 190 154 214 148 250", paint.deep, 9))
    pockets = mirrored(line("M164 318 L188 352", paint.deep, 8))
    return _trunk(paint) + rows + holes + pockets + _collar(paint) + _zip(paint)


def fleece(paint: Paint, *, has_ears: bool = False) -> str:
    """A fuzzy jacket with a smooth chest pocket; ears make it a bear's."""
    curls = (
        f"M{x} {y} q6 -9 12 0 q6 9 12 0"
        for y in range(150, 396, 26)
        for x in range(66 + (y // 26 % 2) * 16, 410, 34)
    )
    fuzz = lines(curls, paint.light, 4, 0.75)
    arms = mirrored(
        fill(_SLEEVE, paint.dark) + inside(_SLEEVE, "arm", fuzz) + fill(_CUFF, paint.accent)
    )
    body = _trunk(paint) + inside(_BODY, "fuzz", fuzz)
    hem = inside(_BODY, "hem", box(110, 380, 260, 40, paint.accent))
    if has_ears:
        return arms + body + hem + _bear_hood(paint) + _zip(paint)
    pocket = box(268, 198, 62, 58, paint.accent, round_by=8) + line("M276 214 H322", CREAM, 5)
    return arms + body + hem + pocket + _collar(paint) + _zip(paint)


def long_jacket(paint: Paint) -> str:
    """A jacket cut for a waist, with a belt and a lining that shows."""
    shape = (
        "M176 118 C156 124 136 132 124 144 C134 190 152 236 152 262 C142 310 130 356 126 402"
        " C126 412 132 416 142 417 C206 424 274 424 338 417 C348 416 354 412 354 402"
        " C350 356 338 310 328 262 C328 236 346 190 356 144 C344 132 324 124 304 118"
        " C284 134 196 134 176 118 Z"
    )
    shade = inside(
        shape,
        "shade",
        fill("M240 110 H380 V440 H240 Z", paint.dark, 0.28)
        + fill("M222 130 L258 130 L264 424 L216 424 Z", paint.dark, 0.5),
    )
    belt = fill("M150 250 C210 262 270 262 330 250 L330 276 C270 288 210 288 150 276 Z", paint.deep)
    belt += box(224, 252, 32, 34, paint.accent, round_by=6) + box(
        231, 259, 18, 20, paint.deep, round_by=3
    )
    pockets = mirrored(fill("M162 318 L212 324 L210 342 L160 336 Z", paint.deep))
    buttons = "".join(disc(240, y, 6, paint.accent) for y in (180, 214, 322, 362))
    body = fill(shape, paint.base) + shade + pockets + belt + buttons
    return _sleeves(paint) + body + _hood(paint)


def raincoat(paint: Paint) -> str:
    """A child's raincoat with big snaps and a striped hem."""
    hem = inside(
        _BODY,
        "hem",
        "".join(box(110, y, 260, 11, CREAM) for y in (346, 370)),
    )
    snaps = "".join(disc(240, y, 9, CREAM) + disc(240, y, 4, paint.deep) for y in (190, 238, 286))
    pockets = mirrored(
        fill("M158 268 h54 v34 c0 22 -54 22 -54 0 Z", paint.dark)
        + fill("M154 262 h62 v16 h-62 Z", paint.deep)
    )
    return (
        _sleeves(paint)
        + _trunk(paint)
        + hem
        + pockets
        + _hood(paint)
        + line("M240 156 L240 400", paint.deep, 4)
        + snaps
    )


def trousers(paint: Paint) -> str:
    """A child's trousers with patched knees."""
    leg = (
        "M150 92 H240 V184 L228 376 C227 386 222 390 212 390 L152 386 C142 385 138 380 138 370"
        " C136 280 140 180 150 92 Z"
    )
    knee = box(150, 242, 68, 74, paint.accent, round_by=20) + line(
        "M162 254 h44 v50 h-44 Z", CREAM, 3.5, 0.9
    )
    cuff = fill(
        "M138 360 L230 366 L228 384 C226 392 220 394 212 394 L150 390 C140 388 138 382 138 372 Z",
        paint.dark,
    )
    pocket = line("M158 128 C166 156 182 162 204 160", paint.deep, 6)
    waist = box(146, 84, 188, 34, paint.dark, round_by=10)
    cord = line("M232 104 C222 130 220 140 222 156", CREAM, 6) + line(
        "M248 104 C258 128 260 138 256 150", CREAM, 6
    )
    fly = line("M240 118 L240 184", paint.deep, 5)
    return mirrored(fill(leg, paint.base) + pocket + knee + cuff) + fly + waist + cord


def socks(paint: Paint, *, is_tall: bool) -> str:
    """A pair of socks, one behind the other."""
    behind = Paint(base=paint.dark, accent=mix(paint.accent, paint.base, 0.3))
    return placed(_sock(behind, is_tall=is_tall, is_front=False), x=82, y=-24) + _sock(
        paint, is_tall=is_tall, is_front=True
    )


def _sock(paint: Paint, *, is_tall: bool, is_front: bool) -> str:
    top = 92 if is_tall else 168
    outline = (
        f"M128 {top} H212 L214 250 C216 268 232 278 256 284 L300 296 C334 306 340 352 306 360"
        f" C264 366 196 362 160 346 C134 334 124 312 124 284 Z"
    )
    stripes = "".join(box(110, top + 46 + step, 120, 10, paint.accent) for step in (0, 22))
    ribs = "".join(
        line(f"M{mark} {top + 4} V{top + 26}", paint.deep, 3, 0.5) for mark in range(138, 212, 12)
    )
    heel = fill("M116 276 C150 276 188 300 188 364 L110 364 Z", paint.dark)
    toe = fill("M284 280 C360 290 350 380 276 372 C292 340 294 312 284 280 Z", paint.accent)
    cuff = box(110, top - 4, 120, 34, paint.dark)
    marks = stripes + toe + (heel if is_front else "") + cuff + ribs
    name = "front" if is_front else "back"
    return fill(outline, paint.base) + inside(outline, name, marks)


def _trunk(paint: Paint) -> str:
    shade = fill("M240 110 H370 V420 H240 Z", paint.dark, 0.22)
    hem = line("M138 378 C210 386 270 386 342 378", paint.deep, 5, 0.6)
    return fill(_BODY, paint.base) + inside(_BODY, "trunk", shade + hem)


def _sleeves(paint: Paint) -> str:
    fold = line("M112 206 C106 246 98 290 92 330", paint.deep, 4, 0.5)
    return mirrored(fill(_SLEEVE, paint.dark) + fold + fill(_CUFF, paint.deep))


def _quilting(paint: Paint, rows: range) -> str:
    return "".join(
        line(f"M50 {y} C150 {y + 16} 330 {y + 16} 430 {y}", paint.deep, 5, 0.75)
        + line(f"M50 {y - 9} C150 {y + 7} 330 {y + 7} 430 {y - 9}", paint.light, 6, 0.5)
        for y in rows
    )


def _hood(paint: Paint) -> str:
    strings = line("M222 156 C218 174 220 186 218 200", paint.accent, 6) + line(
        "M258 156 C262 172 260 184 263 196", paint.accent, 6
    )
    return fill(_HOOD, paint.light) + fill(_HOOD_INSIDE, paint.deep) + strings


def _bear_hood(paint: Paint) -> str:
    ear = disc(184, 66, 27, paint.base) + disc(184, 68, 14, paint.accent)
    return mirrored(ear) + fill(_HOOD, paint.light) + fill(_HOOD_INSIDE, paint.deep)


def _collar(paint: Paint) -> str:
    inner = "M196 100 C220 92 260 92 284 100 L240 150 Z"
    return fill(_COLLAR, paint.light) + fill(inner, paint.deep)


def _pockets(paint: Paint) -> str:
    return mirrored(line("M160 300 L180 348", paint.deep, 7) + line("M166 300 L172 314", NIGHT, 4))


def _zip(paint: Paint) -> str:
    puller = box(234, 160, 12, 24, paint.accent, round_by=5)
    return line(_ZIP, paint.deep, 6) + line(_ZIP, paint.light, 2, 0.8, "2 6") + puller
