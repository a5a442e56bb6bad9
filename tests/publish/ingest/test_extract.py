"""What read_extract promises: calls in the portal's own kinds, the days a file covers, nothing that isn't collected."""
# ruff: noqa: DTZ001 - cells hold clocks without a zone

import tracemalloc
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from portal.errors import ExtractRefused, ExtractUnreadable, MappingWrong
from portal.publish.ingest import read, validate
from portal.publish.ingest import table as reading
from portal.publish.ingest.columns import COLUMNS, NOT_RECORDED
from portal.publish.ingest.convert import convert_chunk
from portal.publish.ingest.extract import Extract, read_extract, report_table
from portal.publish.ingest.mapping import read_mapping
from portal.publish.ingest.problems import Findings
from portal.publish.ingest.validate import concat
from portal.publish.synthetic.illustrate import illustrate
from tests.publish.sources import HEADER, ROW, extract, mapping, source
from tests.source import ROOT

SOMERVILLE = ROOT / "data" / "mappings" / "somerville.toml"


def days(*texts: str, kind: str = "5150") -> list[tuple[str, str, str]]:
    """A call at noon of each day."""
    return [(f"{kind}{text}", f"{text} 12:00:00", kind) for text in texts]


def covered(extract: Extract) -> tuple[str, str]:
    return extract.first_day.isoformat(), extract.last_day.isoformat()


def coverage(start: str, end: str | None = None, quiet: int = 5) -> dict[str, Any]:
    values: dict[str, Any] = {"start": date.fromisoformat(start), "quiet_days": quiet}
    return values if end is None else values | {"end": date.fromisoformat(end)}


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Extract, Path]:
    """The made-up extract as somerville.toml reads it, and its file."""
    path = tmp_path_factory.mktemp("made") / "log.csv"
    roster = illustrate(path, months=6)
    return read_extract(path, read_mapping(SOMERVILLE), roster), path


def test_the_made_up_extract_is_read_completely(made_up: tuple[Extract, Path]) -> None:
    """Against the file itself, read by other means."""
    read_calls, path = made_up
    raw = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("call_id")
    calls = read_calls.calls.set_index("call_id")
    assert calls.index.tolist() == raw.index.tolist()
    for column in COLUMNS[1:]:
        values = calls[column.name]
        if column.kind == "category":
            assert values.tolist() == raw[column.name].replace("", NOT_RECORDED).tolist()
        elif column.kind == "yes_no":
            assert values.map({True: "yes", False: "no"}).fillna("").tolist() == raw[column.name].tolist()
        elif column.kind == "text":
            assert values.tolist() == raw[column.name].tolist()
        elif column.name != "arrived" and column.name != "officer_arrived":  # some of these contradict the dispatch
            form = "%Y-%m-%d" if column.kind == "date" else "%Y-%m-%dT%H:%M:%S%z"
            written = values.dt.strftime(form).fillna("")
            assert written.tolist() == raw[column.name].str.replace(r":(\d\d)$", r"\1", regex=True).where(
                raw[column.name].str.len() > 10, raw[column.name]).tolist()
    assert calls["received_on"].dt.strftime("%Y-%m-%d").tolist() == raw["received"].str[:10].tolist()


def test_kinds(made_up: tuple[Extract, Path]) -> None:
    calls = made_up[0].calls
    for column in COLUMNS:
        kind = str(calls[column.name].dtype)
        assert kind == {"time": "datetime64[us, America/New_York]", "date": "datetime64[us]", "yes_no": "boolean",
                        "text": "str", "category": "category"}[column.kind], column.name
    assert made_up[0].roster is not None
    assert {str(kind) for kind in made_up[0].roster.dtypes} == {"datetime64[us, America/New_York]"}


