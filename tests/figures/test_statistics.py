"""The methods for small counts: published values, and what must hold whatever the counts are."""

from math import inf, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.figures.statistics import (
    binomial_chances,
    poisson_chances,
    poisson_count,
    poisson_quantile,
    rate_ratio,
    share,
    share_difference,
    xmr,
)

COUNT = st.integers(0, 400)
TIME = st.floats(0.5, 2000)


# OpenEpi, "Comparing 2 Person-Time Rates", mid-P exact: two strata and their sum, from its session on file.
@pytest.mark.parametrize(("now", "before", "time_now", "time_before", "ratio", "low", "high"), [
    (17, 3, 100025, 122268, 6.927, 2.21, 29.63),
    (8, 1, 78531, 77932, 7.939, 1.27, 177.6),
    (25, 4, 178556, 200200, 7.008, 2.616, 23.57),
])
def test_a_rate_ratio_is_as_published(
        now: int, before: int, time_now: float, time_before: float, ratio: float, low: float, high: float) -> None:
    found = rate_ratio(now, before, time_now, time_before)
    assert [found.value, found.low, found.high] == pytest.approx([ratio, low, high], rel=6e-4)


# Newcombe, Statistics in Medicine 1998, 873, table II, method 10.
@pytest.mark.parametrize(("now", "before", "low", "high"), [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 10), 0.6075, 1.0),
])
def test_a_difference_of_shares_is_as_published(
        now: tuple[int, int], before: tuple[int, int], low: float, high: float) -> None:
    found = share_difference(now, before)
    assert [found.low, found.high] == pytest.approx([low, high], abs=6e-5)


# Newcombe, Statistics in Medicine 1998, 857, table I, method 3 (Wilson's score interval).
@pytest.mark.parametrize(("count", "total", "low", "high"), [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)])
def test_a_share_is_as_published(count: int, total: int, low: float, high: float) -> None:
    found = share(count, total)
    assert [found.low, found.high] == pytest.approx([low, high], abs=6e-5)


def test_the_limits_of_single_values_are_as_published() -> None:
    # NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rates of ten batches.
    limits = xmr([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    assert [limits.middle, limits.low, limits.high] == pytest.approx([50.81, 45.8159, 55.8041], abs=5e-5)


# Cohen and Yang, Statistics in Medicine 1994, table I: mid-p limits of a Poisson mean.
@pytest.mark.parametrize(("count", "low", "high"), [(0, 0.0, 2.9957), (1, 0.0494, 4.9307), (10, 5.0821, 17.8238)])
def test_a_poisson_count_has_a_mid_p_interval(count: int, low: float, high: float) -> None:
    found = poisson_count(count)
    assert [found.low, found.high] == pytest.approx([low, high], abs=2e-2)


@settings(deadline=None)
@given(COUNT, COUNT, TIME, TIME)
def test_a_rate_ratio_lies_in_its_interval_and_turned_round_is_its_inverse(
        now: int, before: int, time_now: float, time_before: float) -> None:
    found, turned = rate_ratio(now, before, time_now, time_before), rate_ratio(before, now, time_before, time_now)
    assert found.low <= found.value <= found.high
    assert found.low == 0 if turned.high == inf else isclose(found.low, 1 / turned.high, rel_tol=1e-6)


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), TIME, TIME, st.integers(2, 9))
def test_more_of_the_same_is_surer(now: int, before: int, time_now: float, time_before: float, times: int) -> None:
    few = rate_ratio(now, before, time_now, time_before)
    many = rate_ratio(now * times, before * times, time_now * times, time_before * times)
    assert few.low < many.low < many.value < many.high < few.high


@given(COUNT, COUNT, COUNT, COUNT)
def test_a_difference_of_shares_lies_in_its_interval_between_minus_one_and_one(
        number: int, two: int, three: int, four: int) -> None:
    now, before = (number, number + two + 1), (three, three + four + 1)
    found = share_difference(now, before)
    assert -1 - 1e-9 <= found.low <= found.value <= found.high <= 1 + 1e-9
    assert found.low == pytest.approx(-share_difference(before, now).high)


def test_the_interval_misses_as_often_as_it_says() -> None:
    """Of all pairs of counts that one true rate of 12 gives, an interval without 1 comes up in 5 percent at most, give
    or take what whole numbers do.
    """
    from scipy.stats import poisson

    likely = [(k, float(poisson.pmf(k, 12))) for k in range(1, 28)]
    missed = sum(p * q for a, p in likely for b, q in likely if not rate_ratio(a, b, 90, 90).holds(1))
    assert 0.03 < missed < 0.053


@given(st.integers(1, 400), st.just(0.0) | st.just(1.0) | st.floats(1e-6, 1 - 1e-6), st.floats(0.01, 400),
       st.floats(1e-9, 1 - 1e-9))
def test_chances_and_quantiles_are_those_of_scipy(total: int, share_of: float, mean: float, chance: float) -> None:
    from scipy.stats import binom, poisson

    counts = range(total + 1)
    likely = binom.pmf(counts, total, share_of)
    assert list(binomial_chances(counts, total, share_of)) == pytest.approx(likely, abs=1e-12)
    assert list(poisson_chances(counts, mean)) == pytest.approx(poisson.pmf(counts, mean), abs=1e-12)
    assert poisson_quantile(chance, mean) == poisson.ppf(chance, mean)


@given(st.lists(st.floats(0, 1e6), min_size=8, max_size=40))
def test_limits_hold_their_middle_and_never_fall_below_zero(values: list[float]) -> None:
    limits = xmr(values)
    assert 0 <= limits.low <= limits.middle * (1 + 1e-9) <= limits.high * (1 + 1e-9) + 1e-9


@pytest.mark.parametrize("wrong", [
    lambda: rate_ratio(1, 1, 0, 1), lambda: rate_ratio(-1, 1, 1, 1), lambda: share(1, 0), lambda: share(2, 1),
    lambda: xmr([1] * 7), lambda: poisson_count(-1)])
def test_what_cannot_be_determined_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"a rate|a share|a count|limits"):
        wrong()  # type: ignore[operator]
