"""The disclosure rules: how much of a table is shown. Every threshold is in contract.toml, with its reason and source.

A number is exact or not shown: nothing is rounded, and no noise is added. How finely a table is divided at most follows
from its public size alone. For example, a table of 60 responses is first tried on the finest rung whose smallest block,
of a planned share of 30 %, has 11 or more but for bad luck: 18 - 1.3·√(60·0.3·0.7) = 13.4. If a block breaks a rule
nevertheless, the next coarser rung is tried, until two groups are left.

A coarser rung reveals that some block of the next finer one was too small, and nothing else, since the rungs are
nested. That narrows no hidden number: its smallest and largest values are those of worlds in which each group consists
of one base category alone, and in these worlds the finer rung would have failed as well (docs/privacy.md).
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import sqrt

import pandas as pd

from portal.contract.contract import Block, Dimension, Rung, threshold


@dataclass(frozen=True)
class Blocks:
    """A table divided into the blocks of one rung. `counts` is None when the table can't be shown."""

    rung: int  # the last that was tried; 0 is the finest of the ladder
    counts: dict[Block, int] | None


def block_fits(total: int, share: float) -> bool:
    """Whether a block with this planned share of a public total is large enough, but for bad luck:
    N·p − 1.3·√(N·p·(1−p)) ≥ 11.
    """
    margin = threshold("rung_margin_percent") / 100
    return total * share - margin * sqrt(total * share * (1 - share)) >= threshold("block_responses")


def rungs_tried(dimension: Dimension, total: int, not_collected: Collection[str] = ()) -> tuple[int, ...]:
    """The rungs of a ladder (0: the finest) on which a table of this public size is tried, in this order: the finest
    whose smallest planned block fits, else the coarsest that still divides it; then all coarser ones that divide it.
    `not_collected`: base categories that the source can't record.
    """
    dividing = [at for at, rung in enumerate(dimension.ladder) if dimension.divides(rung, not_collected)]
    for at in dividing:
        rung = dimension.collected(dimension.ladder[at], not_collected)
        if block_fits(total, min(dimension.planned(block, not_collected) for block in rung)):
            return tuple(dividing[dividing.index(at):])
    return (dividing[-1] if dividing else len(dimension.ladder) - 1,)


def block_of(dimension: Dimension, rung: Rung) -> dict[str, Block]:
    """For each base category, the block of the rung that it is in."""
    return {category: block for block in rung for category in dimension.covers[block]}


def enough_people(persons: pd.Series) -> bool:
    """Whether a group is large enough: 11 responses, to 11 different people, no one person more than half of them.

    `persons` has one key for each response. Responses to people without a key share a key: they may be one person.
    """
    if len(persons) < threshold("block_responses"):
        return False
    each = persons.value_counts()
    most = int(each.max()) * 100 <= threshold("person_share_percent") * len(persons)
    return most and len(each) >= threshold("block_people")


def not_nearly_all(count: int, total: int) -> bool:
    """Whether a block is less than 90 % of its table: a larger one would reveal something about nearly everybody."""
    return count * 100 < threshold("block_share_percent") * total


def protect_people(dimension: Dimension, categories: pd.Series, persons: pd.Series | None, total: int,
                   not_collected: Collection[str] = (), *, coarser: bool = True) -> Blocks:
    """Divide a table of `total` responses into the blocks of the first rung on which all of them pass every rule, or
    show none of it.

    `categories` holds each response's base category, `persons` the key of its person (None: each is to another one);
    `total`, the public number of responses, is the number of rows. Categories that are not collected make no block:
    that they are empty is public.
    `coarser`: whether more than the first rung is tried.
    """
    tried, of_category = rungs_tried(dimension, total, not_collected), categories.value_counts()
    for at in tried if coarser else tried[:1]:
        rung = dimension.collected(dimension.ladder[at], not_collected)
        counts = {block: sum(int(of_category.get(category, 0)) for category in dimension.covers[block])
                  for block in rung}
        fits = all(count >= threshold("block_responses") and not_nearly_all(count, total) for count in counts.values())
        if fits and len(rung) >= 2 and all(
                persons is None or enough_people(persons[categories.isin(dimension.covers[block])]) for block in rung):
            return Blocks(at, counts)
    return Blocks(at, None)


def conduct_shown(count: int, not_recorded: int, responses: int) -> bool:
    """Whether a count of events the City must answer for (conduct) is shown, zero included: only if 11 or more
    responses are known to be without the event.
    """
    return responses - count - not_recorded >= threshold("block_responses")


def quantile_shown(count: int, percent: int, *, divided: bool = False) -> bool:
    """Whether a quantile of `count` times is shown: only with 11 or more on each side of it, so a median from 22 times
    on, and a 90th percentile from 110. Groups of a divided table have a median alone: with 90th percentiles of the
    groups and of all, an attacker worked out all but six of the slowest tenth of a run (60 responses a month).
    """
    if divided and percent != 50:
        return False
    return count * min(percent, 100 - percent) >= threshold("quantile_rest") * 100


def all_times_shown(persons: pd.Series) -> bool:
    """Whether the times of all responses are shown: a median needs 11 on each side, and the group enough people."""
    return quantile_shown(len(persons), 50) and enough_people(persons)


def divide_times(dimension: Dimension, categories: pd.Series, persons: pd.Series) -> Blocks:
    """Divide responses with a known time into blocks, each with its own median, or none: a single hidden median would
    follow from the others. Only one rung is tried: a coarser one would say more about the medians of the finer.
    """
    blocks = protect_people(dimension, categories, persons, len(persons), coarser=False)
    if blocks.counts and not all(quantile_shown(count, 50) for count in blocks.counts.values()):
        return Blocks(blocks.rung, None)
    return blocks
