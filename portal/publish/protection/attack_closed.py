"""The closed form of a range in a table with one dimension: a check of the solver, by another method.

A table of quarters by categories with known block sums is a transportation problem, and the ends of its ranges have a
formula. For example, quarters of 8 and 5 responses, with 11 in block a and 2 in block b: a in the first quarter is at
least 11 - 5 = 6 and at most 8.

A table that is not shown has one such range for each rule that it may have failed. For example, of 40 responses in the
blocks a and b, the table is not shown because a or b is under 11 or at least 36 (90 %): a is then 0 to 10 or 30 to 40.
The values 11 to 29 that no range reaches are its *holes*. So has a table that is shown more coarsely than its size
allows: of the group ab with 50 responses, a or b is under 11, so that a is 0 to 10 or 40 to 50.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from portal.contract.contract import DIMENSIONS
from portal.publish.protection.attack_world import Shape, Target, World, counted_in

Ranges = list[tuple[int, int]]  # from, to; both are in it


def possible_ranges(world: World, target: Target) -> Ranges | None:
    """The values that a number can have, smallest first; None where no closed form is known (two tables share the
    dimension, or the number counts quarters of several runs).
    """
    shapes = world.shapes.get((target.population, target.dimension))
    if shapes is None or len({quarter for shape in shapes for quarter in shape.quarters}) < sum(
            len(shape.quarters) for shape in shapes):
        return None
    touched = [shape for shape in shapes if set(shape.quarters) & set(target.quarters)]
    low, high = _bounds(world, target.population, target.quarters)
    if not touched:
        return [(0, high)]
    if len(touched) > 1 or not set(target.quarters) <= set(touched[0].quarters):
        return None
    categories = set(target.categories) - touched[0].empty
    if touched[0].shown:
        return _merge_ranges(_in_shown_table(shown, categories, low, high) for shown in _ways_shown(touched[0]))
    base = set(DIMENSIONS[target.dimension].base) - touched[0].empty
    return _merge_ranges(_in_hidden_table(touched[0], categories, base, low, high))


def _bounds(world: World, population: str, quarters: Sequence[str]) -> tuple[int, int]:
    """The smallest and largest total of some quarters."""
    if population == "responses_without_arrest":
        return world.without_arrest(quarters)
    total = sum(world.totals[counted_in(population)][quarter] for quarter in quarters)
    return total, total


def _ways_shown(shape: Shape) -> Iterator[Mapping[tuple[str, ...], int]]:
    """The blocks of a table with their numbers; where finer ones failed, one way for each of these and each small
    number that it can have.
    """
    if not shape.failed:
        yield shape.shown
    for block in shape.failed:
        group = next(group for group in shape.shown if set(block) <= set(group))
        rest = tuple(category for category in group if category not in block)
        for count in range(min(shape.least - 1, shape.shown[group]) + 1):
            yield {other: value for other, value in shape.shown.items() if other != group} | {
                block: count, rest: shape.shown[group] - count}


def _in_shown_table(shown: Mapping[tuple[str, ...], int], categories: set[str], low: int, high: int
                    ) -> tuple[int, int]:
    """At least what the blocks inside of the categories hold beyond the room in the other quarters; at most what the
    blocks that meet the categories hold, or these quarters.
    """
    elsewhere = sum(shown.values()) - low
    inside = sum(value for block, value in shown.items() if set(block) <= categories)
    meeting = sum(value for block, value in shown.items() if set(block) & categories)
    return max(0, inside - elsewhere), min(high, meeting)


def _in_hidden_table(shape: Shape, categories: set[str], base: set[str], low: int, high: int) -> Ranges:
    """One range for each block that may have been too small, and each that may have been too large."""
    ranges_ = []
    for block in map(set, shape.failed):
        few = shape.least - 1
        ranges_.append((max(0, low - few) if base - categories <= block else 0,
                        min(few, high) if categories <= block else high))
        if shape.most <= shape.total:
            elsewhere = shape.total - low
            ranges_.append((max(0, shape.most - elsewhere) if block <= categories else 0,
                            high if block & categories else min(high, shape.total - shape.most)))
    return ranges_


def _merge_ranges(ranges_: Iterable[tuple[int, int]]) -> Ranges:
    """Ranges that overlap or touch as one: 0-10 and 8-15 as 0-15."""
    merged: Ranges = []
    for low, high in sorted(ranges_):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(merged[-1][1], high)
        else:
            merged.append((low, high))
    return merged