def test_a_row_is_held_in_few_bytes(made_up: tuple[Extract, Path]) -> None:
    """All 33 columns and the day: 8 a time, 2 a yes or no, 1 a category, and the texts of both keys."""
    calls = made_up[0].calls
    texts = calls["call_id"].str.len().sum() + calls["person_key"].str.len().sum()
    bound = {"time": 8, "date": 8, "yes_no": 2, "category": 1, "text": 8}
    a_row = sum(bound[column.kind] for column in COLUMNS) + bound["date"]
    words = sum(calls[column.name].cat.categories.memory_usage(deep=True) for column in COLUMNS if column.categories)
    assert a_row == 111
    assert calls.memory_usage(index=False, deep=True).sum() <= a_row * len(calls) + texts + words + 1000


def test_chunks_are_freed_column_by_column_as_they_are_joined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise all rows would be held twice; so it is if a chunk's columns lie in one block of memory."""
    monkeypatch.setattr(reading, "CHUNK", 1000)
    illustrate(tmp_path / "log.csv", months=2, per_month=1500)
    with read.open_table(tmp_path / "log.csv") as log:
        chunks = list(log.chunks([column.name for column in COLUMNS]))
    findings, somerville = Findings(), read_mapping(SOMERVILLE)
    tracemalloc.start()
    try:
        parts = [convert_chunk(chunk, somerville, findings).calls for chunk in chunks]
        allocated, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        calls = concat(parts)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(calls) > 2000
    assert peak < 1.3 * allocated


def test_the_misdated_dispatches_of_the_made_up_extract_are_reported(made_up: tuple[Extract, Path]) -> None:
    raw = pd.read_csv(made_up[1], dtype=str, keep_default_na=False)
    wrong = raw.index[(raw["arrived"] != "") & (raw["dispatched"] > raw["arrived"])] + 2
    assert len(wrong) > 0
    found = {(problem.reason, problem.column): problem.rows for problem in made_up[0].report.problems}
    assert found["arrival_before_dispatch", "arrived"] == tuple(wrong)


def test_what_is_not_collected_is_absent(tmp_path: Path) -> None:
    read_calls = extract(tmp_path, [ROW])
    assert read_calls.collected == {"call_id", "received", "call_type"}
    assert set(read_calls.calls.columns) == {"call_id", "received", "call_type", "received_on"}
    assert read_calls.roster is None
    assert read_calls.report.shifts is None


def test_one_value_for_every_row(tmp_path: Path) -> None:
    read_calls = extract(tmp_path, [ROW], {"force": {"always": "yes"}, "answered_by": {"always": "team"}})
    assert (read_calls.calls["force"].tolist(), read_calls.calls["answered_by"].tolist()) == ([True], ["team"])
    assert str(read_calls.calls["force"].dtype) == "boolean"


def test_codes_blanks_and_the_rest(tmp_path: Path) -> None:
    columns = {
        "gender": {"from": "Sex", "codes": {"woman": ["F"], "man": ["M"], "another": "*"}, "missing": ["U", "N/A"]}
    }
    rows = [(f"E{at}", ROW[1], "5150", sex) for at, sex in enumerate((" F ", "M", "X", "U", "N/A", "", "f"))]
    calls = extract(tmp_path, rows, columns, header=(*HEADER, "Sex")).calls
    assert calls["gender"].tolist() == ["woman", "man", "another", NOT_RECORDED, NOT_RECORDED, NOT_RECORDED, "another"]


def test_a_midnight_call_counts_on_its_day(tmp_path: Path) -> None:
    rows = [("E1", "2026-04-03 00:00:00", "5150")]
    with pytest.raises(ExtractRefused, match="midnight_time"):
        extract(tmp_path, rows)
    calls = extract(tmp_path, rows, problems={"midnight_time": "leave_out"}).calls
    assert calls["received"].isna().all()
    assert calls["received_on"].tolist() == [pd.Timestamp("2026-04-03")]
    real = extract(tmp_path, rows, {"received": {"from": "Received", "unknown_time": "none"}}).calls
    assert real["received"].notna().all()


