"""Checks a picture before any page shows it: it exists, and a drawing only draws."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from shops.demo.fields import Fields

LARGEST = 500_000
"""Bytes."""
_MAY_NOT_HOLD = {"script", "foreignObject", "image", "a", "iframe", "animate", "set", "handler"}
_DECLARATION = re.compile(r"<!DOCTYPE|<!ENTITY|<\?xml-stylesheet", re.IGNORECASE)
_OUTSIDE = re.compile(r"url\((?!\s*['\"]?#)|@import|javascript:|data:", re.IGNORECASE)


def check_picture(path: Path, fields: Fields) -> None:
    """Raises the CatalogueError of the product whose picture it is."""
    if not path.is_file():
        raise fields.refusal("picture", f"there is no file {path}")
    if path.stat().st_size > LARGEST:
        raise fields.refusal("picture", f"{path.name} is larger than {LARGEST} bytes")
    if path.suffix == ".svg" and (reason := _wrong_with_drawing(path.read_bytes())):
        raise fields.refusal("picture", f"{path.name} {reason}")


def _wrong_with_drawing(content: bytes) -> str:
    """Why the SVG may not be shown; empty if it may."""
    try:
        drawing = content.decode("utf-8")
        if _DECLARATION.search(drawing):
            return "must not declare a document type, an entity or a style sheet"
        root = ElementTree.fromstring(drawing)  # noqa: S314 -- nothing is declared
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        return f"is not well-formed XML: {error}"
    if _bare(root.tag) != "svg":
        return "is not an SVG drawing"
    for element in root.iter():
        if reason := _wrong_with_element(element):
            return reason
    return ""


def _wrong_with_element(element: ElementTree.Element) -> str:
    name = _bare(element.tag)
    if name in _MAY_NOT_HOLD:
        return f"must not hold a <{name}>"
    if _OUTSIDE.search(element.text or ""):
        return f"refers to something outside itself in a <{name}>"
    for key, value in element.attrib.items():
        bare = _bare(key).lower()
        if bare.startswith("on"):
            return f"must not act by itself ({bare})"
        if _OUTSIDE.search(value) or (bare in {"href", "src"} and not value.startswith("#")):
            return f"refers to something outside itself in {bare}"
    return ""


def _bare(name: str) -> str:
    return name.rpartition("}")[2]
