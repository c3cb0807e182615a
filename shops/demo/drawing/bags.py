"""Packs and bags, seen from the front."""

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
    mirrored,
    oval,
)

_PACK = (
    "M150 176 C150 112 184 84 240 84 C296 84 330 112 330 176 L342 352 C342 378 328 388 302 390"
    " C262 393 218 393 178 390 C152 388 138 378 138 352 Z"
)


def daypack(paint: Paint) -> str:
    """A rounded pack with a front pocket and elastic cords."""
    handle = line("M214 86 C214 58 266 58 266 86", paint.deep, 13)
    straps = mirrored(line("M146 150 C112 190 108 290 132 352", paint.deep, 20))
    lid = fill(
        "M150 180 C150 112 184 84 240 84 C296 84 330 112 330 180 C280 196 200 196 150 180 Z",
        paint.light,
    )
    pocket = box(168, 262, 144, 104, paint.dark, round_by=22) + line("M184 288 H296", paint.deep, 6)
    pocket += box(288, 284, 10, 26, paint.accent, round_by=4)
    cords = line("M182 202 L240 234 L298 202 M182 238 L240 208 L298 238", paint.accent, 5)
    label = box(222, 318, 36, 24, paint.accent, round_by=4)
    return straps + handle + _body(paint) + lid + _zip_over_lid(paint) + cords + pocket + label


def tall_pack(paint: Paint) -> str:
    """A pack for a night out, with a rolled mat and a lid."""
    outline = (
        "M160 120 C160 92 190 78 240 78 C290 78 320 92 320 120 L330 348 C330 376 318 386 294 388"
        " C258 391 222 391 186 388 C162 386 150 376 150 348 Z"
    )
    side = mirrored(box(118, 236, 46, 112, paint.dark, round_by=18))
    lid = fill(
        "M152 128 C152 88 178 62 240 62 C302 62 328 88 328 128 C328 148 318 154 300 155"
        " L180 155 C162 154 152 148 152 128 Z",
        paint.light,
    )
    clips = mirrored(
        box(190, 148, 12, 66, NIGHT, round_by=4) + box(184, 194, 24, 18, CREAM, round_by=4)
    )
    pocket = box(180, 226, 120, 84, paint.dark, round_by=18) + line("M192 248 H288", paint.deep, 6)
    mat = box(120, 352, 240, 52, paint.accent, round_by=26) + disc(146, 378, 16, CREAM, 0.8)
    mat += disc(146, 378, 8, paint.accent)
    bands = box(184, 346, 14, 64, NIGHT, round_by=4) + box(282, 346, 14, 64, NIGHT, round_by=4)
    shade = inside(outline, "shade", fill("M240 60 H350 V400 H240 Z", paint.dark, 0.25))
    return side + fill(outline, paint.base) + shade + pocket + lid + clips + mat + bands


def school_bag(paint: Paint) -> str:
    """A square school bag with a flap, a clasp and reflecting bands."""
    handle = line("M204 96 C204 62 276 62 276 96", paint.deep, 13)
    straps = mirrored(line("M134 150 C104 200 104 290 128 356", paint.deep, 20))
    body = box(126, 92, 228, 296, paint.base, round_by=40)
    flap = fill(
        "M126 132 C126 104 144 92 166 92 H314 C336 92 354 104 354 132 V214"
        " C354 244 330 254 300 254 H180 C150 254 126 244 126 214 Z",
        paint.light,
    )
    band = box(126, 196, 228, 14, "#f6f3d9") + box(126, 201, 228, 4, "#d9d6b8")
    clasp = box(216, 236, 48, 40, GOLD, round_by=10) + disc(240, 256, 8, NIGHT)
    pocket = box(152, 290, 176, 74, paint.dark, round_by=18) + line("M168 310 H312", paint.deep, 6)
    name = box(206, 326, 68, 24, CREAM, round_by=5)
    sprout = line("M240 176 L240 140", "#4e7f4f", 6)
    sprout += fill("M240 150 C222 148 212 136 212 122 C230 122 240 134 240 150 Z", "#6ea465")
    sprout += fill("M240 146 C258 144 268 132 268 118 C250 118 240 130 240 146 Z", "#88ba73")
    return straps + handle + body + pocket + name + flap + band + sprout + clasp


