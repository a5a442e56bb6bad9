"""In time: all calls as a line with their normal ups and downs, and the calls the team went to as bars on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import floor, log10

import altair as alt

from portal.figures.charts.chart import Chart, counted
from portal.figures.charts.lettering import LINE, SMALL, width_of, wrapped
from portal.figures.charts.sheet import Align, Point, Sheet
from portal.figures.statistics import Limits
from portal.language import short_month, t

LEAST = 8  # months; fewer are numbers
HIGH = {False: 236.0, True: 190.0}  # pixels of the plot, wide and narrow
ABOVE = 26.0  # pixels free above the highest point
STEPS = 4  # boxes that a line from month to month takes
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Month:
    """A month by its first day (YYYY-MM-DD): all calls, and those the team went to; None where that is not known."""

    start: str
    calls: float
    answered: float | None


@dataclass(frozen=True)
class Event:
    """An event in a month (YYYY-MM-DD): a line stands there, but for the first month, which has none before it."""

    start: str
    words: str


def months(calls: str, answered: str, series: Sequence[Month], note: str, usual: Limits | None = None,
           events: Sequence[Event] = ()) -> Chart | None:
    """A line and bars from zero, on one scale; None with fewer than eight months. `calls` and `answered` name the two;
    `usual`: between which numbers calls normally go up and down.
    """
    if len(series) < LEAST:
        return None

    def draw() -> alt.LayerChart:
        return _Plot(series, usual, events).drawn(calls, answered, note)
    return Chart(draw, _words(calls, answered, series, usual, events))


def _words(calls: str, answered: str, series: Sequence[Month], usual: Limits | None, events: Sequence[Event]) -> str:
    named = [(short_month(date.fromisoformat(entry.start)), entry) for entry in series]
    all_calls = "; ".join(f"{name} {counted(month.calls)}" for name, month in named)
    phrases = [t("{what}: {number}", what=calls, number=all_calls)]
    team = "; ".join(f"{name} {counted(month.answered)}" for name, month in named if month.answered is not None)
    phrases += [t("{what}: {number}", what=answered, number=team)] if team else []
    phrases += [_usual_words(usual)] if usual else []
    phrases += [t("{what}: {number}", what=short_month(date.fromisoformat(event.start)), number=event.words)
                for event in events if event.start in {month.start for month in series[1:]}]
    return ". ".join(phrases)


def _usual_words(usual: Limits) -> str:
    return t("Normal ups and downs: {low} to {high} a month", low=counted(round(usual.low)),
             high=counted(round(usual.high)))


def ticks(peak: float) -> list[float]:
    """From zero in even steps of 1, 2 or 5 and noughts, at most five of them, up to the highest mark."""
    size = 10.0 ** floor(log10(peak))
    step = next(step for step in (size / 5, size / 2, size, size * 2, size * 5) if peak / step <= 5)
    step = max(step, 1.0)
    return [step * at for at in range(int(peak / step + 1e-9) + 1)]


class _Plot:
    """The place of months and counts on a sheet, and what is taken of it already."""

    def __init__(self, series: Sequence[Month], usual: Limits | None, happened: Sequence[Event]) -> None:
        self.sheet, self.series, self.usual = Sheet(), series, usual
        starts = [month.start for month in series]
        room = (self.sheet.width - 40) / 2
        self.happened = [(starts.index(event.start), wrapped(event.words, room, size=SMALL)) for event in happened
                         if event.start in starts[1:]]
        self.peak = max(max(month.calls, month.answered or 0) for month in series)
        self.peak = max(self.peak, usual.high if usual else 0, 1)
        self.left = max(width_of(counted(tick), size=SMALL) for tick in ticks(self.peak)) + 8
        self.apart = (self.sheet.width - self.left - 6) / len(series)
        self.top = 6.0 + (LINE - 2) * sum(len(lines) for _, lines in self.happened) + ABOVE
        self.foot = self.top + HIGH[self.sheet.narrow]
        self.taken: list[Box] = []

    def x(self, at: float) -> float:
        """The middle of a month."""
        return self.left + (at + 0.5) * self.apart

    def y(self, count: float) -> float:
        """Where a count stands."""
        return self.foot - (self.foot - self.top) * count / self.peak

    def drawn(self, calls: str, answered: str, note: str) -> alt.LayerChart:
        """The whole drawing."""
        self._grid()
        self._happened()
        line = [(self.x(at), self.y(month.calls)) for at, month in enumerate(self.series)]
        bars = [(self.x(at), self.y(month.answered)) for at, month in enumerate(self.series)
                if month.answered is not None]
        self._bars(bars)
        self._line(line)
        newest = self.series[-1]
        self._newest(newest.calls, "all", line)
        if newest.answered is not None:
            self._newest(newest.answered, "team", bars)
        named = [self._usual_named(), self._name(calls, "all", line), self._name(answered, "team", bars)]
        return self.sheet.chart(self._key([name for name in named if name], self.foot + LINE + 4), note)

    def _grid(self) -> None:
        for tick in ticks(self.peak):
            self.sheet.words(counted(tick), self.left - 8, self.y(tick), ink="ink_2", size=SMALL, align="right")
        if self.usual:
            low, high = self.y(self.usual.low), self.y(self.usual.high)
            path = f"M{self.left:.1f},{high:.1f}H{self.sheet.width:.1f}V{low:.1f}H{self.left:.1f}z"
            self.sheet.path(path, "band")
            for y in (low, high):
                self.sheet.line((self.left, y), (self.sheet.width, y), "edge", 1.2, dashed=True)
                self.taken.append((self.left, y - 2, self.sheet.width, y + 2))
        for tick in ticks(self.peak):
            self.sheet.line((self.left, self.y(tick)), (self.sheet.width, self.y(tick)), "edge" if not tick else "grid",
                            1)
        self._months()

    def _months(self) -> None:
        """Names of months below the plot, as often as they fit, the first one always."""
        free = 0.0
        for at, month in enumerate(self.series):
            words = short_month(date.fromisoformat(month.start))
            wide = width_of(words, size=SMALL)
            start = max(0.0, self.x(at) - wide / 2)
            if start >= free and start + wide <= self.sheet.width:
                self.sheet.words(words, start, self.foot + 14, ink="ink_2", size=SMALL)
                self.sheet.line((self.x(at), self.foot), (self.x(at), self.foot + 4), "edge", 1)
                free = start + wide + (26 if self.sheet.narrow else 14)

    def _happened(self) -> None:
        """A dashed line at each event, its words above the plot, on the side where there is room."""
        y = 9.0
        for at, lines in self.happened:
            x = self.x(at) - self.apart / 2
            wide = max(width_of(line, size=SMALL) for line in lines)
            align: Align = "left" if x + 6 + wide <= self.sheet.width else "right"
            self.sheet.line((x, y - 4), (x, self.foot), "edge", 1.2, dashed=True)
            self.taken.append((x - 2, self.top, x + 2, self.foot))
            y = self.sheet.words(lines, x + (6 if align == "left" else -6), y, size=SMALL, align=align, line=LINE - 2)

    def _bars(self, places: Sequence[Point]) -> None:
        wide = min(18.0, max(2.0, self.apart * 0.6))
        for x, y in places:
            if y < self.foot:
                self.sheet.rectangle(x - wide / 2, y, wide, self.foot - y, "team")
            self.taken.append((x - wide / 2, y, x + wide / 2, self.foot))

    def _line(self, places: Sequence[Point]) -> None:
        self.sheet.path("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in places), "", "all", 2.5)
        self.sheet.dots(places, min(3.3, self.apart / 3), "all")
        for (x, y), (x2, y2) in pairwise(places):
            points = [(x + (x2 - x) * at / STEPS, y + (y2 - y) * at / STEPS) for at in range(STEPS + 1)]
            self.taken += [(left - 3, min(y1, y2) - 4, right + 3, max(y1, y2) + 4)
                           for (left, y1), (right, y2) in pairwise(points)]

    def _free(self, box: Box) -> bool:
        left, top, right, bottom = box
        inside = left >= self.left and right <= self.sheet.width and top >= self.top - ABOVE and bottom <= self.foot
        return inside and not any(left < taken[2] and taken[0] < right and top < taken[3] and taken[1] < bottom
                                  for taken in self.taken)

    def _put(self, words: str, box: Box, ink: str) -> None:
        self.sheet.words(words, box[0], (box[1] + box[3]) / 2, bold=ink != "ink_2", ink=ink, size=SMALL)
        self.taken.append(box)

    def _newest(self, count: float, meaning: str, places: Sequence[Point]) -> None:
        """The newest number at its mark, above or below it."""
        words, (x, y) = counted(count), places[-1]
        wide = width_of(words, bold=True, size=SMALL)
        left = min(x - wide / 2, self.sheet.width - wide)
        for top in (y - 21, y + 7):
            if self._free(box := (left, top, left + wide, top + 15)):
                self._put(words, box, meaning)
                return

    def _usual_named(self) -> tuple[str, str] | None:
        """The name of the band, above or below it; where there is no room, it is given back."""
        if not self.usual:
            return None
        words = _usual_words(self.usual)
        wide = width_of(words, size=SMALL)
        for y in (self.y(self.usual.high) - 19, self.y(self.usual.low) + 4):
            for left in (self.left, self.sheet.width - wide):
                if self._free(box := (left, y, left + wide, y + 15)):
                    self._put(words, box, "ink_2")
                    return None
        return words, "band"

    def _name(self, words: str, meaning: str, places: Sequence[Point]) -> tuple[str, str] | None:
        """The name of a series, as close to its marks as there is room; where there is none, it is given back."""
        if not places:
            return None
        wide = width_of(words, bold=True, size=SMALL)
        found: list[tuple[float, Box]] = []
        for x, _ in places:
            under = [y for at, y in places if x - self.apart <= at <= x + wide + self.apart]
            tops = (min(under) - 24, max(under) + 9) if meaning == "all" else (min(under) - 20,)
            boxes = ((x, top, x + wide, top + 15) for top in tops)
            found += [(max(under) - min(under), box) for box in boxes if self._free(box)]
        if not found:
            return words, meaning
        self._put(words, min(found)[1], meaning)
        return None

    def _key(self, names: Sequence[tuple[str, str]], y: float) -> float:
        """Names that found no room in the plot, each behind its mark. Returns the height of the drawing."""
        for words, meaning in names:
            y += LINE - 4
            bold, ink = meaning != "band", "ink_2" if meaning == "band" else meaning
            self._mark(meaning, y)
            lines = wrapped(words, self.sheet.width - 24, bold=bold, size=SMALL)
            y = self.sheet.words(lines, 24, y, bold=bold, ink=ink, size=SMALL)
        return y

    def _mark(self, meaning: str, y: float) -> None:
        """A small piece of a series, or of the band."""
        if meaning == "team":
            self.sheet.rectangle(3, y - 5, 10, 10, "team")
        elif meaning == "all":
            self.sheet.line((0, y), (16, y), "all", 2.5)
            self.sheet.dots([(8, y)], 3.3, "all")
        else:
            self.sheet.path(f"M0,{y - 5:.1f}h16v10h-16z", "band")
            for at in (y - 5, y + 5):
                self.sheet.line((0, at), (16, at), "edge", 1.2, dashed=True)
