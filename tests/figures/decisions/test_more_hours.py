"""What more hours would do: the known answers of the method, and what must hold for any counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.figures.decisions.more_hours import Year, like_today, more_hours, taken

YEAR = Year(1378, 997, 90, 84, 1.4)
# calls and hours of the band, the year, the shift's hours; mean, low, high; what a quarter shows; come; lost (percent)
KNOWN = [
    ((306, 1044, YEAR, 4), (8.66, 7.67, 9.57), (2.9, 15.1), 11.03, 16),
    ((277, 1044, YEAR, 4), (7.96, 7.01, 8.85), (2.9, 14.1), 9.98, 15),
    ((166, 1044, YEAR, 4), (5.07, 4.31, 5.84), (0.9, 10.1), 5.98, 9),
    ((80, 1044, YEAR, 4), (2.57, 2.04, 3.16), (0.0, 6.1), 2.88, 5),
    ((83, 416, YEAR, 4), (6.21, 5.02, 7.50), (1.8, 12.1), 7.51, 11),
    ((306, 1044, YEAR, 8), (16.73, 14.88, 18.43), (8.8, 25.2), 22.05, 19),
    ((306, 1044, Year(1378, 997, 90, 84, 0), 4), (10.29, 8.92, 11.61), (4.8, 17.1), 11.03, 0),
    ((72, 264, Year(398, 287, 25, 24, 1.4), 4), (8.32, 6.40, 10.10), (2.7, 14.3), 10.23, 15),
    ((600, 1044, Year(3000, 2100, 400, 320, 1.4), 4), (12.77, 11.83, 13.70), (5.9, 20.1), 20.92, 24),
    ((3060, 1044, Year(13780, 9970, 900, 700, 1.4), 4), (32.25, 31.63, 32.82), (22.0, 44.0), 110.27, 62),
]


@pytest.mark.parametrize(("given_counts", "interval", "seen", "come", "lost"), KNOWN)
def test_what_only_the_calls_of_today_would_give(
        given_counts: tuple[int, float, Year, float], interval: tuple[float, ...], seen: tuple[float, ...], come: float,
        lost: int) -> None:
    found = more_hours(*given_counts)
    assert [round(one, 2) for one in (found.mean, found.low, found.high)] == pytest.approx(interval, abs=0.0051)
    assert tuple(round(one, 1) for one in (found.quarter_low, found.quarter_high)) == seen
    assert round(found.incoming, 2) == come
    assert round(100 * found.lost) == lost


@pytest.mark.parametrize(("given_counts", "interval", "seen"), [
    ((84, 396.25, 4), (11.02, 8.85, 13.58), (4.6, 18.5)), ((24, 101, 4), (12.36, 8.10, 18.10), (4.7, 21.9))])
def test_what_going_on_as_today_would_give(
        given_counts: tuple[int, float, float], interval: tuple[float, ...], seen: tuple[float, ...]) -> None:
    found = like_today(*given_counts)
    assert [round(one, 2) for one in (found.mean, found.low, found.high)] == pytest.approx(interval, abs=0.0051)
    assert tuple(round(one, 1) for one in (found.quarter_low, found.quarter_high)) == seen


@given(st.floats(0.01, 5), st.floats(0, 8), st.floats(0.5, 12))
def test_a_team_takes_no_more_calls_than_come_and_fewer_the_longer_each_lasts(
        rate: float, busy: float, hours: float) -> None:
    assert 0 < taken(rate, busy, hours) <= rate * hours * (1 + 1e-9)
    assert taken(rate, busy + 0.5, hours) < taken(rate, busy, hours) * (1 + 1e-9)


@pytest.mark.parametrize("wrong", [
    lambda: more_hours(0, 264, YEAR), lambda: more_hours(5, 264, Year(10, 0, 5, 5, 1)),
    lambda: more_hours(5, 0, YEAR), lambda: like_today(3, 0)])
def test_nothing_is_reckoned_from_nothing(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"an estimate|responses"):
        wrong()  # type: ignore[operator]
