"""The one comparison with the first year: known answers, and how often it finds a change where there is none."""

import pytest

from bench.no_change import Pilot, counts, ever_changed, seven, shares, shares_by_run
from portal.figures.council.changing import OUTCOMES, SERVICE, method
from portal.figures.decisions.changing import bunching, compared_quarters, compared_runs, of_counts, of_shares

MONTHS = [105, 82, 115, 142, 120, 96, 110, 102, 85, 98, 98, 112, 128, 129, 118, 135, 148, 115]
YEAR = MONTHS[:12]


@pytest.mark.parametrize(("now", "before", "known", "told"), [
    (MONTHS[12:], MONTHS[:6], (773, 660, 1.747, 1.171, 0.976, 1.401), False),
    (MONTHS[12:15], MONTHS[:3], (375, 302, 2.482, 1.242, 0.905, 1.698), False),
    (YEAR, YEAR, (1265, 1265, 1, 1.000, 0.903, 1.108), False),
    ([round(one * 1.25) for one in YEAR], YEAR, (1581, 1265, 1, 1.250, 1.134, 1.378), True),
    ([round(one * 1.21) for one in YEAR], YEAR, (1531, 1265, 1, 1.210, 1.098, 1.335), True),
    ([one // 2 for one in YEAR], YEAR, (631, 1265, 1, 0.499, 0.440, 0.565), True),
    ([3] * 12, [5] * 12, (36, 60, 1, 0.600, 0.343, 1.027), False),
])
def test_counts_of_the_same_months(
        now: list[int], before: list[int], known: tuple[float, ...], told: bool) -> None:
    found = of_counts(now, before, 1, 1)
    given = (found.now, found.before, found.bunching, found.estimate.value, found.estimate.low, found.estimate.high)
    assert given == pytest.approx(known, abs=0.0006)
    assert found.clear is told


@pytest.mark.parametrize(("now", "before", "known"), [
    ((51, 72), (26, 35), (-0.034, -0.240, 0.212)), ((3, 90), (11, 90), (-0.089, -0.207, 0.020))])
def test_shares(now: tuple[float, float], before: tuple[float, float], known: tuple[float, ...]) -> None:
    found = of_shares(now, before)
    assert (found.estimate.value, found.estimate.low, found.estimate.high) == pytest.approx(known, abs=0.0006)
    assert not found.clear
    assert (found.now, found.before) == (now[0] / now[1], before[0] / before[1])


def test_nothing_is_compared_before_the_fifth_quarter_and_then_a_season_with_itself() -> None:
    assert [compared_quarters(one) for one in (0, 1, 4)] == [None, None, None]
    assert compared_quarters(5) == ((4,), (0,))
    assert compared_quarters(6) == ((4, 5), (0, 1))
    assert compared_quarters(8) == ((4, 5, 6, 7), (0, 1, 2, 3))
    assert compared_quarters(9) == ((5, 6, 7, 8), (1, 2, 3, 0))


def test_runs_are_compared_when_a_year_of_them_stands_behind_the_first() -> None:
    assert compared_runs([]) is None
    assert compared_runs([(0, 2), (3, 5)]) is None
    assert compared_runs([(0, 4), (5, 9)]) is None  # none ends in the first year
    assert compared_runs([(0, 2), (3, 4), (5, 6)]) == ((1, 2), (0,))
    assert compared_runs([(0, 0), (1, 3), (4, 5), (6, 7), (8, 9)]) == ((3, 4), (0, 1))
    assert compared_runs([(0, 3), (4, 9)]) == ((1,), (0,))


@pytest.mark.parametrize("pilot", [counts(110), counts(110, 1.6), counts(5), counts(5, 1.6), shares(24, 0.73),
                                   shares_by_run(15, 0.2)],
                         ids=["110 calls a month", "in bunches", "5 a month", "5 a month in bunches", "a share",
                              "a share by run"])
def test_a_number_that_does_not_change_is_seldom_called_changed_in_three_years(pilot: Pilot) -> None:
    assert ever_changed(pilot, 150) <= 0.10


def test_the_method_says_how_often_one_of_all_seven_numbers_is_called_changed() -> None:
    assert 0.05 < ever_changed(seven(), 150) < 0.20
    assert "one of seven numbers in 14 to 20 pilots in a hundred" in method()
    assert len((*SERVICE, *OUTCOMES)) == 7


def test_a_change_by_a_quarter_is_called_one() -> None:
    rates = [110.0] * 12 + [140.0] * 12
    assert of_counts(rates[12:], rates[:12], 365, 365).clear


def test_calls_that_come_in_bunches_count_for_fewer() -> None:
    assert bunching([10, 12, 9], [10, 12, 9]) == 1.0
    assert bunching([40, 5, 3], [5, 40, 3]) > 10
    assert bunching([0, 0], [0, 0]) == bunching([5], [9]) == 1.0