def acorn_pack(paint: Paint) -> str:
    """A toddler's pack with an acorn for a pocket."""
    handle = line("M218 112 C218 88 262 88 262 112", paint.deep, 13)
    straps = mirrored(line("M146 180 C112 212 112 296 138 344", paint.accent, 20))
    body = fill(
        "M144 208 C144 144 182 110 240 110 C298 110 336 144 336 208 L340 332 C340 372 320 386 292"
        " 388 C258 391 222 391 188 388 C160 386 140 372 140 332 Z",
        paint.light,
    )
    nut = fill("M180 268 H300 C300 330 268 362 240 374 C212 362 180 330 180 268 Z", GOLD)
    cap = fill(
        "M168 270 C168 222 200 202 240 202 C280 202 312 222 312 270 C270 282 210 282 168 270 Z",
        paint.dark,
    )
    weave = "".join(
        line(f"M{x} 268 C{x + 6} 244 {x + 18} 224 {x + 34} 212", paint.deep, 4, 0.6)
        for x in range(184, 290, 26)
    )
    stem = line("M240 204 C240 190 244 182 252 174", paint.deep, 10)
    face = disc(220, 304, 6, NIGHT) + disc(260, 304, 6, NIGHT)
    face += line("M228 322 C236 332 244 332 252 322", NIGHT, 5)
    cheeks = oval(206, 320, 9, 6, "#e8896f", 0.6) + oval(274, 320, 9, 6, "#e8896f", 0.6)
    zipper = line("M162 176 C196 146 284 146 318 176", paint.dark, 6)
    return straps + handle + body + zipper + nut + cap + weave + stem + face + cheeks


def running_vest(paint: Paint) -> str:
    """A vest with two flasks and a chest strap."""
    side = (
        "M176 84 C196 84 206 96 206 116 L222 196 V372 C222 386 212 392 198 390 L150 382"
        " C132 378 126 366 128 348 L136 240 C138 190 130 150 140 116 C146 96 158 84 176 84 Z"
    )
    back = fill("M170 90 C200 130 280 130 310 90 L322 380 C270 396 210 396 158 380 Z", paint.deep)
    mesh = inside(
        side,
        "mesh",
        "".join(
            disc(x, y, 3, paint.light, 0.8)
            for y in range(100, 210, 16)
            for x in range(138 + (y // 16 % 2) * 8, 224, 16)
        ),
    )
    flask = (
        box(156, 214, 46, 96, "#cfe4ee", round_by=14)
        + box(168, 192, 22, 26, NIGHT, round_by=6)
        + box(156, 262, 46, 48, "#8fc3dc", round_by=14)
    )
    pouch = box(146, 274, 68, 96, paint.dark, round_by=12) + line("M152 290 H208", paint.accent, 6)
    strap = box(206, 232, 68, 14, paint.accent, round_by=4) + box(
        228, 226, 24, 26, NIGHT, round_by=6
    )
    lower = box(210, 330, 60, 12, paint.accent, round_by=4)
    edge = line(side, paint.accent, 5)
    return back + mirrored(fill(side, paint.base) + mesh + edge + flask + pouch) + strap + lower


def hip_pack(paint: Paint) -> str:
    """A small bag on a belt."""
    belt = line("M60 232 C110 196 160 190 190 204", paint.deep, 26)
    belt = mirrored(belt) + line("M70 238 C150 330 330 330 410 238", paint.deep, 12, 0.35)
    outline = (
        "M122 206 C122 184 138 176 160 176 H320 C342 176 358 184 358 206 C358 290 322 338 240 338"
        " C158 338 122 290 122 206 Z"
    )
    marks = fill("M110 240 C200 262 280 262 370 240 V350 H110 Z", paint.dark, 0.5)
    zips = line("M148 206 H332", paint.deep, 8) + line(
        "M150 244 C200 262 280 262 330 244", paint.deep, 6
    )
    tags = box(318, 204, 12, 32, paint.accent, round_by=5) + box(
        318, 246, 12, 28, paint.accent, round_by=5
    )
    label = box(218, 282, 44, 26, CREAM, round_by=5)
    return belt + fill(outline, paint.base) + inside(outline, "low", marks) + zips + tags + label


def _body(paint: Paint) -> str:
    shade = fill("M240 80 H350 V400 H240 Z", paint.dark, 0.25)
    side = mirrored(fill("M128 270 h34 v96 h-30 Z", paint.deep, 0.55))
    return fill(_PACK, paint.base) + inside(_PACK, "pack", shade + side)


def _zip_over_lid(paint: Paint) -> str:
    return line("M154 182 C200 198 280 198 326 182", paint.deep, 7) + box(
        306, 180, 11, 28, paint.accent, round_by=5
    )
