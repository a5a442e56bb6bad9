"""More data shows more: the share of tables on responses that can be shown does not fall with their number, whether
records are as complete as planned, or wholly.
"""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.publish.ingest.columns import NOT_RECORDED
from portal.publish.protection import protect
from tests.attack import histories

A_MONTH = (5, 20, 60, 150, 400)
DRAWS = 12
TABLES = [measure for measure in MEASURES.values() if measure.kind == "people" and measure.over != "calls"
          and measure.dimension and measure.unit != "minutes" and measure.runs_together == 1]
CHANCE = .04  # by which a share of so many draws may differ


def shown(responses: int, *, complete: bool) -> tuple[float, float]:
    """Of tables drawn by the planned shares: the share that is shown, and how many groups each has on average."""
    chance, found = np.random.default_rng(responses), []
    for measure in TABLES:
        dimension = DIMENSIONS[measure.dimension]
        names = list(dimension.shares)
        weights = np.array([0 if complete and name == NOT_RECORDED else dimension.shares[name] for name in names])
        for _ in range(DRAWS):
            drawn = pd.Series(chance.choice(names, responses, p=weights / weights.sum()))
            found.append(len(protect.people(dimension, drawn, pd.Series(range(responses)), responses).counts or {}))
    return float(np.mean([groups > 0 for groups in found])), float(np.mean(found))


@pytest.mark.parametrize("complete", [False, True])
def test_the_share_of_tables_shown_does_not_fall(complete: bool) -> None:
    shares, groups = zip(*(shown(max(40, 3 * a_month), complete=complete) for a_month in A_MONTH), strict=True)
    assert all(after >= before - CHANCE for before, after in pairwise(shares)), shares
    assert all(after >= before - CHANCE for before, after in pairwise(groups)), groups
    assert shares[-1] > .95


def test_a_complete_record_at_sixty_a_month_is_shown_and_withstands_the_attack() -> None:
    complete = {name: {NOT_RECORDED: 0.} for name, dimension in DIMENSIONS.items() if NOT_RECORDED in dimension.shares}
    book, passed = histories.guarded_release(histories.history(60, 3, 6, shares=complete), every=99)
    assert passed.outcome.safe
    assert not passed.left_out
    _, tables, pairs = histories.numbers(book)
    assert tables >= .9 * pairs
