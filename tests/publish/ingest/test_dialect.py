"""What CSV files promise: any delimiter, encoding and place of the header is read, or told with its row and remedy."""

from pathlib import Path

import pytest

from portal.errors import ExtractUnreadable, MappingWrong
from portal.publish.ingest.extract import read_extract
from portal.publish.ingest.table import FileOptions
from tests.publish.ingest.test_read import refused, rows_of
from tests.publish.sources import HEADER, ROW, csv_of, mapping

TABLE = csv_of([ROW, ("E2", "2026-04-04 09:00:00", "WELCK")])


def written(folder: Path, content: str | bytes, name: str = "calls.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def calls(path: Path, **top: object) -> list[str]:
    return read_extract(path, mapping(**top)).calls["call_id"].tolist()  # type: ignore[arg-type]


# ---- delimiters ----

@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_the_delimiter_is_detected(delimiter: str, tmp_path: Path) -> None:
    assert calls(written(tmp_path, TABLE.replace(",", delimiter))) == ["E1", "E2"]


def test_a_comma_inside_cells_is_no_delimiter(tmp_path: Path) -> None:
    path = written(tmp_path, "Event;Where\nE1;12,5 Main\nE2;1,5 Elm\n")
    assert rows_of(path).to_numpy().tolist() == [["E1", "12,5 Main"], ["E2", "1,5 Elm"]]


def test_tabs_are_the_delimiter_of_a_tsv(tmp_path: Path) -> None:
    assert calls(written(tmp_path, TABLE.replace(",", "\t"), "calls.tsv")) == ["E1", "E2"]


@pytest.mark.parametrize("first", ["sep=;\r\n", "sep=,\n", "SEP=\t\n", "sep=|\n"])
def test_excels_line_of_a_delimiter_is_skipped(first: str, tmp_path: Path) -> None:
    delimiter = first.strip("\r\n")[4]
    path = written(tmp_path, first + TABLE.replace(",", delimiter))
    assert calls(path) == calls(path, file={"delimiter": delimiter}) == ["E1", "E2"]
    assert rows_of(path).index.tolist() == [2, 3], "a spreadsheet does not show that line"


# ---- the header ----

TITLED = "Calls for service\nPrinted 2026-07-14\n\n" + TABLE


def test_a_header_below_a_title_is_reported(tmp_path: Path) -> None:
    with pytest.raises(MappingWrong, match=r"in row 4: write header_row = 4 under \[file\]") as caught:
        calls(written(tmp_path, TITLED))
    assert "delimiter" not in str(caught.value)


def test_a_header_below_a_title_is_read_where_the_mapping_says(tmp_path: Path) -> None:
    path = written(tmp_path, TITLED)
    assert calls(path, file={"header_row": 4}) == ["E1", "E2"]
    assert rows_of(path, options=FileOptions(header_row=4)).index.tolist() == [5, 6]


@pytest.mark.parametrize("row", [3, 99])
def test_a_row_without_names_is_no_header(row: int, tmp_path: Path) -> None:
    message = refused(written(tmp_path, TITLED), options=FileOptions(header_row=row))
    assert f"its row {row} is blank or missing" in message


@pytest.mark.parametrize("row", [0, -1, "3", True, 1.5])
def test_a_row_has_a_number(row: object) -> None:
    with pytest.raises(MappingWrong, match=r"\[file\] header_row"):
        mapping(file={"header_row": row})


# ---- encodings ----

ACCENTS = "Event,Where\nE1,Café\nE2,Peña\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("said", ["utf-8", "cp1252", "latin-1"])
def test_a_byte_order_mark_decides_whatever_the_mapping_says(encoding: str, said: str, tmp_path: Path) -> None:
    found = rows_of(written(tmp_path, ACCENTS.encode(encoding)), options=FileOptions(encoding=said))
    assert found.columns.tolist() == ["Event", "Where"]
    assert found["Where"].tolist() == ["Café", "Peña"]


def test_utf_8_is_not_misread_as_something_else(tmp_path: Path) -> None:
    message = refused(written(tmp_path, ACCENTS), options=FileOptions(encoding="cp1252"))
    assert "it is written in UTF-8, and not in CP1252" in message
    plain = written(tmp_path, ACCENTS.replace("é", "e").replace("ñ", "n"))
    assert len(rows_of(plain, options=FileOptions(encoding="cp1252"))) == 2


@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman"])
def test_another_encoding_is_named_with_the_line(encoding: str, tmp_path: Path) -> None:
    text = "Event,Where\nE1,Main\nE2,“Café José” – señora Peña, à côté\n"
    message = refused(written(tmp_path, text.replace("\nE2,", '\nE2,"').replace("côté", 'côté"').encode(encoding)))
    assert "of line 3 " in message
    assert f'encoding = "{encoding}"' in message


# ---- quotation marks ----

def test_a_stray_quotation_mark_is_reported_with_its_row(tmp_path: Path) -> None:
    rows = [f"E{at},plain" for at in range(2, 200)]
    rows[150] = 'E152,"5" knife'
    assert "row 152 is no well-formed CSV" in refused(written(tmp_path, "Event,Note\n" + "\n".join(rows) + "\n"))
    rows[150] = 'E152,"knife of 5'
    assert "row 152 is no well-formed CSV" in refused(written(tmp_path, "Event,Note\n" + "\n".join(rows) + "\n"))


@pytest.mark.parametrize("apart", [1, 40])
def test_quotation_marks_that_swallow_whole_rows_are_reported(apart: int, tmp_path: Path) -> None:
    rows = [f"E{at},2026-04-03 12:00:00,5150," for at in range(2, 100)]
    rows[50] += '"knife of 5'
    rows[50 + apart] += 'pipe of 12"'
    message = refused(written(tmp_path, "Event,Received,Type,Note\n" + "\n".join(rows) + "\n"))
    assert "a cell of row 52 holds whole rows" in message


def test_a_text_of_several_lines_is_no_fault(tmp_path: Path) -> None:
    path = written(tmp_path, 'Event,Type,Note\nE1,5150,"first, second\nthird, fourth"\n')
    assert rows_of(path)["Note"].tolist() == ["first, second\nthird, fourth"]


def test_a_long_text_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, f"Event,Note\nE1,{'x' * 200_000}\n")
    assert rows_of(path, ["Event"]).to_numpy().tolist() == [["E1"]]


# ---- names ----

def test_a_web_page_named_as_a_workbook_is_reported(tmp_path: Path) -> None:
    assert "it is a web page or XML" in refused(written(tmp_path, "<html><table><tr><td>Event", "calls.xls"))


def test_the_roster_is_named_where_its_columns_are_missing(tmp_path: Path) -> None:
    roster = written(tmp_path, "begin,end\n1,2\n", "roster.csv")
    with pytest.raises(MappingWrong, match=r"\[roster.columns\]: roster.csv has no column 'shift_start'"):
        read_extract(written(tmp_path, TABLE), mapping(), roster)


def test_the_names_are_those_of_the_header(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, TABLE)).columns.tolist() == list(HEADER)
    with pytest.raises(ExtractUnreadable):
        rows_of(written(tmp_path, ""))
