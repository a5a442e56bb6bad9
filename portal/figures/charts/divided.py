"""How wholes divide: strips of one length, thick for all of the time and thin for each run. A bracket holds groups that
were put together, hatching says that "not recorded" is among them.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

import altair as alt

from portal.figures.charts.bars import draw_bars
from portal.figures.charts.chart import Chart, Meaning, Portion, counted, listed, titled, total
from portal.figures.charts.lettering import LARGE, LINE, SIZE, SMALL, width_of, wrapped
from portal.figures.charts.sheet import Sheet, ink_on
from portal.figures.charts.strips import Segment, segments
from portal.language import t

MOST = 4  # parts of a strip; more are bars
PERIODS = 158.0  # pixels for the names of periods in the wide drawing
THICK, THIN, GAP = 30.0, 20.0, 6.0  # pixels: of strips, and between them
TALLEST = 4  # lines of a name at a strip


@dataclass(frozen=True)
class DividedPeriod:
    """A period and the parts its whole divides into. Its parts may be put together in another way than others'."""

    words: str
    parts: tuple[Portion, ...]


@dataclass(frozen=True)
class Division:
    """One whole: its title, and its periods, the thick one first. `note`: words at the right of the title."""

    title: str
    periods: tuple[DividedPeriod, ...]
    note: str = ""


def divided(divisions: Sequence[Division], note: str) -> Chart | None:
    """The divisions one below the other; one of nothing is left out, and None is given where none is left. A thin strip
    stands only for a period with responses. More than four parts, or names that find no room, are bars in order of
    size.
    """
    drawn = [division for division in map(_coloured, divisions) if division.periods]
    if not drawn:
        return None

    def draw() -> alt.LayerChart:
        sheet, y = Sheet(), 10.0
        for division in drawn:
            y = _division(sheet, division, y) + 14
        return sheet.chart(y - 16, note)
    return Chart(draw, ". ".join(_words(division) for division in drawn))


def _words(division: Division) -> str:
    title = ", ".join(part for part in (division.title, division.note) if part)
    return titled(title, ". ".join(titled(period.words, listed(period.parts)) for period in division.periods))


def _coloured(division: Division) -> Division:
    """The division without empty periods. Parts of the same name are drawn in the same meaning (colour)."""
    periods = [period for period in division.periods if total(period.parts)]
    meanings: dict[str, Meaning] = {}
    for period in periods:
        for part in period.parts:
            meanings.setdefault(part.words, _meaning(part, set(meanings.values())))
    return replace(division, periods=tuple(replace(period, parts=tuple(
        replace(part, meaning=meanings[part.words]) for part in period.parts)) for period in periods))


def _meaning(part: Portion, taken: Container[Meaning]) -> Meaning:
    if part.unrecorded:
        return "part_3"
    return "part_2" if "part" in taken and "part_2" not in taken else "part"


def _division(sheet: Sheet, division: Division, y: float) -> float:
    first, *thin = division.periods
    y = _title(sheet, division, y)
    found = segments(first.parts, _start(sheet), sheet.width - _start(sheet))
    if len(found) > MOST or not _named(sheet, found):
        parts = sorted(first.parts, key=lambda part: -part.count)
        y = sheet.words(wrapped(first.words, sheet.width), 0, y, ink="ink_2", size=SMALL) + 2
        return draw_bars(sheet, parts, y, shares=False)
    y = _thick(sheet, first, found, y)
    for period in thin:
        y = _thin(sheet, period, first, y)
    return y


def _start(sheet: Sheet) -> float:
    return 0.0 if sheet.narrow else PERIODS


def _title(sheet: Sheet, division: Division, y: float) -> float:
    if not division.title:
        return y
    sheet.words(division.note, sheet.width, y, ink="ink_2", align="right", size=SMALL)
    room = sheet.width - width_of(division.note, size=SMALL) - (12 if division.note else 0)
    return sheet.words(wrapped(division.title, room, bold=True, size=LARGE), 0, y, bold=True, size=LARGE) + 4


