"""The noun of the portal: a Figure answers one question, and carries everything needed to check it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import altair as alt

from portal.release.queries import Answer

ChipKind = Literal["not-shown", "not-yet", "not-collected", "too-few"]


@dataclass(frozen=True)
class Chip:
    """A status in words, never a blank: its kind, the word on the chip, and a sentence beside it.

    `have` and `need` fill the bar of a "not-yet" chip.
    """

    kind: ChipKind
    word: str
    sentence: str = ""
    have: int = 0
    need: int = 1


@dataclass(frozen=True)
class Cell:
    """One cell of a table: the text shown and, where it is a number of the release, its value."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Table:
    """A real table: caption, column headers with their units, and rows whose first cell is the row's header."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Text:
    """A sentence with numbers in it: alternating plain text and Cells, in the order they are read."""

    parts: tuple[str | Cell, ...]

    @property
    def plain(self) -> str:
        """The sentence as a reader hears it."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The values of the numbers in it."""
        return tuple(part.value for part in self.parts if isinstance(part, Cell) and part.value is not None)


@dataclass(frozen=True)
class Short:
    """The figure as one of the Overview's four questions: a number and what it is out of, or a chip. Both, where an
    earlier number is the last one shown: `before` then says so, and of which period it is.
    """

    question: str
    number: Text | None
    rest: Text
    chip: Chip | None = None
    before: str = ""


@dataclass(frozen=True)
class Provenance:
    """How to get the same numbers by hand: the release, its file, the definition, each statement and what it gave."""

    release_id: str
    state: str
    file: str
    sha256: str
    definition: str
    why: str
    limits: str
    source: str
    queries: tuple[Answer, ...]
    method: str = ""  # how what no statement gives (an interval) is reckoned from what they give


@dataclass(frozen=True)
class Figure:
    """The answer to one question.

    `answer` is computed from the cells; `chart` draws in the theme and layout in force (figures.style), or is None
    where there is nothing to draw; `period` says which days it speaks of.
    """

    id: str
    title: str
    answer: Text
    table: Table | None
    chips: tuple[Chip, ...]
    caveats: tuple[str, ...]
    period: str
    provenance: Provenance
    chart: Callable[[], alt.TopLevelMixin] | None = None
    short: Short | None = None
