"""Shoes, seen from the side with the toe to the right."""

from __future__ import annotations

from shops.demo.drawing.canvas import CREAM, NIGHT, Paint, disc, fill, inside, line, lines, mix

_UPPER = (
    "M98 184 C86 186 81 204 86 226 C89 246 84 268 79 296 L426 300 C430 274 411 257 382 249"
    " C346 239 318 226 293 206 L246 166 C238 158 223 160 216 171 C200 195 178 206 153 206"
    " C130 206 117 197 109 187 C106 184 102 183 98 184 Z"
)
_TONGUE = "M216 178 C212 158 224 142 242 146 L266 158 L312 216 L250 224 Z"
_COLLAR = "M101 188 C117 207 140 213 162 208 C187 202 206 187 219 170"
_LACE_STAY = (
    "M240 162 L293 206 C306 216 320 222 334 228 L316 252 C292 244 270 230 252 214 L218 180 Z"
)
_HEEL = "M85 222 C89 246 84 270 79 298 L158 298 C154 264 130 238 85 222 Z"
_TOE = "M430 302 C430 274 411 257 380 249 C366 262 356 280 352 302 Z"
_MIDSOLE = (
    "M72 291 C65 307 65 322 76 333 C84 341 104 343 130 343 L380 343 C415 343 439 331 443 313"
    " C445 299 435 293 421 295 C321 303 190 299 72 291 Z"
)
_OUTSOLE = (
    "M73 329 C82 348 108 352 140 352 L376 352 C409 352 434 341 443 316 C430 333 408 338 380 338"
    " L130 338 C104 338 86 336 73 329 Z"
)
_THICK_MIDSOLE = (
    "M70 287 C58 305 56 330 70 345 C80 354 104 355 130 355 L382 355 C420 355 446 341 449 318"
    " C450 299 437 291 421 294 C321 302 190 297 70 287 Z"
)
_EMBLEMS = {
    "waves": ("M168 290 C198 262 228 248 266 240", "M212 292 C236 272 258 261 292 254"),
    "chevron": ("M196 286 L236 258 L212 228", "M236 290 L276 262 L252 236"),
    "leaf": ("M176 288 C190 244 232 230 282 244 C262 282 218 296 176 288 Z",),
    "ripple": ("M172 276 C194 252 210 284 232 262 C252 242 268 272 292 254",),
    "bolt": ("M180 262 L246 248 L232 274 L300 258",),
}


def running_shoe(paint: Paint, *, emblem: str, is_plush: bool = False, shines: bool = False) -> str:
    """A low shoe with a smooth sole: thick if plush, with reflecting bands if it shines."""
    sole = _smooth_sole(paint, _THICK_MIDSOLE if is_plush else _MIDSOLE, is_plush=is_plush)
    bands = _reflectors() if shines else ""
    return _low_upper(paint, emblem) + bands + sole


def trail_shoe(paint: Paint, *, emblem: str) -> str:
    """A low shoe with a rubber toe and a lugged sole."""
    toe = fill("M430 302 C432 268 408 254 376 248 C388 268 376 286 330 300 Z", NIGHT, 0.88)
    return _low_upper(paint, emblem) + toe + _lugged_sole(paint)


def dial_shoe(paint: Paint) -> str:
    """A light walking shoe whose laces a dial tightens."""
    dial = disc(270, 212, 19, NIGHT) + disc(270, 212, 12, paint.accent) + disc(270, 212, 4, NIGHT)
    wires = lines(("M262 226 L226 270", "M280 226 L318 268"), paint.accent, 4)
    return _low_upper(paint, "", has_laces=False) + wires + dial + _lugged_sole(paint)


def slip_on(paint: Paint) -> str:
    """A knitted walking shoe without laces."""
    knit = inside(
        _UPPER,
        "knit",
        "".join(
            line(
                f"M{60 + step} 310 C{100 + step} 260 {120 + step} 220 {150 + step} 160",
                paint.light,
                4,
                0.45,
            )
            for step in range(0, 360, 22)
        ),
    )
    band = line("M232 176 C262 202 296 226 340 240", paint.dark, 16)
    pull = line("M96 186 C88 176 90 164 102 162 C112 162 116 174 110 186", paint.accent, 8)
    body = fill(_UPPER, paint.base) + knit + fill(_HEEL, paint.dark, 0.7)
    collar = line(_COLLAR + " L232 176", paint.deep, 11)
    return pull + body + collar + band + _smooth_sole(paint, _MIDSOLE, is_plush=False)


