"""The noun of the portal: a Figure answers one question, and carries everything needed to check it."""

from dataclasses import dataclass
from typing import Literal

from portal.figures.charts.chart import Chart
from portal.release.queries import Answer

LONGEST_HEADLINE = 85  # letters
GapKind = Literal["open", "privacy", "not-collected", "unpublished"]


@dataclass(frozen=True)
class Gap:
    """What is not shown, the true reason, and what it waits for, in words.

    `kind`: "open" where a period waits for more (`have` of `need`), "privacy" where a closed one failed, or where a
    number stands inside a larger one, "not-collected" where nobody asks, "unpublished" where no release has a
    table of it. `period`: the open period in words.
    """

    kind: GapKind
    what: str
    why: str
    waits_for: str
    period: str = ""
    have: int = 0
    need: int = 0


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
class RichText:
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
class Beside:
    """A period beside the chart, or a note: when, its number, and words. `newest`: it is the newest one shown."""

    when: str
    words: RichText
    number: RichText | None = None
    newest: bool = False


@dataclass(frozen=True)
class Short:
    """The figure as a tile of the Overview: its question, a number, what it is out of, and the same of the newest."""

    question: str
    number: RichText
    rest: RichText
    newest: str = ""


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

    `answer` says all its numbers, computed from the cells; `headline` is the finding in at most LONGEST_HEADLINE
    letters, `sub` one or two sentences below it. `chart` is
    None where there is nothing to draw; `period` says which days it speaks of. `gaps`: what it can't show.
    """

    id: str
    title: str
    answer: RichText
    table: Table | None
    gaps: tuple[Gap, ...]
    caveats: tuple[str, ...]
    period: str
    provenance: Provenance
    chart: Chart | None = None
    short: Short | None = None
    headline: RichText = RichText(())
    sub: RichText = RichText(())
    beside: tuple[Beside, ...] = ()
    words_alone: bool = False  # its table holds no number, but why there is none

    @property
    def shown(self) -> bool:
        """Whether there is anything to show: else it is a row among what can't be shown."""
        return bool(self.chart or self.beside or (self.table and not self.words_alone))
