"""More data shows more: the share of tables on responses that can be shown does not fall with their number, whether
records are as complete as planned, wholly, or of a source that can't record one category and names it.
"""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from portal.contract.contract import DIMENSIONS
from portal.publish.ingest.columns import NOT_RECORDED
from portal.publish.protection.attack import attack, attacker_knowledge
from tests.attack import histories
from tests.publish.protection import volumes

CHANCE = .04  # by which a share of so many draws may differ
RECORDS = {
    "as planned": lambda: [volumes.shown(a_month, volumes.planned()) for a_month in volumes.A_MONTH],
    "complete": lambda: [volumes.shown(a_month, volumes.planned(volumes.complete())) for a_month in volumes.A_MONTH],
    "one category lacks, not named": lambda: volumes.lacking_one(named=False, draws=5),
    "one category lacks, named": lambda: volumes.lacking_one(named=True, draws=5),
}


def falls(found: list[tuple[float, float]]) -> bool:
    """Whether the share that is shown, or the groups a table, fall from a volume to the next."""
    return any(after < before - CHANCE for values in zip(*found, strict=True) for before, after in pairwise(values))


@pytest.mark.parametrize("record", RECORDS)
def test_the_share_of_tables_shown_does_not_fall(record: str) -> None:
    found = RECORDS[record]()
    assert not falls(found), found
    assert found[-1][0] > .85, "where nobody is in one of the last two groups, no table can be shown"


@pytest.mark.parametrize("city", volumes.FILES)
def test_the_share_of_tables_of_a_real_record_shown_does_not_fall(city: str, realdata: Path) -> None:
    draw, tables, lists = volumes.real(city, realdata)
    for named in (None, lists):
        found = [volumes.shown(a_month, draw, tables=tables, named=named, draws=40) for a_month in volumes.A_MONTH]
        assert not falls(found), found


def test_shares_far_from_the_planned_ones_are_shown_more_coarsely_and_withstand_the_attack() -> None:
    shares = {"race_ethnicity": {"asian": 0., "another": .02, NOT_RECORDED: .01, "black": .5, "hispanic": .25,
                                 "white": .22}}
    book, passed = histories.gated_release(histories.history(60, 3, 9, shares=shares), every=99)
    runs = [period for table, period in book.states if table == "equity.race_ethnicity"
            and book.periods[period].grain == "run" and book.periods[period].lasts]
    assert [len(book.values(("equity.race_ethnicity", period))) for period in runs] == [2, 2, 2]
    assert passed.outcome.safe
    assert not passed.left_out
    known, without = (attacker_knowledge([book], unions=True) for _ in range(2))
    coarser = [choice for choice in without.choices if {option.high for option in choice.options} == {10}]
    without.choices = [choice for choice in without.choices if choice not in coarser]
    without.shapes = {key: [replace(shape, failed=()) if shape.shown else shape for shape in shapes]
                      for key, shapes in without.shapes.items()}
    assert len(coarser) >= 3
    ranges = [[(cell.low, cell.high) for cell in attack(world).cells] for world in (known, without)]
    assert ranges[0] == ranges[1], "that finer groups failed narrows no union of categories"
    details = {period: state["reason"] for (table, period), state in book.states.items()
               if table == "equity.race_ethnicity_detail" and book.periods[period].grain == "run"}
    assert set(details.values()) <= {"parts", "runs_together"}


def test_a_complete_record_at_sixty_a_month_is_shown_and_withstands_the_attack() -> None:
    complete = {name: {NOT_RECORDED: 0.} for name, dimension in DIMENSIONS.items() if NOT_RECORDED in dimension.shares}
    book, passed = histories.gated_release(histories.history(60, 3, 6, shares=complete), every=99)
    assert passed.outcome.safe
    assert not passed.left_out
    _, tables, pairs = histories.numbers(book)
    assert tables >= .9 * pairs
