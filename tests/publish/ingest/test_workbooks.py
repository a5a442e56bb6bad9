"""What workbooks promise: whichever program saved one, its cells are read as they look, and traps in it are told."""
# ruff: noqa: DTZ001 - cells hold clocks without a zone

import gzip
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from portal.errors import MappingWrong
from portal.publish.ingest.extract import read_extract
from portal.publish.ingest.read import open_table
from portal.publish.ingest.table import FileOptions
from tests.extracts.workbooks import strict
from tests.publish.ingest.old_workbooks import xls, xlsb
from tests.publish.ingest.test_read import refused, rows_of, workbook
from tests.publish.sources import HEADER, ROW, mapping

ROWS: list[list[Any]] = [list(HEADER), list(ROW), ["E2", "2026-04-04 09:00:00", "WELCK"]]
ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
 <table:table table:name="Calls">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""

MANIFEST = """<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
 <manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>"""


def ods_cell(text: str) -> str:
    """A cell; #N/A and #REF! are errors, and what begins with = is worked out."""
    error = ' office:string-value="" calcext:value-type="error"' if text.startswith("#") else ""
    formula = f' table:formula="of:{text}"' if text.startswith("=") else ""
    return f'<table:table-cell{formula} office:value-type="string"{error}><text:p>{text}</text:p></table:table-cell>'


def ods(path: Path, rows: list[list[str]], hidden: Sequence[int] = ()) -> Path:
    """A spreadsheet as LibreOffice saves it, with the parts that a reader needs. `hidden`: rows not shown."""
    content = ODS.format(rows="".join(
        f'<table:table-row table:visibility="{"collapse" if at in hidden else "visible"}">'
        f"{''.join(map(ods_cell, row))}</table:table-row>" for at, row in enumerate(rows, 1)))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("mimetype", kind)
        pack.writestr("content.xml", content)
        pack.writestr("META-INF/manifest.xml", MANIFEST.format(kind=kind))
    return path


def test_a_strict_workbook_is_read_like_any_other(tmp_path: Path) -> None:
    path = strict(workbook(tmp_path / "x.xlsx", Calls=ROWS))
    assert rows_of(path).to_numpy().tolist() == ROWS[1:]


def test_a_spreadsheet_of_libreoffice_is_read(tmp_path: Path) -> None:
    assert rows_of(ods(tmp_path / "x.ods", ROWS)).to_numpy().tolist() == ROWS[1:]


@pytest.mark.parametrize(("name", "make"), [("x.xls", xls), ("x.xlsb", xlsb)])
def test_a_binary_workbook_is_read(name: str, make: Callable[[Path, list[list[Any]]], Path], tmp_path: Path) -> None:
    assert rows_of(make(tmp_path / name, ROWS)).to_numpy().tolist() == ROWS[1:]


def test_cells_are_read_as_they_look(tmp_path: Path) -> None:
    cells = [time(9, 14, 26), timedelta(hours=9, minutes=5), timedelta(hours=24), 1_002_601_234_567, 100260123456789123,
             date(2026, 4, 3), datetime(2026, 4, 3, 9, 5, 1), 0, 0.5, False]
    path = workbook(tmp_path / "x.xlsx", Calls=[[f"c{at}" for at in range(len(cells))], cells])
    assert rows_of(path).to_numpy().tolist() == [
        ["09:14:26", "09:05:00", "24:00:00", "1002601234567", "100260123456789000", "2026-04-03T00:00:00",
         "2026-04-03T09:05:01", "0", "0.5", "FALSE"]]


def test_a_date_cell_and_a_time_cell_are_one_time(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", Calls=[["Event", "Day", "Time", "Type"],
                                                ["E1", date(2026, 4, 3), time(9, 14, 26), "5150"]])
    found = read_extract(path, mapping({"received": {"from": ["Day", "Time"]}}))
    assert found.calls["received"][0].isoformat() == "2026-04-03T09:14:26-04:00"


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", Calls=ROWS)
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    book.save(path)
    assert rows_of(path).to_numpy().tolist() == ROWS[1:]
    with open_table(path) as table:
        assert table.hidden == (3,)