def _room(sheet: Sheet, segment: Segment, parts: list[Segment]) -> tuple[float, bool]:
    """How many pixels a part's name has, and whether it is aligned to the right: the last name below a strip may reach
    to the left, where no other name stands below.
    """
    part, start, end = segment
    alone = part.merged and segment is parts[-1] and not any(other.merged for other, _, _ in parts[:-1])
    if alone and len(wrapped(part.words, end - start - 4, size=_size(sheet))) > 2:
        return sheet.width - _start(sheet), True
    return end - start - 4, False


def _size(sheet: Sheet) -> int:
    return SMALL if sheet.narrow else SIZE


def _named(sheet: Sheet, parts: list[Segment]) -> bool:
    """Whether each part's name and number find room at it."""
    for segment in parts:
        part, start, end = segment
        room, _ = _room(sheet, segment, parts)
        lines = wrapped(part.words, room, size=_size(sheet))
        if len(lines) > TALLEST or max(width_of(line, size=_size(sheet)) for line in lines) > room:
            return False
        if width_of(counted(part.count), bold=True, size=SIZE + 1) + 16 > end - start:
            return False
    return True


def _thick(sheet: Sheet, period: DividedPeriod, parts: list[Segment], y: float) -> float:
    """The thick strip, names of single groups above it and of those put together below. Returns the y below."""
    size, line = _size(sheet), LINE - 1
    above = {segment[1]: wrapped(segment[0].words, _room(sheet, segment, parts)[0], size=size)
             for segment in parts if not segment[0].merged}
    tall = max(map(len, above.values()), default=0)
    if sheet.narrow:
        y = sheet.words(wrapped(period.words, sheet.width), 0, y, ink="ink_2", size=SMALL, line=line)
    for start, lines in above.items():
        sheet.words(lines, start, y + line * (tall - len(lines)), size=size, line=line)
    y += line * tall - 5
    _strip(sheet, parts, y, THICK)
    if not sheet.narrow:
        lines = wrapped(period.words, PERIODS - 10, bold=True)
        sheet.words(lines, 0, y + THICK / 2 - LINE * (len(lines) - 1) / 2, bold=True)
    y += THICK
    low = y
    for segment in parts:
        part, start, end = segment
        if part.merged:
            sheet.bracket(start + 1, end, y + 9)
            room, right = _room(sheet, segment, parts)
            low = max(low, sheet.words(wrapped(part.words, room, size=size), end if right else start + 2, y + 22,
                                       size=size, line=line, align="right" if right else "left") - 5)
    return low + GAP + 4


def _strip(sheet: Sheet, parts: list[Segment], y: float, high: float, named: Container[str] = ()) -> None:
    """One strip with its numbers, on a plain ground where it is hatched. `named`: parts whose words stand in it."""
    bold, size = high == THICK, SIZE + 1 if high == THICK else SMALL
    for part, start, end in parts:
        sheet.rectangle(start + 0.75, y, end - start - 1.5, high, part.meaning)
        words = counted(part.count)
        words = t("{what}: {number}", what=part.words, number=words) if part.words in named else words
        wide = width_of(words, bold, size)
        if wide + 12 > end - start:
            words = counted(part.count)
            wide = width_of(words, bold, size)
        if wide + 12 > end - start:
            continue
        if part.meaning == "part_3":
            sheet.path(f"M{start + 6:.1f},{y + 3:.1f}h{wide + 6:.1f}v{high - 6:.1f}h{-wide - 6:.1f}z", "part_3")
        sheet.words(words, start + 10, y + high / 2, bold=bold, ink=ink_on(part.meaning), size=size)


def _thin(sheet: Sheet, period: DividedPeriod, first: DividedPeriod, y: float) -> float:
    """A run's strip, where groups that the thick strip does not have are named."""
    known = {part.words for part in first.parts}
    unnamed = {part.words for part in period.parts if part.words not in known}
    low = y
    if sheet.narrow:
        y = sheet.words(wrapped(period.words, sheet.width), 0, y, ink="ink_2", size=SMALL) - 6
    else:
        lines = wrapped(period.words, PERIODS - 8, size=SMALL)
        low = sheet.words(lines, 0, y + THIN / 2, ink="ink_2", size=SMALL, line=16) - THIN / 2 + 4
        y += 8 * (len(lines) - 1)
    _strip(sheet, segments(period.parts, _start(sheet), sheet.width - _start(sheet)), y, THIN, unnamed)
    return max(low, y + THIN) + GAP + (6 if sheet.narrow else 0)
