"""What reading a file promises: every kind of file gives the same rows, and a broken one gets one clear sentence."""
# ruff: noqa: DTZ001 - cells hold clocks without a zone

import csv
import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from portal.errors import ExtractUnreadable, MappingWrong
from portal.publish.ingest import table as reading
from portal.publish.ingest.read import open_table
from portal.publish.ingest.table import FileOptions

ROWS = [["E1", "2026-04-03", "5150"], ["E2", "2026-04-04", "Ünïcode, \"quoted\"\nand broken"], ["E3", "", "WELCK"]]
NAMES = ["Event", "Day", "Type"]


def rows_of(path: Path, columns: list[str] | None = None, options: FileOptions | None = None) -> pd.DataFrame:
    with open_table(path, options) as table:
        return pd.concat(list(table.chunks(columns or list(table.names))))


def refused(path: Path, columns: list[str] | None = None, options: FileOptions | None = None) -> str:
    with pytest.raises(ExtractUnreadable) as caught:
        rows_of(path, columns, options)
    assert str(caught.value).startswith(f"{path.name} can't be read: ")
    assert caught.value.next_step
    return str(caught.value)


def text() -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([NAMES, *ROWS])
    return written.getvalue()


def as_csv(folder: Path) -> Path:
    path = folder / "calls.csv"
    path.write_bytes(text().encode())
    return path


def as_marked_csv(folder: Path) -> Path:
    path = folder / "calls.CSV"
    path.write_bytes(text().encode("utf-8-sig"))
    return path


def as_gzip(folder: Path) -> Path:
    path = folder / "calls.csv.gz"
    path.write_bytes(gzip.compress(text().encode()))
    return path


def as_workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for row in [NAMES, *ROWS]:
        book.active.append(row)
    path = folder / "calls.xlsx"
    book.save(path)
    return path


def as_parquet(folder: Path) -> Path:
    path = folder / "calls.parquet"
    pq.write_table(
        pa.table({name: list(column) for name, column in zip(NAMES, zip(*ROWS, strict=True), strict=True)}), path
    )
    return path


def zipped(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    def make_zip(folder: Path) -> Path:
        path = folder / "calls.zip"
        inner = make(folder)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
            pack.write(inner, f"export/{inner.name}")
            pack.writestr("__MACOSX/export/._calls.csv", b"\0")
            pack.writestr("read me.txt", "hello")
        return path
    return make_zip


WAYS = [
    as_csv,
    as_marked_csv,
    as_gzip,
    as_workbook,
    as_parquet,
    zipped(as_csv),
    zipped(as_workbook),
    zipped(as_parquet),
    zipped(as_gzip),
]


@pytest.mark.parametrize("make", WAYS)
def test_every_kind_of_file_gives_the_same_rows(make: Callable[[Path], Path], tmp_path: Path) -> None:
    found = rows_of(make(tmp_path))
    assert list(found.columns) == NAMES
    assert found.to_numpy().tolist() == ROWS
    assert found.index.tolist() == [2, 3, 4]


def test_only_the_columns_asked_for_are_kept(tmp_path: Path) -> None:
    assert rows_of(as_csv(tmp_path), ["Type"]).columns.tolist() == ["Type"]


def test_three_hundred_columns_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    names = [f"c{at}" for at in range(299)]
    path.write_text(",".join([*names, "Event"]) + "\n" + ",".join(map(str, range(300))) + "\n", encoding="utf-8")
    assert rows_of(path, ["Event", "c7"]).to_numpy().tolist() == [["299", "7"]]


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(b'a,b\n1,"x\ny"\n\n,\n2,z\n')
    assert rows_of(path).index.tolist() == [2, 5]


def test_rows_come_in_chunks_and_progress_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CHUNK", 10)
    path = tmp_path / "calls.csv"
    path.write_text("a,b\n" + "".join(f"{at},x\n" for at in range(95)), encoding="utf-8")
    steps: list[tuple[int, int]] = []
    with open_table(path) as table:
        sizes = [len(chunk) for chunk in table.chunks(["a"], lambda done, of: steps.append((done, of)))]
    assert sizes == [10] * 9 + [5]
    assert steps[-1][0] == steps[-1][1]
    assert steps == sorted(steps)


def test_memory_stays_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CHUNK", 1_000)

    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("a,b,c\n")
            file.writelines(f"{at},some text that is long enough to be noticed,x\n" for at in range(rows))
        tracemalloc.start()
        with open_table(path) as table:
            assert sum(len(chunk) for chunk in table.chunks(["a", "b"])) == rows
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1_000)  # whatever is loaded the first time
    assert peak(40_000) < 2 * peak(4_000)