def test_a_day_on_which_a_system_was_moved_is_no_day_of_entry(tmp_path: Path) -> None:
    rows = [("E1", ROW[1], "5150", "2026-09-02 03:14:15"), ("E2", ROW[1], "5150", "2026-04-05 09:00:00")]
    moved = {"recorded_on": {"from": "Entered", "unknown_days": [date(2026, 9, 2)]}}
    calls = extract(tmp_path, rows, moved, header=(*HEADER, "Entered")).calls
    assert calls["recorded_on"].isna().tolist() == [True, False]


def test_rows_left_out_are_reported_by_the_month_they_belong_to(tmp_path: Path) -> None:
    rows = [("E1", "2026-04-03 12:30:00", "5150"), ("E1", "2026-04-04 12:30:00", "5150"), ("E2", "then", "5150"),
            ("E3", "2026-07-03 12:30:00", "5150"), ("E3", "2026-08-03 12:30:00", "5150"),
            ("E4", "2026-08-04 12:30:00", "TRAFFIC")]
    report = extract(tmp_path, rows, problems=dict.fromkeys(("duplicate_key", "unreadable_time"), "leave_out")).report
    assert report.left_out_in == {"2026-04": 2, "2026-08": 1}, "a row without a day goes with the one above it"
    assert report.rows_left_out == 3
    assert report.repeated("", "2027-12-31") == sum(report.repeated_in.values())
    assert [report.left_out("", "2026-06-30"), report.left_out("2026-06-30", "2026-09-30")] == [2, 1]


def test_a_call_in_an_hour_that_clocks_skip_counts_on_its_day(tmp_path: Path) -> None:
    rows = [("E1", "2027-03-14 02:30:00", "5150")]
    calls = extract(tmp_path, rows, problems={"time_in_dst_gap": "leave_out"}).calls
    assert calls["received_on"].tolist() == [pd.Timestamp("2027-03-14")]
    assert calls["received"].isna().all()


def test_a_key_of_two_columns(tmp_path: Path) -> None:
    rows = [("2026", "1", ROW[1], "5150"), ("2026", "2", ROW[1], "5150"), ("2026", "1", ROW[1], "WELCK")]
    calls = extract(tmp_path, rows, header=("Year", "No", "Received", "Type"), incident={"key": ["Year", "No"]},
                    problems={"duplicate_key": "leave_out"}).calls
    assert calls["call_id"].tolist() == ["2026 1", "2026 2"]


def test_chunks_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_up: tuple[Extract, Path]
                                   ) -> None:
    expected, path = made_up
    monkeypatch.setattr(reading, "CHUNK", 150)
    monkeypatch.setattr(validate, "CHUNKS_JOINED", 2)
    parts = read_extract(path, read_mapping(SOMERVILLE), path.with_name("log-roster.csv"))
    pd.testing.assert_frame_equal(parts.calls, expected.calls)
    assert parts.report == expected.report
    rows = [(f"E{at // 40}", ROW[1], "5150") for at in range(200)]  # incidents that lie across chunks
    many = extract(tmp_path, rows, incident={"key": "Event", "rows": "many"})
    assert (many.report.calls, many.report.rows_counted) == (5, 200)


def test_every_file_gives_the_same_calls(tmp_path: Path, made_up: tuple[Extract, Path]) -> None:
    expected, path = made_up
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    book = openpyxl.Workbook()
    for row in [list(raw.columns), *raw.to_numpy().tolist()]:
        book.active.append([cell or None for cell in row])
    book.save(tmp_path / "log.xlsx")
    pq.write_table(pa.Table.from_pandas(raw), tmp_path / "log.parquet")
    for name in ("log.xlsx", "log.parquet"):
        again = read_extract(tmp_path / name, read_mapping(SOMERVILLE))
        pd.testing.assert_frame_equal(again.calls, expected.calls)


def test_typed_dates_of_a_workbook_are_iso(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["E1", datetime(2026, 4, 3, 9, 5), "5150"])
    book.save(tmp_path / "x.xlsx")
    calls = read_extract(tmp_path / "x.xlsx", mapping()).calls
    assert calls["received"][0].isoformat() == "2026-04-03T09:05:00-04:00"


