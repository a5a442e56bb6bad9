"""The pictures that link previews show: the main chart of each page as PNG, for they read no SVG."""

import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import vl_convert

from portal.builder.drawer import content_name
from portal.navigation import PAGES
from portal.render.rendered import STAND_IN, Picture, RenderedFigure


def with_previews(figures: Mapping[str, RenderedFigure], out: Path) -> dict[str, RenderedFigure]:
    """The figures of one period; the first drawn figure of each page, and STAND_IN, have a preview."""
    firsts = {next((name for name in page.figures if figures[name].picture), STAND_IN) for page in PAGES}
    return {name: replace(figure, preview=preview(figure.picture, out))
            if name in firsts | {STAND_IN} and figure.picture else figure for name, figure in figures.items()}


def preview(address: str, out: Path) -> Picture:
    """A drawing as PNG in `out`, twice as large, given its address."""
    prefix, _, drawing = address.rpartition("/")
    png = vl_convert.svg_to_png((out / drawing).read_text("utf-8"), scale=2)
    name = content_name(png, ".png")
    (out / name).write_bytes(png)
    width, height = struct.unpack(">II", png[16:24])  # the PNG's own header
    return Picture(f"{prefix}/{name}", width, height)
