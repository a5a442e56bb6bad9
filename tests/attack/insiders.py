"""An attacker who knows some of the responses already: the neighbour who saw one, the person who had many."""

import random
from collections import Counter
from collections.abc import Callable

import pandas as pd

from portal.publish.ingest.extract import Extract
from portal.publish.protection.attack import APART, attack
from portal.publish.protection.attack_world import SumBounds, World
from portal.release.periods import Quarter, quarters_of
from tests.attack.records import true_records

Pick = Callable[[pd.DataFrame, random.Random], pd.DataFrame]
KNOWS: dict[str, Pick] = {
    "one response": lambda rows, chance: rows.sample(1, random_state=chance.randrange(10**6)),
    "two responses": lambda rows, chance: rows.sample(2, random_state=chance.randrange(10**6)),
    "three responses": lambda rows, chance: rows.sample(3, random_state=chance.randrange(10**6)),
    "all of the person with most": lambda rows, _: rows[rows["person"] == rows["person"].value_counts().index[0]],
}


def attack_with_known_responses(world: World, extract: Extract, pick: Pick, seed: int) -> Counter[str]:
    """Attack a world with some responses known, and count how the numbers about the others come out.

    A known response is at least in its own category: each number is at least as large as what is known of it. The
    range for the others is as long as the range of the whole; what "public totals alone" leave shrinks by those known.
    """
    known = pick(true_records(extract, [quarter.id for quarter in _quarters(extract)]), random.Random(seed))
    for at, (population, dimension, quarter, category) in enumerate(world.unknowns):
        if dimension in known and population in ("responses", "responses_without_arrest"):
            in_period = known[known["quarter"] == quarter]
            if population == "responses_without_arrest":
                in_period = in_period[~in_period["arrest"].fillna(value=False).astype(bool)]
            count = int((in_period[dimension] == category).sum())
            if count:
                world.facts.append(SumBounds({at: 1}, count, world.upper[at]))
    outcome = attack(world)
    assert not outcome.stopped, outcome.stopped
    counts = Counter(attacked=len(outcome.cells))
    for cell in outcome.cells:
        if not cell.target.dimension:
            continue  # how many calls the service others unanswered is published: no number about people
        in_period = known[known["quarter"].isin(cell.target.quarters)]
        others, width = cell.target.alone - len(in_period), cell.high - cell.low
        counts["pinned"] += width == 0 and others > 0
        counts["under_ten"] += width < min(APART, others)
        counts["beyond"] += width < min(APART - len(known), others)
    return counts


def _quarters(extract: Extract) -> tuple[Quarter, ...]:
    return quarters_of(extract.first_day, extract.last_day)
