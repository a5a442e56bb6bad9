"""Is it changing? Each change as a dot in its interval, on one axis: fewer, no change, more.

A hollow dot: chance could explain it; a solid one: chance rarely makes it. One colour: no change is good or bad.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from portal.figures.charts.chart import Chart
from portal.figures.charts.lettering import LINE, SMALL, balanced, widest, width_of, wrapped
from portal.figures.charts.sheet import Sheet
from portal.language import t

WIDEST, LEAST = 100.0, 10.0  # percent, or points: the axis goes no further, and no less far
NAMES, NUMBERS, GAP = 236.0, 138.0, 12.0  # pixels in the wide drawing: of names, of numbers, between them and the axis
END, RADIUS = 6.0, 6.5  # pixels: half the height of an interval's ends, and of a dot


@dataclass(frozen=True)
class ChangeRow:
    """A change in percent, or in points of a share, with its interval.

    `compared`: the two numbers in words; `size` and `interval`: the change and its range in words; `clear`: whether
    chance alone rarely makes it.
    """

    name: str
    compared: str
    size: str
    interval: str
    low: float
    value: float
    high: float
    clear: bool


@dataclass(frozen=True)
class _Axis:
    """The left and right end of the axis in pixels, and the largest change on it."""

    left: float
    right: float
    most: float

    def x(self, change: float) -> float:
        """The x of a change in pixels; a change larger than the axis is drawn at its end."""
        part = max(-self.most, min(self.most, change)) / self.most
        return (self.left + self.right) / 2 + (self.right - self.left) / 2 * part


def changes(rows: Sequence[ChangeRow], note: str) -> Chart | None:
    """A row a change; None without any."""
    if not rows:
        return None
    most = min(WIDEST, max(LEAST, *(abs(end) for row in rows for end in (row.low, row.high))))

    def draw() -> alt.LayerChart:
        sheet = Sheet()
        ends = (10.0, sheet.width - 10.0) if sheet.narrow else (NAMES + GAP, sheet.width - NUMBERS - GAP)
        axis = _Axis(*ends, most)
        top = y = _heads(sheet, axis)
        lows = []
        for row in rows:
            lows.append(y)
            y = _narrow_row(sheet, row, axis, y) if sheet.narrow else _wide_row(sheet, row, axis, y)
        if not sheet.narrow:
            sheet.line((axis.x(0), top), (axis.x(0), y), "all", 1.2)
        for row, at in zip(rows, _middles(sheet, rows, top), strict=True):
            _interval(sheet, row, axis, at)
        y = sheet.words(wrapped(_legend(), sheet.width, size=SMALL), 0, y + 14, ink="ink_2", size=SMALL)
        return sheet.chart(y - 6, note)
    return Chart(draw, ". ".join([*(_words(row) for row in rows), _legend()]))


def _legend() -> str:
    return t("Hollow dot: chance could explain it. The line is the 99% interval.")


def _words(row: ChangeRow) -> str:
    size = f"{row.size} ({row.interval})"
    return t("{what}: {number}", what=row.name, number="; ".join(part for part in (size, row.compared) if part))


def _heads(sheet: Sheet, axis: _Axis) -> float:
    """What the two sides and the middle of the axis mean. Returns the y of the first row."""
    fewer, none, more = t("fewer, lower"), t("no change"), t("more, higher")
    wide = [width_of(words, size=SMALL) for words in (fewer, none, more)]
    beyond = 10 if sheet.narrow else 60  # the names may be wider than the axis: nothing stands beside them
    tight = sum(wide) + max(wide[0], wide[2]) - min(wide[0], wide[2]) + 20 > axis.right - axis.left + 2 * beyond
    sheet.words(fewer, axis.left - beyond, 9, ink="ink_2", size=SMALL)
    sheet.words(more, axis.right + beyond, 9, ink="ink_2", size=SMALL, align="right")
    sheet.words(none, axis.x(0), 9 + (LINE if tight else 0), ink="ink_2", size=SMALL, align="center")
    return 20.0 + (LINE if tight else 0)


def _wide_row(sheet: Sheet, row: ChangeRow, axis: _Axis, y: float) -> float:
    """A row's name and numbers at the left, the change at the right of its interval. Returns the y of the next row."""
    high = _height(sheet, row)
    sheet.line((0, y), (sheet.width, y), "grid", 1)
    below = sheet.words(wrapped(row.name, NAMES, bold=True), 0, y + 15, bold=True, line=LINE - 1)
    sheet.words(balanced(row.compared, NAMES, size=SMALL), 0, below, ink="ink_2", size=SMALL, line=LINE - 2)
    size, interval = _numbers(row)
    at = y + high / 2 - ((LINE - 1) * (len(size) + len(interval)) - LINE) / 2
    at = sheet.words(size, sheet.width, at, bold=True, align="right", line=LINE - 1)
    sheet.words(interval, sheet.width, at, ink="ink_2", size=SMALL, align="right", line=LINE - 1)
    return y + high


def _numbers(row: ChangeRow) -> tuple[list[str], list[str]]:
    return wrapped(row.size, NUMBERS, bold=True), wrapped(row.interval, NUMBERS, size=SMALL)


def _narrow_head(sheet: Sheet, row: ChangeRow) -> tuple[list[str], list[str]]:
    """A row's name, and its size behind it or, where there is no room, below."""
    size = wrapped(row.size, sheet.width / 2, bold=True, size=SMALL)
    room = sheet.width - widest(size, bold=True, size=SMALL) - 10
    return wrapped(row.name, room, bold=True, size=SMALL), size


def _height(sheet: Sheet, row: ChangeRow) -> float:
    """How high a row is, in pixels."""
    if sheet.narrow:
        return 38.0 + (LINE - 1) * max(map(len, _narrow_head(sheet, row)))
    name_height = (LINE - 1) * len(wrapped(row.name, NAMES, bold=True)) + (LINE - 2) * len(
        wrapped(row.compared, NAMES, size=SMALL))
    return max(name_height, (LINE - 1) * sum(map(len, _numbers(row)))) + 18


def _narrow_row(sheet: Sheet, row: ChangeRow, axis: _Axis, y: float) -> float:
    name, size = _narrow_head(sheet, row)
    sheet.line((0, y), (sheet.width, y), "grid", 1)
    sheet.words(name, 0, y + 14, bold=True, size=SMALL, line=LINE - 1)
    sheet.words(size, sheet.width, y + 14, bold=True, size=SMALL, align="right", line=LINE - 1)
    low = y + _height(sheet, row)
    sheet.line((axis.x(0), low - 30), (axis.x(0), low - 4), "all", 1.2)
    return low


def _middles(sheet: Sheet, rows: Sequence[ChangeRow], y: float) -> list[float]:
    """Where each row's interval stands."""
    middles = []
    for row in rows:
        high = _height(sheet, row)
        middles.append(y + high - 17 if sheet.narrow else y + high / 2)
        y += high
    return middles


def _interval(sheet: Sheet, row: ChangeRow, axis: _Axis, y: float) -> None:
    """The line from end to end with the dot; no end where the interval goes on beyond the axis."""
    sheet.line((axis.x(row.low), y), (axis.x(row.high), y), "edge", 2)
    for end in (row.low, row.high):
        if abs(end) <= axis.most:
            sheet.line((axis.x(end), y - END), (axis.x(end), y + END), "edge", 2)
    sheet.dots([(axis.x(row.value), y)], RADIUS, "event")
    if not row.clear:
        sheet.dots([(axis.x(row.value), y)], RADIUS - 2, "card")