# ---- typed cells ----

def test_a_workbooks_cells_become_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["when", "day", "whole", "part", "flag", "blank"])
    book.active.append([datetime(2026, 4, 3, 9, 5), date(2026, 4, 3), 5150.0, 1.5, True, None])
    path = tmp_path / "x.xlsx"
    book.save(path)
    assert rows_of(path).to_numpy().tolist() == [
        ["2026-04-03T09:05:00", "2026-04-03T00:00:00", "5150", "1.5", "TRUE", ""]
    ]


def test_parquet_types_become_text(tmp_path: Path) -> None:
    when = datetime(2026, 4, 3, 13, 5, tzinfo=UTC)
    table = pa.table(
        {
            "utc": pa.array([when, None], pa.timestamp("ns", "UTC")),
            "local": pa.array([datetime(2026, 4, 3, 9, 5), None]),
            "day": pa.array([date(2026, 4, 3), None]),
            "whole": pa.array([5150, None]),
            "float": pa.array([5150.0, float("nan")]),
            "flag": pa.array([True, None]),
            "code": pa.array(["MH", None]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    first, second = rows_of(tmp_path / "x.parquet").to_numpy().tolist()
    assert first == ["2026-04-03T13:05:00+00:00", "2026-04-03T09:05:00", "2026-04-03", "5150", "5150", "true", "MH"]
    assert second == [""] * 7


def test_a_parquet_column_of_lists_is_refused_by_name(tmp_path: Path) -> None:
    pq.write_table(pa.table({"Event": ["E1"], "People": [["a", "b"]]}), tmp_path / "x.parquet")
    assert "'People' holds list" in refused(tmp_path / "x.parquet")
    assert rows_of(tmp_path / "x.parquet", ["Event"]).to_numpy().tolist() == [["E1"]]


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_formula_is_refused_with_its_row_and_column(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "x.xlsx", Calls=[["Event", "Type", "Sum"], ["E1", "5150", 1], ["E2", '=CONCAT("51","50")', "=C2+1"]]
    )
    sentence = refused(path, ["Event", "Type"])
    assert "row 3 holds a formula in column 'Type'" in sentence
    assert "values" in sentence
    assert "CONCAT" not in sentence
    assert len(rows_of(path, ["Event"])) == 2, "a formula in a column that nobody reads does no harm"


def test_of_several_sheets_one_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", Calls=[["a"], ["1"]], Notes=[["b"], ["2"]])
    assert "2 sheets: Calls, Notes" in refused(path)
    assert rows_of(path, options=FileOptions(sheet="Notes")).to_numpy().tolist() == [["2"]]
    with pytest.raises(MappingWrong, match="no sheet 'calls'"):
        rows_of(path, options=FileOptions(sheet="calls"))


def test_an_empty_sheet_is_reported(tmp_path: Path) -> None:
    assert "the sheet is empty" in refused(workbook(tmp_path / "x.xlsx", Calls=[]))


def test_rows_beyond_the_size_a_program_wrote_are_read(tmp_path: Path) -> None:
    workbook = as_workbook(tmp_path)
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(workbook) as before, zipfile.ZipFile(wrong, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b'<dimension ref="A1:C4"', b'<dimension ref="A1"'))
    assert rows_of(wrong).to_numpy().tolist() == ROWS


# ---- one clear sentence ----

def test_a_missing_file(tmp_path: Path) -> None:
    assert "there is no such file" in refused(tmp_path / "calls.csv")


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").mkdir()
    assert "it is a folder" in refused(tmp_path / "calls.csv")


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = as_csv(tmp_path)
    monkeypatch.setattr(Path, "open", deny)  # as root, who may read everything, runs this test too
    assert "no permission" in refused(path)


@pytest.mark.parametrize(("name", "content", "said"), [
    ("calls.csv", b"", "it is empty"),
    ("calls.csv", b"\n\n", "it is empty"),
    ("calls.csv", b"\xef\xbb\xbf", "it is empty"),
    ("calls.csv", b"a,b\n", "a header and no rows"),
    ("calls.csv", b"a,b\n\n,\n", "a header and no rows"),
    ("calls.csv", b"a,b\n1,2\n1\n", "row 3 has 1 cells and the header has 2"),
    ("calls.csv", b"a,b\n1,2,3\n", "row 2 has 3 cells and the header has 2"),
    ("calls.csv", b'a,b\n1,"2\n', "well-formed"),
    ("calls.csv", b"a,b\n1,Jos\xe9\n", "byte 6 of line 2 (0xe9) is no text in UTF-8"),
    ("calls.csv", "a,b\n1,2\n".encode("utf-16")[:-1], "no text in UTF-16, or its end is missing"),
    ("calls.csv", b"a\0b\n1\n", "not a text file"),
    ("calls.csv.gz", b"a,b\n1,2\n", "compression is broken"),
    ("calls.csv.gz", gzip.compress(b"a,b\n1,2\n" * 99, mtime=0)[:-9], "compression is broken"),
    ("calls.xlsx", b"a,b\n1,2\n", "it is no workbook, whatever its name says"),
    ("calls.zip", b"a,b\n1,2\n", "not a ZIP file"),
    ("calls.parquet", b"PAR1", "not a Parquet file"),
    ("calls.doc", b"a,b\n1,2\n", "its name ends in none of .csv, .csv.gz, .tsv, .tsv.gz, .xlsx"),
    ("calls", b"a,b\n1,2\n", "its name ends in none of"),
])
def test_a_broken_file_gets_one_clear_sentence(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert said in refused(tmp_path / name)


def test_the_line_of_a_wrong_byte_is_found_far_down_and_in_a_gzip(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 70_000 + b"1,\x96\n", mtime=0))
    assert "byte 3 of line 70002 (0x96)" in refused(path)


def test_a_windows_file_is_read_when_the_mapping_says_so(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes("a;b\n1;José\n".encode("cp1252"))
    options = FileOptions(encoding="cp1252", delimiter=";")
    assert rows_of(path, options=options).to_numpy().tolist() == [["1", "José"]]


def test_two_columns_of_one_name_are_refused_when_one_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(b"Event,Notes,Event,Notes\n1,2,3,4\n")
    assert "several columns named 'Event' (columns 1, 3)" in refused(path, ["Event"])
    path.write_bytes(b"Event,Notes,Notes\n1,2,3\n")
    assert len(rows_of(path, ["Event"])) == 1


@pytest.mark.parametrize(("names", "said"), [
    (["a.csv", "b.csv"], "it holds 2 tables"), (["read me.txt"], "it holds no table"), ([], "it holds no table")])
def test_a_zip_holds_one_table(names: list[str], said: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "calls.zip", "w") as pack:
        for name in names:
            pack.writestr(name, "a,b\n1,2\n")
    assert said in refused(tmp_path / "calls.zip")


def test_a_damaged_file_in_a_zip_is_reported(tmp_path: Path) -> None:
    path = zipped(as_csv)(tmp_path)
    with zipfile.ZipFile(path) as pack:
        start = pack.getinfo("export/calls.csv").header_offset + 60
    content = bytearray(path.read_bytes())
    content[start] ^= 0xFF
    path.write_bytes(content)
    assert refused(path)


def test_no_error_quotes_a_cell(tmp_path: Path) -> None:
    """Neither the sentence nor what a traceback would print: the file is private."""
    path = tmp_path / "calls.csv"
    for content in (b"a,b\n1,SECRET\n1,SECRET,3\n", b"a,b\n1,SECRET\xe9\n", b'a,b\n1,"SECRET"x\n', b'a,b\n1,"SECRET\n'):
        path.write_bytes(content)
        with pytest.raises(ExtractUnreadable) as caught:
            rows_of(path)
        assert "SECRET" not in str(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


SUFFIXES = (".csv", ".csv.gz", ".xlsx", ".parquet", ".zip")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    suffix=st.sampled_from(SUFFIXES),
    content=st.binary(max_size=300),
    after=st.sampled_from(["", "csv", "gz", "xlsx", "parquet", "zip"]),
    cut=st.integers(0, 4_000),
    flip=st.integers(0, 4_000),
)
def test_whatever_a_file_holds_the_error_is_a_sentence(suffix: str, content: bytes, after: str, cut: int, flip: int,
                                                        tmp_path: Path) -> None:
    """Any bytes, and real files cut short or with one bit changed, under any name."""
    makers = {"csv": as_csv, "gz": as_gzip, "xlsx": as_workbook, "parquet": as_parquet, "zip": zipped(as_csv)}
    if after:
        damaged = bytearray(makers[after](tmp_path).read_bytes())
        damaged[flip % len(damaged)] ^= 1
        content = bytes(damaged[:cut])
    path = tmp_path / f"fuzz{suffix}"
    path.write_bytes(content)
    try:
        rows_of(path)
    except ExtractUnreadable as error:
        note(str(error))
