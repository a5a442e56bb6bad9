"""Draws charts as SVG: cached by the hash of their specification, in files named by the hash of their content."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import vl_convert

from portal.builder.index import replace_file
from portal.builder.precompress import FORMS, precompress
from portal.figures.charts.style import style
from portal.figures.figure import Figure
from portal.palette import darkened
from portal.render.rendered import Picture

LAYOUTS = {"wide": False, "narrow": True}
DIGITS = 20  # of the hash in a drawing's name


def content_name(content: bytes, suffix: str) -> str:
    """A file name that is a hash of the content, so that a file never changes under its name."""
    return f"{hashlib.sha256(content).hexdigest()[:DIGITS]}{suffix}"


@dataclass
class Drawer:
    """Draws into the folder of one rendered release. `prefix`: the path of its drawings' URLs; `charts`: the cache of
    drawings by the hash of their specification.
    """

    prefix: str
    out: Path
    charts: Path
    pictures: dict[str, dict[str, Picture]] = field(default_factory=dict)  # by specification, then by theme

    def draw(self, spec: str) -> dict[str, Picture]:
        """The pictures of a Vega-Lite specification in light colours, by theme."""
        if spec not in self.pictures:
            light = self._drawing(spec)
            self.pictures[spec] = {"light": self._picture(light), "dark": self._picture(darkened(light))}
        return self.pictures[spec]

    def figure(self, figure: Figure) -> dict[str, Picture]:
        """A figure's four pictures by theme and layout."""
        if not figure.chart:
            return {}
        specs: dict[str, str] = {}
        for layout, small in LAYOUTS.items():
            with style("light", small):
                specs[layout] = json.dumps(figure.chart.draw().to_dict(validate=False))
        return {f"{theme}-{layout}": picture for layout, spec in specs.items()
                for theme, picture in self.draw(spec).items()}

    def _drawing(self, spec: str) -> str:
        """The SVG of a specification, from the cache if it is there and undamaged."""
        drawn_before = self.charts / hashlib.sha256(spec.encode()).hexdigest()
        try:
            name = drawn_before.read_text("utf-8")
            content = (self.charts / name).read_bytes()
            if content_name(content, ".svg") == name:
                return content.decode()
        except (OSError, ValueError):  # not cached, or partly deleted
            name = ""
        svg = vl_convert.vegalite_to_svg(spec)
        name = content_name(svg.encode(), ".svg")
        self.charts.mkdir(parents=True, exist_ok=True)
        precompress(self.charts / name, svg.encode())
        replace_file(drawn_before, name.encode())
        return svg

    def _picture(self, svg: str) -> Picture:
        content = svg.encode()
        name = content_name(content, ".svg")
        if not (self.out / name).exists():
            before = self.charts / name
            if not before.exists() or before.read_bytes() != content:
                precompress(before, content)
            for suffix in (*FORMS, ""):  # the file itself last: where it is, its forms are
                if (form := before.with_name(name + suffix)).exists():
                    _link(form, self.out / form.name)
        root = ElementTree.fromstring(svg)  # noqa: S314  # drawn above
        width, height = (round(float(root.get(side, "0"))) for side in ("width", "height"))
        return Picture(f"{self.prefix}/{name}", width, height)

    def forms(self, url: str) -> list[str]:
        """The names of a drawing's files, given its URL: the drawing and its compressed forms."""
        name = url.rpartition("/")[2]
        return [name + suffix for suffix in ("", *FORMS) if (self.out / (name + suffix)).exists()]


def _link(source: Path, target: Path) -> None:
    """A hard link to a file, or a copy where the file system has no hard links."""
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:
        shutil.copyfile(source, target)
