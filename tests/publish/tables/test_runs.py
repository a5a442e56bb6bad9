"""Runs: quarters wait until together they are many enough."""

from hypothesis import given
from hypothesis import strategies as st

from portal.contract.contract import threshold
from portal.publish.tables.runs import closes, join_runs, response_clock
from portal.release.periods import Period, Quarter, open_of, pilot_of, quarters_of, run_of, year_of

Q = [Quarter(2026, 2), Quarter(2026, 3), Quarter(2026, 4), Quarter(2027, 1), Quarter(2027, 2), Quarter(2027, 3)]


def totals(*numbers: int) -> dict[Quarter, int]:
    return dict(zip(Q, numbers, strict=False))


def test_a_single_quarter_of_40_closes_and_one_of_39_waits() -> None:
    assert closes([40])
    assert not closes([39])
    assert response_clock(totals(40)).closed == ((Q[0],),)
    assert response_clock(totals(39)).waiting == (Q[0],)


def test_several_quarters_need_11_beside_the_largest() -> None:
    assert not closes([29 + 1, 10])
    assert closes([30, 11])
    assert closes([15, 14, 11])
    assert not closes([0, 39 + 1, 10])


def test_the_open_run_says_how_much_it_lacks() -> None:
    few = response_clock(totals(12, 15))
    assert (few.have, few.need, few.enough) == (27, 40, False)
    lopsided = response_clock(totals(5, 36))
    assert (lopsided.have, lopsided.need, lopsided.enough) == (5, 11, True)


def test_the_clock_goes_on_after_runs_that_are_closed_already() -> None:
    at_once = response_clock(totals(10, 16, 17, 20, 25))
    assert at_once.closed == ((Q[0], Q[1], Q[2]), (Q[3], Q[4]))
    assert at_once.waiting == ()
    again = response_clock(totals(10, 16, 17, 20, 25, 3), at_once.closed)
    assert again.closed == at_once.closed
    assert again.waiting == (Q[5],)


def test_runs_are_put_together_in_pairs_and_the_odd_one_waits() -> None:
    closed = ((Q[0],), (Q[1], Q[2]), (Q[3],))
    assert join_runs(closed, 2) == (((Q[0], Q[1], Q[2]),), (Q[3],))
    assert join_runs(closed, 1) == (closed, ())


@given(st.lists(st.integers(0, 60), max_size=20))
def test_runs_tile_the_quarters_and_close_at_the_first_quarter_they_can(numbers: list[int]) -> None:
    quarters, quarter = [], Quarter(2026, 2)
    for _ in numbers:
        quarters.append(quarter)
        quarter = quarter.next
    by_quarter = dict(zip(quarters, numbers, strict=True))
    found = response_clock(by_quarter)
    assert [month for run in (*found.closed, found.waiting) for month in run] == quarters
    for run in found.closed:
        numbers_of = [by_quarter[month] for month in run]
        assert sum(numbers_of) >= threshold("run_responses")
        assert len(run) == 1 or sum(numbers_of) - max(numbers_of) >= threshold("run_rest")
        assert not any(closes(numbers_of[:at]) for at in range(1, len(run)))
    assert not closes([by_quarter[task] for task in found.waiting] or [0])


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.data())
def test_the_clock_gives_the_same_runs_whether_told_at_once_or_quarter_by_quarter(
    numbers: list[int], data: st.DataObject
) -> None:
    quarters = [Quarter(2026 + at // 4, at % 4 + 1) for at in range(len(numbers))]
    early = data.draw(st.integers(0, len(numbers)))
    first = response_clock(dict(zip(quarters[:early], numbers[:early], strict=True)))
    assert response_clock(dict(zip(quarters, numbers, strict=True)), first.closed) == response_clock(
        dict(zip(quarters, numbers, strict=True))
    )


def test_periods_are_named_by_what_they_span() -> None:
    assert run_of(Q[:3]) == Period("run-2026-Q2-to-2026-Q4", "run", "2026-04-01", "2026-12-31")
    assert run_of(Q[:1]).period_id == "run-2026-Q2"
    assert open_of(Q[3:5]) == Period("open-2027-Q1-to-2027-Q2", "run", "2027-01-01", "2027-06-30")
    assert pilot_of(Q).period_id == "pilot-to-2027-Q3"
    assert year_of(Q[3:]) == Period("2027", "year", "2027-01-01", "2027-12-31")
    assert [month.period_id for month in Q[2].months] == ["2026-10", "2026-11", "2026-12"]
    assert Q[3].months[1].end == "2027-02-28"
    assert [quarter.id for quarter in quarters_of(Q[0].start, Q[2].end)] == ["2026-Q2", "2026-Q3", "2026-Q4"]
    assert [period.lasts for period in (run_of(Q), open_of(Q), pilot_of(Q))] == [True, False, False]
