"""Published once: what a release says stays, whatever happens to the records afterwards."""

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import ReleaseBroken
from portal.publish.publish import Published
from portal.publish.tables.entry import counted_on
from portal.release import queries
from portal.release.store import Release
from portal.release.verify import verify
from tests.publish import made

ENDS = made.quarter_ends(3)
QUARTERS = (45, 45, 45)
Rows = list[dict[str, Any]]


def values(published: Published, table_id: str, period_id: str) -> dict[tuple[str, str], float]:
    assert published.folder is not None
    return {
        (name, category): value
        for name, category, value in queries.values(Release(published.folder), table_id, period_id).rows
    }


def state(published: Published, table_id: str, period_id: str) -> str:
    return next(
        line.words if line.status == "suppressed" else line.status
        for line in published.plan
        if (line.table, line.period) == (table_id, period_id)
    )


def late_record(rows: Rows) -> Rows:
    return [
        *rows,
        made.row(9001, date(2026, 5, 4), random.Random(5), team=True, recorded_on=pd.Timestamp("2026-09-20")),
    ]


def deletion(rows: Rows) -> Rows:
    return [row for row in rows if row["call_id"] != first_response(rows)["call_id"]]


def recoding(rows: Rows) -> Rows:
    changed = first_response(rows)
    return [row | {"answered_by": "police", "eligibility": "not_eligible"} if row is changed else row for row in rows]


def first_response(rows: Rows) -> dict[str, Any]:
    return next(row for row in rows if row["answered_by"] == "team")


@pytest.mark.parametrize("change", [late_record, deletion, recoding])
def test_what_is_published_keeps_its_bytes_whatever_happens_to_the_records(
    change: Callable[[Rows], Rows], tmp_path: Path
) -> None:
    rows = made.rows(QUARTERS)
    first = made.publish(made.extract(rows), ENDS[0], tmp_path)
    assert first.folder is not None
    before = made.contents(first.folder)
    second = made.publish(made.extract(change(rows)), ENDS[1], tmp_path)
    assert second.folder is not None
    assert made.contents(first.folder) == before
    for table in ("cells", "states"):
        copied = made.lasting(first.folder, table)
        assert len(copied) > 20
        assert set(copied) <= set(made.lasting(second.folder, table))
    assert verify(second.folder) == []


def test_a_late_record_counts_in_the_first_month_that_is_still_open(tmp_path: Path) -> None:
    rows = made.rows(QUARTERS)
    without = (
        made.publish(made.extract(rows), ENDS[0], tmp_path / "a"),
        made.publish(made.extract(rows), ENDS[1], tmp_path / "a"),
    )
    late = made.extract(late_record(rows))
    with_it = made.publish(late, ENDS[0], tmp_path / "b"), made.publish(late, ENDS[1], tmp_path / "b")
    assert values(without[0], "response.met", "2026-05") == values(with_it[0], "response.met", "2026-05")
    for month, more in (("2026-07", 1), ("2026-08", 0)):
        assert (
            values(with_it[1], "response.met", month)["responses", ""]
            == values(without[1], "response.met", month)["responses", ""] + more
        )
    assert with_it[1].folder is not None
    assert "recorded late. They are counted in 2026-07." in (with_it[1].folder / "NOTES.md").read_text("utf-8")
    assert not any("would not be the same" in line for line in with_it[1].summary)


def test_the_analyst_hears_which_published_table_would_differ_today_and_never_by_how_much(tmp_path: Path) -> None:
    rows = made.rows(QUARTERS)
    made.publish(made.extract(rows), ENDS[0], tmp_path)
    second = made.publish(made.extract(recoding(rows)), ENDS[1], tmp_path)
    lines = [line for line in second.summary if "would not be the same" in line]
    month = f"{first_response(rows)['received']:%Y-%m}"
    assert any(line.startswith(f"response.met in {month} ") for line in lines)
    assert not any(line.startswith("demand.received ") for line in lines)
    assert not [line for line in lines if re.search(r"\d", line.replace(line.split()[2], ""))], "the period alone"
    assert second.folder is not None
    assert "would not be" not in (second.folder / "NOTES.md").read_text("utf-8")


@pytest.mark.parametrize("change", [deletion, recoding])
def test_a_response_lost_from_an_open_run_is_one_of_which_nothing_is_recorded(
        change: Callable[[Rows], Rows], tmp_path: Path) -> None:
    rows, run = made.rows((25, 25, 25)), "run-2026-Q2-to-2026-Q3"
    made.publish(made.extract(rows), ENDS[0], tmp_path)
    second = made.publish(made.extract(change(rows)), ENDS[1], tmp_path)
    expected = [made.publish(made.extract(rows), end, tmp_path / "b") for end in ENDS[:2]][1]
    tables = {line.table for line in expected.plan if line.period == run and line.status == "published"}
    assert {"outcome.arrest", "outcome.kind", "equity.gender"} <= tables
    assert tables == {line.table for line in second.plan if line.period == run and line.status == "published"}
    conduct = values(second, "outcome.arrest", run)
    assert (conduct["responses", ""], conduct["not_recorded", ""]) == (50, 1)
    for table in ("outcome.kind", "equity.gender"):
        numbers, before = values(second, table, run), values(expected, table, run)
        assert sum(numbers.values()) == sum(before.values()) == 50, "the public total"
        assert sum(abs(numbers[key] - before[key]) for key in before) in (0, 2), "it moved to where not recorded counts"
    assert second.folder
    assert verify(second.folder) == []