def test_progress_is_reported_to_the_end(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    read_extract(source(tmp_path, [ROW]), mapping(), progress=lambda done, of: steps.append((done, of)))
    assert steps
    assert steps[-1][0] == steps[-1][1] > 0


def test_nothing_left_to_count_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused, match="no row that counts") as caught:
        extract(tmp_path, [("E1", ROW[1], "TRAFFIC")])
    assert "1 of types that are not counted" in caught.value.table
    with pytest.raises(ExtractRefused, match="no row that counts"):
        extract(tmp_path, [ROW], coverage=coverage("2030-01-01"), problems={"outside_coverage": "leave_out"})


# ---- the days a file covers ----

def test_days_without_any_record_are_listed(tmp_path: Path) -> None:
    rows = days("2026-04-01", "2026-04-30") + days("2026-04-08", "2026-04-09", kind="TRAFFIC")
    read_calls = extract(tmp_path, rows, coverage=coverage("2026-04-01", "2026-05-04", 6))
    assert read_calls.report.quiet_stretches == ((date(2026, 4, 10), date(2026, 4, 29)),)
    assert len(read_calls.quiet_days) == 20
    assert covered(read_calls) == ("2026-04-01", "2026-05-04"), "four days without a call at the end are no gap"
    assert "Without any record: 2026-04-10 to 2026-04-29 (20 days)." in report_table(read_calls.report)


def test_a_gap_at_either_end_is_not_covered(tmp_path: Path) -> None:
    read_calls = extract(tmp_path, days("2026-04-11", "2026-04-12"), coverage=coverage("2026-04-01", "2026-04-30"))
    assert covered(read_calls) == ("2026-04-11", "2026-04-12")
    assert read_calls.report.quiet_stretches == (
        (date(2026, 4, 1), date(2026, 4, 10)),
        (date(2026, 4, 13), date(2026, 4, 30)),
    )


def test_rows_outside_the_coverage_do_not_widen_it(tmp_path: Path) -> None:
    rows = days("2026-03-30", "2026-04-01", "2026-04-03", "2026-04-05") + days("2026-04-09", kind="TRAFFIC")
    read_calls = extract(
        tmp_path, rows, coverage=coverage("2026-04-01", "2026-04-04"), problems={"outside_coverage": "leave_out"}
    )
    assert covered(read_calls) == ("2026-04-01", "2026-04-04")
    assert read_calls.report.problems[0].rows == (2, 5)


@pytest.mark.parametrize(("last", "recorded", "end"), [
    ("2026-04-28", "2026-05-04", "2026-04-30"),  # rows were entered later, so the log was kept to the month's end
    ("2026-04-28", "2026-04-29", "2026-04-29"),
    ("2026-04-20", "2026-05-04", "2026-04-20"),  # ten days: a gap
])
def test_a_month_whose_last_day_had_no_call_is_covered(last: str, recorded: str, end: str, tmp_path: Path) -> None:
    rows = [(*row, recorded) for row in days("2026-04-02", "2026-04-08", "2026-04-14", last)]
    read_calls = extract(tmp_path, rows, {"recorded_on": {"from": "Entered"}}, header=(*HEADER, "Entered"))
    assert covered(read_calls) == ("2026-04-01", end)


# ---- the roster ----

SHIFTS = ("shift_start", "shift_end", "covered_start", "covered_end")


def roster(folder: Path, *rows: tuple[str, ...], **top: Any) -> Extract:
    path = folder / "roster.csv"
    path.write_text("\n".join(",".join(row) for row in (SHIFTS, *rows)) + "\n", encoding="utf-8")
    return read_extract(source(folder, [ROW]), mapping(**top), path)


