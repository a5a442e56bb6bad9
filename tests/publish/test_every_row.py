"""What an analyst may rely on for every row: it is counted, of a type that isn't counted, or named under a problem."""

from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.errors import ExtractRefused
from portal.publish.ingest.extract import read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.ingest.problems import NEVER_LEFT_OUT, REASONS
from portal.publish.synthetic.illustrate import illustrate
from tests.publish.sources import ROW, extract
from tests.source import ROOT

BAD_ROWS = [
    (("", "2026-04-03 12:30:00", "5150"), "missing_required", "call_id"),
    (("E2", "", "5150"), "missing_required", "received"),
    (("E2", "2026-04-03 12:30:00", ""), "missing_required", "call_type"),
    (("E2", "3 April", "5150"), "unreadable_time", "received"),
    (("E2", "2026-04-03 00:00:00", "5150"), "midnight_time", "received"),
    (("E2", "2027-03-14 02:30:00", "5150"), "time_in_dst_gap", "received"),
    (("E2", "2026-04-03 12:30:00", "6666"), "unknown_code", "call_type"),
    (("E2", "2026-03-31 12:30:00", "5150"), "outside_coverage", "received"),
    (("E1", "2026-04-03 12:30:00", "5150"), "duplicate_key", "call_id"),
]
KEEP_THE_DAY = {"midnight_time", "time_in_dst_gap"}
FILES = [HealthCheck.function_scoped_fixture]  # each example writes the same file anew


def leaving_out(*reasons: str) -> dict[str, str]:
    return dict.fromkeys(reasons or set(REASONS) - NEVER_LEFT_OUT, "leave_out")


@pytest.mark.parametrize(("bad", "reason", "column"), BAD_ROWS)
def test_a_row_that_can_t_be_right_refuses_the_extract(bad: tuple[str, ...], reason: str, column: str,
                                                       tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused) as caught:
        extract(tmp_path, [ROW, bad])
    assert reason in str(caught.value)
    assert "leave_out" in caught.value.next_step
    line = next(line for line in caught.value.table.splitlines() if line.startswith(f"{reason} "))
    assert line.split()[1] == column
    assert line.split()[-2:] == ["refuse", "3"], "its row in the file, the header being row 1"


@pytest.mark.parametrize(("bad", "reason", "column"), BAD_ROWS)
def test_a_row_that_is_left_out_is_counted_and_reported(bad: tuple[str, ...], reason: str, column: str,
                                                        tmp_path: Path) -> None:
    found = extract(tmp_path, [ROW, bad], problems=leaving_out(reason))
    (problem,) = found.report.problems
    assert (problem.reason, problem.column, problem.rows, problem.count) == (reason, column, (3,), 1)
    assert problem.choice == "leave_out"
    keeps_day = reason in KEEP_THE_DAY
    assert len(found.calls) == (2 if keeps_day else 1)
    assert found.report.rows_left_out == (0 if keeps_day else 1)
    assert found.calls["received"].isna().sum() == int(keeps_day)


def test_all_problems_stand_in_one_table_without_a_person_s_values(tmp_path: Path) -> None:
    rows = [ROW, *(bad for bad, _, _ in BAD_ROWS)]
    with pytest.raises(ExtractRefused) as caught:
        extract(tmp_path, rows)
    sentence = f"{caught.value} {caught.value.table}"
    missing = [reason for _, reason, _ in BAD_ROWS if reason not in caught.value.table]
    assert not missing
    values = set(chain.from_iterable(rows)) - {"", "6666"}  # an unknown code is the source's, and listed
    assert not [value for value in values if value in sentence]


def test_what_is_not_counted_need_not_be_right(tmp_path: Path) -> None:
    found = extract(tmp_path, [ROW, ("E2", "2026-04-03 13:00:00", "TRAFFIC"), ("", "", "TRAFFIC")])
    assert (found.report.rows_read, found.report.rows_counted, found.report.rows_not_counted) == (3, 1, 2)
    assert found.report.problems == ()


def test_the_first_and_the_last_day_of_the_coverage_are_in_it(tmp_path: Path) -> None:
    coverage = {"start": date(2026, 4, 1), "end": date(2026, 4, 30), "quiet_days": 30}
    times = ("2026-03-31 23:59:59", "2026-04-01 00:00:01", "2026-04-30 23:59:59", "2026-05-01 00:00:01")
    rows = [(f"E{at}", text, "5150") for at, text in enumerate(times)]
    found = extract(tmp_path, rows, coverage=coverage, problems=leaving_out("outside_coverage"))
    assert found.calls["call_id"].tolist() == ["E1", "E2"]
    assert [problem.rows for problem in found.report.problems] == [(2, 5)]


def test_every_row_of_the_made_up_log_is_accounted_for(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    roster = illustrate(path, months=18)
    found = read_extract(path, read_mapping(ROOT / "data" / "mappings" / "somerville.toml"), roster)
    report = found.report
    with path.open(encoding="utf-8") as file:
        assert report.rows_read == sum(1 for _ in file) - 1
    assert report.rows_read == report.rows_counted + report.rows_not_counted + report.rows_left_out
    assert report.rows_counted == report.calls == len(found.calls)
    assert (found.first_day, found.last_day) == (date(2026, 4, 1), date(2027, 9, 30))
    assert not report.refused


WORDS = st.sampled_from([
    "", "E1", "E2", "5150", "WELCK", "TRAFFIC", "yes", "2026-04-03 12:30:00", "2026-11-01 01:30:00",
    "2027-03-14 02:30:00", "now", "1e9", "99999999999999", "0000-00-00 00:00:00"])


@settings(max_examples=80, deadline=None, suppress_health_check=FILES)
@given(rows=st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=8), many=st.booleans())
def test_no_row_is_lost_in_silence(rows: list[tuple[str, ...]], many: bool, tmp_path: Path) -> None:
    last = ("E9", "2026-04-09 12:00:00", "5150")  # so that one always counts
    incident = {"key": "Event", "rows": "many" if many else "one"}
    report = extract(tmp_path, [*rows, last], problems=leaving_out(), incident=incident).report
    assert report.rows_read == sum(any(row) for row in rows) + 1
    assert report.rows_read == report.rows_counted + report.rows_not_counted + report.rows_left_out
    assert report.rows_left_out <= len({row for problem in report.problems for row in problem.rows})


@settings(max_examples=40, deadline=None, suppress_health_check=FILES)
@given(offsets=st.lists(st.integers(0, 120), min_size=1, max_size=20), longest=st.integers(0, 20))
def test_gaps_are_exactly_the_long_stretches_without_records(offsets: list[int], longest: int, tmp_path: Path) -> None:
    """Day by day, by another way than the portal's: a run of empty days that is longer than may pass."""
    start = date(2026, 4, 1)
    days = sorted({start + timedelta(days=at) for at in offsets})
    rows = [(f"E{at}", f"{day} 12:00:00", "5150") for at, day in enumerate(days)]
    found = extract(tmp_path, rows, coverage={"start": start, "quiet_days": longest})
    quiet: set[date] = set()
    empty: set[date] = set()
    for at in range((days[-1] - start).days + 1):
        day = start + timedelta(days=at)
        if day in days:
            quiet |= empty if len(empty) > longest else set()
            empty = set()
        else:
            empty.add(day)
    assert found.quiet_days == quiet