def test_a_cell_that_could_not_be_worked_out_is_no_blank(tmp_path: Path) -> None:
    rows = [[None, *HEADER], [None, "E1", "#N/A", "5150"], [None, "#REF!", "x", "y"]]
    path = workbook(tmp_path / "x.xlsx", Calls=rows)
    book = openpyxl.load_workbook(path)
    for place in ("C2", "B3"):
        book.active[place].data_type = "e"
    book.save(path)
    assert rows_of(path, list(HEADER)).to_numpy().tolist() == [["E1", "#N/A", "5150"], ["#REF!", "x", "y"]]


WITH_ERRORS = [["E1", "#N/A", "5150"], ["#REF!", "x", "y"]]


BINARY = pytest.mark.parametrize(("name", "make"), [("x.xls", xls), ("x.xlsb", xlsb)])


@BINARY
def test_an_error_of_a_binary_workbook_is_no_blank(name: str, make: Callable[..., Path], tmp_path: Path) -> None:
    path = make(tmp_path / name, [HEADER, *WITH_ERRORS], hidden=[3])
    assert rows_of(path, list(HEADER)).to_numpy().tolist() == WITH_ERRORS
    with open_table(path) as table:
        assert table.hidden == (3,)


@pytest.mark.parametrize("rows", [30, 300])
def test_a_long_old_workbook_reports_its_errors(rows: int, tmp_path: Path) -> None:
    path = xls(tmp_path / "x.xls", [HEADER, *([list(ROW)] * rows), *WITH_ERRORS])
    assert rows_of(path, list(HEADER)).to_numpy().tolist()[-2:] == WITH_ERRORS


@BINARY
def test_a_formula_of_a_binary_workbook_is_refused(name: str, make: Callable[..., Path], tmp_path: Path) -> None:
    path = make(tmp_path / name, [HEADER, *WITH_ERRORS], formula=(1, 2))
    assert f"row 2 holds a formula in column {HEADER[2]!r}" in refused(path)


def test_an_error_of_libreoffice_is_no_blank(tmp_path: Path) -> None:
    path = ods(tmp_path / "x.ods", [list(HEADER), *WITH_ERRORS])
    assert rows_of(path, list(HEADER)).to_numpy().tolist() == WITH_ERRORS
    assert rows_of(ods(tmp_path / "hidden.ods", ROWS, hidden=[2])).to_numpy().tolist() == ROWS[1:]
    with open_table(tmp_path / "hidden.ods") as table:
        assert table.hidden == (2,)


def test_a_formula_of_libreoffice_is_refused(tmp_path: Path) -> None:
    path = ods(tmp_path / "x.ods", [list(HEADER), ["E1", "x", "=NA()"]])
    assert f"row 2 holds a formula in column {HEADER[2]!r}" in refused(path)


def test_a_header_below_a_title_is_reported(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", Calls=[["Calls for service"], [], *ROWS])
    with pytest.raises(MappingWrong, match="header seems to be in row 3: write header_row = 3") as caught:
        read_extract(path, mapping())
    assert "delimiter" not in str(caught.value)
    assert len(read_extract(path, mapping(file={"header_row": 3})).calls) == 2
    assert rows_of(path, options=FileOptions(header_row=3)).index.tolist() == [4, 5]


def test_a_sheet_that_begins_further_down_keeps_its_row_numbers(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", Calls=[[], [], [None, *HEADER], [None, *ROW]])
    assert rows_of(path, ["Event"]).index.tolist() == [4]


def test_hidden_sheets_are_named_as_such(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", Calls=ROWS, Codes=[["a"], ["b"]])
    book = openpyxl.load_workbook(path)
    book["Codes"].sheet_state = "hidden"
    book.save(path)
    assert "it has 2 sheets: Calls, Codes (hidden)" in refused(path)


# ---- names that lie ----

def test_a_workbook_under_another_name_is_reported(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", Calls=ROWS)
    content = path.read_bytes()
    for name in ("calls.csv", "calls.tsv", "calls.zip", "calls.parquet"):
        (tmp_path / name).write_bytes(content)
        assert "it is an XLSX workbook under another name. Name it calls.xlsx." in refused(tmp_path / name)
    (tmp_path / "calls.csv").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert "it is a gzip file under another name" in refused(tmp_path / "calls.csv")


def test_workbooks_may_have_each_others_names(tmp_path: Path) -> None:
    workbook(tmp_path / "x.xlsx", Calls=ROWS).rename(tmp_path / "x.xls")
    ods(tmp_path / "y.xlsx", ROWS)
    for name in ("x.xls", "y.xlsx"):
        assert rows_of(tmp_path / name).to_numpy().tolist() == ROWS[1:]
