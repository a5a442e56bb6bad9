"""Tables as files for spreadsheets and programs. No cell is ever run as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

Value = str | int | float | None
# What makes a spreadsheet read a text as a formula (OWASP, CSV Injection), also in its full-width form.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # by which Excel knows UTF-8


@dataclass(frozen=True)
class Sheet:
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


def as_csv(sheet: Sheet) -> bytes:
    """CSV for people: a byte order mark, then remarks in lines that begin with #, then names and rows. The Data page
    says for Excel, pandas, R and DuckDB how each reads it in one call. A remark is not quoted, so it holds no quotes.
    """
    remarks = "".join(f"{_remark(name, sentence)}\r\n" for name, sentence in sheet.about)
    table = plain_csv([str(_without_marks(header)) for header in sheet.headers],
                      [[_without_marks(value) for value in row] for row in sheet.rows])
    return BYTE_ORDER_MARK + remarks.encode() + table


def _remark(name: str, sentence: str) -> str:
    colon = "" if name.endswith((".", "।")) else ":"
    line = " ".join(f"# {name}{colon} {sentence}".replace('"', "”").split())
    return re.sub(",(?=[^ ])", ", ", line)  # a comma between letters would begin a column


def _without_marks(value: Value) -> Value:
    """A cell of the table: # begins a remark, so it stands in none."""
    return value.replace("#", "№") if isinstance(value, str) else value


def as_xlsx(*sheets: Sheet) -> bytes:
    """An Excel workbook: a first sheet that says what it is, then one for each table. No text is a formula."""
    from openpyxl import Workbook  # loaded on the first such download: no page needs it

    book = Workbook(write_only=True)
    _add(book, "About", [pair for sheet in sheets for pair in (*sheet.about, ("", ""))])
    for sheet in sheets:
        _add(book, sheet.name, [sheet.headers, *sheet.rows])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


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
