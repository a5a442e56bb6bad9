"""What an attacker learns from published medians and 90th percentiles: how many responses were at, under and over each.

Times are whole minutes, and the published quantiles divide them into bins: under the first, at the first, between it
and the second, and so on. One unknown is the number of responses of one quarter and base category in one bin.

For example, 45 responses with a median of 12 minutes: the 23rd fastest of them took 12. So the bins are "under 12" with
at most 22 responses, "12", and "over 12"; the first two together have at least 23.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.contract.contract import DIMENSIONS, Measure, threshold
from portal.publish.protection.attack_world import SumBounds, Target, Terms, World, quarters_in, rule_failure
from portal.publish.protection.protect import rungs_tried
from portal.release.book import PublicBook

PERCENTS = {"median_minutes": 50, "p90_minutes": 90}
GroupNumbers = Mapping[tuple[str, str], float]  # published numbers of one run by measure and group


@dataclass(frozen=True)
class MinuteBins:
    """The bins between some minutes, by number: the odd ones hold one minute, the even ones what is between two.

    For example, the cuts 12 and 30 make the bins 0: 0-11, 1: 12, 2: 13-29, 3: 30, 4: 31 and more.
    """

    cuts: tuple[int, ...]

    @property
    def all(self) -> range:
        """Every bin."""
        return range(2 * len(self.cuts) + 1)

    def empty(self, number: int) -> bool:
        """Whether no whole minute lies in a bin."""
        if number % 2:
            return False
        before = self.cuts[number // 2 - 1] if number else -1
        return number < 2 * len(self.cuts) and self.cuts[number // 2] - before <= 1

    def under(self, minutes: int) -> range:
        """The bins under a cut."""
        return range(2 * self.cuts.index(minutes) + 1)

    def over(self, minutes: int) -> range:
        """The bins over a cut."""
        return range(2 * self.cuts.index(minutes) + 2, len(self.all))


def add_times(world: World, book: PublicBook, measure: Measure) -> None:
    """Add what a table of times reveals in each of its runs, and its targets."""
    for (table, period), state in book.states.items():
        if table != measure.id or book.periods[period].grain != "run" or not book.periods[period].lasts:
            continue
        quarters = quarters_in(book, measure, period, world.totals["responses"])
        if state["status"] == "published":
            _add_published_times(world, measure, quarters, book, period)
        elif state["reason"] == "privacy":  # fewer than 22 times are known (or too few people)
            terms = _add_unknowns(world, measure, quarters, MinuteBins(()))
            world.facts.append(SumBounds(terms, 0, 2 * threshold("quantile_rest") - 1, table, period))
            _add_targets(world, measure, quarters, MinuteBins(()), {}, ())


def _categories(measure: Measure) -> tuple[str, ...]:
    return DIMENSIONS[measure.dimension].base if measure.dimension else ("all",)


def _population(measure: Measure) -> str:
    return f"times of {measure.id}"


def _in_bin(category: str, number: int) -> str:
    """The name of a base category in one bin."""
    return f"{category} {number}"


def _add_unknowns(world: World, measure: Measure, quarters: Sequence[str], bins: MinuteBins) -> Terms:
    """Add the unknowns of these quarters, and return their sum. In each quarter it is at most the number of responses,
    since some have no time.
    """
    terms: dict[int, int] = {}
    for quarter in quarters:
        total = world.totals["responses"][quarter]
        of_quarter = {
            world.unknown((_population(measure), measure.dimension, quarter, _in_bin(category, number)),
                          0 if bins.empty(number) else total): 1
            for category in _categories(measure) for number in bins.all
        }
        world.facts.append(SumBounds(of_quarter, 0, total, "response.met", quarter))
        terms |= of_quarter
    return terms


def _sum(world: World, measure: Measure, quarters: Sequence[str], categories: Iterable[str],
         bins: Sequence[int]) -> Terms:
    return world.sum_of(_population(measure), measure.dimension, quarters,
                        [_in_bin(category, number) for category in categories for number in bins])


def _add_published_times(world: World, measure: Measure, quarters: Sequence[str], book: PublicBook,
                         period: str) -> None:
    """Add what a published table of times reveals in one run."""
    numbers: GroupNumbers = book.values((measure.id, period))
    minutes = {int(value) for (name, _), value in numbers.items() if name in PERCENTS}
    bins, source = MinuteBins(tuple(sorted(minutes))), (measure.id, period)
    _add_unknowns(world, measure, quarters, bins)
    groups = [group for name, group in numbers if name == "responses"]
    for group in groups:
        inside, count = _covers(measure, group), int(numbers["responses", group])
        world.facts.append(SumBounds(_sum(world, measure, quarters, inside, bins.all), count, count, *source))
        for name, percent in PERCENTS.items():
            if (name, group) not in numbers:
                continue
            cut, rank = int(numbers[name, group]), -(-count * percent // 100)
            under = list(bins.under(cut))
            at_most = [*under, under[-1] + 1]
            world.facts.append(SumBounds(_sum(world, measure, quarters, inside, under), 0, rank - 1, *source))
            world.facts.append(SumBounds(_sum(world, measure, quarters, inside, at_most), rank, count, *source))
    if measure.dimension and len(groups) == 1:  # the division is not shown: one of its groups was too small
        dimension, total = DIMENSIONS[measure.dimension], int(numbers["responses", ""])
        rung = dimension.ladder[rungs_tried(dimension, total)[0]]
        blocks = [_sum(world, measure, quarters, dimension.covers[block], bins.all) for block in rung]
        most = -(-threshold("block_share_percent") * total // 100)
        world.choices.append(rule_failure(blocks, 2 * threshold("quantile_rest"), most, total, source))
    _add_targets(world, measure, quarters, bins, numbers, groups)


def _covers(measure: Measure, group: str) -> tuple[str, ...]:
    return DIMENSIONS[measure.dimension].covers[group] if group else _categories(measure)


def _add_targets(world: World, measure: Measure, quarters: Sequence[str], bins: MinuteBins, numbers: GroupNumbers,
                 groups: Sequence[str]) -> None:
    """Add each category and block that is not published; and of each group those under, at and over its quantiles."""
    published = {tuple(sorted(_covers(measure, group))) for group in groups}
    sets: dict[tuple[str, ...], bool] = {}  # categories in bins -> whether their number is public for the whole run
    if measure.dimension:
        for covers in DIMENSIONS[measure.dimension].covers.values():
            names = tuple(_in_bin(category, number) for category in covers for number in bins.all)
            sets[names] = tuple(sorted(covers)) in published
    for group in groups:
        for name in PERCENTS:
            if (name, group) in numbers:
                cut = int(numbers[name, group])
                parts = (bins.under(cut), [2 * bins.cuts.index(cut) + 1], bins.over(cut))
                for part in parts:
                    if not all(bins.empty(number) for number in part):
                        sets[tuple(_in_bin(category, number)
                                   for category in _covers(measure, group) for number in part)] = False
    for span in dict.fromkeys([*((quarter,) for quarter in quarters), tuple(quarters)]):
        for names, is_public in sets.items():
            if not (is_public and span == tuple(quarters)):
                most = world.most(_population(measure), span)
                world.targets.append(Target(_population(measure), measure.dimension, span, names, most))