def test_a_roster_is_read(tmp_path: Path) -> None:
    read_calls = roster(tmp_path, ("2026-04-03T20:00", "2026-04-04T00:00", "2026-04-03T20:00", "2026-04-04T00:00"),
                        ("2026-04-05T20:00", "2026-04-06T00:00", "", ""))
    assert read_calls.roster is not None
    assert read_calls.roster["covered_end"].isna().tolist() == [False, True]
    assert read_calls.roster["shift_end"][0].isoformat() == "2026-04-04T00:00:00-04:00"
    assert read_calls.report.shifts == 2


def test_a_shift_across_the_change_of_clocks_ends_after_it_starts(tmp_path: Path) -> None:
    read_calls = roster(tmp_path, ("2026-11-01T01:30", "2026-11-01T01:10", "", ""))
    assert read_calls.roster is not None
    length = read_calls.roster["shift_end"] - read_calls.roster["shift_start"]
    assert length.tolist() == [pd.Timedelta(minutes=40)]


@pytest.mark.parametrize(
    ("row", "reason", "column", "shifts", "covers"),
    [
        (("2026-04-03T20:00", "2026-04-03T16:00", "", ""), "end_before_start", "roster.shift_end", 1, 1),
        (
            ("2026-04-03T16:00", "2026-04-03T20:00", "2026-04-03T20:00", "2026-04-03T16:00"),
            "end_before_start",
            "roster.covered_end",
            2,
            1,
        ),
        (("2026-04-03T16:00", "2026-04-03T20:00", "2026-04-03T16:00", ""), "half_covered", "roster.covered_end", 2, 1),
        (("2026-04-03T16:00", "", "", ""), "missing_required", "roster.shift_end", 1, 1),
        (("2026-04-03T16:00", "eight", "", ""), "unreadable_time", "roster.shift_end", 1, 1),
    ],
)
def test_a_wrong_shift_is_reported(
    row: tuple[str, ...], reason: str, column: str, shifts: int, covers: int, tmp_path: Path
) -> None:
    right = ("2026-04-02T16:00", "2026-04-02T20:00", "2026-04-02T16:00", "2026-04-02T20:00")
    with pytest.raises(ExtractRefused, match=reason):
        roster(tmp_path, right, row)
    read_calls = roster(tmp_path, right, row, problems={reason: "leave_out"})
    assert [(problem.reason, problem.column, problem.rows) for problem in read_calls.report.problems] == [
        (reason, column, (3,))
    ]
    assert read_calls.roster is not None
    assert (len(read_calls.roster), int(read_calls.roster["covered_end"].notna().sum())) == (shifts, covers)


def test_a_roster_without_its_columns_is_reported(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("shift_start,shift_end,covered_from,covered_end\n1,2,3,4\n", encoding="utf-8")
    with pytest.raises(MappingWrong, match=r"roster\.csv has no column 'covered_start'.*'covered_from'"):
        read_extract(source(tmp_path, [ROW]), mapping(), tmp_path / "roster.csv")
    with pytest.raises(ExtractUnreadable, match=r"none\.csv can't be read"):
        read_extract(source(tmp_path, [ROW]), mapping(), tmp_path / "none.csv")


# ---- a date and a time of day in two columns ----

def test_a_date_beside_a_blank_time_is_no_time_recorded(tmp_path: Path) -> None:
    """Only of the call itself it is a problem: four real ones are not to be lost among the others."""
    header = ("Event", "Day", "Time", "Type", "Arrived")
    rows = [("E1", "2026-04-03", "09:00:00", "5150", ""), ("E2", "2026-04-03", "", "5150", "10:00:00"),
            ("E3", "2026-04-03", "11:00:00", "5150", "11:10:00")]
    columns = {"received": {"from": ["Day", "Time"]}, "arrived": {"from": ["Day", "Arrived"]}}
    found = extract(tmp_path, rows, columns, header=header, problems={"midnight_time": "leave_out"})
    assert [(problem.column, problem.rows) for problem in found.report.problems] == [("received", (3,))]
    assert found.calls["arrived"].isna().tolist() == [True, False, False]
