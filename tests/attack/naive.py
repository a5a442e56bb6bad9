"""Publishers that do not protect people well enough, and single leaks: what the attacker is shown to crack.

Each says what it would publish of a table of counts; the attacker is told the same way as it is told of a release.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from portal.publish.protection.attack_world import Fact, Target, World

Counts = np.ndarray  # quarters x categories
POPULATION, DIMENSION = "people", "attribute"


def counts(rate: float, seed: int, shares: Sequence[float], quarters: int = 12) -> Counts:
    """Responses of each quarter by category, `rate` a month."""
    chance = np.random.default_rng(seed)
    return np.array([chance.multinomial(total, shares) for total in chance.poisson(3 * rate, quarters)])


class Told:
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
            self.world.facts.append(Fact(terms, total, total))

    def number(self, quarters: Iterable[int], categories: Iterable[int]) -> int:
        """The true number."""
        return int(self.table[np.ix_(list(quarters), list(categories))].sum())

    def terms(self, quarters: Iterable[int], categories: Iterable[int]) -> dict[int, int]:
        """The unknowns whose sum it is."""
        return dict(self.world.sum_of(self.population, DIMENSION, [self.quarters[at] for at in quarters],
                                      [self.categories[at] for at in categories]))

    def publish(self, quarters: Iterable[int], categories: Iterable[int]) -> None:
        """Publish the exact number."""
        quarters, categories = list(quarters), list(categories)
        value = self.number(quarters, categories)
        self.world.facts.append(Fact(self.terms(quarters, categories), value, value))

    def between(self, quarters: Iterable[int], categories: Iterable[int], low: int, high: int) -> None:
        """Let it be known that a number lies between two."""
        self.world.facts.append(Fact(self.terms(quarters, categories), low, high))

    def look_for(self, quarters: Iterable[int], categories: Iterable[int]) -> None:
        """Make a number a target."""
        names = tuple(self.quarters[at] for at in quarters)
        most = sum(self.world.totals["responses"][name] for name in names)
        self.world.targets.append(
            Target(self.population, DIMENSION, names, tuple(self.categories[at] for at in categories), most))

    def small_hidden(self, threshold: int, spans: Sequence[Sequence[int]]) -> None:
        """"Hide under so many": in each span each category is exact, or known to be under the threshold; these hidden
        ones are looked for.
        """
        for span in spans:
            for category in range(len(self.categories)):
                value = self.number(span, [category])
                if value >= threshold or value == 0:
                    self.publish(span, [category])
                else:
                    self.between(span, [category], 1, threshold - 1)
                    self.look_for(span, [category])


def quarters_and_years(quarters: int) -> list[list[int]]:
    """Every quarter, and every four of them."""
    return [*([at] for at in range(quarters)), *(list(range(at, at + 4)) for at in range(0, quarters, 4))]
