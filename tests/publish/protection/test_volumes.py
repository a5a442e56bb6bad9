"""More data shows more: the share of tables on responses that can be shown does not fall with their number, whether
records are as complete as planned, wholly, or of a source that can't record one category and names it.
"""

from itertools import pairwise

import pytest

from portal.contract.contract import DIMENSIONS
from portal.publish.ingest.columns import NOT_RECORDED
from tests.attack import histories
from tests.publish.protection import volumes

CHANCE = .04  # by which a share of so many draws may differ
RECORDS = {
    "as planned": lambda: [volumes.shown(a_month, volumes.planned()) for a_month in volumes.A_MONTH],
    "complete": lambda: [volumes.shown(a_month, volumes.planned(volumes.complete())) for a_month in volumes.A_MONTH],
    "one category lacks, named": lambda: volumes.lacking_one(named=True, draws=5),
}


@pytest.mark.parametrize("record", RECORDS)
def test_the_share_of_tables_shown_does_not_fall(record: str) -> None:
    shares, groups = zip(*RECORDS[record](), strict=True)
    assert all(after >= before - CHANCE for before, after in pairwise(shares)), shares
    assert all(after >= before - CHANCE for before, after in pairwise(groups)), groups
    assert shares[-1] > .95


def test_a_complete_record_at_sixty_a_month_is_shown_and_withstands_the_attack() -> None:
    complete = {name: {NOT_RECORDED: 0.} for name, dimension in DIMENSIONS.items() if NOT_RECORDED in dimension.shares}
    book, passed = histories.gated_release(histories.history(60, 3, 6, shares=complete), every=99)
    assert passed.outcome.safe
    assert not passed.left_out
    _, tables, pairs = histories.numbers(book)
    assert tables >= .9 * pairs
