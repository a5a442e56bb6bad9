"""Checks that a table on people is divided no more finely than its public size allows: worked out anew, not by the code
that publishes.
"""

from math import sqrt

from portal.contract.contract import DIMENSIONS, Dimension, Measure, Rung, threshold
from portal.release.book import PublicBook, within
from portal.release.periods import Period


def published_arrests(book: PublicBook, measure: Measure, period: Period) -> int:
    """The published arrests of a period, for a table that leaves them out; 0 for any other."""
    if measure.over != "responses_without_arrest":
        return 0
    runs = [run for run in book.published("outcome.arrest", "run") if period.start <= run.start <= period.end]
    return int(sum(book.values(("outcome.arrest", run.period_id))["arrests", ""] for run in runs))


def _allowed(dimension: Dimension, total: int, not_collected: frozenset[str]) -> list[Rung]:
    """The rungs on which a table of this size may be shown, finest first."""
    margin, least = threshold("rung_margin_percent") / 100, threshold("block_responses")
    dividing = [dimension.collected(rung, not_collected) for rung in dimension.ladder
                if dimension.divides(rung, not_collected)]
    rungs = dividing or [dimension.collected(dimension.ladder[-1], not_collected)]
    for at, rung in enumerate(rungs):
        share = min(dimension.planned(block, not_collected) for block in rung)
        if total * share - margin * sqrt(total * share * (1 - share)) >= least:
            return rungs[at:]
    return rungs[-1:]


def blocks_allowed(dimension: Dimension, values: dict[str, float], total: int,
                   not_collected: frozenset[str] = frozenset(), *, coarser: bool = True) -> bool:
    """Whether the blocks are those of a rung for this size, each at least 11 and under 90 %, and two or more. Blocks of
    categories that are all not collected are left out. `coarser`: whether a coarser rung than the first is allowed.
    """
    allowed, below = _allowed(dimension, total, not_collected), threshold("block_share_percent") * total
    return (
        any(set(values) == set(rung) for rung in (allowed if coarser else allowed[:1]))
        and len(values) >= 2
        and all(value >= threshold("block_responses") and value * 100 < below for value in values.values())
    )


def parts_allow(book: PublicBook, measure: Measure, period: Period) -> bool:
    """Whether a table that divides others further may be shown: the runs that it divides are shown, all with the same
    groups, those of the first rung for their size. True for any other table.
    """
    if not measure.within:
        return True
    dimension, divided = DIMENSIONS[measure.dimension], set[frozenset[str]]()
    runs = [run for run in book.published(measure.within, "run") if period.start <= run.start <= period.end]
    for run in runs:
        key = measure.within, run.period_id
        values = {block: value for (_, block), value in book.values(key).items()}
        divided.add(frozenset(values))
        if not blocks_allowed(dimension, values, int(sum(values.values())), book.not_collected(key), coarser=False):
            return False
    inside = {quarter.id for run in runs for quarter in within(book, run)}
    return len(divided) == 1 and inside == {quarter.id for quarter in within(book, period)}
