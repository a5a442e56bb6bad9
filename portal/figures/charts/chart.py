"""What every chart takes and gives: counted parts, each with its words and its colour's meaning, and a drawing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import altair as alt

from portal.language import number, t

# The meanings of colours (portal/palette.py) that a part may have. "hollow": an outline, for what did not happen.
Meaning = Literal["team", "absent", "hollow", "event", "care", "part", "part_2", "part_3", "all", "card"]


@dataclass(frozen=True)
class Chart:
    """A chart: `draw` draws it in the theme and layout in force (style.py); `alt` says all its numbers in words."""

    draw: Callable[[], alt.LayerChart]
    alt: str


@dataclass(frozen=True)
class Portion:
    """A counted part of a whole.

    `count` is a number of cases, hours or calls. `merged`: several groups put together, which a bracket holds.
    `unrecorded`: "not recorded" is among them, so it is hatched.
    """

    words: str
    count: float
    meaning: Meaning = "part"
    merged: bool = False
    unrecorded: bool = False


def counted(value: float) -> str:
    """A count as it is written: 1,460, or 551.5 hours with their tenth."""
    rounded = round(value, 1)
    return number(rounded, 0 if rounded == int(rounded) else 1)


def percent(part: float, whole: float) -> str:
    """A share in whole percent; what is not none, but less than half a percent, is "less than 1%"."""
    share = part / whole if whole else 0.0
    return t("less than 1%") if 0 < share < 0.005 else f"{number(int(100 * share + 0.5))}%"


def total(parts: Iterable[Portion]) -> float:
    """The sum of all parts."""
    return sum(part.count for part in parts)


def listed(parts: Iterable[Portion]) -> str:
    """Parts with their numbers, as a reader hears them."""
    return "; ".join(t("{what}: {number}", what=part.words, number=counted(part.count)) for part in parts)


def titled(title: str, words: str) -> str:
    """Words below their title, as a reader hears them."""
    return t("{what}: {number}", what=title, number=words) if title else words
