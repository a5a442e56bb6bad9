"""A record counts in one period for ever, and never twice, whatever becomes of its day of entry."""

from datetime import timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.publish.tables.entry import MonthTotals, counted_on, counted_once
from tests.publish import made

ENDS = made.quarter_ends(3)
SPANS = [(end, end + timedelta(45)) for end in ENDS]
ROW = st.tuples(st.integers(0, 270), st.integers(0, 120), st.booleans())  # day, days until entry, answered by the team
Published = dict[str, MonthTotals]


def calls_of(rows: list[tuple[int, int, bool]]) -> pd.DataFrame:
    received = [made.FIRST + timedelta(day) for day, _, _ in rows]
    return pd.DataFrame({
        "received_on": pd.to_datetime(received),
        "recorded_on": pd.to_datetime([day + timedelta(wait) for day, (_, wait, _) in zip(received, rows,
                                                                                          strict=True)]),
        "response": pd.array([team for _, _, team in rows], dtype=bool),
        "call_id": [f"C{at:04}" for at in range(len(rows))]})


def publish(calls: pd.DataFrame, releases: int, published: Published) -> tuple[pd.Series, Published]:
    """The day each call counts on in a release, and all that is published with it: earlier months as they were."""
    counted = counted_once(calls, SPANS[:releases], published).counted
    until = pd.Timestamp(SPANS[releases - 2][0] if releases > 1 else made.FIRST - timedelta(1))
    new = calls[counted.notna() & (counted > until)]
    totals = {str(month): MonthTotals(len(rows), int(rows["response"].sum()))
              for month, rows in new.groupby(counted.dt.strftime("%Y-%m"))}
    return counted, published | totals


def sums(published: Published) -> tuple[int, int]:
    return (sum(month.calls for month in published.values()),
            sum(month.responses or 0 for month in published.values()))


@settings(max_examples=60)
@given(st.lists(ROW, max_size=40))
def test_where_no_day_of_entry_is_written_again_late_calls_count_as_ever(rows: list[tuple[int, int, bool]]) -> None:
    calls, published = calls_of(rows), dict[str, MonthTotals]()
    for releases in (1, 2, 3):
        counted, published = publish(calls, releases, published)
        pd.testing.assert_series_equal(counted, counted_on(calls["received_on"], calls["recorded_on"],
                                                           SPANS[:releases]))


@settings(max_examples=60)
@given(st.lists(ROW, max_size=40), st.lists(st.tuples(st.integers(0, 39), st.integers(0, 2), st.booleans()),
                                            max_size=20))
def test_no_call_and_no_response_counts_twice(rows: list[tuple[int, int, bool]],
                                              changes: list[tuple[int, int, bool]]) -> None:
    """Rows get a new day of entry, some of them another answer, between releases: the sum of all that was ever
    published is at most the number of calls there are, and of those that were ever a response.
    """
    calls, published = calls_of(rows), dict[str, MonthTotals]()
    answered = calls["response"].copy()
    for releases in (1, 2, 3):
        for at in (at for at, when, _ in changes if when == releases - 1 and at < len(rows)):
            calls.loc[at, "recorded_on"] = max(pd.Timestamp(SPANS[releases - 1][1]), calls.loc[at, "recorded_on"])
            calls.loc[at, "response"] |= any(turned for place, _, turned in changes if place == at)
        answered |= calls["response"]
        _, published = publish(calls, releases, published)
        covered = (calls["received_on"] <= pd.Timestamp(SPANS[releases - 1][0]))
        assert sums(published)[0] <= covered.sum()
        assert sums(published)[1] <= (answered & covered).sum()
