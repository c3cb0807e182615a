"""Colours, marks and the soft ground that every picture shares. The canvas is 480 units square."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

INKS = {
    "black": "#3a3d42",
    "white": "#f4f1ea",
    "grey": "#8d949b",
    "navy": "#34476b",
    "blue": "#3f78b5",
    "sky": "#82b9dc",
    "green": "#5b8559",
    "mint": "#86c7b1",
    "red": "#c4524a",
    "orange": "#e08a48",
    "yellow": "#eebf4f",
    "beige": "#d8c4a2",
    "brown": "#92694a",
    "pink": "#e39bab",
    "purple": "#86709f",
}
"""How each colour of the store is drawn."""
CREAM = "#fbf7ee"
NIGHT = "#2d3138"
GOLD = "#dcae5a"


@dataclass(frozen=True, kw_only=True)
class Paint:
    """The colours of one thing."""

    base: str
    accent: str

    @property
    def dark(self) -> str:
        """The base in shade."""
        return mix(self.base, "#1f2430", 0.24)

    @property
    def deep(self) -> str:
        """The base in deep shade: seams, inside."""
        return mix(self.base, "#1f2430", 0.46)

    @property
    def light(self) -> str:
        """The base in light."""
        return mix(self.base, "#ffffff", 0.26)


def mix(colour: str, other: str, share: float) -> str:
    """Blend `share` (0 to 1) of the other colour into the first; both are #rrggbb."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def fill(path: str, colour: str, opacity: float = 1) -> str:
    """A filled shape."""
    return f'<path d="{path}" fill="{colour}"{_opacity(opacity)}/>'


def line(path: str, colour: str, width: float, opacity: float = 1, dashes: str = "") -> str:
    """A drawn line with round ends."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"'
        f' stroke-linecap="round" stroke-linejoin="round"{dashed}{_opacity(opacity)}/>'
    )


def lines(paths: Iterable[str], colour: str, width: float, opacity: float = 1) -> str:
    """Several lines drawn without lifting the pen's settings."""
    return line(" ".join(paths), colour, width, opacity)


def disc(x: float, y: float, radius: float, colour: str, opacity: float = 1) -> str:
    """A filled circle."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour}"{_opacity(opacity)}/>'


def oval(x: float, y: float, wide: float, high: float, colour: str, opacity: float = 1) -> str:
    """A filled ellipse of half-width and half-height."""
    return (
        f'<ellipse cx="{x:g}" cy="{y:g}" rx="{wide:g}" ry="{high:g}" fill="{colour}"'
        f"{_opacity(opacity)}/>"
    )


def box(x: float, y: float, wide: float, high: float, colour: str, *, round_by: float = 0) -> str:
    """A filled rectangle."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="{round_by:g}"'
        f' fill="{colour}"/>'
    )


def inside(outline: str, name: str, marks: str) -> str:
    """Marks cut off at an outline; the name must be the only one in its picture."""
    return (
        f'<clipPath id="{name}"><path d="{outline}"/></clipPath>'
        f'<g clip-path="url(#{name})">{marks}</g>'
    )


def placed(marks: str, *, x: float = 0, y: float = 0, scale: float = 1, turn: float = 0) -> str:
    """Marks moved, then scaled, then turned by degrees about their own origin."""
    parts = [f"translate({x:g} {y:g})"]
    parts += [f"scale({scale:g})"] if scale != 1 else []
    parts += [f"rotate({turn:g})"] if turn else []
    return f'<g transform="{" ".join(parts)}">{marks}</g>'


def mirrored(marks: str) -> str:
    """The marks and their mirror image about the middle of the canvas."""
    other = re.sub(r'(id="|url\(#)', r"\1other-", marks)
    return f'{marks}<g transform="translate(480 0) scale(-1 1)">{other}</g>'


def picture(marks: str, ground: str, title: str) -> str:
    """A whole SVG: a pale ground of that colour, a hill, and the thing drawn upon it."""
    pale = mix(ground, "#fffdf8", 0.82)
    hill = mix(ground, "#fffdf8", 0.7)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480" role="img">\n'
        f"<title>{title}</title>\n"
        f'<rect width="480" height="480" fill="{pale}"/>\n'
        + disc(356, 130, 74, mix(ground, "#fffdf8", 0.92))
        + fill("M0 352 C90 306 176 318 254 338 C336 360 408 334 480 300 L480 480 L0 480 Z", hill)
        + f"\n{marks}\n</svg>\n"
    )


def shadow(x: float, y: float, wide: float) -> str:
    """What a thing standing there throws upon the ground."""
    return oval(x, y, wide, wide * 0.075, "#3b3a36", 0.16)


def _opacity(opacity: float) -> str:
    return f' opacity="{opacity:g}"' if opacity != 1 else ""
