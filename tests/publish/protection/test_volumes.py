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


def test_other_shares_than_planned_are_shown_more_coarsely_after_a_run_and_withstand_the_attack() -> None:
    shares = {"race_ethnicity": {"asian": 0., "another": .02, NOT_RECORDED: .01, "black": .5, "hispanic": .25,
                                 "white": .22}}
    book, passed = histories.gated_release(histories.history(60, 3, 9, shares=shares), every=99)
    first, *later = sorted((period for table, period in book.states if table == "equity.race_ethnicity"
                            and book.periods[period].grain == "run" and book.periods[period].lasts))
    assert book.states["equity.race_ethnicity", first]["status"] == "suppressed"
    assert [len(book.values(("equity.race_ethnicity", period))) for period in later] == [2, 2]
    assert passed.outcome.safe
    assert not passed.left_out


def test_a_complete_record_at_sixty_a_month_is_shown_and_withstands_the_attack() -> None:
    complete = {name: {NOT_RECORDED: 0.} for name, dimension in DIMENSIONS.items() if NOT_RECORDED in dimension.shares}
    book, passed = histories.gated_release(histories.history(60, 3, 6, shares=complete), every=99)
    assert passed.outcome.safe
    assert not passed.left_out
    _, tables, pairs = histories.numbers(book)
    assert tables >= .9 * pairs
