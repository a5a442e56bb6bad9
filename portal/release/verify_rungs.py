"""Checks that a table on people has the groups that its public size and its earlier runs allow: worked out anew, not by
the code that publishes.
"""

from math import sqrt

from portal.contract.contract import DIMENSIONS, Dimension, Measure, threshold
from portal.release.book import PublicBook, within
from portal.release.periods import Period


def published_arrests(book: PublicBook, measure: Measure, period: Period) -> int | None:
    """The published arrests of a period, for a table that leaves them out; None where they are not shown."""
    if measure.over != "responses_without_arrest":
        return 0
    runs = [run for run in book.published("outcome.arrest", "run") if period.start <= run.start <= period.end]
    covered = {quarter.id for run in runs for quarter in within(book, run)}
    if covered != {quarter.id for quarter in within(book, period)}:
        return None
    return int(sum(book.values(("outcome.arrest", run.period_id))["arrests", ""] for run in runs))


def rungs_hidden_before(book: PublicBook, measure: Measure, period: Period) -> int:
    """How many of the finest rungs are not tried: up to the coarsest on which an earlier run was not shown."""
    dimension, passed_over = DIMENSIONS[measure.dimension], 0
    runs = [book.periods[run_id] for (table, run_id), state in book.states.items()
            if table == measure.id and state["reason"] == "privacy"]
    before = [run for run in runs if run.grain == "run" and run.end < period.start]
    for run in sorted(before, key=lambda run: run.start):
        arrests = published_arrests(book, measure, run)
        if arrests is None:
            continue
        over = "calls" if measure.over == "calls" else "responses"
        total = sum(book.total(over, quarter) or 0 for quarter in within(book, run)) - arrests
        empty = book.not_collected((measure.id, run.period_id))
        passed_over = max(passed_over, 1 + _rung(dimension, total, empty, passed_over))
    return passed_over


def _rung(dimension: Dimension, total: int, not_collected: frozenset[str], passed_over: int) -> int:
    """The place on its ladder of the rung for a table of this size, the finest ones passed over."""
    margin, least = threshold("rung_margin_percent") / 100, threshold("block_responses")
    dividing = [at for at, rung in enumerate(dimension.ladder) if dimension.divides(rung, not_collected)]
    coarsest = dividing[-1] if dividing else len(dimension.ladder) - 1
    for at in dividing:
        blocks = dimension.collected(dimension.ladder[at], not_collected)
        share = min(dimension.planned(block, not_collected) for block in blocks)
        if at >= passed_over and total * share - margin * sqrt(total * share * (1 - share)) >= least:
            return at
    return coarsest


def blocks_allowed(dimension: Dimension, values: dict[str, float], total: int,
                   not_collected: frozenset[str] = frozenset(), passed_over: int = 0) -> bool:
    """Whether the blocks are those of the rung for this size, each at least 11 and under 90 %, and two or more. Blocks
    of categories that are all not collected are left out; the finest rungs may be passed over.
    """
    rung = dimension.collected(dimension.ladder[_rung(dimension, total, not_collected, passed_over)], not_collected)
    below = threshold("block_share_percent") * total
    return (
        set(values) == set(rung)
        and len(values) >= 2
        and all(value >= threshold("block_responses") and value * 100 < below for value in values.values())
    )
