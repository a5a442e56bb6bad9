"""Workbooks of spreadsheets (XLSX, also Strict, XLSB, XLS, ODS): typed cells turned into the text of the mapping.

A date is written as ISO 8601 says, a whole number without a point, yes and no as TRUE and FALSE, a blank cell as
nothing.
"""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import IO

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from portal.errors import ExtractUnreadable, MappingWrong
from portal.publish.ingest.ods_marks import CONTENT, ods_marks
from portal.publish.ingest.sheet_marks import Marks, xlsx_marks
from portal.publish.ingest.table import (
    HEAD,
    Batch,
    FileOptions,
    NumberedRow,
    SourceTable,
    batches,
    explain_library_errors,
    read_header,
)
from portal.publish.ingest.xls_marks import xls_marks
from portal.publish.ingest.xlsb_marks import BOOK, xlsb_marks

CellValue = int | float | str | bool | time | date | datetime | timedelta
EXACT = 10 ** 15  # a spreadsheet's numbers have 15 digits, and zeros after them


def open_workbook(path: Path, stream: IO[bytes], options: FileOptions) -> SourceTable:
    """One sheet of a workbook."""
    with explain_library_errors(path, "a workbook that can be read"):
        try:
            book = CalamineWorkbook.from_filelike(stream)
        except PasswordError:
            raise ExtractUnreadable(path, "it is locked with a password",
                                    "Open it, and save it again without a password.") from None
        sheet = book.get_sheet_by_name(_sheet_name(path, book, options.sheet))
        marks = _marks(stream, sheet.name)
        rows = _rows(sheet, marks)
        names = read_header(path, rows, options.header_row, "the sheet")
        while not names[-1]:
            names.pop()
        head = tuple(islice(rows, HEAD))
    rows_read, first = [0], (sheet.start or (0, 0))[1]

    def pick(places: Sequence[int]) -> Iterator[Batch]:
        _check_formulas(path, names, {place: marks.formulas.get(place + first, 0) for place in places})
        with explain_library_errors(path, "a workbook that can be read"):
            yield from batches(_pad_to_width(chain(head, rows), len(names), rows_read), places)

    return SourceTable(path, tuple(names), pick, lambda: rows_read[0], max(sheet.total_height, 1), head, marks.hidden)


def _marks(stream: IO[bytes], sheet: str) -> Marks:
    """What a sheet says beside its values, whatever the workbook's name."""
    stream.seek(0)
    if not zipfile.is_zipfile(stream):
        return xls_marks(stream, sheet)
    with zipfile.ZipFile(stream) as pack:
        if CONTENT in pack.namelist():
            return ods_marks(pack, sheet)
        return xlsb_marks(pack, sheet) if BOOK in pack.namelist() else xlsx_marks(pack, sheet)


def _sheet_name(path: Path, book: CalamineWorkbook, requested: str | None) -> str:
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    names = [sheet.name for sheet in sheets]
    if requested is not None:
        if requested not in names:
            raise MappingWrong("[file] sheet", f"{path.name} has no sheet {requested!r}",
                               f"It has: {', '.join(names)}.")
        return requested
    if len(names) != 1:
        listed = ", ".join(sheet.name + ("" if sheet.visible == SheetVisibleEnum.Visible else " (hidden)")
                           for sheet in sheets)
        raise ExtractUnreadable(path, f"it has {len(names)} sheets: {listed}",
                                'Name the one that is meant under [file] in the mapping, such as sheet = "Calls", or '
                                'several of one log: sheet = ["Q1", "Q2"].')
    return names[0]


def _check_formulas(path: Path, names: Sequence[str], first_rows: dict[int, int]) -> None:
    for place, row in first_rows.items():
        if row:
            raise ExtractUnreadable(path, f"row {row} holds a formula in column {names[place]!r}",
                                    "Its result depends on who opens it: copy the column and paste it as values.")


def _rows(sheet: CalamineSheet, marks: Marks) -> Iterator[NumberedRow]:
    """All rows as text, with what a spreadsheet shows where it could not work a value out."""
    first = (sheet.start or (0, 0))[1]
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = [_text(cell) for cell in cells]
        for column, text in marks.errors.get(number, ()):
            texts[column - first] = text
        yield number, texts


def _pad_to_width(rows: Iterator[NumberedRow], width: int, rows_read: list[int]) -> Iterator[NumberedRow]:
    for number, texts in rows:
        rows_read[0] = number
        yield number, [*texts, *[""] * (width - len(texts))]


def _text(cell: CellValue) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        if abs(cell) >= EXACT:
            return f"{Decimal(f'{cell:.15g}'):f}"
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return f"{cell.isoformat()}T00:00:00"
    return cell.isoformat() if isinstance(cell, datetime | time) else str(cell)
