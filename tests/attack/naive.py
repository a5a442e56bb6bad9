"""Publishers that do not protect people well enough, and single leaks: what the attacker is shown to crack.

Each adds what it would publish of a table of counts to the attacker's knowledge, in the form of a release's numbers.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from portal.publish.protection.attack_world import SumBounds, Target, World

Counts = np.ndarray  # quarters x categories
POPULATION, DIMENSION = "people", "attribute"


def counts(rate: float, seed: int, shares: Sequence[float], quarters: int = 12) -> Counts:
    """Responses of each quarter by category, `rate` a month."""
    chance = np.random.default_rng(seed)
    return np.array([chance.multinomial(total, shares) for total in chance.poisson(3 * rate, quarters)])


class Publisher:
    """A world of one attribute whose quarterly totals are public, to which a publisher adds its numbers."""

    def __init__(self, table: Counts, population: str = POPULATION) -> None:
        self.table, self.world = table, World()
        self.quarters = [f"Q{at}" for at in range(table.shape[0])]
        self.categories = [f"c{at}" for at in range(table.shape[1])]
        self.population = population
        self.world.totals["responses"] = dict(zip(self.quarters, map(int, table.sum(1)), strict=True))
        for quarter, total in self.world.totals["responses"].items():
            terms = {
                self.world.unknown((population, DIMENSION, quarter, category), total): 1 for category in self.categories
            }
            self.world.facts.append(SumBounds(terms, total, total))

    def number(self, quarters: Iterable[int], categories: Iterable[int]) -> int:
        """The true number."""
        return int(self.table[np.ix_(list(quarters), list(categories))].sum())

    def terms(self, quarters: Iterable[int], categories: Iterable[int]) -> dict[int, int]:
        """The unknowns whose sum the number is, each with its weight."""
        return dict(self.world.sum_of(self.population, DIMENSION, [self.quarters[at] for at in quarters],
                                      [self.categories[at] for at in categories]))

    def publish(self, quarters: Iterable[int], categories: Iterable[int]) -> None:
        """Publish the exact number."""
        quarters, categories = list(quarters), list(categories)
        value = self.number(quarters, categories)
        self.world.facts.append(SumBounds(self.terms(quarters, categories), value, value))

    def publish_range(self, quarters: Iterable[int], categories: Iterable[int], low: int, high: int) -> None:
        """Publish that the number lies between two others."""
        self.world.facts.append(SumBounds(self.terms(quarters, categories), low, high))

    def add_target(self, quarters: Iterable[int], categories: Iterable[int]) -> None:
        """Make a number a target."""
        names = tuple(self.quarters[at] for at in quarters)
        most = sum(self.world.totals["responses"][name] for name in names)
        self.world.targets.append(
            Target(self.population, DIMENSION, names, tuple(self.categories[at] for at in categories), most))

    def publish_hiding_small(self, threshold: int, spans: Sequence[Sequence[int]]) -> None:
        """The rule "hide small numbers": in each span each category is published exactly, or as under the threshold;
        the hidden ones become targets.
        """
        for span in spans:
            for category in range(len(self.categories)):
                value = self.number(span, [category])
                if value >= threshold or value == 0:
                    self.publish(span, [category])
                else:
                    self.publish_range(span, [category], 1, threshold - 1)
                    self.add_target(span, [category])


def quarters_and_years(quarters: int) -> list[list[int]]:
    """Every quarter, and every four of them."""
    return [*([at] for at in range(quarters)), *(list(range(at, at + 4)) for at in range(0, quarters, 4))]
