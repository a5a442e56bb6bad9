"""A drawing as a reader gets it: its SVG taken apart into words and shapes, in the colours and pixels drawn."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations
from xml.etree import ElementTree

import vl_convert

from portal.figures.charts.chart import Chart
from portal.figures.charts.lettering import ROOM, width_of
from portal.figures.charts.sheet import EDGE
from portal.figures.charts.style import style
from portal.palette import PALETTE


@dataclass(frozen=True)
class DrawnWords:
    """Words of a drawing: their size in pixels, and the box they take where the typeface is as wide as Noto Sans."""

    text: str
    size: float
    left: float
    right: float
    middle: float

    def meets(self, other: "DrawnWords") -> bool:
        """Whether two boxes lie over each other."""
        apart = self.right <= other.left or other.right <= self.left
        return not apart and abs(self.middle - other.middle) < 0.85 * max(self.size, other.size)


@dataclass(frozen=True)
class DrawnShape:
    """A path with its colours."""

    path: str
    fill: str
    stroke: str

    @property
    def pieces(self) -> int:
        """Of how many separate shapes it is made."""
        return self.path.count("M")

    @property
    def width(self) -> float:
        """From its leftmost to its rightmost point, in pixels."""
        across = [float(x) for x in re.findall(r"[ML](-?[\d.]+)", self.path)]
        return max(across) - min(across)


@dataclass(frozen=True)
class Svg:
    """A drawing as SVG."""

    source: str

    @cached_property
    def root(self) -> ElementTree.Element:
        """Its root element."""
        return ElementTree.fromstring(self.source)

    @property
    def width(self) -> float:
        """In pixels."""
        return float(self.root.get("width", "0"))

    @property
    def height(self) -> float:
        """In pixels."""
        return float(self.root.get("height", "0"))

    @property
    def words(self) -> list[DrawnWords]:
        """All its words."""
        found = []
        for element in self.root.iter("{http://www.w3.org/2000/svg}text"):
            moved = re.match(r"translate\((-?[\d.]+),(-?[\d.]+)\)", element.get("transform", ""))
            assert moved and element.text
            x, y = float(moved[1]) + EDGE, float(moved[2])
            size = float(element.get("font-size", "0").removesuffix("px"))
            wide = width_of(element.text, element.get("font-weight") == "700", size) / ROOM
            left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "start")]
            found.append(DrawnWords(element.text, size, left, left + wide, y - 0.3 * size))
        return found

    @property
    def said(self) -> str:
        """All its words, in the order drawn."""
        return " ".join(words.text for words in self.words)

    def shapes(self, meaning: str) -> list[DrawnShape]:
        """The shapes filled with a colour of the light theme."""
        wanted = PALETTE[meaning][0]
        found = [DrawnShape(one.get("d", ""), one.get("fill", ""), one.get("stroke", ""))
                 for one in self.root.iter("{http://www.w3.org/2000/svg}path")]
        return [row for row in found if row.fill == wanted]

    def strokes(self, meaning: str) -> list[DrawnShape]:
        """The lines and edges in a colour of the light theme."""
        wanted = PALETTE[meaning][0]
        return [DrawnShape(one.get("d", ""), one.get("fill", ""), wanted)
                for one in self.root.iter("{http://www.w3.org/2000/svg}path") if one.get("stroke") == wanted]

    def unreadable(self) -> list[str]:
        """What nobody should have to read: words that are too small, leave the drawing, or lie over others."""
        words = self.words
        wrong = [f"small: {word.text}" for word in words if word.size < 11.7]
        wrong += [f"outside: {word.text}" for word in words if word.left < -1 or word.right > self.width + 1
                  or word.middle < 4 or word.middle > self.height - 4]
        return wrong + [f"over each other: {one.text} | {other.text}" for one, other in combinations(words, 2)
                        if one.meets(other)]


@cache
def drawn(drawing: Chart | None, mode: str = "light", *, small: bool = False) -> Svg:
    """The SVG of a drawing, whose specification is held to Vega-Lite's schema."""
    assert drawing is not None
    with style(mode, small):
        return Svg(vl_convert.vegalite_to_svg(json.dumps(drawing.draw().to_dict())))


def numbers(words: str) -> list[str]:
    """The numbers in words, as they are written."""
    return re.findall(r"\d[\d,.]*\d|\d", words)


def missing_numbers(drawing: Chart, counts: Sequence[float]) -> list[float]:
    """Those of the counts that the alt text does not say."""
    said = {number.replace(",", "") for number in numbers(drawing.alt)}
    return [count for count in counts if f"{round(count, 1):g}" not in said]
