"""A drawing in pixels, y downward, as wide as the layout: paths and words, put together as one Altair chart.

All paths are rows of one layer and all words rows of another: a layer costs as much as a chart, a row next to nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, Self

import altair as alt

from portal.figures.charts.chart import Meaning
from portal.figures.charts.lettering import LINE, SIZE, SMALL, width_of
from portal.figures.charts.style import FONT, colour, narrow, width

Point = tuple[float, float]
Align = Literal["left", "center", "right"]
FILLS = {"hollow": "", "none": ""}  # a meaning's fill, where it is not the meaning itself
EDGES = {"hollow": "edge", "absent": "absent_edge", "part_2": "part_edge", "part_3": "part_edge"}
HATCH = 7.0  # pixels between the strokes of a hatching
EDGE = 2  # pixels free at both sides: some letters begin before their place
FREE = 18  # pixels at the foot, for the words "Made-up data"


def ink_on(meaning: Meaning) -> str:
    """The ink that is read on a part's fill."""
    return "ink" if meaning in {"hollow", "absent", "part_2", "part_3"} else "card"


class Sheet:
    """An empty sheet in the theme and layout in force, or as wide as `wide` says. Colours are named by their meaning
    (portal/palette.py).
    """

    def __init__(self, wide: int = 0) -> None:
        self.narrow = narrow()
        self.width = (wide or width()) - 2 * EDGE
        self._paths: list[dict[str, object]] = []
        self._words: list[dict[str, object]] = []

    def path(self, path: str, fill: str = "", stroke: str = "", thick: float = 1.5, *, dashed: bool = False,
             round_ends: bool = False) -> None:
        """An SVG path in the sheet's pixels."""
        row: dict[str, object] = {"path": path, "fill": colour(fill) if fill else None,
                               "stroke": colour(stroke) if stroke else None, "thick": thick if stroke else 0}
        if dashed:
            row["dash"] = [5, 4]
        if round_ends:
            row["cap"] = "round"
        self._paths.append(row)

    def line(self, start: Point, end: Point, stroke: str = "edge", thick: float = 1.5, *, dashed: bool = False) -> None:
        """A straight line."""
        self.path(f"M{start[0]:.1f},{start[1]:.1f}L{end[0]:.1f},{end[1]:.1f}", "", stroke, thick, dashed=dashed)

    def rectangle(self, x: float, y: float, wide: float, high: float, meaning: Meaning) -> None:
        """A rectangle in a part's fill and edge, its edge inside; the meaning `part_3` is hatched."""
        edge = EDGES.get(meaning, "")
        inset = 0.75 if edge else 0.0
        wide, high = max(wide - 2 * inset, 0.5), high - 2 * inset
        x, y = x + inset, y + inset
        self.path(f"M{x:.1f},{y:.1f}h{wide:.1f}v{high:.1f}h{-wide:.1f}z", FILLS.get(meaning, meaning), edge)
        if meaning == "part_3":
            self._hatching(x, y, wide, high)

    def _hatching(self, x: float, y: float, wide: float, high: float) -> None:
        """Strokes from lower left to upper right inside a rectangle."""
        strokes = [(x + max(0.0, at - high), y + min(at, high), x + min(at, wide), y + max(0.0, at - wide))
                   for at in (HATCH * step for step in range(1, int((wide + high) / HATCH) + 1))]
        self.path("".join("M{:.1f},{:.1f}L{:.1f},{:.1f}".format(*stroke) for stroke in strokes), "", "part_edge", 1)

    def squares(self, places: Sequence[Point], side: float, meaning: Meaning) -> None:
        """Squares as one path, given their upper left corners. Each is closed here: Vega closes the last one alone."""
        if places:
            self.path("".join(f"M{x:.1f},{y:.1f}h{side:g}v{side:g}h{-side:g}v{-side - 0.6:g}" for x, y in places),
                      FILLS.get(meaning, meaning), EDGES.get(meaning, ""), 1.2)

    def dots(self, places: Sequence[Point], radius: float, meaning: Meaning, thick: float = 1.2) -> None:
        """Dots as strokes of no length with round ends: 15 bytes each. Hollow ones are an edge with the card inside."""
        if not places:
            return
        points = "".join(f"M{x:.1f},{y:.1f}h.1" for x, y in places)
        edge = EDGES.get(meaning, "")
        self.path(points, "", edge or meaning, 2 * radius, round_ends=True)
        if edge:
            self.path(points, "", FILLS.get(meaning, meaning) or "card", 2 * (radius - thick), round_ends=True)

    def bracket(self, start: float, end: float, y: float, *, above: bool = False, stroke: str = "edge") -> None:
        """A bracket below what it holds together, or above it."""
        tick = y + 5 if above else y - 5
        self.path(f"M{start + 0.75:.1f},{tick:.1f}V{y:.1f}H{end - 0.75:.1f}V{tick:.1f}", "", stroke)

    def words(self, lines: str | Sequence[str], x: float, y: float, *, bold: bool = False, ink: str = "ink",
              size: int = SIZE, align: Align = "left", line: int = LINE) -> float:
        """Lines of words, the first one's middle at y. Returns the y of the line after the last."""
        lines = [lines] if isinstance(lines, str) else lines
        self._words += [{"x": round(x, 1), "y": round(y + line * at, 1), "words": words, "weight": 700 if bold else 400,
                         "ink": colour(ink), "size": size, "align": align} for at, words in enumerate(lines) if words]
        return y + line * len(lines)

    def number(self, written: str, words: Sequence[str], x: float, y: float) -> float:
        """A number in large letters with its words behind it. Returns the y of the line after the last."""
        self.words(written, x, y, bold=True, size=SIZE + 2)
        return max(self.words(words, x + number_width(written), y), y + LINE)

    def chart(self, height: float, note: str) -> alt.LayerChart:
        """The sheet as a chart of that height in pixels; `note` is written at its foot."""
        if note:
            self.words(note, self.width, height + FREE / 2, ink="ink_2", size=SMALL, align="right")
            height += FREE
        paths = _Layer(alt.InlineData(self._paths)).mark_point(
            x=0, y=0, size=4, opacity=1, filled=False, shape=_of("path"), fill=_of("fill"), stroke=_of("stroke"),
            strokeWidth=_of("thick"), strokeCap=alt.ExprRef("datum.cap || 'butt'"),
            strokeDash=alt.ExprRef("datum.dash || [1, 0]"))  # a symbol of size 4 is drawn at scale 1
        words = _Layer(alt.InlineData(self._words)).mark_text(
            x=_of("x"), y=_of("y"), text=_of("words"), align=_of("align"), baseline="middle", fontSize=_of("size"),
            fontWeight=_of("weight"), fill=_of("ink"))
        return alt.LayerChart(
            layer=[paths, words], width=self.width, height=int(height), background="transparent", autosize="none",
            padding={"left": EDGE, "right": EDGE, "top": 0, "bottom": 0},
            config={"view": {"stroke": None}, "mark": {"aria": False}, "text": {"font": FONT}})


class _Layer(alt.Chart):
    """A layer of a drawing. Putting a chart together, Altair copies each layer twice down to its last row, in case
    somebody else has it too; nobody has, and it was half of the time that Altair took.
    """

    def copy(self, deep: bool | Iterable[str] = True, ignore: list[str] | None = None) -> Self:
        """This chart itself where Altair would copy all of it, with every row, at each method call; else its copy."""
        return self if deep is True else super().copy(deep, ignore)


def number_width(written: str) -> float:
    """The pixels before the words that stand behind a large number."""
    return width_of(written, bold=True, size=SIZE + 2) * 0.93 + 6


def _of(field: str) -> alt.ExprRef:
    return alt.ExprRef(f"datum.{field}")