def boot(paint: Paint, *, is_warm: bool = False) -> str:
    """A laced boot over the ankle; a warm one shows its lining."""
    shaft = (
        "M112 92 C104 92 99 99 100 110 C104 170 92 226 82 296 L428 300 C432 268 412 250 380 242"
        " C332 230 292 212 272 178 C262 158 258 128 258 104 C258 95 252 90 243 91 Z"
    )
    tongue = fill("M214 98 C214 78 236 68 256 78 L266 100 L300 214 L250 214 Z", paint.light)
    stay = fill(
        "M226 92 L243 91 C252 90 258 95 258 104 C258 128 262 158 272 178 C284 198 304 214 330 226"
        " L314 252 C272 238 240 206 230 164 Z",
        paint.dark,
    )
    laces = lines(
        (
            "M230 118 L262 110",
            "M232 144 L266 132",
            "M238 172 L274 156",
            "M252 200 L288 180",
            "M274 224 L308 200",
        ),
        paint.accent,
        7,
    )
    collar = line("M110 100 C150 112 196 112 232 100", paint.deep, 17)
    if is_warm:
        collar = "".join(disc(x, 92 + (x % 3), 15, CREAM) for x in range(110, 250, 18))
    seams = line("M100 176 C150 190 196 190 238 176", paint.deep, 3.5, 0.6, "7 8") + line(
        "M150 298 C152 262 132 236 94 226", paint.deep, 3.5, 0.6, "7 8"
    )
    heel = fill("M94 224 C89 250 86 272 82 298 L152 298 C152 264 134 238 94 224 Z", paint.dark)
    pull = line("M104 104 C92 92 92 78 106 78", paint.accent, 8)
    toe = fill("M430 302 C432 268 410 250 376 242 C388 264 376 284 334 300 Z", paint.deep)
    body = fill(shaft, paint.base) + inside(
        shaft, "shade", fill("M60 300 C160 272 300 296 440 280 L440 320 L60 320 Z", paint.dark, 0.5)
    )
    return pull + tongue + body + heel + seams + stay + laces + collar + toe + _lugged_sole(paint)


def sandal(paint: Paint) -> str:
    """A water sandal with a guarded toe."""
    far = fill("M176 298 C176 246 206 208 250 204 C300 208 340 250 348 298 Z", paint.deep, 0.55)
    heel = line("M116 296 C98 246 108 204 138 200 C164 198 186 216 204 236", paint.base, 25)
    heel += line("M112 270 C106 236 114 214 136 210 C156 210 172 220 188 234", paint.light, 4, 0.9)
    loop = line("M116 214 C100 200 106 182 122 184 C132 186 136 194 134 202", paint.accent, 8)
    back = fill("M186 298 C186 254 210 220 244 200 L290 214 C254 234 236 262 236 298", paint.base)
    back += line("M202 292 C206 258 226 234 256 216", paint.light, 4, 0.9)
    front = fill(
        "M296 298 C288 266 262 238 224 222 L258 196 C306 216 338 254 350 298 Z", paint.dark
    )
    front += line("M330 292 C318 258 294 232 258 214", paint.light, 4, 0.7)
    guard = fill("M326 300 C326 262 346 242 382 246 C414 252 432 274 432 304 Z", paint.base)
    guard += line("M350 266 C364 254 390 258 408 274", paint.light, 5, 0.8)
    buckle = fill("M226 198 l42 6 l-3 30 l-42 -6 Z", NIGHT) + fill(
        "M236 206 l24 4 l-2 16 l-24 -4 Z", paint.accent
    )
    return loop + far + heel + back + front + buckle + guard + _lugged_sole(paint)


