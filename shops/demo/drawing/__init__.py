"""Draws the catalogue's pictures as SVG. Run by hand when a product is added; never by a server."""
