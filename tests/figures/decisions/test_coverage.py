"""Reach and coverage: the chain of 398 calls, and hours by the local clock."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.figures.decisions.coverage import Reach, band_hours, elapsed_hours

ZONE = "America/New_York"
COUNT = st.integers(0, 5000)


@pytest.mark.parametrize(("first", "last", "hours"), [
    (date(2027, 7, 1), date(2027, 9, 30), 2208), (date(2027, 10, 1), date(2027, 12, 31), 2209),
    (date(2027, 1, 1), date(2027, 3, 31), 2159), (date(2027, 1, 1), date(2027, 12, 31), 8760)])
def test_the_hours_of_a_period_are_those_of_the_local_clock(first: date, last: date, hours: float) -> None:
    assert elapsed_hours(first, last, ZONE) == hours


def test_the_hours_of_a_band_are_those_of_its_days_by_the_local_clock() -> None:
    summer = band_hours(date(2027, 7, 1), date(2027, 9, 30), ZONE)
    assert summer["weekday_12"] == 264 and summer["weekend_0"] == 104
    spring = band_hours(date(2027, 1, 1), date(2027, 3, 31), ZONE)
    assert spring["weekend_0"] == spring["weekend_12"] - 1  # the clocks jump on a Sunday at 2
    for first, last in ((date(2027, 1, 1), date(2027, 3, 31)), (date(2027, 10, 1), date(2027, 12, 31))):
        assert sum(band_hours(first, last, ZONE).values()) == elapsed_hours(first, last, ZONE)


def percent(part: float | None) -> float:
    assert part is not None
    return round(100 * part, 1)


def test_the_chain_from_all_calls_to_those_the_team_went_to() -> None:
    chain = Reach(calls=398, eligible=287, on_duty=33, answered=24, unchecked=31)
    assert percent(101 / elapsed_hours(date(2027, 7, 1), date(2027, 9, 30), ZONE)) == 4.6
    assert [percent(one) for one in (chain.on_duty_share, chain.answered_share, chain.reach, chain.of_all)] == [
        11.5, 72.7, 8.4, 6.0]
    assert percent(chain.least_reach) == 7.5
    assert chain.unmet == 263 == 254 + 9


@given(COUNT, COUNT, COUNT, COUNT)
def test_reach_is_what_was_on_duty_times_what_was_answered_of_it(
        answered: int, missed: int, off_duty: int, others: int) -> None:
    on_duty, eligible = answered + missed, answered + missed + off_duty
    chain = Reach(eligible + others, eligible, on_duty, answered, others)
    if on_duty and chain.reach is not None:
        assert chain.reach == pytest.approx((chain.on_duty_share or 0) * (chain.answered_share or 0))
        assert chain.least_reach is not None and chain.least_reach <= chain.reach
    assert chain.unmet == missed + off_duty


def test_a_share_of_nothing_is_no_share() -> None:
    nothing = Reach(0, 0, 0, 0)
    assert nothing.reach is nothing.least_reach is nothing.of_all is nothing.answered_share is None
