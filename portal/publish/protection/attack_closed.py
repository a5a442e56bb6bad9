"""The closed form of a range in a table with one dimension: a second opinion on what the solver says.

A table of quarters by categories with its block sums known is a transportation problem, whose ends are known in a
line. A table that is not shown is one such problem for each way in which it can have failed; together they leave out
the values that none of them reaches (holes).
"""

from collections.abc import Iterable, Sequence

from portal.contract.contract import DIMENSIONS
from portal.publish.protection.attack_world import Shape, Target, World, counted_in

Ranges = list[tuple[int, int]]  # from, to; both are in it


def ranges(world: World, target: Target) -> Ranges | None:
    """What a number can be, smallest first; None where no closed form is known (two tables share the dimension, or
    the number takes in quarters of several runs).
    """
    shapes = world.shapes.get((target.population, target.dimension))
    if shapes is None or len({quarter for shape in shapes for quarter in shape.quarters}) < sum(
            len(shape.quarters) for shape in shapes):
        return None
    touched = [shape for shape in shapes if set(shape.quarters) & set(target.quarters)]
    low, high = _size(world, target.population, target.quarters)
    if not touched:
        return [(0, high)]
    if len(touched) > 1 or not set(target.quarters) <= set(touched[0].quarters):
        return None
    wanted = set(target.categories) - touched[0].empty
    if touched[0].shown:
        return [_in_shown(touched[0], wanted, low, high)]
    base = set(DIMENSIONS[target.dimension].base) - touched[0].empty
    return _joined(_in_failed(touched[0], wanted, base, low, high))


def _size(world: World, population: str, quarters: Sequence[str]) -> tuple[int, int]:
    """The fewest and most that some quarters hold in all."""
    if population == "responses_without_arrest":
        return world.without_arrest(quarters)
    total = sum(world.totals[counted_in(population)][quarter] for quarter in quarters)
    return total, total


def _in_shown(shape: Shape, wanted: set[str], low: int, high: int) -> tuple[int, int]:
    """At least what of the whole blocks finds no room in the other quarters; at most what the blocks and the quarters
    hold.
    """
    elsewhere = sum(shape.shown.values()) - low
    whole = sum(value for block, value in shape.shown.items() if set(block) <= wanted)
    touched = sum(value for block, value in shape.shown.items() if set(block) & wanted)
    return max(0, whole - elsewhere), min(high, touched)


def _in_failed(shape: Shape, wanted: set[str], base: set[str], low: int, high: int) -> Ranges:
    """One range for each block that may have been too small, and each that may have been too large."""
    found = []
    for block in map(set, shape.failed):
        few = shape.least - 1
        found.append((max(0, low - few) if base - wanted <= block else 0, min(few, high) if wanted <= block else high))
        if shape.most <= shape.total:
            elsewhere = shape.total - low
            found.append((max(0, shape.most - elsewhere) if block <= wanted else 0,
                          high if block & wanted else min(high, shape.total - shape.most)))
    return found


def _joined(found: Iterable[tuple[int, int]]) -> Ranges:
    joined: Ranges = []
    for low, high in sorted(found):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(joined[-1][1], high)
        else:
            joined.append((low, high))
    return joined
