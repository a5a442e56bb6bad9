"""Tables as files for spreadsheets and programs. No cell is ever run as a formula."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

Value = str | int | float | None
# What makes a spreadsheet read a text as a formula (OWASP, CSV Injection), also in its full-width form.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WRITTEN = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # by which Excel knows UTF-8


@dataclass(frozen=True)
class Worksheet:
    """A table with what a reader must know of it: pairs of a name and a sentence."""

    name: str
    about: tuple[tuple[str, str], ...]
    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def safe(value: Value) -> Value:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers and all else stay."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def plain_csv(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """CSV for programs (RFC 4180): UTF-8, names in the first line, nothing before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe(header) for header in headers])
    writer.writerows([safe(value) for value in row] for row in rows)
    return out.getvalue().encode()


def as_csv(sheet: Worksheet) -> bytes:
    """CSV that Excel, pandas, R and DuckDB open by one call each (content/en/data/use.md names it): names in the first
    line, and nothing before it but Excel's mark. What a reader must know stands in columns behind the table, the same
    in every row, so that it stays with a row that is copied. Lines of remarks would be read as rows, or end the file.
    """
    about: dict[str, str] = {}
    for name, sentence in sheet.about:
        column = f"{name} (2)" if name in sheet.headers else name
        about[column] = f"{about[column]} {sentence}" if column in about else sentence
    return BYTE_ORDER_MARK + plain_csv((*sheet.headers, *about), [(*row, *about.values()) for row in sheet.rows])


def as_xlsx(*sheets: Worksheet) -> bytes:
    """An Excel workbook: a first sheet that says what it is, then one for each table. No text is a formula."""
    from openpyxl import Workbook  # loaded on the first such download: no page needs it

    book = Workbook(write_only=True)
    _add(book, "About", [pair for sheet in sheets for pair in (*sheet.about, ("", ""))])
    for sheet in sheets:
        _add(book, sheet.name, [sheet.headers, *sheet.rows])
    out = io.BytesIO()
    book.save(out)
    return _without_the_hour(out.getvalue())


def _add(book: "Workbook", name: str, rows: Iterable[Sequence[Value]]) -> None:
    from openpyxl.cell import WriteOnlyCell

    page = book.create_sheet(name[:31])  # no name of a sheet is longer
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(page, value=safe(value))
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        page.append(cells)


def _without_the_hour(book: bytes) -> bytes:
    """A workbook that does not tell when it was written: the same tables give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), WRITTEN.sub(b"", old.read(name)), zipfile.ZIP_DEFLATED)
    return out.getvalue()