def child_shoe(paint: Paint, *, is_rugged: bool) -> str:
    """A short round shoe with one strap."""
    upper = (
        "M124 188 C110 190 106 208 110 230 C112 252 108 270 104 298 L404 300 C412 262 388 236 346"
        " 228 C316 222 292 212 270 194 C256 182 238 176 224 184 C206 200 188 206 168 204"
        " C150 202 142 194 136 190 C132 187 128 187 124 188 Z"
    )
    toe = fill("M406 302 C412 262 388 236 344 228 C330 248 324 276 326 302 Z", paint.light)
    strap = fill("M206 196 L262 182 L330 256 C318 272 300 280 282 276 Z", paint.accent)
    strap += line("M222 204 L292 262", mix(paint.accent, "#ffffff", 0.5), 4, 0.9, "7 7")
    heel = fill("M110 228 C113 252 108 272 104 300 L172 300 C170 268 148 240 110 228 Z", paint.dark)
    collar = line("M127 192 C146 210 180 214 206 200", paint.deep, 11)
    star = fill("M196 236 l7 15 16 2 -12 11 3 17 -14 -8 -15 8 3 -17 -12 -11 17 -2 Z", CREAM)
    loop = line("M122 192 C112 182 114 168 126 168 C136 168 138 180 134 190", paint.accent, 8)
    body = loop + fill(upper, paint.base) + heel + toe + collar + star + strap
    return body + (_short_lugs() if is_rugged else _short_sole(paint))


def _low_upper(paint: Paint, emblem: str, *, has_laces: bool = True) -> str:
    body = fill(_TONGUE, paint.light) + fill(_UPPER, paint.base)
    body += inside(
        _UPPER,
        "shade",
        fill("M60 310 C160 262 320 300 440 270 L440 330 L60 330 Z", paint.dark, 0.4),
    )
    body += fill(_HEEL, paint.dark) + fill(_TOE, paint.dark, 0.55)
    body += _emblem(paint, emblem) + line(_COLLAR, paint.deep, 12)
    if has_laces:
        body += fill(_LACE_STAY, paint.dark)
        body += lines(
            ("M232 188 L262 170", "M250 204 L280 184", "M269 219 L298 199", "M290 232 L318 212"),
            CREAM,
            8,
        )
    return body + line("M96 186 C90 178 92 170 100 168", paint.accent, 8)


def _emblem(paint: Paint, emblem: str) -> str:
    if emblem == "leaf":
        vein = line("M186 284 C216 270 242 256 274 248", paint.base, 4)
        return fill(_EMBLEMS["leaf"][0], paint.accent) + vein
    return lines(_EMBLEMS.get(emblem, ()), paint.accent, 11)


def _reflectors() -> str:
    marks = ("M96 250 L140 276", "M92 268 L124 288", "M352 264 L372 296", "M374 262 L392 298")
    return lines(marks, "#f3f7d0", 7) + lines(marks, "#ffffff", 2.5)


def _smooth_sole(paint: Paint, shape: str, *, is_plush: bool) -> str:
    groove = "M80 318 C180 330 320 328 430 314" if is_plush else "M80 314 C180 324 320 322 424 310"
    sole = fill(shape, CREAM) + line(groove, paint.accent, 6, 0.85)
    drop = 12 if is_plush else 0
    return sole + f'<g transform="translate(0 {drop})">{fill(_OUTSOLE, paint.deep)}</g>'


def _lugged_sole(paint: Paint) -> str:
    lugs = "".join(
        fill(f"M{x} 336 L{x + 26} 336 L{x + 22} 356 L{x + 4} 356 Z", NIGHT)
        for x in range(80, 400, 34)
    )
    return (
        lugs
        + fill("M408 336 L434 322 L428 348 L412 354 Z", NIGHT)
        + fill(_MIDSOLE, NIGHT)
        + fill(
            "M72 291 C67 303 66 311 69 320 C190 328 320 326 443 313 C445 299 435 293 421 295"
            " C321 303 190 299 72 291 Z",
            mix(paint.base, CREAM, 0.72),
        )
        + line("M76 308 C190 316 320 314 438 303", paint.accent, 4, 0.9)
    )


def _short_sole(paint: Paint) -> str:
    return fill(
        "M98 292 C90 312 92 334 112 338 L380 338 C410 338 424 322 420 304 C418 294 410 294 400 295"
        " C300 300 180 298 98 292 Z",
        CREAM,
    ) + line("M104 320 C190 326 320 326 408 316", paint.accent, 6)


def _short_lugs() -> str:
    lugs = "".join(fill(f"M{x} 330 h26 l-4 20 h-18 Z", NIGHT) for x in range(106, 386, 34))
    return lugs + fill(
        "M98 292 C90 312 92 334 112 338 L380 338 C410 338 424 322 420 304 C418 294 410 294 400 295"
        " C300 300 180 298 98 292 Z",
        NIGHT,
    )
