"""What an attacker knows of a release, and its targets: everything public, as facts about unknown whole numbers.

One unknown is the number of responses (or calls) of one quarter in one base category. Facts come from published rows
and the contract alone, never from an extract, so that anybody can derive the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.contract.contract import Measure
from portal.release.book import PublicBook

Unknown = tuple[str, str, str, str]  # population, dimension, quarter, category
Terms = Mapping[int, int]  # unknown -> how often it is counted


@dataclass(frozen=True)
class SumBounds:
    """The sum of some unknowns lies between two numbers; if they are equal, it is known. `table`, `period`: by what."""

    terms: Terms
    low: int
    high: int
    table: str = ""
    period: str = ""


@dataclass(frozen=True)
class Choice:
    """At least one of these facts holds. A table that is not shown gives one: not all its blocks were large enough."""

    options: tuple[SumBounds, ...]


@dataclass(frozen=True)
class Target:
    """A number that is not published: responses of some categories in some quarters.

    `alone`: the largest value that the public totals alone allow; the smallest is 0.
    """

    population: str
    dimension: str
    quarters: tuple[str, ...]
    categories: tuple[str, ...]
    alone: int


@dataclass(frozen=True)
class Shape:
    """One table of one dimension in one run, as the closed form needs it: its blocks with their numbers, and the finer
    ones that `failed`, of which some has under `least`; or, where it is not shown, the rung of which some block has
    under `least` or from `most` on. `empty`: base categories that the source does not collect; they are in no block.
    """

    quarters: tuple[str, ...]
    shown: Mapping[tuple[str, ...], int]
    failed: tuple[tuple[str, ...], ...] = ()
    least: int = 0
    most: int = 0
    total: int = 0
    empty: frozenset[str] = frozenset()


@dataclass
class World:
    """All that an attacker knows, and all its targets."""

    upper: list[int] = field(default_factory=list)  # the largest each unknown can be
    unknowns: dict[Unknown, int] = field(default_factory=dict)
    facts: list[SumBounds] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    shapes: dict[tuple[str, str], list[Shape]] = field(default_factory=dict)  # by population and dimension
    totals: dict[str, dict[str, int]] = field(default_factory=dict)  # public totals by what they count, and quarter
    arrests: list[tuple[tuple[str, ...], int]] = field(default_factory=list)  # (quarters, arrests) of each run
    # by population, dimension and quarter: the base categories that the releases say are not collected
    empty: dict[tuple[str, str, str], frozenset[str]] = field(default_factory=dict)
    contradictions: list[tuple[str, str]] = field(default_factory=list)  # (table, period) with two different totals

    def unknown(self, key: Unknown, upper: int) -> int:
        """The index of an unknown, which is added if it is new."""
        if key not in self.unknowns:
            self.unknowns[key] = len(self.upper)
            self.upper.append(upper)
        return self.unknowns[key]

    def sum_of(self, population: str, dimension: str, quarters: Iterable[str], categories: Iterable[str]) -> Terms:
        """The sum of these categories in these quarters, as terms."""
        names = list(categories)
        return {self.unknowns[population, dimension, quarter, name]: 1 for quarter in quarters for name in names}

    def without_arrest(self, quarters: Sequence[str]) -> tuple[int, int]:
        """The fewest and the most responses without an arrest that some quarters can have had.

        For example, a run of quarters with 30 and 20 responses and 4 arrests: the first quarter had 26 to 30.
        """
        span, responses = set(quarters), self.totals["responses"]
        low = high = sum(responses[quarter] for quarter in quarters)
        outside_runs = set(span)
        for run, arrests in self.arrests:
            inside = sum(responses[quarter] for quarter in run if quarter in span)
            outside = sum(responses[quarter] for quarter in run if quarter not in span)
            low -= min(arrests, inside)
            high -= max(0, arrests - outside)
            outside_runs -= set(run)
        return low - sum(responses[quarter] for quarter in outside_runs), high

    def most(self, population: str, quarters: Sequence[str]) -> int:
        """The largest value that the public totals allow for a number of these quarters."""
        if population == "responses_without_arrest":
            return self.without_arrest(quarters)[1]
        return sum(self.totals[counted_in(population)][quarter] for quarter in quarters)


def counted_in(population: str) -> str:
    """Whether a population's public total counts calls or responses."""
    return "calls" if population == "calls" else "responses"


def quarters_in(book: PublicBook, measure: Measure, period_id: str, totals: Mapping[str, int]) -> tuple[str, ...]:
    """The quarters that a table's number for a period counts: those of the period, or, for the pilot so far, those of
    its published runs.
    """
    period = book.periods[period_id]
    inside = [
        quarter.id
        for quarter in book.quarters
        if period.start <= quarter.start.isoformat() and quarter.end.isoformat() <= period.end and quarter.id in totals
    ]
    state = book.states.get((measure.id, period_id))
    if period.grain == "pilot" and state and state["need"]:
        published = {quarter for run in book.published(measure.id, "run")
                     for quarter in quarters_in(book, measure, run.period_id, totals)}
        inside = [quarter for quarter in inside if quarter in published]
    return tuple(inside)


def rule_failure(blocks: Sequence[Terms], least: int, most: int, total: int, source: tuple[str, str]) -> Choice:
    """That not all blocks keep the rules: one has fewer than `least`, or `most` or more. `source`: table and period.

    The rules on people (eleven different ones, none over half) may have failed instead. An attacker who ignores that
    considers fewer worlds: what is safe from it is safe from one who does not.
    """
    too_small = [SumBounds(block, 0, least - 1, *source) for block in blocks]
    return Choice((*too_small, *(SumBounds(block, most, total, *source) for block in blocks)))
