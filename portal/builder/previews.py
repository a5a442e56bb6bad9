"""The pictures that link previews show: the main chart of each page as PNG, for they read no SVG."""

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from itertools import product
from pathlib import Path

import vl_convert

from portal.navigation import PAGES
from portal.render.rendered import Picture


def previews(figures: Mapping[str, dict[str, str]], periods: Iterable[str], out: Path) -> None:
    """Give the first drawn figure of each page its preview, for each period."""
    for page, period in product(PAGES, periods):
        ready = next((one for name in page.figures if (one := figures[f"{name}|{period}"])["picture"]), None)
        if ready and not ready["preview"]:
            ready["preview"] = json.dumps(astuple(drawn(ready["picture"], out)))


def drawn(address: str, out: Path) -> Picture:
    """A drawing as PNG in `out`, twice as large, given its address."""
    where, _, name = address.rpartition("/")
    png = vl_convert.svg_to_png((out / name).read_text("utf-8"), scale=2)
    name = f"{hashlib.sha256(png).hexdigest()[:20]}.png"
    (out / name).write_bytes(png)
    width, height = struct.unpack(">II", png[16:24])  # the PNG's own header
    return Picture(f"{where}/{name}", width, height)
