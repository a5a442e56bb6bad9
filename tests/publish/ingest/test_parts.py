"""What a log in several files or sheets promises: it is read as one, and overlaps, faults and rows are told by file."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from portal.errors import ExtractRefused, MappingWrong
from portal.publish.ingest.extract import read_extract
from tests.publish.ingest.test_read import workbook
from tests.publish.sources import HEADER, csv_of, mapping

JANUARY = [(f"J{day}", f"2027-01-{day:02d} 12:00:00", "5150") for day in (5, 20, 31)]
FEBRUARY = [(f"F{day}", f"2027-02-{day:02d} 12:00:00", "5150") for day in (1, 14, 28)]
COVERAGE = {"start": date(2027, 1, 1), "quiet_days": 30}


def file(folder: Path, name: str, rows: list[tuple[str, str, str]], header: tuple[str, ...] = HEADER) -> Path:
    path = folder / name
    path.write_text(csv_of(rows, header), encoding="utf-8")
    return path


def test_files_of_one_log_are_read_as_one(tmp_path: Path) -> None:
    expected = read_extract(file(tmp_path, "all.csv", JANUARY + FEBRUARY), mapping(coverage=COVERAGE))
    parts = [file(tmp_path, "jan.csv", JANUARY), file(tmp_path, "feb.csv", FEBRUARY)]
    found = read_extract(parts, mapping(coverage=COVERAGE))
    assert found.calls.equals(expected.calls)
    assert (found.report.rows_read, found.report.remarks, found.first_day, found.last_day) == (
        6, (), expected.first_day, expected.last_day)


def test_sheets_of_one_log_are_read_as_one(tmp_path: Path) -> None:
    path = workbook(tmp_path / "log.xlsx", Jan=[HEADER, *JANUARY], Feb=[HEADER, *FEBRUARY], Codes=[["x"], ["y"]])
    found = read_extract(path, mapping(coverage=COVERAGE, file={"sheet": ["Jan", "Feb"]}))
    assert found.calls["call_id"].tolist() == ["J5", "J20", "J31", "F1", "F14", "F28"]


def test_rows_are_named_with_their_file(tmp_path: Path) -> None:
    wrong = [*FEBRUARY, ("F29", "soon", "5150"), ("J5", "2027-02-03 12:00:00", "5150")]
    parts = [file(tmp_path, "jan.csv", JANUARY), file(tmp_path, "feb.csv", wrong)]
    with pytest.raises(ExtractRefused, match=r"jan.csv, feb.csv has rows") as caught:
        read_extract(parts, mapping(coverage=COVERAGE))
    assert [line.split()[-2:] for line in caught.value.table.splitlines() if " refuse " in line] == [
        ["feb.csv", "5"], ["feb.csv", "6"]]


def test_files_that_overlap_are_reported(tmp_path: Path) -> None:
    again = [(key.replace("J", "A"), when, kind) for key, when, kind in JANUARY]
    parts = [file(tmp_path, "jan.csv", JANUARY), file(tmp_path, "feb.csv", again + FEBRUARY)]
    (remark, _) = read_extract(parts, mapping(coverage=COVERAGE)).report.remarks
    assert remark.name == "files_overlap"
    assert "feb.csv and jan.csv both have records of 3 days, from 2027-01-05 to 2027-01-31." in remark.what


def test_every_file_must_have_the_columns(tmp_path: Path) -> None:
    parts = [file(tmp_path, "jan.csv", JANUARY), file(tmp_path, "feb.csv", FEBRUARY, ("Event", "Received", "Kind"))]
    with pytest.raises(MappingWrong, match=r"feb\.csv has no column 'Type'"):
        read_extract(parts, mapping(coverage=COVERAGE))


def test_progress_runs_through_all_files(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    parts = [file(tmp_path, "jan.csv", JANUARY), file(tmp_path, "feb.csv", FEBRUARY)]
    read_extract(parts, mapping(coverage=COVERAGE), progress=lambda done, of: steps.append((done, of)))
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]


def test_hidden_rows_are_reported(tmp_path: Path) -> None:
    path = workbook(tmp_path / "log.xlsx", Log=[HEADER, *JANUARY])
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    book.save(path)
    (remark,) = read_extract(path, mapping(coverage=COVERAGE)).report.remarks
    assert (remark.name, remark.rows) == ("hidden_rows", (3,))
    assert "log.xlsx holds 1 hidden row." in remark.what