def test_a_record_entered_after_the_cut_off_waits_for_the_next_release(tmp_path: Path) -> None:
    rows = late_record(made.rows(QUARTERS))
    first = made.publish(made.extract(rows), ENDS[0], tmp_path)
    assert "1 row was entered after 2026-08-14 and will count in the next release." in first.summary
    total = sum(values(first, "demand.received", month)["calls", ""] for month in ("2026-04", "2026-05", "2026-06"))
    assert total == sum(row["received"].date() <= ENDS[0] for row in rows) - 1


def test_without_days_of_entry_a_call_of_a_published_month_is_taken_as_counted(tmp_path: Path) -> None:
    rows = made.rows(QUARTERS)
    made.publish(made.extract(rows, without=["recorded_on"]), ENDS[0], tmp_path)
    second = made.publish(made.extract(late_record(rows), without=["recorded_on"]), ENDS[1], tmp_path)
    july = sum(f"{row['received']:%Y-%m}" == "2026-07" for row in rows)
    assert values(second, "demand.received", "2026-07") == {("calls", ""): july}
    assert any(line.startswith("demand.received in 2026-05 would not be the same") for line in second.summary)


def test_a_table_collected_from_now_on_is_published_from_now_on(tmp_path: Path) -> None:
    rows = made.rows(QUARTERS)
    made.publish(made.extract(rows, without=["gender", "eligibility"]), ENDS[0], tmp_path)
    second = made.publish(made.extract(rows), ENDS[1], tmp_path)
    published_cells = {
        (line.table, line.period)
        for line in second.plan
        if line.table in ("equity.gender", "demand.eligible") and line.status == "published"
    }
    assert published_cells == {("equity.gender", "run-2026-Q3"), ("equity.gender", "pilot-to-2026-Q3"),
                               ("demand.eligible", "2026-Q3"), ("demand.eligible", "pilot-to-2026-Q3")}
    assert second.folder is not None
    assert verify(second.folder) == []


def test_a_table_no_longer_collected_keeps_what_it_had(tmp_path: Path) -> None:
    rows = made.rows(QUARTERS)
    first = made.publish(made.extract(rows), ENDS[0], tmp_path)
    second = made.publish(made.extract(rows, without=["gender", "eligibility"]), ENDS[1], tmp_path)
    assert values(second, "equity.gender", "run-2026-Q2") == values(first, "equity.gender", "run-2026-Q2") != {}
    assert state(second, "equity.gender", "pilot-to-2026-Q3") == "not_collected"
    assert state(second, "demand.eligible", "2026-Q2") == "published"
    assert second.folder is not None
    assert verify(second.folder) == []


def test_a_damaged_release_is_nothing_to_go_on_from(tmp_path: Path) -> None:
    rows = made.extract(made.rows(QUARTERS))
    first = made.publish(rows, ENDS[0], tmp_path)
    assert first.folder is not None
    notes = first.folder / "NOTES.md"
    notes.chmod(0o644)
    notes.write_text("Another text.\n", encoding="utf-8")
    with pytest.raises(ReleaseBroken, match=r"NOTES\.md is not the file"):
        made.publish(rows, ENDS[1], tmp_path)
    assert (tmp_path / "current").read_text() == "2026-Q2\n"


SPANS = [(end, end + timedelta(40)) for end in made.quarter_ends(6)]


@settings(deadline=None)  # a busy machine is slow, and that is no finding
@given(st.integers(0, 700), st.one_of(st.none(), st.integers(0, 300)))
def test_a_record_counts_in_one_period_for_ever(day: int, wait: int | None) -> None:
    received = pd.Series([pd.Timestamp(made.FIRST + timedelta(day))])
    recorded = pd.Series([pd.NaT if wait is None else received[0] + pd.Timedelta(days=wait)], dtype=received.dtype)
    counted = [counted_on(received, recorded, SPANS[:releases])[0] for releases in range(1, len(SPANS) + 1)]
    first = [measure for measure in counted if not pd.isna(measure)]
    assert len(set(first)) <= 1
    assert counted == [*[pd.NaT] * (len(counted) - len(first)), *first] or counted[len(counted) - len(first):] == first
    if first:
        assert first[0] >= received[0]
        assert first[0] == received[0] or first[0].day == 1
